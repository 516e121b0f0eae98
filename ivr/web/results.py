"""Results: what callers said in the survey, always beside how many said it and how many were asked."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from ivr.accounts import Session
from ivr.hotlines import Hotlines
from ivr.menu.tree import Menu, Question, Tree
from ivr.store import SETTLED, Store
from ivr.surveys import PEOPLE_MIN, asked, grouping, remarks, result, results
from ivr.web.days import DAYS_MAX, asked_days
from ivr.web.figure_words import number, share
from ivr.web.frame import zone_of
from ivr.web.texts import Texts, page_texts

USUAL_DAYS = 30
GROUPS = ("queue", "option", "cause", "hour", "outcome", "way", "person")
YES_NO = ("1", "2")


class ResultsPages:
    """One view."""

    def __init__(self, store: Store, hotlines: Hotlines) -> None:
        self._store, self._hotlines = store, hotlines

    def page(self, session: Session) -> Any:
        """GET /results?from=DAY&to=DAY&by=queue"""
        zone, t = zone_of(self._hotlines), page_texts()
        by = request.args.get("by", "queue")
        by = by if by in GROUPS else "queue"
        with self._store.look() as tx:
            days = asked_days(tx.now, zone, USUAL_DAYS)
            found = asked(tx, days.since, days.until)
            said = remarks(tx, found)
        words = _Words(self._hotlines.current(), t)
        groups = grouping(zone)
        return render_template(
            "results/page.html",
            days=days, days_max=DAYS_MAX, by=by, groups=GROUPS, people_min=PEOPLE_MIN,
            all=result(None, found), rows=results(found, groups[by]), outcomes=results(found, groups["outcome"]),
            ways=results(found, groups["way"]), remarks=said,
            questions=words.questions, words=words,
            number=lambda value: number(value, t), share=lambda value: share(value, t),
        )  # fmt: skip


class _Words:
    """What questions and groups are called, in the page's language."""

    def __init__(self, trees: tuple[Tree, ...], t: Texts) -> None:
        self._trees, self._t = trees, t
        self.questions: dict[str, Question] = {
            question.name: question
            for tree in trees
            for survey in tree.surveys.values()
            for question in survey.questions
        }

    def question(self, name: str) -> str:
        """A question's short name."""
        return self._t.or_as_is("question", name).replace("_", " ")

    def asks_yes_or_no(self, name: str) -> bool:
        """Whether its answers are yes and no: then the share of yes is shown, and no mean."""
        return name == SETTLED or self.questions[name].keys == YES_NO

    def group(self, by: str, group: Any) -> str:
        """What a group is called."""
        t = self._t
        match by:
            case "option":
                return self._option(*group)
            case "outcome":
                sort, word = group
                return self._t.or_as_is("came_of", word) if sort == "case" else self._disposition(word)
            case "way":
                return t(f"results.way.{group}")
            case "cause":
                return self._cause(group)
        return str(group)

    def _option(self, node: str, key: str) -> str:
        for tree in self._trees:
            menu = tree.nodes.get(node)
            if isinstance(menu, Menu):
                for option in menu.options:
                    if option.key == key:
                        return f"{key} · {self._t.of(option.label)}"
        return f"{node} {key}"

    def _disposition(self, name: str) -> str:
        found = (tree.dispositions[name] for tree in self._trees if name in tree.dispositions)
        label = next(found, None)
        return self._t.of(getattr(label, "label", label)) if label else name.replace("_", " ")

    def _cause(self, value: str) -> str:
        fields = (field for tree in self._trees for kind in tree.cases.values() for field in kind.fields)
        label = next(
            (field.choices[value] for field in fields if field.name == "cause" and value in field.choices), None
        )
        return self._t.of(label) if label else value
