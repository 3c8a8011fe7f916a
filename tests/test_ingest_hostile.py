"""A folder of hostile files: each is quarantined with a reason a person understands, the good ones are ingested."""

import json
import os
import re
from pathlib import Path

import pytest

from ingest.__main__ import main
from tests import papers
from tests.papers import PROSE, epub, packed, paragraph, pdf

_BOMB = b"<a>" + b"0" * (80 * 2**20)


def _aliases(levels: int, each: int) -> str:
    """Lines of YAML of which each names the one before so many times."""
    lines = ["k0: &k0 [x, y]"]
    lines += [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * each)}]" for n in range(1, levels + 1)]
    return "\n".join(lines)


def _bad() -> dict[str, tuple[bytes, str]]:
    """Name: (bytes, what its reason says)."""
    return {
        "empty.md": (b"", "empty"),
        "blank.txt": (b" \n\t\n", "empty"),
        "binary.md": (bytes(range(256)) * 40, "binary|encoding"),
        "bomb.md": (f"---\ntitle: Nets\n{_aliases(9, 9)}\n---\n\n{PROSE[0]}\n".encode(), "YAML bomb"),
        "mirror.md": (f"---\ntitle: &a [*a, x]\n---\n\n{PROSE[0]}\n".encode(), "YAML bomb"),
        "film.txt": (b"\x00\x00\x00\x18ftypmp42" + bytes(400), "film"),
        "locked.pdf": (pdf(paragraph(PROSE[0]), lock="secret"), "locked with a password"),
        "broken.pdf": (b"%PDF-1.7\n1 0 obj\n<< /Length 99999999999 >>\nstream\n", "broken"),
        "cut.pdf": (pdf(paragraph(PROSE[0]))[:600], "broken|no text"),
        "circular.pdf": (papers.circular(), "broken|no text"),
        "scan.pdf": (papers.scanned(), "no text layer"),
        "bomb.docx": (packed({"word/document.xml": _BOMB}), "ZIP bomb"),
        "bomb.epub": (epub({"a.xhtml": "0" * (80 * 2**20)}), "ZIP bomb"),
        "entities.docx": (
            packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'}),
            "entities",
        ),
        "outside.epub": (
            packed({"META-INF/container.xml": '<c><rootfile full-path="../../etc/passwd"/></c>'}),
            "broken",
        ),
        "old.doc": (b"\xd0\xcf\x11\xe0" + bytes(2000), r"save it as \.docx"),
        "slides.pptx": (packed({"ppt/presentation.xml": "<a/>"}), "export the slides as PDF"),
        "archive.zip": (packed({"nets.md": "# Nets"}), "unpack it"),
        "long.txt": (b"nets hold fish " * (50 * 2**20 // 15), "50 MB; more than 20 MB is not read"),
        "silent.html": (b"<html><script>let a = 1</script></html>", "no text"),
    }


def _good() -> dict[str, bytes]:
    """Files that look bad and can be read; each holds the first sentence of PROSE."""
    said = PROSE[0]
    return {
        "yaml.md": f"---\ntitle: Nets\n{_aliases(4, 3)}\n---\n\n{said}\n".encode(),
        "tabs.md": f"---\ntitle:\tNets\n\tauthor: Ola\ntitle: Knots\n---\n\n{said}\n".encode(),
        "wrong.txt": f"Café — it’s open.\n\n{said}\n".encode("cp1252"),
        "wide.txt": f"{said}\n".encode("utf-16"),
        "deep.html": ("<div>" * 9000 + f"<p>{said}</p>").encode(),
        "deep.md": ("> " * 900 + f"{said}\n\n" + "- " * 900 + f"x\n\n{said}\n").encode(),
        "a.md": pdf(paragraph(said)),
        "page.txt": f"<!doctype html><title>Nets</title><p>{said}</p>".encode(),
        "line.txt": (f"{said} " * 2_000).encode(),
    }


def test_every_hostile_file_is_quarantined_and_the_good_ones_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "guides"
    folder.mkdir()
    bad = _bad()
    for name, (data, _) in bad.items():
        (folder / name).write_bytes(data)
    for name, data in _good().items():
        (folder / name).write_bytes(data)
    (folder / "gone.md").symlink_to(folder / "nothing.md")
    (folder / "out.md").symlink_to("/etc/hostname")
    (folder / "closed.md").write_text("# Nets\n")
    (folder / "closed.md").chmod(0)
    expected = {
        **{name: reason for name, (_, reason) in bad.items()},
        "out.md": "leads out",
        "gone.md": "points to nothing",
    }
    if os.access(folder / "closed.md", os.R_OK):  # a superuser may read anything
        (folder / "closed.md").unlink()
    else:
        expected["closed.md"] = "cannot be read"
    assert main([str(folder), "--library", str(tmp_path / "library"), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    told = dict(report["quarantined"])
    assert set(told) == set(expected)
    for name, reason in expected.items():
        assert re.search(reason, told[name]), (name, told[name])
        assert re.fullmatch(r"[A-Z].{10,240}\.", told[name]), told[name]
    assert report["new"] == len(_good())
    assert {path.name for path in tmp_path.iterdir()} == {"guides", "library"}
