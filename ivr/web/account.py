"""Account: one's own sessions, password and second factor."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from ivr import totp
from ivr.accounts import Accounts, Session
from ivr.web.coming_in import FORM_BYTES_MAX, PASSWORD_BYTES_MAX
from ivr.web.security import Guard, address
from ivr.web.texts import page_texts

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


def browser_name(said: str) -> str:
    """What a browser calls itself, short: `Firefox, Windows`; of what is none of them, the beginning."""
    browser = next((name for mark, name in _BROWSERS if f"{mark}/" in said), said[:32])
    system = next((name for name in _SYSTEMS if name in said), "")
    return ", ".join(filter(None, (browser, system)))


class AccountPages:
    """One view a method."""

    def __init__(self, accounts: Accounts, guard: Guard) -> None:
        self._accounts, self._guard = accounts, guard

    def page(self, session: Session) -> Any:
        """GET /account"""
        return self._page(session)

    def end_session(self, session: Session, id: str) -> Any:
        """POST /account/sessions/ID/end"""
        if not self._accounts.end_session(session.account, id, session.account, address()):
            return self._page(session, "account.no_session"), 404
        return redirect(url_for("account.page"), 303)

    def password(self, session: Session) -> Any:
        """POST /account/password: the old one must be known; every session ends, this one too."""
        request.max_content_length = FORM_BYTES_MAX
        old, new = (request.form.get(name, "")[:PASSWORD_BYTES_MAX] for name in ("old", "new"))
        if not self._accounts.is_password(session.account, old):
            return self._page(session, "account.wrong_password"), 422
        if no := self._accounts.fault_of(session.account, new):
            return self._page(session, fault=page_texts().refusal(no)), 422
        self._accounts.set_password(session.account, new, by=session.account, origin=address())
        response = redirect(url_for("login.page"), 303)
        self._guard.forget_cookie(response)
        return response

    def set_totp(self, session: Session) -> Any:
        """POST /account/second-factor: the secret that was shown, and a code of it as proof that the app has it."""
        secret, code = request.form.get("secret", "")[:64], request.form.get("code", "")[:16]
        if not self._accounts.set_totp(session.account, secret, code, address()):
            return self._page(session, "account.wrong_code", secret=secret), 422
        return redirect(url_for("account.page"), 303)

    def drop_totp(self, session: Session) -> Any:
        """POST /account/second-factor/off: only with the password, which a stranger at an open page does not know."""
        if not self._accounts.is_password(session.account, request.form.get("old", "")[:PASSWORD_BYTES_MAX]):
            return self._page(session, "account.wrong_password"), 422
        self._accounts.drop_totp(session.account, session.account, address())
        return redirect(url_for("account.page"), 303)

    def _page(self, session: Session, key: str | None = None, fault: str | None = None, secret: str = "") -> str:
        secret = secret or self._accounts.start_totp()
        raw = totp.read(secret)
        return render_template(
            "account.html",
            fault=page_texts()(key) if key else fault,
            browser_name=browser_name,
            sessions=self._accounts.sessions(session.account),
            mine=session.id,
            secret=secret,
            otpauth=totp.address(raw, session.account) if raw else "",
            must=self._guard.must_set_up(session),
        )
