"""Words: one line of a call script taken apart, each word with its column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ivr.simulator.script.fault import Fault, ScriptError, did_you_mean

DURATION_MAX_S = 86_400
_DURATION = re.compile(r"(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
ADDRESS = re.compile(r"\+\d{6,15}|client:[^\s:]{1,256}|sips?:[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its text without quotes, where it begins and ends (from 0), and whether it began with a quote."""

    text: str
    start: int
    end: int
    quoted: bool


class Line:
    """One line of a script, read word by word; whatever does not fit raises ScriptError with the place."""

    def __init__(self, file: str, number: int, source: str) -> None:
        self.file = file
        self.number = number
        self.source = source
        self.words = _words(self)
        self.next = 0

    @property
    def indented(self) -> bool:
        """The line belongs to the person above it."""
        return self.source[:1] in (" ", "\t")

    @property
    def text(self) -> str:
        """The line without indentation and comment."""
        return self.source[self.words[0].start : self.words[-1].end] if self.words else ""

    def fault(self, message: str, hint: str = "", word: Word | None = None) -> ScriptError:
        """The error to raise for `word`, or for the end of the line."""
        end = self.words[-1].end if self.words else len(self.source)
        start, width = (word.start, word.end - word.start) if word else (end, 1)
        return ScriptError([Fault(self.file, self.number, start + 1, width, self.source, message, hint)])

    def peek(self) -> Word | None:
        """The next word, left where it is."""
        return self.words[self.next] if self.next < len(self.words) else None

    def take(self, what: str, hint: str = "") -> Word:
        """The next word, which is `what` (for the message if there is none)."""
        word = self.peek()
        if word is None:
            raise self.fault(f"Here {what} is missing.", hint)
        self.next += 1
        return word

    def maybe(self, *texts: str) -> bool:
        """Take these words if they come next."""
        ahead = self.words[self.next : self.next + len(texts)]
        if [word.text for word in ahead] != list(texts) or any(word.quoted for word in ahead):
            return False
        self.next += len(texts)
        return True

    def one_of(self, what: str, known: Iterable[str]) -> Word:
        """The next word, which must be one of `known`."""
        choices = list(known)
        word = self.take(what, "possible here: " + ", ".join(choices))
        if word.quoted or word.text not in choices:
            raise self.fault(f'"{word.text}" is not {what}.', did_you_mean(word.text, choices), word)
        return word

    def must(self, text: str) -> None:
        """The next word must be this one."""
        word = self.take(f'"{text}"')
        if word.quoted or word.text != text:
            raise self.fault(f'Here "{text}" must stand, not "{word.text}".', "", word)

    def end(self) -> None:
        """Nothing may follow."""
        word = self.peek()
        if word:
            raise self.fault(f'"{word.text}" is more than this step takes.', "a comment begins with #", word)

    def rest(self) -> str:
        """All that follows, as written; a text in quotes loses them."""
        ahead = self.words[self.next :]
        self.next = len(self.words)
        if len(ahead) == 1:
            return ahead[0].text
        return self.source[ahead[0].start : ahead[-1].end] if ahead else ""

    def duration_s(self, what: str) -> float:
        """A length of time: `8s`, `1m30s` or `00:30`."""
        word = self.take(what, "such as 8s, 1m30s or 00:30")
        plain, clock = _DURATION.fullmatch(word.text), _CLOCK.fullmatch(word.text)
        if clock:
            parts = [int(part) for part in clock.groups() if part is not None]
            seconds = float(sum(part * 60**place for place, part in enumerate(reversed(parts))))
        elif plain and word.text:
            seconds = int(plain[1] or 0) * 60 + float(plain[2] or 0)
        else:
            raise self.fault(f'"{word.text}" is not {what}.', "write it as 8s, 1m30s or 00:30", word)
        if seconds > DURATION_MAX_S:
            raise self.fault(f'"{word.text}" is longer than a day.', "a call of a day is the longest", word)
        return seconds

    def whole_number(self, what: str) -> int:
        """A number from 1."""
        word = self.take(what)
        if not word.text.isdecimal() or not 1 <= int(word.text) <= 9999:
            raise self.fault(f'"{word.text}" is not {what}.', "write a number from 1, such as 1", word)
        return int(word.text)

    def address(self, what: str, also: tuple[str, ...] = ()) -> str:
        """A number with its country (`+49...`), a `client:NAME` or a `sip:NAME@HOST`."""
        word = self.take(what, "such as +4915112345678, client:ann or sip:ann@example.com")
        if word.text in also or ADDRESS.fullmatch(word.text):
            return word.text
        choices = ", ".join(("a number with + and its country", "client:NAME", "sip:NAME@HOST", *also))
        raise self.fault(f'"{word.text}" is not {what}.', f"possible here: {choices}", word)

    def pairs(self, what: str) -> dict[str, str]:
        """`name=value` as long as they come; a value with blanks stands in quotes."""
        pairs: dict[str, str] = {}
        while (word := self.peek()) and "=" in word.text and not word.quoted:
            name, _, value = word.text.partition("=")
            if not name or name in pairs:
                fault = f'"{name}" is given twice.' if name else "The name before = is missing."
                raise self.fault(fault, f'{what} are written name=value or name="several words"', word)
            pairs[name] = value
            self.next += 1
        return pairs


def _words(line: Line) -> tuple[Word, ...]:
    words: list[Word] = []
    at, source = 0, line.source
    while at < len(source):
        if source[at].isspace():
            at += 1
        elif source[at] == "#" and not (len(words) == 1 and words[0].text == "press"):
            break  # a comment; only right after `press` it is a key
        else:
            word = _word(line, at)
            words.append(word)
            at = word.end
    return tuple(words)


def _word(line: Line, start: int) -> Word:
    """One word; quotes may hold blanks, and \\" a quote."""
    text, at, inside, source = "", start, False, line.source
    while at < len(source) and (inside or not source[at].isspace()):
        if source[at] == "\\" and inside and source[at + 1 : at + 2] in ('"', "\\"):
            at += 1
            text += source[at]
        elif source[at] == '"':
            inside = not inside
        else:
            text += source[at]
        at += 1
    if inside:
        opened = source.index('"', start)
        mark = Fault(line.file, line.number, opened + 1, 1, source, "This quote is never closed.", 'add a " at its end')
        raise ScriptError([mark])
    return Word(text, start, at, source[start] == '"')
