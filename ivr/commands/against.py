"""Against: which app a simulated call is made to - our own hotline, any URL, or a WSGI callable - and its network."""

from __future__ import annotations

import importlib
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

import click

from ivr.commands.carrier_door import CarrierDoor
from ivr.simulator.chaos import Chaos
from ivr.simulator.desk_client import Desk
from ivr.simulator.network import Network
from ivr.simulator.script.hearing import Prompts
from ivr.simulator.script.steps import Ask, Stub
from ivr.simulator.transport import FetchFailed, HttpApp, WsgiApp

if TYPE_CHECKING:
    from ivr.menu.tree import Tree

WSGI_URL = "https://app.example/"
FORM = "application/x-www-form-urlencoded"
REST_URL = "https://api.twilio.com"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a call is played on: its network, and what our own hotline has besides (None for other apps).

    `base_url` is where the app's own doors are; `node_of` tells the tree and the node that a call is at.
    """

    network: Network
    numbers: tuple[str, ...]
    base_url: str
    prompts: Prompts | None = None
    desk: Desk | None = None
    node_of: Callable[[str], tuple[Tree, str] | None] | None = None

    def ask(self, step: Ask) -> None:
        """Knock at a door of the app, unsigned; raises ValueError when it refuses or does not answer."""
        url, body, headers = urljoin(self.base_url, step.path), b"", {"Accept": "*/*"}
        form = urlencode(dict(step.params))
        if step.method == "GET":
            url += ("&" if "?" in url else "?") + form if form else ""
        else:
            body, headers["Content-Type"] = form.encode(), FORM
        try:
            status, _headers, said = self.network.app.request(step.method, url, headers, body)
        except FetchFailed as failure:
            raise ValueError(f"your app was not reached at {step.method} {step.path}: {failure.problem}") from failure
        if status >= 400:
            text = " ".join(said[:300].decode("utf-8", "replace").split())
            raise ValueError(f"your app answered {status} to {step.method} {step.path}" + (f": {text}" if text else ""))


@dataclass(frozen=True, slots=True)
class Against:
    """The app that calls are made to; neither `url` nor `wsgi` means our own hotline in `menus`."""

    url: str = ""
    wsgi: str = ""
    public_url: str = ""
    token: str = ""
    account: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    menus: Path = Path("menus")
    seed: int = 1
    chaos: str = ""
    carrier_port: int = 0
    speed: float = 0  # of time: 0 none passes, 1 as it does
    fallback: str = ""
    status_callback: str = ""

    @property
    def own(self) -> bool:
        """It is our own hotline."""
        return not self.url and not self.wsgi

    @contextmanager
    def stage(
        self,
        start: datetime,
        number: str,
        seed: int | None = None,
        chaos: str = "",
        stubs: Sequence[Stub] = (),
        door: CarrierDoor | None = None,
    ) -> Iterator[Stage]:
        """A fresh network at `start` on which `number` leads to the app. What a script says of `seed` and `chaos` goes
        before what the command line says."""
        seed, chaos = self.seed if seed is None else seed, chaos or self.chaos
        if self.own:
            with self._own(start, seed, chaos, stubs) as stage:
                yield stage
            return
        if stubs:
            raise ValueError("answer http: what your app asks other systems does not pass here; this is for our own")
        network = Network(
            start,
            seed=seed,
            account_sid=self.account or None,
            auth_token=self.token or None,
            app=self._transport(),
            rest_url=door.url if door else REST_URL,
            chaos=chaos,
            speed=self.speed,
            senders="any",  # which numbers a stranger's account has is not known here
        )
        beside = [urljoin(self.voice_url, each) if each else None for each in (self.fallback, self.status_callback)]
        network.number(number, self.voice_url, *beside)
        if door is None:
            yield Stage(network, (number,), self.voice_url)
            return
        door.network = network
        try:
            yield Stage(network, (number,), self.voice_url)
        finally:
            door.network = None

    @property
    def voice_url(self) -> str:
        """What is asked and signed when the number rings."""
        if not self.public_url:
            return self.url or WSGI_URL
        return urljoin(self.public_url, urlsplit(self.url)._replace(scheme="", netloc="").geturl())

    @contextmanager
    def _own(self, start: datetime, seed: int, chaos: str, stubs: Sequence[Stub]) -> Iterator[Stage]:
        from ivr.commands.joined import PUBLIC_URL, Joined  # slow to import, and of no use to calls of other apps
        from ivr.commands.stubbed import look_up

        with tempfile.TemporaryDirectory(prefix="dialtree-") as data:
            joined = Joined(self.menus, start, seed, Path(data), chaos, look_up(stubs))
            numbers = tuple(joined.network.numbers)
            joined.network.speed = self.speed
            try:
                yield Stage(joined.network, numbers, PUBLIC_URL, joined.prompts, joined.desk(), joined.node_of)
            finally:
                joined.close()

    def _transport(self) -> HttpApp | WsgiApp:
        here, public = (f"{it.scheme}://{it.netloc}" for it in (urlsplit(self.url), urlsplit(self.voice_url)))
        return WsgiApp(loaded(self.wsgi), public) if self.wsgi else HttpApp(public_url=public, posts_to=here)


def loaded(name: str) -> Any:
    """The WSGI callable that `module:attribute` names; the current folder's modules can be named too."""
    module, _, attribute = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        app = getattr(importlib.import_module(module), attribute or "app")
    except (ImportError, AttributeError) as error:
        raise click.UsageError(f"--wsgi {name}: {error} (write MODULE:APP, such as shop.web:app)") from error
    finally:
        sys.path.pop(0)
    if not callable(app):
        raise click.UsageError(f"--wsgi {name}: this is no WSGI application but a {type(app).__name__}")
    return app


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which app it is about; it gets them as `against`."""

    @click.option(
        "--wsgi",
        default="",
        metavar="MODULE:APP",
        help="The app is this WSGI callable, in this process; a path will do as its URL.",
    )
    @click.option(
        "--public-url",
        default="",
        metavar="URL",
        help="Sign for this address (https://...), but ask the app where it is.",
    )
    @click.option(
        "--token",
        "--auth-token",
        default="",
        envvar=["DIALTREE_AUTH_TOKEN", "TWILIO_AUTH_TOKEN"],
        help="What webhooks to the app are signed with.",
    )
    @click.option("--account", default="", envvar="TWILIO_ACCOUNT_SID", help="The account's SID (default: made up).")
    @click.option(
        "--param",
        "params",
        multiple=True,
        metavar="NAME=VALUE",
        help="State this in the call's webhooks: FromState=CA.",
    )
    @click.option(
        "--carrier-port", default=None, type=click.IntRange(1, 65535), help="Offer the carrier's REST to the app here."
    )
    @click.option(
        "--menus",
        default="menus",
        envvar="DIALTREE_MENUS",
        show_default=True,
        type=click.Path(path_type=Path),
        help="Our own hotline's menus, when no other app is named.",
    )
    @click.option("--seed", default=1, show_default=True, help="The dice: same seed, same call.")
    @click.option(
        "--chaos", default="", metavar="TEXT", help="What goes wrong on purpose: duplicate=0.1,delay=2s..20s."
    )
    @click.option(
        "--speed",
        default=0.0,
        type=click.FloatRange(0, 1000),
        help="Let time pass: 1 as it does, 10 tenfold.",
    )
    @click.option("--fallback", default="", metavar="URL", help="The number's fallback URL; a path will do.")
    @click.option("--status-callback", default="", metavar="URL", help="Who is told when the call is over, likewise.")
    @wraps(command)
    def wrapped(
        url: str,
        wsgi: str,
        public_url: str,
        token: str,
        account: str,
        params: tuple[str, ...],
        carrier_port: int | None,
        menus: Path,
        seed: int,
        chaos: str,
        speed: float,
        fallback: str,
        status_callback: str,
        **rest: Any,
    ) -> Any:
        url = urljoin(WSGI_URL, url) if wsgi and url.startswith("/") else url
        for what in (url, public_url):
            if what and (urlsplit(what).scheme not in ("http", "https") or not urlsplit(what).netloc):
                raise click.UsageError(f'"{what}" is not a web address; write http://HOST or https://HOST')
        try:
            Chaos.read(chaos)
        except ValueError as wrong:
            raise click.UsageError(f"--chaos: {wrong}") from wrong
        known = stated(params)
        against = Against(
            url,
            wsgi,
            public_url,
            token,
            account,
            known,
            menus,
            seed,
            chaos,
            carrier_port or 0,
            speed,
            fallback,
            status_callback,
        )
        return command(against=against, **rest)

    return wrapped


def stated(params: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` each; raises click.UsageError."""
    found = {}
    for each in params:
        name, equals, value = each.partition("=")
        if not equals or not re.fullmatch(r"\w+", name):
            raise click.UsageError(f'--param "{each}": write it NAME=VALUE, such as FromState=CA')
        found[name] = value
    return found
