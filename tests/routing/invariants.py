"""Invariants: what must be true of the floor after every step, each rule a function with its number and its name.

They are written from the rules, not from the distributor, and look at a `Ledger`, which keeps its own account of who
waits and who is free. `STEP` are looked at after every step and read what it touched and whatever waits or is free;
`WHOLE` count everything, every so many steps; `END` hold when all have gone home. `ELSEWHERE` says which tests hold the
rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Offered, Reserved
from routing.figures import figures, passages_of_events, passages_of_rows
from routing.kind import CONSULT
from routing.needs import plain
from routing.offer import OfferState
from routing.queue import CLOSED, Strategy
from routing.shifts import shifts_of_events
from tests.routing.simulation.ledger import CHOSEN, MICROSECOND, Ledger, Step, deadlines, snapshot

Rule = Callable[[Ledger, Step], None]
STEP: list[Rule] = []
WHOLE: list[Rule] = []
END: list[Rule] = []
NUMBERS: dict[int, str] = {}
TRANSFERS_MAX = 5
SEVERAL = (Strategy.RING_ALL, Strategy.RING_PROGRESSIVELY)
NOT_OVER = (OfferState.OPEN, OfferState.ACCEPTED)


class Violated(AssertionError):
    """A rule does not hold: its number, its name, and who is concerned."""


def rule(number: int, when: list[Rule]) -> Callable[[Rule], Rule]:
    """Take a function up as the rule of this number."""

    def taken(function: Rule) -> Rule:
        NUMBERS[number] = f"{NUMBERS[number]} {function.__name__}" if number in NUMBERS else function.__name__
        when.append(function)
        return function

    return taken


def holds(true: object, said: str) -> None:
    if not true:
        raise Violated(said)


def check(rules: list[Rule], ledger: Ledger, step: Step) -> None:
    """All of these rules; the first that does not hold is named."""
    for each in rules:
        try:
            each(ledger, step)
        except Violated as wrong:
            number = next(number for number, name in NUMBERS.items() if each.__name__ in name.split())
            raise Violated(f"{number} {each.__name__}: {wrong}") from None


# -- the rules of who can take what, said again ----------------------------------------------------------------------


def meets(skills: dict[str, int], needs: dict) -> bool:
    """`any`: one of them; `not`: none of that; a skill: at that level at least."""
    if not all(any(meets(skills, one) for one in wanted) for name, wanted in needs.items() if name == "any"):
        return False
    if any(meets(skills, wanted) for name, wanted in needs.items() if name == "not"):
        return False
    return not [s for s, level in needs.items() if s not in ("any", "not") and skills.get(s, 0) < level]


def could_take(ledger: Ledger, agent: Agent, contact: Contact) -> bool:
    """Skills, capacity, the tiers that are open to the contact, whom it prefers, and who is not asked again yet."""
    if agent.name in contact.spares:
        return False
    if contact.preferred and contact.preferred != agent.name:
        return False
    tiers = ledger.queues[contact.queue].tiers[: max(contact.reach, 1)]
    if tiers and not contact.preferred and not {tier.group for tier in tiers} & {agent.name, *agent.groups}:
        return False
    return agent.capacity.get(contact.kind, 1) > 0 and meets(agent.skills, contact.needs)


def has_room(ledger: Ledger, agent: Agent, contact: Contact) -> bool:
    """Available, not at rest, and nothing in hand that this kind may not come between."""
    if agent.state is not AgentState.AVAILABLE or agent.rests_until:
        return False
    kind = ledger.kinds[contact.kind]
    most = 1 if kind.live else agent.capacity.get(kind.name, kind.capacity)
    others = [name for name, many in agent.holds.items() if many and name != kind.name]
    return agent.holds.get(kind.name, 0) < most and set(others) <= set(kind.interrupts)


def offered(step: Step) -> list[Offered | Reserved]:
    """What was decided in this step: not that somebody has come for whom an agent was kept free before."""
    come = step.details[0] if step.door == "caller_here" else None
    made = [effect for effect in step.effects if isinstance(effect, Offered | Reserved)]
    return [effect for effect in made if effect.offer.contact != come]


def kept_free(ledger: Ledger, contact: Contact) -> bool:
    """Whether somebody who is away has one agent at most, who has not been asked yet."""
    live = list(ledger.live_of_contact[contact.id].values())
    return len(live) <= 1 and all(offer.state is OfferState.OPEN for offer in live)


def line_place(contact: Contact) -> tuple[float, int]:
    """The place, worked out again: entry less all head starts, then order of entry."""
    return (contact.rank.timestamp(), contact.seq)


# -- safety: after every step ----------------------------------------------------------------------------------------


@rule(1, STEP)
def one_state(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        live = list(ledger.live_of_contact[contact.id].values())
        talks = [offer for offer in live if offer.connected_at]
        expected = ContactState.TALKING if talks else ContactState.OFFERED if live else None
        if expected:
            holds(contact.state is expected, f"{contact.id} is {contact.state}, its offers say {expected}")
        else:
            holds(contact.state in (ContactState.WAITING, ContactState.DONE), f"{contact.id} is a ghost")


@rule(2, STEP)
def one_end(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        done = contact.state is ContactState.DONE
        holds(done == (contact.outcome is not None) == (contact.ended_at is not None), f"{contact.id} half ended")
        if done:
            talked = contact.outcome in (Outcome.SERVED, Outcome.TRANSFERRED, Outcome.NOT_REACHED)
            holds(talked or contact.talking_at is None, f"{contact.id} talked and is {contact.outcome}")
            seen = (contact.outcome, contact.ended_at, contact.talking_at, contact.why)
            holds(ledger.over.setdefault((Contact, contact.id), seen) == seen, f"{contact.id} ended twice")


@rule(3, STEP)
def no_lost(ledger: Ledger, step: Step) -> None:
    lost = [contact_id for contact_id in ledger.told if contact_id not in ledger.contacts]
    holds(not lost, f"{lost} came and are not here")
    ledger.told.clear()


@rule(4, STEP)
def no_double_talk(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        taken = [o.id for o in ledger.live_of_contact[contact.id].values() if o.state is OfferState.ACCEPTED]
        holds(len(taken) <= 1, f"{contact.id} is taken by {taken}")


@rule(5, STEP)
def no_double_offer(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        live = list(ledger.live_of_contact[contact.id].values())
        queue = ledger.queues[contact.queue]
        most = queue.ring_max if queue.strategy in SEVERAL else 1
        holds(len(live) <= most, f"{contact.id} has {len(live)} live offers")
        taken = any(offer.state is OfferState.ACCEPTED for offer in live)
        holds(not taken or len(live) == 1, f"{contact.id} is taken and still rings {len(live) - 1} others")
        holds(not contact.away or kept_free(ledger, contact), f"{contact.id} is away, and {len(live)} are asked")
    asked = [effect.contact.id for effect in step.effects if isinstance(effect, Offered) and effect.contact.away]
    holds(not asked, f"somebody was asked about {asked}, who are not here")


@rule(6, STEP)
def capacity(ledger: Ledger, step: Step) -> None:
    for agent in step.agents:
        live = ledger.live_of_agent[agent.name].values()
        held = Counter(o.kind for o in live if not o.live_kind and o.state is OfferState.ACCEPTED)
        holds(held == Counter({k: n for k, n in agent.holds.items() if n}), f"{agent.name} holds {agent.holds}: {held}")
        for kind, many in held.items():
            most = agent.capacity.get(kind, ledger.kinds[kind].capacity)
            holds(many <= most, f"{agent.name} has {many} of {kind}, {most} at most")


@rule(7, STEP)
def one_voice(ledger: Ledger, step: Step) -> None:
    for agent in step.agents:
        live = ledger.live_of_agent[agent.name].values()
        voices = [offer.id for offer in live if offer.live_kind]
        holds(len(voices) <= 1, f"{agent.name} has {voices}")
        asked = [offer.id for offer in live if offer.state is OfferState.OPEN]
        holds(len(asked) <= 1, f"{agent.name} is asked {asked}")


@rule(8, STEP)
def offer_end(ledger: Ledger, step: Step) -> None:
    for offer in step.offers:
        over = offer.state not in NOT_OVER
        holds(not over or (offer.ended_at and not offer.expires_at), f"{offer.id} is {offer.state} and not over")
        holds(not over or offer.connected_at is None, f"{offer.id} talked and is {offer.state}")
        holds(offer.state is not OfferState.OPEN or (offer.expires_at and not offer.ended_at), f"{offer.id} never ends")
        if offer.ended_at:
            seen = (offer.state, offer.ended_at, offer.connected_at)
            holds(ledger.over.setdefault((type(offer), offer.id), seen) == seen, f"{offer.id} ended twice")
    if step.ticked:
        late = [offer.id for offer in ledger.live.values() if _late(offer.expires_at, step)]
        holds(not late, f"{late} should have ended")


@rule(9, STEP)
def skill(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        right = ledger.needs[contact.id]
        holds(plain(contact.needs) == right, f"{contact.id} needs {contact.needs}, its events say {right}")
    for effect in offered(step):
        agent, contact = ledger.agents[effect.offer.agent], ledger.contacts[effect.offer.contact]
        if effect.offer.live and not _by_hand(effect):
            holds(could_take(ledger, agent, contact), f"{agent.name} cannot take {contact.id}")


@rule(10, STEP)
def state_ok(ledger: Ledger, step: Step) -> None:
    for thing, verb, before in step.touched:
        if isinstance(thing, Agent) and verb == "offer":
            holds(before is AgentState.AVAILABLE, f"{thing.name} was {before} and is asked")
            holds(thing.rests_until is None, f"{thing.name} is at rest and is asked")


@rule(11, STEP)
def paused_queue(ledger: Ledger, step: Step) -> None:
    for effect in offered(step):
        queue = effect.offer.queue
        holds(
            queue not in ledger.paused or _by_hand(effect), f"{effect.offer.contact} is offered and {queue} is paused"
        )


@rule(11, STEP)
def closed_queue(ledger: Ledger, step: Step) -> None:
    """Nobody gets in, unless the same conversation was there already; who waits there may still be served."""
    for event in step.events:
        if event.what == "entered" and event.fields["queue"] in ledger.closed:
            before = ledger.contacts.get(event.fields.get("after", ""))
            stays = before is not None and before.queue == event.fields["queue"]
            out = ledger.contacts[event.about].why == CLOSED
            holds(stays or out, f"{event.about} came into {event.fields['queue']}, which is closed")
        into = event.fields.get("to") if event.what == "moved" else None
        holds(into not in ledger.closed, f"{event.about} was moved into {into}, which is closed")


@rule(12, STEP)
def fifo(ledger: Ledger, step: Step) -> None:
    for effect in offered(step):
        one = ledger.contacts[effect.offer.contact]
        for other in ledger.waiting.values():
            same = (one.queue, one.kind, one.needs, one.reach, one.preferred) == (
                other.queue, other.kind, other.needs, other.reach, other.preferred
            ) and one.head_start_s == other.head_start_s  # fmt: skip
            moved = {one.id, other.id} & ledger.moved or effect.offer.agent in other.spares
            holds(not same or moved or _by_hand(effect) or one.seq < other.seq, f"{one.id} before {other.id}")


@rule(13, STEP)
def prio(ledger: Ledger, step: Step) -> None:
    for effect in offered(step):
        one, agent = ledger.contacts[effect.offer.contact], ledger.agents[effect.offer.agent]
        for other in ledger.waiting.values():
            if other.queue in ledger.paused or _by_hand(effect) or not could_take(ledger, agent, other):
                continue
            room = _room_before(ledger, agent, effect.offer.kind, other)
            holds(not room or line_place(one) < line_place(other), f"{other.id} was passed over for {one.id}")


@rule(14, STEP)
def no_barge(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        own = ledger.ranks[contact.id]
        holds(contact.rank == own, f"{contact.id} stands at {contact.rank}, not at {own}")
        kept = ledger.places.setdefault(contact.id, contact.seq)
        holds(kept == contact.seq, f"{contact.id} came as number {kept} and is number {contact.seq}")


CONTACT_FOLD = {
    "entered": "waiting", "offered": "offered", "returned": "waiting", "talking": "talking", "talk ended": "done",
    "abandoned": "done", "overflowed": "done", "left": "done", "transferred": "done", "not reached": "done",
}  # fmt: skip


@rule(15, STEP)
def event_order(ledger: Ledger, step: Step) -> None:
    for event in step.events:
        if event.what in CONTACT_FOLD and event.about in ledger.contacts:
            ledger.folded[event.about] = CONTACT_FOLD[event.what]
    for contact in step.contacts:
        told = ledger.folded.get(contact.id)
        holds(contact.state == told, f"{contact.id} is {contact.state}, its events say {told}")


EDGES = {
    ("waiting", "offered"), ("offered", "waiting"), ("talking", "waiting"), ("offered", "talking"),
    ("talking", "done"), ("waiting", "done"), ("offered", "done"),
}  # fmt: skip


@rule(16, STEP)
def monotone(ledger: Ledger, step: Step) -> None:
    ways: dict[str, list[str]] = {}
    for thing, verb, before in step.touched:
        if isinstance(thing, Contact) and verb != "add":
            ways.setdefault(thing.id, []).append(str(before))
    for contact in step.contacts:
        way = [*ways.get(contact.id, ()), str(contact.state)]
        wrong = [edge for edge in pairwise(way) if edge[0] != edge[1] and edge not in EDGES]
        holds(not wrong, f"{contact.id} went {wrong}")


@rule(23, STEP)
def agent_truth(ledger: Ledger, step: Step) -> None:
    for agent in step.agents:
        live = list(ledger.live_of_agent[agent.name].values())
        voice = next((o for o in live if o.live_kind), None)
        asked = next((o for o in live if o.state is OfferState.OPEN), voice)
        if voice and voice.connected_at:
            expected = (AgentState.TALKING,)
        elif asked:
            expected = (AgentState.OFFERED,)
        else:
            expected = tuple(set(AgentState) - {AgentState.OFFERED, AgentState.TALKING})
        holds(agent.state in expected, f"{agent.name} is {agent.state}, their offers say {[str(s) for s in expected]}")
        taken = voice.contact if voice and voice.state is OfferState.ACCEPTED else None
        wraps = agent.state is AgentState.WRAP_UP
        holds(agent.contact == taken or (wraps and agent.contact), f"{agent.name} has {agent.contact}, not {taken}")
        holds(wraps == (agent.wrap_up_until is not None), f"{agent.name}: wrap-up without end, or an end without it")
        out = agent.state is AgentState.LOGGED_OUT
        holds(not (out and live), f"{agent.name} has left and still has {[offer.id for offer in live]}")
        busy = live or wraps
        holds(busy or agent.then is None, f"{agent.name} has nothing in hand and is yet to become {agent.then}")


@rule(23, STEP)
def as_before(ledger: Ledger, step: Step) -> None:
    """Who was called from a break is on it again, and what was parked goes on, when that is over."""
    for agent in step.agents:
        if agent.state is AgentState.AVAILABLE:
            holds(agent.name not in ledger.on_break, f"{agent.name} was on a break and is free")
            left = [c for c in (o.contact for o in ledger.live_of_agent[agent.name].values()) if c in ledger.parked]
            holds(not left, f"{agent.name} is free and {left} still rest")


@rule(33, STEP)
def no_idle_match(ledger: Ledger, step: Step) -> None:
    if not ledger.free or not ledger.waiting:
        return
    for contact in ledger.waiting.values():
        if contact.queue in ledger.paused:
            continue
        for agent in ledger.free.values():
            idle = has_room(ledger, agent, contact) and could_take(ledger, agent, contact)
            holds(not idle, f"{contact.id} waits and {agent.name} is free")


@rule(35, STEP)
def max_wait(ledger: Ledger, step: Step) -> None:
    if step.ticked:
        late = [c.id for c in ledger.waiting.values() if _late(c.max_wait_at, step)]
        holds(not late, f"{late} wait too long")
    for contact in step.contacts:
        most = contact.entered_at + timedelta(seconds=ledger.queues[contact.queue].max_wait_s)
        moved = contact.id in ledger.moved
        holds(moved or contact.max_wait_at <= most, f"{contact.id} may wait until {contact.max_wait_at}")
        ends = contact.closes_at
        holds(not ends or contact.max_wait_at <= ends, f"{contact.id} may wait until after the queue closes, {ends}")
    for effect in offered(step):
        due = ledger.contacts[effect.offer.contact].max_wait_at
        holds(effect.offer.made_at < due or _by_hand(effect), f"{effect.offer.contact} is offered too late")


@rule(36, STEP)
def no_loop(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        holds(contact.kind == CONSULT or contact.transfers <= TRANSFERS_MAX or contact.id in ledger.moved_by_asking,
              f"{contact.id} was handed on {contact.transfers} times")  # fmt: skip
        most = ledger.queues[contact.queue].offers_max
        holds(contact.rounds <= most or contact.id in ledger.moved, f"{contact.id} was offered {contact.rounds} times")
    for effect in offered(step):
        contact, agent = ledger.contacts[effect.offer.contact], ledger.agents[effect.offer.agent]
        alone = sum(1 for other in offered(step) if other.offer.contact == contact.id) == 1
        if alone and ledger.last_agent.get(contact.id) == agent.name and not _by_hand(effect):
            others = [a.name for a in ledger.free.values() if a.name != agent.name and has_room(ledger, a, contact)
                      and could_take(ledger, a, contact)]  # fmt: skip
            holds(not others, f"{contact.id} went to {agent.name} again, and {others} are free")
    for event in step.events:
        if event.what in ("offered", "accepted"):
            ledger.last_agent[event.about] = event.fields["agent"]


@rule(37, STEP)
def aging(ledger: Ledger, step: Step) -> None:
    for effect in offered(step):
        one, agent = ledger.contacts[effect.offer.contact], ledger.agents[effect.offer.agent]
        for other in ledger.waiting.values():
            if {one.id, other.id} & ledger.moved or other.queue in ledger.paused or _by_hand(effect):
                continue
            able = could_take(ledger, agent, other) and _room_before(ledger, agent, effect.offer.kind, other)
            later_s = (one.entered_at - other.entered_at).total_seconds()
            ahead_s = ledger.head_start_s(one) - ledger.head_start_s(other)
            holds(not able or later_s <= ahead_s, f"{one.id} came {later_s} s later with {ahead_s} s of head start")


@rule(38, STEP)
def heal(ledger: Ledger, step: Step) -> None:
    for contact in step.contacts:
        if contact.state is ContactState.OFFERED:
            ends = [offer.expires_at for offer in ledger.live_of_contact[contact.id].values()]
            holds(all(ends) and ends, f"{contact.id} is offered for ever")
    for agent in step.agents:
        if agent.state is AgentState.OFFERED:
            ends = [offer.expires_at for offer in ledger.live_of_agent[agent.name].values() if not offer.connected_at]
            holds(all(ends) and ends, f"{agent.name} is asked for ever")


@rule(39, STEP)
def wake(ledger: Ledger, step: Step) -> None:
    due = step.next_due
    for at, what in deadlines(step.contacts, step.agents, step.offers):
        holds(due is not None and due <= at, f"{what} is due at {at}, and the next deadline is {due}")


# -- conservation: counted, every so many steps ----------------------------------------------------------------------


@rule(25, WHOLE)
def arrivals(ledger: Ledger, step: Step) -> None:
    states = Counter(contact.state for contact in ledger.contacts.values())
    holds(ledger.counts["entered"] == sum(states.values()), f"{ledger.counts['entered']} came, here are {states}")


@rule(26, WHOLE)
def ended(ledger: Ledger, step: Step) -> None:
    outcomes = Counter(contact.outcome for contact in ledger.contacts.values() if contact.outcome)
    words = {Outcome.ABANDONED: "abandoned", Outcome.OVERFLOWED: "overflowed", Outcome.LEFT: "left"}
    words |= {Outcome.TRANSFERRED: "transferred", Outcome.NOT_REACHED: "not reached"}
    told = {outcome: ledger.counts[what] for outcome, what in words.items()}
    told[Outcome.SERVED] = ledger.counts["talk ended"] - ledger.counts["transferred"]
    told = {outcome: many for outcome, many in told.items() if many}
    holds(dict(outcomes) == told, f"rows say {dict(outcomes)}, events say {told}")


@rule(27, WHOLE)
def offers(ledger: Ledger, step: Step) -> None:
    states = Counter(offer.state for offer in ledger.offers.values())
    made = sum(contact.offers_made for contact in ledger.contacts.values())
    holds(ledger.counts["offered"] == sum(states.values()) == made, f"{ledger.counts['offered']}, {states}, {made}")
    for state in set(OfferState) - set(NOT_OVER):
        told = ledger.counts[state.value.replace("_", " ")]
        holds(told == states[state], f"{states[state]} offers are {state}, {told} events say so")


@rule(28, WHOLE)
def littles_law(ledger: Ledger, step: Step) -> None:
    """The waiting of all, added up person by person, is the length of the lines, added up moment by moment."""
    ledger.time_passes(step.now)
    since: dict[str, datetime] = {}
    waited_us = 0
    for event in ledger.events:
        if event.what == "entered" or (event.what == "returned" and event.about not in since):
            since[event.about] = event.at
        elif CONTACT_FOLD.get(event.what) in ("talking", "done") and event.about in since:
            waited_us += (event.at - since.pop(event.about)) // MICROSECOND
    waited_us += sum((step.now - entered_at) // MICROSECOND for entered_at in since.values())
    holds(ledger.line_us == waited_us, f"the lines stood {ledger.line_us} us, the callers waited {waited_us} us")


@rule(28, WHOLE)
def shifts(ledger: Ledger, step: Step) -> None:
    """What events tell of each agent's time adds up to their time here, and ends with what they are doing."""
    told = shifts_of_events(ledger.events, step.now, ledger.kinds)
    for agent in ledger.agents.values():
        shift = told.get(agent.name)
        state = shift.state if shift else AgentState.LOGGED_OUT
        holds(state is agent.state, f"{agent.name} is {agent.state}, the events say {state}")
        if shift:
            came = next(event.at for event in ledger.events if event.about == agent.name and event.what == "logged in")
            away_s = shift.seconds(AgentState.LOGGED_OUT)
            whole_s = (step.now - came).total_seconds()
            holds(abs(shift.logged_in_s + away_s - whole_s) < 1e-6, f"{agent.name}: {shift.spent} is not {whole_s} s")


@rule(29, WHOLE)
def same_figures(ledger: Ledger, step: Step) -> None:
    rows = passages_of_rows(ledger.contacts.values(), ledger.offers.values())
    told = passages_of_events(ledger.events)
    holds(rows == told, _first_difference(rows, told))
    holds(figures(rows) == figures(told), "figures differ")


# -- at the end ------------------------------------------------------------------------------------------------------


@rule(32, END)
def no_starve(ledger: Ledger, step: Step) -> None:
    holds(not ledger.waiting, f"{sorted(ledger.waiting)} still wait, and everybody had time for them")


@rule(34, END)
def drain(ledger: Ledger, step: Step) -> None:
    holds(all(c.state is ContactState.DONE for c in ledger.contacts.values()), "somebody is still here")
    holds(not ledger.live, f"{list(ledger.live)} are still live")
    busy = [a.name for a in ledger.agents.values() if a.state not in (AgentState.AVAILABLE, AgentState.PAUSED)]
    holds(not busy, f"{busy} never came free")
    holds(step.next_due is None, f"and yet something is due at {step.next_due}")


# -- steps of the above ----------------------------------------------------------------------------------------------


def _late(at: object, step: Step) -> bool:
    return at is not None and at <= step.now


def _by_hand(effect: Offered) -> bool:
    """Whether a person chose the agent: a supervisor, or a colleague who asks them even while they are at rest."""
    return effect.offer.kind == CONSULT or effect.offer.reason.winner.startswith(CHOSEN)


def _room_before(ledger: Ledger, agent: Agent, kind: str, other: Contact) -> bool:
    """Whether the agent, when asked about a contact of `kind`, could as well have been asked about the other one."""
    return has_room(ledger, _as_available(agent), other) and ledger.kinds[other.kind] is not None


def _as_available(agent: Agent) -> Agent:
    seen = snapshot(agent)
    seen.state, seen.rests_until = AgentState.AVAILABLE, None
    return seen


def _first_difference(rows: list, told: list) -> str:
    for row, event in zip(rows, told, strict=False):
        if row != event:
            return f"rows say {row}, events say {event}"
    return f"{len(rows)} rows, {len(told)} by events"


# -- held by other tests ----------------------------------------------------------------------------------------------

ELSEWHERE = {
    17: "tests/ivr/web/test_voice.py::test_the_same_webhook_ten_times_at_once_has_one_effect_and_ten_equal_answers",
    18: "tests/routing/store/test_store_rules.py::test_a_row_that_somebody_else_has_moved_is_not_moved_again",
    19: "tests/ivr/test_hotlines.py::test_the_next_call_hears_a_change_and_a_call_in_progress_does_not",
    20: "tests/ivr/test_any_tree.py::test_every_answer_parses_and_asks_or_leads_on",
    21: "tests/ivr/test_dialable.py::test_the_callers_own_number_is_called_if_it_is_an_ordinary_one",
    22: "tests/ivr/whole/test_recording.py::test_nothing_is_kept_that_was_said_while_the_desk_said_paused",
    24: "tests/routing/store/test_cases.py::test_the_same_form_sent_by_four_tabs_at_once_is_one_case",
    30: "tests/test_nodes.py::test_who_came_to_a_node_has_left_it_or_is_there",
    31: "tests/ivr/mail/test_mail_post.py::test_no_row_can_be_two_things_at_once",
    40: "tests/routing/oracles/test_metamorphic.py::test_one_agent_more_never_makes_anybody_wait_longer",
    41: "tests/routing/oracles/test_metamorphic.py::test_other_names_and_another_day_change_nothing",
    42: "tests/routing/test_simulation.py::test_telling_everything_twice_gives_the_same_day",
    43: "tests/routing/test_simulation.py::test_memory_and_database_give_the_same_day",
    44: "tests/routing/test_simulation.py::test_a_restart_after_every_step_gives_the_same_day",
    45: "tests/routing/oracles/test_erlang.py::test_ten_long_days_agree_with_the_formulas",
    46: "tests/routing/test_reference.py::test_the_distributor_decides_as_the_reference_does",
}
NAMES = {
    17: "idem", 18: "fence", 19: "pin", 20: "twiml", 21: "dial_allow", 22: "rec", 24: "money", 30: "nodes",
    31: "outbox", 40: "one_more", 41: "renamed", 42: "duplicates", 43: "two_floors", 44: "restarts", 45: "erlang",
    46: "reference",
}  # fmt: skip
"""What those are called that are no functions here."""
