"""Bundle: everything that is kept of somebody in one zip file - as JSON, with the sounds and what was enclosed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import LargeBinary, Table, select

from ivr.callback import callbacks
from ivr.inquiry import inquiries
from ivr.mail import mail_files, mails
from ivr.mail_sent import mails_sent
from ivr.message import messages
from ivr.privacy import disk
from ivr.privacy.person import Person
from ivr.privacy.traces import Traces, chunks, traces
from ivr.recording import recordings
from ivr.store import Store, Tx, calls
from ivr.visit import visits
from routing.store.tables import case_history, case_links, cases, contacts, drafts, events

OURS = frozenset({"word_hash", "link", "found_by", "rank", "lane", "seq", "step", "way_back", "met"})
"""Columns that say nothing about anybody: keys, digests, and how the floor sorts people."""

README = "README.txt"
_TOLD = """What is kept of {who}, as of {at:%Y-%m-%d %H:%M} UTC.

person.json      every row, by kind; times are UTC
sounds/          messages and recorded conversations (WAV)
enclosed/        what was enclosed in e-mails
letters/         e-mails as they came, where they are kept as files
"""


def write_bundle(to: IO[bytes], store: Store, data: Path, person: Person) -> dict[str, int]:
    """Write the zip file; how much of what is in it. A sound that is gone from the disk is left out, its row is not."""
    with store.look() as tx, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as bundle:
        found = traces(tx.connection, person)
        told = {"person": person.value, "known_by": str(person.by), "at": tx.now, **_rows(tx, found)}
        bundle.writestr(README, _TOLD.format(who=person.value, at=tx.now))
        bundle.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=1, default=_plain))
        for id in sorted(found.messages | found.recordings):
            sound = data / disk.RECORDINGS / f"{id}.wav"
            if sound.is_file():
                bundle.write(sound, f"sounds/{id}.wav", zipfile.ZIP_STORED)
        for name, body in _enclosed(tx, found):
            bundle.writestr(name, body)
        for path in disk.letters_of(data, person, _message_ids(tx, found)):
            bundle.write(path, f"letters/{path.name.partition(':')[0]}.eml")
        return found.counts


def _rows(tx: Tx, found: Traces) -> dict[str, list[dict[str, Any]]]:
    numbers = set(found.cases)
    wanted: tuple[tuple[Table, Any, set[Any]], ...] = (
        (calls, calls.c.sid, found.calls),
        (contacts, contacts.c.id, found.contacts),
        (callbacks, callbacks.c.call, found.calls),
        (inquiries, inquiries.c.call, found.calls),
        (inquiries, inquiries.c.contact, found.contacts),
        (cases, cases.c.number, numbers),
        (case_history, case_history.c.case_number, numbers),
        (case_links, case_links.c.case_number, numbers),
        (drafts, drafts.c.contact, found.contacts),
        (mails, mails.c.id, found.mails),
        (mails_sent, mails_sent.c.mail, found.mails),
        (mail_files, mail_files.c.mail, found.mails),
        (visits, visits.c.id, found.visits),
        (messages, messages.c.id, found.messages),
        (recordings, recordings.c.id, found.recordings),
        (events, events.c.about, set(found.abouts)),
    )
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, by, ids in wanted:
        rows.setdefault(table.name, []).extend(_table(tx, table, by, ids))
    return rows


def _table(tx: Tx, table: Table, by: Any, ids: set[Any]) -> Iterator[dict[str, Any]]:
    columns = [it for it in table.columns if it.name not in OURS and not isinstance(it.type, LargeBinary)]
    for piece in chunks(ids):
        rows = tx.connection.execute(select(*columns).where(by.in_(piece)).order_by(*table.primary_key.columns))
        for row in rows.mappings():
            yield dict(row)


def _enclosed(tx: Tx, found: Traces) -> Iterator[tuple[str, bytes]]:
    for piece in chunks(found.mails):
        for row in tx.connection.execute(select(mail_files).where(mail_files.c.mail.in_(piece))):
            safe = "".join(it if it.isalnum() or it in "._-" else "_" for it in row.name).lstrip(".")[-100:]
            yield f"enclosed/{row.mail}-{row.number}-{safe or 'file'}", row.body


def _message_ids(tx: Tx, found: Traces) -> set[str]:
    ids: set[str] = set()
    for table, by in ((mails, mails.c.id), (mails_sent, mails_sent.c.mail)):
        for piece in chunks(found.mails):
            ids |= set(tx.connection.execute(select(table.c.message_id).where(by.in_(piece))).scalars())
    return ids


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)
