"""X: call scripts - choices that none tries, and words they wait for that nobody says any more."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.lint.rule import Finding, Limits, Spot, rule
from ivr.lint.subject import Subject


@rule("X801", "advice")
def never_tried(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices that no call script presses."""
    if subject.known.coverage:
        for menu, key in subject.known.coverage.unpressed:
            yield Finding(subject.spot("nodes", menu, "options", key), {"key": key, "name": menu})


@rule("X802", "warning")
def waited_for_in_vain(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words that a call script waits for and that are said nowhere."""
    if subject.known.coverage:
        for place, words in subject.known.coverage.unheard:
            yield Finding(Spot(place, place.column + len(words)), {"words": words})
