"""Survey: what callers answered, question by question, as counts and a mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """One question's answers: how often each key was pressed."""

    question: str
    counts: Mapping[str, int]

    @property
    def answers(self) -> int:
        """How many answered; a mean without this number says nothing."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """The mean of the keys as numbers; None if nobody answered."""
        return sum(int(key) * n for key, n in self.counts.items()) / self.answers if self.answers else None


def scores(answered: Iterable[Mapping[str, str]]) -> dict[str, Score]:
    """The score of each question, from each caller's `{question: key}`; a question left out was not answered."""
    counts: dict[str, Counter[str]] = {}
    for answers in answered:
        for question, key in answers.items():
            counts.setdefault(question, Counter())[key] += 1
    return {question: Score(question, dict(pressed)) for question, pressed in counts.items()}
