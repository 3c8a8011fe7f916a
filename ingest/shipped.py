"""The guides that come with Waymark, and the library of them that is there without anybody's asking.

Light at the top: a server whose library is up to date loads no reader and no model here.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from corpus.settings import Settings
from ingest.digests import code_digest, digest
from ingest.pipeline import IngestReport, Progress, run

_STAMP = "guides.sha256"


def guides_folder() -> Path:
    """The folder of the guides that come with Waymark."""
    return Path(str(files("corpus.guides")))


def ingest_guides(library: Path, settings: Settings, progress: Progress | None = None) -> IngestReport:
    """Ingest the guides that come with Waymark, and note which state of them the library shows."""
    stamp = _guides_stamp(settings)
    report = run([str(guides_folder())], library, settings, progress)
    written = library / f"{_STAMP}.new"
    written.write_text(stamp, encoding="ascii")
    written.replace(library / _STAMP)
    return report


def ensure_default_library(library: Path, settings: Settings, progress: Progress | None = None) -> None:
    """Make sure that there is a library: of the shipped guides where there is none, refreshed where they changed.

    A library that was made of other sources is left as it is. Cheap where nothing is to be done.
    """
    noted = library / _STAMP
    if (library / "CURRENT").exists() and (
        not noted.exists() or noted.read_text(encoding="ascii", errors="replace") == _guides_stamp(settings)
    ):
        return
    ingest_guides(library, settings, progress)


def _guides_stamp(settings: Settings) -> str:
    """Changes when the shipped guides, their works, the code that reads them or the embedding model change."""
    folder = guides_folder()
    texts = [data for path in sorted(folder.glob("*.md")) for data in (path.name.encode(), path.read_bytes())]
    works = folder.parent / "sources.toml"
    return digest([
        *texts,
        works.read_bytes() if works.is_file() else b"",
        code_digest(),
        settings.index_fingerprint().encode(),
    ])  # fmt: skip
