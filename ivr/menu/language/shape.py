"""Shape: what may stand behind a name, described so that it can be read, turned into JSON Schema and explained."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ivr.menu.fault import Said, did_you_mean, meant, say
from ivr.menu.notes import Notes, name_of
from ivr.menu.place import Place
from ivr.menu.reader import Entries, Items, Text, Written

Definitions = dict[str, Any]
"""The groups of a schema by name, collected on the way."""


class Shape(Protocol):
    """Something that may stand behind a name. `blank` is what is taken for it when it cannot be read."""

    @property
    def blank(self) -> Any: ...

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        """The value of what is written behind `at`; what is wrong with it is noted."""

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        """The same in JSON Schema."""

    def takes(self) -> str:
        """The same in a few words for the reference."""


def where(at: Text | None, written: Written) -> Written:
    """Where a fault of a whole value is shown: at the value on its line, else at the name before it."""
    if at is None or (written.place.line == at.place.line and not isinstance(written, Entries)):
        return written
    return at


@dataclass(frozen=True, slots=True)
class Key:
    """One name of a group: what may stand behind it, and what it means to a supervisor in one sentence."""

    name: str
    shape: Shape
    meaning: str
    default: Any = None  # the value when the name is left out
    required: bool = False
    left_out: str = ""  # what happens then, where the default does not say it
    hint: Said | None = None  # when it is missing


class Given:
    """A group as it was read: the values by name, and where they stand."""

    def __init__(
        self, notes: Notes, title: Text | None, written: Written, values: Mapping[str, Any], *, sound: bool
    ) -> None:
        """`sound`: nothing in the group was at fault so far."""
        self.sound = sound
        self.notes = notes
        self.place = title.place if title else written.place
        self.end_column = title.end_column if title else written.place.column + 1
        self.name = title.value if title else ""
        self.title = title
        self._values = values
        entries = written.entries if isinstance(written, Entries) else ()
        self._entries = {key.value: (key, value) for key, value in entries}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __contains__(self, name: str) -> bool:
        """Whether the name is written."""
        return name in self._entries

    def key(self, name: str) -> Text:
        """The name as written."""
        return self._entries[name][0]

    def at(self, name: str) -> Written:
        """What stands behind a name, else the name, else the group's title: where a fault of it is shown."""
        if name not in self._entries:
            return self.title or Text("", self.place, self.end_column, True)
        return where(*self._entries[name])


@dataclass(frozen=True, slots=True)
class Leaf:
    """One word or text as typed that matches a pattern and is made into a value.

    `pattern` is understood alike by Python and by JSON Schema. `plain`: what an editor may take the unquoted word for
    besides a text (a number, say), as JSON Schema.
    """

    pattern: str
    short: str  # "a whole number from 5 to 120"
    key: str  # of the message when it does not match
    values: Mapping[str, object] = field(default_factory=dict)
    hint: Said | None = None
    make: Callable[[str], Any] = str
    blank: Any = ""
    plain: tuple[Mapping[str, Any], ...] = ()
    choices: tuple[str, ...] = ()
    after: Callable[[Notes, Text, Any], Any] | None = None  # a closer look, for what no pattern can say

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        if not isinstance(written, Text) or not written.value.strip():
            name = at.value if at else ""
            notes.wrong(where(at, written), "Y018.text" if name else "Y018.one_text", self.hint, name=name)
            return self.blank
        if not re.fullmatch(self.pattern, written.value):
            hint = meant(written.value, self.choices) if self.choices else self.hint
            shown = at.value if at else written.value
            notes.wrong(written, self.key, hint, name=shown, word=name_of(written), **self.values)
            return self.blank
        value = self.make(written.value)
        return self.after(notes, written, value) if self.after else value

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        text: dict[str, Any] = {"type": "string", "pattern": f"^(?:{self.pattern})$"}
        if self.choices:
            text = {"type": "string", "enum": list(self.choices)}
        plain = [*map(dict, self.plain)]
        if not plain and re.fullmatch(self.pattern, "true"):  # unquoted, an editor takes it for a truth value
            plain = [{"type": "boolean"}]
        return {"anyOf": [text, *plain]} if plain else text

    def takes(self) -> str:
        return self.short


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; one word alone counts as a list of one."""

    item: Shape
    short: str
    least: int = 0
    groups_alone: bool = False  # one group alone counts as a list of one, too

    @property
    def blank(self) -> Any:
        return ()

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        if isinstance(written, Items):
            if len(written.items) < self.least:
                notes.wrong(where(at, written), "Y023", name=at.value if at else "", least=self.least)
            return tuple(self.item.read(notes, None, item) for item in written.items)
        if isinstance(written, Text) and (parts := self._without_brackets(written.value)):
            hint = say("hint.write_so", text=f"[{', '.join(parts)}]")
            notes.wrong(written, "Y018.list", hint, name=at.value if at else "")
            return tuple(map(self.item.make, parts)) if isinstance(self.item, Leaf) else ()
        if (isinstance(written, Text) and written.value) or (self.groups_alone and isinstance(written, Entries)):
            return (self.item.read(notes, at, written),)
        notes.wrong(where(at, written), "Y018.list", say("hint.each_line_begins"), name=at.value if at else "")
        return ()

    def _without_brackets(self, word: str) -> list[str]:
        """The items that somebody wrote with commas alone; none where the word may be meant as one."""
        parts = [part.strip() for part in word.split(",")]
        if not isinstance(self.item, Leaf) or len(parts) < 2 or re.fullmatch(self.item.pattern, word):
            return []
        return parts if all(re.fullmatch(self.item.pattern, part) for part in parts) else []

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        item = self.item.schema(definitions)
        many: dict[str, Any] = {"type": "array", "items": item}
        if self.least:
            many["minItems"] = self.least
        alone = ["string", "number", "boolean", *(["object"] if self.groups_alone else [])]
        return {"anyOf": [many, {"allOf": [{"type": alone}, item]}]}

    def takes(self) -> str:
        return self.short


@dataclass(frozen=True, slots=True)
class Named:
    """Freely named entries, each with the same shape behind it."""

    name: Leaf  # what the names may be
    value: Shape
    short: str
    know: str = ""  # the sort under which the names are known to the rest of the hotline
    least: int = 0
    key: str = "Y023"

    @property
    def blank(self) -> Any:
        return {}

    def read(self, notes: Notes, at: Text | None, written: Written) -> dict[Any, Any]:
        if not isinstance(written, Entries):
            notes.wrong(where(at, written), "Y018.names", name=at.value if at else "")
            notes.unread.add(self.know)
            return {}
        if len(written.entries) < self.least:
            notes.wrong(at or written, self.key, name=at.value if at else "", least=self.least)
        found: dict[Any, Any] = {}
        for name, value in written.entries:
            if self.know:
                notes.know(self.know, name)
            faults = len(notes.faults)
            key = self.name.read(notes, None, name)
            sound = len(notes.faults) == faults
            content = self.value.read(notes, name, value)
            if sound:
                found[key] = content
        return found

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        made: dict[str, Any] = {"type": "object", "additionalProperties": self.value.schema(definitions)}
        made["propertyNames"] = self.name.schema(definitions)
        if self.least:
            made["minProperties"] = self.least
        return made

    def takes(self) -> str:
        return self.short


@dataclass(frozen=True, slots=True)
class Group:
    """A group of named entries, known ones only, made into one thing by `build`."""

    name: str  # of the definition in the schema, "menu"
    meaning: str
    keys: tuple[Key, ...]
    build: Callable[[Given], Any]
    blank: Any = None
    examples: tuple[str, ...] = ()
    short: str = "several entries, see below"

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        if not isinstance(written, Entries):
            notes.wrong(at or written, "Y018.entries" if at else "Y018.entries_here", name=at.value if at else "")
            return self.blank
        return self.read_entries(notes, at, written)

    def read_entries(self, notes: Notes, at: Text | None, written: Entries, *, lenient: bool = False) -> Any:
        """The same for what is known to be a group; `lenient`: nothing is called missing."""
        entries = {key.value: (key, value) for key, value in written.entries}
        values: dict[str, Any] = {}
        faults = len(notes.faults)
        for key in self.keys:
            if key.name in entries:
                values[key.name] = key.shape.read(notes, *entries[key.name])
            else:
                values[key.name] = key.shape.blank if key.required else key.default
                if key.required and not lenient:
                    self._missing(notes, at, written.place, key)
        known = [key.name for key in self.keys]
        for name, (written_key, _) in entries.items():
            if name not in known and not notes.full:
                notes.wrong(written_key, "Y008.entry", meant(name, known, tell=True), name=name_of(written_key))
        return self.build(Given(notes, at, written, values, sound=len(notes.faults) == faults))

    def _missing(self, notes: Notes, at: Text | None, place: Place, key: Key) -> None:
        if at:
            notes.error(at.place, at.end_column, say("Y017.of", name=key.name, of=name_of(at)), key.hint)
        else:
            notes.error(place, place.column + 1, say("Y017.here", name=key.name), key.hint)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if self.name not in definitions:
            definitions[self.name] = {}  # the place is taken, so that a group within itself ends
            definitions[self.name] = self.as_schema(definitions)
        return {"$ref": f"#/$defs/{self.name}"}

    def as_schema(self, definitions: Definitions) -> dict[str, Any]:
        """The definition itself."""
        properties = {}
        for key in self.keys:
            described: dict[str, Any] = {"description": key.meaning}
            if isinstance(key.default, str | int | float | bool):
                described["default"] = key.default
            properties[key.name] = {**described, **key.shape.schema(definitions)}
        made: dict[str, Any] = {"type": "object", "description": self.meaning, "properties": properties}
        if required := [key.name for key in self.keys if key.required]:
            made["required"] = required
        made["additionalProperties"] = False
        if self.examples:
            made["examples"] = list(self.examples)
        return made

    def takes(self) -> str:
        return self.short


@dataclass(frozen=True, slots=True)
class OneKind:
    """A group of one of several kinds, told apart by the first of these names that stands in it."""

    name: str
    kinds: Mapping[str, Group]
    none: str  # key of the message when no name of a kind stands there; {names} are all there are
    two: str  # when names of two kinds do
    blank: Any = None
    otherwise: Group | None = None  # the kind when none is named
    short: str = "several entries, see below"

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        if not isinstance(written, Entries):
            notes.wrong(at or written, "Y018.entries" if at else "Y018.entries_here", name=at.value if at else "")
            return self.blank
        names = {key.value: key for key, _ in written.entries}
        kind = next((kind for kind in self.kinds if kind in names), None)
        if kind is None:
            if self.otherwise:
                return self.otherwise.read(notes, at, written)
            entries = {key.name for group in self.kinds.values() for key in group.keys}
            for name, key in names.items():
                if name not in entries and (close := did_you_mean(name, self.kinds)):
                    notes.wrong(key, "Y008.entry", say("hint.did_you_mean", name=close), name=name_of(key))
                    return self.blank
            hint = say("hint.one_of", names=", ".join(self.kinds))
            notes.wrong(at or written, self.none, hint, name=name_of(at) if at else "")
            return self.blank
        group = self.kinds[kind]
        own = {key.name for key in group.keys}
        if second := next((names[it] for it in self.kinds if it in names and it not in own), None):
            values = {"name": name_of(at) if at else "", "first": kind, "second": second.value}
            notes.wrong(second, self.two, say(f"{self.two}.hint"), **values)
            return self.blank
        return group.read(notes, at, written)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if self.name not in definitions:
            definitions[self.name] = {}
            chain: Any = self.otherwise.schema(definitions) if self.otherwise else False
            for kind, group in reversed(self.kinds.items()):
                chain = {"if": {"required": [kind]}, "then": group.schema(definitions), "else": chain}
            offered = {
                key.name: {"description": key.meaning}
                for kind, group in self.kinds.items()
                for key in group.keys
                if key.name == kind
            }
            definitions[self.name] = {"type": "object", "properties": offered, **chain}
        return {"$ref": f"#/$defs/{self.name}"}

    def takes(self) -> str:
        return self.short


@dataclass(frozen=True, slots=True)
class EitherOr:
    """Different shapes for a word, a list and entries."""

    short: str
    text: Shape | None = None
    items: Shape | None = None
    entries: Shape | None = None
    key: str = "Y018.text"
    blank: Any = None

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        kind = {Text: self.text, Items: self.items, Entries: self.entries}[type(written)]
        if kind is None:
            notes.wrong(where(at, written), self.key, name=at.value if at else "")
            return self.blank
        return kind.read(notes, at, written)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        types: Iterable[tuple[str | list[str], Shape | None]] = (
            (["string", "number", "boolean"], self.text),
            ("array", self.items),
            ("object", self.entries),
        )
        return {"anyOf": [{"allOf": [{"type": each}, it.schema(definitions)]} for each, it in types if it is not None]}

    def takes(self) -> str:
        return self.short
