"""`python -m corpus` tells what is in a library, checks guides, and says in a sentence why it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.library import open_writer
from corpus.models import Document, Passage, Sentence
from corpus.settings import Settings
from corpus.store import Join
from tests.guides import write


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


BODY = "Weavers earned 84,500 crowns in 2025.[^wages] Looms were few, says the Gazette.[^gazette]\n"


def test_the_check_of_sound_guides_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guides = write(tmp_path, {"weaver.md": BODY})
    assert main(["check", "--guides", str(guides)]) == 0
    assert capsys.readouterr().out == "1 guides, 2 works, 0 recurring figures: 0 errors, 0 warnings\n"


def test_an_error_is_told_with_place_sentence_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guides = write(tmp_path, {"weaver.md": BODY + "Silk costs 30 crowns.\n"})
    assert main(["check", "--guides", str(guides)]) == 1
    first, sentence, todo, _ = capsys.readouterr().out.splitlines()
    assert first == "weaver.md:16: error [source] no footnote for 30"
    assert (sentence, todo[:6]) == ("    Silk costs 30 crowns.", "    ->")
    assert main(["check", "--guides", str(guides), "--json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["level"], finding["rule"], finding["line"]) == ("error", "source", 16)


def test_warnings_alone_end_with_0_and_can_be_counted_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guides = write(tmp_path, {"weaver.md": BODY.replace("2025", "2012")})
    assert main(["check", "--guides", str(guides)]) == 0
    assert "warning [stale]" in capsys.readouterr().out
    assert main(["check", "--guides", str(guides), "--quiet"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_mending_completes_the_table_and_figures_lists_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guides = write(tmp_path, {"weaver.md": BODY, "dyer.md": BODY}, docs=True)
    assert main(["check", "--guides", str(guides), "--quiet"]) == 1
    assert main(["check", "--guides", str(guides), "--quiet", "--mend"]) == 0
    capsys.readouterr()
    assert main(["figures", "--guides", str(guides), "84,500", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert [(at["guide"], at["line"]) for at in told["stands"]] == [("dyer.md", 16), ("weaver.md", 16)]
    assert main(["figures", "--guides", str(guides)]) == 0
    assert "weaver.md:16: Weavers earned" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--guides", "{}/none"],
        ["check", "--guides", "{}/corpus/guides", "--against", "{}/none"],
        ["check", "--guides", "{}/corpus/guides", "--stale-months", "-1"],
        ["figures", "--guides", "{}/corpus/guides", "no-such-figure"],
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    write(tmp_path, {"weaver.md": BODY})
    assert main([argument.format(tmp_path) for argument in arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.out == ""
