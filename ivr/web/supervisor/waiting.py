"""Waiting pages: the line as it stands, moved and assigned by hand, and why somebody is where they are."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.supervision import Supervision
from ivr.web.supervisor.asked import by, number, status_of, text, told
from ivr.web.supervisor.line import lines, talking, why
from routing.agent import AgentState
from routing.queue import HEAD_START_MAX_S
from routing.refusal import Refused
from routing.supervision import LISTENING

LINE = "line"
"""What a form of the list page says so that its answer is the list again."""


class WaitingPages:
    """One view a method."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision, self._switchboard = supervision, supervision.switchboard

    def page(self, session: Session) -> Any:
        """GET /waiting"""
        return self._page("supervisor/waiting.html", session)

    def list(self, session: Session) -> Any:
        """GET /waiting/list: the line alone, when something has changed."""
        return self._page("supervisor/parts/line.html", session)

    def why(self, session: Session, contact: str) -> Any:
        """GET /waiting/CONTACT"""
        return self._why(contact)

    def move(self, session: Session, contact: str) -> Any:
        """POST /waiting/CONTACT/move"""
        return self._done(contact, self._supervision.move(by(session), contact, text("queue")))

    def head_start(self, session: Session, contact: str) -> Any:
        """POST /waiting/CONTACT/head-start"""
        seconds = number("head_start_s", -HEAD_START_MAX_S, HEAD_START_MAX_S)
        if seconds is None:
            return self._done(contact, Refused("that is no number of seconds", field="head_start_s"))
        return self._done(contact, self._supervision.head_start(by(session), contact, seconds))

    def assign(self, session: Session, contact: str) -> Any:
        """POST /waiting/CONTACT/assign"""
        return self._done(contact, self._supervision.assign(by(session), contact, text("agent")))

    def listen(self, session: Session, contact: str) -> Any:
        """POST /waiting/CONTACT/listen"""
        return self._done(contact, self._supervision.listen(by(session), contact, text("how")))

    def stand(self, session: Session, queue: str) -> Any:
        """POST /waiting/queues/QUEUE/stand"""
        no = self._supervision.stand(by(session), queue, text("how"), text("why"))
        if no is None:
            return redirect(url_for("waiting.page"), 303)
        return self._page("supervisor/waiting.html", session, fault=told(no)), status_of(no)

    def _done(self, contact: str, no: Refused | None) -> Any:
        if no is None:
            there = (
                url_for("waiting.page") if request.form.get("back") == LINE else url_for("waiting.why", contact=contact)
            )
            return redirect(there, 303)
        return self._why(contact, told(no), status_of(no))

    def _page(self, template: str, session: Session, fault: str | None = None) -> str:
        with self._switchboard.store.look() as tx:
            found = lines(tx, sorted(self._switchboard.hotlines.queues()))
            seat = tx.floor.agent(session.account)  # whoever listens in is rung there
            rings_at = seat.address if seat else None
            shown = {"lines": found, "talking": talking(tx), "rings_at": rings_at, "fault": fault}
            return render_template(template, **shown, **self._choices(tx))

    def _why(self, contact: str, fault: str | None = None, status: int = 200) -> Any:
        with self._switchboard.store.look() as tx:
            found = why(tx, contact)
            if found is None:
                return render_template("refusal.html", status=404, title="error.404.title", lead="error.404.lead"), 404
            page = render_template("supervisor/why.html", why=found, fault=fault, **self._choices(tx))
        return page, status

    def _choices(self, tx: Any) -> dict[str, Any]:
        able = (AgentState.AVAILABLE, AgentState.PAUSED, AgentState.WRAP_UP)
        return {
            "queues": sorted(self._switchboard.hotlines.queues()),
            "free": [agent.name for agent in tx.floor.agents() if agent.state in able],
            "ways": LISTENING,
            "kind_name": self._switchboard.hotlines.kind_name,
        }
