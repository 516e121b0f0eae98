"""Emergency page: the switch that lets every new call hear something else first, and the time at which it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, url_for

from ivr.accounts import Session
from ivr.editing import moment_there, office_zone
from ivr.supervision import Supervision
from ivr.view.rehearsal import rehearse_emergency
from ivr.web.supervisor.asked import by, status_of, text, told
from ivr.web.supervisor.menus import absent
from ivr.web.supervisor.trying import said
from routing.refusal import Refused


class EmergencyPages:
    """One view a method."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision, self._switchboard = supervision, supervision.switchboard

    def page(self, session: Session) -> Any:
        """GET /emergency"""
        return self._page()

    def put_on(self, session: Session, hotline: str) -> Any:
        """POST /emergency/HOTLINE {until}: put it on, or set another end."""
        tree = next((it for it in self._switchboard.hotlines.current() if it.hotline == hotline), None)
        if tree is None:
            return absent()
        until = moment_there(text("until", 32), tree)
        no = until if isinstance(until, Refused) else self._supervision.emergency_on(by(session), hotline, until)
        if no is not None:
            return self._page(told(no)), status_of(no)
        return redirect(url_for("emergency.page"), 303)

    def put_off(self, session: Session, hotline: str) -> Any:
        """POST /emergency/HOTLINE/off"""
        self._supervision.emergency_off(by(session), hotline)
        return redirect(url_for("emergency.page"), 303)

    def _page(self, fault: str | None = None) -> str:
        with self._switchboard.store.look() as tx:
            now = tx.now
            switches = {it.hotline: it for it in tx.emergencies.all_on(now)}
        found = [
            {
                "tree": tree,
                "on": switches.get(tree.hotline),
                "zone": str(office_zone(tree)),
                "said": [said(it) for it in rehearse_emergency(tree, tree.languages[0], now).said],
                "proposed": (now + timedelta(hours=2)).astimezone(office_zone(tree)).strftime("%Y-%m-%dT%H:%M"),
            }
            for tree in self._switchboard.hotlines.current()
        ]
        return render_template("supervisor/emergency.html", hotlines=found, fault=fault)
