"""What all tests share: how hard the property tests try, and what the house's size test has to say at the end."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

LONG = pytest.StashKey[list[str]]()
"""Where the house test leaves what is longer than wished but not yet too long."""

# `quick` finds the same examples each time, so that a red build is red at home too; `deep` looks for new ones.
settings.register_profile("quick", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("deep", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("DIALTREE_DEPTH", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write down the transcripts of whole calls as they are now")


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
