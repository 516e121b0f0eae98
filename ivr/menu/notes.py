"""Notes: what is collected while a hotline's files are read - faults, and the names that are given and used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ivr.menu.fault import FAULTS_MAX, Fault, Said, Severity, cut, fault, say
from ivr.menu.place import Place
from ivr.menu.reader import Source, Text, Written


@dataclass(frozen=True, slots=True)
class Reference:
    """Somewhere a name is used that must exist.

    `sort`: menu, queue, calendar, survey, kind (of case), list, disposition, number (to transfer to), variable,
    placeholder, recording.
    """

    sort: str
    name: str
    place: Place
    end_column: int
    also: tuple[str, ...] = ()  # placeholders: what is known at this place besides


@dataclass(slots=True)
class Notes:
    """Everything noted so far. `recordings`: the sound files that exist, None when that is not known."""

    sources: dict[str, Source]
    recordings: Collection[str] | None = None
    faults: list[Fault] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)
    known: dict[str, dict[str, Place]] = field(default_factory=dict)  # sort -> name -> where it is given
    unread: set[str] = field(default_factory=set)  # sorts of which some could not be read, so that none is missed

    def know(self, sort: str, name: Text) -> None:
        """Note that something of this name is given, be it faulty or not."""
        self.known.setdefault(sort, {}).setdefault(name.value, name.place)

    def use(self, sort: str, name: str, written: Text, also: tuple[str, ...] = ()) -> None:
        """Note that a name is used; whether it is known is asked when everything is read."""
        self.references.append(Reference(sort, name, written.place, written.end_column, also))

    @property
    def full(self) -> bool:
        """Whether so many faults are known that more are not looked for."""
        return len(self.faults) >= FAULTS_MAX

    def wrong(self, written: Written, key: str, hint: Said | None = None, /, **values: object) -> None:
        """An error at something written."""
        end = written.end_column if isinstance(written, Text) else written.place.column + 1
        self.error(written.place, end, say(key, **values), hint)

    def error(self, at: Place, end_column: int, said: Said, hint: Said | None = None) -> None:
        """Something that keeps the hotline from being used."""
        self._note(at, end_column, said, hint, "error")

    def warning(self, at: Place, end_column: int, said: Said, hint: Said | None = None) -> None:
        """Something callers would suffer from."""
        self._note(at, end_column, said, hint, "warning")

    def _note(self, at: Place, end_column: int, said: Said, hint: Said | None, severity: Severity) -> None:
        if self.full:
            return
        line = self.sources[at.file].line(at.line) if at.file in self.sources else ""
        self.faults.append(fault(at, end_column, said, hint, severity, line))


def example(text: str) -> Said:
    """The hint that shows how it may be written."""
    return say("hint.for_example", example=text)


def name_of(written: Text) -> str:
    """A word of the author's as it is shown in a message."""
    return cut(written.value)
