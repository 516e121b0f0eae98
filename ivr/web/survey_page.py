"""Survey page: behind the link in a text message - no log-in, no script, the caller's language, answered once."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from ivr.accounts import Session
from ivr.inquiry import WORDS_LENGTH_MAX
from ivr.menu.tree import Question
from ivr.survey_link import Found, Standing, SurveyLinks
from ivr.web.texts import Texts, page_texts, texts
from routing.refusal import Refused

YES_NO = ("1", "2")
QUESTION = "q."
"""What the name of a question's field begins with."""


class SurveyPage:
    """Two views on one address."""

    def __init__(self, links: SurveyLinks) -> None:
        self._links = links

    def page(self, session: Session | None, word: str) -> Any:
        """GET /s/WORD"""
        return _page(self._links.find(word))

    def answer(self, session: Session | None, word: str) -> Any:
        """POST /s/WORD"""
        keys = {
            name.removeprefix(QUESTION): value
            for name, value in request.form.items()
            if name.startswith(QUESTION) and value
        }
        words = request.form.get("words", "").replace("\r\n", "\n")
        answered = self._links.answer(word, keys, words)
        if isinstance(answered, Refused):
            return _page(self._links.find(word), answered, keys, words)
        return _page(answered)


def _page(
    found: Found | None,
    refused: Refused | None = None,
    keys: dict[str, str] | None = None,
    words: str = "",
) -> Any:
    """The page, in the language of the call; one that is for no call, in the browser's."""
    t = texts(found.language) if found else page_texts()
    if found is None:
        return render_template("survey/page.html", t=t, found=None, standing="unknown"), 404
    page = render_template(
        "survey/page.html",
        t=t, found=found, standing=str(found.standing), name=found.tree.name[found.language],
        language=found.language, words=words, keys=keys or {}, fault=t.refusal(refused.why) if refused else None,
        questions=[(it, _asked(it, t), _choices(it, t)) for it in found.survey.questions],
        words_length_max=WORDS_LENGTH_MAX, prefix=QUESTION,
    )  # fmt: skip
    return page, 422 if refused else 410 if found.standing is Standing.EXPIRED else 200


def _asked(question: Question, t: Texts) -> str:
    return t.of(question.written or question.words)


def _choices(question: Question, t: Texts) -> list[tuple[str, str]]:
    """Each key with what stands on its button."""
    said = {"1": t("results.yes"), "2": t("results.no")} if question.keys == YES_NO else {}
    return [(key, said.get(key, key)) for key in question.keys]
