"""The page docs/invariants.md, of all rules and where they are held: `python -m tests.routing.invariants_page`."""

from __future__ import annotations

from pathlib import Path

from tests.routing import invariants

PAGE = Path(__file__).resolve().parents[2] / "docs" / "invariants.md"

RULES = {
    1: "each contact waits, is offered, is talked to or is done, as its offers say",
    2: "a contact ends once, for one reason of a closed list",
    3: "whoever was let in is here, or has ended",
    4: "a contact has one accepted offer at most",
    5: "a contact has one open offer, or as many as its queue rings; who accepts first closes the rest",
    6: "nobody has more in hand than their capacity",
    7: "nobody talks to two, and nobody is asked about two",
    8: "an offer ends once, and by its time",
    9: "who is asked has the skills, of a tier that may take it; needs are those that the events tell",
    10: "only who is available and not at rest is asked",
    11: "nothing of a paused queue is offered; into a closed one nobody gets",
    12: "of two who need the same, the first to come is offered first",
    13: "nobody is passed over by whoever stands behind them",
    14: "the place is entry less head starts, whatever is done to a contact, and nobody else changes it",
    15: "the rows are what the events add up to",
    16: "states change along the table only",
    17: "what is told twice happens once",
    18: "a write with an old version changes nothing",
    19: "a call stays on the menu on which it began",
    20: "each answer parses, asks or leads on, and is ours throughout",
    21: "only allowed numbers are dialled",
    22: "no recording without notice, none during a pause",
    23: "an agent is busy exactly if an offer says so; breaks and parked e-mails go on afterwards",
    24: "one case for each form, and numbers are unique",
    25: "who came is here or has ended",
    26: "who has ended is counted under one outcome",
    27: "offers made are offers ended and open ones",
    28: "Little's law, to the microsecond; agents' states add up to their time",
    29: "figures from rows are figures from events",
    30: "who came to a node of the menu has left it or is there",
    31: "messages sent, pending and failed are all messages",
    32: "whoever could be served is, once nothing fails any more",
    33: "nobody able is free while somebody waits",
    34: "without new contacts the floor empties",
    35: "nobody waits longer than the longest wait, or than the queue is open",
    36: "not the same agent twice while another is free; offers and transfers have an end",
    37: "nobody is passed over by whoever came later by more than the head start",
    38: "whatever is under way has an end of its own",
    39: "the next deadline is the earliest of all that must happen by itself",
    40: "an agent more makes nobody wait longer",
    41: "other names and another day change nothing",
    42: "telling everything twice gives the same day",
    43: "memory and database give the same day",
    44: "starting anew after every step gives the same day",
    45: "days agree with Erlang C and A",
    46: "the reference model decides the same",
}

SCHEMA = {
    2: ("contacts_done_has_an_outcome", "contacts_done_has_an_end"),
    4: ("offers_one_taken_of_a_contact",),
    5: ("offers_one_of_a_contact_to_an_agent",),
    7: ("offers_one_open_to_an_agent", "offers_one_live_for_an_agent", "agents_one_talks_to_a_contact"),
    8: ("offers_open_will_expire", "offers_over_has_an_end", "offers_only_accepted_is_connected"),
    10: ("agents_only_who_is_available_rests", "agents_available_since_some_time"),
    23: ("agents_wrap_up_has_an_end", "agents_talking_to_somebody", "contacts_only_who_talks_is_held"),
}
"""Constraints in the database that hold a rule, or a part of it, even if the program errs."""

HEAD = """# Invariants

What must be true of the distributor at every moment, and where that is looked at. A rule is a function of
`tests/routing/invariants.py`, run *after each step* - of days out of seeds with faults and races
(`tests/routing/simulation`), in memory and in the database, and of random histories that hypothesis makes and shortens,
on both at once (`tests/routing/test_floors.py`) -, *counted* in full every so many steps, or held *at the end*, when
all have gone home; or it is a test of its own. Some stand in the schema as well. This page is made by
`python -m tests.routing.invariants_page`; a test compares it with the code.

A failure prints the line that plays it again. Many days at once, with progress:

    python -m tests.routing.simulation --days 1000 --contacts 1000 --jobs 2
    python -m tests.routing.simulation --days 200 --contacts 100 --on sql

What a *closed* queue means here: nobody gets in, and who waits there already is still served (or sent away, if the
supervisor says so); what a *pause* means: nothing is offered but by hand. A supervisor who moves or assigns somebody
by hand may pass others over (12, 13, 37); places (14) hold all the same.

| | rule | in words | held |
|---|---|---|---|
"""


def held(number: int) -> str:
    """Where a rule is held, in words."""
    stages = (("after each step", invariants.STEP), ("counted", invariants.WHOLE), ("at the end", invariants.END))
    names = invariants.NUMBERS.get(number, "").split()
    said = []
    for when, rules in stages:
        if found := [f"`{each.__name__}`" for each in rules if each.__name__ in names]:
            said.append(f"{when}: {', '.join(found)}")
    if number in invariants.ELSEWHERE:
        path, _, name = invariants.ELSEWHERE[number].partition("::")
        said.append(f"`{name}` in {path}")
    if number in SCHEMA:
        said.append("schema: " + ", ".join(f"`{each}`" for each in SCHEMA[number]))
    return "; ".join(said)


def page() -> str:
    """The whole page."""
    rows = []
    for number, words in RULES.items():
        names = invariants.NUMBERS.get(number) or invariants.NAMES[number]
        rows.append(f"| {number} | {names.split()[0]} | {words} | {held(number)} |\n")
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
