"""Doors: puts views behind the table of routes; each request is asked for its role and its right to change things."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, g, redirect, request, url_for

from ivr.accounts import Session
from ivr.role import Role
from ivr.web.exchange import error
from ivr.web.routes import NAVIGATION, ROUTES, Kind, Route
from ivr.web.security import SAFE_METHODS, Guard

View = Callable[..., Any]
"""Takes the session first (None only where nobody need be logged in), then what the address names."""

Refuse = Callable[[int, str], Any]


class Doors:
    """The way from an address to a view."""

    def __init__(self, app: Flask, guard: Guard, denied: Callable[[Session, Route], None], refuse: Refuse) -> None:
        """`denied` writes down who asked for too much; `refuse(status, key)` makes the page that says so."""
        self._app, self._guard, self._denied, self._refuse = app, guard, denied, refuse

    def open(self, area: str, views: object) -> None:
        """Answer every route of `area` by the method of `views` that has its name; ValueError where there is none."""
        for route in ROUTES:
            if route.area != area:
                continue
            view = getattr(views, route.view, None)
            if view is None:
                raise ValueError(f"routes.py lists {route.name}, but {type(views).__name__} has no {route.view}")
            self._app.add_url_rule(route.path, route.name, self._guarded(route, view), methods=list(route.methods))

    def navigation(self, role: Role) -> list[Route]:
        """The pages that this role may turn to from every page."""
        there = {route.name: route for route in ROUTES if route.name in self._app.view_functions}
        return [there[name] for name in NAVIGATION if name in there and role.contains(there[name].least)]

    def home(self, role: Role) -> str:
        """The address of the page that somebody of this role begins with."""
        floor = "floor.page" in self._app.view_functions
        if role.contains(Role.SUPERVISOR) and floor:
            return url_for("floor.page")
        return url_for("desk.page")

    def _guarded(self, route: Route, view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> Any:
            g.route = route
            g.session = session = self._guard.session()
            role = session.role if session else Role.NOBODY
            if not role.contains(route.least):
                return self._too_little(route, session)
            if session and self._guard.must_set_up(session) and route.area not in ("account", "login", "home"):
                return redirect(url_for("account.page"), 303) if route.kind is Kind.PAGE else error(403, SET_UP)
            if no := self._fault(route, session):
                return self._said(route, 403, no, "error.forgery")
            return view(session, **ids)

        return guarded

    def _fault(self, route: Route, session: Session | None) -> str | None:
        """Why this request may not do what it asks for, whoever sends it."""
        if route.kind is Kind.STREAM and not self._guard.same_origin():
            return "this request comes from another site's page"
        if route.least is Role.NOBODY:
            changes = request.method not in SAFE_METHODS
            return "this request comes from another site's page" if changes and not self._guard.same_origin() else None
        return self._guard.refusal(session)

    def _too_little(self, route: Route, session: Session | None) -> Any:
        if session is not None:
            self._denied(session, route)
            return self._said(route, 403, f"this is for a {route.least}", "error.403")
        if route.kind is Kind.PAGE and request.method in SAFE_METHODS:
            there = request.full_path.rstrip("?")
            return redirect(url_for("login.page", next=there if there != "/desk" else None), 303)
        hint = None if request.path.startswith("/api/") else "POST /desk/api/login"
        return self._said(route, 401, "nobody is logged in", "error.401", hint)

    def _said(self, route: Route, status: int, no: str, key: str, hint: str | None = None) -> Any:
        if route.kind is Kind.PAGE:
            return self._refuse(status, key)
        return Response(status=status) if route.kind is Kind.PART else error(status, no, hint=hint)


SET_UP = "this account must set up its second factor first"
