"""Settings: what must be known before the first call, read from the environment and nowhere else."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ivr.keeping import Keeping, read_keeping
from ivr.mail_settings import MailSettings, read_mail_settings
from ivr.role import PERSONS, Role

DATABASE = "dialtree.db"
"""The file below the data folder that everything is kept in."""
TWILIO = "https://api.twilio.com"
TOKEN_LENGTH_MIN = 16
_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_API_KEY = re.compile(r"SK[0-9a-f]{32}")


class SettingsError(ValueError):
    """The settings cannot be used; `faults` are all that is wrong with them, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of the carrier's by which we let browsers speak (Console: Account, API keys; a standard key)."""

    sid: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation: its account with the carrier, its address, its folders.

    `public_url` and `carrier_url` end without a slash. `token_old` is still believed while tokens are being exchanged.
    `simulated` says that the carrier is played on this machine and that nobody is really called.
    `totp_from`: whoever has this role, or a higher one, must come in with a second factor.
    `api_key`: with it representatives can speak by browser. `phone_url`: where a carrier on this machine has telephones
    for browsers instead; ends without a slash, empty: it has none.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    data: Path
    menus: Path = Path("menus")
    carrier_url: str = TWILIO
    token_old: str | None = field(default=None, repr=False)
    simulated: bool = False
    totp_from: Role | None = None
    api_key: ApiKey | None = None
    phone_url: str = ""
    mail: MailSettings = field(default_factory=MailSettings)
    keeping: Keeping = field(default_factory=Keeping)

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens a webhook may be signed with, the one in force first."""
        return (self.auth_token, self.token_old) if self.token_old else (self.auth_token,)

    @property
    def secure(self) -> bool:
        """Whether browsers and the carrier reach us over https."""
        return self.public_url.startswith("https:")

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.data / DATABASE}"

    @property
    def sounds(self) -> Path:
        """Where music and tones lie that the program made itself; may be thrown away."""
        return self.data / "sounds"

    @property
    def recordings(self) -> Path:
        """Where callers' messages are kept."""
        return recordings_folder(self.data)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`; SettingsError names everything that is wrong with them at once."""
    faults: list[str] = []
    carrier_url = _url(environment, "DIALTREE_CARRIER_URL", faults, TWILIO)
    settings = Settings(
        account_sid=_account(environment, faults, carrier_url),
        auth_token=_token(environment, "DIALTREE_AUTH_TOKEN", faults) or "",
        token_old=_token(environment, "DIALTREE_TOKEN_OLD", faults, needed=False),
        public_url=_url(environment, "DIALTREE_PUBLIC_URL", faults),
        carrier_url=carrier_url,
        data=data_folder(environment),
        menus=menus_folder(environment),
        totp_from=_role(environment, "DIALTREE_SECOND_FACTOR_FROM", faults),
        api_key=_api_key(environment, faults, carrier_url),
        phone_url=_phone_url(environment, faults),
        mail=read_mail_settings(environment, faults),
        keeping=read_keeping(environment, faults),
        simulated=not faults and is_loopback(urlsplit(carrier_url).hostname or ""),
    )
    if faults:
        raise SettingsError(faults)
    return settings


def data_folder(environment: Mapping[str, str]) -> Path:
    """Where everything is stored: DIALTREE_DATA, or `var` in the current folder."""
    return Path(environment.get("DIALTREE_DATA") or "var").absolute()


def recordings_folder(data: Path) -> Path:
    """Where messages and conversations lie."""
    return data / "recordings"


def came_by_mail(data: Path) -> Path:
    """The Maildir in which `ivr mail` puts e-mails for the hotline; always looked into."""
    return data / "mail" / "in"


def went_by_mail(data: Path) -> Path:
    """The Maildir in which `ivr run` puts what it answers by e-mail."""
    return data / "mail" / "out"


def menus_folder(environment: Mapping[str, str]) -> Path:
    """Where the hotlines lie, one folder each: DIALTREE_MENUS, or `menus` in the current folder."""
    return Path(environment.get("DIALTREE_MENUS") or "menus")


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _account(environment: Mapping[str, str], faults: list[str], carrier_url: str) -> str:
    account = environment.get("DIALTREE_ACCOUNT_SID", "")
    if not account:
        faults.append("DIALTREE_ACCOUNT_SID is not set (the Account SID on the first page of the carrier's console)")
    elif carrier_url == TWILIO and not _ACCOUNT.fullmatch(account):
        faults.append("DIALTREE_ACCOUNT_SID does not look like one of Twilio's (AC and 32 hexadecimal digits)")
    elif not account.isascii() or not account.isprintable() or " " in account:
        faults.append("DIALTREE_ACCOUNT_SID has blanks or odd characters in it (copy it again, without quotes)")
    return account


def _token(environment: Mapping[str, str], name: str, faults: list[str], needed: bool = True) -> str | None:
    token = environment.get(name, "")
    if not token:
        if needed:
            faults.append(f"{name} is not set (the Auth Token on the first page of the carrier's console)")
        return None
    if not token.isascii() or not token.isprintable() or " " in token:
        faults.append(f"{name} has blanks or odd characters in it (copy it again, without quotes)")
    elif len(token) < TOKEN_LENGTH_MIN:
        faults.append(f"{name} is too short to keep anybody out (at least {TOKEN_LENGTH_MIN} characters)")
    return token


def _api_key(environment: Mapping[str, str], faults: list[str], carrier_url: str) -> ApiKey | None:
    """Both halves of the key, or none."""
    sid, secret = environment.get("DIALTREE_API_KEY_SID", ""), environment.get("DIALTREE_API_KEY_SECRET", "")
    if not sid and not secret:
        return None
    where = "(in the carrier's console below Account, API keys)"
    if not sid or not secret:
        missing = "DIALTREE_API_KEY_SECRET" if sid else "DIALTREE_API_KEY_SID"
        faults.append(f"{missing} is not set, and one half of a key opens nothing {where}")
    elif carrier_url == TWILIO and not _API_KEY.fullmatch(sid):
        faults.append(f"DIALTREE_API_KEY_SID does not look like one of Twilio's: SK and 32 hexadecimal digits {where}")
    elif len(secret) < TOKEN_LENGTH_MIN or not secret.isascii() or not secret.isprintable() or " " in secret:
        faults.append(f"DIALTREE_API_KEY_SECRET is too short or has odd characters in it {where}")
    return ApiKey(sid, secret)


def _phone_url(environment: Mapping[str, str], faults: list[str]) -> str:
    """Only of this machine: representatives' pages talk to it."""
    if not environment.get("DIALTREE_PHONE_URL"):
        return ""
    url = _url(environment, "DIALTREE_PHONE_URL", faults)
    try:
        here = is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return ""  # said already
    if not here:
        faults.append("DIALTREE_PHONE_URL must be of this machine (`ivr run` sets it; a real carrier needs none)")
    return url


def _role(environment: Mapping[str, str], name: str, faults: list[str]) -> Role | None:
    text = environment.get(name, "")
    if text and text not in PERSONS:
        faults.append(f"{name} names no role (there are: {', '.join(PERSONS)})")
    return Role(text) if text in PERSONS else None


def _url(environment: Mapping[str, str], name: str, faults: list[str], default: str | None = None) -> str:
    text = environment.get(name, "") or default or ""
    if not text:
        faults.append(f"{name} is not set (where the carrier reaches this program: https://ivr.example.com)")
        return ""
    fault = _url_fault(text)
    if fault:
        faults.append(f"{name} {fault}")
    return text.rstrip("/")


def _url_fault(text: str) -> str | None:
    try:
        url: SplitResult = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:
        return "is no web address (right would be https://ivr.example.com)"
    written = text.startswith(("https://", "http://")) and text.isascii() and text.isprintable() and " " not in text
    if not written or not host:
        return "is no web address (right would be https://ivr.example.com)"
    if url.username or url.password or url.query or url.fragment:
        return "must be an address alone, without user, `?` or `#` (right would be https://ivr.example.com)"
    if url.scheme == "http" and not is_loopback(host):
        return "must begin with https: calls carry what people typed (http is for this machine alone)"
    return None
