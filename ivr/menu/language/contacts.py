"""Contacts: the kinds that wait for a representative - how many at once, what may come between, and their order."""

from __future__ import annotations

from dataclasses import replace

from ivr.menu.fault import say
from ivr.menu.language.leaf import YES, Leaf, number, number_pattern, refer
from ivr.menu.language.shape import Given, Group, Key, ListOf
from ivr.menu.language.spoken import WORDS
from ivr.menu.notes import example
from ivr.menu.tree import ContactKind
from routing.kind import CAPACITY_MAX, CONSULT, KINDS, Kind
from routing.queue import HEAD_START_MAX_S

SORT = "contact kind"
"""The sort of names that stand under `contacts`."""

AHEAD = Leaf(
    pattern=f"-?{number_pattern(0, HEAD_START_MAX_S)}",
    short=f"a whole number from -{HEAD_START_MAX_S} to {HEAD_START_MAX_S}",
    key="Y019.number",
    values={"low": -HEAD_START_MAX_S, "high": HEAD_START_MAX_S},
    make=int,
    blank=0,
    plain=({"type": "integer", "minimum": -HEAD_START_MAX_S, "maximum": HEAD_START_MAX_S},),
)

KIND_NAME = Leaf("[a-z][a-z0-9_]{0,15}", "a name: small letters a-z, digits and _, 16 at most", "Y020",
                 hint=example("letter"))  # fmt: skip


def _kind(given: Given) -> ContactKind | None:
    usual = KINDS.get(given.name)
    if given.name == CONSULT or (usual and "whole_attention" in given):
        at = given.key("whole_attention") if given.name != CONSULT else None
        place, end = (at.place, at.end_column) if at else (given.place, given.end_column)
        given.notes.error(place, end, say("Q419", name=given.name), say("hint.take_it_out"))
        return None
    live = usual.live if usual else given["whole_attention"]
    if live and given["at_once"] not in (None, 1):
        given.notes.wrong(given.at("at_once"), "Q417", say("hint.take_out", what="at_once:"), name=given.name)
        return None
    if usual is None and given["name"] is None:
        given.notes.error(given.place, given.end_column, say("Q420", name=given.name), say("hint.add", what="name:"))
    kind = usual or Kind(given.name, live=live, legs=False, capacity=1 if live else 3)
    kind = replace(kind, capacity=given["at_once"] or kind.capacity)
    head_start_s = kind.head_start_s if given["head_start_s"] is None else given["head_start_s"]
    interrupts = kind.interrupts if given["interrupts"] is None else frozenset(given["interrupts"])
    return ContactKind(replace(kind, head_start_s=head_start_s, interrupts=interrupts), given["name"], given.place)


CONTACT = Group(
    "contact",
    "One kind of what waits for a representative: `call`, `callback`, `visit`, `email`, or one of your own, such as "
    "`letter`. Representatives serve all hotlines, and so do the kinds: of two hotlines that say different things of "
    "one kind, the one whose name comes first is right.",
    (
        Key("name", WORDS, "What it is called on the pages. It must be given for a kind of your own.", None,
            left_out="its usual name"),
        Key("whole_attention", YES, "Of a kind of your own: whether somebody is there, so that a representative has "
            "one at a time and a time for notes after it.", False),
        Key("at_once", number(1, CAPACITY_MAX), "So many one representative has in hand, where `ivr agent add "
            "--at-once` says nothing else. Of what wants their whole attention there is one.", None,
            left_out="3, or 1 of what wants their whole attention"),
        Key("interrupts", ListOf(refer(SORT, "the name of a kind"), "names of kinds"), "Kinds that a representative "
            "may have in hand when one of these comes; they are put aside meanwhile.", None,
            left_out="email for call, callback and visit, and else none"),
        Key("head_start_s", AHEAD, "The order between kinds, and a fair one: by so many seconds it counts as having "
            "waited longer or, below 0, shorter. What is old enough comes first whatever it is.", None,
            left_out="-1800 for email, and else 0"),
    ),
    _kind,
    examples=("""\
contacts:
  call: {interrupts: [email, letter]}
  email: {at_once: 5, head_start_s: -3600}
  letter: {name: {en: a letter, de: ein Brief}, at_once: 10, head_start_s: -86400}
""",),
)  # fmt: skip
