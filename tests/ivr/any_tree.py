"""Any tree: whole good hotlines of every kind of step, made up at random, for what must hold in all of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from ivr.menu.hotline import examine
from ivr.menu.tree import Tree

LANGUAGES = ("en", "de", "sr", "es")
LAST = ("operator", "message", "goodbye")
KINDS = (
    "menu", "menu", "ask", "say", "when", "set", "split", "lookup", "transfer", "queue", "callback", "record", "sms",
    "survey", "goto",
)  # fmt: skip
TEXTS = (
    "Hello.", "Добро дошли.", "It is {order_number}.", "{next_opening}", "You call from {caller_number}.", "a<&>\"'",
    "emoji \U0001f600", "x" * 1400, "1, 2; 3: 4!",
)  # fmt: skip


IN_CIRCLES = {"S138", "Q416"}
"""What may come of ways that lead anywhere: a message, or a long wait, that leads straight back to itself."""


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A hotline that has no fault."""
    written = draw(hotlines())
    examined = examine({"hotline.yaml": json.dumps(written, ensure_ascii=False)})
    assume(not IN_CIRCLES & {fault.code for fault in examined.faults})
    assert examined.tree, "\n".join([str(fault) for fault in examined.faults] + [json.dumps(written, indent=1)])
    return examined.tree


@st.composite
def hotlines(draw: st.DrawFn) -> dict[str, Any]:
    """The same as it is written. Ways that ask nothing lead on to later steps only, so that none goes in a circle."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True))
    names = [f"n{number}" for number in range(draw(st.integers(1, 7)))]
    made = _Maker(draw, languages, names)
    nodes = {name: made.node(index) for index, name in enumerate(names)}
    nodes |= {"operator": made.person(), "message": made.message("goodbye"), "goodbye": {"end": made.words()}}
    # Whether or not a call comes by, everything that is spoken of is known.
    number = {"ask": made.words(), "into": "order_number", "digits": "1..8", "then": "noted"}
    nodes |= {"number": number, "noted": {"set": {"seen": "yes"}, "goto": "goodbye"}}
    return {
        "hotline": "any",
        "numbers": {"+49 800 555 0142": languages[-1]},
        "languages": languages,
        "conventions": draw(st.sampled_from(["iso-13714", {}, {"back": "none"}, {"back": "none", "repeat": "none"}])),
        "start": "n0",
        "transfer_numbers": ["+49 30 555 0100"],
        "nodes": nodes,
        "queues": {"line": made.queue(), "other": made.queue()},
        "hours": {"office": {"timezone": "Europe/Berlin", "week": {"mon-fri": "08:00-18:00"}}},
        "surveys": {"short": made.survey()},
        "cases": {"matter": {"label": made.label(), "fields": {"order_number": {"label": made.label()}}}},
    }


class _Maker:
    """Makes the parts of one hotline."""

    def __init__(self, draw: st.DrawFn, languages: list[str], names: list[str]) -> None:
        self.draw, self.languages, self.names = draw, languages, names

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def words(self) -> dict[str, str]:
        return {language: self.one_of(*TEXTS) for language in self.languages}

    def label(self) -> dict[str, str]:
        return {language: self.one_of("an order", "a <b>", "нешто", "x" * 60) for language in self.languages}

    def anywhere(self) -> str:
        return self.one_of(*self.names, *LAST)

    def onward(self, index: int) -> str:
        return self.one_of(*self.names[index + 1 :], *LAST)

    def retry(self) -> dict[str, Any]:
        said = [self.words() for _ in range(self.draw(st.integers(0, 2)))]
        return {"tries": self.draw(st.integers(1, 4)), "then": self.anywhere(), **({"say": said} if said else {})}

    def person(self) -> dict[str, Any]:
        return {"queue": "line", "kind": "matter", "needs": {"{language}": 1}}

    def message(self, then: str) -> dict[str, Any]:
        return {"record": self.words(), "kind": "matter", "then": then}

    def queue(self) -> dict[str, Any]:
        made: dict[str, Any] = {"overflow": "message", "announce": {"every_s": 30, "texts": [self.words()]}}
        if self.draw(st.booleans()):
            made["exits"] = {"1": {"label": self.label(), "goto": self.anywhere()}}
        if self.draw(st.booleans()):
            made["overflow_when"] = {"too_long": self.anywhere(), "full": "goodbye"}
        if (recording := self.one_of("never", "never", "always", "ask")) != "never":
            made |= {"recording": recording, "recording_notice": self.words()}
        return made

    def survey(self) -> dict[str, Any]:
        question = {"ask": self.words(), "keys": "1..5"}
        return {"intro": self.words(), "questions": {"one": question}, "thanks": self.words()}

    def asked(self) -> dict[str, Any]:
        more = {"silence": self.retry(), "wrong_key": self.retry(), "timeout_s": self.draw(st.integers(3, 15))}
        return {**more, "barge_in": self.draw(st.booleans()), "short": self.words()}

    def node(self, index: int) -> dict[str, Any]:
        return getattr(self, f"_{self.one_of(*KINDS)}")(index)

    def _menu(self, index: int) -> dict[str, Any]:
        keys = self.draw(st.lists(st.sampled_from("12345678"), min_size=1, max_size=5, unique=True))
        options = {key: {"label": self.label(), "goto": self.anywhere()} for key in keys}
        if self.draw(st.booleans()):
            options[keys[0]] = {"language": self.one_of(*self.languages)}
        more = {"speech": self.draw(st.booleans()), "pause_between_ms": self.one_of(0, 600)}
        return {"menu": self.words(), "options": options, **more, **self.asked()}

    def _ask(self, index: int) -> dict[str, Any]:
        ask = {"ask": self.words(), "then": self.anywhere(), "inter_digit_s": self.one_of(2, 9), **self.asked()}
        form = self.one_of({"digits": "1..8"}, {"pattern": "4##7"}, {"digits": "3"})
        into = self.one_of({"into": "order_number", "confirm": True}, {"into": "pin", "secret": True}, {"into": "code"})
        return {**ask, **form, **into}

    def _say(self, index: int) -> dict[str, Any]:
        return {"say": self.words(), "goto": self.onward(index), "barge_in": self.draw(st.booleans())}

    def _when(self, index: int) -> dict[str, Any]:
        rule = self.one_of(
            {"hours": "office", "is": "open"},
            {"variable": "seen", "present": True},
            {"caller": "withheld"},
            {"language": self.languages[0]},
            {"not": {"any": [{"hours": "office", "is": "holiday"}, {"caller": "known", "country": "DE"}]}},
        )
        return {"when": [{**rule, "goto": self.onward(index)}], "otherwise": self.onward(index)}

    def _set(self, index: int) -> dict[str, Any]:
        return {"set": {"seen": self.one_of("yes", "{seen}1")}, "goto": self.onward(index)}

    def _split(self, index: int) -> dict[str, Any]:
        one, other = self.onward(index), self.one_of("operator", "message")
        return {"split": {one: 30, other: 70}} if one != other else {"goto": one}

    def _lookup(self, index: int) -> dict[str, Any]:
        asked = {"url": "https://shop.example/orders", "into": {"seen": "status"}}
        return {"lookup": asked, "then": self.onward(index), "otherwise": self.onward(index)}

    def _transfer(self, index: int) -> dict[str, Any]:
        return {"transfer": "+49 30 555 0100", "otherwise": self.onward(index)}

    def _queue(self, index: int) -> dict[str, Any]:
        return {"queue": self.one_of("line", "other"), "kind": "matter", "then": self.anywhere()}

    def _callback(self, index: int) -> dict[str, Any]:
        ways = {"then": self.anywhere(), "otherwise": self.onward(index)}
        return {"callback": {"queue": "line"}, "kind": "matter", **ways}

    def _record(self, index: int) -> dict[str, Any]:
        return self.message(self.anywhere())

    def _sms(self, index: int) -> dict[str, Any]:
        return {"sms": self.words(), "goto": self.onward(index)}

    def _survey(self, index: int) -> dict[str, Any]:
        return {"survey": "short", "then": self.onward(index)}

    def _goto(self, index: int) -> dict[str, Any]:
        return {"goto": self.onward(index)}
