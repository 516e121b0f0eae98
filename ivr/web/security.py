"""Guard: which requests to the desk's pages are let in, and what every answer to them carries."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Response, g, request

from ivr.accounts import SESSION_AGE_MAX_S, SESSION_IDLE_MAX_S, Accounts, Session
from ivr.settings import is_loopback

CSRF_HEADER = "X-CSRF-Token"
ACTIVE_HEADER = "X-Active"
"""The page sends it when a key or the mouse was used since its last request: that is what idleness is counted from."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types desk",
    )
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000"


class Guard:
    """Knows the session that a request comes with, and whether the request may change anything."""

    def __init__(self, accounts: Accounts, public_url: str, is_busy: Callable[[str], bool]) -> None:
        """`is_busy(agent)`: with a caller; nobody is logged out then for having touched nothing."""
        self._accounts, self._is_busy = accounts, is_busy
        self._secure = public_url.lower().startswith("https:")
        self._origin = _origin(public_url)

    @property
    def cookie(self) -> str:
        """The cookie's name; with https the browser itself then refuses it from anywhere but this host."""
        return "__Host-dialtree" if self._secure else "dialtree"

    def session(self) -> Session | None:
        """Return the session of this request when it is good; asked once a request, however often it is called."""
        if "desk_session" not in g:
            g.desk_session = self._load()
        return g.desk_session

    def is_still_good(self, token: str) -> bool:
        """Whether a cookie that was good is good still: for streams, which outlive their request."""
        session = self._accounts.session(token)
        return session is not None and not self._is_idle(session)

    def is_logged_in(self, agent: str) -> bool:
        """Whether the person has any session that is still good."""
        return any(not self._is_idle(session) for session in self._accounts.sessions(agent))

    def refusal(self, session: Session | None) -> str | None:
        """Say why this request may not change anything, or None when it may.

        A change needs the session's own word in a header, and must not come from a page of somebody else's.
        """
        if request.method in SAFE_METHODS:
            return None
        if not self.same_origin():
            return "this request comes from another site's page"
        sent = request.headers.get(CSRF_HEADER, "")
        if session is None or not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            return f"the header {CSRF_HEADER} is missing or old (GET /desk/api/state returns the right one)"
        return None

    def same_origin(self) -> bool:
        """Whether the browser says that one of our pages sent this; programs that are no browsers say nothing."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("Origin")
        return origin is None or origin == self._origin or self._is_here(origin)

    def set_cookie(self, response: Response, token: str) -> None:
        """Give the browser the session; no script can read it and no other site can send it."""
        response.set_cookie(
            self.cookie, token, max_age=SESSION_AGE_MAX_S, secure=self._secure, httponly=True, samesite="Lax", path="/"
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

    def _load(self) -> Session | None:
        token = request.cookies.get(self.cookie)
        session = self._accounts.session(token) if token else None
        if session is None or self._is_idle(session):
            return None
        if request.method not in SAFE_METHODS or ACTIVE_HEADER in request.headers:
            self._accounts.seen(session)
        return session

    def _is_idle(self, session: Session) -> bool:
        return session.idle_s > SESSION_IDLE_MAX_S and not self._is_busy(session.account)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
