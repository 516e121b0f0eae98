"""Start: which calls are looked at - who calls which number when, as far as it makes a difference in this tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ivr import dialable
from ivr.call import Call
from ivr.menu import tree as t
from ivr.menu.countries import country_of
from ivr.session.condition import holds
from ivr.session.passing import passed
from ivr.session.turn import Turn
from ivr.view.cover.point import parts

WITHHELD = "anonymous"
CALLERS = (
    "+4915112345678",
    "+12125550123",
    "+381601234567",
    "+34612345678",
    "+436641234567",
    "+41781234567",
    "+447400123456",
    "+33612345678",
)
"""Made-up callers of several countries; which of them call depends on what a tree asks about callers."""

DIGITS = "1234567890"

HOURS_AHEAD, DAYS_AHEAD = 24 * 8, 400
SIDS_TRIED_MAX = 300
MOMENTS_MAX, CALLERS_MAX, SIDS_MAX = 16, 12, 8


@dataclass(frozen=True, slots=True)
class Start:
    """One call as it comes in. `same` is what of it the tree looks at: calls with the same go the same ways."""

    caller: str
    called: str
    language: str
    at: datetime
    sid: str
    same: tuple[object, ...]

    def call(self, tree: t.Tree) -> Call:
        """The call, ringing."""
        return Call(self.sid, tree.hotline, tree.version, self.caller, self.called, self.language, self.at)


def starts(tree: t.Tree, at: datetime) -> Iterator[Start]:
    """Every call that the tree can tell from the others, from `at` on; the most usual one first."""
    asked = conditions(tree)
    numbers = _numbers(tree, any(isinstance(it, t.CalledIs) for it in asked), _minds_language(asked))
    for moment, hours in _moments(tree, at, asked):
        for caller, who in _callers(tree, at, asked):
            for sid in _sids(tree, at):
                for called, language in numbers:
                    same = (hours, who, sid, called if len(numbers) > 1 else "")
                    yield Start(caller, called, language, moment, sid, same)


def in_language(tree: t.Tree, at: datetime, language: str) -> Start | None:
    """A call of a number that is answered in a language; None when there is no such number."""
    called = next((number for number, spoken in tree.numbers.items() if spoken == language), None)
    first = next(starts(tree, at), None)
    if called is None or first is None:
        return None
    return Start(first.caller, called, language, first.at, first.sid, first.same)


def on_holiday(tree: t.Tree, at: datetime, calendar: str) -> Start | None:
    """A call on a public holiday; None when none is near."""
    first, hours = next(starts(tree, at), None), tree.hours[calendar]
    moment = next((it for it in _days(at, hours.timezone) if hours.is_holiday(it)), None)
    if moment is None or first is None:
        return None
    return Start(first.caller, first.called, first.language, moment, first.sid, first.same)


def conditions(tree: t.Tree) -> tuple[t.Condition, ...]:
    """Every single question that some `when` asks, each once."""
    rules = (rule for node in tree.nodes.values() if isinstance(node, t.When) for rule in node.rules)
    return tuple(dict.fromkeys(part for rule in rules for part in parts(rule.condition)))


def minds_language(tree: t.Tree) -> bool:
    """Whether calls in different languages may go different ways."""
    return _minds_language(conditions(tree))


def _minds_language(asked: Iterable[t.Condition]) -> bool:
    return any(isinstance(it, t.LanguageIs) for it in asked)


def _numbers(tree: t.Tree, which: bool, language: bool) -> list[tuple[str, str]]:
    numbers = list(tree.numbers.items()) or [("", tree.languages[0])]
    first = [pair for pair in numbers if pair[1] == tree.languages[0]] + numbers
    if which:
        return list(dict.fromkeys(first))
    of_language = {spoken: (number, spoken) for number, spoken in reversed(first)}
    return list(of_language.values())[::-1] if language else first[:1]


def _moments(tree: t.Tree, at: datetime, asked: Iterable[t.Condition]) -> list[tuple[datetime, tuple[bool, ...]]]:
    """A moment for each way that the hours can stand with what is asked about them."""
    questions = [it for it in asked if isinstance(it, t.HoursAre)]
    found: dict[tuple[bool, ...], datetime] = {}
    zones = [calendar.timezone for calendar in tree.hours.values()] or ["UTC"]
    for moment in [at, *(at + timedelta(hours=n) for n in range(HOURS_AHEAD)), *_days(at, zones[0])]:
        found.setdefault(tuple(_stands(tree, it, moment) for it in questions), moment)
        if len(found) >= MOMENTS_MAX:
            break
    return [(moment, hours) for hours, moment in found.items()]


def _days(at: datetime, timezone: str) -> Iterator[datetime]:
    noon = at.astimezone(ZoneInfo(timezone)).replace(hour=11, minute=0, second=0, microsecond=0)
    yield from (noon + timedelta(days=n) for n in range(DAYS_AHEAD))


def _stands(tree: t.Tree, asked: t.HoursAre, now: datetime) -> bool:
    calendar = tree.hours[asked.calendar]
    if asked.state == "holiday":
        return calendar.is_holiday(now)
    return calendar.is_open(now) is (asked.state == "open")


def _callers(tree: t.Tree, at: datetime, asked: Iterable[t.Condition]) -> list[tuple[str, tuple[bool, ...]]]:
    """Callers that the tree can tell from each other, one from the country of the number first."""
    questions = [it for it in asked if isinstance(it, t.CallerIs)]
    minds_number = any(isinstance(node, t.Callback | t.Sms) for node in tree.nodes.values())
    called = next(iter(tree.numbers), "")
    listed = [_completed(number) for it in tree.lists.values() for number in it.numbers]
    home = country_of(called) if called else None
    near = sorted(CALLERS, key=lambda it: country_of(it) != home)
    found: dict[tuple[bool, ...], str] = {}
    for caller in [*near, *listed, WITHHELD]:
        turn = Turn(Call("", "", "", caller, called, "", at), tree, at)
        has_number = (dialable.own_number(caller) is not None,) if minds_number else ()
        found.setdefault((*(holds(it, turn) for it in questions), *has_number), caller)
    return [(caller, who) for who, caller in found.items()][:CALLERS_MAX]


def _completed(number: str) -> str:
    """A whole number for the beginning of one."""
    tried = [number.replace("*", DIGITS[:n]) for n in (8, 7, 6, 9, 10)]
    return next((it for it in tried if dialable.own_number(it)), tried[0])


def _sids(tree: t.Tree, at: datetime) -> list[str]:
    """Names of calls that between them are sent every way by each division."""
    splits = [node for node in tree.nodes.values() if isinstance(node, t.Split)]
    kept, taken = ["CA" + "0" * 32], set()
    if not splits:
        return kept
    for number in range(SIDS_TRIED_MAX):
        sid = f"CA{number:032x}"
        new = {(node.name, _share(tree, node, sid, at)) for node in splits} - taken
        taken |= new
        if new and number:
            kept.append(sid)
    return kept[:SIDS_MAX]


def _share(tree: t.Tree, node: t.Split, sid: str, at: datetime) -> str:
    """Where a division sends a call: asked of the session itself."""

    onward = passed(Turn(Call(sid, "", "", "", "", "", at), tree, at), node)
    return onward.to if onward else ""
