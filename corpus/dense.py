"""The passage vectors of one generation in Chroma, embedded or in a server. The one importer of chromadb."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from corpus.errors import LibraryError, LibraryTorn

FOLDER = "chroma"
BASE = "chroma.sqlite3"  # a few bytes of it change whenever Chroma opens it
COLLECTION = "passages"
SERVER_SECONDS = 60.0
ROWS_A_CALL = 5_000  # Chroma takes at most 5,461

# The search is wide enough for 100 candidates (recall .95 against .82 with Chroma's own 100, on 3,000 random vectors,
# the hardest case), and every call's rows are flushed: what is only in Chroma's log is indexed anew at each opening,
# and the files of the index change under the manifest's digests.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "batch_size": 1, "sync_threshold": 1}


class Vectors:
    """An opened collection; ids are passage ids. Safe to search from many threads.

    Raises LibraryTorn where an embedded collection cannot be opened, LibraryError where a server does not answer.
    """

    def __init__(self, folder: Path, generation: str, url: str | None, *, new: bool = False) -> None:
        load()
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._errors: tuple[type[Exception], ...] = (ChromaError, ValueError, OSError, RuntimeError)
        self._place = url or str(folder / FOLDER)
        self._server = url is not None
        settings = Settings(anonymized_telemetry=False)
        try:
            if url is None:
                self._client: Any = chromadb.PersistentClient(str(folder / FOLDER), settings)
            else:
                self._client = _server(url, settings)
            name = COLLECTION if url is None else collection_of(generation)
            if new:
                if url is not None and any(known.name == name for known in self._client.list_collections()):
                    self._client.delete_collection(name)  # left by a build that did not come to its end
                self._collection: Any = self._client.create_collection(
                    name, configuration={"hnsw": HNSW}, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(name, embedding_function=None)
        except self._errors as error:
            raise self._told(error) from error

    def add(
        self,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        texts: Sequence[str],
        about: Sequence[dict[str, str | int]],
    ) -> None:
        """Rows (n, d) with their passages' ids, texts and metadata."""
        for at in range(0, len(ids), ROWS_A_CALL):
            part = slice(at, at + ROWS_A_CALL)
            try:
                self._collection.add(
                    ids=list(ids[part]),
                    embeddings=vectors[part],
                    documents=[_plain(text) for text in texts[part]],
                    metadatas=[
                        {k: _plain(v) if isinstance(v, str) else v for k, v in values.items()} for values in about[part]
                    ],
                )
            except self._errors as error:
                raise self._told(error) from error

    def remove(self, ids: Sequence[str]) -> None:
        """Take rows out; ids that are not there are passed over."""
        for at in range(0, len(ids), ROWS_A_CALL):
            try:
                self._collection.delete(ids=list(ids[at : at + ROWS_A_CALL]))
            except self._errors as error:
                raise self._told(error) from error

    def nearest(self, vectors: NDArray[np.float32], k: int) -> list[tuple[list[str], list[float]]]:
        """For each of the (q, d) vectors the ids of the `k` nearest and their cosine distances, nearest first."""
        try:
            found = self._collection.query(query_embeddings=vectors, n_results=k, include=["distances"])
        except self._errors as error:
            raise self._told(error) from error
        return list(zip(found["ids"], found["distances"], strict=True))

    def count(self) -> int:
        """How many rows the collection holds."""
        try:
            return int(self._collection.count())
        except self._errors as error:
            raise self._told(error) from error

    def close(self) -> None:
        _close(self._client)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _told(self, error: Exception) -> LibraryError:
        if self._server:
            return LibraryError(
                f"The Chroma server at {self._place} did not do as asked ({error}); see WAYMARK_CHROMA_URL."
            )
        return LibraryTorn(f"The Chroma index in {self._place} cannot be used: {error}.")


def load() -> None:
    """Import chromadb now, which takes 0.5 s, rather than when the first collection is opened."""
    with _loading, _overrides_unchecked():
        import chromadb  # noqa: F401 - only loaded


_loading = threading.Lock()


@contextmanager
def _overrides_unchecked() -> Iterator[None]:
    """Let classes say that their methods override others without its being proven.

    Chroma proves it by the package `overrides` for each of its 460 methods at every import, in a fifth of the time that
    takes. It is a check for those who change Chroma.
    """
    try:
        import overrides
    except ModuleNotFoundError:  # a Chroma that does without
        yield
        return

    def taken(method: Any = None, **_: Any) -> Any:
        if method is None:  # used with arguments: what follows is the method
            return taken
        method.__override__ = True
        return method

    before = {name: getattr(overrides, name) for name in ("override", "overrides")}
    vars(overrides).update(dict.fromkeys(before, taken))
    try:
        yield
    finally:
        vars(overrides).update(before)


def copy(base: Path, folder: Path) -> None:
    """The embedded collection of the generation in `base`, whole, into `folder`, which has none; `base` is only read.

    Raises LibraryTorn, or OSError where it cannot be written.
    """
    shutil.copytree(base / FOLDER, folder / FOLDER, ignore=lambda _, names: [n for n in names if n.startswith(BASE)])
    try:
        # By SQLite's own copying: another process that opens the collection writes a few bytes of it.
        with (
            closing(sqlite3.connect(f"{(base / FOLDER / BASE).absolute().as_uri()}?mode=rw", uri=True)) as old,
            closing(sqlite3.connect(folder / FOLDER / BASE)) as new,
        ):
            # Nobody knows of the copy yet, and whoever builds the generation has it written through at the end.
            new.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            old.backup(new)
    except sqlite3.DatabaseError as error:
        raise LibraryTorn(f"{base / FOLDER / BASE} cannot be copied: {error}.") from error


def collection_of(generation: str) -> str:
    """The name of a generation's collection in a server."""
    return f"waymark-{generation}"


def drop(generation: str, url: str) -> None:
    """Delete a generation's collection from a server; nothing where there is none. Raises LibraryError."""
    from chromadb.config import Settings
    from chromadb.errors import ChromaError, NotFoundError

    try:
        client = _server(url, Settings(anonymized_telemetry=False))
        try:
            client.delete_collection(collection_of(generation))
        except NotFoundError:
            pass
        finally:
            _close(client)
    except (ChromaError, ValueError, OSError) as error:
        raise LibraryError(
            f"The Chroma server at {url} did not delete {collection_of(generation)}: {error}."
        ) from error


def _server(url: str, settings: Any) -> Any:
    import chromadb

    parts = urlsplit(url if "//" in url else f"http://{url}")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    client = chromadb.HttpClient(parts.hostname or "127.0.0.1", port, ssl=secure, settings=settings)
    for session in _sessions(client):
        session.timeout = SERVER_SECONDS  # Chroma waits for ever otherwise
    return client


def _sessions(client: Any) -> list[Any]:
    """The HTTP sessions behind a server's client, which Chroma 1.5 neither offers nor closes; none when embedded."""
    clients = (client, getattr(client, "_admin_client", None))
    sessions = [getattr(getattr(part, "_server", None), "_session", None) for part in clients]
    return [session for session in sessions if session is not None]


def _close(client: Any) -> None:
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _plain(text: str) -> str:
    """Chroma takes no lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")
