"""Letters: whatever comes by e-mail is read as plain text, within limits, and never makes anything fail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.mail_language import guess
from ivr.mail_letter import FILES_MAX, NAME_LENGTH_MAX, SUBJECT_LENGTH_MAX, TEXT_LENGTH_MAX, address_of, read_letter

HEAD = b"From: a@b.example\r\nTo: service@acme.example\r\nMessage-ID: <1@b.example>\r\n"


def test_html_becomes_text_and_nothing_of_it_acts() -> None:
    page = (
        b"<head><title>no</title><style>p{}</style></head><p>Dear <b>all</b>,</p><script>alert(1)</script>"
        b"<p onclick='x()'>5 &lt; 6 &amp; <img src=x onerror=y>done</p><table><tr><td>a<td>b</tr></table>"
    )
    text = read_letter(HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + page).text
    assert text.split() == ["Dear", "all,", "5", "<", "6", "&", "done", "a", "b"]


def test_what_can_be_read_is_read_in_whatever_letters_it_was_written() -> None:
    head = HEAD + b"Subject: =?koi8-r?B?8NLJ18XU?=\r\nContent-Type: text/plain; charset=windows-1251\r\n\r\n"
    letter = read_letter(head + "Добар дан".encode("cp1251"))
    assert (letter.subject, letter.text) == ("Привет", "Добар дан")
    unknown = read_letter(HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\n" + "Grüße".encode())
    assert unknown.text == "Grüße"


def test_a_line_that_turns_the_text_about_or_adds_a_header_is_only_text() -> None:
    letter = read_letter(b'From: "a\r\n Bcc: x@y.example" <b@c.example>\r\nSubject: a\r\n b\x00\xe2\x80\xaec\r\n\r\nhi')
    assert letter.sender == "b@c.example"
    assert not {"\n", "\r", "\0", "\u202e"} & set(letter.subject + letter.sender_name)


@pytest.mark.parametrize(
    "written",
    [
        "a@b@c.example", "<x>", "a b@c.example", "a@", "@b.example", "a@b..example", "a\n@b.example", "ü@b.example",
        "a@b.example, c@d.example", "x" * 65 + "@b.example", "a@" + "b" * 260, "a@b.example\r\nBcc: c@d.example",
    ],
)  # fmt: skip
def test_what_is_no_single_plain_address_is_nobodys(written: str) -> None:
    assert address_of(written) is None


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated (x)", "Precedence: bulk", "List-Id: <x.y>",
        "X-Autoreply: yes", "Return-Path: <>", "From: MAILER-DAEMON@b.example", "From: no-reply@b.example",
    ],
)  # fmt: skip
def test_programs_are_known_as_such(header: str) -> None:
    head = HEAD if not header.startswith("From") else HEAD.partition(b"\n")[2]
    assert read_letter(head + header.encode() + b"\r\n\r\nhi").automatic
    assert not read_letter(HEAD + b"Auto-Submitted: no\r\n\r\nhi").automatic


def test_attachments_are_kept_as_bytes_within_limits_under_harmless_names() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content("see below")
    for n in range(FILES_MAX + 2):
        mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename=f"../../etc/pass wd{n}.png")
    letter = read_letter(mail.as_bytes())
    assert (len(letter.files), letter.left_out, letter.text) == (FILES_MAX, 2, "see below")
    assert (letter.files[0].name, letter.files[0].body) == ("pass wd0.png", b"\x89PNG")


def test_there_is_an_end_to_everything() -> None:
    raw = b"Subject: " + b"s" * 5000 + b'\r\nFrom: "' + b"n" * 5000 + b'" <a@b.example>\r\n\r\n' + b"t" * 200_000
    letter = read_letter(raw)
    assert len(letter.subject) == SUBJECT_LENGTH_MAX
    assert len(letter.sender_name) <= NAME_LENGTH_MAX
    assert len(letter.text) == TEXT_LENGTH_MAX
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300))
    read_letter(HEAD + nested + b"\r\nhi")


PIECES = st.sampled_from(
    [
        b"From: ", b"a@b.example", b"<>", b"\r\n", b"\n", b"\r\n\r\n", b"Content-Type: ", b"--x", b"--x--", b"\0",
        b"multipart/mixed; boundary=x", b"text/html; charset=", b"=?utf-8?q?=C3?=", b"Subject: ", b"\xff\xfe",
        b"message/rfc822", b"Content-Transfer-Encoding: base64", b"=", b"<p", b"<!--", b"&#xD800;", b'"', b"(",
        b"To: a:b;,", b"References: <",
        b"Content-Disposition: attachment; filename*0*=''%", b"multipart/report", b"Message-ID: [", b"Date: x",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=12), max_size=30))
def test_no_bytes_make_reading_fail_and_the_same_bytes_are_the_same_letter(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    letter = read_letter(raw)
    assert letter == read_letter(raw)
    assert letter.id.startswith("<")
    assert letter.sender is None or address_of(letter.sender) == letter.sender
    (letter.subject + letter.text + letter.sender_name).encode()


def test_the_language_is_guessed_from_letters_and_small_words() -> None:
    spoken = ("en", "de", "sr", "es")
    assert guess("Guten Tag, ich habe eine Frage und bitte um Hilfe", spoken) == "de"
    assert guess("Добар дан, имам питање", spoken) == "sr"
    assert guess("Dobar dan, moja narudžbina nije stigla, molim vas", spoken) == "sr"
    assert guess("Hola, mi pedido no ha llegado, gracias", spoken) == "es"
    assert guess("4711\n> Guten Tag, ich bin nicht da und bitte", spoken) == "en"
    assert guess("Добар дан", ("de", "en")) == "de"
