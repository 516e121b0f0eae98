"""Our own hotline and the simulated carrier, joined in this process: the one place where both are known."""

from __future__ import annotations

import atexit
import random
import secrets
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ivr.commands.hire import hire
from ivr.fetch import fetch_json
from ivr.menu.tree import Tree
from ivr.settings import DATABASE, Settings
from ivr.simulator.desk_client import Desk
from ivr.simulator.network import Network
from ivr.simulator.transport import WsgiApp
from ivr.store import Store
from ivr.web.app import Application, create_app
from recordings.sounds import Sounds

PUBLIC_URL = "https://hotline.example"


@cache
def _sounds() -> Sounds:
    """Hold music takes half a second to make and is always the same: the simulations of one process share it."""
    folder = tempfile.TemporaryDirectory(prefix="dialtree-sounds-")
    atexit.register(folder.cleanup)
    return Sounds(Path(folder.name))


@cache
def _empty_database() -> bytes:
    """A database as the migrations leave it: they take half a second, and each simulation needs one of its own."""
    with tempfile.TemporaryDirectory(prefix="dialtree-empty-") as folder:
        there = Path(folder) / DATABASE
        Store(f"sqlite:///{there}", lambda: datetime.now(UTC), str).close()
        return there.read_bytes()


class Joined:
    """A network whose numbers are answered by our own application, on one virtual clock; orders are done at once."""

    def __init__(
        self,
        menus: Path,
        start: datetime,
        seed: int,
        data: Path,
        chaos: str = "",
        look_up: Callable[[str, float, bool], Any] = fetch_json,
    ) -> None:
        """`chaos` is what the network does wrong on purpose; `look_up` answers in place of other systems."""
        self.network = Network(start, seed=seed, chaos=chaos)
        self._look_up = look_up
        self.settings = Settings(
            self.network.account_sid,
            self.network.auth_token,
            PUBLIC_URL,
            data,
            menus,
            carrier_url=PUBLIC_URL,
            simulated=True,
        )
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (data / DATABASE).exists():
            (data / DATABASE).write_bytes(_empty_database())
        self._dice = random.Random(seed + 1)  # noqa: S311 - ids that repeat from the seed, not secrets
        self.application = self._application()
        for tree in self.application.switchboard.hotlines.current():
            for number in tree.numbers:
                self.network.number(number, *(f"{PUBLIC_URL}/voice{door}" for door in ("", "/fallback", "/status")))
        self.network.attend(
            lambda: self.application.switchboard.next_deadline(), lambda: self.application.switchboard.tick()
        )

    def restart(self) -> None:
        """Throw the application away and build it anew from what it has stored."""
        self.application.close()
        self.application = self._application()

    def desk(self) -> Desk:
        """The desk's door for simulated representatives; who is hired gets an account with what the tree asks for."""
        return Desk(self, PUBLIC_URL, self.hire)

    def request(self, *request: object) -> object:
        """Reach the application as it is now; a restart may have replaced the one of a moment ago."""
        return self.network.app.request(*request)

    def hire(self, name: str, skills: Mapping[str, int]) -> str:
        """Make an account and an agent, or find them, and give them a new password; no skills: every skill there is."""
        switchboard, password = self.application.switchboard, secrets.token_urlsafe(16)
        hire(switchboard.store, switchboard.hotlines.current(), name, skills, password)
        return password

    def prompts(self, node: str, language: str) -> list[str]:
        """What a node says in a language, as written in the tree; empty when there is no such node."""
        trees = self.application.switchboard.hotlines.current()
        found = [tree.nodes[node] for tree in trees if node in tree.nodes]
        return [it.words[language] for it in found if getattr(it, "words", None)]

    def node_of(self, call_sid: str) -> tuple[Tree, str] | None:
        """The tree that a call goes through and the node that it is at; None when we know nothing of it."""
        switchboard = self.application.switchboard
        with switchboard.store.look() as tx:
            call = tx.call(call_sid)
        trees = (tree for tree in switchboard.hotlines.current() if call and call.node in tree.nodes)
        return next(((tree, call.node) for tree in trees), None)

    def close(self) -> None:
        """Let the application go."""
        self.application.close()

    def _application(self) -> Application:
        application = create_app(
            self.settings,
            clock=self.network.now,
            new_id=lambda: f"{self._dice.getrandbits(128):032x}",
            carrier_http=self.network.rest_transport,
            after_commit=lambda order: order(),
            sounds=_sounds(),
            look_up=self._look_up,
        )
        self.network.app = WsgiApp(application.wsgi, PUBLIC_URL)
        return application
