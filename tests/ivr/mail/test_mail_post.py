"""The post: sent once, tried for three days, given up where it is seen - and every row is pending, sent or failed."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from ivr.mail_box import NotFetchedMail, fetch
from ivr.mail_room import MailRoom
from ivr.mail_sent import LEASE, MailSent, mails_sent
from ivr.mail_server import composed
from ivr.mail_settings import Place, read_mail_settings
from tests.ivr.mail.letters import WRITER, letter, post_office
from tests.ivr.web.desk_world import World
from tests.ivr.web.supervisor.people import supervisor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine that says what it is told to say; `took` are the letters it accepted."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        self.says: dict[str, str] = {}
        self.took: list[str] = []
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(f"{server.says.get('', '220 here')}\r\n".encode())
                while line := self.rfile.readline():
                    verb = line[:4].decode().strip().upper()
                    said = server.says.get(verb, {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok"))
                    self.wfile.write(f"{said}\r\n".encode())
                    if verb == "DATA" and said.startswith("354"):
                        body = b"".join(iter(self.rfile.readline, b".\r\n"))
                        server.took.append(body.decode())
                        self.wfile.write(b"250 taken\r\n")

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def place(self) -> Place:
        return Place("smtp", "127.0.0.1", self.server_address[1])


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.shutdown()
    server.server_close()


def answered(world: World) -> None:
    """Somebody has answered an e-mail."""
    seat = world.at_desk()
    seat.post("ready")
    MailRoom(world.switchboard).take(letter())
    contact = seat.accepts()
    assert seat.post(f"contacts/{contact}/answer", text="Dear Ms Muster,\n.\nit is on its way.").status_code == 200


def counts(world: World) -> tuple[int, int, int]:
    """Sent, pending, failed: together all rows there are (invariant 31)."""
    with world.store.look() as tx:
        found = tx.sent.counts()
    assert found["sent"] + found["pending"] + found["failed"] == found["rows"]
    return found["sent"], found["pending"], found["failed"]


def test_a_greylisted_answer_is_sent_later_and_once(world: World, server: MailServer) -> None:
    answered(world)
    post = post_office(world, server.place)
    server.says["RCPT"] = "451 4.7.1 greylisted, come back"
    assert (post.send(), counts(world)) == (0, (0, 1, 0))
    server.says.clear()
    assert post.send() == 0  # not at once again
    world.now += timedelta(minutes=2)
    assert (post.send(), counts(world)) == (1, (1, 0, 0))
    assert post.send() == 0
    (taken,) = server.took
    assert f"To: {WRITER}" in taken
    assert "\r\n..\r\n" in taken  # a dot alone is no end


def test_a_server_that_is_away_is_asked_ever_more_seldom_for_three_days() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    mail, tried = MailSent("1", "m", "a@b", WRITER, "s", "b", "<1@b>", "", False, "ann", at, at), []
    while mail.try_at:
        tried.append(mail.try_at)
        mail.refused("away", False, mail.try_at)
    waits = [after - before for before, after in pairwise(tried)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=1))
    assert timedelta(hours=71) < mail.failed_at - at < timedelta(hours=72)


def test_what_is_given_up_is_seen_and_can_be_sent_again(world: World) -> None:
    answered(world)
    post = post_office(world, Place("smtp", "127.0.0.1", 1))
    post.send()
    world.now += timedelta(hours=72)
    post.send()
    assert counts(world) == (0, 0, 1)
    vera = supervisor(world)
    page = vera.get("/mails").text
    assert "given up" in page
    assert "127.0.0.1 cannot be reached" in page
    vera.post("/mails/again", mail=re.findall(r'name="mail" value="(\w+)"', page)[0])
    assert counts(world) == (0, 1, 0)


def test_an_address_that_is_refused_for_good_is_given_up_at_once(world: World, server: MailServer) -> None:
    answered(world)
    server.says["RCPT"] = "550 5.1.1 no such user"
    post_office(world, server.place).send()
    assert counts(world) == (0, 0, 1)


@pytest.mark.parametrize(
    "says", [{"": "554 go away"}, {"EHLO": "500 what", "HELO": "502 what"}, {"MAIL": "553 not you"}]
)
def test_what_is_wrong_with_us_is_tried_again(world: World, server: MailServer, says: dict[str, str]) -> None:
    answered(world)
    server.says = says
    post_office(world, server.place).send()
    assert counts(world) == (0, 1, 0)


def test_what_was_being_sent_when_the_program_died_is_sent_after_a_while(world: World, tmp_path: Path) -> None:
    answered(world)
    with world.store.transaction() as tx:
        assert len(tx.sent.take_due(tx.now, 10)) == 1  # and then it died
    post = post_office(world, tmp_path / "out")
    assert post.send() == 0
    world.now += LEASE
    assert post.send() == 1


def test_no_row_can_be_two_things_at_once(world: World) -> None:
    answered(world)
    for values in ({"sent_at": world.now}, {"try_at": None}, {"failed_at": world.now}):
        with pytest.raises(IntegrityError), world.store.transaction() as tx:
            tx.connection.execute(update(mails_sent).values(**values))


def test_what_came_back_is_seen_and_goes_into_no_queue(world: World, tmp_path: Path) -> None:
    answered(world)
    post_office(world, tmp_path / "out").send()
    with world.store.look() as tx:
        (ours,) = tx.sent.of_mails(tuple(it.id for it in tx.mails.of_sender(WRITER, 5)))
    report = (
        f"From: MAILER-DAEMON@mx.example\nTo: claims@acme.example\nSubject: Undelivered\nMessage-ID: <dsn@mx>\n"
        f'Content-Type: multipart/report; boundary="b"\n\n--b\n\nno such user\n--b\nContent-Type: message/rfc822\n\n'
        f"Message-ID: {ours.message_id}\nSubject: x\n\ny\n--b--\n"
    )
    taken = MailRoom(world.switchboard).take(report.encode())
    assert (taken.mail.why, taken.mail.contact) == ("bounced", None)
    assert "came back" in supervisor(world).get("/mails").text


NASTY = st.text(alphabet=st.sampled_from('ab\r\n\0,:;<>@"\\ =?äж\u2028\ud800'), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(subject=NASTY, body=NASTY, name=NASTY)
def test_whatever_is_written_there_is_one_recipient_and_one_subject(subject: str, body: str, name: str) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    mail = MailSent(
        "1", "m", "a@acme.example", WRITER, subject, body, "<1@acme.example>", "<0@x>", False, "ann", at, at
    )
    try:
        raw = composed(mail, name).as_bytes()
    except (ValueError, TypeError):
        return  # given up at once, where it is seen
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    once = [b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references"]
    assert names[: len(once)] == once
    assert not {b"bcc", b"cc"} & set(names)
    assert len(names) == len(set(names))


# -- fetching ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_emptied_and_what_was_taken_stays_marked(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "new").mkdir(parents=True)
    for n in range(3):
        (folder / "new" / f"{n}.host").write_bytes(letter(Message_ID=f"<{n}@x>"))
    (folder / "new" / "bad.host").write_bytes(b"\xff\0")
    (folder / "new" / "huge.host").write_bytes(b"x" * (21 * 1024 * 1024))
    post = post_office(world, come_in=folder)
    assert post.fetch() == 5
    assert sorted(path.name for path in (folder / "cur").iterdir()) == [
        *("0.host:2,S", "1.host:2,S", "2.host:2,S", "bad.host:2,S", "huge.host:2,FS")
    ]
    assert post.fetch() == 0
    with world.store.look() as tx:
        assert len(tx.mails.of_sender(WRITER, 9)) == 3


class Mailbox(socketserver.ThreadingTCPServer):
    """Just enough of an IMAP server: one mailbox, whose letters have flags (RFC 3501)."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, letters: list[bytes]) -> None:
        self.letters = {n: [raw, set()] for n, raw in enumerate(letters, start=1)}
        self.dies_before = ""
        box = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK here\r\n")
                while line := self.rfile.readline().decode():
                    tag, _, rest = line.strip().partition(" ")
                    if box.dies_before and box.dies_before in rest:
                        return
                    self.wfile.write(box.answer(rest) + f"{tag} OK done\r\n".encode())

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, asked: str) -> bytes:
        """What is told before the OK."""
        if asked.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if asked.startswith("SELECT"):
            return f"* {len(self.letters)} EXISTS\r\n".encode()
        if asked.startswith("UID SEARCH"):
            new = [str(n) for n, (_, flags) in self.letters.items() if not flags]
            return f"* SEARCH {' '.join(new)}\r\n".encode()
        if found := re.match(r"UID FETCH (\d+) \((.+)\)", asked):
            raw = self.letters[int(found[1])][0]
            if "SIZE" in found[2]:
                return f"* {found[1]} FETCH (UID {found[1]} RFC822.SIZE {len(raw)})\r\n".encode()
            return f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        if found := re.match(r"UID STORE (\d+) \+FLAGS \(\\(\w+)\)", asked):
            self.letters[int(found[1])][1].add(found[2])
        return b""


def test_a_mailbox_is_read_by_imap_each_letter_once_even_if_the_connection_dies(world: World) -> None:
    box = Mailbox([letter(Message_ID=f"<{n}@x>") for n in range(3)] + [b"x" * (21 * 1024 * 1024)])
    place = Place("imap", "127.0.0.1", box.server_address[1], "me")
    room, taken = MailRoom(world.switchboard), []
    box.dies_before = "STORE 2"
    with pytest.raises(NotFetchedMail, match=r"^127\.0\.0\.1: "):
        fetch(place, None, lambda raw: taken.append(room.take(raw).is_new))
    box.dies_before = ""
    assert fetch(place, None, lambda raw: taken.append(room.take(raw).is_new)) == 3
    assert fetch(place, None, room.take) == 0
    box.shutdown()
    box.server_close()
    assert taken == [True, True, False, True]
    assert [sorted(flags) for _, flags in box.letters.values()] == [["Seen"], ["Seen"], ["Seen"], ["Flagged"]]


def test_settings_say_what_is_wrong_with_them_and_hold_no_password() -> None:
    faults: list[str] = []
    read = {
        "DIALTREE_MAIL_IN": "imaps://service%40acme.example@imap.acme.example/Claims",
        "DIALTREE_MAIL_OUT": "smtp://smtp.acme.example",
        "DIALTREE_MAIL_IN_PASSWORD": "seven quiet lamps",
    }
    found = read_mail_settings(read, faults)
    assert faults == []
    assert (found.incoming.user, found.incoming.port, found.incoming.box) == ("service@acme.example", 993, "Claims")
    assert found.outgoing.port == 587
    assert "lamps" not in repr(found)
    for wrong in (
        "imap://imap.acme.example",
        "imaps://me:secret@imap.acme.example",
        "pop3://x",
        "maildir:",
        "imaps://",
    ):
        faults = []
        assert read_mail_settings({"DIALTREE_MAIL_IN": wrong}, faults).incoming is None
        assert len(faults) == 1
        assert "secret" not in faults[0]
