"""ivr phone: a telephone in the browser for our own hotline or any TwiML app; several windows call each other."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime

import click

from ivr.commands.against import Against, Stage, options
from ivr.commands.call import CALLED
from ivr.commands.carrier_door import CarrierDoor
from ivr.commands.telephone import HOST, PAGE, show, telephone
from ivr.simulator.chaos import Chaos

PORT = 8081
COULD_NOT_RUN = 2


@click.command()
@click.argument("url", default="")
@options
@click.option("--to", "called", default=CALLED, show_default=True, metavar="NUMBER", help="What URL answers.")
@click.option("--no-browser", is_flag=True, help="Only say where the telephone is.")
@click.option("--show-token", is_flag=True, help="Show the auth token that you gave, too.")
@click.pass_context
def phone(context: click.Context, against: Against, called: str, no_browser: bool, show_token: bool) -> None:
    """Open a telephone in the browser; the TwiML app at URL answers it, in real time, or our own hotline does.

    Press keys with the mouse or the keyboard, hear the prompts, leave a message with your microphone. Open the page in
    a second window to be somebody else: whoever the app calls there rings, and the two windows hear each other. Other
    programs reach the carrier's REST at the address that is told. Without URL it is ivr run: our hotline and its desk.
    Everything stays on this machine. Ctrl-C ends it.
    """
    port = against.carrier_port or PORT
    if against.own:
        from ivr.commands.run import run  # slow to import, and of no use to calls of other apps

        os.environ["DIALTREE_MENUS"] = str(against.menus)  # read by ivr run, and by the hotline that it starts
        context.invoke(run, carrier_port=port, open_browser=not no_browser, chaos=Chaos.read(against.chaos))
        return
    against = replace(against, speed=against.speed or 1.0)
    try:
        with against.stage(datetime.now(UTC), called, door=CarrierDoor(port)) as stage:
            _serve(stage, against, port, not no_browser, show_token)
    except (LookupError, ValueError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT_RUN)


def _serve(stage: Stage, against: Against, port: int, open_browser: bool, show_token: bool) -> None:
    network = stage.network
    with telephone(network, list(network.numbers), port, params=against.params):
        click.echo(_where(f"http://{HOST}:{port}{PAGE}/", stage, against, show_token))
        if open_browser:
            show(port)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("\nstopping")


def _where(address: str, stage: Stage, against: Against, show_token: bool) -> str:
    network = stage.network
    answers = [f"{number.e164} is answered by {number.voice.url}" for number in network.numbers.values()]
    asked = f"\n               (asked at {against.url})" if against.public_url else ""
    # A token of somebody's account stays off the screen; one that was made up for this telephone must be told.
    hidden = against.token and not show_token
    token = "the one you gave (--show-token shows it)" if hidden else network.auth_token
    return (
        f"\n  Telephone:   {address}\n"
        f"  Numbers:     {(chr(10) + ' ' * 15).join(answers)}{asked}\n"
        f"  REST:        {network.rest_url}\n"
        f"               account {network.account_sid}   token {token}\n\n"
        "  Dial; open the page once more to be whoever your app calls. Ctrl-C ends it.\n"
    )
