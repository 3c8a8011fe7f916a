"""The `waymark` command. Light at the top: `waymark --help` loads no model, no index and no web server."""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import WaymarkError
from ui.feedback import add_command as add_feedback_command

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    # A terminal that knows fewer letters than a guide shows question marks, never a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    # A command loads much that stays to its end: the collector is not to go through it time and again, nor at the end.
    gc.set_threshold(50_000, 20, 20)
    atexit.register(gc.freeze)
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["ingest"]:
        return _guarded(lambda: _ingest(arguments[1:]))
    parsed = _parser().parse_args(arguments)
    return _guarded(lambda: parsed.run(parsed))


def ingest_main() -> int:
    """The `ingest` command: the same as `waymark ingest`."""
    return main(["ingest", *sys.argv[1:]])


def _guarded(command: Callable[[], int]) -> int:
    """The process's edge: every error becomes a sentence and an exit code."""
    try:
        code = command()
        sys.stdout.flush()
    except WaymarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has seen enough. What is left in the buffer would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("WAYMARK_DEBUG"):
            raise
        kind = type(error).__name__
        print(f"error: {kind}: {error}. Set WAYMARK_DEBUG=1 to see where it comes from.", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waymark",
        description="Career questions answered from a library of guides, with the exact words behind every sentence.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="the web chat and the HTTP interface")
    _library_option(serve)
    serve.add_argument("--host", help="address to listen on (default: WAYMARK_HOST, or 127.0.0.1)")
    serve.add_argument(
        "--port", type=_port, help="port to listen on; 0 takes a free one (default: WAYMARK_PORT, or 7860)"
    )
    serve.add_argument(
        "--processes", type=_processes, default=1, metavar="N", help="so many processes for the HTTP interface, no page"
    )
    serve.set_defaults(run=_serve)

    ask = commands.add_parser("ask", help="one answer in the terminal")
    ask.add_argument("question", metavar="QUESTION")
    _library_option(ask)
    ask.add_argument("--json", action="store_true", help="print what POST /ask returns")
    ask.set_defaults(run=_ask)

    chat = commands.add_parser("chat", help="a conversation in the terminal; nothing of it is kept")
    _library_option(chat)
    chat.set_defaults(run=_chat)

    tools = commands.add_parser("mcp", help="the tools ask, search and read_document for programs that speak MCP")
    _library_option(tools)
    tools.add_argument("--http", action="store_true", help="listen on HTTP, at /mcp, instead of standard input")
    tools.add_argument("--host", help="address to listen on (default: WAYMARK_HOST, or 127.0.0.1)")
    tools.add_argument("--port", type=_port, default=7861, help="port to listen on (default: 7861)")
    tools.set_defaults(run=_mcp)

    # Listed here for the help; its options are its own (see `main`).
    commands.add_parser("ingest", help="add files, folders or web pages to the library", add_help=False)

    _library_commands(commands.add_parser("library", help="what is in the library; show or remove documents"))

    add_feedback_command(commands)

    settings = commands.add_parser("settings", help="the WAYMARK_* variables and their defaults")
    settings.set_defaults(run=_settings)

    doctor = commands.add_parser("doctor", help="what is wrong with this installation, and what to do")
    _library_option(doctor)
    doctor.add_argument("--json", action="store_true", help="print it as JSON")
    doctor.set_defaults(run=_doctor)
    return parser


def _library_commands(library: argparse.ArgumentParser) -> None:
    """Options may stand before or behind the word, so behind it they have no default that would undo the first."""
    _library_option(library)
    library.add_argument("--json", action="store_true", help="print it as JSON")
    library.set_defaults(run=_library)
    words = library.add_subparsers(metavar="WORD", title="one document instead of the list")
    show = words.add_parser("show", help="what one document holds, what was dropped of it, what is joined with it")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=_show_document)
    remove = words.add_parser(
        "remove",
        help="take documents out",
        description="Take documents out of the library. One comes back when its source is ingested again: take the "
        "source out of its folder too.",
    )
    remove.add_argument("ids", nargs="+", metavar="ID")
    remove.set_defaults(run=_remove_documents)
    for command in (show, remove):
        _library_option(command, default=argparse.SUPPRESS)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print it as JSON")


def _library_option(command: argparse.ArgumentParser, default: str | None = None) -> None:
    command.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        default=default,
        help="folder of the library (default: WAYMARK_LIBRARY, or .waymark)",
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: give a number from 0 to 65535")
    return int(text)


def _processes(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes: give one from 1 to 64")
    return int(text)


def _read_settings() -> Settings:
    from corpus.settings import Settings

    return Settings.read()


def _console() -> Console:
    from rich.console import Console

    class Quiet(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # for `_guarded`; rich itself would end the process as if it had failed

    return Quiet(highlight=False, emoji=False, markup=False)


def _serve(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from ui.spans import check_installed

    check_installed(settings)
    from ui.server import serve

    host = settings.host if arguments.host is None else arguments.host
    port = settings.port if arguments.port is None else arguments.port
    if arguments.processes > 1:
        from ui.processes import serve_processes

        return serve_processes(settings, arguments.library, host, port, arguments.processes)
    return serve(settings, arguments.library, host, port)


def _ask(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from ui.opening import open_advisor_for
    from ui.text import to_json, whole

    question = whole(arguments.question)
    _check(question)
    answer = open_advisor_for(arguments.library, settings).invoke({"question": question})
    if arguments.json:
        print(to_json(answer.to_dict()))
        return 0
    from ui.terminal import show_answer

    show_answer(answer, question, _console())
    return 0


def _chat(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from ui.dialogue import talk
    from ui.opening import open_advisor_for

    prompt = "\nYou: " if sys.stdin.isatty() else ""
    if prompt:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - lets a line be edited, and called back
    talk(open_advisor_for(arguments.library, settings), _console(), lambda: input(prompt))
    return 0


def _mcp(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from ui.tools import serve_http, serve_stdio

    if not arguments.http:
        return serve_stdio(settings, arguments.library)
    return serve_http(settings, arguments.library, arguments.host or settings.host, arguments.port)


def _check(question: str) -> None:
    """Refuses before the library is opened, or built, what would be refused after."""
    from bot.questions import tidy

    tidy(question)


def _ingest(arguments: Sequence[str]) -> int:
    from ingest.__main__ import main as ingest

    return ingest(list(arguments))


def _library(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from corpus.contents import library_contents
    from ui.shelf import show_library

    return _tell(library_contents(arguments.library or settings.library, settings), show_library, arguments)


def _show_document(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from corpus.contents import document_contents
    from ui.shelf import show_document

    return _tell(document_contents(arguments.library or settings.library, arguments.id), show_document, arguments)


def _remove_documents(arguments: argparse.Namespace) -> int:
    settings = _read_settings()
    from ingest.__main__ import current, interrupted, interruptible
    from ingest.pipeline import remove
    from ingest.progress import shown_on
    from ui.shelf import removed, show_removal

    library = arguments.library or settings.library
    before = current(library)
    try:
        with interruptible(), shown_on(sys.stderr) as progress:
            removal = remove(arguments.ids, library, settings, progress)
    except KeyboardInterrupt:
        print(interrupted(library, before), file=sys.stderr)
        return 130
    return _tell(removed(removal), show_removal, arguments)


def _tell(value: dict[str, Any], show: Callable[[dict[str, Any], Console], None], arguments: argparse.Namespace) -> int:
    if arguments.json:
        from ui.text import to_json

        print(to_json(value))
    else:
        show(value, _console())
    return 0


def _settings(_: argparse.Namespace) -> int:
    from corpus.settings import Settings
    from ui.terminal import show_table

    show_table("", ("variable", "default", "what it does"), Settings.table(), _console())
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    from corpus.settings import read_environment
    from ui.doctor import as_json, examine, failed, show

    findings = examine(read_environment(), arguments.library)
    if arguments.json:
        from ui.text import to_json

        print(to_json(as_json(findings)))
    else:
        show(findings, _console())
    return int(failed(findings))


if __name__ == "__main__":
    sys.exit(main())
