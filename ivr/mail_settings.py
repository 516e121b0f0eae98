"""Mail settings: where e-mails come from and go to, read from the environment; passwords stand nowhere else."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

IN, OUT = "DIALTREE_MAIL_IN", "DIALTREE_MAIL_OUT"
IN_PASSWORD, OUT_PASSWORD = f"{IN}_PASSWORD", f"{OUT}_PASSWORD"
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
RIGHT = {
    IN: "imaps://service%40acme.example@imap.acme.example/INBOX, or maildir:/var/mail/service",
    OUT: "smtp://service%40acme.example@smtp.acme.example:587, or maildir:/tmp/sent",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A mail server, or a folder (`scheme` maildir, a Maildir). `box` is a mailbox of a server."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str | None = None
    box: str = "INBOX"
    folder: Path = Path()

    @property
    def here(self) -> bool:
        """Whether it can only be this machine: then nothing need be encrypted."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where e-mails are fetched from and how ours go out; None: not at all."""

    incoming: Place | None = None
    outgoing: Place | None = None
    incoming_password: str | None = field(default=None, repr=False)
    outgoing_password: str | None = field(default=None, repr=False)


def read_mail_settings(environment: Mapping[str, str], faults: list[str]) -> MailSettings:
    """The settings in `environment`; what is wrong with them is added to `faults`, a sentence each."""
    return MailSettings(
        _place(environment, IN, ("imaps", "imap"), faults),
        _place(environment, OUT, ("smtps", "smtp"), faults),
        environment.get(IN_PASSWORD) or None,
        environment.get(OUT_PASSWORD) or None,
    )


def _place(environment: Mapping[str, str], name: str, schemes: tuple[str, ...], faults: list[str]) -> Place | None:
    written = environment.get(name, "")
    if not written:
        return None
    if written.startswith("maildir:") and len(written) > len("maildir:"):
        return Place("maildir", folder=Path(written.removeprefix("maildir:")).absolute())
    try:
        url = urlsplit(written)
        host, port = url.hostname, url.port
    except ValueError:
        host, port, url = None, None, urlsplit("")
    if url.scheme not in schemes or not host or not written.isprintable():
        faults.append(f"{name} is no place for e-mails (right would be {RIGHT[name]})")
        return None
    if url.password is not None:
        faults.append(f"{name} must not hold the password (it belongs into {name}_PASSWORD)")
        return None
    user = unquote(url.username) if url.username else None
    place = Place(url.scheme, host, port or PORTS[url.scheme], user, unquote(url.path.strip("/")) or "INBOX")
    if url.scheme == "imap" and not place.here:
        faults.append(f"{name} must begin with imaps: (imap, which is not encrypted, is for this machine alone)")
        return None
    return place
