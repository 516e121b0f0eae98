"""Against: which app a simulated call is made to - our own hotline, any URL, or a WSGI callable - and its network."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

import click

from ivr.commands.app_options import OPTIONS, answered, stated
from ivr.commands.carrier_door import CarrierDoor
from ivr.simulator.chaos import Chaos
from ivr.simulator.desk_client import Desk
from ivr.simulator.network import Network
from ivr.simulator.script.hearing import Prompts
from ivr.simulator.script.steps import Ask, Stub
from ivr.simulator.transport import FetchFailed, HttpApp, WsgiApp
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.menu.tree import Tree

WSGI_URL = "https://app.example/"
FORM = "application/x-www-form-urlencoded"
REST_URL = "https://api.twilio.com"
KEY_NAMES = (("TWILIO_API_KEY", "TWILIO_API_KEY_SID"), ("TWILIO_API_SECRET", "TWILIO_API_KEY_SECRET"))
"""What apps call the variables of their API key, and of its secret: they log in to REST here as they do there."""


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
    method: str = "POST"  # of the requests when a number rings
    numbers: Mapping[str, str] = field(default_factory=dict)  # what answers others than the one that is called

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
        self._give_numbers(network, number)
        key, secret = (next(filter(None, map(os.environ.get, names)), "") for names in KEY_NAMES)
        if key and secret:
            network.key(key, secret)
        if door is None:
            yield Stage(network, tuple(network.numbers), self.voice_url)
            return
        door.network = network
        try:
            yield Stage(network, tuple(network.numbers), self.voice_url)
        finally:
            door.network = None

    def _give_numbers(self, network: Network, called: str) -> None:
        beside = [urljoin(self.voice_url, each) if each else None for each in (self.fallback, self.status_callback)]
        for number, url in {called: self.voice_url, **self.numbers}.items():
            network.number(number, url, *beside).voice = Request(url, self.method)

    @property
    def voice_url(self) -> str:
        """What is asked and signed when the number rings."""
        return _public(self.url, self.public_url)

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
    except (ImportError, AttributeError, TypeError) as error:
        raise click.UsageError(f"--wsgi {name}: {error} (write MODULE:APP, such as shop.web:app)") from error
    except Exception as error:  # whatever the app's own module raises
        raise click.UsageError(
            f"--wsgi {name}: your app cannot be imported: {type(error).__name__}: {error}"
        ) from error
    finally:
        sys.path.pop(0)
    if not callable(app):
        raise click.UsageError(f"--wsgi {name}: this is no WSGI application but a {type(app).__name__}")
    return app


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which app it is about; it gets them as `against`."""

    @wraps(command)
    def wrapped(**given: Any) -> Any:
        said = {each.name: given.pop(each.name) for each in fields(Against)}
        return command(against=_against(said), **given)

    for option in reversed(OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _against(said: dict[str, Any]) -> Against:
    """What was said, checked; raises click.UsageError."""
    if said["wsgi"] and said["url"].startswith("/"):
        said["url"] = urljoin(WSGI_URL, said["url"])
    for what in (said["url"], said["public_url"]):
        if what and (urlsplit(what).scheme not in ("http", "https") or not urlsplit(what).netloc):
            raise click.UsageError(f'"{what}" is not a web address; write http://HOST or https://HOST')
    try:
        Chaos.read(said["chaos"])
    except ValueError as wrong:
        raise click.UsageError(f"--chaos: {wrong}") from wrong
    said["numbers"] = answered(said["numbers"], _public(said["url"], said["public_url"]))
    return Against(**said | {"params": stated(said["params"]), "carrier_port": said["carrier_port"] or 0})


def _public(url: str, public_url: str) -> str:
    """`url`, as the app believes it to be."""
    return urljoin(public_url, urlsplit(url)._replace(scheme="", netloc="").geturl()) if public_url else url or WSGI_URL
