"""The page "My guides" and what it asks: what the library holds, what was refused and why; adding a file or an address,
and taking a guide out. Only where WAYMARK_UPLOADS switches it on: whoever reaches the server may then change its
library. One change at a time; the rest of the server goes on answering, and shows the new library when it is whole.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from corpus.errors import WaymarkError
from ui.api import Desk
from ui.problems import problem
from ui.text import to_json, whole

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.pipeline import IngestReport

PATHS = re.compile(r"/guides(?:/(?:list|file|address|remove/[A-Za-z0-9_-]{1,200}))?")
# Files are larger than questions, and come slower.
MAX_FILE, FILE_SECONDS = 30_000_000, 120.0
# A page of another origin cannot send this header without asking first, and is not allowed to.
_HEADER = "x-waymark-page"
_log = logging.getLogger("waymark")


@dataclass(frozen=True, slots=True)
class Work:
    """The change under way, or the last one. `stage`, `done` of `total` as the ingest tells them; `text` what came."""

    state: Literal["idle", "working", "done", "failed"] = "idle"
    what: str = ""
    stage: str = ""
    done: int = 0
    total: int = 0
    text: str = ""


class Shelf:
    """Changes of the library, one at a time, each in a thread of its own. `folder` keeps the files that were given."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self.work = Work()

    @property
    def library(self) -> Library:
        return self._desk.ready().library

    @property
    def folder(self) -> Path:
        """Beside the library, so that what builds a library anew leaves it alone."""
        library = self.library.folder
        return library.with_name(f"{library.name}-uploads")

    def add(self, named: str, what: str) -> bool:
        """Ingests a path or an address; False while another change is under way."""
        from ingest.pipeline import run  # late: readers and writers of libraries, needed for this alone

        def change() -> str:
            return _added(run([named], self.library.folder, self._desk.settings, self._tell))

        return self._start(what, change)

    def remove(self, document_id: str) -> bool:
        """Takes a document out, and its file where it was given here; False while another change is under way."""
        from ingest.pipeline import remove

        sources = {info.id: info.source for info in self.library.documents()}

        def change() -> str:
            remove([document_id], self.library.folder, self._desk.settings, self._tell)
            given = self.folder / Path(sources.get(document_id, "")).name
            if given.is_file():
                given.unlink()
            return "Removed."

        return self._start(document_id, change)

    def _start(self, what: str, change: Callable[[], str]) -> bool:
        if not self._lock.acquire(blocking=False):
            return False
        self.work = Work("working", what)
        threading.Thread(target=self._do, args=(change,), name="shelf", daemon=True).start()
        return True

    def _do(self, change: Callable[[], str]) -> None:
        try:
            text = change()
            self.work = replace(self.work, state="done", text=text)
        except WaymarkError as error:
            self.work = replace(self.work, state="failed", text=str(error))
        except Exception:  # noqa: BLE001 - the edge of a thread; logged, and told on the page
            _log.exception("A change of the library failed.")
            self.work = replace(self.work, state="failed", text="That failed; the server's log tells more.")
        finally:
            self._lock.release()

    def _tell(self, stage: str, done: int, total: int) -> None:
        self.work = replace(self.work, stage=stage, done=done, total=total)


def _added(report: IngestReport) -> str:
    if report.quarantined:
        return f"Not taken in: {report.quarantined[0][1]}"
    if report.kept:
        return f"Left as it was: {report.kept[0][1]}"
    count = report.new + report.changed
    return f"Added; the library now holds {report.documents} guides." if count else "The library holds it already."


def file_name(given: str) -> str:
    """A plain name for a file that somebody sends: its last part, letters, digits and a few marks; "" for none."""
    last = re.split(r"[/\\\\]", whole(given))[-1]
    return re.sub(r"[^\w .()+-]", "_", last).strip(" .")[-120:].lstrip(" .")


def create_uploads(desk: Desk) -> Starlette:
    """The application behind PATHS, in a guard of its own (MAX_FILE, FILE_SECONDS)."""
    shelf = Shelf(desk)

    async def page(_: Request) -> Response:
        return HTMLResponse(_PAGE)

    async def listed(_: Request) -> Response:
        return Response(to_json(await anyio.to_thread.run_sync(_contents, shelf)), media_type="application/json")

    async def file(request: Request) -> Response:
        name = file_name(request.query_params.get("name", ""))
        if not name:
            return problem(422, "The file has no name: give one as `?name=`.")
        data = await request.body()
        if shelf.work.state == "working":
            return _busy()
        path = shelf.folder / name
        await anyio.to_thread.run_sync(_write, path, data)
        return _accepted(shelf.add(str(path), name))

    async def address(request: Request) -> Response:
        url = (await request.body())[:2_000].decode("utf-8", "replace").strip()
        if not re.match(r"https?://[^\s]+$", url):
            return problem(422, "That is no address of a page: it begins with https:// and holds no blank.")
        return _accepted(shelf.add(url, url))

    async def remove(request: Request) -> Response:
        return _accepted(shelf.remove(request.path_params["id"]))

    changes = [("/guides/file", file), ("/guides/address", address), ("/guides/remove/{id}", remove)]
    return Starlette(
        routes=[
            Route("/guides", page),
            Route("/guides/list", listed),
            *(Route(path, _from_the_page(change), methods=["POST"]) for path, change in changes),
        ],
        exception_handlers={WaymarkError: _told},
    )


def _from_the_page(change: Any) -> Any:
    async def checked(request: Request) -> Response:
        if request.headers.get(_HEADER) != "1":
            return problem(403, f"Only the page itself may change the library: the header {_HEADER} is missing.")
        return await change(request)  # type: ignore[no-any-return]

    return checked


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, WaymarkError)
    return problem(error.status, str(error))


def _accepted(begun: bool) -> Response:
    return Response(status_code=202) if begun else _busy()


def _busy() -> Response:
    return problem(409, "Another change of the library is under way. Wait until it is done.")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _contents(shelf: Shelf) -> dict[str, Any]:
    library = shelf.library
    told = ("id", "title", "source", "published", "passages")
    documents = [{name: getattr(info, name) for name in told} for info in library.current().documents()]
    quarantined = [asdict(source) for source in library.quarantined()]
    return {"documents": documents, "quarantined": quarantined, "work": asdict(shelf.work)}


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Waymark: my guides</title><link rel="icon" href="/panel/icon.svg">
<link rel="stylesheet" href="/panel/docs.css"><script type="module" src="/panel/shelf.js"></script></head>
<body><main><p><a href="/">Back to the chat</a></p><h1>My guides</h1>
<p>Markdown, plain text, HTML, PDF, Word (.docx) and EPUB are read, up to 30 MB. Everybody who uses this server sees
answers from what is added.</p>
<form id="file-form"><label for="file">A file</label> <input type="file" id="file" required>
<button>Add the file</button></form>
<form id="address-form"><label for="address">Or the address of a page</label>
<input type="url" id="address" placeholder="https://" required> <button>Add the page</button></form>
<p id="work" role="status"></p><progress id="progress" aria-label="Progress" hidden></progress>
<section id="refused" hidden><h2>Could not be read</h2><ul></ul></section>
<section><h2>In the library</h2><ul id="documents"></ul></section></main></body></html>"""
