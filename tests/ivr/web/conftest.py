"""What tests of pages share: the application behind a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.web.served import Served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The application behind a server."""
    world = Served(tmp_path)
    yield world
    world.stop()
