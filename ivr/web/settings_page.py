"""Settings page: the tokens by which programs and screens come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.role import TOKEN_ROLES, Role
from ivr.tokens import NAME_LENGTH_MAX, Tokens
from ivr.web.security import KIOSK, address
from ivr.web.texts import page_texts

DAYS = (1, 30, 365)
"""How long a token may be good for; or until it is ended."""


class SettingsPages:
    """One view a method."""

    def __init__(self, tokens: Tokens, clock: Callable[[], datetime], public_url: str) -> None:
        self._tokens, self._clock, self._public_url = tokens, clock, public_url

    def page(self, session: Session) -> Any:
        """GET /settings"""
        return self._page()

    def make_token(self, session: Session) -> Any:
        """POST /settings/tokens: the word is shown on the answer, once, and kept nowhere."""
        name, role = request.form.get("name", "").strip()[:NAME_LENGTH_MAX], request.form.get("role", "")
        days = request.form.get("days", "")
        if not name or role not in TOKEN_ROLES or days not in ("", *map(str, DAYS)):
            return self._page(fault="settings.fill_in"), 422
        expires_at = self._clock() + timedelta(days=int(days)) if days else None
        token, word = self._tokens.make(name, Role(role), session.account, address(), expires_at)
        link = f"{self._public_url}/floor?{KIOSK}={word}" if token.role is Role.VIEWER else None
        return self._page(made=word, link=link), 201

    def end_token(self, session: Session, id: str) -> Any:
        """POST /settings/tokens/ID/end"""
        if not self._tokens.end(id, session.account, address()):
            return self._page(fault="settings.no_token"), 404
        return redirect(url_for("settings.page"), 303)

    def _page(self, made: str | None = None, link: str | None = None, fault: str | None = None) -> str:
        return render_template(
            "settings.html",
            tokens=self._tokens.all(),
            roles=TOKEN_ROLES,
            days=DAYS,
            made=made,
            link=link,
            fault=page_texts()(fault) if fault else None,
            at_present=self._clock(),
        )
