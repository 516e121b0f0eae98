"""Mailboxes: the e-mail addresses of a hotline, and the queue that what comes to each of them waits in."""

from __future__ import annotations

from ivr.menu.language.leaf import LANGUAGE, Leaf, refer
from ivr.menu.language.nodes import KIND, NEEDS
from ivr.menu.language.shape import Given, Group, Key, Named
from ivr.menu.language.spoken import WORDS
from ivr.menu.mailbox import Mailbox
from ivr.menu.notes import example

ADDRESS = Leaf(
    r"[A-Za-z0-9](?:[A-Za-z0-9._+-]{0,62}[A-Za-z0-9])?@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?",
    "an e-mail address, such as service@acme.example", "N605", hint=example("service@acme.example:"),
    make=str.lower,
)  # fmt: skip


def _mailbox(given: Given) -> Mailbox:
    return Mailbox(
        given.name.lower(), given["queue"], given["kind"], given["needs"], given["language"], given["reply"],
        given.place,
    )  # fmt: skip


MAILBOX = Group(
    "mailbox",
    "An e-mail address of ours. What comes there waits in a queue beside the calls.",
    (
        Key("queue", refer("queue", "the name of a queue under `queues`"), "The queue.", required=True),
        Key("kind", KIND, "The form that opens for the representative.", required=True),
        Key("needs", NEEDS, 'What the representative must know; `"{language}": 2` means the language of the e-mail.',
            {}),
        Key("language", LANGUAGE, "The language that e-mails to this address are in.", None,
            left_out="it is guessed from the words"),
        Key("reply", WORDS, "What is answered at once, once a day to the same person.", None,
            left_out="nothing is answered before somebody has read it"),
    ),
    _mailbox,
    examples=("""\
mail:
  service@acme.example:
    queue: claims
    kind: claim
    needs: {"{language}": 2}
    reply:
      en: Thank you for writing. You will hear from us within a day.
      de: Danke für Ihre Nachricht. Sie hören binnen eines Tages von uns.
""",),
)  # fmt: skip

MAIL = Named(ADDRESS, MAILBOX, "e-mail addresses, each with its queue")
