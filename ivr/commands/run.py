"""`ivr run`: the hotline, a simulated carrier with a telephone in the browser, and the desk, all on this machine."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click

from ivr.accounts import Accounts
from ivr.commands.busy import AGENTS as BUSY
from ivr.commands.busy import SPEED, busy_day
from ivr.commands.hire import hire
from ivr.commands.place import Places
from ivr.commands.storage import opened, published
from ivr.commands.telephone import HOST, PAGE, show, telephone
from ivr.mail_settings import OUT
from ivr.menu.tree import Tree
from ivr.role import Role
from ivr.settings import data_folder, menus_folder, went_by_mail
from ivr.simulator.chaos import Chaos
from ivr.simulator.network import Network
from ivr.simulator.transport import HttpApp
from ivr.store import Store
from ivr.tokens import Tokens
from ivr.web.security import KIOSK
from routing import distributor
from routing.store import last_event_at

HOTLINE_DIED = 1
READY_MAX_S = 30
AGENTS = ("anna", "marko")
SUPERVISOR = "vera"
"""Who looks after a busy day."""


def _chaos(_context: click.Context, _option: click.Parameter, text: str) -> Chaos:
    try:
        return Chaos.read(text)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="The hotline's port.")
@click.option(
    "--carrier-port", default=8081, show_default=True, type=click.IntRange(1, 65535), help="The carrier's port."
)
@click.option("--now", "real_time", is_flag=True, help="Live in real time even if the hotline is closed now.")
@click.option(
    "--chaos",
    default="",
    metavar="TEXT",
    callback=_chaos,
    help="What the carrier does wrong on purpose: duplicate=0.1,delay=2s..20s.",
)
@click.option("--browser", "open_browser", is_flag=True, help="Open the telephone in the browser.")
@click.option(
    "--busy", is_flag=True, help="Fill it with a working day: callers and people at desks, ten times as fast."
)
def run(port: int, carrier_port: int, real_time: bool, chaos: Chaos, open_browser: bool, busy: bool) -> None:
    """Run everything on this machine and say where to click: play the caller in one window, answer in another.

    What happens is stored in DIALTREE_DATA (./var). Menus are read from DIALTREE_MENUS (./menus); a change in them is
    heard by the next call. When the hotline is closed, its next opening is pretended, so that somebody can answer.
    Ctrl-C ends it. With --busy prompts go by too fast to be heard: it is for looking at the pages.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the hotline's process would outlive this one
    data, menus = data_folder(os.environ), menus_folder(os.environ)
    trees, passwords, begins_at = _prepare(data, menus, busy)
    speed = SPEED if busy else 1
    ahead = timedelta(0) if real_time else _ahead(trees, begins_at) + (begins_at - datetime.now(UTC))
    numbers = [number for tree in trees for number in tree.numbers]
    app_url, carrier_url = f"http://{HOST}:{port}", f"http://{HOST}:{carrier_port}"
    # Ids and token are new each time: calls of an earlier run lie in the same database.
    network = Network(
        datetime.now(UTC) + ahead, secrets.randbits(64), app=HttpApp(), speed=speed, rest_url=carrier_url, chaos=chaos
    )
    for number in numbers:
        network.number(number, *(f"{app_url}/voice{door}" for door in ("", "/fallback", "/status")))
    environment = {
        OUT: f"maildir:{went_by_mail(data)}",  # nobody is written to by a trial, unless a server is set
        **os.environ,
        "DIALTREE_ACCOUNT_SID": network.account_sid,
        "DIALTREE_AUTH_TOKEN": network.auth_token,
        "DIALTREE_PUBLIC_URL": app_url,
        "DIALTREE_CARRIER_URL": carrier_url,
        "DIALTREE_PHONE_URL": f"{carrier_url}{PAGE}",
    }
    store = opened(data)  # only to look where in the tree a call is
    try:
        with (
            telephone(network, numbers, carrier_port, Places(store), origins=(app_url, f"http://localhost:{port}")),
            _hotline(environment, port, ahead, speed) as hotline,
            _day(network, store, menus, app_url, passwords) if busy else nullcontext() as board,
        ):
            click.echo(_where(app_url, network, passwords, network.now().astimezone() if ahead else None, board))
            if open_browser:
                show(carrier_port)
            ended_with = hotline.wait()
    except KeyboardInterrupt:
        click.echo("\nstopping")
        return
    finally:
        store.close()
    click.echo(f"the hotline has died (exit code {ended_with}), so nothing is answered any more", err=True)
    sys.exit(HOTLINE_DIED)


@contextmanager
def _day(network: Network, store: Store, menus: Path, app_url: str, passwords: Mapping[str, str]) -> Iterator[str]:
    """A busy day, and the address of a wallboard that nobody need log in for."""
    _, word = Tokens(store).make("the wallboard of a busy day", Role.VIEWER, "ivr run --busy")
    with busy_day(network, store, menus, app_url, {name: passwords[name] for name in BUSY}):
        yield f"{app_url}/floor?{KIOSK}={word}"


def _prepare(data: Path, menus: Path, busy: bool = False) -> tuple[tuple[Tree, ...], dict[str, str], datetime]:
    """The hotlines, two representatives with passwords that are new each time, and when the last run ended, or now.

    Whoever was at the desk then is logged out: the carrier of that run is gone with its calls. Raises Unusable.
    """
    store = opened(data)
    try:
        trees = published(menus, store)
        passwords = {name: secrets.token_urlsafe(9) for name in (*AGENTS, *(BUSY if busy else ()))}
        for name, password in passwords.items():
            hire(store, trees, name, {}, password)
        if busy:
            passwords[SUPERVISOR] = secrets.token_urlsafe(9)
            Accounts(store).set_password(SUPERVISOR, passwords[SUPERVISOR], Role.SUPERVISOR)
        with store.transaction() as tx:
            ended_at = max(tx.now, last_event_at(tx.connection) or tx.now)
            for agent in tx.floor.agents():
                distributor.log_out(tx.floor, agent.name, ended_at)
        return trees, passwords, ended_at
    finally:
        store.close()


def _ahead(trees: Iterable[Tree], now: datetime) -> timedelta:
    """How long until somebody could answer: an hour into the next opening; nothing while any hotline is open."""
    calendars = [calendar for tree in trees for calendar in tree.hours.values()]
    if not calendars or any(calendar.is_open(now) for calendar in calendars):
        return timedelta(0)
    openings = [opening for calendar in calendars if (opening := calendar.next_open(now))]
    return min(openings, default=now) - now + timedelta(hours=1)


@contextmanager
def _hotline(
    environment: dict[str, str], port: int, ahead: timedelta, speed: int = 1
) -> Iterator[subprocess.Popen[bytes]]:
    """The hotline, in a process of its own: between it and the carrier there is nothing but the wire."""
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port), "--ahead", str(round(ahead.total_seconds()))]
    command += ["--speed", str(speed)]
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own program
    try:
        _await(process, f"http://{HOST}:{port}/login")
        yield process
    finally:
        process.terminate()
        process.wait()


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    until = datetime.now(UTC).timestamp() + READY_MAX_S
    while datetime.now(UTC).timestamp() < until and process.poll() is None:
        try:
            with urlopen(url, timeout=1):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            threading.Event().wait(0.1)
    raise click.ClickException(f"the hotline did not come up at {url}")


def _where(
    app_url: str, network: Network, passwords: dict[str, str], pretended: datetime | None, board: str | None = None
) -> str:
    shown = {name: word for name, word in passwords.items() if name not in BUSY}
    people = "\n".join(f"               {name}   password {password}" for name, password in shown.items())
    watch = f"  To watch:    {board}\n               a day at {SPEED} times its speed\n" if board else ""
    pretence = f"  It is closed now: this is {pretended:%A %H:%M}, pretended.\n" if pretended else ""
    return (
        f"\n{pretence}  To call:     {network.rest_url}{PAGE}/\n  To answer:   {app_url}/desk\n{people}\n"
        f"               You speak in that page: let it use the microphone.\n{watch}"
        "  To write:    ivr mail write      (an e-mail to the hotline; ivr mail read shows the answers)\n"
        f"  To program:  REST at {network.rest_url} as Twilio's\n"
        f"               account {network.account_sid}   token {network.auth_token}\n\n"
        "  Open the first two, side by side. Log in, be ready, then dial; Ctrl-C ends it.\n"
    )
