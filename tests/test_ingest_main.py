"""The command: exit codes, messages, JSON."""

import json
import os
import signal
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.settings import Settings
from ingest.__main__ import SHOWN, main
from ingest.progress import Lines


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
    assert "1 (1 new, 0 changed, 0 unchanged, 0 removed, 0 joined, 0 quarantined)" in " ".join(told.out.split())
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
    assert (report["joined"], report["kept"], report["dry_run"]) == ([], [], False)


def test_copies_are_named_and_a_dry_run_says_that_it_is_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nets (1).md").write_text((folder / "nets.md").read_text())
    assert main([str(folder), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Dry run: nothing was written.")
    assert "joined: nets (1).md to nets.md: the same text (likeness 1.00)" in told
    assert not (folder.parent / "library").exists()
    for n in range(SHOWN + 3):
        (folder / f"copy {n}.md").write_text((folder / "nets.md").read_text())
    assert main([str(folder), "--dry-run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["dry_run"], len(report["joined"]), report["documents"]) == (True, SHOWN + 4, 1)
    assert report["joined"][0]["joined_to_source"] == "nets.md"
    assert main([str(folder), "--dry-run"]) == 0
    assert "joined: 4 more; `waymark library` lists them" in capsys.readouterr().out


def test_sync_needs_something_to_hold(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sync"]) == 2
    assert "--sync needs" in capsys.readouterr().err
    (folder / "nets.md").unlink()
    assert main([str(folder), "--sync"]) == 2
    assert "would empty the library" in capsys.readouterr().err


def test_names_cannot_steer_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad\x1b[2J.md").write_text(" ")
    main([str(folder), "--dry-run"])
    told = capsys.readouterr().out
    assert "quarantined: bad" in told
    assert "\x1b" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_the_old_library_and_says_how_to_go_on(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    library = folder.parent / "library"
    tell = Lines.tell

    def interrupting(at: str) -> None:
        def told(self: Lines, stage: str, done: int, total: int) -> None:
            tell(self, stage, done, total)
            if stage == at:
                os.kill(os.getpid(), number)

        monkeypatch.setattr(Lines, "tell", told)

    interrupting("embedding")
    assert main([str(folder)]) == 130
    said = capsys.readouterr()
    assert said.err == (
        f"Interrupted: there is no library in {library} yet; "
        "run the same command again to go on where it stopped.\n"
    )  # fmt: skip
    monkeypatch.undo()
    monkeypatch.setenv("WAYMARK_LIBRARY", str(library))
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    assert main([str(folder)]) == 0
    before = (library / "CURRENT").read_bytes()
    (folder / "knots.md").write_text("# Knots\n\nKnots hold for years.\n")
    for stage in ("reading", "embedding", "indexing", "calibrating", "probing"):
        interrupting(stage)
        assert main([str(folder)]) == 130, stage
        said = capsys.readouterr()
        assert said.err == (
            f"Interrupted: the library {library} answers as before; "
            "run the same command again to go on where it stopped.\n"
        )  # fmt: skip
        assert (library / "CURRENT").read_bytes() == before
    opened = Library.open(library, Settings.read())
    assert [info.title for info in opened.documents()] == ["Nets"]
    opened.close()
    monkeypatch.setattr(Lines, "tell", tell)
    assert main([str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["documents"], report["unchanged"], report["embedded"]) == (2, 2, 0), "it went on where it stopped"
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers


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
