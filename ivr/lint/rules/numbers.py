"""N: the numbers that callers dial - that they exist, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.lint import terms
from ivr.lint.dialled import called
from ivr.lint.rule import Finding, Limits, rule, told_by_check
from ivr.lint.subject import Subject

for _id in ("N604", "N611", "N612", "N613"):
    told_by_check(_id)


@rule("N601", "error")
def no_such_number(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Numbers that no numbering plan knows."""
    tree = subject.tree
    others = [tree.fallback_number] if tree.fallback_number else []
    for number in (*tree.numbers, *others, *tree.transfer_numbers):
        line = called(number)
        if line is None or not line.valid:
            yield Finding(subject.spot_of_number(number), {"number": line.readable if line else number}, "no_such")


@rule("N602", "warning")
def not_free(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Numbers said to be free that are not."""
    promised = next(
        (
            hit
            for it, texts in subject.texts.items()
            for hit in texts.hits(terms.FREE[it].stems, terms.FREE[it].pattern)
        ),
        None,
    )
    for number in subject.tree.numbers if promised else ():
        line = called(number)
        if promised and line and line.valid and line.kind != "TOLL_FREE":
            values = {"number": line.readable, "words": promised.said}
            yield Finding(subject.spot_of_number(number), values)


@rule("N603", "advice")
def price_not_told(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Numbers whose price callers share, without a word about it. German ones with a queue are a matter of Q402."""
    for number, language in subject.tree.numbers.items():
        line = called(number)
        told_elsewhere = line is not None and line.country == "DE" and bool(subject.tree.queues)
        if line and line.kind in ("SHARED_COST", "PREMIUM_RATE") and not told_elsewhere:
            what = terms.PRICE[language]
            if next(subject.texts[language].hits(what.stems, what.pattern), None) is None:
                yield Finding(subject.spot_of_number(number), {"number": line.readable})
