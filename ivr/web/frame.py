"""Frame: what every page has - texts, navigation, moments in the hotline's time zone - and pages that say no."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from flask import Flask, Response, g, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from ivr.hotlines import Hotlines
from ivr.role import Role
from ivr.web.doors import Doors
from ivr.web.exchange import Malformed, error
from ivr.web.routes import Kind
from ivr.web.security import KIOSK, Guard
from ivr.web.texts import LANGUAGES, page_texts, texts
from ivr.web.weighed import Weighing

log = logging.getLogger(__name__)

CARRIER_PATHS = ("/voice", "/sounds/", "/prompts/")
"""Addresses of the carrier's: answered in its own way, and kept by whoever wants to."""

PROGRAM_PATHS = ("/desk/api/", "/api/")
STYLES = {
    "moment": ("medium", "short"), "second": ("medium", "medium"),
    "day": ("medium", ""), "clock": ("", "short"), "clock_second": ("", "medium"),
}  # fmt: skip
"""How a moment is written: how long its date, and how long its time."""

BRITISH = Locale("en", "GB")
"""Days before months and 24 hours: what most who read English here are used to."""


def zone_of(hotlines: Hotlines) -> ZoneInfo:
    """The time zone that moments are shown in: that of the first calendar of the first hotline that has one."""
    zones = (calendar.timezone for tree in hotlines.current() for calendar in tree.hours.values())
    return ZoneInfo(next(zones, "UTC"))


class Frame:
    """Gives every page what it shares with the others."""

    def __init__(self, app: Flask, hotlines: Hotlines, guard: Guard, clock: Callable[[], datetime]) -> None:
        self._hotlines, self._guard, self._clock = hotlines, guard, clock
        app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
        app.context_processor(self._context)
        app.after_request(self._finish)
        app.register_error_handler(HTTPException, self._http_fault)
        app.register_error_handler(Exception, self._fault)
        app.register_error_handler(Malformed, lambda no: error(no.status, no.error, no.field, no.hint))

    def use(self, doors: Doors) -> None:
        """The navigation comes from the doors that are open."""
        self._doors = doors

    def refuse(self, status: int, key: str) -> Any:
        """A page that says in plain words what is the matter, with a way on."""
        page = render_template("refusal.html", status=status, title=f"{key}.title", lead=f"{key}.lead")
        return page, status

    def _context(self) -> dict[str, Any]:
        """What every template may say; made once a request, however many parts its page is rendered of."""
        if "frame" not in g:
            g.frame = self._made()
        return dict(g.frame)

    def _made(self) -> dict[str, Any]:
        session = self._guard.session()
        t, role = page_texts(), session.role if session else Role.NOBODY
        return {
            "t": t,
            "who": session,
            "role": role,
            "csrf": session.csrf if session else "",
            "navigation": self._doors.navigation(role) if session and session.csrf else [],
            "languages": [(code, texts(code).own_name) for code in LANGUAGES],
            "kiosk": request.args.get(KIOSK, ""),
            "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
            "area": g.route.area if "route" in g else "",
            "now": self._clock(),
            "zone": zone_of(self._hotlines),
            "local": self._local,
            "weighing": Weighing(t, zone_of(self._hotlines)),
        }

    def _local(self, at: datetime | str | None, style: str = "moment") -> Markup:
        """A moment for people: where the hotline is, in the page's language, written as one of STYLES."""
        if at is None:
            return Markup("–")
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
        there, locale = at.astimezone(zone_of(self._hotlines)), page_texts().locale
        locale = BRITISH if locale.language == "en" else locale
        date, time = STYLES[style]
        said = ", ".join(
            filter(None, (date and format_date(there, date, locale), time and format_time(there, time, locale=locale)))
        )
        exact = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        return Markup('<time datetime="{}">{}</time>').format(exact, said)

    def _finish(self, response: Response) -> Response:
        if request.path.startswith(CARRIER_PATHS):
            return response
        return self._guard.finish(response)

    def _http_fault(self, fault: HTTPException) -> Any:
        if fault.code is None or fault.response is not None or fault.code < 400 or self._for_carrier():
            return fault
        if self._for_programs():
            said = error(fault.code, (fault.name or "error").lower())
        else:
            known = f"error.{fault.code}.title" in page_texts().entries
            said = self.refuse(fault.code, f"error.{fault.code}" if known else "error.400")
        return (*said, {"Allow": ", ".join(sorted(allowed))}) if (allowed := _methods(fault)) else said

    def _fault(self, fault: Exception) -> Any:
        """Ours: written down here in full, and told as what it is to whoever asked."""
        log.error("a request to %s failed", g.route.name if "route" in g else "nowhere", exc_info=fault)
        if self._for_carrier():
            return Response(status=500)
        return error(500, "something went wrong on our side") if self._for_programs() else self.refuse(500, "error.500")

    def _for_carrier(self) -> bool:
        return request.path.startswith(CARRIER_PATHS)

    def _for_programs(self) -> bool:
        kind = g.route.kind if "route" in g else None
        return kind in (Kind.JSON, Kind.STREAM) or request.path.startswith(PROGRAM_PATHS)


def _methods(fault: HTTPException) -> list[str]:
    """By which methods this address may be asked, for an answer 405."""
    return list(getattr(fault, "valid_methods", None) or ())
