"""Kinds of contacts in a hotline's YAML: what agents have at once, what comes between, and in which order."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from ivr.hotlines import Hotlines
from ivr.menu.hotline import examine_folder
from ivr.store import Store
from routing import distributor as d
from routing.agent import Agent
from routing.contact import Contact
from routing.kind import KINDS

MENUS = Path(__file__).parents[2] / "menus"
LETTERS = """\
contacts:
  call: {interrupts: [email, letter]}
  email: {at_once: 1, head_start_s: -60}
  letter:
    name: {en: a letter, de: ein Brief, sr: писмо, es: una carta}
    at_once: 2
    head_start_s: -3600
"""


class Day:
    """A store whose clock is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
        ids = count()
        self.store = Store(f"sqlite:///{folder}/dialtree.db", lambda: self.now, lambda: f"{next(ids):032x}")

    def comes(self, name: str, kind: str) -> list:
        self.now += timedelta(seconds=1)
        with self.store.transaction() as tx:
            return d.enter(tx.floor, Contact(name, "claims", {}, kind=kind), tx.now)

    def takes(self, name: str) -> None:
        with self.store.transaction() as tx:
            offer = tx.floor.live_offer(name)
            assert isinstance(d.accept(tx.floor, offer.id, "anna", tx.now), list)

    def asked(self) -> str | None:
        with self.store.look() as tx:
            offer = tx.floor.offer_of("anna")
            return offer.contact if offer and offer.state == "open" else None


@pytest.fixture(name="menus")
def a_copy_of_the_menus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MENUS, tmp_path / "menus"))


@pytest.fixture(name="day")
def a_day(tmp_path: Path) -> Iterator[Day]:
    day = Day(tmp_path)
    with day.store.transaction() as tx:
        tx.floor.add(Agent("anna", skills={"claims": 3}))
    yield day
    day.store.close()


def opened(menus: Path, store: Store) -> Hotlines:
    hotlines = Hotlines(menus, store)
    store.queues, store.kinds = hotlines.queues, hotlines.kinds
    store.reckon_room()
    return hotlines


def ready(day: Day) -> None:
    with day.store.transaction() as tx:
        d.log_in(tx.floor, "anna", tx.now)
        d.ready(tx.floor, "anna", tx.now)


def test_without_a_word_of_them_the_kinds_are_as_they_always_were(menus: Path, day: Day) -> None:
    assert dict(opened(menus, day.store).kinds()) == dict(KINDS)


def test_a_hotline_says_how_many_an_agent_has_at_once_and_in_which_order(menus: Path, day: Day) -> None:
    (menus / "acme" / "contacts.yaml").write_text(LETTERS, "utf-8")
    hotlines = opened(menus, day.store)
    assert hotlines.kind_name("letter")["de"] == "ein Brief"
    assert hotlines.kind_name("email") is None
    ready(day)
    day.comes("l1", "letter")
    day.takes("l1")
    day.comes("l2", "letter")
    day.takes("l2")
    day.comes("l3", "letter")
    assert day.asked() is None, "two at once, and no more"
    day.comes("c1", "call")
    assert day.asked() == "c1", "a call comes between"


def test_the_order_between_kinds_is_by_time_so_that_what_is_old_enough_comes_first(menus: Path, day: Day) -> None:
    (menus / "acme" / "contacts.yaml").write_text(LETTERS, "utf-8")
    opened(menus, day.store)
    ready(day)
    with day.store.transaction() as tx:
        d.pause(tx.floor, "anna", "lunch", tx.now)
    day.comes("l1", "letter")
    day.comes("e1", "email")
    with day.store.transaction() as tx:
        places = [tx.floor.contact(name).rank for name in ("e1", "l1")]
    assert places == sorted(places), "the e-mail that came after it is before the letter"
    ready(day)
    assert day.asked() == "e1"


def test_a_change_that_is_saved_holds_for_who_is_free_already(menus: Path, day: Day) -> None:
    hotlines = opened(menus, day.store)
    ready(day)
    (menus / "acme" / "contacts.yaml").write_text(LETTERS, "utf-8")
    hotlines.refresh()
    day.comes("l1", "letter")
    assert day.asked() == "l1"


def test_what_no_hotline_has_any_more_is_kept_for_those_who_still_wait(menus: Path, day: Day) -> None:
    path = menus / "acme" / "contacts.yaml"
    path.write_text(LETTERS, "utf-8")
    hotlines = opened(menus, day.store)
    path.unlink()
    hotlines.refresh()
    assert hotlines.kinds()["email"] == KINDS["email"]
    assert not hotlines.kinds()["letter"].legs


def test_the_example_with_letters_is_free_of_faults(menus: Path) -> None:
    (menus / "acme" / "contacts.yaml").write_text(LETTERS, "utf-8")
    examined = examine_folder(menus / "acme")
    assert examined.faults == ()
    assert examined.tree.contacts["letter"].kind.capacity == 2


def test_somebody_may_have_more_letters_at_once_than_the_others(
    menus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from ivr.commands.agent import agent

    (menus / "acme" / "contacts.yaml").write_text(LETTERS, "utf-8")
    monkeypatch.setitem(os.environ, "DIALTREE_MENUS", str(menus))
    monkeypatch.setitem(os.environ, "DIALTREE_DATA", str(tmp_path / "data"))
    given = ["add", "anna", "--skill", "claims:3", "--generate", "--at-once"]
    assert CliRunner().invoke(agent, [*given, "letter:5"]).exit_code == 0
    refused = CliRunner().invoke(agent, [*given, "telegram:5"])
    assert refused.exit_code == 2
    assert "letter:0 to 25" in refused.output
