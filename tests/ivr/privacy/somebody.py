"""Somebody for tests: one person in every place where this program keeps anything of anybody, and a neighbour."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import update

from ivr.callback import Callback, CallbackState
from ivr.inquiry import CALL_BACK, LINK, CameOf, Inquiry, InquiryState
from ivr.mail import Mail, MailState
from ivr.mail_letter import Enclosed
from ivr.mail_sent import MailSent
from ivr.recording import Doing, Recording, RecordingState
from ivr.store import Tx, calls
from ivr.third import How, Third, ThirdState
from ivr.visit import Visit, VisitState
from routing.case import Channel, Link
from tests.ivr.web.desk_world import World, a_sound

NUMBER, EMAIL, NAME, CUSTOMER = "+4915775550199", "ana.petrovic@example.org", "Ana Petrović-Meier", "K-778812"
NEIGHBOUR = "+4915775550198"


def lives(world: World, data: Path, number: str = NUMBER, mail: str = EMAIL, name: str = NAME) -> str:
    """They called, were recorded, wrote, came and answered; the number of their case."""
    contact = world.caller_waits({"order_number": "47110815", "customer": CUSTOMER}, caller=number)
    world.caller_hangs_up(contact)
    with world.store.transaction() as tx:
        sid = tx.call_of(contact).sid
        fields = {
            "name": name,
            "email": mail,
            "details": f"ruft {number} an",
            "cause": "impolite",
            "customer": CUSTOMER,
        }
        case = tx.cases.log("claim", fields, f"form-{contact}", "claims-1", tx.now, call=sid, caller=number)
        tx.cases.remark(case.number, f"{name} bittet um Antwort an {mail}", tx.now, "claims-1")
        tx.cases.link(case.number, Link(tx.now, "claims-1", Channel.LETTER, note=f"Brief von {name}"))
        tx.happened(sid, "typed", variable="order_number", digits="47110815")
        tx.happened(sid, "promised a callback", callback="c", number=number)
        times = (tx.now, tx.now, None, {"n": name}, (), CallbackState.KEPT)
        callback = Callback(tx.new_id(), sid, number, "claims", {}, "claim", "de", *times)
        tx.callbacks.add(callback)
        inquiry = Inquiry(tx.new_id(), sid, CALL_BACK, "survey", number, tx.now, None, InquiryState.OVER)
        inquiry.came_of, inquiry.words = CameOf.ANSWERED, f"Danke, {name}"
        tx.inquiries.add(inquiry)
        before = tx.now - timedelta(days=60)  # words are shown beside the totals, and go
        by_mail = Inquiry(tx.new_id(), None, LINK, "survey", mail, before, None, InquiryState.OVER, contact=contact)
        by_mail.came_of, by_mail.words, by_mail.hotline = CameOf.ANSWERED, f"Gern, {name}", "acme"
        tx.inquiries.add(by_mail)
        asked = MailSent(
            tx.new_id(), None, "service@acme.example", mail, "?", "", f"<s.{mail}>", "", True, "", tx.now, None
        )
        asked.sent_at, asked.inquiry = tx.now, by_mail.id
        tx.sent.add(asked)
        tx.connection.execute(update(calls).where(calls.c.sid == sid).values(answers={"settled": "1"}))
        tx.thirds.add(Third(tx.new_id(), contact, "claims-1", How.CONSULT, number, tx.now, ThirdState.OVER))
        recording = Recording(tx.new_id(), sid, "RE" + tx.new_id(), contact, "claims-1", tx.now, RecordingState.KEPT)
        recording.wanted = recording.actual = Doing.STOPPED
        recording.digest, recording.ended_at = "0" * 64, tx.now
        tx.recordings.add(recording)
        _writes(tx, number, mail, name, case.number)
        ticket = int(contact, 16)
        visit = Visit(
            *(tx.new_id(), tx.new_id(), "acme", "2026-11-24", ticket, name, number, f"{name} kommt", "de"),
            *("claims", "claim", tx.now, "claims-1"),
            state=VisitState.SERVED,
            done_at=tx.now,
        )
        tx.visits.add(visit)
    world.switchboard.archive.keep(recording.id, a_sound())
    _letter(data / "mail" / "in" / "cur" / f"{number[1:4]}.{recording.id}:2,S", mail, name)
    return case.number


def _writes(tx: Tx, number: str, mail: str, name: str, case: str) -> None:
    about = (f"Von {name}", f"{name} {number}", "t" + case, tx.now, "de", "claims", "claim")
    written = Mail(tx.new_id(), "acme", f"<1.{mail}>", "service@acme.example", mail, name, *about)
    written.case_number, written.state = int(case), MailState.ANSWERED
    written.done_at, written.done_by = tx.now + timedelta(minutes=1), "claims-1"
    tx.mails.add(written, [Enclosed("foto.txt", "text/plain", name.encode())])
    ids = (f"<2.{case}@acme.example>", f"<1.{mail}>", False, "claims-1", tx.now, None, 1, tx.now)
    tx.sent.add(MailSent(tx.new_id(), written.id, "service@acme.example", mail, "Re", f"Guten Tag {name}", *ids))


def _letter(path: Path, mail: str, name: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"{name} <{mail}>", "service@acme.example", "Bitte"
    letter["Message-ID"] = f"<1.{mail}>"
    letter.set_content(f"Ich bin {name}.\n", cte="base64")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(letter.as_bytes())


def bytes_with(data: Path, *needles: str) -> dict[str, list[str]]:
    """Where each of these stands in the folder of data, also escaped as JSON escapes it: what S58 asks for."""
    found: dict[str, list[str]] = {}
    for path in sorted(it for it in data.rglob("*") if it.is_file()):
        content = path.read_bytes()
        for needle in needles:
            ways = (needle.encode(), needle.encode("ascii", "backslashreplace"))
            if any(way in content for way in ways):
                found.setdefault(needle, []).append(str(path.relative_to(data)))
    return found
