"""My guides: a file goes in and is quoted, what cannot be read is told, what is taken out is gone; off by default."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from corpus.settings import Settings
from tests import shelf
from tests.fakes import FakeAdvisor
from tests.web import client, serving, wait_for
from ui.uploads import file_name

if TYPE_CHECKING:
    from playwright.sync_api import Page

_HEADERS = {"x-waymark-page": "1"}
_GUIDE = (
    b"# Kite making in Ruritania\n\nA kite maker in Ruritania needs bamboo, silk and a licence from the Sky Office.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A library of this file's own, since it is changed."""
    return shelf.build(tmp_path_factory.mktemp("uploads"), settings)


@pytest.fixture(scope="module")
def address(settings: Settings, folder: Path) -> Iterator[str]:
    from bot.advisor import open_advisor

    opened = []

    def opening() -> Any:
        opened.append(open_advisor(folder, settings))
        return opened[0]

    with serving(replace(settings, uploads=True), opening) as at:
        yield at
    opened[0].library.close()


def state(asking: httpx.Client) -> dict[str, Any]:
    return asking.get("/guides/list").json()  # type: ignore[no-any-return]


def settled(asking: httpx.Client) -> dict[str, Any]:
    """What the page shows once a change is over."""
    wait_for(lambda: state(asking)["work"]["state"] != "working")
    return state(asking)


def test_a_file_is_taken_in_quoted_and_taken_out(address: str, folder: Path) -> None:
    with client(address) as asking:
        sent = asking.post("/guides/file?name=../../kites.md", content=_GUIDE, headers=_HEADERS)
        assert sent.status_code == 202
        shown = settled(asking)
        assert shown["work"]["state"] == "done", shown["work"]
        (kites,) = [each for each in shown["documents"] if each["source"] == "kites.md"]
        given = folder.with_name(f"{folder.name}-uploads") / "kites.md"
        assert given.read_bytes() == _GUIDE
        answer = asking.post("/ask", json={"question": "What does a kite maker in Ruritania need?"}).json()
        assert "bamboo" in answer["citations"][0]["quote"]
        assert asking.post(f"/guides/remove/{kites['id']}", headers=_HEADERS).status_code == 202
        shown = settled(asking)
        assert "kites.md" not in [each["source"] for each in shown["documents"]]
        assert not given.exists()


def test_what_cannot_be_read_is_told_with_its_reason(address: str) -> None:
    with client(address) as asking:
        asking.post("/guides/file?name=broken.pdf", content=b"%PDF-1.7 and nothing more", headers=_HEADERS)
        shown = settled(asking)
        assert shown["work"]["text"].startswith("Not taken in: ")
        # The other tests of this library leave what they could not read there, too.
        assert "broken.pdf" in [each["source"] for each in shown["quarantined"]]


def test_addresses_are_of_the_public_web_only(address: str) -> None:
    with client(address) as asking:
        for path in ("/etc/passwd", "file:///etc/passwd", "", "ftp://a.example/x"):
            refused = asking.post("/guides/address", content=path, headers=_HEADERS)
            assert refused.status_code == 422
        asking.post("/guides/address", content=f"{address}/docs", headers=_HEADERS)
        assert settled(asking)["work"]["text"].startswith("Not taken in: ")


def test_another_page_cannot_change_the_library(address: str) -> None:
    with client(address) as asking:
        for path in ("/guides/file?name=a.md", "/guides/address", "/guides/remove/x"):
            assert asking.post(path, content=b"x").status_code == 403
        assert asking.post("/guides/file?name=..", content=b"x", headers=_HEADERS).status_code == 422


def test_it_is_off_unless_switched_on(settings: Settings) -> None:
    with serving(settings, FakeAdvisor) as at, client(at) as asking:
        for path in ("/guides", "/guides/list"):
            assert asking.get(path).status_code == 404
        assert asking.post("/guides/file?name=a.md", content=b"x", headers=_HEADERS).status_code in (404, 405)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a b.md", "a b.md"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\cv.docx", "cv.docx"),
        (".hidden", "hidden"),
        ("a\0b\n.md", "a_b_.md"),
        ("..", ""),
        ("", ""),
        ("Führer zur Bewerbung.pdf", "Führer zur Bewerbung.pdf"),
        ("x" * 300 + ".md", "x" * 117 + ".md"),
    ],
)
def test_a_file_gets_a_plain_name(given: str, name: str) -> None:
    assert file_name(given) == name


@pytest.mark.browser
def test_the_page_adds_shows_and_removes(address: str, chromium: str, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    guide = tmp_path / "boats.md"
    guide.write_text(
        "# Boat hire in Ruritania\n\nBoats are hired by the hour at the harbour office.\n", encoding="utf-8"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        chat = browser.new_page(viewport={"width": 390, "height": 844})
        chat.goto(address)
        chat.fill("#wm-box textarea", "Do I need a degree?")
        chat.keyboard.press("Enter")
        chat.locator("#wm-again").wait_for()
        parts = [chat.locator(part).bounding_box() for part in (".wm-brand h1", "#wm-shelf a", "#wm-again")]
        head = [box for box in parts if box is not None]
        assert len(head) == 3
        assert all(box["x"] + box["width"] <= 390 for box in head)
        middles = [box["y"] + box["height"] / 2 for box in head]
        assert max(middles) - min(middles) < 12  # all in one line, and the name in one line of its own
        assert head[0]["height"] < 40
        with chat.expect_popup() as opening:  # beside the chat, whose conversation stays
            chat.get_by_role("link", name="My guides").click()
        page = opening.value
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_label("A file").set_input_files(guide)
        page.get_by_role("button", name="Add the file").click()
        page.get_by_role("button", name="Remove Boat hire in Ruritania").wait_for(timeout=60_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults(page) == []
        page.get_by_role("button", name="Remove Boat hire in Ruritania").click()
        page.get_by_role("button", name="Remove Boat hire in Ruritania").wait_for(state="detached", timeout=60_000)
        browser.close()


def faults(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    return [f"{rule['impact']}: {rule['id']}" for rule in Axe().run(page).response["violations"]]
