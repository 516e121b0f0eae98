"""Menus pages: the tree as it is heard now, with what is pressed in it, and every version that there was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, redirect, render_template, url_for
from markupsafe import Markup

from ivr.accounts import Session
from ivr.editing import Editing, office_zone, pressed
from ivr.hotlines import Hotlines
from ivr.menu.tree import Tree
from ivr.phrase import latin
from ivr.publication import Kind
from ivr.store import Store
from ivr.view.exits import exits
from ivr.view.markup import written
from ivr.view.outline import outline
from ivr.view.picture import STYLE, drawn
from ivr.view.telling import title
from ivr.web.supervisor.asked import by, status_of, text, told
from ivr.web.texts import page_texts
from routing.refusal import Refused


def absent() -> Any:
    """The page that says that there is no such thing."""
    return render_template("refusal.html", status=404, title="error.404.title", lead="error.404.lead"), 404


def reader_language() -> str:
    """The language that the menus' own texts are told in; they know Serbian in Cyrillic."""
    return page_texts().language.partition("-")[0]


def in_script(words: str) -> str:
    """Text of the menus in the reader's script."""
    return latin(words) if page_texts().language == "sr-Latn" else words


class MenuPages:
    """One view a method."""

    def __init__(self, store: Store, hotlines: Hotlines, editing: Editing, clock: Callable[[], datetime]) -> None:
        self._store, self._hotlines, self._editing, self._clock = store, hotlines, editing, clock

    def page(self, session: Session) -> Any:
        """GET /menus: of one hotline, its own page at once."""
        trees = self._hotlines.current()
        if len(trees) == 1:
            return redirect(url_for("menus.one", hotline=trees[0].hotline), 303)
        return render_template("supervisor/menus.html", trees=trees)

    def look(self, session: Session) -> Any:
        """GET /menus/picture.css: how the picture of a tree looks; our pages take no style from within themselves."""
        return Response(STYLE, mimetype="text/css")

    def one(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE"""
        return self._one(hotline)

    def counts(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE/counts: the picture and the table of keys, when something has changed."""
        tree = self._editing.tree(hotline)
        return render_template("supervisor/parts/counts.html", **self._counted(tree)) if tree else absent()

    def roll_back(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/roll-back {expects}"""
        if self._editing.tree(hotline) is None:
            return absent()
        made = self._editing.roll_back(by(session), hotline, text("expects"), self._clock())
        if isinstance(made, Refused):
            return self._one(hotline, told(made)), status_of(made)
        return redirect(url_for("menus.one", hotline=hotline), 303)

    def _one(self, hotline: str, fault: str | None = None) -> Any:
        tree = self._editing.tree(hotline)
        if tree is None:
            return absent()
        with self._store.look() as tx:
            published = tx.publications.of(hotline)
        return render_template(
            "supervisor/menu.html",
            published=published,
            watched=not any(it.live_at for it in published) or _latest(published) is Kind.RELEASED,
            manuscript=self._editing.manuscript(hotline),
            fault=fault,
            **self._counted(tree),
        )

    def _counted(self, tree: Tree) -> dict[str, Any]:
        language, zone = reader_language(), office_zone(tree)
        local = self._clock().astimezone(zone)
        with self._store.look() as tx:
            calls, tally = pressed(tx, tree, local.replace(hour=0, minute=0, second=0, microsecond=0))
        picture = drawn(tree, outline(tree, language), language, {at: str(n) for at, n in tally.items()}, style=False)
        svg = Markup(in_script(written(picture, "xml")))  # noqa: S704 - built of elements, every text escaped
        return {"tree": tree, "calls": calls, "svg": svg, "steps": list(_steps(tree, tally, language))}


def _latest(published: list[Any]) -> Kind | None:
    live = [it for it in published if it.live_at]
    return max(live, key=lambda it: (it.live_at, it.seq)).kind if live else None


def _steps(tree: Tree, tally: Mapping[tuple[str, str], int], language: str) -> Any:
    """Every step with keys: its name, and of each key the label, the count, and its share of the step's.

    An option without a way of its own chooses a language.
    """
    for name, node in tree.nodes.items():
        keys = {way.mark: way.text for way in exits(tree, node, language) if way.mark}
        chosen = {it.key: it.language or "" for it in getattr(node, "options", ()) if it.key not in keys}
        keys |= {key: page_texts().language_name(code) for key, code in chosen.items()}
        if not keys:
            continue
        total = sum(tally.get((name, key), 0) for key in keys)
        rows = [
            (key, in_script(label), n := tally.get((name, key), 0), n / total if total else 0.0)
            for key, label in keys.items()
        ]
        yield {"name": name, "title": title(name), "rows": rows, "total": total}
