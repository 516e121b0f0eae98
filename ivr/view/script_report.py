"""Script report: the speaker's list as text, as a table for a spreadsheet, and as a page to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from importlib.resources import files
from xml.etree.ElementTree import Element

from ivr.menu.speaking import seconds
from ivr.view.facts import duration_text
from ivr.view.markup import element, written
from ivr.view.script import Script, Sentence, explained, latin_text
from ivr.view.telling import count, language_name, spoken, tell, title

USES_MAX = 6
"""More places than this are not named one by one."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets take a cell that begins like this for a formula."""


def script_text(scripts: Sequence[Script]) -> str:
    """The lists one below the other."""
    return "\n".join(line for made in scripts for line in _text(made))


def script_csv(scripts: Sequence[Script]) -> str:
    """One row a sentence, the languages one below the other."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["number", "language", "sentence", "latin", "heard at", "seconds", "file", "changes with each call"])
    for made in scripts:
        for number, sentence in enumerate(made.sentences, 1):
            row = [
                f"{made.language}-{number:03}",
                made.language,
                sentence.text,
                latin_text(sentence.text, made.language) or "",
                uses_text(sentence, made.language),
                f"{seconds(sentence.text, made.language):.1f}",
                sentence.recording or "",
                "yes" if sentence.example else "",
            ]
            rows.writerow([f"'{cell}" if cell.startswith(FORMULA_BEGINS) else cell for cell in row])
    return out.getvalue()


def script_html(scripts: Sequence[Script]) -> str:
    """A page to print, the languages one below the other, with a box to tick for each sentence."""
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", _title(scripts[0])),
        element("style", style),
    )
    parts = [part for made in scripts for part in _html(made)]
    page = element("html", head, element("body", *parts), lang=scripts[0].language)
    return "<!doctype html>\n" + written(page, "html") + "\n"


def uses_text(sentence: Sentence, language: str) -> str:
    """Where it is heard: `Welcome; Closed (After silence 1)`; only the first time at each step that says it at once."""
    places: dict[str, list[str]] = {}
    at_first = {use.place for use in sentence.uses if use.scene == "arrive"}
    for use in sentence.uses:
        if use.place in at_first and use.scene != "arrive":
            continue  # heard there anyway
        scene = "" if use.scene in ("", "arrive", "emergency") else tell(f"view.scene.{use.scene}", language, n=use.n)
        places.setdefault(scene, []).append(title(use.place))
    told = []
    for scene, names in places.items():
        shown = ", ".join(names[:USES_MAX]) + (f" (+{len(names) - USES_MAX})" if len(names) > USES_MAX else "")
        told.append(f"{shown} ({scene})" if scene else shown)
    return "; ".join(told)


def _title(made: Script) -> str:
    name = spoken(made.tree.name, made.language) or made.tree.hotline
    return tell("view.script.title", made.language, hotline=name, language=language_name(made.language, made.language))


def _length(made: Script) -> str:
    length = duration_text(round(made.seconds), made.language)
    return count("view.script.count", len(made.sentences), made.language, length=length)


def _text(made: Script) -> Iterator[str]:
    yield _title(made)
    yield _length(made)
    yield ""
    for number, sentence in enumerate(made.sentences, 1):
        yield f"{number:4}  {sentence.text}"
        latin = latin_text(sentence.text, made.language)
        if latin:
            yield f"      {latin}"
        notes = [uses_text(sentence, made.language), *_notes(sentence, made.language)]
        yield f"      [{'; '.join(notes)}]"
        yield ""
    if names := explained(made, made.language):
        yield tell("view.script.placeholders", made.language)
        yield from (f"  {{{name}}}: {what}" for name, what in names.items())
        yield ""


def _notes(sentence: Sentence, language: str) -> Iterator[str]:
    if sentence.recording:
        yield f"{tell('view.script.file', language)}: {sentence.recording}"
    if sentence.example:
        yield tell("view.script.example", language)


def _html(made: Script) -> Iterator[Element]:
    language = made.language
    yield element("h1", _title(made), lang=language)
    yield element("p", _length(made))
    names = ["number", "text", *(["latin"] if language == "sr" else []), "used"]
    heads = [element("th", tell(f"view.script.{name}", language), scope="col") for name in names]
    rows = [_row(number, sentence, language) for number, sentence in enumerate(made.sentences, 1)]
    body = element("tbody", *rows)
    yield element("table", element("thead", element("tr", *heads)), body, class_="script", lang=language)
    if told := explained(made, language):
        pairs = (element("div", element("dt", f"{{{name}}}"), element("dd", what)) for name, what in told.items())
        yield element("h2", tell("view.script.placeholders", language))
        yield element("dl", *pairs)


def _row(number: int, sentence: Sentence, language: str) -> Element:
    latin = latin_text(sentence.text, language)
    used = "; ".join([uses_text(sentence, language), *_notes(sentence, language)])
    cells = [element("td", f"☐ {number}"), element("td", sentence.text)]
    cells += [element("td", latin)] if latin is not None else []
    return element("tr", *cells, element("td", used, class_="used"))
