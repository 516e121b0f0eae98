"""`ivr agent`: who may sit at the desk - accounts made, listed, given new passwords, and taken back."""

from __future__ import annotations

import os
import re
import secrets
import warnings
from collections.abc import Iterable
from getpass import GetPassWarning

import click

from ivr.accounts import NAME_LENGTH_MAX, Accounts
from ivr.commands.hire import every_skill
from ivr.commands.operator import operator
from ivr.commands.storage import opened
from ivr.dialable import telephone
from ivr.menu.fault import did_you_mean
from ivr.menu.hotline import examine_folder, hotline_folders
from ivr.role import PERSONS, Role
from ivr.settings import data_folder, menus_folder
from ivr.store import Store
from routing import distributor
from routing.agent import Agent
from routing.kind import CAPACITY_MAX, KINDS, Kind

CANNOT_RUN = 2
LEVEL_MAX = 5
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SKILL = re.compile(r"([a-z0-9][a-z0-9_-]{0,63}):([1-5])")


class _Name(click.ParamType):
    name = "name"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        """A name is also an address at the carrier (`client:NAME`), so it is of plain letters."""
        if not _NAME.fullmatch(value) or len(value) > NAME_LENGTH_MAX:
            self.fail(f"{value!r} is no name (small letters a-z, digits, `.`, `-` and `_`: claims-1)", param, context)
        return value


class _Skill(click.ParamType):
    name = "skill:level"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[str, int]:
        """`claims:4` is the skill claims at level 4 of 5."""
        found = _SKILL.fullmatch(str(value))
        if not found:
            self.fail(f"{value!r} is no skill (a name and a level from 1 to {LEVEL_MAX}: claims:4)", param, context)
        return found[1], int(found[2])


class _Capacity(click.ParamType):
    name = "kind:number"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[str, int]:
        """`email:5` is five e-mails at once; of what wants one's whole attention there is one or none."""
        kind, _, number = str(value).partition(":")
        known = _kinds()
        most = 0 if kind not in known else 1 if known[kind].live else CAPACITY_MAX
        if kind not in known or not number.isascii() or not number.isdigit() or int(number[:3]) > most:
            kinds = ", ".join(f"{it}:0 to {1 if known[it].live else CAPACITY_MAX}" for it in known)
            self.fail(f"{value!r} is no number of a kind (there are: {kinds})", param, context)
        return kind, int(number)


class _Phone(click.ParamType):
    name = "number"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        """A telephone, or a SIP address, that the carrier can ring."""
        if not telephone(value):
            right = "with + and country, digits only: +4930123456, or a SIP address: sip:anna@pbx.example.com"
            self.fail(f"{value!r} is no telephone number ({right})", param, context)
        return value


@click.group()
def agent() -> None:
    """Make and list the accounts of representatives, supervisors and administrators.

    Skills are what the hotline's YAML asks for (`needs:`) and languages; their levels go from 1 to 5:

    \b
        ivr agent add claims-1 --skill claims:4 --skill de:3 --skill en:2
        ivr agent add olga --role supervisor
    """


@agent.command()
@click.argument("name", type=_Name())
@click.option("--skill", "skills", type=_Skill(), multiple=True, help="What they can do, how well (1-5).")
@click.option(
    "--role",
    type=click.Choice([role.value for role in PERSONS]),
    help="What they may do; without it, what a representative may.",
)
@click.option("--display-name", help="What the desk page calls them; without it, NAME.")
@click.option("--phone", type=_Phone(), help="Ring this telephone, or sip:NAME@HOST; without it the desk page rings.")
@click.option("--group", "groups", type=_Name(), multiple=True, help="A group that queues' `tiers` name.")
@click.option("--at-once", "capacity", type=_Capacity(), multiple=True, help="email:5 - so many of a kind; 0: none.")
@click.option("--wrap-up", "wrap_up_s", type=click.IntRange(0, 1800), help="Seconds; without it the queues' own.")
@click.option("--generate", is_flag=True, help="Make up a password and print it, once.")
def add(
    name: str,
    skills: tuple[tuple[str, int], ...],
    role: str | None,
    display_name: str | None,
    phone: str | None,
    groups: tuple[str, ...],
    capacity: tuple[tuple[str, int], ...],
    wrap_up_s: int | None,
    generate: bool,
) -> None:
    """Make the account NAME, or change the skills, groups and telephone of the one that is there."""
    store = _store()
    if not skills and (role is None or role == Role.REPRESENTATIVE):
        raise click.UsageError("Missing option '--skill': without one a representative is offered nothing (claims:4).")
    more = {"groups": groups, "capacity": dict(capacity), "wrap_up_s": wrap_up_s}
    address, ring_at = (phone, "phone") if phone else (f"client:{name}", "desk")
    known = name in Accounts(store).roles()
    password = None if known else _password(Accounts(store), name, generate)
    with store.transaction() as tx:
        there = tx.floor.agent(name)
        if there and skills:
            called = display_name or there.display_name
            tx.floor.change(there, skills=dict(skills), address=address, ring_at=ring_at, display_name=called, **more)
        elif skills:
            tx.floor.add(Agent(name, display_name or name, address, ring_at, dict(skills), **more))
        if skills:
            what = "agent changed" if there else "agent made"
            tx.audited(operator(), what, name, skills=dict(skills), groups=list(groups), phone=bool(phone))
    if password is not None:
        Accounts(store).set_password(name, password, Role(role) if role else None, operator())
    elif role:
        Accounts(store).set_role(name, Role(role), operator())
    click.echo(f"{name} {'is changed' if known else 'can log in at /desk'}: {_told(dict(skills))}{_in(role)}")
    for warning in _not_needed(dict(skills)):
        click.echo(f"warning: {warning}", err=True)
    _tell(password, generate and not known)


@agent.command("list")
def list_agents() -> None:
    """List the agents: name, state, skills, and where they are rung."""
    store = _store()
    with store.look() as tx:
        agents = tx.floor.agents()
    disabled, roles = Accounts(store).disabled(), Accounts(store).roles()
    if not agents and not roles:
        click.echo("nobody yet (ivr agent add NAME --skill claims:4)")
    for it in agents:
        where = it.address if it.ring_at == "phone" else "desk"
        state = "disabled" if it.name in disabled else str(it.state).replace("_", " ")
        click.echo(f"{it.name:<16} {state:<10} {where:<16} {_told(it.skills)}{_in(roles.get(it.name))}")
    for name in sorted(roles.keys() - {it.name for it in agents}):
        click.echo(f"{name:<16} {'disabled' if name in disabled else 'no seat':<10} {'-':<16} {roles[name]}")


@agent.command()
@click.argument("name", type=_Name())
@click.option("--generate", is_flag=True, help="Make up a password and print it, once.")
def password(name: str, generate: bool) -> None:
    """Give NAME a new password; whoever is logged in with the old one is logged out."""
    store = _store()
    _must_be_there(store, name)
    new = _password(Accounts(store), name, generate)
    Accounts(store).set_password(name, new, by=operator())
    click.echo(f"{name} has a new password")
    _tell(new, generate)


@agent.command()
@click.argument("name", type=_Name())
def disable(name: str) -> None:
    """Let nobody in as NAME any more; `ivr agent password NAME` lets them in again."""
    store = _store()
    _must_be_there(store, name)
    Accounts(store).disable(name, operator())
    with store.transaction() as tx:
        if tx.floor.agent(name):
            distributor.log_out(tx.floor, name, tx.now)
    click.echo(f"{name} can no longer log in")


def _store() -> Store:
    return opened(data_folder(os.environ))


def _must_be_there(store: Store, name: str) -> None:
    with store.look() as tx:
        there = sorted({it.name for it in tx.floor.agents()} | Accounts(store).roles().keys())
    if name not in there:
        raise click.ClickException(f"there is no agent {name!r} (there are: {', '.join(there) or 'none yet'})")


def _password(accounts: Accounts, name: str, generate: bool) -> str:
    """Ask for a new password twice, without showing it, until it will do - or make one up."""
    if generate:
        return secrets.token_urlsafe(12)
    while True:
        typed = _typed(f"New password for {name}")
        fault = accounts.fault_of(name, typed)
        if fault is None:
            return typed
        click.echo(fault, err=True)


def _typed(prompt: str) -> str:
    """What is typed twice at a terminal; where there is none, it would be shown, or nobody is there to type it."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return click.prompt(prompt, hide_input=True, confirmation_prompt=True)
        except GetPassWarning:
            fault = click.ClickException("there is no terminal here to type a password at: use --generate")
            fault.exit_code = CANNOT_RUN
            raise fault from None


def _kinds() -> dict[str, Kind]:
    """The kinds of contacts that there are: the usual ones, and those of the hotlines that can be read."""
    found = dict(KINDS)
    try:
        trees = [examine_folder(folder).tree for folder in hotline_folders(menus_folder(os.environ))]
    except OSError:
        trees = []
    for tree in filter(None, trees):
        found |= {name: it.kind for name, it in tree.contacts.items()}
    return found


def _not_needed(skills: Iterable[str]) -> Iterable[str]:
    """Which skills no hotline needs, and what may be meant; nothing while a hotline cannot be read."""
    try:
        trees = [examine_folder(folder).tree for folder in hotline_folders(menus_folder(os.environ))]
    except OSError:
        return
    if not trees or None in trees:
        return
    needed = every_skill(trees)
    for skill in skills:
        if skill not in needed:
            meant = did_you_mean(skill, needed)
            hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(needed)}"
            yield f"no hotline needs the skill {skill} ({hint})"


def _tell(password: str | None, shown: bool) -> None:
    if shown and password:
        click.echo(f"password, shown this once: {password}")


def _in(role: str | None) -> str:
    """A role that is more than a representative's."""
    return f" ({role})" if role and role != Role.REPRESENTATIVE else ""


def _told(skills: dict[str, int]) -> str:
    return " ".join(f"{skill}:{level}" for skill, level in skills.items()) or "no skills"
