"""Trying: the words of a step as callers hear them, and a call tried key by key - of what is live, or of what is
being written."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import render_template, request

from ivr.accounts import Session
from ivr.editing import Editing
from ivr.menu.tree import Tree
from ivr.view.rehearsal import Line, rehearse
from ivr.view.telling import tell, title
from ivr.view.trial import KEYPAD, PRESSES_MAX, tried
from ivr.web.supervisor.asked import text
from ivr.web.supervisor.menus import absent, in_script, reader_language

WRITTEN_DOWN_MAX = 8000
DRAFT = "draft"


class TryingPages:
    """One view a method."""

    def __init__(self, editing: Editing, clock: Callable[[], datetime]) -> None:
        self._editing, self._clock = editing, clock

    def hear(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE/hear?step=..&language=..&of=draft"""
        tree = self._tree(hotline, request.args.get("of", ""))
        if tree is None:
            return absent()
        step, language = request.args.get("step", tree.start), request.args.get("language", tree.languages[0])
        if step not in tree.nodes or language not in tree.languages:
            return absent()
        scenes = [
            {"title": _told(f"view.scene.{it.key}", n=it.n), "said": [said(part) for part in it.said], "at": it.at}
            for it in rehearse(tree, step, language, self._clock())
        ]
        return render_template(
            "supervisor/hear.html", tree=tree, step=step, spoken=language, scenes=scenes, of=request.args.get("of", "")
        )

    def call(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE/try"""
        return self._call(hotline, request.args.get("of", ""), [])

    def press(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/try {did, next, of}: plays everything anew; nothing is kept."""
        try:
            did = json.loads(text("did", WRITTEN_DOWN_MAX) or "[]")
        except (ValueError, RecursionError):
            did = []
        did = [it for it in did if isinstance(it, str)] if isinstance(did, list) else []
        typed = text("keys", 20)
        following = text("next", 64)
        more = [f"keys {typed}"] if following == "keys" and typed else [following] if following else []
        return self._call(hotline, text("of"), [*did, *more][:PRESSES_MAX])

    def _call(self, hotline: str, of: str, did: list[str]) -> Any:
        tree = self._tree(hotline, of)
        if tree is None:
            return absent()
        number = text("number", 20) or request.args.get("number", "")
        number = number if number in tree.numbers else next(iter(tree.numbers), "")
        made = tried(tree, number, tree.numbers.get(number, tree.languages[0]), self._moment(), did)
        done = [it.did for it in made.exchanges if it.did]
        exchanges = [
            {"did": it.did, "said": [said(part) for part in it.said], "at": title(it.at)} for it in made.exchanges
        ]
        return render_template(
            "supervisor/try.html",
            tree=tree, of=of, trial=made, exchanges=exchanges, did=json.dumps(done), keypad=KEYPAD, number=number,
            began=self._moment().isoformat(),
        )  # fmt: skip

    def _moment(self) -> datetime:
        """When the call was begun: it stays at that moment, or the same keys might lead elsewhere."""
        try:
            began = datetime.fromisoformat(text("began", 40))
        except ValueError:
            return self._clock()
        return began if began.tzinfo else self._clock()

    def _tree(self, hotline: str, of: str) -> Tree | None:
        """What is live, or what is being written if it can be used."""
        live = self._editing.tree(hotline)
        if of != DRAFT or live is None:
            return live
        its = self._editing.manuscript(hotline)
        return (self._editing.examined(its.files, its.base).tree if its else None) or live


def _told(key: str, **values: object) -> str:
    return in_script(tell(key, reader_language(), **values))


def said(part: Any) -> dict[str, str]:
    """One thing heard: words with their language, or what happens between them."""
    if isinstance(part, Line):
        return {"text": part.text, "language": part.language, "recording": part.recording or ""}
    return {"stage": _told(f"view.stage.{part.key}", **part.values)}
