"""Privacy page: what is kept of somebody is looked up, handed over, held or erased; and how long it all stays."""

from __future__ import annotations

import tempfile
from typing import Any

from flask import redirect, render_template, send_file, url_for

from ivr.accounts import Session
from ivr.keeping import Class, Keeping
from ivr.privacy.bundle import write_bundle
from ivr.privacy.erasing import Erased, Privacy
from ivr.privacy.ledger import Ledger
from ivr.privacy.person import Person, read_person
from ivr.privacy.tombstones import KeyLost
from ivr.web.supervisor.asked import by, text, told
from routing.refusal import Refused

IN_MEMORY_MAX = 4_000_000
SURE_LENGTH = 4
"""So many of the last letters are typed again before somebody is erased."""

NO_KEY = Refused("the key of the erasures is gone", hint="erased.key")
NOT_SURE = Refused("these are not the last letters", field="sure")


class PrivacyPages:
    """One view a method. Whom it is about stands in forms, never in an address: addresses are logged."""

    def __init__(self, privacy: Privacy, keeping: Keeping) -> None:
        self._privacy, self._keeping = privacy, keeping

    def page(self, _: Session) -> Any:
        """GET /privacy"""
        return self._page()

    def find(self, _: Session) -> Any:
        """POST /privacy {person}: how much is kept of them."""
        person = read_person(text("person"))
        return self._page(no=person) if isinstance(person, Refused) else self._page(person)

    def export(self, session: Session) -> Any:
        """POST /privacy/export {person}: all of it, as a zip file."""
        person, asker = read_person(text("person")), by(session)
        if isinstance(person, Refused):
            return self._page(no=person)
        try:
            digest = self._privacy.digest(person)[:16]
        except KeyLost:
            return self._page(person, NO_KEY)
        file = tempfile.SpooledTemporaryFile(IN_MEMORY_MAX)  # noqa: SIM115 - the answer closes it
        counts = write_bundle(file, self._privacy.store, self._privacy.data, person)
        with self._privacy.store.transaction() as tx:
            tx.audited(asker.name, "person exported", digest, asker.origin, **counts)
        file.seek(0)
        name = f"person-{digest}.zip"
        response = send_file(file, "application/zip", as_attachment=True, download_name=name, etag=False)
        response.headers["Cache-Control"] = "no-store"
        return response

    def erase(self, session: Session) -> Any:
        """POST /privacy/erase {person, sure}: asks again until the last letters are typed, and then does it."""
        person, asker = read_person(text("person")), by(session)
        if isinstance(person, Refused):
            return self._page(no=person)
        sure = text("sure", SURE_LENGTH)
        if sure != person.value[-SURE_LENGTH:]:
            return self._page(person, NOT_SURE if sure else None, sure=True)
        try:
            done = self._privacy.erase(person, asker.name, asker.origin)
        except KeyLost:
            return self._page(person, NO_KEY)
        return self._page(person, done) if isinstance(done, Refused) else self._page(done=done)

    def hold(self, session: Session) -> Any:
        """POST /privacy/hold {person, why}: nothing of them may be erased."""
        person, asker = read_person(text("person")), by(session)
        if isinstance(person, Refused):
            return self._page(no=person)
        return self._page(person, self._privacy.hold(person, text("why"), asker.name, asker.origin))

    def end_hold(self, session: Session, id: str) -> Any:
        """POST /privacy/holds/ID/end: they may be erased again."""
        asker = by(session)
        no = self._privacy.end_hold(id, asker.name, asker.origin)
        return self._page(no=no) if no else redirect(url_for("privacy.page"), 303)

    def _page(
        self,
        person: Person | None = None,
        no: Refused | None = None,
        sure: bool = False,
        done: Erased | None = None,
    ) -> Any:
        with self._privacy.store.look() as tx:
            ledger = Ledger(tx.connection)
            holds, erasures, run = ledger.holds(), ledger.erasures(20), ledger.last_run()
        page = render_template(
            "privacy/page.html",
            kept=self._privacy.look_up(person) if person else None, fault=told(no) if no else None, sure=sure,
            done=done, holds=holds, erasures=erasures, run=run, days=[(it, self._keeping.days[it]) for it in Class],
            others=[(it, name, days) for it in Class for name, days in self._keeping.exceptions(it).items()],
            letters=SURE_LENGTH,
        )  # fmt: skip
        return page, 409 if no else 200
