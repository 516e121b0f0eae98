"""Emergency page: the switch that lets every new call hear something else first, and the time at which it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, url_for

from ivr.accounts import Session
from ivr.editing import moment_there, office_zone
from ivr.emergency import Emergency
from ivr.switchboard import Switchboard
from ivr.view.rehearsal import rehearse_emergency
from ivr.web.supervisor.asked import by, status_of, text, told
from ivr.web.supervisor.menus import absent
from ivr.web.supervisor.trying import said
from routing.refusal import Refused

LENGTH_MAX = timedelta(days=14)


class EmergencyPages:
    """One view a method."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def page(self, session: Session) -> Any:
        """GET /emergency"""
        return self._page()

    def put_on(self, session: Session, hotline: str) -> Any:
        """POST /emergency/HOTLINE {until}: put it on, or set another end."""
        tree = next((it for it in self._switchboard.hotlines.current() if it.hotline == hotline), None)
        if tree is None:
            return absent()
        asker, until = by(session), moment_there(text("until", 32), tree)
        with self._switchboard.store.transaction() as tx:
            no = until if isinstance(until, Refused) else None
            if until is None or (no is None and until <= tx.now):
                no = Refused("that moment is over", field="until")
            elif no is None and until > tx.now + LENGTH_MAX:
                no = Refused("that is too far ahead", field="until", hint=f"{LENGTH_MAX.days} d")
            if no is None:
                tx.emergencies.put_on(Emergency(hotline, until, asker.name, tx.now))
                tx.happened(hotline, "emergency on", until=until.isoformat(), by=asker.name)
                tx.audited(asker.name, "emergency on", hotline, asker.origin, until=until.isoformat())
        if no is not None:
            return self._page(told(no)), status_of(no)
        return redirect(url_for("emergency.page"), 303)

    def put_off(self, session: Session, hotline: str) -> Any:
        """POST /emergency/HOTLINE/off"""
        asker = by(session)
        with self._switchboard.store.transaction() as tx:
            if tx.emergencies.on(hotline, tx.now) is not None:
                tx.emergencies.put_off(hotline)
                tx.happened(hotline, "emergency off", by=asker.name)
                tx.audited(asker.name, "emergency off", hotline, asker.origin)
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
