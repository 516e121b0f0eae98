"""V: surveys - short, fair, clear, and about what callers can judge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.lint import terms
from ivr.lint.rule import Finding, Limits, Severity, rule, told_by_check
from ivr.lint.spoken import Spoken
from ivr.lint.subject import Subject
from ivr.menu import tree as t

told_by_check("V710")
told_by_check("V711")
for _id in ("V712", "V713", "V714", "V715", "V716"):
    told_by_check(_id)

YES_NO = ("1", "2")
ANSWER_S = 4.0
"""What it takes to think and to press a key."""


def _questions(subject: Subject) -> Iterator[tuple[t.Survey, t.Question]]:
    return ((survey, question) for survey in subject.tree.surveys.values() for question in survey.questions)


def _scale(question: t.Question) -> bool:
    """Whether a question is answered on a scale: not with yes or no, and not with a number of times."""
    counted = any(terms.HOW_MANY.search(text) for text in question.words.values())
    return question.keys != YES_NO and len(question.keys) > 2 and not counted


@rule("V701", "advice", questions=(3, 3), many=(5, 5), survey_s=(180, 180))
def a_long_survey(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Surveys that ask too much."""
    for name, survey in subject.tree.surveys.items():
        count = len(survey.questions)
        words = [survey.intro, *(it.words for it in survey.questions), survey.thanks]
        length_s = max(
            sum(subject.lengths.words_s(it, language) for it in words) for language in subject.tree.languages
        )
        length_s += count * ANSWER_S
        severity: Severity = "warning" if count > limits["many"] or length_s > limits["survey_s"] else "advice"
        if count > limits["questions"] or severity == "warning":
            values = {"count": count, "seconds": round(length_s), "most": int(limits["questions"])}
            yield Finding(subject.spot("surveys", name), values, severity=severity)


@rule("V702", "warning")
def different_scales(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Questions of one survey whose scales differ."""
    for name, survey in subject.tree.surveys.items():
        scales = [question for question in survey.questions if _scale(question)]
        for question in scales[1:]:
            if question.keys != scales[0].keys:
                values = {"first": f"{scales[0].keys[0]}-{scales[0].keys[-1]}", "name": scales[0].name}
                yield Finding(subject.spot("surveys", name, "questions", question.name, "keys"), values)


@rule("V703", "warning")
def ends_not_said(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Scales whose ends are not both named; a school mark of 1 is the best in Germany and the worst elsewhere."""
    for survey, question in _questions(subject):
        if not _scale(question):
            continue
        for language, text in question.words.items():
            first, last = question.keys[0], question.keys[-1]
            if not all(_means_something(text, key) for key in (first, last)):
                spoken = Spoken("surveys", survey.name, "question", question.words, question.name)
                yield Finding(subject.spot_of_words(spoken, language), {"first": first, "last": last})
                break


_MEANS = r"(?:,? (?:for|is|means|für|heißt|bedeutet|ist|за|значи|je|es|para|significa))?,? [^\W\d]{3,} ?[^\W\d]*"


def _means_something(text: str, key: str) -> bool:
    """Whether a key is named together with a word for what it means: "1, very bad"."""
    named = re.search(rf"(?<!\d){key}(?!\d){_MEANS}", text)
    bare_range = re.search(rf"(?<!\d){key} (?:to|bis|до|a) \d[.?!]?\s*$", text)
    return bool(named) and not bare_range


@rule("V704", "warning")
def two_things_in_one(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Questions that ask two things at once."""
    for survey, question in _questions(subject):
        for language, text in question.words.items():
            asked = text.split("?")[0] if "?" in text else ""
            found = re.search(rf"\b(?:{terms.AND[language]})\b", asked, re.IGNORECASE)
            if found:
                spoken = Spoken("surveys", survey.name, "question", question.words, question.name)
                yield Finding(subject.spot_of_words(spoken, language), {"words": found[0]})
                break


@rule("V705", "advice")
def settled_and_how_often(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Surveys that do not ask whether the matter is settled, and what that took: calls, or trouble."""
    for name, survey in subject.tree.surveys.items():
        texts = [text for question in survey.questions for text in question.words.values()]
        settled = any(terms.SETTLED.search(text) for text in texts)
        how_often = any(terms.HOW_MANY.search(text) for text in texts)
        how_easy = any(terms.HOW_EASY.search(text) for text in texts)
        if not (settled and (how_often or how_easy)):
            yield Finding(subject.spot("surveys", name), {"name": name}, "took" if settled else "settled")


@rule("V706", "warning")
def zero_to_ten(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """A scale from 0 to 10, on which 1 and 10 begin with the same key."""
    for survey, question in _questions(subject):
        for language, text in question.words.items():
            if terms.ZERO_TO_TEN.search(text):
                spoken = Spoken("surveys", survey.name, "question", question.words, question.name)
                yield Finding(subject.spot_of_words(spoken, language))
                break


@rule("V707", "warning")
def length_not_said(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Surveys that do not say first how long they are."""
    for name, survey in subject.tree.surveys.items():
        for language, text in survey.intro.items():
            if not terms.COUNT_OR_TIME.search(text):
                spoken = Spoken("surveys", name, "intro", survey.intro)
                yield Finding(subject.spot_of_words(spoken, language))
                break


@rule("V708", "advice")
def marks_for_a_person(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Questions that give marks to the person who answered."""
    for survey, question in _questions(subject):
        for language, text in question.words.items():
            if terms.PERSON_RATED.search(text):
                spoken = Spoken("surveys", survey.name, "question", question.words, question.name)
                yield Finding(subject.spot_of_words(spoken, language))
                break


@rule("V709", "advice", share=(0.05, 0.05))
def asked_again(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Surveys that the same callers met twice within 30 days; known from the calls so far."""
    for name, share in subject.known.asked_again.items():
        if name in subject.tree.surveys and share > limits["share"]:
            yield Finding(subject.spot("surveys", name), {"percent": round(share * 100)})
