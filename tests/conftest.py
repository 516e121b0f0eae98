"""What all tests share: how hard properties try, one browser, and what the size test of the house says at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.chromium import CHROMIUM

LONG = pytest.StashKey[list[str]]()
"""Where the house test leaves what is longer than wished but not yet too long."""

# `quick` finds the same examples each time, so that a red build is red at home too; `deep` looks for new ones.
settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("DIALTREE_DEPTH", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write down the transcripts of whole calls as they are now")


@pytest.fixture(scope="session")
def one_playwright() -> Iterator[Any]:
    """Playwright for the whole run: it cannot be started a second time beside itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def one_chromium(one_playwright: Any) -> Iterator[Any]:
    """A browser for the whole run; each test opens its own context in it."""
    browser = one_playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def long_things(request: pytest.FixtureRequest) -> list[str]:
    """What is added here is shown after the tests: no failure, but worth a look."""
    return request.config.stash.setdefault(LONG, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    long = config.stash.get(LONG, [])
    if long:
        terminalreporter.section("longer than wished")
        for line in long:
            terminalreporter.line(line)
