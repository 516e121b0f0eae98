"""ivr doctor: everything that keeps calls from being answered, each with what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import click

from ivr.menu.hotline import examine_folder
from ivr.settings import TWILIO, Settings, SettingsError, data_folder, menus_folder, read_settings
from ivr.wire import Carrier, CarrierError
from routing.store import open_engine

PYTHON_MIN = (3, 11)
DISK_FREE_MIN_MB = 500
ANSWER_TIMEOUT_S = 15  # what Twilio waits for an answer


class Grade(StrEnum):
    """How bad it is: calls are answered, with something amiss, or not."""

    FINE = "fine"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found, and what to do about it."""

    grade: Grade
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.grade + ':':<9}{self.what}" + (f"; {self.remedy}" if self.remedy else "")


@click.command()
def doctor() -> None:
    """Say what is wrong with this installation, and what to do.

    Looks at Python, the settings, the data folder, the database, the menus, whether this program is reached under its
    public address, and whether the carrier knows the account and sends its calls here. Changes nothing.

    Exit code: 0 calls can be answered, 1 something is wrong.
    """
    wrong = 0
    for finding in examine(os.environ):
        click.echo(finding)
        wrong += finding.grade is Grade.WRONG
    if wrong:
        raise SystemExit(1)


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Everything there is to say about the installation that `environment` describes."""
    yield from _python()
    yield from _data(data_folder(environment))
    yield from _database(data_folder(environment))
    numbers: dict[str, str] = {}
    yield from _menus(menus_folder(environment), numbers)
    try:
        settings = read_settings(environment)
    except SettingsError as error:
        for fault in error.faults:
            what, _, remedy = fault.partition(" (")
            yield Finding(Grade.WRONG, what, remedy.removesuffix(")"))
        yield Finding(Grade.WARNING, "the account was not looked at", "set these first; `ivr demo` works without them")
        return
    yield Finding(Grade.FINE, "the settings are complete")
    yield from _token(settings)
    yield from _speaking(settings)
    yield from _public_url(settings)
    yield from _account(settings, numbers)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON_MIN:
        yield Finding(Grade.WRONG, f"Python {version} is too old", "use 3.11 or newer")
    else:
        yield Finding(Grade.FINE, f"Python {version}")


def _data(folder: Path) -> Iterator[Finding]:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        yield Finding(
            Grade.WRONG,
            f"nothing can be written in {folder}: {error.strerror}",
            "set DIALTREE_DATA to a folder of its own",
        )
        return
    free_mb = shutil.disk_usage(there).free // 1_000_000
    if free_mb < DISK_FREE_MIN_MB:
        yield Finding(Grade.WARNING, f"only {free_mb} MB are free in {folder}", "make room before messages are lost")
    else:
        yield Finding(
            Grade.FINE, f"the data folder {folder} can be written" + ("" if there == folder else " (it will be made)")
        )


def _database(folder: Path) -> Iterator[Finding]:
    file = folder / "dialtree.db"
    if not file.exists():
        yield Finding(Grade.FINE, "there is no database yet: the first start makes it")
        return
    engine = open_engine(f"sqlite:///{file}").execution_options(read_only=True)
    try:
        with engine.connect() as connection:
            state = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    except Exception as error:
        state = type(error).__name__
    finally:
        engine.dispose()
    if state == "ok":
        yield Finding(Grade.FINE, "the database opens and is whole")
    else:
        yield Finding(
            Grade.WRONG, f"the database {file} cannot be used: {state}", "put it aside and restore the latest copy"
        )


def _menus(folder: Path, numbers: dict[str, str]) -> Iterator[Finding]:
    """What there is to say about each hotline; their numbers are added to `numbers`, with the hotline's name."""
    hotlines = sorted({path.parent for path in folder.glob("*/*.yaml")})
    if not hotlines:
        yield Finding(
            Grade.WRONG, f"there is no hotline below {folder}", "set DIALTREE_MENUS to the folder that holds them"
        )
    for hotline in hotlines:
        examined = examine_folder(hotline)
        errors = sum(fault.severity == "error" for fault in examined.faults)
        if examined.tree is None:
            yield Finding(Grade.WRONG, f"the hotline {hotline} has {errors} faults", f"see `ivr check {hotline}`")
        else:
            numbers.update(dict.fromkeys(examined.tree.numbers, hotline.name))
            yield Finding(Grade.FINE, f"the hotline {hotline} can be used")


def _token(settings: Settings) -> Iterator[Finding]:
    token = settings.auth_token
    if settings.carrier_url == TWILIO and (len(token) != 32 or not set(token) <= set("0123456789abcdef")):
        yield Finding(
            Grade.WARNING, "DIALTREE_AUTH_TOKEN does not look like one of Twilio's", "it has 32 hexadecimal digits"
        )
    if settings.token_old:
        yield Finding(
            Grade.WARNING,
            "the old token is still believed",
            "take DIALTREE_TOKEN_OLD away once the carrier uses the new one",
        )


def _speaking(settings: Settings) -> Iterator[Finding]:
    """Whether a call reaches those who speak in the desk page."""
    if settings.simulated:
        return
    if settings.api_key:
        yield Finding(Grade.FINE, "representatives can speak in the desk page")
    else:
        yield Finding(
            Grade.WARNING,
            "no call reaches representatives without a telephone of their own",
            "set DIALTREE_API_KEY_SID and DIALTREE_API_KEY_SECRET, or `ivr agent add NAME --phone +49...`",
        )


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: a webhook that is sent elsewhere arrives with a signature that no longer fits."""

    def redirect_request(self, *_: object) -> None:
        return None


def _public_url(settings: Settings) -> Iterator[Finding]:
    url = f"{settings.public_url}/voice"
    status, why = _status(url)
    if status == 403:  # an unsigned call is turned away, by nobody but this program in such few words
        yield Finding(Grade.FINE, f"this program answers under {settings.public_url}")
    elif status is None:
        yield Finding(
            Grade.WRONG,
            f"{url} cannot be reached: {why}",
            "start the program with `ivr serve` and check name, port and certificate",
        )
    elif 300 <= status < 400:
        yield Finding(
            Grade.WRONG, f"{url} sends on to another address", "set DIALTREE_PUBLIC_URL to the address it ends at"
        )
    elif status >= 500:
        yield Finding(
            Grade.WRONG, f"{url} answers {status}", "start the program with `ivr serve`, or see what its log says"
        )
    else:
        yield Finding(
            Grade.WRONG,
            f"{url} answers {status}, which is not this program",
            "let the web server pass /voice on to `ivr serve`",
        )


def _status(url: str) -> tuple[int | None, str]:
    """How `url` answers an unsigned webhook: its HTTP status, or None and why there is none."""
    try:
        request = Request(url, data=b"", method="POST")  # noqa: S310 - the settings allow http and https only
        with build_opener(_StayHere).open(request, timeout=ANSWER_TIMEOUT_S) as answer:
            return answer.status, ""
    except HTTPError as answer:
        with answer:
            return answer.code, ""
    except URLError as error:
        return None, str(error.reason)
    except OSError as error:
        return None, str(error)


def _account(settings: Settings, numbers: Mapping[str, str]) -> Iterator[Finding]:
    base_url = None if settings.carrier_url == TWILIO else settings.carrier_url
    try:
        seen = Carrier(settings.account_sid, settings.auth_token, base_url).look()
    except CarrierError as error:
        yield Finding(
            Grade.WRONG,
            str(error),
            "check DIALTREE_ACCOUNT_SID and DIALTREE_AUTH_TOKEN, and that this machine gets out",
        )
        return
    status = seen["account"]["status"]
    if status == "active":
        yield Finding(Grade.FINE, "the carrier knows the account and the token")
    else:
        yield Finding(
            Grade.WRONG, f"the carrier says that the account is {status}", "open it again in the carrier's console"
        )
    for number, hotline in sorted(numbers.items()):
        yield from _number(settings, number, hotline, seen)


def _number(settings: Settings, number: str, hotline: str, seen: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    wanted, fallback = f"{settings.public_url}/voice", f"{settings.public_url}/voice/fallback"
    here = seen["numbers"].get(number)
    if here is None:
        yield Finding(
            Grade.WARNING, f"{number} of {hotline} is no number of this account", "buy it, or take it out of the menu"
        )
    elif here != wanted:
        yield Finding(
            Grade.WRONG, f"calls to {number} go to {here or 'nowhere'}", f"set its voice webhook to {wanted}, POST"
        )
    elif seen["fallbacks"].get(number) != fallback:
        yield Finding(
            Grade.WARNING,
            f"{number} has no fallback here",
            f"set its fallback to {fallback}: it works without the database",
        )
    else:
        yield Finding(Grade.FINE, f"calls to {number} come here")
