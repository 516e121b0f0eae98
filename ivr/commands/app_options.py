"""App options: what every command that plays calls is told of the app, its number and the carrier."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

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
