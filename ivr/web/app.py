"""The application: settings in, a Flask app and its clock work out."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask

from ivr import wire
from ivr.accounts import Accounts, Session
from ivr.cases import CaseWork
from ivr.codes import Codes
from ivr.conversing import Conversing
from ivr.counter import Counter
from ivr.desk import Desk
from ivr.fetch import fetch_json, post
from ivr.hotlines import Hotlines
from ivr.mail_desk import MailDesk
from ivr.mail_post import MailPost
from ivr.mail_room import MailRoom
from ivr.outbox import Outbox
from ivr.privacy.counting import counting
from ivr.privacy.daily import Daily
from ivr.privacy.erasing import Privacy
from ivr.privacy.retention import Retention
from ivr.settings import Settings, came_by_mail
from ivr.store import Store
from ivr.survey_link import SurveyLinks
from ivr.switchboard import Line, Order, Switchboard
from ivr.tokens import Tokens
from ivr.web import voice
from ivr.web.account import AccountPages
from ivr.web.cases import CasesPages
from ivr.web.cases_api import CasesApi
from ivr.web.clock import MachineClock
from ivr.web.coming_in import ComingIn, Home
from ivr.web.counter import CounterPages, TicketPages
from ivr.web.desk import DeskPages
from ivr.web.desk_api import DeskApi
from ivr.web.desk_call_api import DeskCallApi
from ivr.web.desk_mail_api import DeskMailApi
from ivr.web.doors import Doors
from ivr.web.exports import Exports
from ivr.web.floor import FloorPages
from ivr.web.frame import Frame
from ivr.web.hooks import HookPages
from ivr.web.live import Changes
from ivr.web.live_pages import LivePages
from ivr.web.mails import MailPages
from ivr.web.presence import Presence
from ivr.web.reports import ReportPages
from ivr.web.results import ResultsPages
from ivr.web.routes import Route
from ivr.web.security import Guard, address
from ivr.web.settings_page import SettingsPages
from ivr.web.speaking import Speaking
from ivr.web.supervisor.opening import open_supervision
from ivr.web.supervisor.privacy import PrivacyPages
from ivr.web.survey_page import SurveyPage
from recordings.archive import Archive
from recordings.sounds import Sounds

FORM_BYTES_MAX = 1_000_000
ORDER_THREADS = 4
TICK_EVERY_MAX_S = 5.0
"""The clock work looks at least this often, so that a wake-up that was missed costs no more than this."""

log = logging.getLogger(__name__)

COMPARE_EVERY = timedelta(seconds=30)
"""How often what is under way is compared with the carrier; also at the start."""

TICK_PAUSE_S = 0.02
"""Between two ticks, so that a deadline which cannot be met does not take the whole machine."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Application:
    """What is needed to serve calls: the WSGI app, and the switchboard whose clock work somebody must drive."""

    wsgi: Flask
    switchboard: Switchboard
    changes: Changes
    presence: Presence
    outbox: Outbox
    mail: MailPost
    daily: Daily

    def close(self) -> None:
        """Let live pages and the database go."""
        self.changes.close()
        self.switchboard.store.close()


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    carrier_http: object | None = None,
    after_commit: Callable[[Order], None] | None = None,
    sounds: Sounds | None = None,
    look_up: Callable[[str, float, bool], Any] = fetch_json,
) -> Application:
    """Build the application. A simulation gives its own clock, ids and way to the carrier, and does orders at once."""
    clock = clock or MachineClock()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # callers' numbers and what they typed are in it
    store = Store(settings.database_url, clock, new_id)
    if isinstance(clock, MachineClock):
        clock.go_on_from_stored(store)
    hotlines = Hotlines(settings.menus, store)
    store.queues, store.due, store.kinds = hotlines.queues, hotlines.due, hotlines.kinds
    store.reckon_room()
    changes = Changes()
    account, token, real = settings.account_sid, settings.auth_token, not settings.simulated
    carrier = wire.Carrier(account, token, settings.carrier_url, carrier_http, strict_names=real)
    line = Line(settings.account_sid, settings.tokens, settings.public_url, carrier, settings.simulated, look_up)
    switchboard = Switchboard(
        line, store, clock, hotlines, Archive(settings.recordings), changes.announce, after_commit or _in_threads()
    )
    app = Flask("ivr.web")
    app.config["MAX_CONTENT_LENGTH"] = FORM_BYTES_MAX
    app.extensions.update(
        switchboard=switchboard, sounds=sounds or Sounds(settings.sounds), changes=changes, settings=settings
    )
    voice.register(app)
    outbox = Outbox(store, partial(post, loopback=settings.simulated), switchboard.order)
    spool = came_by_mail(settings.data)
    mail = MailPost(switchboard, MailRoom(switchboard), settings.mail, spool, switchboard.order)
    privacy = Privacy(store, settings.data, counting(hotlines.current))
    presence = _open_doors(app, switchboard, settings, changes, clock, outbox, mail, privacy)
    retention = Retention(store, settings.data, switchboard.archive, settings.keeping)
    daily = Daily(privacy, retention, clock, switchboard.order)
    return Application(app, switchboard, changes, presence, outbox, mail, daily)


def _open_doors(
    app: Flask,
    switchboard: Switchboard,
    settings: Settings,
    changes: Changes,
    clock: Clock,
    outbox: Outbox,
    mail: MailPost,
    privacy: Privacy,
) -> Presence:
    """Everything that people and programs other than the carrier ask for."""
    store, desk = switchboard.store, Desk(switchboard)
    accounts, tokens = Accounts(store), Tokens(store)
    guard = Guard(accounts, tokens, settings.public_url, desk.is_busy, settings.totp_from)
    app.extensions["guard"] = guard
    frame = Frame(app, switchboard.hotlines, guard, clock)

    def denied(session: Session, route: Route) -> None:
        with store.transaction() as tx:
            tx.audited(session.account, "not allowed", route.name, address())

    doors = Doors(app, guard, denied, frame.refuse)
    frame.use(doors)
    presence = Presence(desk, guard, changes, clock)
    doors.open("home", Home(doors))
    doors.open("login", ComingIn(desk, accounts, Codes(store, accounts), guard, doors))
    doors.open("account", AccountPages(accounts, guard))
    open_supervision(doors, switchboard, accounts, settings.public_url)
    doors.open("privacy", PrivacyPages(privacy, settings.keeping))
    doors.open("hooks", HookPages(outbox))
    doors.open("settings", SettingsPages(tokens, clock, settings.public_url))
    doors.open("live", LivePages(changes, guard, presence))
    doors.open("floor", FloorPages(store, switchboard.hotlines))
    doors.open("survey", SurveyPage(SurveyLinks(switchboard)))
    doors.open("results", ResultsPages(store, switchboard.hotlines))
    doors.open("reports", ReportPages(store, switchboard.hotlines))
    speaking = Speaking(store, settings)
    doors.open("desk", DeskPages(desk, speaking))
    doors.open("speaking", speaking)
    work = CaseWork(switchboard)
    doors.open("cases", CasesPages(switchboard, work))
    doors.open("cases_api", CasesApi(switchboard, work))
    doors.open("exports", Exports(switchboard, work))
    doors.open("desk_call", DeskCallApi(Conversing(switchboard)))
    doors.open("counter", CounterPages(switchboard, Counter(switchboard), settings.public_url))
    doors.open("ticket", TicketPages(switchboard))
    doors.open("mails", MailPages(store, MailRoom(switchboard), mail))
    doors.open("desk_mail", DeskMailApi(MailDesk(switchboard), store))
    doors.open("desk_api", DeskApi(desk, accounts, guard, changes, presence))
    return presence


def _in_threads() -> Callable[[Order], None]:
    """Orders go out in threads of their own: an answer to the carrier never waits for the carrier."""
    pool = ThreadPoolExecutor(ORDER_THREADS, "order")

    def carry_out(order: Order) -> None:
        try:
            order()
        except Exception:
            log.exception("an order failed; the next deadline repairs what it was for")

    return lambda order: pool.submit(carry_out, order) and None


class ClockWork:
    """The thread that calls `tick` when the next deadline comes, and looks who is there; one a process."""

    def __init__(self, application: Application, clock: Clock, speed: int = 1) -> None:
        """`speed`: so many seconds of `clock` go by in one."""
        self._speed = speed
        self._switchboard, self._changes, self._clock = application.switchboard, application.changes, clock
        self._presence, self._outbox, self._mail = application.presence, application.outbox, application.mail
        self._daily = application.daily
        self._compare_at = self._look_at = clock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock work", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the tick that is under way."""
        self._stopped.set()
        self._changes.announce()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            seen = self._changes.seq
            try:
                deadline = self._switchboard.next_deadline()
                now = self._clock()
                if now >= self._compare_at:
                    self._compare_at = now + COMPARE_EVERY
                    self._switchboard.order(self._switchboard.reconcile)
                if now >= self._look_at:
                    self._look_at = now + timedelta(seconds=TICK_EVERY_MAX_S)
                    self._presence.look()
                    self._outbox.look()
                    self._mail.look()
                    self._daily.look()
                if deadline is not None and deadline <= now:
                    self._switchboard.tick()
                    self._stopped.wait(TICK_PAUSE_S)
                    continue
            except Exception:
                # A database that is away for a moment must not stop the clock work: it looks again soon.
                log.exception("the clock work failed and looks again in a second")
                self._stopped.wait(1.0)
                continue
            next_at = self._look_at if deadline is None else min(deadline, self._look_at)
            self._changes.wait(seen, min((next_at - now).total_seconds() / self._speed, TICK_EVERY_MAX_S))
