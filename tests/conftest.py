"""What all tests share: settings that touch nothing of the person's own, one small library, and no network."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.settings import Settings

# What a test does not use is not imported for it: a test of one pure function starts at once.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from bot.advisor import Advisor
    from corpus.embedding import Embedder


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Defaults, without the person's variables and `.env`; the library in a folder of the test run.

    The cache is the person's own: the bundled model is compiled into it once, as the product does.
    """
    return replace(Settings.read({}), library=tmp_path_factory.mktemp("default") / "library")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A library of the three guides of `tests.shelf`; not to be changed."""
    from tests import shelf

    return shelf.build(tmp_path_factory.mktemp("shelf"), settings)


@pytest.fixture(scope="session")
def advisor(library: Path, settings: Settings) -> Iterator[Advisor]:
    """The real advisor on that library, without a language model."""
    from bot.advisor import open_advisor

    opened = open_advisor(library, settings)
    yield opened
    opened.library.close()


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> Embedder:
    """The model that ships."""
    from corpus.model_cache import open_embedder

    return open_embedder(settings)


@pytest.fixture(scope="session")
def _clocks(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, settings: Settings) -> Path:
    from tests.clocks import build_in

    library = tmp_path_factory.mktemp("clocks")
    build_in(library, embedder, settings)
    return library


@pytest.fixture
def clocks(_clocks: Path, tmp_path: Path) -> Path:
    """A copy of a library folder with the one generation of `tests.clocks`, which CURRENT does not name."""
    return shutil.copytree(_clocks, tmp_path / "library")


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Connections leave this machine in no test: whatever is not loopback is refused, names too."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise OSError(f"A test tried to connect to {address[0]}; only this machine may be asked.")

    def checked_connect(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    def checked_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and not _is_loopback(name) and not re.fullmatch(r"[\d.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", name):
            raise socket.gaierror(f"A test asked for the address of {host}.")
        return getaddrinfo(host, *rest, **named)

    patch.setattr(socket.socket, "connect", checked_connect)
    patch.setattr(socket.socket, "connect_ex", checked_connect_ex)
    patch.setattr(socket, "getaddrinfo", checked_getaddrinfo)
    yield
    patch.undo()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Tests that need one are marked `browser`."""
    path = _chromium()
    if path is None:
        pytest.fail(_NO_BROWSER)
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, without what it would ask of its makers' servers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without Chromium the browser tests are left out, in one loud line; WAYMARK_REQUIRE_BROWSER=1 forbids that."""
    if _chromium() is not None or os.environ.get("WAYMARK_REQUIRE_BROWSER"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    config.stash[_LEFT_OUT] = len(left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The one loud line."""
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} browser tests skipped: {_NO_BROWSER}", red=True, bold=True)


def _chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


_CHROMIUM_ARGUMENTS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
_NO_BROWSER = "Chromium is not installed: THE PAGE IS NOT TESTED. Install it: `apt-get install chromium`."
_LEFT_OUT = pytest.StashKey[int]()
