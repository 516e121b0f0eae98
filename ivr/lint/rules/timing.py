"""T: how much time callers have, and whether they may go ahead."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.lint.rule import Finding, Limits, rule
from ivr.lint.subject import Subject
from ivr.lint.terms import LEGAL
from ivr.menu import tree as t


@rule("T301", "warning", timeout_s=(5, 8))
def too_little_time(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Steps that wait too shortly for the first key."""
    for node in subject.asking:
        if node.timeout_s < limits["timeout_s"]:
            values = {"seconds": node.timeout_s, "least": int(limits["timeout_s"])}
            yield Finding(subject.spot("nodes", node.name, "timeout_s"), values)


@rule("T302", "warning", inter_digit_s=(2, 4))
def too_little_time_between_digits(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Entries that wait too shortly for the next digit."""
    for node in _asks(subject):
        if node.inter_digit_s < limits["inter_digit_s"] and node.digits_max > 1:
            values = {"seconds": node.inter_digit_s, "least": int(limits["inter_digit_s"])}
            yield Finding(subject.spot("nodes", node.name, "inter_digit_s"), values)


@rule("T303", "warning")
def longer_between_than_before(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Entries that wait longer for the next digit than for the first."""
    for node in _asks(subject):
        if node.inter_digit_s >= node.timeout_s:
            values = {"seconds": node.inter_digit_s, "first": node.timeout_s}
            yield Finding(subject.spot("nodes", node.name, "inter_digit_s"), values)


def _asks(subject: Subject) -> Iterator[t.Ask]:
    return (node for node in subject.asking if isinstance(node, t.Ask))


@rule("T304", "advice", choices=(3, 3))
def no_pause(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus of many choices without a pause between them."""
    for menu in subject.menus:
        if len(menu.options) > limits["choices"] and menu.pause_between_ms == 0:
            yield Finding(subject.spot("nodes", menu.name), {"count": len(menu.options)})


@rule("T305", "warning", menu_s=(10, 10))
def must_be_heard_to_the_end(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Long menus in which no key may be pressed before all is said."""
    for menu in subject.menus:
        if not menu.barge_in:
            language, length_s = subject.lengths.longest(menu)
            if length_s > limits["menu_s"]:
                values = {"seconds": round(length_s), "language": language}
                yield Finding(subject.spot("nodes", menu.name, "barge_in"), values)


@rule("T306", "advice")
def a_notice_that_can_be_skipped(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Legal notices that a key cuts short."""
    told: set[str] = set()
    for language, texts in subject.texts.items():
        for hit in texts.hits(LEGAL[language].stems, LEGAL[language].pattern, ("say", "greeting")):
            node = subject.tree.nodes[hit.spoken.name]
            if isinstance(node, t.Say | t.Menu) and node.barge_in and node.name not in told:
                told.add(node.name)
                yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("T307", "warning")
def the_same_again(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words after a silence or a wrong key that are the same each time."""
    for node in subject.asking:
        for why in subject.failures(node):
            retry: t.Retry = getattr(node, why)
            same_each_time = len(retry.say) > 1 and all(words == retry.say[0] for words in retry.say)
            if same_each_time or (retry.say and retry.say[0] == node.words):
                yield Finding(subject.spot("nodes", node.name, why, "say"))


@rule("T308", "warning", tries=(3, 3))
def too_many_tries(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus that say it again and again before somebody helps."""
    for node in subject.asking:
        for why in subject.failures(node):
            retry: t.Retry = getattr(node, why)
            if retry.tries > limits["tries"]:
                spot = subject.spot("nodes", node.name, why, "tries")
                yield Finding(spot, {"tries": retry.tries, "most": int(limits["tries"])})
