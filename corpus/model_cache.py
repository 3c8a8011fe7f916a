"""Compiled models in the cache folder: opened where one is whole, compiled where it is not, once on a machine."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock, Timeout

from corpus import encoder
from corpus.embedding import CompiledEmbedder, Embedder, ModelCard, PlainEmbedder
from corpus.errors import EmbeddingError
from corpus.model_source import ModelSource, locate
from corpus.settings import Settings

EXPORT_VERSION = 8  # raise it when other vectors are made of the same weights
COMPILE_SECONDS = 600.0

log = logging.getLogger(__name__)


def open_embedder(settings: Settings) -> Embedder:
    """The model that the settings name, compiled at its first use (some ten seconds for the bundled one).

    Raises EmbeddingError.
    """
    source, folder = compiled_in(settings)
    with suppress(EmbeddingError):
        return _open(source, folder, settings.threads)
    with _alone(folder):
        try:
            return _open(source, folder, settings.threads)  # another process has just compiled it
        except EmbeddingError as reason:
            log.info("Compiling the embedding model %s, once, some 10 s: %s", source.name, reason)
        _compile(source, folder, settings)
    return _open(source, folder, settings.threads)


def known_fingerprint(settings: Settings) -> str | None:
    """The fingerprint of the model that the settings name, without opening it; None where it is not compiled yet.

    Raises EmbeddingError where there is no such model.
    """
    try:
        return ModelCard(**json.loads((compiled_in(settings)[1] / "model.json").read_text("utf-8"))["card"]).fingerprint
    except (OSError, ValueError, TypeError, LookupError):
        return None


def compiled_in(settings: Settings) -> tuple[ModelSource, Path]:
    """The model that the settings name, and its folder once it is compiled. Raises EmbeddingError."""
    source = locate(settings.embedder)
    # A cache that machines share holds what each of them can run.
    kernel = "-kernel" if _by_kernel(settings) else ""
    return source, settings.cache / "embedders" / f"{source.digest[:16]}-{settings.precision}-{EXPORT_VERSION}{kernel}"


def _by_kernel(settings: Settings) -> bool:
    return settings.precision == "int8" and encoder.runs_here()


def _open(source: ModelSource, folder: Path, threads: int) -> Embedder:
    """Raises EmbeddingError where `folder` is missing, torn or altered, or the model cannot be loaded."""
    card = read_card(folder)
    card = replace(card, name=source.name)  # the same weights may go by another name today
    if card.precision == "plain":
        source.check()
        return PlainEmbedder.open(source.folder, card)
    return CompiledEmbedder.open(folder, card, threads)


def read_card(folder: Path) -> ModelCard:
    """model.json of a compiled model whose files all have the digests that it tells. Raises EmbeddingError."""
    try:
        told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        for name, digest in told["files"].items():
            if sha256(folder / name) != digest:
                raise EmbeddingError(f"{folder / name} is not as it was compiled.")
        return ModelCard(**told["card"])
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise EmbeddingError(f"There is no whole compiled embedding model in {folder}: {error}.") from error


def write_card(folder: Path, card: ModelCard) -> None:
    """model.json, with the digests of the other files in `folder`."""
    files = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name != "model.json"}
    told = json.dumps({"card": asdict(card), "files": files}, indent=2, sort_keys=True)
    (folder / "model.json").write_text(told, encoding="utf-8")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Inside, no other process compiles into `folder`; the others wait. Raises EmbeddingError."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock"), timeout=COMPILE_SECONDS):
            yield
    except Timeout:
        raise EmbeddingError(
            f"Another process has been compiling the embedding model for {COMPILE_SECONDS:.0f} s; try again later."
        ) from None
    except OSError as error:
        raise EmbeddingError(
            f"The folder for compiled models, {folder.parent}, cannot be written ({error.strerror or error}); "
            "set WAYMARK_CACHE to one that can."
        ) from error


def _compile(source: ModelSource, folder: Path, settings: Settings) -> None:
    """Compile in a child process into a temporary folder, then rename: `folder` is whole or not there."""
    source.check()
    for left in (folder, *folder.parent.glob(f".{folder.name}-*")):  # torn, or of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        target = Path(work) / "model"
        target.mkdir()
        order = {
            "name": source.name,
            "digest": source.digest,
            "source": str(source.folder),
            "target": str(target),
            "precision": settings.precision,
            "kernel": _by_kernel(settings),
            "threads": settings.threads,
        }
        try:
            done = subprocess.run(  # noqa: S603 - our own module under our own interpreter
                [sys.executable, "-W", "ignore", "-m", "corpus.compile", json.dumps(order)],
                capture_output=True,
                text=True,
                timeout=COMPILE_SECONDS,
                env={**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ORT_DISABLE_TELEMETRY": "1"},
            )
        except subprocess.TimeoutExpired:
            raise EmbeddingError(f"Compiling {source.name} took longer than {COMPILE_SECONDS:.0f} s.") from None
        if done.returncode != 0:
            last = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
            raise EmbeddingError(f"The embedding model {source.name} could not be compiled: {last}")
        target.rename(folder)
