"""What tests of pages share: one browser for all of them, and the application behind a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ivr.web.browser import CHROMIUM
from tests.ivr.web.served import Served


@pytest.fixture(scope="session")
def one_chromium() -> Iterator[Any]:
    """A browser for the whole run; each test opens its own context in it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The application behind a server."""
    world = Served(tmp_path)
    yield world
    world.stop()
