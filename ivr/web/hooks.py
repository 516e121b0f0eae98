"""Webhooks page: which other programs are told of what happens, what is still to be told, and what was given up."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.fetch import URL_LENGTH_MAX
from ivr.outbox import SIGNATURE, Outbox
from ivr.settings import is_loopback
from ivr.web.security import address
from ivr.web.texts import page_texts

SHOWN_MAX = 50


class HookPages:
    """One view a method."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def page(self, session: Session) -> Any:
        """GET /webhooks"""
        return self._page()

    def add(self, session: Session) -> Any:
        """POST /webhooks {url}: the secret is shown on the answer, once."""
        url = request.form.get("url", "").strip()
        if not _may_be_told(url):
            return self._page(fault="hooks.bad_url"), 422
        made = self._outbox.add(url, session.account, address())
        return (self._page(secret=made[1]), 201) if made else (self._page(fault="hooks.too_many"), 409)

    def end(self, session: Session, id: str) -> Any:
        """POST /webhooks/ID/end"""
        self._outbox.end(id, session.account, address())
        return redirect(url_for("hooks.page"), 303)

    def again(self, session: Session, id: str) -> Any:
        """POST /webhooks/messages/ID/again: try once more what was given up."""
        self._outbox.again(id, session.account, address())
        return redirect(url_for("hooks.page"), 303)

    def _page(self, fault: str | None = None, secret: str | None = None) -> str:
        return render_template(
            "supervisor/hooks.html",
            hooks=self._outbox.all(),
            latest=self._outbox.latest(SHOWN_MAX),
            fault=page_texts()(fault) if fault else None,
            secret=secret,
            header=SIGNATURE,
        )


def _may_be_told(url: str) -> bool:
    """Whether it looks like an address; where it leads is looked at each time it is asked (`ivr.fetch`)."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return secure and bool(host) and parts.username is None and len(url) <= URL_LENGTH_MAX
