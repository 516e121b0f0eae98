"""Mail server: how an e-mail of ours leaves this machine - to a server by SMTP, or into a folder to be looked at."""

from __future__ import annotations

import mailbox
import smtplib
import ssl
from dataclasses import dataclass, field
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from ivr.mail_sent import MailSent
from ivr.mail_settings import MailSettings, Place

TIMEOUT_S = 20.0


class NotSent(Exception):
    """Nobody took it; says why, without whom it was for. `for_good`: nobody ever will."""

    def __init__(self, why: str, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class MailServer:
    """Sends; NotSent where nobody takes it."""

    settings: MailSettings = field(repr=False)

    def send(self, mail: MailSent, name: str) -> None:
        """Send one e-mail in the name of a company."""
        place = self.settings.outgoing
        if place is None:
            raise NotSent("DIALTREE_MAIL_OUT is not set")
        try:
            letter = composed(mail, name)
        except (ValueError, TypeError) as error:  # a header that cannot be written: no server is asked
            raise NotSent(f"it cannot be written: {type(error).__name__}", for_good=True) from error
        if place.scheme == "maildir":
            _put(place.folder, letter)
        else:
            _smtp(place, self.settings.outgoing_password, letter, mail)


def composed(mail: MailSent, name: str) -> EmailMessage:
    """The e-mail as it goes out: one sender, one recipient, one subject, and where it stands in its conversation."""
    letter = EmailMessage(policy=policy.SMTP)
    letter["From"] = _address(mail.sender, name)
    letter["To"] = _address(mail.recipient)
    letter["Subject"] = " ".join(mail.subject.split())
    letter["Date"] = format_datetime(mail.made_at)
    letter["Message-ID"] = mail.message_id
    answers = mail.answers.split()
    if answers:
        letter["In-Reply-To"] = answers[-1]
        letter["References"] = " ".join(answers)
    if mail.automatic:  # RFC 3834: whoever answers programs does not answer this
        letter["Auto-Submitted"] = "auto-replied"
        letter["X-Auto-Response-Suppress"] = "All"
    letter.set_content(mail.body)
    return letter


def _address(written: str, name: str = "") -> Address:
    user, _, domain = written.rpartition("@")
    return Address(" ".join(name.split()), user, domain)


def _put(folder: Path, letter: EmailMessage) -> None:
    try:
        box = mailbox.Maildir(folder, create=True)
        box.add(letter.as_bytes(policy=policy.default))
    except OSError as error:
        raise NotSent(f"the folder cannot be written: {type(error).__name__}") from error


def _smtp(place: Place, password: str | None, letter: EmailMessage, mail: MailSent) -> None:
    """RFC 5321: what a server says for good about this one recipient is believed; all else may pass."""
    context = ssl.create_default_context()
    try:
        if place.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(place.host, place.port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(place.host, place.port, timeout=TIMEOUT_S)
        with server:
            if place.scheme == "smtp" and not place.here:
                server.starttls(context=context)
            if place.user and password:
                server.login(place.user, password)
            server.send_message(letter, mail.sender, [mail.recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (0, b""))
        raise NotSent(_said(code, said), for_good=500 <= code < 600) from error
    except smtplib.SMTPDataError as error:
        raise NotSent(_said(error.smtp_code, error.smtp_error), 500 <= error.smtp_code < 600) from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(_said(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise NotSent(f"{place.host} cannot be reached: {type(error).__name__}") from error


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {' '.join(text.split())}"[:160]
