"""Guard: which requests to the desk's pages are let in, and what every answer to them carries."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Response, g, request

from ivr.accounts import Accounts
from ivr.logins import DEVICE_AGE_MAX_S, SESSION_AGE_MAX_S, SESSION_IDLE_MAX_S, LoggedIn, Origin, Session
from ivr.role import Role
from ivr.settings import is_loopback
from ivr.tokens import Token, Tokens
from ivr.web.routes import Kind
from routing.case import PROGRAM

CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
ACTIVE_HEADER = "X-Active"
"""The page sends it when a key or the mouse was used since its last request: that is what idleness is counted from."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_PROGRAMS = frozenset({Kind.JSON, Kind.FILE, Kind.STREAM})
KIOSK = "kiosk"
"""The part of an address that opens what a viewer may see to a screen that cannot log in."""

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types desk default",
    )
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "Permissions-Policy": "microphone=(), camera=(), geolocation=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"


def speaking_headers(hosts: Sequence[str]) -> dict[str, str]:
    """What the one page carries on which people speak: it may use the microphone, and ask these hosts and no others."""
    return {
        "Content-Security-Policy": f"{PAGE_POLICY}; connect-src 'self' {' '.join(hosts)}",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    }


class Guard:
    """Knows the session that a request comes with, and whether the request may change anything."""

    def __init__(
        self,
        accounts: Accounts,
        tokens: Tokens,
        public_url: str,
        is_busy: Callable[[str], bool],
        totp_from: Role | None = None,
    ) -> None:
        """`is_busy(agent)`: with a caller; nobody is logged out then for having touched nothing.

        `totp_from`: the least role that must come in with a code from a telephone.
        """
        self._accounts, self._tokens, self._is_busy, self._totp_from = accounts, tokens, is_busy, totp_from
        self._secure = public_url.lower().startswith("https:")
        self._origin = _origin(public_url)

    @property
    def cookie(self) -> str:
        """The cookie's name; with https the browser itself then refuses it from anywhere but this host."""
        return "__Host-dialtree" if self._secure else "dialtree"

    @property
    def device_cookie(self) -> str:
        """The name of the cookie by which a browser is known that somebody came in by before."""
        return f"{self.cookie}-device"

    def session(self) -> Session | None:
        """Return the session of this request when it is good; asked once a request, however often it is called."""
        if "found_session" not in g:
            g.found_session = self._load()
        return g.found_session

    def origin(self) -> Origin:
        """Where this request comes from."""
        return Origin(address(), request.user_agent.string, request.cookies.get(self.device_cookie, ""))

    def lasting(self) -> Callable[[], bool]:
        """A question for streams, which outlive their request: whether what let it in is good still."""
        if word := self._word():
            return lambda: self._tokens.of(word) is not None
        cookie = request.cookies.get(self.cookie, "")

        def good() -> bool:
            session = self._accounts.session(cookie)
            return session is not None and not self._is_idle(session)

        return good

    def must_set_up(self, session: Session) -> bool:
        """Whether this account may do nothing before it has a second factor."""
        wanted = self._totp_from is not None and session.role.contains(self._totp_from)
        return wanted and not session.has_totp and not by_token(session)

    def is_logged_in(self, agent: str) -> bool:
        """Whether the person has any session that is still good."""
        return any(not self._is_idle(session) for session in self._accounts.sessions(agent))

    def refusal(self, session: Session | None) -> str | None:
        """Say why this request may not change anything, or None when it may.

        A change needs the session's own word in a header, and must not come from a page of somebody else's.
        """
        if request.method in SAFE_METHODS or (session and by_token(session)):
            return None  # no browser adds a token by itself, so no other site's page can make it send one
        if not self.same_origin():
            return "this request comes from another site's page"
        sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
        if session is None or not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            return f"the header {CSRF_HEADER} is missing or old (GET /desk/api/state returns the right one)"
        return None

    def same_origin(self) -> bool:
        """Whether the browser says that one of our pages sent this; programs that are no browsers say nothing."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("Origin")
        return origin is None or origin == self._origin or self._is_here(origin)

    def set_cookies(self, response: Response, answer: LoggedIn) -> None:
        """Give the browser its session and the word it is known by; out of reach of scripts and of other sites."""
        for name, value, age_s in (
            (self.cookie, answer.token, SESSION_AGE_MAX_S),
            (self.device_cookie, answer.device, DEVICE_AGE_MAX_S),
        ):
            response.set_cookie(
                name, value, max_age=age_s, secure=self._secure, httponly=True, samesite="Lax", path="/"
            )

    def forget_cookie(self, response: Response) -> None:
        """Take the session's cookie back."""
        response.delete_cookie(self.cookie, secure=self._secure, httponly=True, samesite="Lax", path="/")

    def finish(self, response: Response) -> Response:
        """Put on an answer what every answer to a desk page carries; personal pages are kept nowhere."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if self._secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    @staticmethod
    def _is_here(origin: str) -> bool:
        """Whether a page on this very machine sent it, by whichever of its own names (localhost, 127.0.0.1)."""
        return is_loopback(urlsplit(origin).hostname or "") and origin == _origin(request.host_url)

    def _word(self) -> str | None:
        """The token that came with this request, where tokens open anything."""
        route = g.get("route")
        if route is None:
            return None
        kind, _, word = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return word.strip() if route.kind in FOR_PROGRAMS else None
        shown = route.least is Role.VIEWER and request.method in SAFE_METHODS
        return request.args.get(KIOSK) if shown else None

    def _load(self) -> Session | None:
        if word := self._word():
            token = self._tokens.of(word)
            return _session_of(token) if token else None
        cookie = request.cookies.get(self.cookie)
        session = self._accounts.session(cookie) if cookie else None
        if session is None or self._is_idle(session):
            return None
        if request.method not in SAFE_METHODS or ACTIVE_HEADER in request.headers:
            self._accounts.seen(session)
        return session

    def _is_idle(self, session: Session) -> bool:
        return session.idle_s > SESSION_IDLE_MAX_S and not self._is_busy(session.account)


def address() -> str:
    """The address that this request comes from."""
    return request.remote_addr or ""


def by_token(session: Session) -> bool:
    """Whether it is a program's or a screen's, for one request, and no person's."""
    return not session.csrf


def _session_of(token: Token) -> Session:
    """A screen on the wall sees what a viewer may, whatever its token could do elsewhere."""
    role = Role.VIEWER if request.args.get(KIOSK) else token.role
    return Session(f"{PROGRAM}{token.name}", "", f"token {token.id}", 0.0, role, token.made_at)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
