"""Makes the pictures of docs/ from the real page: a real answer with its source, narrow and dark, and My guides.

Run it as `.venv/bin/python docs/screenshot.py` (it needs Chromium and the `dev` packages).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

QUESTION = "What should I learn first for machine learning?"
FIGURES = "How much does a data scientist earn in the US?"
FOLDER = Path(__file__).parent
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("error: Chromium is not installed.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=_ARGUMENTS)
        with served() as address:
            photograph_chat(launched, address)
        with served(WAYMARK_UPLOADS="true") as address:
            photograph_guides(launched, address)
        launched.close()
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture}: {picture.stat().st_size:,} bytes")
    return 0


@contextmanager
def served(**settings: str) -> Iterator[str]:
    """The address of the real server over the default library."""
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0"]
    variables = {**os.environ, **settings}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as server:  # noqa: S603 - ours
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address is not None
            yield address[0]
        finally:
            server.terminate()


def photograph_chat(browser: Browser, address: str) -> None:
    """An answer with its source beside it; another on a narrow screen, dark."""
    page = browser.new_page(viewport={"width": 1280, "height": 820})
    answered(page, address, QUESTION)
    page.locator(".wm-text .wm-mark").first.click()
    page.wait_for_selector("#wm-panel mark")
    taken(page, "screenshot")
    page.close()
    page = browser.new_page(viewport={"width": 390, "height": 780}, color_scheme="dark", device_scale_factor=1.5)
    answered(page, address, FIGURES)
    page.locator(".wm-question").scroll_into_view_if_needed()
    taken(page, "chat-narrow")
    page.close()


def photograph_guides(browser: Browser, address: str) -> None:
    """The page on which guides are added and taken out."""
    page = browser.new_page(viewport={"width": 1000, "height": 640})
    page.goto(f"{address}/guides")
    page.locator("li button").first.wait_for()
    taken(page, "my-guides")
    page.close()


def answered(page: Page, address: str, question: str) -> None:
    """Opens the chat, asks, and waits for the whole answer."""
    page.goto(address)
    page.fill("#wm-box textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".wm-guides")


def taken(page: Page, name: str) -> None:
    page.wait_for_timeout(800)  # what slides in has arrived
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    sys.exit(main())
