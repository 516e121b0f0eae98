"""Letter: an e-mail as it came, read safely into plain text - whatever is in it, and however broken it is.

Nothing that a stranger wrote is believed: there are limits to everything, HTML becomes text and is never shown as
HTML, and no attachment is opened.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

LETTER_BYTES_MAX = 20 * 1024 * 1024
TEXT_LENGTH_MAX = 50_000
SUBJECT_LENGTH_MAX = 300
NAME_LENGTH_MAX = 200
ADDRESS_LENGTH_MAX = 254
ID_LENGTH_MAX = 400
REFERENCES_MAX = 50
PARTS_MAX = 200
FILES_MAX = 20
FILE_BYTES_MAX = 10 * 1024 * 1024

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ID = re.compile(r"<[!-;=?-~]{1,398}>")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_GOES_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
_ROBOTS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([+=_-][^@]*)?@", re.IGNORECASE)
_NO_LETTERS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Signs that no text needs, and that would turn what stands around them about."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One attachment, as it came."""

    name: str
    type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail. `id` and `answers` are message ids; `to` are addresses it may have come by, the surest first.

    `automatic`: a program wrote it, so no program may answer. `bounce`: a mail server says that one of ours did not
    arrive. `left_out`: attachments that were too large or too many.
    """

    id: str
    sender: str | None  # None: nobody whom one could answer
    sender_name: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()
    automatic: bool = False
    reply_of_a_program: bool = False
    bounce: bool = False
    files: tuple[Enclosed, ...] = ()
    left_out: int = 0


def read_letter(raw: bytes) -> Letter:
    """What stands in these bytes, as far as it can be read: it never fails."""
    own_id = f"<{hashlib.sha256(raw).hexdigest()[:40]}@no-id.invalid>"
    try:
        mail = message_from_bytes(raw[:LETTER_BYTES_MAX], policy=policy.default.clone(refold_source="none"))
        return _read(mail, own_id)
    except Exception:
        return Letter(own_id, None, text=plain(raw[:TEXT_LENGTH_MAX].decode("utf-8", "replace")))


def plain(text: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """A text without signs that are none, lines ending as ours do; cut at a length."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8", "replace")
    return text.translate(_NO_LETTERS).strip()[:length_max]


def line(text: str, length_max: int) -> str:
    """The same in one line."""
    return " ".join(plain(text, 10 * length_max).split())[:length_max]


def address_of(written: str) -> str | None:
    """An address that we would write to, in small letters; None for anything else."""
    bare = written.strip().lower()
    return bare if len(bare) <= ADDRESS_LENGTH_MAX and _ADDRESS.fullmatch(bare) and ".." not in bare else None


def text_of_html(html: str) -> str:
    """What a reader of an HTML mail would read."""
    reader = _Reader()
    try:
        reader.feed(html[: 4 * TEXT_LENGTH_MAX])
        reader.close()
    except (AssertionError, ValueError):
        pass  # what was read so far is better than nothing
    return _BLANK_LINES.sub("\n\n", "\n".join(" ".join(it.split()) for it in "".join(reader.read).split("\n")))


def _read(mail: EmailMessage, own_id: str) -> Letter:
    senders = [*_addresses(mail, "reply-to"), *_addresses(mail, "from")]
    found = next(((name, it) for name, it in senders if address_of(it)), ("", ""))
    ids = _ID.findall(_header(mail, "message-id"))
    to = tuple(dict.fromkeys(it for name in _GOES_TO for _, bare in _addresses(mail, name) if (it := address_of(bare))))
    answers = _ID.findall(f"{_header(mail, 'references')} {_header(mail, 'in-reply-to')}")[-REFERENCES_MAX:]
    letter = Letter(
        ids[0] if ids else own_id, address_of(found[1]), line(found[0], NAME_LENGTH_MAX), to,
        line(_header(mail, "subject"), SUBJECT_LENGTH_MAX), answers=tuple(dict.fromkeys(answers)),
    )  # fmt: skip
    return _with_body(_with_origin(letter, mail), mail)


def _with_origin(letter: Letter, mail: EmailMessage) -> Letter:
    """Whether a person wrote it (RFC 3834), and whether it is the news that ours did not arrive (RFC 3464)."""
    said = _header(mail, "auto-submitted").split(";")[0].strip().lower()
    bulk = _header(mail, "precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply")
    lists = any(mail.get(name) is not None for name in ("list-id", "list-unsubscribe", "x-loop", "feedback-id"))
    away = any(mail.get(name) is not None for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))
    report = mail.get_content_type() == "multipart/report"
    nobody = _header(mail, "return-path").strip() == "<>"
    robot = bool(_ROBOTS.match(letter.sender or "mailer-daemon@"))
    daemon = (letter.sender or "mailer-daemon@").startswith(("mailer-daemon@", "postmaster@"))
    reply = said == "auto-replied" or away or _header(mail, "precedence").strip().lower() == "auto_reply"
    return replace(
        letter,
        automatic=said not in ("", "no") or bulk or lists or away or report or nobody or robot,
        reply_of_a_program=reply,
        bounce=report or (daemon and (nobody or said != "")) or (nobody and not reply),
    )


def _with_body(letter: Letter, mail: EmailMessage) -> Letter:
    texts: list[str] = []
    pages: list[str] = []
    files: list[Enclosed] = []
    answers, left_out = list(letter.answers), 0
    for part in _parts(mail):
        kind, named = part.get_content_type(), part.get_filename()
        if letter.bounce and kind in ("message/rfc822", "text/rfc822-headers"):
            answers += _ID.findall(_as_text(part, kind))[:REFERENCES_MAX]
        elif kind == "text/plain" and not named and part.get_content_disposition() != "attachment":
            texts.append(_decoded(part))
        elif kind == "text/html" and not named and part.get_content_disposition() != "attachment":
            pages.append(text_of_html(_decoded(part)))
        elif not part.is_multipart() or kind == "message/rfc822":
            body = _bytes(part, kind)
            if len(files) >= FILES_MAX or len(body) > FILE_BYTES_MAX:
                left_out += 1
            else:
                files.append(Enclosed(_file_name(named), line(kind, 100), body))
    text = plain("\n\n".join(texts)) or plain("\n\n".join(pages))
    return replace(letter, text=text, files=tuple(files), left_out=left_out, answers=tuple(dict.fromkeys(answers)))


def _parts(mail: EmailMessage) -> list[EmailMessage]:
    """The parts that hold something, in order; what was forwarded whole stays whole."""
    found: list[EmailMessage] = []
    open_ones: list[EmailMessage] = [mail]
    while open_ones and len(found) < PARTS_MAX:
        part = open_ones.pop(0)
        kind = part.get_content_maintype()
        inner = part.get_payload() if kind == "multipart" else None
        if isinstance(inner, list):
            open_ones = [*inner[:PARTS_MAX], *open_ones]
        elif kind != "multipart":
            found.append(part)
        else:
            found.append(part)
    return found


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True) or b""
    if not isinstance(raw, bytes):
        return str(raw)
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _bytes(part: EmailMessage, kind: str) -> bytes:
    if kind == "message/rfc822":
        return _as_text(part, kind).encode("utf-8", "replace")
    raw = part.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _as_text(part: EmailMessage, kind: str) -> str:
    """A mail within a mail, as it stands there."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner:
        return str(inner[0].as_bytes().decode("utf-8", "replace"))
    return _decoded(part)


def _header(mail: EmailMessage, name: str) -> str:
    """A header as far as it can be read; mail's own parser fails on some."""
    try:
        return str(mail.get(name) or "")[:10_000]
    except Exception:
        raw = next((str(value) for key, value in mail.raw_items() if key.lower() == name), "")
        return raw[:10_000]


def _addresses(mail: EmailMessage, name: str) -> list[tuple[str, str]]:
    """Names and addresses of a header. One that our two readers understand differently is nobody's (CVE-2023-27043)."""
    try:
        found = [it for header in mail.get_all(name) or () for it in getattr(header, "addresses", ())]
        parsed = [(str(it.display_name), str(it.addr_spec)) for it in found if isinstance(it, Address)]
    except Exception:
        return []
    bare = {it.lower() for _, it in getaddresses([_header(mail, name)])}
    return [(said, it) for said, it in parsed if it.lower() in bare]


def _file_name(named: str | None) -> str:
    """The last part of a file's name, of letters that no system takes for anything else."""
    bare = re.split(r"[/\\]", line(named or "", NAME_LENGTH_MAX))[-1]
    return re.sub(r"[^\w .()+-]|^\.+", "_", bare)[-120:].strip() or "attachment"


class _Reader(HTMLParser):
    """Collects the words of a page."""

    SILENT = frozenset({"script", "style", "head", "title", "template", "noscript"})
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr", "pre"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag in self.BREAKS:
            self.read.append("\n")
        elif tag == "td":
            self.read.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self.BREAKS:
            self.read.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.read.append(data)
