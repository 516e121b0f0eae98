"""Subject: what is looked at - a hotline's tree, its files as written, and what else is known about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ivr.lint.fix import Edit, Fix
from ivr.lint.lengths import Lengths
from ivr.lint.rule import UNKNOWN, Spot
from ivr.lint.spoken import Hit, Spoken, Texts, everything_spoken
from ivr.menu import tree as t
from ivr.menu.fault import line_starts
from ivr.menu.place import Place
from ivr.menu.reader import Entries, Items, Text, Written
from ivr.menu.ways import Way, ways


@dataclass(frozen=True, slots=True)
class Coverage:
    """What call scripts do: options that none presses, and words they wait for that are said nowhere."""

    unpressed: tuple[tuple[str, str], ...] = ()  # menu, key
    unheard: tuple[tuple[Place, str], ...] = ()  # where a script waits, for what


@dataclass(frozen=True)
class Known:
    """What is known besides the files. Everything may be left out; rules that would need it then stay silent."""

    today: date | None = None
    recordings: Mapping[str, float] = field(default_factory=dict)  # file -> length in seconds
    pressed: Mapping[tuple[str, str], float] = field(default_factory=dict)  # menu, key -> share of its callers, 0-1
    asked_again: Mapping[str, float] = field(default_factory=dict)  # survey -> share asked twice within 30 days, 0-1
    coverage: Coverage | None = None
    before: t.Tree | None = None  # what is published now


@dataclass(frozen=True)
class Subject:
    """A hotline to be looked at. `written`: all files' entries, put together as the reader does."""

    tree: t.Tree
    written: Entries
    texts_of_files: Mapping[str, str]
    known: Known = field(default_factory=Known)

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """All words of the tree."""
        return tuple(everything_spoken(self.tree))

    @cached_property
    def texts(self) -> Mapping[str, Texts]:
        """All that is said, by language."""
        return {language: Texts.of(language, self.spoken) for language in self.tree.languages}

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """The ways out of each node."""
        return {name: ways(self.tree, node) for name, node in self.tree.nodes.items()}

    @cached_property
    def lengths(self) -> Lengths:
        """How long callers listen to everything."""
        return Lengths(self.tree, self.ways, self.known.recordings)

    @cached_property
    def menus(self) -> tuple[t.Menu, ...]:
        """The nodes where keys are pressed."""
        return tuple(node for node in self.tree.nodes.values() if isinstance(node, t.Menu))

    @cached_property
    def asking(self) -> tuple[t.Menu | t.Ask, ...]:
        """The nodes where something is pressed or typed."""
        return tuple(node for node in self.tree.nodes.values() if isinstance(node, t.Menu | t.Ask))

    @cached_property
    def _line_starts(self) -> Mapping[str, list[int]]:
        return {file: line_starts(text) for file, text in self.texts_of_files.items()}

    @cached_property
    def _by_name(self) -> dict[int, dict[str, tuple[Text, Written]]]:
        return {}

    @cached_property
    def _texts_of(self) -> dict[tuple[str, str], dict[str, list[tuple[str, Text]]]]:
        """Section and name -> text -> where it is written, each with the name before it; filled as they are asked."""
        return {}

    def failures(self, node: t.Menu | t.Ask) -> tuple[str, ...]:
        """`silence`, and `wrong_key` where it is written; else that is as for silence, and told with it."""
        return ("silence", "wrong_key") if self.entry("nodes", node.name, "wrong_key") else ("silence",)

    def offset(self, place: Place) -> int:
        """How many characters stand before a place in its file."""
        starts = self._line_starts[place.file]
        return starts[min(place.line, len(starts)) - 1] + place.column - 1

    def line(self, place: Place) -> str:
        """The line of a place."""
        starts, text = self._line_starts[place.file], self.texts_of_files[place.file]
        start = starts[place.line - 1]
        end = starts[place.line] if place.line < len(starts) else len(text)
        return text[start:end].rstrip("\r\n")

    def end_of_block(self, place: Place) -> int:
        """Where what stands indented below a name ends: the beginning of the next line that is not part of it."""
        starts, text = self._line_starts[place.file], self.texts_of_files[place.file]
        for number in range(place.line, len(starts)):
            line = text[starts[number] : starts[number + 1] if number + 1 < len(starts) else len(text)]
            if line.strip() and len(line) - len(line.lstrip(" ")) < place.column:
                return starts[number]
        return len(text)

    def entry(self, *path: str) -> tuple[Text, Written] | None:
        """The name and what stands behind it, down a path of names; None when it is not written."""
        found: tuple[Text, Written] | None = None
        group: Written = self.written
        for name in path:
            if not isinstance(group, Entries):
                return None
            by_name = self._by_name.setdefault(id(group), {})
            if not by_name:
                by_name.update({key.value: (key, value) for key, value in group.entries})
            found = by_name.get(name)
            if found is None:
                return None
            group = found[1]
        return found

    def spot(self, *path: str) -> Spot:
        """Where a setting stands: its value, else its name, else what it belongs to."""
        for length in range(len(path), 0, -1):
            if found := self.entry(*path[:length]):
                key, value = found
                if length == len(path) and isinstance(value, Text) and value.place.line == key.place.line:
                    return spot_of(value)
                return spot_of(key)
        return UNKNOWN

    def spot_of_text(self, hit: Hit) -> Spot:
        """Where the characters of a hit stand in the file."""
        written = self.written_text(hit.spoken, hit.language, hit.text)
        if written is None:
            return self.spot(*filter(None, (hit.spoken.section, hit.spoken.name)))
        at = self._within(written, hit)
        if at is None:
            return spot_of(written)
        column = written.place.column + at
        return Spot(Place(written.place.file, written.place.line, column), column + hit.end - hit.start)

    def spot_of_words(self, spoken: Spoken, language: str) -> Spot:
        """Where words stand in a language."""
        texts = spoken.words.every_text(language)
        written = self.written_text(spoken, language, texts[0]) if texts else None
        return spot_of(written) if written else self.spot(*filter(None, (spoken.section, spoken.name)))

    def written_text(self, spoken: Spoken, language: str, text: str) -> Text | None:
        """The text as written that became these words."""
        words = self._texts_of.get((spoken.section, spoken.name))
        if words is None:
            words = self._texts_of[spoken.section, spoken.name] = {}
            root = self.entry(*filter(None, (spoken.section, spoken.name)))
            for name, it in _texts_below(root[1], root[0].value) if root else ():
                words.setdefault(" ".join(it.value.split()), []).append((name, it))
        found = words.get(text.strip(), [])
        return next((it for name, it in found if name == language), found[0][1] if found else None)

    def replacing(self, hit: Hit, by: str, *, safe: bool) -> Fix | None:
        """The fix that writes something else in place of what was hit; None where that is not written plainly."""
        written = self.written_text(hit.spoken, hit.language, hit.text)
        at = self._within(written, hit) if written else None
        if written is None or at is None:
            return None
        start = self.offset(written.place) + at
        if written.plain and breaks_plain_text(by):
            return None
        return Fix((Edit(written.place.file, start, start + hit.end - hit.start, by),), safe)

    def spot_of_number(self, number: str) -> Spot:
        """Where a telephone number stands."""
        for section in ("numbers", "fallback_number", "transfer_numbers"):
            entry = self.entry(section)
            for _, text in all_texts(entry[1]) if entry else ():
                if "".join(it for it in text.value if it in "+0123456789") == number:
                    return spot_of(text)
        return self.spot("numbers")

    def quoting(self, written: Text) -> Fix:
        """The fix that puts a word in quotation marks."""
        start = self.offset(written.place)
        end = start + written.end_column - written.place.column
        raw = self.texts_of_files[written.place.file][start:end]
        return Fix((Edit(written.place.file, start, end, f'"{raw}"'),), safe=True)

    def _within(self, written: Text, hit: Hit) -> int | None:
        """How many characters of what is written stand before the hit; None when it is written over several lines."""
        raw = self.line(written.place)[written.place.column - 1 : written.end_column - 1]
        lead = 0 if written.plain else 1
        return hit.start + lead if raw[lead : lead + len(hit.text)] == hit.text else None


def spot_of(text: Text) -> Spot:
    """A word's or a text's spot."""
    return Spot(text.place, text.end_column)


def breaks_plain_text(text: str) -> bool:
    """Whether a text without quotation marks could not hold this."""
    return any(it in text for it in (": ", " #", "\n")) or text.endswith(":")


def all_texts(written: Written) -> Iterator[tuple[str, Text]]:
    """Every text below, names included, each with the name that stands before it."""
    return _texts_below(written, "")


def _texts_below(written: Written, name: str) -> Iterator[tuple[str, Text]]:
    if isinstance(written, Text):
        yield name, written
    elif isinstance(written, Items):
        for item in written.items:
            yield from _texts_below(item, name)
    else:
        for key, value in written.entries:
            yield "", key
            yield from _texts_below(value, key.value)
