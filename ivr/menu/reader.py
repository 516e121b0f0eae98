"""Written: what stands in a YAML file, every word as it was typed and with its place; nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import yaml

from ivr.menu.fault import FAULTS_MAX, Fault, Said, cut, fault, lines_of, say
from ivr.menu.place import Place
from ivr.menu.raw_text import explain_syntax_error, hidden_faults, slips

FILE_BYTES_MAX = 1024 * 1024
NODES_MAX = 20_000
DEPTH_MAX = 32
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C one where PyYAML was built with it

STUCK_TOGETHER = re.compile(r"([a-z][a-z0-9_]{0,39}):([^\s:/].*)")  # a name and what belongs to it, within braces

# Control characters, soft hyphens, other line separators, direction marks and zero-width characters: nobody can see
# or hear them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)


@dataclass(frozen=True, slots=True)
class Text:
    """Words or a number as typed; `plain` when without quotation marks."""

    value: str
    place: Place
    end_column: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Written, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entries:
    """Names, each with what stands behind it, in the order written."""

    entries: tuple[tuple[Text, Written], ...]
    place: Place


Written = Text | Items | Entries


class Refused(Exception):
    """Reading stops here; the fault is already told."""


@dataclass(slots=True)
class Source:
    """One file being read: its text, and the faults found in it."""

    file: str
    text: str
    faults: list[Fault] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)

    def line(self, number: int) -> str:
        """Line `number`, counted from 1."""
        if not self._lines:
            self._lines = lines_of(self.text)
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def fault(self, line: int, column: int, end_column: int, said: Said, hint: Said | None = None) -> None:
        """Note an error at a line and column counted from 1."""
        if len(self.faults) < FAULTS_MAX:
            place = Place(self.file, line, column)
            self.faults.append(fault(place, end_column, said, hint, "error", self.line(line)))


def read_text(file: str, content: bytes | str) -> tuple[Entries | None, Source]:
    """The file's top entries (None when it cannot be read or is empty) and its source with all faults found."""
    source = Source(file, "")
    try:
        source.text = _decoded(source, content)
        _refuse_unseen(source)
        for found in islice(hidden_faults(source.text), FAULTS_MAX):
            source.fault(*found)
        if source.faults:
            return None, source
        root = _Builder(source).build()
    except Refused:
        return None, source
    except RecursionError:
        source.fault(1, 1, 2, say("Y014.deep", most=DEPTH_MAX))
        return None, source
    except yaml.YAMLError as error:
        _syntax_fault(source, error)
        return None, source
    if root is None or isinstance(root, Entries):
        return root, source
    place = root.place
    hint = say("hint.for_example", example='"start: welcome"')
    source.fault(place.line, place.column, place.column + 1, say("Y000.names"), hint)
    return None, source


def _decoded(source: Source, content: bytes | str) -> str:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    if len(raw) > FILE_BYTES_MAX:
        source.fault(1, 1, 2, say("Y014.large", most=FILE_BYTES_MAX // 1024))
        raise Refused
    try:
        return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        lines = lines_of(before)
        source.text = before
        source.fault(len(lines), len(lines[-1]) + 1, len(lines[-1]) + 2, say("Y009"), say("hint.save_as_utf8"))
        raise Refused from None


def _refuse_unseen(source: Source) -> None:
    found = UNSEEN.search(source.text)
    if not found:
        return
    lines = lines_of(source.text[: found.start()])
    column = len(lines[-1]) + 1
    said = say("Y016", number=f"{ord(found[0]):04X}")
    source.fault(len(lines), column, column + 1, said, say("hint.delete_it"))
    raise Refused


def _syntax_fault(source: Source, error: yaml.YAMLError) -> None:
    found_slips = list(islice(slips(source.text), FAULTS_MAX))
    for found in found_slips:
        source.fault(*found)
    if found_slips:
        return  # they are what the parser stumbled over, told better
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    opened = getattr(error, "context_mark", None)
    began = (opened.line + 1, opened.column + 1) if opened else None
    source.fault(*explain_syntax_error(source.text, at, getattr(error, "problem", None) or "", began))


class _Builder:
    """Builds `Written` from parse events, so that a bomb or a tower is refused before it is built."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes = 0
        self.documents = 0
        self.events: Iterator[yaml.Event] = yaml.parse(source.text, Loader=LOADER)

    def build(self) -> Written | None:
        root: Written | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    self._refuse(event, say("Y015"), say("hint.take_out", what="---"))
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        blank = isinstance(root, Text) and root.plain and not root.value
        return None if blank else root

    def _node(self, event: yaml.Event, depth: int) -> Written:
        self._check(event, depth)
        place = Place(self.source.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            same_line = event.end_mark.line == event.start_mark.line
            end = event.end_mark.column + 1 if same_line else len(self.source.line(place.line)) + 1
            return Text(event.value, place, max(end, place.column + 1), not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Items(tuple(items), place)
        return Entries(self._entries(depth), place)

    def _entries(self, depth: int) -> tuple[tuple[Text, Written], ...]:
        entries: list[tuple[Text, Written]] = []
        first: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._check(event, depth + 1)
                self._refuse(event, say("Y000.key"))
            key = self._node(event, depth + 1)
            assert isinstance(key, Text)
            value = self._node(next(self.events), depth + 1)
            if key.value == "<<" and key.plain:
                self._refuse(event, say("Y013"), say("hint.write_them_out"))
            if key.plain and isinstance(value, Text) and not value.value and STUCK_TOGETHER.fullmatch(key.value):
                key, value = self._apart(key)
            if key.value in first:
                said = say("Y004.here", name=cut(key.value), line=first[key.value])
                self.source.fault(key.place.line, key.place.column, key.end_column, said)
                continue
            first[key.value] = key.place.line
            entries.append((key, value))
        return tuple(entries)

    def _apart(self, key: Text) -> tuple[Text, Text]:
        """Tell of a colon without a space, and read on as if it had one."""
        name, _, rest = key.value.partition(":")
        at, behind = key.place, key.place.column + len(name) + 1
        hint = say("hint.write_so", text=f"{name}: {cut(rest)}")
        self.source.fault(at.line, at.column, behind + 1, say("Y028", name=name), hint)
        written = Text(rest, Place(at.file, at.line, behind), key.end_column, True)
        return Text(name, at, behind - 1, True), written

    def _check(self, event: yaml.Event, depth: int) -> None:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            self._refuse(event, say("Y014.much", most=f"{NODES_MAX:,}"))
        if depth > DEPTH_MAX:
            self._refuse(event, say("Y014.deep", most=DEPTH_MAX))
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=event.start_mark)
        if event.anchor:
            self._refuse(event, say("Y011.word", sign="&"), say("hint.quote_it"))
        if event.tag:  # a bare "!" arrives as a tag, too
            self._refuse(event, say("Y012", sign="!"), say("hint.quote_it"))
        if isinstance(event, yaml.ScalarEvent) and (unseen := UNSEEN.search(event.value)):
            self._refuse(event, say("Y016", number=f"{ord(unseen[0]):04X}"), say("hint.delete_it"))

    def _refuse(self, event: yaml.Event, said: Said, hint: Said | None = None) -> None:
        mark = event.start_mark
        self.source.fault(mark.line + 1, mark.column + 1, mark.column + 2, said, hint)
        raise Refused
