"""Debian's chromium for tests of pages: where it is, when they are skipped for want of it, and what it complains of."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
REQUIRED = bool(os.environ.get("DIALTREE_REQUIRE_BROWSER"))
"""Whether a machine without chromium fails instead of skipping."""

MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not REQUIRED, reason="there is no chromium here (apt install chromium)"),
    # Playwright's own pipes to the browser are closed by its garbage collector when it is stopped.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
"""For `pytestmark` of a file with such tests, or above one of them (`in_chromium`)."""


def in_chromium(test: Any) -> Any:
    """Mark one test as one that needs the browser."""
    for mark in MARKS:
        test = mark(test)
    return test


def new_page(context: Any) -> Any:
    """A page that remembers in `complaints` what the browser complains of; refusals are answers and no complaints."""
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            said.type == "error"
            and not said.text.startswith("Failed to load resource")
            and page.complaints.append(said.text)
        ),
    )
    return page
