"""Mail post: fetches what has come and sends what is to go, beside everything else - no call ever waits for it.

An e-mail of ours is a row before it is sent. A server that is away, slow or full is asked again, ever more seldom, for
72 hours; then it is given up where supervisors see it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from ivr.mail_box import NotFetchedMail, fetch
from ivr.mail_room import MailRoom
from ivr.mail_sent import MailSent
from ivr.mail_server import MailServer, NotSent
from ivr.mail_settings import MailSettings, Place
from ivr.store import Store
from ivr.survey_later import not_sent
from ivr.switchboard import Order, Switchboard

log = logging.getLogger(__name__)

FOLDER_EVERY = timedelta(seconds=5)
SERVER_EVERY = timedelta(seconds=30)
SENT_AT_ONCE_MAX = 20


class MailPost:
    """One for a process; `look` is called often and does what is due."""

    def __init__(
        self,
        switchboard: Switchboard,
        room: MailRoom,
        settings: MailSettings,
        spool: Path,
        later: Callable[[Order], None],
    ) -> None:
        """`spool`: a Maildir that is looked into besides, once it is there; `later` takes what needs the network."""
        self._switchboard, self._room, self._settings, self._later = switchboard, room, settings, later
        self._spool = Place("maildir", folder=spool)
        self._server = MailServer(settings)
        self._fetching, self._spooling, self._sending = threading.Lock(), threading.Lock(), threading.Lock()
        self._fetch_at: datetime | None = None

    @property
    def can_send(self) -> bool:
        """Whether it is known where our e-mails go."""
        return self._settings.outgoing is not None

    def look(self) -> None:
        """Fetch if it is time to, and send what is due. Harmless at any time, and by several processes."""
        with self._store.look() as tx:
            now, due = tx.now, tx.sent.any_due(tx.now)
        if self._spool.folder.is_dir():
            self._later(lambda: self._fetch(self._spool, self._spooling))
        place = self._settings.incoming
        if place and (self._fetch_at is None or now >= self._fetch_at):
            self._fetch_at = now + (FOLDER_EVERY if place.scheme == "maildir" else SERVER_EVERY)
            self._later(self.fetch)
        if due:
            self._later(self.send)

    def fetch(self) -> int:
        """Bring in what has come; how many there were."""
        place = self._settings.incoming
        return self._fetch(place, self._fetching, self._settings.incoming_password) if place else 0

    def send(self) -> int:
        """Send what is due; how many were taken."""
        if not self._sending.acquire(blocking=False):
            return 0  # a server is slow: those after it wait
        try:
            with self._store.transaction() as tx:
                due = tx.sent.take_due(tx.now, SENT_AT_ONCE_MAX)
            return sum(self._sent(mail) for mail in due)
        finally:
            self._sending.release()

    def again(self, id: str) -> bool:
        """Try once more what was given up or came back; False: there is none such."""
        with self._store.transaction() as tx:
            mail = tx.sent.get(id)
            if mail is None or mail.inquiry or (mail.failed_at is None and mail.bounced_at is None):
                return False
            mail.failed_at = mail.sent_at = mail.bounced_at = mail.why = None
            mail.try_at, mail.tries, mail.made_at = tx.now, 0, tx.now
            tx.sent.save(mail)
        return True

    @property
    def _store(self) -> Store:
        return self._switchboard.store

    def _fetch(self, place: Place, turn: threading.Lock, password: str | None = None) -> int:
        if not turn.acquire(blocking=False):
            return 0  # it is being fetched from already
        try:
            return fetch(place, password, self._room.take)
        except NotFetchedMail as error:
            log.warning("e-mails cannot be fetched for now: %s", error)
            return 0
        finally:
            turn.release()

    def _sent(self, mail: MailSent) -> bool:
        why, for_good = None, False
        try:
            self._server.send(mail, self._name(mail.sender))
        except NotSent as error:
            why, for_good = str(error), error.for_good
            log.warning("an e-mail is not sent: nobody took it")
        with self._store.transaction() as tx:
            now = tx.sent.get(mail.id)
            if now is None or now.try_at is None:
                return False
            if why is None:
                now.taken(tx.now)
            else:
                now.refused(why, for_good, tx.now)
            tx.sent.save(now)
            if now.failed_at and now.inquiry:
                not_sent(tx, now.inquiry)
            what = "e-mail sent" if why is None else "e-mail not sent"
            tx.happened(mail.mail or mail.id, what, tries=now.tries, by=mail.made_by)
        return why is None

    def _name(self, address: str) -> str:
        """What the company is called that an address belongs to."""
        for tree in self._switchboard.hotlines.current():
            if address in tree.mail:
                return next(iter(tree.name.values()), "")
        return ""
