"""`python -m corpus`: what is in a library; `check` and `figures`: the guides that Waymark ships."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.resources import files
from pathlib import Path

from corpus.contents import library_contents
from corpus.errors import UnknownPath, UsageError, WaymarkError
from corpus.figures import STALE_MONTHS
from corpus.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0, 1 where the check found errors, or that of the error whose sentence is on standard error."""
    given = _parser().parse_args(arguments)
    try:
        if given.command == "check":
            return _check(given)
        if given.command == "figures":
            return _figures(given)
        return _contents(given)
    except WaymarkError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m corpus", description="What is in a library; the guides' check.")
    parser.add_argument("--library", type=Path, help="its folder (default: WAYMARK_LIBRARY, else .waymark)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    commands = parser.add_subparsers(dest="command", metavar="check|figures")
    check = commands.add_parser("check", help="hold the guides to their rules", description="The check of the guides.")
    check.add_argument("--against", type=Path, metavar="FOLDER", help="texts whose words must not be copied")
    check.add_argument("--stale-months", type=int, default=STALE_MONTHS, metavar="N", help="warn of older figures")
    check.add_argument("--quiet", action="store_true", help="count the warnings instead of listing them")
    check.add_argument("--mend", action="store_true", help="first complete figures.toml and write docs/guides.md anew")
    figures = commands.add_parser(
        "figures", help="the table of figures, and where each stands", description="The table of figures."
    )
    figures.add_argument("id", nargs="*", help="ids, values or sources (default: all)")
    for command in (check, figures):
        command.add_argument("--guides", type=Path, default=Path(str(files("corpus.guides"))), metavar="FOLDER",
                             help="the guides' folder (default: those that Waymark ships)")  # fmt: skip
        command.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _check(given: argparse.Namespace) -> int:
    from corpus.check import check
    from corpus.overview import check_overview, mend
    from corpus.shelf import open_shelf

    if given.stale_months < 0:
        raise UsageError(f"--stale-months {given.stale_months}: name a number of months, 0 or more.")
    shelf = mend(given.guides) if given.mend else open_shelf(given.guides)
    found = check(shelf, date.today(), given.stale_months, given.against) + check_overview(shelf, given.guides)
    errors = [finding for finding in found if finding.level == "error"]
    if given.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
        return 1 if errors else 0
    for finding in errors if given.quiet else found:
        print(f"{finding.file}:{finding.line}: {finding.level} [{finding.rule}] {finding.wrong}")
        if finding.sentence:
            print(f"    {finding.sentence}")
        print(f"    -> {finding.todo}")
    counted = f"{len(shelf.guides)} guides, {len(shelf.sources)} works, {len(shelf.table.figure)} recurring figures"
    print(f"{counted}: {len(errors)} errors, {len(found) - len(errors)} warnings")
    return 1 if errors else 0


def _figures(given: argparse.Namespace) -> int:
    from corpus.figure_table import holds, places
    from corpus.shelf import open_shelf

    shelf = open_shelf(given.guides)
    wanted = {
        id_: entry
        for id_, entry in shelf.table.figure.items()
        if not given.id or {id_, entry.value, entry.source} & set(given.id)
    }
    if given.id and not wanted:
        raise UnknownPath(f"No figure of {shelf.table_file} has the id, value or source {' or '.join(given.id)}.")
    found = places(shelf.guides)
    told = [
        {"id": id_, **entry.model_dump(),
         "stands": [{"guide": place.guide.name, "line": place.statement.line, "sentence": place.statement.text}
                    for place in found if holds(entry, place)]}
        for id_, entry in wanted.items()
    ]  # fmt: skip
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    for each in told:
        print("{id}: {value}, {measure} ({place}, {period}, [^{source}])".format(**each))
        for at in each["stands"]:
            print(f"    {at['guide']}:{at['line']}: {at['sentence']}")
    return 0


def _contents(given: argparse.Namespace) -> int:
    settings = Settings.read()
    content = library_contents(given.library or settings.library, settings)
    if given.json:
        print(json.dumps(content, ensure_ascii=False, indent=2))
        return 0
    print("generation {generation} ({status}): {documents} documents, {passages} passages".format(**content))
    for document in content["contents"]:
        print(
            f"  {document['document_id']}  {document['title']}  ({document['source']}, {document['passages']} passages)"
        )
    for joined in content["joined"]:
        print(f"  joined: {joined['source']} to {joined['joined_to']}: {joined['reason']}")
    for source in content["quarantined"]:
        print(f"  quarantined: {source['source']}: {source['reason']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
