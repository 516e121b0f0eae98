"""`ivr serve`: the hotline, for a real carrier account or for a simulated one elsewhere."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import click

from ivr.settings import SettingsError, is_loopback, read_settings

CANNOT_RUN = 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="The port to listen at.")
@click.option(
    "--ahead", "ahead_s", default=0, metavar="SECONDS", help="Live so much later than now (on this machine only)."
)
@click.option("--speed", default=1, type=click.IntRange(1, 60), help="Live so many times as fast (likewise).")
def serve(host: str, port: int, ahead_s: int, speed: int) -> None:
    """Serve the hotlines in ./menus to the carrier, and the desk to representatives.

    Three settings in the environment join it to a Twilio account:

    \b
      DIALTREE_ACCOUNT_SID   the account            AC...
      DIALTREE_AUTH_TOKEN    its auth token         (webhooks are checked with it)
      DIALTREE_PUBLIC_URL    where Twilio finds us  https://ivr.example.com

    DIALTREE_MAIL_IN and DIALTREE_MAIL_OUT say where e-mails come from and go to (docs/mail.md).
    Two more let representatives speak in the desk page itself, without a telephone (Console: Account, API keys):

    \b
      DIALTREE_API_KEY_SID      SK...
      DIALTREE_API_KEY_SECRET   shown once, when the key is made

    DIALTREE_SECOND_FACTOR_FROM=supervisor asks supervisors and administrators for a code from their telephone.
    DIALTREE_DATA (./var) is where everything is stored, DIALTREE_MENUS (./menus) where the hotlines are.
    `ivr doctor` says what is wrong with them. Set your number's voice address to PUBLIC_URL/voice, its fallback to
    PUBLIC_URL/voice/fallback and its status callback to PUBLIC_URL/voice/status.
    """
    try:
        settings = read_settings(os.environ)
    except SettingsError as error:
        click.echo("\n".join(error.faults), err=True)
        sys.exit(CANNOT_RUN)
    if (ahead_s or speed > 1) and not is_loopback(urlsplit(settings.public_url).hostname or ""):
        option = "--ahead" if ahead_s else "--speed"
        click.echo(f"{option} is for trying things out on this machine: a real carrier lives in real time", err=True)
        sys.exit(CANNOT_RUN)
    from ivr.accounts import Accounts  # slow to load, and only needed now
    from ivr.codes import Codes
    from ivr.commands.storage import opened, published
    from ivr.web.server import Server

    ahead = timedelta(seconds=ahead_s)
    store = opened(settings.data, lambda: datetime.now(UTC) + ahead)  # what is good for a while is so by this time
    try:
        published(settings.menus, store)
        code = Codes(store, Accounts(store)).for_first_administrator(speed)
    finally:
        store.close()
    told = f"serving {settings.public_url} at {host}:{port}"
    if code:
        told += (
            "\nNobody is administrator yet. Whoever opens this address within 15 minutes, with this code, becomes it:"
            f"\n  {settings.public_url}/code   {code}"
        )
    Server(settings, host, port, lambda: click.echo(told), ahead, speed).run()
