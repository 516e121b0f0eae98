"""Fixture: `dial` for a user's own pytest - `pytest_plugins = ["ivr.simulator.fixture"]` in the root conftest.py.

    def test_sales(dial):
        dial(app, "/voice").hear("For sales, press one").press("1").hear("Thank you").ends()

No sockets and no threads: the app is called in this process, and twenty minutes in a queue take no time.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.simulator.conversation import Conversation, dialled


@pytest.fixture
def dial() -> Callable[..., Conversation]:
    """Call a WSGI app, or the URL of one that runs; see ivr.simulator.conversation.dialled."""
    return dialled
