"""App options: what every command that plays calls is told of the app, its number and the carrier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import click

OPTIONS = (
    click.option(
        "--wsgi",
        default="",
        metavar="MODULE:APP",
        help="The app is this WSGI callable, in this process; a path will do as its URL.",
    ),
    click.option(
        "--public-url",
        default="",
        metavar="URL",
        help="Sign for this address (https://...), but ask the app where it is.",
    ),
    click.option(
        "--token",
        "--auth-token",
        default="",
        envvar=["DIALTREE_AUTH_TOKEN", "TWILIO_AUTH_TOKEN"],
        help="What webhooks to the app are signed with.",
    ),
    click.option("--account", default="", envvar="TWILIO_ACCOUNT_SID", help="The account's SID (default: made up)."),
    click.option(
        "--param",
        "params",
        multiple=True,
        metavar="NAME=VALUE",
        help="State this in the call's webhooks: FromState=CA.",
    ),
    click.option(
        "--carrier-port", default=None, type=click.IntRange(1, 65535), help="Offer the carrier's REST to the app here."
    ),
    click.option(
        "--menus",
        default="menus",
        envvar="DIALTREE_MENUS",
        show_default=True,
        type=click.Path(path_type=Path),
        help="Our own hotline's menus, when no other app is named.",
    ),
    click.option("--seed", default=1, show_default=True, help="The dice: same seed, same call."),
    click.option(
        "--chaos", default="", metavar="TEXT", help="What goes wrong on purpose: duplicate=0.1,delay=2s..20s."
    ),
    click.option(
        "--speed",
        default=0.0,
        type=click.FloatRange(0, 1000),
        help="Let time pass: 1 as it does, 10 tenfold.",
    ),
    click.option(
        "--method", type=click.Choice(["POST", "GET"]), default="POST", help="How the app is asked when a number rings."
    ),
    click.option(
        "--number",
        "numbers",
        multiple=True,
        metavar="NUMBER=URL",
        help="One more number, answered by another URL (a path will do). Several may be given.",
    ),
    click.option("--fallback", default="", metavar="URL", help="The number's fallback URL; a path will do."),
    click.option("--status-callback", default="", metavar="URL", help="Who is told when the call is over, likewise."),
)


def stated(params: Sequence[str]) -> dict[str, str]:
    """`NAME=VALUE` each; raises click.UsageError."""
    found = {}
    for each in params:
        name, equals, value = each.partition("=")
        if not equals or not re.fullmatch(r"\w+", name):
            raise click.UsageError(f'--param "{each}": write it NAME=VALUE, such as FromState=CA')
        found[name] = value
    return found


def answered(numbers: Sequence[str], url: str) -> dict[str, str]:
    """`NUMBER=URL` each, URLs relative to the app's `url`; raises click.UsageError."""
    found = {}
    for each in numbers:
        number, _, where = each.partition("=")
        there = urljoin(url, where) if where.startswith("/") else where
        if not re.fullmatch(r"\+[0-9]+", number) or urlsplit(there).scheme not in ("http", "https"):
            raise click.UsageError(
                f'--number "{each}": write it NUMBER=URL, such as +18005550143=http://localhost:3000/other'
            )
        found[number] = there
    return found
