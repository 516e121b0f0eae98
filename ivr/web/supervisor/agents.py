"""Agents' pages: everybody who sits at a desk - made, changed, sent home, and given codes for new passwords."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.codes import CODE_AGE_MAX_S
from ivr.dialable import SIP_LENGTH_MAX
from ivr.menu.skills import skills_wanted
from ivr.role import PERSONS, Role
from ivr.supervision import LEVEL_MAX, WRAP_UP_MAX_S, Known, Profile, Supervision
from ivr.web.supervisor.asked import by, number, status_of, text, told
from routing.agent import AgentState
from routing.refusal import Refused

SIGNS = {
    AgentState.AVAILABLE: "good",
    AgentState.TALKING: "good",
    AgentState.OFFERED: "warn",
    AgentState.WRAP_UP: "warn",
    AgentState.PAUSED: "warn",
    AgentState.LOGGED_OUT: "none",
}
SKILL = "skill."
"""What the fields of skills begin with: `skill.claims` is the level in claims, empty for none."""


class AgentPages:
    """One view a method."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision = supervision
        self._hotlines = supervision.switchboard.hotlines

    def page(self, session: Session) -> Any:
        """GET /agents"""
        return self._list(session)

    def list(self, session: Session) -> Any:
        """GET /agents/list: the table alone, when something has changed."""
        return render_template("supervisor/parts/agents.html", people=self._supervision.people(), signs=SIGNS)

    def add(self, session: Session) -> Any:
        """POST /agents: the code is shown on the answer, once."""
        name, asker = text("name", 65), by(session)
        profile = self._profile(asker.role)
        made = profile if isinstance(profile, Refused) else self._supervision.add(asker, name, profile)
        if isinstance(made, Refused):
            return self._list(session, fault=told(made)), 422 if status_of(made) == 409 else status_of(made)
        return self._list(session, code=made, code_for=name), 201

    def one(self, session: Session, name: str) -> Any:
        """GET /agents/NAME"""
        return self._one(session, name)

    def change(self, session: Session, name: str) -> Any:
        """POST /agents/NAME"""
        its, asker = self._supervision.person(name), by(session)
        profile = self._profile(asker.role, its)
        no = profile if isinstance(profile, Refused) else self._supervision.change(asker, name, profile)
        return self._done(session, name, no)

    def send_home(self, session: Session, name: str) -> Any:
        """POST /agents/NAME/log-out"""
        return self._done(session, name, self._supervision.send_home(by(session), name))

    def shut_out(self, session: Session, name: str) -> Any:
        """POST /agents/NAME/shut-out"""
        return self._done(session, name, self._supervision.shut_out(by(session), name))

    def code(self, session: Session, name: str) -> Any:
        """POST /agents/NAME/code: a code for a new password, shown once."""
        code = self._supervision.code_for(by(session), name)
        if isinstance(code, Refused):
            return self._done(session, name, code)
        return self._one(session, name, code=code), 201

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _done(self, session: Session, name: str, no: Refused | None) -> Any:
        if no is None:
            return redirect(url_for("agents.one", name=name), 303)
        return self._one(session, name, fault=told(no), status=status_of(no))

    def _list(self, session: Session, **more: Any) -> str:
        return render_template(
            "supervisor/agents.html", people=self._supervision.people(), **self._choices(session, None), **more
        )

    def _one(self, session: Session, name: str, status: int = 200, **more: Any) -> Any:
        its = self._supervision.person(name)
        if its is None:
            return render_template("refusal.html", status=404, title="error.404.title", lead="error.404.lead"), 404
        mine = by(session).may_manage(its.role)
        page = render_template(
            "supervisor/agent.html", it=its, code_for=name, mine=mine, **self._choices(session, its), **more
        )
        return page, status

    def _choices(self, session: Session, its: Known | None) -> dict[str, Any]:
        """What the form offers: the skills that hotlines ask for and those that somebody has."""
        people = self._supervision.people()
        has = {skill for it in people if it.agent for skill in it.agent.skills}
        roles = PERSONS if session.role is Role.ADMINISTRATOR else (Role.REPRESENTATIVE,)
        return {
            "skills": sorted({*skills_wanted(self._hotlines.current()), *has}),
            "groups": sorted({group for it in people if it.agent for group in it.agent.groups}),
            "levels": range(1, LEVEL_MAX + 1),
            "roles": roles if its is None or its.name != session.account else (its.role,),
            "signs": SIGNS,
            "code_minutes": CODE_AGE_MAX_S // 60,
            "wrap_up_max_s": WRAP_UP_MAX_S,
        }

    def _profile(self, asker: Role, its: Known | None = None) -> Profile | Refused:
        levels = {key.removeprefix(SKILL): value for key, value in request.form.items() if key.startswith(SKILL)}
        skills = {skill: int(level) for skill, level in levels.items() if level in "12345" and level}
        if other := text("other_skill", 64):
            skills[other] = number("other_level", 1, LEVEL_MAX) or 1
        groups = tuple(dict.fromkeys(re.split(r"[\s,]+", text("groups")) if text("groups") else ()))
        wrap_up_s = number("wrap_up_s", 0, WRAP_UP_MAX_S)
        if wrap_up_s is None and text("wrap_up_s"):
            return Refused("that is too long a wrap-up", field="wrap_up_s")
        role = its.role if its else Role.REPRESENTATIVE
        if text("role"):
            if text("role") not in PERSONS:
                return Refused("there is no such role", field="role")
            role = Role(text("role"))
        return Profile(text("display_name", 65), skills, groups, text("phone", SIP_LENGTH_MAX), wrap_up_s, role)
