"""Nodes: at every moment as many calls are at each node of the menu as came to it less those who left."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from ivr.call import CallState
from ivr.commands.joined import Joined
from routing.store.tables import events
from tests import played

HOTLINE = "+18005550142"
KEYS = ("1", "2", "2", "3", "0", "*", "#", "471123#", "1", "9")


def entries_less_exits(joined: Joined) -> tuple[Counter[str], Counter[str]]:
    """What the events tell: how many came to each node, and how many of them have left it; where keys were pressed."""
    came, left, at = Counter(), Counter(), {}
    with joined.application.switchboard.store.look() as tx:
        rows = tx.connection.execute(select(events).order_by(events.c.seq)).all()
    for row in rows:
        if row.what in ("came to", "ended") and row.about in at:
            left[at.pop(row.about)] += 1
        if row.what == "came to":
            at[row.about] = row.fields["node"]
            came[row.fields["node"]] += 1
        if row.what == "pressed":
            assert at[row.about] == row.fields["node"], "a key was pressed where the caller was not"
    return came, left


def conserved(joined: Joined) -> Counter[str]:
    """Entries are exits and calls now there, for each node; how many came."""
    came, left = entries_less_exits(joined)
    with joined.application.switchboard.store.look() as tx:
        calls = played.calls_of(joined, tx)
    now = Counter(call.node for call in calls if call.state is not CallState.ENDED and call.node)
    assert came == left + now, f"came {came}, left {left}, there now {now}"
    return came


@pytest.mark.parametrize("seed", range(2))
def test_who_came_to_a_node_has_left_it_or_is_there(seed, tmp_path, monkeypatch):
    played.log_in_cheaply(monkeypatch)
    dice, lines = Random(seed), []  # noqa: S311 - no secrets here
    with played.hotline(tmp_path) as joined:
        for _ in range(90):
            here = [line for line in lines if not line.over]
            if len(here) < 4 and len(lines) < 12:
                lines.append(joined.network.call(f"+49151123456{len(lines):02}", HOTLINE))
            elif here and dice.random() < 0.06:
                dice.choice(here).hang_up()
            elif listening := [line for line in here if line.listening]:
                dice.choice(listening).press(dice.choice(KEYS))
            joined.network.advance(dice.choice((0.5, 2, 6)))
            conserved(joined)
        for line in lines:
            if not line.over:
                line.hang_up()
        played.let_it_end(joined)
        came = conserved(joined)
        assert entries_less_exits(joined)[1] == came, "nobody is there when all is over"
        assert len(came) >= 4, f"they came no further than {sorted(came)}"
