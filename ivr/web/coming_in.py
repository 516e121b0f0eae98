"""Coming in: the log-in page, one-time codes, the choice of a language, and where each role begins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for

from ivr.accounts import NAME_LENGTH_MAX, Accounts, NotLoggedIn, Session
from ivr.codes import Codes
from ivr.desk import Desk
from ivr.role import Role
from ivr.web.doors import Doors
from ivr.web.security import Guard, address
from ivr.web.texts import LANGUAGE_COOKIE, LANGUAGES, page_texts
from routing.refusal import Refused

FORM_BYTES_MAX = 16 * 1024
PASSWORD_BYTES_MAX = 4096
CODE_LENGTH_MAX = 32
LANGUAGE_AGE_S = 365 * 24 * 3600

STATUS = {"wrong": 401, "code": 401, "wait": 429, "busy": 429}


class ComingIn:
    """One view a method, of the areas `home` and `login`."""

    def __init__(self, desk: Desk, accounts: Accounts, codes: Codes, guard: Guard, doors: Doors) -> None:
        self._desk, self._accounts, self._codes, self._guard, self._doors = desk, accounts, codes, guard, doors

    def page(self, session: Session | None) -> Any:
        """GET /login: whoever is logged in already is led on."""
        if session is not None and session.csrf:
            return redirect(local(request.args.get("next")) or self._doors.home(session.role), 303)
        return self._form("", None)

    def log_in(self, _: Session | None) -> Any:
        """POST /login: a plain form; the answer to a wrong name and to a wrong password is the same."""
        request.max_content_length = FORM_BYTES_MAX
        t, form = page_texts(), request.form
        name, password = form.get("name", "").strip(), form.get("password", "")[:PASSWORD_BYTES_MAX]
        answer = self._accounts.log_in(name, password, self._guard.origin(), form.get("code", "")[:CODE_LENGTH_MAX])
        if isinstance(answer, NotLoggedIn):
            fault = t(f"login.{answer.why}", seconds=answer.wait_s)
            return self._form(name[:NAME_LENGTH_MAX], fault, answer.why == "code"), STATUS[answer.why]
        role = answer.session.role
        # Who supervises sits down at the desk only when they say there that they are ready.
        if role is Role.REPRESENTATIVE and (no := self._desk.log_in(answer.session.account)):
            return self._form(name, t.refusal(no.why)), 409
        response = redirect(local(form.get("next")) or self._doors.home(role), 303)
        self._guard.set_cookies(response, answer)
        return response

    def log_out(self, session: Session) -> Any:
        """POST /logout: this session ends, and the representative leaves the floor."""
        self._accounts.log_out(session)
        self._desk.leave(session.account)
        response = redirect(url_for("login.page"), 303)
        self._guard.forget_cookie(response)
        return response

    def code_page(self, _: Session | None) -> Any:
        """GET /code"""
        name = request.args.get("name", "")[:NAME_LENGTH_MAX]
        return render_template("code.html", code="", name=name, fault=None, at=None)

    def redeem(self, _: Session | None) -> Any:
        """POST /code: a password for whoever has the code; they log in with it then."""
        request.max_content_length = FORM_BYTES_MAX
        code, name = request.form.get("code", "")[:64], request.form.get("name", "").strip()
        password = request.form.get("password", "")[:PASSWORD_BYTES_MAX]
        no = name_fault(name) or self._codes.redeem(code, name, password, address())
        if no is None:
            return redirect(url_for("login.page"), 303)
        t = page_texts()
        said = {"code": code, "name": name[:NAME_LENGTH_MAX]}  # nobody types a long code twice for a poor password
        return render_template("code.html", **said, fault=t.refusal(no.why), at=no.field), 422

    def _form(self, name: str, fault: str | None, code: bool = False) -> str:
        there = local(request.values.get("next"))
        return render_template("login.html", name=name, fault=fault, with_code=code, there=there)


class Home:
    """The first page, and the language of all of them."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def page(self, session: Session | None) -> Any:
        """GET /"""
        return redirect(self._doors.home(session.role) if session else url_for("login.page"), 303)

    def language(self, _: Session | None) -> Any:
        """POST /language: a cookie, and back to where one was."""
        response = make_response(redirect(local(request.form.get("next")) or "/", 303))
        wanted = request.form.get("lang", "")
        if wanted in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, wanted, max_age=LANGUAGE_AGE_S, samesite="Lax", httponly=True)
        return response


def local(there: str | None) -> str | None:
    """An address to be led on to, if it is one of ours: a path, and nothing that a browser takes for another host."""
    if not there or not there.startswith("/") or there.startswith(("//", "/\\")) or not there.isprintable():
        return None
    parts = urlsplit(there)
    return there if not parts.scheme and not parts.netloc and "\\" not in there else None


def name_fault(name: str) -> Refused | None:
    """Why an account cannot be called so."""
    plain = name.replace("-", "").replace("_", "").replace(".", "")
    if plain.isascii() and plain.isalnum() and plain.islower() and name[0].isalnum() and len(name) <= NAME_LENGTH_MAX:
        return None
    return Refused("that is no name for an account", field="name", hint="small letters, digits, `.`, `-`, `_`: anna")
