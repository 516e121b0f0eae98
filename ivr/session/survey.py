"""Survey: questions on the same line after the conversation; nobody is made to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase
from ivr.menu import tree as t
from ivr.session.conventions import failed
from ivr.session.turn import Answer, Go, Instructions, Turn, gather
from ivr.session.wording import worded

TRIES_MAX = 2
"""Times a question is asked before the survey is thanked for and left."""

TIMEOUT_S = 7

OFFERED, SPARED = "offered", "spared"
"""What a call knows of the survey: the caller was asked whether they would; they were asked not long ago."""

NOT_AGAIN = timedelta(days=30)
"""Nobody is asked again within this, whatever they answered."""


def rests(last_at: datetime | None, now: datetime) -> bool:
    """Whether somebody who was last offered the survey at `last_at` is not to be asked yet."""
    return last_at is not None and now < last_at + NOT_AGAIN


def arrive(turn: Turn, node: t.SurveyNode, said: Sequence[i.Instruction]) -> Answer:
    """Say what it is about and how long it takes, and ask the first question.

    Who is spared it, or had it in this call, goes on at once.
    """
    turn.call.question = 0
    if turn.call.survey:
        return Go(node.then, tuple(said))
    turn.call.survey, turn.call.survey_at = OFFERED, turn.now
    return question(turn, node, [*said, worded(turn, turn.tree.surveys[node.survey].intro)])


def hear(turn: Turn, node: t.SurveyNode, heard: h.Heard) -> Answer:
    """An answer, or none: the next question, or thanks."""
    call, survey = turn.call, turn.tree.surveys[node.survey]
    asked = survey.questions[min(call.question, len(survey.questions) - 1)]
    answered = isinstance(heard, h.Pressed) and heard.keys in asked.keys
    if answered:
        call.answers[asked.name] = heard.keys
        call.question, call.silences, call.failures = call.question + 1, 0, 0
    else:
        call.silences += 1
        if call.silences < TRIES_MAX:
            hint = phrase.survey_wrong_key(asked.keys[0], asked.keys[-1], call.language)
            return question(turn, node, [turn.tell(hint)])
        call.question = len(survey.questions)
    if call.question < len(survey.questions):
        return question(turn, node, [])
    thanks = Go(node.then, (worded(turn, survey.thanks),) if call.answers else ())  # who said nothing helped nobody
    return thanks if answered else failed(turn, thanks)


def question(turn: Turn, node: t.SurveyNode, said: Sequence[i.Instruction]) -> Instructions:
    """Ask the question that the call has come to."""
    questions = turn.tree.surveys[node.survey].questions
    asked = questions[min(turn.call.question, len(questions) - 1)]
    return gather([*said, worded(turn, asked.words)], 1, TIMEOUT_S)
