"""`ivr mail`: hand an e-mail to the hotline - from a mail server, or made up to try it - and read what was answered."""

from __future__ import annotations

import mailbox
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path
from typing import BinaryIO

import click

from ivr.commands.storage import Unusable
from ivr.mail_letter import ADDRESS_LENGTH_MAX, LETTER_BYTES_MAX, address_of, line, read_letter
from ivr.menu.fault import MenuError
from ivr.menu.hotline import hotline_folders, read_hotline
from ivr.settings import came_by_mail, data_folder, menus_folder, went_by_mail

TRY_AGAIN = 75
"""What mail servers understand as "not now, try again" (EX_TEMPFAIL of sysexits.h)."""

SHOWN_MAX = 10
EXAMPLE = """\
Good morning,

the kettle I ordered from you came with a broken lid. My order number is 47110815.
Please tell me how I can get a new one.

Erika Muster
"""


@click.group()
def mail() -> None:
    """Hand e-mails to the hotline, and read what was answered.

    `ivr serve` and `ivr run` take in what lies there within five seconds. docs/mail.md tells the rest.
    """


@mail.command()
@click.argument("letter", type=click.File("rb"), default="-")
def take(letter: BinaryIO) -> None:
    """Hand over one e-mail as a mail server has it: LETTER is a file, or - for what is piped in.

    Exit code 75: it could not be kept, try again.
    """
    raw = letter.read(LETTER_BYTES_MAX + 1)
    if not raw.strip():
        raise click.UsageError("there is no e-mail in it")
    if len(raw) > LETTER_BYTES_MAX:
        raise click.UsageError(f"it is larger than {LETTER_BYTES_MAX} bytes")
    try:
        _put(raw)
    except OSError as error:
        click.echo(f"it cannot be kept: {error}", err=True)
        sys.exit(TRY_AGAIN)


@mail.command()
@click.option(
    "--from", "sender", default="Erika Muster <erika@customer.example>", show_default=True, help="Who writes."
)
@click.option("--to", default=None, help="One of the hotline's addresses.  [default: the first one]")
@click.option("--subject", default="A broken lid", show_default=True, help="The subject; a case's number joins it.")
@click.argument("text", default=EXAMPLE)
def write(sender: str, to: str | None, subject: str, text: str) -> None:
    """Write to the hotline as a customer would; TEXT is what you write."""
    made = EmailMessage(policy=policy.default)
    name, _, bare = sender.rpartition("<")
    address = address_of(bare.rstrip("> "))
    if address is None or len(address) > ADDRESS_LENGTH_MAX:
        raise click.BadParameter(
            "this is no e-mail address (right would be erika@customer.example)", param_hint="--from"
        )
    made["From"] = f'"{line(name, 60).replace(chr(34), "")}" <{address}>' if name.strip() else address
    made["To"] = to or _first_address()
    made["Subject"] = line(subject, 200)
    made["Date"] = localtime()
    made["Message-ID"] = f"<{uuid.uuid4().hex}@{address.partition('@')[2]}>"
    made.set_content(text)
    with _said():
        _put(made.as_bytes())
    click.echo(f"written to {made['To']}; whoever is ready at the desk and can take it is asked next")


@mail.command()
def read() -> None:
    """Show what was answered, where it goes into a folder (as `ivr run` has it)."""
    folder = went_by_mail(data_folder(os.environ)) / "new"
    with _said():
        there = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime) if folder.is_dir() else []
        if not there:
            click.echo("nothing was answered yet")
        for path in there[-SHOWN_MAX:]:
            raw = path.read_bytes()
            letter = read_letter(raw)
            click.echo(
                f"From: {letter.sender}\nTo: {', '.join(letter.to)}\nSubject: {letter.subject}\n\n{letter.text}\n"
            )


def _put(raw: bytes) -> None:
    """Into the folder that the hotline looks into; whole, or not at all."""
    folder = came_by_mail(data_folder(os.environ))
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mailbox.Maildir(folder, create=True).add(raw)


def _first_address() -> str:
    try:
        for folder in hotline_folders(Path(menus_folder(os.environ))):
            for address in read_hotline(folder).mail:
                return address
    except (MenuError, OSError) as error:
        raise Unusable(str(error)) from error
    raise Unusable("no hotline has an e-mail address: `mail:` in its files gives it one (docs/mail.md)")


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unusable(f"the folder for e-mails cannot be used: {error}") from error
