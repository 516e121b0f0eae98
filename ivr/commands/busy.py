"""Busy: a working day that goes by tenfold - callers who ring and representatives who answer, all of them simulated."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ivr.commands.busy_callers import Callers
from ivr.commands.busy_desks import Desks, Seat
from ivr.hotlines import Hotlines
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.network import Network
from ivr.simulator.transport import HttpApp
from ivr.store import Store

SPEED = 10
LOOK_EVERY_S = 0.25
"""In real time: two and a half seconds of the busy day."""

CALL_EVERY_S = 19.0
"""Seconds from one call to the next in the mean: as many as these people can just take, and at noon a few more."""

AGENTS = ("amira", "bruno", "carla", "dejan", "elif", "franz", "goran", "hanna")

log = logging.getLogger(__name__)


@contextmanager
def busy_day(network: Network, store: Store, menus: Path, app_url: str, passwords: Mapping[str, str]) -> Iterator[None]:
    """Let it happen while the block runs. `passwords` are those of the representatives who are at work."""
    dice = random.Random()  # noqa: S311 - how a day goes, no secret
    hotlines = Hotlines(menus, store)
    numbers = [number for tree in hotlines.current() for number in tree.numbers]
    callers = Callers(network, store, hotlines, dice, CALL_EVERY_S, numbers)
    seats = [Seat(name, DeskClient(HttpApp(), app_url), word) for name, word in passwords.items()]
    desks = Desks(seats, hotlines.current, network.now, dice)
    over = threading.Event()

    def live() -> None:
        desks.open()
        while not over.wait(LOOK_EVERY_S):
            for look in (callers.look, desks.look):
                try:
                    look()
                except Exception:
                    # A restart of the hotline, a database that is locked: the day goes on.
                    log.warning("the busy day stumbled and goes on", exc_info=True)

    thread = threading.Thread(target=live, name="busy day", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(5)
