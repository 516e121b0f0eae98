"""Survey: questions on the same line after the conversation; nobody is made to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ivr import dialable, phrase
from ivr import heard as h
from ivr import instruction as i
from ivr.call import Call
from ivr.menu import tree as t
from ivr.session.conventions import failed
from ivr.session.turn import Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded

TRIES_MAX = 2
"""Times a question is asked before the survey is thanked for and left."""

TIMEOUT_S = 7

OFFERED, SPARED = "offered", "spared"
"""What a call knows of the survey: the caller was asked whether they would; they were asked not long ago."""

LINE, CALL_BACK = "line", "call_back"

NOT_AGAIN = timedelta(days=30)
"""Nobody is asked again within this, whatever they answered."""


def rests(last_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who was last offered the survey at `last_at` is not to be asked yet."""
    return last_at is not None and now < last_at + NOT_AGAIN


def reached(caller: str, way: str) -> str:
    """How a caller can be asked who should be asked by this way: `line` where their number is none for it."""
    number = dialable.own_number(caller)
    fits = number is not None and (way == CALL_BACK or dialable.takes_texts(number))
    return way if fits else LINE


def offer(call: Call, way: str, now: datetime) -> None:
    """Note that the survey is asked of this call, and how."""
    call.survey, call.survey_at, call.survey_way = OFFERED, now, way


def arrive(turn: Turn, node: t.SurveyNode, said: Sequence[i.Instruction]) -> Answer:
    """Say what it is about and how long it takes, and ask the first question - or when it will be asked.

    Who is spared it, or had it in this call, goes on at once.
    """
    call, survey = turn.call, turn.tree.surveys[node.survey]
    call.question = 0
    if call.survey:
        return Go(node.then, tuple(said))
    offer(call, reached(call.caller, survey.by), turn.now)
    if call.survey_way != LINE:
        later = turn.tell(phrase.survey_later(call.survey_way, call.language))
        return Go(node.then, (*said, i.AskLater(call.survey_way, node.name), later))
    return question(turn, node, [*said, worded(turn, survey.intro)])


def hear(turn: Turn, node: t.SurveyNode, heard: h.Heard) -> Answer:
    """An answer, or none: the next question, the message at the end, or thanks."""
    call, survey = turn.call, turn.tree.surveys[node.survey]
    if call.question >= len(survey.questions):  # the message was asked for; whatever it is, it is the end
        return Go(node.then, (worded(turn, survey.thanks),))
    asked = survey.questions[call.question]
    answered = isinstance(heard, h.Pressed) and heard.keys in asked.keys
    if answered:
        call.answers[asked.name] = heard.keys
        call.question, call.silences, call.failures = call.question + 1, 0, 0
        if call.question < len(survey.questions) or survey.message:
            return question(turn, node, [])
    else:
        call.silences += 1
        if call.silences < TRIES_MAX:
            hint = phrase.survey_wrong_key(asked.keys[0], asked.keys[-1], call.language)
            return question(turn, node, [turn.tell(hint)])
    thanks = Go(node.then, (worded(turn, survey.thanks),) if call.answers else ())  # who said nothing helped nobody
    return thanks if answered else failed(turn, thanks)


def question(turn: Turn, node: t.SurveyNode, said: Sequence[i.Instruction]) -> Instructions:
    """Ask the question that the call has come to, or for the message after the last one."""
    survey = turn.tree.surveys[node.survey]
    if turn.call.question < len(survey.questions):
        asked = survey.questions[turn.call.question]
        return gather([*said, worded(turn, asked.words)], 1, TIMEOUT_S)
    if survey.message:
        return [*said, worded(turn, survey.message.words), i.Record(survey.message.max_length_s)]
    return [*said, i.GoOn("on")]
