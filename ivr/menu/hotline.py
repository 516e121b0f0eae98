"""Hotline: the files of one folder read into a Tree, or every fault in them told at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.menu.check import check_tree
from ivr.menu.fault import FAULTS_MAX, Fault, MenuError, in_order, quoted
from ivr.menu.form import Form, Notes
from ivr.menu.nodes import KEY, read_nodes
from ivr.menu.reader import FILE_BYTES_MAX, Entries, Items, Text, Written, read_text
from ivr.menu.rooms import read_cases, read_hours, read_queues, read_surveys
from ivr.menu.tree import Conventions, Place, Tree

FILES_MAX = 200
HOTLINE_BYTES_MAX = 1024 * 1024  # of all files together
SECTIONS = ("nodes", "queues", "hours", "surveys", "cases")
"""What may be spread over several files; all else stands in one."""

LANGUAGES_SPOKEN = ("en", "de", "sr", "es")
"""The languages the engine has sentences in."""

_PHONE_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}\Z")


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of reading: the tree, unless a fault is an error, and all faults in the files' order."""

    tree: Tree | None
    faults: tuple[Fault, ...]


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
    return examine(files_in(folder), f"{Path(folder).as_posix()}/")


def examine(files: Mapping[str, bytes | str], prefix: str = "") -> Examined:
    """Read files and say everything about them; `prefix` stands before the names in faults."""
    notes = Notes({})
    if not 0 < len(files) <= FILES_MAX:
        place = Place(prefix or "hotline", 1, 1)
        notes.error(place, 2, f"A hotline has 1 to {FILES_MAX} files ending in .yaml.", "Y021")
        return Examined(None, tuple(notes.faults))
    if sum(map(len, files.values())) > HOTLINE_BYTES_MAX:
        message = f"These files are too large together: {HOTLINE_BYTES_MAX // 1024} KiB are the most."
        notes.error(Place(prefix + min(files), 1, 1), 2, message, "Y014")
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
    tree = _read_tree(notes, _merged(notes, roots), digest(files), partial=unread)
    if tree is not None and not unread:  # with a file missing, half the references would seem to miss their targets
        check_tree(tree, notes)
    faults = in_order(notes.faults)[:FAULTS_MAX]
    broken = any(fault.severity == "error" for fault in faults)
    return Examined(None if broken else tree, faults)


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
        if key.value in SECTIONS and isinstance(value, Entries):
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
        notes.wrong(
            entry[0], f"{quoted(name)} stands in two places; first at {first.file}:{first.line}.", "Y004", "keep one"
        )
    else:
        into[name] = entry


def _read_tree(notes: Notes, written: Entries, version: str, *, partial: bool) -> Tree | None:
    form = Form(notes, written, None, partial=partial)
    notes.languages = _languages(form)
    if not notes.languages:
        return None
    hotline = form.text("hotline", required=True)
    name, numbers = form.words("name", required=False), _numbers(form)
    fallback = form.text("fallback_number")
    tree = Tree(
        hotline=hotline.value if hotline else "",
        version=version,
        name=name or dict.fromkeys(notes.languages, hotline.value if hotline else ""),
        numbers=numbers,
        languages=notes.languages,
        conventions=_conventions(form),
        start=form.refer("start", "menu") or "",
        nodes=read_nodes(notes, tuple(form.members("nodes"))),
        queues=read_queues(notes, tuple(form.members("queues"))),
        hours=read_hours(notes, tuple(form.members("hours"))),
        surveys=read_surveys(notes, tuple(form.members("surveys"))),
        cases=read_cases(notes, tuple(form.members("cases"))),
        fallback_number=_phone_number(notes, fallback) if fallback else None,
    )
    form.done()
    return tree


def _languages(form: Form) -> tuple[str, ...]:
    found: list[str] = []
    items = form.items("languages")
    if not items and "languages" not in form:
        form.missing("languages", "for example languages: [en, de]")
    for item in items:
        if not isinstance(item, Text) or item.value not in LANGUAGES_SPOKEN:
            form.notes.wrong(item, "This is no language I speak.", "L309", "there are: " + ", ".join(LANGUAGES_SPOKEN))
        elif item.value in found:
            form.notes.wrong(item, f'"{item.value}" is given twice.', "L309")
        else:
            found.append(item.value)
    return tuple(found)


def _numbers(form: Form) -> dict[str, str]:
    notes, numbers = form.notes, {}
    written = form.get("numbers")
    if isinstance(written, Entries):
        pairs = list(written.entries)
    elif isinstance(written, Items):
        pairs = [(item, None) for item in written.items if isinstance(item, Text)]
    else:
        form.missing("numbers", 'for example numbers: ["+1 800 555 0142"]')
        return {}
    for number, language in pairs:
        dialled = _phone_number(notes, number)
        spoken = language.value if isinstance(language, Text) else notes.languages[0]
        if spoken not in notes.languages:
            notes.wrong(language or number, f"This hotline does not speak {quoted(spoken)}.", "L308")
        if dialled in numbers:
            notes.wrong(number, "This number is given twice.", "N604")
        if dialled:
            numbers[dialled] = spoken
    return numbers


def _phone_number(notes: Notes, written: Text) -> str | None:
    number = re.sub(r"[\s().\-/]", "", written.value)
    if _PHONE_NUMBER.match(number):
        return number
    hint = 'with + and the country first, for example "+1 800 555 0142"'
    notes.wrong(written, "This is no telephone number that callers could dial.", "N601", hint)
    return None


def _conventions(form: Form) -> Conventions:
    group = form.group("conventions")
    keys = {"operator": "0", "back": "*", "repeat": "#"}
    if group is None:
        return Conventions(**keys)
    for name in keys:
        written = group.text(name)
        if written is None:
            continue
        if not KEY.match(written.value):
            group.notes.wrong(
                written, f"{quoted(written.value)} is no key of a telephone: 0 to 9, * and # are.", "K206"
            )
        keys[name] = written.value
    if len(set(keys.values())) < len(keys):
        message = "One key cannot mean two things: " + ", ".join(f"{name} {key}" for name, key in keys.items()) + "."
        group.notes.error(group.place, _end_of(group), message, "K203")
    group.done()
    return Conventions(**keys)


def _end_of(form: Form) -> int:
    return form.title.end_column if form.title else form.place.column + 1
