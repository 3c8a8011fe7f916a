"""The site of docs/: it builds without a warning, asks no other host, and its tables are what the code says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
# What a page fetches by itself; a link that a reader may follow is none of it.
_FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|audio|video)\b[^>]*\bsrc=["']?([^"'\s>]+)"""
    r"""|<link\b[^>]*\brel=["']?(?:stylesheet|icon|preload|preconnect|dns-prefetch)[^>]*\bhref=["']?([^"'\s>]+)"""
    r"""|url\(["']?(?!data:|#)([^)"']+)|@import ["']([^"']+)""",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


def test_every_page_is_on_the_site(site: Path) -> None:
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert {"index", "start", "models", "api", "deployment", "limits"} <= pages
    assert pages <= {path.stem for path in site.glob("*.html")}


def test_no_page_names_another_host_to_fetch_from(site: Path) -> None:
    found = [
        (path.name, *match)
        for path in site.rglob("*")
        if path.suffix in {".html", ".css"}
        for match in _FETCHED.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 50
    assert [each for each in found if any(part.startswith(("http:", "https:", "//")) for part in each[1:])] == []


def test_what_a_builder_needs_is_not_published(site: Path) -> None:
    assert [path.name for path in site.iterdir() if path.suffix in {".py", ".json", ".md"}] == []


@pytest.fixture(scope="module")
def published(site: Path) -> Iterator[str]:
    """Its address, served by a plain file server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.browser
def test_in_a_browser_the_site_asks_itself_alone_and_finds(published: str, chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.on("request", lambda seen: asked.append(seen.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        for name in ("index", "api", "settings"):
            page.goto(f"{published}/{name}.html")
            page.wait_for_load_state("networkidle")
        page.click("input[name=query]")
        # The search listens to keys and answers each of them: what it shows before the last is for a part of the word.
        page.keyboard.type("traceparent")
        page.wait_for_selector(".md-search-result__item:first-child > .md-search-result__link[href*='deployment.html']")
        browser.close()
    assert [url for url in asked if not url.startswith((published, "data:", "blob:"))] == []
    assert faults == []


def test_settings_and_commands_are_what_the_code_says() -> None:
    command = [sys.executable, "docs/reference.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_pictures_are_small_and_all_are_shown() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    pictures = list((ROOT / "docs").glob("*.png"))
    assert [each.name for each in pictures if each.stat().st_size > 250_000 or each.name not in text] == []
