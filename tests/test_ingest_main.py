"""The command: exit codes, messages, JSON."""

import json
from pathlib import Path

import pytest

from ingest.__main__ import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAYMARK_LIBRARY", str(tmp_path / "library"))
    root = tmp_path / "guides"
    root.mkdir()
    (root / "nets.md").write_text("# Nets\n\nNets hold fish, and people mend them by hand.\n")
    return root


def test_what_was_done_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    told = capsys.readouterr()
    assert "1 (1 new, 0 changed, 0 unchanged, 0 removed)" in told.out
    assert told.err == ""
    assert (folder.parent / "library" / "CURRENT").exists()


def test_a_quarantined_file_gives_1_and_its_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "book.pdf").write_bytes(b"%PDF-1.4")
    assert main([str(folder), "--library", str(folder.parent / "other")]) == 1
    assert "quarantined: book.pdf: The PDF is broken" in capsys.readouterr().out
    assert (folder.parent / "other" / "CURRENT").exists()


def test_json_is_one_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["documents"], report["new"], report["quarantined"]) == (1, 1, [])
    assert report["library"] == str(folder.parent / "library")


def test_wrong_usage_gives_2_and_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("error: There is no file or folder nowhere")
    assert "Traceback" not in told.err
    with pytest.raises(SystemExit) as left:
        main(["--no-such-option"])
    assert left.value.code == 2


def test_a_setting_that_cannot_be_read_gives_2(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_PORT", "many")
    assert main([str(folder)]) == 2
