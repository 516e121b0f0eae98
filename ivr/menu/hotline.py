"""Hotline: the files of one folder read into a Tree, or every fault in them told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ivr.menu.check import check_tree
from ivr.menu.fault import FAULTS_MAX, Fault, MenuError, in_order, say
from ivr.menu.language.head import HOTLINE, LANGUAGES, SECTIONS, lists_of, numbers_of
from ivr.menu.language.shape import Given
from ivr.menu.notes import Notes, name_of
from ivr.menu.place import Place
from ivr.menu.reader import FILE_BYTES_MAX, Entries, Text, Written, read_text
from ivr.menu.tree import QueueSettings, Tree
from ivr.menu.unswept import unswept
from ivr.menu.words import Words
from routing.hours import Calendar

FILES_MAX = 200
HOTLINE_BYTES_MAX = 1024 * 1024  # of all files together
SPREAD = {key.name for key in SECTIONS}
"""What may be spread over several files; all else stands in one."""

RECORDINGS = "recordings"
"""The folder within a hotline's folder that holds what was spoken by a person."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of reading: the tree, unless a fault is an error, and all faults in the files' order.

    `draft` is the tree as far as it could be read, whatever its faults (names in it may lead nowhere); `written` is all
    files' entries put together, and `texts` the files' texts by the names that faults have.
    """

    tree: Tree | None
    faults: tuple[Fault, ...]
    draft: Tree | None = None
    written: Entries | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


def read_hotline(folder: Path | str) -> Tree:
    """The tree in the `*.yaml` files below `folder`; MenuError with all faults when they cannot be used."""
    return _tree_or_raise(examine_folder(folder))


def read_files(files: Mapping[str, bytes | str]) -> Tree:
    """The tree in files given by name and content, as they were stored; MenuError with all faults otherwise."""
    return _tree_or_raise(examine(files))


def hotline_folders(folder: Path | str) -> list[Path]:
    """`folder` itself if it holds `*.yaml` files, else the folders in it that do: one hotline each."""
    folder = Path(folder)
    if any(_is_file(path) for path in folder.glob("*.yaml")):
        return [folder]
    return sorted({path.parent for path in folder.glob("*/*.yaml") if _is_file(path)})


def _is_file(path: Path) -> bool:
    """Whether a path is one of a hotline's: editors leave locks and copies whose names begin with a dot."""
    return not path.name.startswith(".") and path.is_file()


def files_in(folder: Path | str) -> dict[str, bytes]:
    """The `*.yaml` files below `folder` by their names within it; too large ones are cut behind the limit."""
    found: dict[str, bytes] = {}
    for path in paths_in(folder)[: FILES_MAX + 1]:
        with path.open("rb") as file:
            found[path.relative_to(folder).as_posix()] = file.read(FILE_BYTES_MAX + 1)
    return found


def paths_in(folder: Path | str) -> list[Path]:
    """The paths of a hotline's files, in order."""
    return sorted(path for path in Path(folder).rglob("*.yaml") if _is_file(path))


def examine_folder(folder: Path | str) -> Examined:
    """Read a folder's files and say everything about them; faults name files as seen from where `folder` is."""
    return examine(files_in(folder), f"{Path(folder).as_posix()}/", recordings_in(folder))


def recordings_in(folder: Path | str) -> frozenset[str]:
    """The names of the sound files below the folder's `recordings/`, as the hotline's files name them."""
    root = Path(folder) / RECORDINGS
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def examine(files: Mapping[str, bytes | str], prefix: str = "", recordings: Collection[str] | None = None) -> Examined:
    """Read files and say everything about them; `prefix` stands before the names in faults.

    `recordings`: the sound files there are; None leaves open whether those that are named exist.
    """
    with unswept():
        return _examine(files, prefix, recordings)


def _examine(files: Mapping[str, bytes | str], prefix: str, recordings: Collection[str] | None) -> Examined:
    notes = Notes({}, recordings)
    if not 0 < len(files) <= FILES_MAX:
        place = Place(prefix or "hotline", 1, 1)
        notes.error(place, 2, say("Y021", most=FILES_MAX))
        return Examined(None, tuple(notes.faults))
    if sum(map(len, files.values())) > HOTLINE_BYTES_MAX:
        notes.error(Place(prefix + min(files), 1, 1), 2, say("Y014.together", most=HOTLINE_BYTES_MAX // 1024))
        return Examined(None, tuple(notes.faults))
    roots: list[Entries] = []
    unread = False
    for name in sorted(files):
        root, source = read_text(prefix + name, files[name])
        notes.sources[source.file] = source
        notes.faults.extend(source.faults)
        unread = unread or (root is None and bool(source.faults))
        if root:
            roots.append(root)
    written = _merged(notes, roots)
    tree = _read_tree(notes, written, digest(files), partial=unread)
    if tree is not None and not unread:  # with a file missing, half the references would seem to miss their targets
        check_tree(tree, notes)
    faults = in_order(notes.faults)[:FAULTS_MAX]
    broken = any(fault.severity == "error" for fault in faults)
    texts = {name: source.text for name, source in notes.sources.items()}
    return Examined(None if broken else tree, faults, tree, written, texts)


def digest(files: Mapping[str, bytes | str]) -> str:
    """The version of files: the same names and contents, the same 64 letters."""
    sha = hashlib.sha256()
    for name in sorted(files):
        content = files[name]
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        for part in (name.encode("utf-8", "surrogatepass"), raw):
            sha.update(len(part).to_bytes(8, "big") + part)
    return sha.hexdigest()


def _tree_or_raise(examined: Examined) -> Tree:
    if examined.tree is None:
        raise MenuError(examined.faults)
    return examined.tree


def _merged(notes: Notes, roots: list[Entries]) -> Entries:
    """One group out of all files: sections put together, everything else once."""
    sections: dict[str, dict[str, tuple[Text, Written]]] = {}
    heads: dict[str, Text] = {}
    others: dict[str, tuple[Text, Written]] = {}
    for key, value in (entry for root in roots for entry in root.entries):
        if key.value in SPREAD and isinstance(value, Entries):
            heads.setdefault(key.value, key)
            section = sections.setdefault(key.value, {})
            for entry in value.entries:
                _add_once(notes, section, entry)
        else:
            _add_once(notes, others, (key, value))
    merged = [(heads[name], Entries(tuple(content.values()), heads[name].place)) for name, content in sections.items()]
    first = roots[0].place if roots else Place(next(iter(notes.sources)), 1, 1)
    return Entries((*others.values(), *merged), first)


def _add_once(notes: Notes, into: dict[str, tuple[Text, Written]], entry: tuple[Text, Written]) -> None:
    name = entry[0].value
    if name in into:
        first = into[name][0].place
        values = {"name": name_of(entry[0]), "file": first.file, "line": first.line}
        notes.wrong(entry[0], "Y004.places", say("hint.keep_one"), **values)
    else:
        into[name] = entry


def _read_tree(notes: Notes, written: Entries, version: str, *, partial: bool) -> Tree | None:
    entries = {key.value: (key, value) for key, value in written.entries}
    if "languages" in entries:
        languages = LANGUAGES.read(notes, *entries["languages"])
        notes.languages = tuple(dict.fromkeys(languages)) if all(languages) else ()
        notes.known.pop("language", None)  # they are read once more, in their turn
    if not partial:
        _tell_missing(notes, written)
    given = HOTLINE.read_entries(notes, None, written, lenient=True)
    return _tree(given, version) if notes.languages else None  # without them all else is still looked at


def _tell_missing(notes: Notes, written: Entries) -> None:
    names = {key.value: key.place for key, _ in written.entries}
    at = names.get("hotline", written.place)  # the file that tells of the hotline itself
    for key in HOTLINE.keys:
        if key.required and key.name not in names:
            notes.error(at, at.column + 1, say("Y022", name=key.name), key.hint)


def _tree(given: Given, version: str) -> Tree:
    languages = given.notes.languages
    hotline = given["hotline"]
    return Tree(
        hotline=hotline,
        version=version,
        name=given["name"] or Words(dict.fromkeys(languages, hotline)),
        numbers=numbers_of(given, languages[0]),
        languages=languages,
        conventions=given["conventions"],
        start=given["start"],
        nodes=_whole(given["nodes"]),
        queues=_with_hours(_whole(given["queues"]), _whole(given["hours"])),
        hours=_whole(given["hours"]),
        surveys=_whole(given["surveys"]),
        cases=_whole(given["cases"]),
        fallback_number=given["fallback_number"],
        transfer_numbers=tuple(given["transfer_numbers"]),
        emergency=given["emergency"],
        voices=given["voices"],
        lists=lists_of(given),
        dispositions=given["dispositions"],
        texts=given["texts"],
        currency=given["currency"],
        mail=_whole(given["mail"]),
        contacts=_whole(given["contacts"]),
        alarms=given["alarms"],
    )


def _whole(read: Mapping[str, Any]) -> dict[str, Any]:
    """What could be read; the faults of the rest are told."""
    return {name: thing for name, thing in read.items() if thing is not None}


def _with_hours(queues: Mapping[str, QueueSettings], hours: Mapping[str, Calendar]) -> dict[str, QueueSettings]:
    """The queues, each with the calendar by which it calls back: its own for that, or the one that it is served by."""
    found = dict(queues)
    for name, settings in queues.items():
        when = hours.get(settings.callbacks.hours or settings.hours or "")
        if when is not None:
            found[name] = replace(settings, queue=replace(settings.queue, callback_hours=when))
    return found
