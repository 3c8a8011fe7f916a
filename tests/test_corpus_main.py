"""`python -m corpus` tells what is in a library, or in a sentence why it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.library import open_writer
from corpus.models import Document, Passage, Sentence
from corpus.settings import Settings
from corpus.store import Join


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("library")
    text = "Weavers thread looms."
    passage = Passage("weaver-0", "weaver", "Weaver", (), 0, len(text), text, (Sentence(0, len(text)),))
    with open_writer(place, Settings.read({})) as writer:
        writer.put(Document("weaver", "Weaver", text, "weaver.md", ()), [passage], "/weaver.md", "1")
        writer.put(Document("copy", "Weaver", text, "copy.md", ()), [], "/copy.md", "1")
        writer.join([Join("copy", "weaver", "the same text", 1.0)])
        writer.quarantine("broken.pdf", "it is encrypted", "/broken.pdf")
        writer.commit()
    return place


def test_a_library_is_told_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["passages"], told["status"]) == (1, 1, "ok")
    assert told["generation"] == (folder / "CURRENT").read_text(encoding="ascii").strip()
    assert told["contents"][0]["title"] == "Weaver"
    assert told["quarantined"] == [{"source": "broken.pdf", "reason": "it is encrypted"}]


def test_a_library_is_told_to_a_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "1 documents, 1 passages" in told
    assert "Weaver  (weaver.md, 1 passages)" in told
    assert "joined: copy.md to weaver: the same text" in told
    assert "quarantined: broken.pdf: it is encrypted" in told


def test_no_library_is_a_sentence_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--library", str(tmp_path / "none")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("There is no library in ")
    assert said.err.count("\n") == 1
