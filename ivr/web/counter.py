"""Counter pages: take a visitor in, the board for the waiting room, and the page that tells a visitor their place."""

from __future__ import annotations

import math
from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.counter import (
    CALLER_LENGTH_MAX,
    NAME_LENGTH_MAX,
    NOTE_LENGTH_MAX,
    Counter,
    Standing,
    Visitor,
    matters,
    standing,
)
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.visit import Visit
from ivr.web.texts import page_texts
from routing.refusal import Refused

HERE_MAX = 200
CALLED_MAX, NEXT_MAX = 6, 8
FORM_BYTES_MAX = 16 * 1024


class CounterPages:
    """The page of whoever sits at the counter."""

    def __init__(self, switchboard: Switchboard, counter: Counter, public_url: str) -> None:
        self._switchboard, self._counter, self._public_url = switchboard, counter, public_url

    def page(self, _: Session) -> Any:
        """GET /counter; ?given=ID shows the number that was given last."""
        with self._switchboard.store.look() as tx:
            given = tx.visits.get(request.args.get("given", ""))
            return self._page(tx, {"form": tx.new_id()}, given=given)

    def take_in(self, session: Session) -> Any:
        """POST /counter"""
        request.max_content_length = FORM_BYTES_MAX
        said = request.form
        hotline, _, node = said.get("about", "").partition(" ")
        visitor = Visitor(
            hotline, node, said.get("language", ""), said.get("name", ""), said.get("caller", ""),
            said.get("note", ""), said.get("form", "")[:32],
        )  # fmt: skip
        made = self._counter.take_in(session.account, visitor)
        if isinstance(made, Refused):
            with self._switchboard.store.look() as tx:
                return self._page(tx, said, made), 422
        return redirect(url_for("counter.page", given=made.id), 303)

    def here(self, _: Session) -> Any:
        """GET /counter/here: who is here."""
        with self._switchboard.store.look() as tx:
            return render_template("counter/here.html", here=self._here(tx))

    def left(self, session: Session) -> Any:
        """POST /counter/left: somebody has gone."""
        self._counter.left(session.account, request.form.get("visit", "")[:64])
        return redirect(url_for("counter.page"), 303)

    def board(self, _: Session) -> Any:
        """GET /counter/board: numbers alone, large, for the waiting room."""
        return render_template("counter/board.html", **self._called())

    def board_parts(self, _: Session) -> Any:
        """GET /counter/board/now"""
        return render_template("counter/called.html", **self._called())

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _page(self, tx: Tx, said: Any, no: Refused | None = None, given: Visit | None = None) -> str:
        trees = self._switchboard.hotlines.current()
        about = [(tree, it) for tree in trees for it in matters(tree)]
        link = f"{self._public_url}{url_for('ticket.page', link=given.link)}" if given else None
        return render_template(
            "counter/page.html",
            about=about,
            languages_spoken=list(dict.fromkeys(code for tree in trees for code in tree.languages)),
            said=said,
            form=said.get("form", ""),
            here=self._here(tx),
            given=standing(tx, given) if given else None,
            link=link,
            fault=page_texts().refusal(no.why) if no else None,
            fault_field=no.field if no else None,
            name_length_max=NAME_LENGTH_MAX,
            caller_length_max=CALLER_LENGTH_MAX,
            note_length_max=NOTE_LENGTH_MAX,
            minutes=minutes,
        )

    def _here(self, tx: Tx) -> list[tuple[Standing, str]]:
        trees = {tree.hotline: tree for tree in self._switchboard.hotlines.current()}
        t = page_texts()
        found = []
        for visit in tx.visits.present(HERE_MAX):
            tree = trees.get(visit.hotline)
            kind = tree.cases.get(visit.case_kind) if tree else None
            found.append((standing(tx, visit), t.of(kind.label) if kind else visit.case_kind))
        return found

    def _called(self) -> dict[str, Any]:
        with self._switchboard.store.look() as tx:
            return called(tx)


def called(tx: Tx) -> dict[str, Any]:
    """Whose number is called, and whose will be next."""
    waiting = [standing(tx, it) for it in tx.visits.present(HERE_MAX) if it.waits]
    placed = sorted((it for it in waiting if it.place is not None), key=lambda it: (it.place, it.visit.came_at))
    return {"called": [standing(tx, it) for it in tx.visits.called_last(CALLED_MAX)], "next": placed[:NEXT_MAX]}


def beside_the_calls(tx: Tx) -> dict[str, Any] | None:
    """What the wallboard tells of e-mails and visitors; None: there are none."""
    mails = tx.mails.open_by_queue().values()
    here = tx.visits.present(HERE_MAX)
    if not mails and not here:
        return None
    waiting = [it for it in here if it.waits]
    return {
        "mails": sum(count for count, _ in mails),
        "mails_since": min((since for _, since in mails), default=None),
        "visits": len(waiting),
        "visits_since": min((it.came_at for it in waiting), default=None),
        **called(tx),
    }


class TicketPages:
    """What a visitor sees who has the link, and nobody else: their own number and place, and no name."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def page(self, _: Session | None, link: str) -> Any:
        """GET /ticket/LINK"""
        return self._show("counter/ticket.html", link)

    def now(self, _: Session | None, link: str) -> Any:
        """GET /ticket/LINK/now: what of it may have changed."""
        return self._show("counter/ticket_now.html", link)

    def _show(self, template: str, link: str) -> Any:
        with self._switchboard.store.look() as tx:
            visit = tx.visits.by_link(link[:64])
            seen = standing(tx, visit) if visit else None
        if seen is None:
            return render_template("refusal.html", status=404, title="error.404.title", lead="error.404.lead"), 404
        return render_template(template, it=seen, minutes=minutes)


def minutes(wait_s: float) -> int:
    """A wait as it is told: whole minutes, rounded up."""
    return max(1, math.ceil(wait_s / 60))
