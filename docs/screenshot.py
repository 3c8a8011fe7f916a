"""Makes docs/screenshot.png: the real page with a real answer and its source beside it.

Run it as `.venv/bin/python docs/screenshot.py` (it needs Chromium and the `dev` packages).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

QUESTION = "What should I learn first for machine learning?"
TARGET = Path(__file__).with_name("screenshot.png")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("error: Chromium is not installed.", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address is not None
            photograph(browser, address[0])
        finally:
            server.terminate()
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
    return 0


def photograph(browser: str, address: str) -> None:
    """Asks, opens the first source, and takes the picture."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=_ARGUMENTS)
        page = launched.new_page(viewport={"width": 1280, "height": 820})
        page.goto(address)
        page.fill("#wm-box textarea", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".wm-guides")
        page.locator(".wm-text .wm-mark").first.click()
        page.wait_for_selector("#wm-panel mark")
        page.wait_for_timeout(800)  # the panel slides in
        page.screenshot(path=TARGET)
        launched.close()


if __name__ == "__main__":
    sys.exit(main())
