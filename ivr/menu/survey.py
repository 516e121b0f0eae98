"""Survey: what callers are asked after a conversation - the questions, the message at the end, how and when."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.menu.place import NOWHERE, Place
from ivr.menu.words import Words


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey: what is asked and which keys answer it."""

    name: str
    words: Words
    keys: tuple[str, ...]  # ("1", "2") for yes and no, ("1" .. "5") for a scale
    written: Words | None = None  # the same for the page behind a link, where no keys are pressed


@dataclass(frozen=True, slots=True)
class SurveyMessage:
    """What callers may add to their answers in their own words; who says nothing is done."""

    words: Words
    max_length_s: int = 60


@dataclass(frozen=True, slots=True)
class Later:
    """When a survey is asked by a call of its own or by a link: so long after the call, within `hours`."""

    after_min: int = 30
    hours: str | None = None
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Survey:
    """What a caller is asked after the conversation: consent and length first, then the questions."""

    name: str
    intro: Words
    questions: tuple[Question, ...]
    thanks: Words
    message: SurveyMessage | None = None
    by: str = "line"  # line | call_back | link
    missed: str = "nothing"  # what becomes of who hangs up before the questions: nothing | call_back | link
    later: Later = Later()
    mail_and_visits: str = "nothing"  # how they are asked: nothing | link
    place: Place = NOWHERE
