"""The desk's pages: log in, and the one page on which a representative works."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from ivr.accounts import Accounts, NotLoggedIn
from ivr.desk import Desk
from ivr.menu.tree import CaseKind
from ivr.web.desk_api import PASSWORD_BYTES_MAX, page_texts
from ivr.web.picture import Json, picture
from ivr.web.security import CSRF_HEADER, Guard
from ivr.web.texts import LANGUAGES, Texts, texts
from routing.case import FIELD_LENGTH_MAX

REASONS = ("break", "lunch", "meeting", "training", "paperwork")
LANGUAGE_COOKIE = "dialtree-language"
LANGUAGE_AGE_S = 365 * 24 * 3600
FORM_BYTES_MAX = 16 * 1024
WORDS = (
    *("live.on", "live.off", "sound.on", "sound.off", "error.again", "error.refused", "offer.taken", "offer.over"),
    *("form.saved", "form.saving", "form.unsaved", "form.missing"),
)
"""The texts that the page itself says; all others come with what the server renders."""


class DeskPages:
    """One view a method: the log-in, the page, and the parts of it that live."""

    def __init__(self, desk: Desk, accounts: Accounts, guard: Guard) -> None:
        self._desk, self._accounts, self._guard = desk, accounts, guard
        self._switchboard = desk.switchboard

    def blueprint(self) -> Blueprint:
        """The addresses below /desk, scripts and styles among them."""
        pages = Blueprint(
            "desk",
            __name__,
            url_prefix="/desk",
            template_folder="templates",
            static_folder="static",
            static_url_path="/static",
        )
        pages.get("")(self.page)
        pages.get("/parts")(self.parts)
        pages.get("/login")(self.login_page)
        pages.post("/login")(self.log_in)
        pages.after_request(self._guard.finish)
        return pages

    def login_page(self) -> Any:
        """GET /desk/login"""
        t = self._texts()
        response = make_response(self._login_form(t, "", None))
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE_COOKIE, t.language, max_age=LANGUAGE_AGE_S, samesite="Lax", httponly=True)
        return response

    def log_in(self) -> Any:
        """POST /desk/login: a plain form; the answer to a wrong name and to a wrong password is the same."""
        t = self._texts()
        request.max_content_length = FORM_BYTES_MAX
        name, password = request.form.get("name", "").strip(), request.form.get("password", "")
        if not self._guard.same_origin():
            return self._login_form(t, "", t("error.again")), 403
        answer = self._accounts.log_in(name, password[:PASSWORD_BYTES_MAX], request.remote_addr or "")
        if isinstance(answer, NotLoggedIn):
            status = 401 if answer.why == "wrong" else 429
            return self._login_form(t, name[:64], t(f"login.{answer.why}", seconds=answer.wait_s)), status
        if no := self._desk.log_in(answer.session.account):
            return self._login_form(t, name, no.why), 409
        response = redirect(url_for(".page"), 303)
        self._guard.set_cookie(response, answer.token)
        return response

    def page(self) -> Any:
        """GET /desk"""
        session = self._guard.session()
        if session is None:
            return redirect(url_for(".login_page"), 303)
        t = self._texts()
        seen = self._look(session.account, t)
        return render_template(
            "desk/page.html",
            t=t,
            picture={"csrf": session.csrf, **seen},
            parts=self._parts(seen, t),
            words={key: t.entries[key] for key in WORDS},
            api="/desk/api",
        )

    def parts(self) -> Any:
        """GET /desk/parts: what of the page may have changed; each part says which version it is."""
        session = self._guard.session()
        if session is None:
            return Response(status=401)
        t = self._texts()
        seen = self._look(session.account, t, request.args.get("contact"))
        response = make_response(self._parts(seen, t))
        response.headers[CSRF_HEADER] = session.csrf
        response.headers["X-Now"] = seen["now"]
        return response

    def _look(self, agent: str, t: Texts, continued: str | None = None) -> Json:
        with self._switchboard.store.look() as tx:
            return picture(self._switchboard, tx, agent, t, continued)

    def _parts(self, seen: Json, t: Texts) -> Markup:
        its = seen["contact"] or seen["continued"]
        words = _Words(t, {k: v for tree in self._switchboard.hotlines.current() for k, v in tree.cases.items()})
        context = {
            "t": t,
            "picture": seen,
            "continued": seen["continued"],
            "form_version": f"{its['id']} {its['case']['number'] if its['case'] else ''}" if its else "",
            "reasons": REASONS,
            "field_length_max": FIELD_LENGTH_MAX,
            "kind_label": words.kind,
            "field_label": words.field,
            "value_label": words.value,
            "log_label": words.log,
            "groups": groups,
            "clock": clock,
            "recording_url": lambda id: f"/desk/api/recordings/{id}",
        }
        return Markup(render_template("desk/parts.html", part=_part_of(context), **context))  # noqa: S704 - a template's own output

    def _login_form(self, t: Texts, name: str, fault: str | None) -> str:
        languages = [(code, texts(code).language_name(code)) for code in LANGUAGES]
        return render_template("desk/login.html", t=t, name=name, fault=fault, languages=languages)

    def _texts(self) -> Texts:
        """The language chosen on the log-in page, else the one the browser asks for."""
        for wanted in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
            if wanted in LANGUAGES:
                return texts(wanted)
        return page_texts()


class _Words:
    """What kinds of case, their fields and choices are called, in one language; their bare names when unknown."""

    def __init__(self, t: Texts, kinds: dict[str, CaseKind]) -> None:
        self._t, self._kinds = t, kinds

    def kind(self, name: str | None) -> str:
        """`claim` is "Claim"."""
        if name in self._kinds:
            return self._t.of(self._kinds[name].label)
        return self._t.or_as_is("kind", name or "question")

    def field(self, kind: str | None, name: str) -> str:
        """The label of a field; one that this kind does not have may be another's."""
        for its in (self._kinds.get(kind or ""), *self._kinds.values()):
            for field in its.fields if its else ():
                if field.name == name:
                    return self._t.of(field.label)
        return name.replace("_", " ")

    def value(self, kind: str, name: str, value: str) -> str:
        """What was chosen, in words; what was written, as it is."""
        for field in self._kinds[kind].fields if kind in self._kinds else ():
            if field.name == name and value in field.choices:
                return self._t.of(field.choices[value])
        return value

    def log(self, kind: Json) -> str:
        """What the button says that logs this kind of case."""
        return self._t.entries.get(f"form.log.{kind['name']}") or self._t("form.log")


def _part_of(context: dict[str, Any]) -> Callable[..., Markup]:
    """A function for the template: renders one part, and marks it with a version that changes when it does."""

    def part(template: str, name: str = "", tag: str = "section", version: str | None = None, **more: Any) -> Markup:
        html = render_template(f"desk/parts/{template}.html", **context, **more).strip()
        seal = hashlib.sha256((html if version is None else version).encode()).hexdigest()[:16]
        inside = Markup(html)  # noqa: S704 - a template's own output
        return Markup('<{0} class="part" data-part="{1}" data-version="{2}">{3}</{0}>').format(
            Markup(tag),  # noqa: S704 - ours
            name or template,
            seal,
            inside,
        )

    return part


def groups(number: str) -> str:
    """A case number as it is read and said: `100 001`."""
    head = len(number) % 3
    return " ".join(filter(None, [number[:head], *(number[i : i + 3] for i in range(head, len(number), 3))]))


def clock(seconds: float) -> str:
    """A length of time: `1:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
