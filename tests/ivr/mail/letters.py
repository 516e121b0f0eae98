"""Letters for tests: e-mails as they arrive, and a post office whose servers are on this machine or nowhere."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from ivr.mail_post import MailPost
from ivr.mail_room import MailRoom
from ivr.mail_settings import MailSettings, Place
from tests.ivr.web.desk_world import World

WRITER = "erika@customer.example"


def letter(text: str = "The kettle is broken and I have your invoice.", **headers: str) -> bytes:
    """An e-mail from a customer; headers by name, `_` for `-`."""
    mail = EmailMessage()
    known = {"From": f"Erika Muster <{WRITER}>", "To": "claims@acme.example", "Subject": "Broken kettle"}
    known["Message-ID"] = "<first@customer.example>"
    for name, value in {**known, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def post_office(world: World, out: Path | Place | None = None, come_in: Path | None = None) -> MailPost:
    """The post of a world; `out` and `come_in` are folders."""
    place = Place("maildir", folder=out) if isinstance(out, Path) else out
    settings = MailSettings(Place("maildir", folder=come_in) if come_in else None, place)
    room, nowhere = MailRoom(world.switchboard), Path("/nonexistent")
    return MailPost(world.switchboard, room, settings, nowhere, lambda order: order())
