"""Lookups: another system is asked while the caller waits a moment, and nobody waits longer than that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.menu.tree import Lookup
from tests.ivr.shop import Server, a_shop
from tests.ivr.whole.world import World, heard


@pytest.fixture(name="shop")
def a_shop_on_this_machine() -> Iterator[Server]:
    with a_shop() as shop:
        yield shop


@pytest.fixture(name="world")
def a_world_that_asks_the_shop(tmp_path: Path, shop: Server) -> Iterator[World]:
    world = World(tmp_path)
    ask(world, f"{shop.url}/orders/{{order_number}}")
    yield world
    assert world.troubles() == []
    world.close()


def ask(world: World, url: str) -> None:
    """Let the tree that is in memory ask another address: one of this machine stands in no hotline."""
    hotlines = world.application.switchboard.hotlines
    (tree,) = hotlines.current()
    lookup = tree.nodes["shop"]
    assert isinstance(lookup, Lookup)
    nodes = {**tree.nodes, "shop": replace(lookup, url=url, budget_s=0.5)}
    hotlines._make_current(tree.hotline, replace(tree, nodes=nodes))
    hotlines._trees[tree.version] = replace(tree, nodes=nodes)


def test_what_is_found_is_said_and_chooses_the_way(world, shop):
    line = world.ring("1", "471234")
    assert shop.asked == ["/orders/471234"]
    said = [each.text for each in line.heard][-3:]
    assert said == ["One moment.", "3 parcels are on their way.", "Goodbye."]
    assert world.call_of(line).noted == {"status": "shipped", "parcels": "3"}


@pytest.mark.parametrize("path", ["broken", "error", "elsewhere", "huge", "drip", "late"])
def test_without_an_answer_the_call_goes_the_other_way(world, shop, path):
    ask(world, f"{shop.url}/{path}/{{order_number}}")
    line = world.ring("1", "471234")
    assert "parcel" not in heard(line)
    assert heard(line, 1) == "Goodbye."


def test_without_what_stands_in_the_address_nobody_is_asked(world, shop):
    ask(world, f"{shop.url}/orders/{{customer}}")
    assert heard(world.ring("1", "471234"), 1) == "Goodbye."
    assert shop.asked == []


def test_a_lookup_that_is_lost_holds_nobody_up(world, monkeypatch):
    world.application.switchboard._after_commit = lambda order: None  # the process dies before it asks
    line = world.ring("1")
    begun = world.network.now()
    world.press(line, "471234")
    assert heard(line, 1) == "Goodbye."
    assert (world.network.now() - begun).total_seconds() < 10


def test_what_was_typed_cannot_change_where_is_asked(world, shop):
    ask(world, f"{shop.url}/orders/{{order_number}}?q={{order_number}}")
    world.ring("1", "471234")
    assert shop.asked == ["/orders/471234?q=471234"]


def test_what_was_found_is_kept_nowhere_but_with_the_call(world):
    line = world.ring("1", "471234")
    with world.application.switchboard.store.look() as tx:
        assert tx.lookups.of_call(line.sid) is None
