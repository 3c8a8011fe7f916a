"""Opening a folder of guides: what does not fit its schema is a finding, what is missing an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.check import check
from corpus.errors import UnknownPath
from corpus.shelf import beside, open_shelf
from tests.guides import SOUND, TODAY, write


def test_a_file_that_does_not_fit_is_an_error_and_the_rest_is_checked(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": SOUND, "potter.md": SOUND})
    path = folder / "potter.md"
    path.write_text(path.read_text().replace("kind: guide", "kind: essay"), encoding="utf-8")
    (finding,) = check(open_shelf(folder), TODAY)
    assert (finding.level, finding.rule, finding.file, finding.line) == ("error", "schema", "potter.md", 4)


@pytest.mark.parametrize(("name", "text"), [("sources.toml", "[wages]\n"), ("figures.toml", "[figure.pay]\n")])
def test_data_files_that_do_not_fit_are_findings(tmp_path: Path, name: str, text: str) -> None:
    folder = write(tmp_path, {"weaver.md": SOUND})
    (folder.parent / name).write_text(text, encoding="utf-8")
    (fault,) = open_shelf(folder).faults
    assert (fault.rule, fault.file) == ("schema", name)


def test_a_file_in_the_folder_comes_before_the_one_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path, {"weaver.md": SOUND})
    assert beside(folder, "sources.toml") == folder.parent / "sources.toml"
    (folder / "sources.toml").write_text("", encoding="utf-8")
    assert beside(folder, "sources.toml") == folder / "sources.toml"


def test_a_folder_without_guides_or_works_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownPath, match="no guides"):
        open_shelf(tmp_path)
    folder = write(tmp_path, {"weaver.md": SOUND})
    (folder.parent / "sources.toml").unlink()
    with pytest.raises(UnknownPath, match="sources"):
        open_shelf(folder)
