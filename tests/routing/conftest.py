"""Every test of the distributor runs on both floors: in memory and in a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from routing.queue import Queue
from routing.store import metadata, open_engine
from tests.routing.centre import Centre


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A new database with the floor's tables."""
    engine = open_engine(f"sqlite:///{tmp_path}/floor.db")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["memory", "sql"])
def open_centre(request: pytest.FixtureRequest) -> Callable[..., Centre]:
    """Opens a centre with the given queues; `claims` with its usual settings if none are given."""
    engine = request.getfixturevalue("engine") if request.param == "sql" else None

    def open_with(*queues: Queue) -> Centre:
        return Centre({queue.name: queue for queue in queues or (Queue("claims"),)}, engine)

    return open_with


@pytest.fixture
def centre(open_centre: Callable[..., Centre]) -> Centre:
    """A centre with one queue, `claims`."""
    return open_centre()
