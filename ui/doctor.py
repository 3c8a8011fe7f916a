"""`waymark doctor`: what is wrong with an installation, and what to do about it, line by line."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from corpus.errors import BadSetting, UnknownLibrary, WaymarkError
from corpus.settings import Settings
from ui.spans import INSTALL, installed

if TYPE_CHECKING:
    from rich.console import Console

State = Literal["ok", "note", "wrong"]
_ENOUGH_DISK = 500_000_000  # bytes: a library of some thousand documents with one generation to spare
_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """`told` says what is, `do` what to do about it ("" where nothing need be done). Only "wrong" fails."""

    name: str
    state: State
    told: str
    do: str = ""


def examine(environment: Mapping[str, str], library: Path | None) -> tuple[Finding, ...]:
    """Everything that can be looked at, in the order in which it is needed. Writes nothing but the compiled model."""
    settings, unusable = _settings(environment)
    found = [_python(), _packages(), *unusable]
    found += _library(library, settings)
    found += _chroma(settings)
    found += _model(settings)
    found += _otel(settings)
    found.append(_port(settings))
    return tuple(found)


def as_json(findings: tuple[Finding, ...]) -> dict[str, Any]:
    """What `--json` prints."""
    return {"ok": not failed(findings), "findings": [asdict(finding) for finding in findings]}


def failed(findings: tuple[Finding, ...]) -> bool:
    return any(finding.state == "wrong" for finding in findings)


def show(findings: tuple[Finding, ...], console: Console) -> None:
    """A line for each, and under it what to do."""
    from rich.text import Text

    from ui.text import printable

    styles = {"ok": "green", "note": "yellow", "wrong": "bold red"}
    widest = max(len(finding.name) for finding in findings) + 2
    for finding in findings:
        head = (f"{finding.state:<6}", styles[finding.state])
        console.print(Text.assemble(head, f"{finding.name:<{widest}}", printable(finding.told)))
        if finding.do:
            console.print(Text(f"{'':<{6 + widest}}{printable(finding.do)}", style="dim"))


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", "ok", f"Python {version}")


def _packages() -> Finding:
    """Whether all that Waymark needs is installed, in versions that it can use."""
    from packaging.requirements import Requirement

    missing = []
    for line in metadata.requires("waymark") or ():
        need = Requirement(line)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(need.name)
        except metadata.PackageNotFoundError:
            missing.append(need.name)
        else:
            if not need.specifier.contains(version, prereleases=True):
                missing.append(f"{need.name} {version} (needed: {need.specifier})")
    if missing:
        do = "Run `make install`, or `pip install --constraint requirements.lock --editable .` in the clone."
        return Finding("packages", "wrong", f"Missing or unusable: {', '.join(missing)}.", do)
    return Finding("packages", "ok", f"Waymark {metadata.version('waymark')} and what it needs")


def _settings(environment: Mapping[str, str]) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings without those that cannot be used, and a finding for each of these."""
    left, wrong = dict(environment), []
    while True:
        try:
            settings = Settings.read(left)
        except BadSetting as error:
            name = str(error).split(" ", 1)[0]
            do = f"Correct {name}, or unset it; `waymark settings` lists what there is."
            wrong.append(Finding("settings", "wrong", str(error), do))
            del left[name]
        else:
            return settings, tuple(wrong) or (Finding("settings", "ok", "all WAYMARK_ variables can be used"),)


def _library(given: Path | None, settings: Settings) -> Iterator[Finding]:
    from corpus.embedding import CompiledEmbedder
    from corpus.library import Library
    from corpus.model_cache import open_embedder

    try:
        embedder = open_embedder(settings)
    except WaymarkError as error:
        yield Finding("embedder", "wrong", str(error), "Without it no library can be opened or made.")
        return
    how = "not compiled: slower, answers are the same"
    if isinstance(embedder, CompiledEmbedder):
        how = f"compiled, run by {embedder.forward.by}"
    yield Finding("embedder", "ok", f"{embedder.name}, {how}")
    folder = given or settings.library
    try:
        library = Library.open(folder, settings, embedder)
    except UnknownLibrary as error:
        if given is None:
            do = "`waymark serve` makes one of Waymark's own guides; `waymark ingest PATH` one of yours."
            yield Finding("library", "note", f"There is no library in {folder} yet.", do)
        else:
            yield Finding("library", "wrong", str(error))
    except WaymarkError as error:
        yield Finding("library", "wrong", str(error))
    else:
        try:
            yield from _opened(library, folder)
        finally:
            library.close()
    yield _disk(folder)


def _opened(library: Any, folder: Path) -> Iterator[Finding]:
    index = library.current()
    told = f"{folder}: {index.document_count} documents, {index.count} passages"
    again = f"Run `waymark ingest PATH --library {folder}` with any of its sources."
    if index.count == 0:
        yield Finding("library", "wrong", f"{told}: it is empty.", again)
    else:
        yield Finding("library", "ok", told)
    if library.status == "degraded":
        told = f"The newest generation cannot be opened; {index.generation}, the one before, answers."
        yield Finding("generation", "wrong", told, f"{again} That builds the index again.")
    else:
        yield Finding("generation", "ok", index.generation)
    if bad := library.quarantined():
        do = "`waymark library` tells which, and why."
        yield Finding("sources", "note", f"{len(bad)} sources could not be read at the last ingest.", do)


def _disk(folder: Path) -> Finding:
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if not os.access(place, os.W_OK):
        return Finding("disk", "note", f"{place} cannot be written.", "Answering works; ingesting into it does not.")
    free = shutil.disk_usage(place).free
    if free < _ENOUGH_DISK:
        return Finding("disk", "wrong", f"{free // 1_000_000} MB are free in {place}.", "Free 500 MB or more.")
    return Finding("disk", "ok", f"{free // 1_000_000_000} GB free")


def _chroma(settings: Settings) -> Iterator[Finding]:
    if settings.chroma_url is None:
        return
    if reason := _unreachable(settings.chroma_url, 8000):
        do = "Start it (`chroma run --path DIR --port 8000`), or correct WAYMARK_CHROMA_URL."
        yield Finding("chroma", "wrong", f"No Chroma server answers at {settings.chroma_url}: {reason}.", do)
    else:
        yield Finding("chroma", "ok", f"a server listens at {settings.chroma_url}")


def _model(settings: Settings) -> Iterator[Finding]:
    if not settings.model:
        yield Finding("model", "ok", "none: answers are made of the guides' own sentences")
        return
    from bot.generate import generator_of

    try:
        generator_of(settings)
    except Exception as error:  # noqa: BLE001 - a provider's package may raise anything where its key is missing
        told = str(error).split("\n", 1)[0]
        do = "" if isinstance(error, WaymarkError) else "Set the provider's key, such as OPENAI_API_KEY."
        yield Finding("model", "wrong", told, do)
        return
    if settings.model_url and (reason := _unreachable(settings.model_url, 80)):
        do = "Start it, or correct WAYMARK_MODEL_URL. Until then answers are extractive, with a notice."
        yield Finding("model", "wrong", f"Nothing answers at {settings.model_url}: {reason}.", do)
        return
    yield Finding("model", "ok", f"{settings.model} is set up; it was not asked anything")


def _otel(settings: Settings) -> Iterator[Finding]:
    if settings.otel_url is None:
        return
    if not installed():
        yield Finding("traces", "wrong", "WAYMARK_OTEL_URL is set; the packages that send traces are missing.", INSTALL)
    elif reason := _unreachable(settings.otel_url, 80):
        do = "Start it, or correct WAYMARK_OTEL_URL. Until then traces are dropped, and answers are not touched."
        yield Finding("traces", "wrong", f"No collector answers at {settings.otel_url}: {reason}.", do)
    else:
        yield Finding("traces", "ok", f"a collector listens at {settings.otel_url}")


def _unreachable(url: str, default_port: int) -> str:
    """Why nothing listens there; "" where something does."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    try:
        port = parts.port or (443 if parts.scheme == "https" else default_port)
        with socket.create_connection((parts.hostname or "127.0.0.1", port), timeout=_SECONDS):
            return ""
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)


def _port(settings: Settings) -> Finding:
    where = f"port {settings.port} on {settings.host}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        do = "Stop what listens there (it may be Waymark itself), or choose another port with --port or WAYMARK_PORT."
        return Finding("port", "wrong", f"{where} cannot be taken: {error.strerror or error}.", do)
    return Finding("port", "ok", f"{where} is free")
