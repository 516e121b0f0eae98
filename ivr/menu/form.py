"""Form: one group of entries read name by name, every fault noted and reading going on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ivr.menu.fault import FAULTS_MAX, Fault, did_you_mean, quoted
from ivr.menu.reader import Entries, Items, Source, Text, Written
from ivr.menu.tree import Place, Words
from ivr.menu.words import NO_WORDS

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
TEXT_LENGTH_MAX = 1500  # characters of one text, two minutes of speech; carriers refuse more than 4096
TOLD_NAMES_MAX = 20  # a longer list of what there is would help nobody
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ASKS_FOR_KEY = re.compile(r"\b(press|drücken|taste|drück|притисните|тастер|pulse|oprima|marque)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """Somewhere a name is used that must exist: a `menu`, `queue`, `calendar`, `survey` or `kind of case`."""

    sort: str
    name: str
    place: Place
    end_column: int


@dataclass(slots=True)
class Notes:
    """What is collected while a hotline's files are read: faults, references, placeholders and the languages."""

    sources: dict[str, Source]
    faults: list[Fault] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)
    placeholders: list[Reference] = field(default_factory=list)
    known: dict[str, dict[str, Place]] = field(default_factory=dict)  # sort -> name -> where it is given

    def know(self, sort: str, name: Text) -> None:
        """Note that something of this name is given, be it faulty or not."""
        self.known.setdefault(sort, {})[name.value] = name.place

    @property
    def full(self) -> bool:
        """Whether so many faults are known that more are not looked for."""
        return len(self.faults) >= FAULTS_MAX

    def error(self, at: Place, end_column: int, message: str, code: str, hint: str = "") -> None:
        """Something that keeps the hotline from being used."""
        self._note(at, end_column, message, code, hint, "error")

    def warning(self, at: Place, end_column: int, message: str, code: str, hint: str = "") -> None:
        """Something callers would suffer from."""
        self._note(at, end_column, message, code, hint, "warning")

    def wrong(self, written: Written, message: str, code: str, hint: str = "") -> None:
        """An error at something written."""
        end = written.end_column if isinstance(written, Text) else written.place.column + 1
        self.error(written.place, end, message, code, hint)

    def _note(
        self, at: Place, end: int, message: str, code: str, hint: str, severity: Literal["error", "warning"]
    ) -> None:
        if self.full:
            return
        line = self.sources[at.file].line(at.line) if at.file in self.sources else ""
        self.faults.append(Fault(at, end, message, hint, code, severity, line))


class Form:
    """One group of entries. Ask for each name once; `done` tells of names nobody asked for."""

    def __init__(self, notes: Notes, written: Entries, title: Text | None, *, partial: bool = False) -> None:
        """`partial`: more would stand here if everything could be read, so nothing is called missing."""
        self.notes = notes
        self.partial = partial
        self.title = title
        self.place = title.place if title else written.place
        self._entries = {key.value: (key, value) for key, value in written.entries}
        self._asked: list[str] = []

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def key(self, name: str) -> Text | None:
        """The name itself as written, if it is there."""
        return self._entries[name][0] if name in self._entries else None

    def names(self) -> tuple[str, ...]:
        """All names as written."""
        return tuple(self._entries)

    def get(self, name: str) -> Written | None:
        """Whatever stands behind the name."""
        self._asked.append(name)
        return self._entries[name][1] if name in self._entries else None

    def missing(self, name: str, hint: str = "") -> None:
        """Note that an entry is needed here."""
        if self.partial:
            return
        what = f" of {quoted(self.title.value)}" if self.title else ""
        end = self.title.end_column if self.title else self.place.column + 1
        self.notes.error(self.place, end, f"{quoted(name)}{what} is missing.", "Y017", hint)

    def text(self, name: str, *, required: bool = False) -> Text | None:
        """A word or a number as typed."""
        written = self.get(name)
        if written is None:
            if required:
                self.missing(name)
            return None
        if isinstance(written, Text) and written.value.strip():
            return written
        self.notes.wrong(self._at(name), f'After "{name}:" one word or text is needed.', "Y018")
        return None

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A whole number from low to high."""
        written = self.text(name)
        if written is None:
            return default
        if re.fullmatch(r"[0-9]{1,9}", written.value) and low <= int(written.value) <= high:
            return int(written.value)
        self.notes.wrong(written, f"{quoted(name)} is a whole number from {low} to {high}.", "Y019")
        return default

    def share(self, name: str, default: float) -> float:
        """A share above 0 up to 1, such as 0.8."""
        written = self.text(name)
        if written is None:
            return default
        if re.fullmatch(r"[01](\.[0-9]{1,4})?", written.value) and 0 < float(written.value) <= 1:
            return float(written.value)
        self.notes.wrong(written, f"{quoted(name)} is a share above 0 and up to 1.", "Y019", "for example 0.8")
        return default

    def choice(self, name: str, choices: Mapping[str, object], default: str) -> str:
        """One of a few words."""
        written = self.text(name)
        if written is None or written.value in choices:
            return written.value if written else default
        message = f"{quoted(name)} is one of: {', '.join(choices)}."
        self.notes.wrong(written, message, "Y018", meant(written.value, choices))
        return default

    def yes(self, name: str, default: bool) -> bool:
        """true or false; yes and no are understood."""
        return self.choice(name, dict.fromkeys(("true", "false", "yes", "no")), "true" if default else "false") in (
            "true",
            "yes",
        )

    def refer(self, name: str, sort: str, *, required: bool = True, default: str | None = None) -> str | None:
        """The name of something that stands elsewhere; checked once everything is read."""
        written = self.text(name, required=required and default is None)
        if written is None:
            return default
        self.notes.references.append(Reference(sort, written.value, written.place, written.end_column))
        return written.value

    def group(self, name: str, *, required: bool = False) -> Form | None:
        """A group of entries behind the name."""
        written = self.get(name)
        if written is None:
            if required:
                self.missing(name)
            return None
        return group_of(self.notes, self._entries[name][0], written)

    def members(self, name: str) -> Iterator[tuple[Text, Written]]:
        """The entries behind the name, freely named ones."""
        written = self.get(name)
        if isinstance(written, Entries):
            yield from written.entries
        elif written is not None:
            self.notes.wrong(self._at(name), f'After "{name}:" names are needed, each with a colon.', "Y018")

    def items(self, name: str) -> Sequence[Written]:
        """The items of a list; one text alone counts as a list of one."""
        written = self.get(name)
        if isinstance(written, Items):
            return written.items
        if isinstance(written, Text) and written.value:
            return (written,)
        if written is not None:
            self.notes.wrong(self._at(name), f'After "{name}:" a list is needed.', "Y018", "each line begins with -")
        return ()

    def words(self, name: str, *, required: bool = True) -> Words:
        """What is said, in every language of the hotline; empty when absent or faulty."""
        written = self.get(name)
        if written is None:
            if required:
                self.missing(name, "write what callers hear in " + ", ".join(self.notes.languages))
            return {}
        return words_of(self.notes, self._at(name), written)

    def done(self) -> None:
        """Tell of names that nobody asked for."""
        for name, (key, _) in self._entries.items():
            if name not in self._asked and not self.notes.full:
                hint = meant(name, self._asked, tell=True)
                self.notes.wrong(key, f"I do not know {quoted(name)} here.", "Y008", hint)

    def _at(self, name: str) -> Written:
        key, value = self._entries[name]
        return value if value.place.line == key.place.line and not isinstance(value, Entries) else key


def group_of(notes: Notes, title: Text | None, written: Written) -> Form | None:
    """A form over what is written, or None and a fault when it is no group."""
    if isinstance(written, Entries):
        return Form(notes, written, title)
    name = f'After "{title.value}:" several' if title else "Here"
    notes.wrong(title or written, f"{name} entries are needed, each with a colon.", "Y018")
    return None


def words_of(notes: Notes, at: Written, written: Written) -> Words:
    """Words in every language of the hotline, from what is written."""
    if isinstance(written, Text) and len(notes.languages) == 1:
        return Words({notes.languages[0]: _said(notes, written)})
    if not isinstance(written, Entries):
        hint = " ".join(f"{language}: ..." for language in notes.languages)
        notes.wrong(at, "This is needed once for each language that callers speak.", "L301", hint)
        return NO_WORDS
    said: dict[str, str] = {}
    for key, value in written.entries:
        if key.value not in notes.languages:
            hint = "it is not among this hotline's languages: " + ", ".join(notes.languages)
            notes.wrong(key, f"I do not know the language {quoted(key.value)} here.", "Y008", hint)
        elif not isinstance(value, Text):
            notes.wrong(key, f'After "{key.value}:" one text is needed.', "Y018")
        else:
            said[key.value] = _said(notes, value)
    lacking = [language for language in notes.languages if language not in said]
    if lacking:
        message = f"Callers would hear nothing here in: {', '.join(lacking)}."
        notes.wrong(at, message, "L301", "add " + ", ".join(f"{language}: ..." for language in lacking))
    return Words(said)


def _said(notes: Notes, written: Text) -> str:
    text = " ".join(written.value.split())
    if not text:
        notes.wrong(written, "Callers would hear nothing here.", "L301", "write what is said")
    if len(text) > TEXT_LENGTH_MAX:
        notes.wrong(written, f"This text is too long to listen to: {TEXT_LENGTH_MAX} characters are the most.", "P204")
        return text
    rest = notes.sources[written.place.file].line(written.place.line)[written.end_column - 1 :]
    if written.plain and re.match(r"\s+#", rest) and (_ASKS_FOR_KEY.search(text) or not re.match(r"\s+# ", rest)):
        notes.wrong(
            written, f'Everything after # is ignored, so callers would only hear {quoted(text)}.', "Y003",
            "put the text in quotation marks",
        )  # fmt: skip
    for found in PLACEHOLDER.finditer(text):
        notes.placeholders.append(Reference("placeholder", found[1], written.place, written.end_column))
    return text


def meant(word: str, known: Iterable[str], *, tell: bool = False) -> str:
    """The hint for a name that is not known: the likely one, or (`tell`) all there are."""
    known = sorted(set(known))
    if close := did_you_mean(word, known):
        return f'did you mean "{close}"?'
    return "there are: " + ", ".join(known) if tell and 0 < len(known) <= TOLD_NAMES_MAX else ""
