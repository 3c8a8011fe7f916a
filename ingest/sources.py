"""Paths and addresses become sources: what to read, under which name, and what not to read and why."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import SourceError, UnknownPath
from ingest.readers.kinds import LARGEST_PACKED, too_large

if TYPE_CHECKING:
    from corpus.store import Fetched

WORKS_FILE = "sources.toml"
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
# Files that programs leave in folders, and code: nobody means them when they name a folder of guides.
_PASSED_OVER = re.compile(r"^(?:\..*|__.*__(?:\..*)?|~\$.*|Thumbs\.db|desktop\.ini|sources\.toml)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. `source`: the name to show, relative to the folder given; `origin`: where it is, for this
    machine only; `path`: the file, None for an address; `works`: the sources.toml that applies to it, if any.
    """

    source: str
    origin: str
    path: Path | None
    works: Path | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that is not read, and why."""

    source: str
    origin: str
    reason: str


@dataclass(frozen=True, slots=True)
class Bytes:
    """What was read. The rest is known of fetched pages only; `address` is the one behind all redirects.

    `etag` and `modified` are what its server calls this state of the page; `unchanged`: the page is still in the state
    that was asked about, and `data` is empty.
    """

    data: bytes
    address: str | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Everything below the paths given, in order; `folders`: the absolute folders that were walked whole."""

    sources: tuple[Source | Refused, ...]
    folders: tuple[Path, ...]


def find_sources(paths: Sequence[str]) -> Found:
    """What the paths and addresses name: files as they are, folders walked in sorted order, hidden files left out.

    Raises UnknownPath where there is no such file or folder.
    """
    sources: list[Source | Refused] = []
    folders: list[Path] = []
    for given in paths:
        if _ADDRESS.match(given):
            sources.append(Source(given, given, None))
            continue
        try:
            path = Path(given).expanduser()
            mode = path.stat().st_mode
        except (OSError, ValueError, RuntimeError):
            # ValueError: a NUL in the name; RuntimeError: the home of a user who does not exist.
            raise UnknownPath(
                f"There is no file or folder {_shown(given)}; name one that exists, or an address that begins with https://."
            ) from None
        if stat.S_ISDIR(mode):
            folder = path.resolve()
            folders.append(folder)
            sources += _walk(folder)
        else:
            sources.append(_file(path.absolute(), path.name, path.absolute().parent))
    unique = {source.origin: source for source in reversed(sources)}
    return Found(tuple(dict.fromkeys(unique[source.origin] for source in sources)), tuple(folders))


def read_bytes(source: Source, known: Fetched | None = None) -> Bytes:
    """The bytes of a source; `known`: the state of a page that need not be sent again.

    Raises SourceError where they cannot be had, or are too many; SourceAway where they may be had later.
    """
    if source.path is None:
        # Fetching needs an HTTP client, which files do not.
        from ingest.web import Web

        return Web().fetch(source.origin, known)
    try:
        with source.path.open("rb") as file:
            return Bytes(file.read(LARGEST_PACKED + 1))
    except OSError as error:
        raise SourceError(f"The file cannot be read ({error.strerror}).") from error


def _walk(folder: Path) -> Iterator[Source | Refused]:
    """The files below a folder in sorted order. Links are not followed: inside they would show a file twice, and
    what lies outside was not named."""
    try:
        inner = sorted(folder.iterdir())
    except OSError as error:
        raise UnknownPath(f"The folder {_shown(folder)} cannot be read ({error.strerror}).") from error
    yield from _below(inner, folder)


def _below(paths: Sequence[Path], root: Path) -> Iterator[Source | Refused]:
    for path in paths:
        if _PASSED_OVER.match(path.name):
            continue
        shown = _shown(path.relative_to(root).as_posix())
        if path.is_symlink():
            if reason := _bad_link(path, root):
                yield Refused(shown, _shown(path), reason)
        elif path.is_dir():
            try:
                inner = sorted(path.iterdir())
            except OSError as error:
                yield Refused(shown, _shown(path), f"The folder cannot be read ({error.strerror}).")
                continue
            yield from _below(inner, root)
        else:
            yield _file(path, path.relative_to(root).as_posix(), root)


def _bad_link(path: Path, root: Path) -> str:
    """Why a link is told as one that is not followed; "" for one to a file that is read by its own name."""
    try:
        if not path.resolve().is_relative_to(root):
            return "The link leads out of the folder and is not followed."
        path.stat()
    except (OSError, RuntimeError):
        # RuntimeError: links that lead to each other.
        return "The link points to nothing; mend it or take it away."
    return ""


def _file(path: Path, name: str, root: Path) -> Source | Refused:
    shown, origin = _shown(name), _shown(path)
    try:
        mode, size = path.stat().st_mode, path.stat().st_size
        if not stat.S_ISREG(mode):
            return Refused(shown, origin, "It is no ordinary file (a pipe, socket or device).")
        if size > LARGEST_PACKED:
            return Refused(shown, origin, too_large(size, LARGEST_PACKED))
    except OSError as error:
        return Refused(shown, origin, f"The file cannot be read ({error.strerror}).")
    return Source(shown, origin, path, _works_for(root))


def _works_for(root: Path) -> Path | None:
    """The sources.toml of a folder: inside it or beside it."""
    return next((file for file in (root / WORKS_FILE, root.parent / WORKS_FILE) if file.is_file()), None)


def _shown(path: str | Path) -> str:
    """A name as text: bytes in it that are no characters are written out."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
