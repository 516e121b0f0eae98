"""The same day twice: through webhooks, desks and the database, and through the floor in memory alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from routing import distributor as d
from routing.contact import Contact
from routing.store.tables import events
from tests.ivr.whole.world import World
from tests.routing.centre import Centre

STRATEGIES = ("longest_idle", "fewest_calls", "ring_all")


def scripted_day(world: World) -> None:
    """Ten callers and three representatives, who accept, decline, take breaks, let it ring; callers who give up."""
    desks = [world.at_the_desk(name, claims=level) for name, level in (("anna", 5), ("bert", 4), ("carl", 1))]
    lines = []
    for number in range(10):
        lines.append(world.ring("4", caller=f"+4915112345{number:03}"))
        for place, desk in enumerate(desks):
            state = desk.state().body
            if offer := state["offer"]:
                answer = "decline" if (number + place) % 4 == 3 else "accept"
                desk.post(f"/desk/api/offers/{offer['id']}/{answer}")
        world.network.advance(3)
        for line in lines:
            if line.state == "in conference" and number % 2:
                line.hang_up()
        match number:
            case 3:
                desks[0].post("/desk/api/pause", {"reason": "lunch"})
            case 5:
                desks[0].post("/desk/api/ready")
            case 6:
                next(line for line in lines if line.queue).hang_up()
    world.network.advance(60)
    for line in lines:
        if not line.over:
            line.hang_up()
    world.network.advance(120)


def told(world: World) -> list:
    with world.application.switchboard.store.look() as tx:
        return list(tx.connection.execute(select(events).order_by(events.c.seq)))


def replayed(world: World) -> list[tuple[str, str]]:
    """What people and carrier did, done again to a floor in memory: who is offered whom is its own affair."""
    centre = Centre(world.application.switchboard.store.queues())
    with world.application.switchboard.store.look() as tx:
        for agent in tx.floor.agents():
            centre.hire(agent.name, agent.skills, ring_at=agent.ring_at)
        came = {row.about: tx.floor.contact(row.about) for row in told(world) if row.what == "entered"}
    tree = world.application.switchboard.hotlines.current()[0]
    relax = tuple((step.after_s, dict(step.needs)) for step in tree.queues["claims"].relax)
    contacts = {
        id: Contact(id, it.queue, dict(tree.nodes["line"].needs), call=it.call, relax=relax, who=it.who)
        for id, it in came.items()
    }
    centre.now = told(world)[0].at
    for event in told(world):
        centre.wait((event.at - centre.now).total_seconds())
        did_again(centre, event, contacts)
    return centre.asked()


def did_again(centre: Centre, event, contacts: dict[str, Contact]) -> None:
    """One thing that somebody did; what the distributor did by itself it does by itself again."""
    about = event.about
    match event.what:
        case "logged in":
            centre.do(d.log_in, about)
        case "ready" if centre.state(about) == "paused":
            centre.do(d.ready, about)
        case "paused" if event.fields["why"] == "lunch":
            centre.do(d.pause, about, "lunch")
        case "entered":
            centre.do(d.enter, contacts[about])
        case "accepted":
            centre.do(d.accept, offer_to(centre, about, event.fields["agent"]), event.fields["agent"])
        case "declined":
            centre.do(d.decline, offer_to(centre, about, event.fields["agent"]), event.fields["agent"])
        case "talking":
            centre.do(d.leg_answered, offer_to(centre, about, event.fields["agent"]))
        case "talk ended":
            centre.do(d.talk_ended, about)
        case "abandoned":
            centre.do(d.caller_gone, about)


def offer_to(centre: Centre, contact: str, agent: str) -> str:
    with centre.floor() as floor:
        found = [offer.id for offer in floor.live_offers(contact) if offer.agent == agent]
    assert found, f"in memory {agent} is not asked about {contact}"
    return found[0]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_whole_app_and_the_floor_in_memory_offer_the_same_in_the_same_order(tmp_path, strategy):
    text = Path(__file__).with_name("hotline.yaml").read_text("utf-8")
    world = World(tmp_path, text.replace("    max_length: 2\n", f"    max_length: 20\n    strategy: {strategy}\n"))
    scripted_day(world)
    offered = [(row.about, row.fields["agent"]) for row in told(world) if row.what == "offered"]
    assert len({contact for contact, _ in offered}) >= 8
    assert {row.what for row in told(world)} >= {"missed", "declined", "abandoned", "paused", "relaxed", "talk ended"}
    assert replayed(world) == offered
    world.close()
