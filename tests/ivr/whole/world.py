"""World: the whole hotline with a carrier that nobody else uses, its callers and its representatives."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from ivr.commands.joined import Joined
from ivr.simulator.desk_client import DeskClient
from ivr.simulator.line import Line
from recordings.tones import beep
from recordings.wav import wav

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER, CALLED, CALLED_DE = "+4915112345678", "+498005550199", "+498005550198"


class World(Joined):
    """The whole hotline, joined to its carrier."""

    def __init__(self, folder: Path, text: str | None = None) -> None:
        self.folder = folder / "menus" / "whole"
        (self.folder / "recordings").mkdir(parents=True)
        shutil.copy(Path(__file__).with_name("hotline.yaml"), self.folder)
        if text is not None:
            (self.folder / "hotline.yaml").write_text(text, "utf-8")
        (self.folder / "recordings" / "welcome.wav").write_bytes(wav(beep()))
        super().__init__(folder / "menus", NOW, 1, folder / "data")

    def rewrite(self, old: str, new: str) -> None:
        """Change the hotline's text."""
        path = self.folder / "hotline.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1, old
        path.write_text(text.replace(old, new), "utf-8")

    def ring(self, *keys: str, caller: str = CALLER, called: str = CALLED) -> Line:
        """Somebody calls and presses these keys, one group at each question; "" lets the time run out."""
        line = self.network.call(caller, called)
        self.network.run_until(lambda: settled(line))
        for group in keys:
            self.press(line, group)
        return line

    def press(self, line: Line, keys: str) -> None:
        """Press keys (none: let the time run out), then let happen what follows, up to the next question or wait."""
        asked = len(self.network.webhooks)
        if keys:
            line.press(keys)
        self.network.run_until(lambda: len(self.network.webhooks) > asked and settled(line))

    def say(self, line: Line, words: str) -> None:
        """Say something, as one might press a key."""
        asked = len(self.network.webhooks)
        line.speak(words)
        self.network.run_until(lambda: len(self.network.webhooks) > asked and settled(line))

    def call_of(self, line: Line):
        """The call as it is stored."""
        with self.application.switchboard.store.look() as tx:
            return tx.call(line.sid)

    def at_the_desk(self, name: str, **skills: int) -> DeskClient:
        """A representative who is ready."""
        password = self.hire(name, skills)
        session = self.desk().session()
        assert session.login(name, password).fine
        assert session.post("/desk/api/ready").fine
        return session

    def accept(self, desk: DeskClient) -> None:
        """Take what is offered."""
        offer = desk.state().body["offer"]
        assert offer, "nothing is offered"
        assert desk.post(f"/desk/api/offers/{offer['id']}/accept").fine

    def troubles(self) -> list[str]:
        """What the carrier complained of, and what it asked in vain."""
        found = [f"{each.kind}: {each.text}" for each in self.network.trace if each.kind in ("error", "warning")]
        return found + [
            f"{each.url} -> {each.status or each.error}"
            for each in self.network.webhooks
            if each.status not in (200, 204)
        ]


def settled(line: Line) -> bool:
    """Whether it is the caller's turn, or they wait, talk, or are gone."""
    return line.awaits_input or line.over or bool(line.queue) or line.state in ("bridged", "in conference", "dialling")


def heard(line: Line, last: int | None = None) -> str:
    """What the caller heard, or the last few pieces of it."""
    return " | ".join(each.text for each in (line.heard[-last:] if last else line.heard))
