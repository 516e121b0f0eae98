"""Supervision: what supervisors do with people and with the line, each in one transaction and each written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.accounts import NAME_LENGTH_MAX, Accounts
from ivr.codes import Codes
from ivr.dialable import telephone
from ivr.emergency import Emergency
from ivr.role import Role
from ivr.store import Tx
from ivr.switchboard import Switchboard
from routing import distributor
from routing.agent import Agent
from routing.effect import Effect
from routing.refusal import Refused

LEVEL_MAX = 5
SKILLS_MAX, GROUPS_MAX = 50, 20
DISPLAY_NAME_LENGTH_MAX = 64
WRAP_UP_MAX_S = 1800
WHY_LENGTH_MAX = 64
EMERGENCY_MAX = timedelta(days=14)
"""The longest time for which the emergency switch can be put on."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SKILL = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

NOT_YOURS = Refused("only an administrator may do this", field="role")
ABSENT = Refused("there is nobody of that name", field="name")


@dataclass(frozen=True, slots=True)
class By:
    """Who does something: the account, its role, and the address they do it from."""

    name: str
    role: Role
    origin: str

    def may_manage(self, other: Role) -> bool:
        """Whether accounts of that role are theirs to make and to change: nobody makes themselves more."""
        return self.role is Role.ADMINISTRATOR or (self.role is Role.SUPERVISOR and other is Role.REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is said of a person: skills with levels 1-5, groups that queues' tiers name, and where they are rung.

    `phone`: a telephone, or a SIP address, to ring instead of the desk page.
    `wrap_up_s`: their own wrap-up instead of the queues'.
    """

    display_name: str
    skills: Mapping[str, int]
    groups: tuple[str, ...] = ()
    phone: str = ""
    wrap_up_s: int | None = None
    role: Role = Role.REPRESENTATIVE

    def fault(self) -> Refused | None:
        """What keeps it from being used."""
        if len(self.display_name) > DISPLAY_NAME_LENGTH_MAX:
            return Refused("this is too long", field="display_name", hint=f"{DISPLAY_NAME_LENGTH_MAX} characters")
        if len(self.skills) > SKILLS_MAX or any(not _SKILL.fullmatch(it) for it in self.skills):
            return Refused("that is no name of a skill", field="skills")
        if any(not 1 <= level <= LEVEL_MAX for level in self.skills.values()):
            return Refused("a skill has a level from 1 to 5", field="skills")
        if len(self.groups) > GROUPS_MAX or any(not _NAME.fullmatch(it) for it in self.groups):
            return Refused("that is no name of a group", field="groups")
        if self.phone and not telephone(self.phone):
            return Refused("that is no telephone number", field="phone")
        if self.wrap_up_s is not None and not 0 <= self.wrap_up_s <= WRAP_UP_MAX_S:
            return Refused("that is too long a wrap-up", field="wrap_up_s")
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the page lists them; `agent` is None for accounts that never sit at a desk."""

    name: str
    role: Role
    disabled: bool
    agent: Agent | None


class Supervision:
    """Everything the pages let a supervisor do with people and with who waits."""

    def __init__(self, switchboard: Switchboard, accounts: Accounts, codes: Codes) -> None:
        self.switchboard, self._accounts, self._codes = switchboard, accounts, codes

    # -- people -------------------------------------------------------------------------------------------------------

    def people(self) -> list[Known]:
        """Everybody who has an account or a place on the floor, by name."""
        roles, disabled = self._accounts.roles(), self._accounts.disabled()
        with self.switchboard.store.look() as tx:
            agents = {agent.name: agent for agent in tx.floor.agents()}
        names = sorted(roles.keys() | agents.keys())
        return [
            Known(it, roles.get(it, Role.REPRESENTATIVE), it in disabled, agents.get(it)) for it in names
        ]  # fmt: skip

    def person(self, name: str) -> Known | None:
        """One of them."""
        return next((it for it in self.people() if it.name == name), None)

    def add(self, by: By, name: str, profile: Profile) -> str | Refused:
        """Make somebody; returns the one-time code by which they choose a password."""
        if not _NAME.fullmatch(name) or len(name) > NAME_LENGTH_MAX:
            return Refused("that is no name for an account", field="name")
        if not by.may_manage(profile.role):
            return NOT_YOURS
        if no := profile.fault():
            return no
        if self.person(name) is not None:
            return Refused("there is somebody of that name already", field="name")
        with self.switchboard.store.transaction() as tx:
            tx.floor.add(Agent(name, **_columns(name, profile)))
            tx.audited(by.name, "agent made", name, by.origin, **_told(profile))
        return self._codes.for_account(name, by.name, by.origin, profile.role)

    def change(self, by: By, name: str, profile: Profile) -> Refused | None:
        """Other skills, groups, telephone - and role, where `by` may give it. The next offer goes by them."""
        its = self.person(name)
        if its is None:
            return ABSENT
        if no := profile.fault():
            return no
        if not by.may_manage(its.role) and by.name != name:
            return NOT_YOURS
        if profile.role is not its.role and not (by.role is Role.ADMINISTRATOR and by.name != name):
            return NOT_YOURS

        def happen(tx: Tx) -> tuple[None, list[Effect]]:
            agent = tx.floor.agent(name)
            if agent is None:
                tx.floor.add(Agent(name, **_columns(name, profile)))
            else:
                tx.floor.change(agent, **_columns(name, profile))
            tx.audited(by.name, "agent changed", name, by.origin, **_told(profile))
            return None, distributor.settle(tx.floor, tx.now)

        self.switchboard.happen(happen)
        if profile.role is not its.role:
            self._accounts.set_role(name, profile.role, by.name, by.origin)
        return None

    def send_home(self, by: By, name: str) -> Refused | None:
        """Log somebody out of the floor; with a caller on the line, as soon as the conversation is over."""
        return self._do(by, "sent home", name, lambda tx: distributor.force_log_out(tx.floor, name, by.name, tx.now))

    def code_for(self, by: By, name: str) -> str | Refused:
        """A one-time code by which somebody gets a new password."""
        its = self.person(name)
        if its is None:
            return ABSENT
        if not by.may_manage(its.role):
            return NOT_YOURS
        return self._codes.for_account(name, by.name, by.origin, None if name in self._accounts.roles() else its.role)

    def shut_out(self, by: By, name: str) -> Refused | None:
        """Let nobody in by this account any more, until it gets a new password."""
        its = self.person(name)
        if its is None:
            return ABSENT
        if not by.may_manage(its.role) or by.name == name:
            return NOT_YOURS
        self._accounts.disable(name, by.name, by.origin)
        return self.send_home(by, name) if its.agent else None

    # -- the line -----------------------------------------------------------------------------------------------------

    def move(self, by: By, contact: str, queue: str) -> Refused | None:
        """Somebody who waits goes to another queue and keeps the time they have waited."""
        if queue not in self.switchboard.hotlines.queues():
            return Refused("there is no such queue", field="queue")
        return self._do(
            by,
            "contact moved",
            contact,
            lambda tx: distributor.move(tx.floor, contact, queue, None, by.name, tx.now),
            queue=queue,
        )

    def head_start(self, by: By, contact: str, head_start_s: int) -> Refused | None:
        """Somebody counts as having come so many seconds earlier."""
        return self._do(
            by,
            "head start changed",
            contact,
            lambda tx: distributor.change_head_start(tx.floor, contact, head_start_s, by.name, tx.now),
            head_start_s=head_start_s,
        )

    def assign(self, by: By, contact: str, agent: str) -> Refused | None:
        """Somebody who waits is offered to this person and nobody else."""
        return self._do(
            by,
            "contact assigned",
            contact,
            lambda tx: distributor.assign(tx.floor, contact, agent, by.name, tx.now),
            agent=agent,
        )

    def stand(self, by: By, queue: str, how: str, why: str) -> Refused | None:
        """Pause a queue, let it go on, close it to newcomers or open it again."""
        if queue not in self.switchboard.hotlines.queues():
            return Refused("there is no such queue", field="queue")
        why = why.strip()[:WHY_LENGTH_MAX] or "closed by a supervisor"
        ways: Mapping[str, Callable[[Tx], list[Effect]]] = {
            "pause": lambda tx: distributor.pause_queue(tx.floor, queue, why, by.name, tx.now),
            "resume": lambda tx: distributor.resume_queue(tx.floor, queue, by.name, tx.now),
            "close": lambda tx: distributor.close_queue(tx.floor, queue, why, False, by.name, tx.now),
            "open": lambda tx: distributor.open_queue(tx.floor, queue, by.name, tx.now),
        }
        if how not in ways:
            return Refused("a queue cannot stand so", field="how", hint=f"there are: {', '.join(ways)}")
        return self._do(by, f"queue {how}", queue, ways[how], why=why)

    def listen(self, by: By, contact: str, how: str) -> Refused | None:
        """Hear a conversation, speak to the representative alone, or to both; `off` ends it."""
        return self._do(
            by, "listened in", contact, lambda tx: distributor.listen(tx.floor, contact, by.name, how, tx.now), how=how
        )

    # -- the emergency switch -----------------------------------------------------------------------------------------

    def emergency_on(self, by: By, hotline: str, until: datetime | None) -> Refused | None:
        """Let every new call of a hotline hear the emergency first until that moment; on again: another end."""
        with self.switchboard.store.transaction() as tx:
            if until is None or until <= tx.now:
                return Refused("that moment is over", field="until")
            if until > tx.now + EMERGENCY_MAX:
                return Refused("that is too far ahead", field="until", hint=f"{EMERGENCY_MAX.days} d")
            tx.emergencies.put_on(Emergency(hotline, until, by.name, tx.now))
            tx.happened(hotline, "emergency on", until=until.isoformat(), by=by.name)
            tx.audited(by.name, "emergency on", hotline, by.origin, until=until.isoformat())
        return None

    def emergency_off(self, by: By, hotline: str) -> None:
        """Put the switch off before its time; one that is off stays off."""
        with self.switchboard.store.transaction() as tx:
            if tx.emergencies.on(hotline, tx.now) is not None:
                tx.emergencies.put_off(hotline)
                tx.happened(hotline, "emergency off", by=by.name)
                tx.audited(by.name, "emergency off", hotline, by.origin)

    def _do(
        self, by: By, what: str, about: str, happening: Callable[[Tx], list[Effect] | Refused], **fields: object
    ) -> Refused | None:
        def audited(tx: Tx) -> list[Effect] | Refused:
            done = happening(tx)
            if not isinstance(done, Refused):
                tx.audited(by.name, what, about, by.origin, **fields)
            return done

        answer = self.switchboard.act(audited)
        return answer if isinstance(answer, Refused) else None


def _columns(name: str, profile: Profile) -> dict[str, object]:
    address, ring_at = (profile.phone, "phone") if profile.phone else (f"client:{name}", "desk")
    return {
        "display_name": profile.display_name or name,
        "address": address,
        "ring_at": ring_at,
        "skills": dict(profile.skills),
        "groups": profile.groups,
        "wrap_up_s": profile.wrap_up_s,
    }


def _told(profile: Profile) -> dict[str, object]:
    """What the audit keeps: no telephone number."""
    return {"skills": dict(profile.skills), "groups": list(profile.groups), "role": str(profile.role)}
