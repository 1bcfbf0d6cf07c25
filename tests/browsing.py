"""A browser for tests: windows, and what goes wrong in any of them.

Needs Playwright for Python and a Chromium at /usr/bin/chromium ($CHROMIUM says otherwise).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install chromium"
    ),
]


@contextmanager
def running_browser() -> Iterator[Any]:
    """A browser, which ends with the block."""
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


class Windows:
    """Opens pages in new windows, and keeps what went wrong in any of them: every word on the
    console, every error and dialog, and every request that a page may not make."""

    def __init__(self, browser: Any) -> None:
        self._browser, self._windows = browser, list[Any]()
        self.wrong: list[str] = []

    def show(self, address: str, may_ask: Callable[[str], bool], **known: Any) -> Any:
        """The page at an address, which may ask for some addresses and for no others."""
        window = self._browser.new_context(**{"viewport": DESK, **known})
        self._windows.append(window)
        page = window.new_page()
        page.on("console", lambda said: self.wrong.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))
        page.on("request", lambda asked: self._check(asked.url, may_ask))
        page.goto(address)
        return page

    def _check(self, url: str, may_ask: Callable[[str], bool]) -> None:
        if not may_ask(url):
            self.wrong.append(f"request: {url}")

    def close(self) -> None:
        """Close all windows; nothing has gone wrong in any."""
        for window in self._windows:
            window.close()
        assert self.wrong == []
