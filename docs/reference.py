"""Writes docs/settings.md and docs/commands.md from the code, so that they cannot tell anything else.

Run it as `.venv/bin/python docs/reference.py`; with `--check` nothing is written, and it exits with 1 where a page is
not what the code says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from corpus.settings import Settings
from evals.__main__ import _EPILOG as EVALS
from ingest.__main__ import _parser as ingest_parser
from ui.cli import _parser as waymark_parser

FOLDER = Path(__file__).parent
_WRITTEN = "<!-- written by docs/reference.py from the code; do not edit it by hand -->"
# Where a default hangs on the machine, its name stands here.
_DEFAULTS = {"WAYMARK_CACHE": "the person's cache folder"}


def settings_page() -> str:
    """Every setting with its default, from `Settings.table()`."""
    rows = [(f"`{name}`", _DEFAULTS.get(name) or _code(default), what) for name, default, what in Settings.table()]
    return f"""# Settings

{_WRITTEN}

All settings are variables of the environment. A file `.env` in the working folder may hold them too, one `NAME=value` a
line; the environment wins. An unknown name that begins with `WAYMARK_` is refused, so that a misspelt one is not passed
over. `waymark settings` prints this table, and `waymark doctor` tells which of yours cannot be used.

{_table(("setting", "default", "what it does"), rows)}

Two more are read outside of these: `WAYMARK_DEBUG=1` shows where an unexpected error comes from, and
`WAYMARK_REQUIRE_BROWSER=1` makes `make test` fail where Chromium is missing.
"""


def commands_page() -> str:
    """Every command with its arguments, from the parsers themselves."""
    parts = [f"# Commands\n\n{_WRITTEN}\n\nExit codes: 0 done, 1 failed or some inputs failed, 2 wrong usage."]
    parts += _commands(waymark_parser())
    parts.append(f"## evals\n\n```text\n{EVALS}\n```\n\n[Evaluation](evaluation.md) tells what is measured.\n")
    return "\n\n".join(parts)


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
        for name, command in action.choices.items():
            command = ingest_parser() if name == "ingest" else command
            yield _command(command, command.description or helps.get(name, ""))
            yield from _commands(command)


def _command(parser: argparse.ArgumentParser, told: str) -> str:
    rows = [
        (_name(action), (action.help or "").replace("|", "\\|"))
        for action in parser._actions
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
    ]
    told = told.strip().rstrip(".") + "."
    told = told[:1].upper() + told[1:]
    return f"## {parser.prog}\n\n{told}" + (f"\n\n{_table(('argument', 'what it is'), rows)}" if rows else "")


def _name(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    return f"`{' '.join((', '.join(action.option_strings), value)).strip()}`"


def _code(value: str) -> str:
    return f"`{value}`" if value else "empty"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def pages() -> dict[Path, str]:
    """What each written page must hold."""
    return {FOLDER / "settings.md": settings_page(), FOLDER / "commands.md": commands_page()}


def main(arguments: list[str]) -> int:
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            print(f"{path} is not what the code says. Run `.venv/bin/python docs/reference.py`.", file=sys.stderr)
        else:
            path.write_text(pages()[path], encoding="utf-8")
            print(f"written: {path}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
