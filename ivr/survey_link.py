"""Survey link: the one answer that a link in a text message is good for, from whoever has it, until it expires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ivr import survey_later
from ivr.call import Call
from ivr.inquiry import WORDS_LENGTH_MAX, CameOf, Inquiry, InquiryState
from ivr.menu.tree import Survey, SurveyNode, Tree
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.throttle import digest
from routing.refusal import Refused

WORD_LENGTH_MAX = 64


class Standing(StrEnum):
    """What a link still is."""

    GOOD = "good"
    DONE = "done"  # answered by this very request
    ANSWERED = "answered"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Found:
    """What a link leads to: the survey as the hotline asked it then, and in which language."""

    standing: Standing
    language: str
    tree: Tree
    survey: Survey


class SurveyLinks:
    """What can be done with a link. Nobody need be logged in; whoever has the word may answer once."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def find(self, word: str) -> Found | None:
        """What the word leads to; None for a word that we never gave out."""
        with self._switchboard.store.look() as tx:
            inquiry = _of_word(tx, word)
            return self._found(tx, inquiry) if inquiry else None

    def answer(self, word: str, keys: Mapping[str, str], words: str) -> Found | Refused | None:
        """Keep the answers, by question, and what was written besides; once.

        Refused where nothing is answered, or something that cannot be; None for a word that we never gave out.
        """

        def happen(tx: Tx) -> tuple[Found | Refused | None, tuple[()]]:
            inquiry = _of_word(tx, word)
            found = self._found(tx, inquiry) if inquiry else None
            if inquiry is None or found is None or found.standing is not Standing.GOOD:
                return found, ()
            refused = _fault(found.survey, keys, words)
            if refused is not None:
                return refused, ()
            _keep(tx, inquiry, keys, words.strip())
            return replace(found, standing=Standing.DONE), ()

        return self._switchboard.happen(happen)

    def _found(self, tx: Tx, inquiry: Inquiry) -> Found:
        its = survey_later.asked_about(tx, inquiry)
        tree = self._switchboard.hotlines.tree(its.version)
        node = tree.nodes[inquiry.node]
        assert isinstance(node, SurveyNode), f"inquiry {inquiry.id} is about {inquiry.node!r}, which asks nothing"
        gone = inquiry.expires_at is None or tx.now >= inquiry.expires_at
        standing = Standing.EXPIRED if gone else Standing.GOOD
        if inquiry.state is not InquiryState.SENT:
            standing = Standing.ANSWERED if inquiry.came_of is CameOf.ANSWERED else Standing.EXPIRED
        return Found(standing, its.language, tree, tree.surveys[node.survey])


def _of_word(tx: Tx, word: str) -> Inquiry | None:
    return tx.inquiries.of_word(digest(word)) if 0 < len(word) <= WORD_LENGTH_MAX else None


def _fault(survey: Survey, keys: Mapping[str, str], words: str) -> Refused | None:
    questions = {question.name: question for question in survey.questions}
    for name, key in keys.items():
        if name not in questions or key not in questions[name].keys:
            return Refused("this is no answer to that question", field=name)
    if len(words) > WORDS_LENGTH_MAX:
        return Refused("this is too long", field="words")
    return None if keys or words.strip() else Refused("nothing is answered yet")


def _keep(tx: Tx, inquiry: Inquiry, keys: Mapping[str, str], words: str) -> None:
    its = survey_later.asked_about(tx, inquiry)
    before = dict(its.answers)
    its.answers |= keys
    if isinstance(its, Call):
        tx.save(its)
    survey_later.tell_answers(tx, its, before)
    inquiry.words = words
    if words:
        tx.happened(inquiry.about, "said more in the survey")
    survey_later.over(tx, inquiry, CameOf.ANSWERED)
