"""Against: which app a simulated call is made to - our own hotline, any URL, or a WSGI callable - and its network."""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from ivr.simulator.desk_client import Desk
from ivr.simulator.network import Network
from ivr.simulator.script.hearing import Prompts
from ivr.simulator.transport import HttpApp, WsgiApp

WSGI_URL = "https://app.example/"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a call is played on: its network, and what our own hotline has besides (None for other apps)."""

    network: Network
    numbers: tuple[str, ...]
    prompts: Prompts | None = None
    desk: Desk | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """The app that calls are made to; neither `url` nor `wsgi` means our own hotline in `menus`."""

    url: str
    wsgi: str
    posts_to: str
    auth_token: str
    menus: Path
    seed: int

    @property
    def own(self) -> bool:
        """It is our own hotline."""
        return not self.url and not self.wsgi

    @contextmanager
    def stage(self, start: datetime, called: str) -> Iterator[Stage]:
        """A fresh network at `start` on which `called` leads to the app; other apps get whatever number is called."""
        if self.own:
            with self._own(start) as stage:
                yield stage
            return
        network = Network(start, seed=self.seed, auth_token=self.auth_token or None, app=self._transport())
        network.number(called, self.url or WSGI_URL)
        yield Stage(network, (called,))

    @contextmanager
    def _own(self, start: datetime) -> Iterator[Stage]:
        from ivr.commands.joined import Joined  # slow to import, and of no use to calls of other apps

        with tempfile.TemporaryDirectory(prefix="dialtree-") as data:
            joined = Joined(self.menus, start, self.seed, Path(data))
            try:
                yield Stage(joined.network, tuple(joined.network.numbers), joined.prompts, joined.desk())
            finally:
                joined.close()

    def _transport(self) -> HttpApp | WsgiApp:
        if self.wsgi:
            return WsgiApp(loaded(self.wsgi), self.url)
        parts = urlsplit(self.url)
        return HttpApp(public_url=f"{parts.scheme}://{parts.netloc}", posts_to=self.posts_to)


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

    @click.option("--wsgi", default="", metavar="MODULE:APP", help="The app is this WSGI callable, in this process.")
    @click.option("--posts-to", default="", metavar="URL", help="Sign for the app's URL, but send to this one.")
    @click.option(
        "--auth-token", default="", envvar="DIALTREE_AUTH_TOKEN", help="What webhooks to the app are signed with."
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
    @wraps(command)
    def wrapped(url: str, wsgi: str, posts_to: str, auth_token: str, menus: Path, seed: int, **rest: Any) -> Any:
        if url and urlsplit(url).scheme not in ("http", "https"):
            raise click.UsageError(f'"{url}" is not a web address; write http:// or https:// before it')
        return command(against=Against(url, wsgi, posts_to, auth_token, menus, seed), **rest)

    return wrapped
