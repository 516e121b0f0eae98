"""Planted: bugs that others have had or that we could have, each as the line that makes it; the tests must find them.

Where a tracker has the same one, it is named.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Bug:
    """In `module`, `right` is replaced by `wrong`."""

    name: str
    module: str
    right: str
    wrong: str

    def source(self) -> str:
        """The module as it is."""
        return (Path(__file__).parents[2] / "routing" / f"{self.module}.py").read_text("utf-8")

    def __str__(self) -> str:
        return self.name.replace(" ", "_")


BUGS = (
    Bug("everybody is reset at a restart (FreeSWITCH 1598)", "memory",
        "        shelf[key] = thing\n",
        "        shelf[key] = thing\n"
        "        if isinstance(thing, Agent):\n"
        "            thing.state = AgentState.LOGGED_OUT\n"),
    Bug("the line is ordered by the clock alone", "contact",
        "return (self.rank, self.seq)",
        "return (self.entered_at, self.seq)"),
    Bug("a wake-up is forgotten after a talk (Asterisk 1691)", "distributor",
        "return [Ended(contact, offer), *alone, *settle(floor, now)]\n\n\ndef caller_answered",
        "return [Ended(contact, offer), *alone]\n\n\ndef caller_answered"),
    Bug("two agents win (Asterisk 176)", "moves",
        "        if other is not offer:\n",
        "        if other is offer.id:\n"),
    Bug("wrap-up ends at once (Asterisk 1006)", "talking",
        "timedelta(seconds=0 if consulted else wrap_up_s(agent, queue))",
        "timedelta(0)"),
    Bug("weight starves (Asterisk 1561)", "contact",
        "timedelta(seconds=self.head_start_s + more_head_start_s)",
        "timedelta(seconds=1000 * (self.head_start_s + more_head_start_s))"),
    Bug("who is given back goes to the end", "moves",
        'floor.move(contact, "return", rung=0,',
        'floor.move(contact, "return", rank=now, rung=0,'),
    Bug("levels do not count", "needs",
        "elif skills.get(name, 0) < wanted:\n            return False",
        "elif name not in skills:\n            return False"),
    Bug("not means nothing", "needs",
        "            if able(skills, wanted):\n                return False\n        elif",
        "            pass\n        elif"),
    Bug("any means all", "needs",
        "if not any(able(skills, one) for one in wanted):\n                return False",
        "if not all(able(skills, one) for one in wanted):\n                return False"),
    Bug("nobody is paused for missing", "moves",
        "agent.misses < floor.queue(offer.queue).misses_max",
        "agent.misses < 1000"),
    Bug("a contact is offered for ever (amazon-connect-streams 292)", "moves",
        "elif contact.kind == CONSULT or contact.rounds >= floor.queue(contact.queue).offers_max:",
        "elif contact.kind == CONSULT:"),
    Bug("the longest wait is never due", "memory",
        "        lists += (self._due_contacts, self._due_steps, self._due_rings)\n",
        ""),
    Bug("a rest is no rest", "agent",
        "self.rests_until is None and room",
        "room"),
    Bug("who gives up leaves the agent stuck (FreeSWITCH 2540)", "talking",
        '"caller gone")\n        moves.release(floor, floor.agent(offer.agent), now)\n',
        '"caller gone")\n'),
    Bug("the same one again (amazon-connect-streams 292)", "matching",
        "            if agent.name != contact.last_agent:\n                return agent",
        "            return agent"),
    Bug("later tiers at once", "moves",
        "sum(tier.after_s <= waited_s for tier in queue.tiers)",
        "len(queue.tiers)"),
    Bug("a preference never ends", "moves",
        "contact.preferred_until <= now:",
        "contact.preferred_until <= contact.entered_at:"),
    Bug("a preferred one who has gone is waited for", "moves",
        '    if contact.preferred:\n        changes: dict[str, object] = {"preferred": None',
        "    if contact.preferred and not queue.prefer_s:\n"
        '        changes: dict[str, object] = {"preferred": None'),
    Bug("one more than the capacity", "kind",
        "if holds.get(kind.name, 0) >= most:",
        "if holds.get(kind.name, 0) > most:"),
    Bug("anything may come between", "kind",
        "other == kind.name or other in kind.interrupts",
        "True"),
    Bug("ring all rings everybody", "settling",
        "many = queue.ring_max if",
        "many = 100 if"),
    Bug("a talk is counted twice (Asterisk 1736)", "talking",
        'moves.record_offer(floor, now, offer, "talk ended", talked_s=talked_s)\n    if until',
        'moves.record_offer(floor, now, offer, "talk ended", talked_s=talked_s)\n'
        '    moves.record_offer(floor, now, offer, "talk ended", talked_s=talked_s)\n'
        "    if until"),
    Bug("what is told twice happens twice", "distributor",
        "    if floor.contact(contact.id):\n        return []\n",
        '    if floor.contact(contact.id):\n        contact.id += "again"\n'),
    Bug("nobody is there and one waits on (chatwoot 10376)", "settling",
        "effects.append(moves.overflow(floor, contact, NOBODY_THERE, now))",
        "return effects"),
    Bug("round robin forgets", "moves",
        "floor.stand(queue.name, last_agent=agent.name)",
        "pass"),
    Bug("most calls first", "crowd",
        "return (agent.calls, agent.free_since, agent.name)",
        "return (-agent.calls, agent.free_since, agent.name)"),
    Bug("who declines stays first", "distributor",
        "now, free_since=now, rest_s=rest_s)\n    return [Closed",
        "now, rest_s=rest_s)\n    return [Closed"),
    Bug("positions count from 0", "memory",
        "return 1 + bisect_left(self._lines",
        "return bisect_left(self._lines"),
    Bug("what is due now is due later", "deadlines",
        "at <= now and len(found) < limit",
        "at < now and len(found) < limit"),
    Bug("a lost leg has still talked", "distributor",
        "    floor.change(offer, connected_at=None)\n    return [*moves.fail",
        "    return [*moves.fail"),
    Bug("a pause while talking is forgotten (Asterisk 66)", "staff",
        "floor.change(agent, then=to, reason=reason)",
        "pass"),
    Bug("e-mails stay with who has gone", "staff",
        "    if to is AgentState.LOGGED_OUT:\n        for held",
        "    if to is None:\n        for held"),
    Bug("one more is rung out of turn", "distributor",
        "    effects += settle(floor, now)\n"
        "    for contact in floor.due_rings(now):\n"
        "        effects += ring_more(floor, contact, now)\n",
        "    for contact in floor.due_rings(now):\n"
        "        effects += ring_more(floor, contact, now)\n"
        "    effects += settle(floor, now)\n"),
    Bug("steps count from the last offer", "moves",
        "waited_s, queue = seconds(contact.entered_at, now)",
        "waited_s, queue = seconds(contact.entered_at, now) / 2"),
    Bug("a place is given back to everybody", "distributor",
        "now - timedelta(seconds=queue.keep_place_s)",
        "now - timedelta(days=1)"),
    Bug("a paused queue is served", "lanes",
        "return standing is not None and standing.paused is not None",
        "return False"),
    Bug("who is moved goes to the end", "supervision",
        "rank=contact.entered_at - timedelta(seconds=head_start_s),",
        "rank=now - timedelta(seconds=head_start_s),"),
    Bug("a head start is given each time anew", "supervision",
        "more_s = head_start_s - contact.head_start_s",
        "more_s = head_start_s"),
    Bug("a break is over for who was assigned something", "supervision",
        "floor.change(agent, then=AgentState.PAUSED)",
        "pass"),
    Bug("who is asked already is asked by hand as well", "supervision",
        'effects = _take_back(floor, contact, f"assigned by {by}", now)',
        "effects = []"),
    Bug("sent home while talking, and the caller is cut off", "staff",
        "    if offer and offer.state is OfferState.ACCEPTED:\n",
        "    if offer and offer.state is OfferState.ACCEPTED and to is not AgentState.LOGGED_OUT:\n"),
    Bug("a closed queue takes people in", "distributor",
        "if floor.standing(queue.name).closed is not None or",
        "if"),
    Bug("nobody is sent away at the end of the hours", "contact",
        "self.max_wait_at = min(self.max_wait_at, self.closes_at)",
        "pass"),
    Bug("who is handed on goes to the end (place lost)", "transfer",
        "    into.rank = min(into.rank, contact.rank)\n",
        ""),
    Bug("handed on round and round", "transfer",
        "if before >= TRANSFERS_MAX:",
        "if before >= 1000:"),
    Bug("the agent who hands on keeps the caller", "transfer",
        'finish_talk(floor, contact, offer, "hand_on", Outcome.TRANSFERRED, why, now)',
        "pass"),
    Bug("a colleague is asked for ever", "consulting",
        "    effects = lose_caller(floor, asked, now)\n",
        "    effects = []\n"),
    Bug("after taking over anybody will do", "consulting",
        "        needs=contact.needs,\n        relax",
        "        relax"),
    Bug("a callback that nobody answered was served", "distributor",
        'floor.move(offer, "fail", ended_at=now, why=why)',
        "floor.change(offer, ended_at=now)"),
    Bug("a callback is answered as often as it is told", "distributor",
        "contact.state is not ContactState.TALKING or offer.why == REACHED:",
        "contact.state is not ContactState.TALKING:"),
    Bug("a wrap-up is put off again and again", "staff",
        "floor.change(agent, wrap_up_until=until, wrap_up_extended=True)",
        "floor.change(agent, wrap_up_until=until)"),
    Bug("an e-mail stays parked", "moves",
        "    for held in floor.held_by(agent.name) if agent.holds else ():\n",
        "    for held in ():\n"),
    Bug("a hold never ends", "moves",
        "floor.change(contact, held_since=None, held_s=contact.held_s + held_s)",
        "floor.change(contact, held_s=contact.held_s + held_s)"),
    Bug("time goes back with the clock on the wall", "steady",
        "            now = max(now, self._told",
        "            now = min(now, self._told"),
)  # fmt: skip


def plant(bug: Bug, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Put the faulty functions in the place of the right ones, wherever these were imported, until the test is over."""
    module = importlib.import_module(f"routing.{bug.module}")
    source = bug.source()
    assert source.count(bug.right) == 1, f"{bug.name}: routing/{bug.module}.py has changed; plant it anew"
    path = folder / f"{bug.module}.py"
    path.write_text(source.replace(bug.right, bug.wrong), "utf-8")
    spec = importlib.util.spec_from_file_location(f"planted_{bug.module}", path)
    faulty = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, faulty)
    spec.loader.exec_module(faulty)
    for owner, name, right, wrong in _functions(module, faulty):
        if _text(right) != _text(wrong):
            replaced = _bound_to(wrong, vars(module))
            monkeypatch.setattr(owner, name, replaced)
            for other in [m for n, m in sys.modules.items() if n.startswith(("routing", "tests.routing"))]:
                for known, value in list(vars(other).items()):
                    if value is right:
                        monkeypatch.setattr(other, known, replaced)


def _functions(module: ModuleType, faulty: ModuleType) -> Iterator[tuple[Any, str, Any, Any]]:
    """Each function, method and property of a module: who has it, its name, the right one and the faulty one."""
    for name, right in vars(module).items():
        wrong = vars(faulty).get(name)
        if inspect.isfunction(right) and right.__module__ == module.__name__:
            yield module, name, right, wrong
        elif inspect.isclass(right) and right.__module__ == module.__name__:
            for each, method in vars(right).items():
                if isinstance(method, property) or inspect.isfunction(method):
                    yield right, each, method, vars(wrong)[each]


def _text(function: Any) -> Any:
    """What a function does, as something to compare."""
    function = function.fget if isinstance(function, property) else function
    return _code(function.__code__)


def _code(code: CodeType) -> Any:
    inner = [_code(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, inner


def _bound_to(function: Any, names: dict[str, Any]) -> Any:
    """The faulty function among the right one's neighbours, so that it meets the same classes."""
    if isinstance(function, property):
        return property(_bound_to(function.fget, names))
    made = type(function)(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made
