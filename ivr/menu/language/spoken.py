"""Spoken: words in every language of the hotline, as text, as plural forms, or with a recording of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from babel import Locale

from ivr.menu.fault import cut, say
from ivr.menu.language.leaf import ANY_PLAIN, LANGUAGES_SPOKEN
from ivr.menu.language.shape import Definitions, Leaf, Shape, where
from ivr.menu.notes import Notes, example, name_of
from ivr.menu.reader import Entries, Text, Written
from ivr.menu.words import NO_WORDS, Plural, Words

TEXT_LENGTH_MAX = 1500  # characters of one text, two minutes of speech; carriers refuse more than 4096
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_STRAY_BRACE = re.compile(r"[{}]")  # callers would hear it
PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")
NEEDED_FORMS = {"en": ("one", "other"), "de": ("one", "other"), "sr": ("one", "few", "other"), "es": ("one", "other")}
"""Spanish has `many` too, for millions; nobody waits so long."""

_ASKS_FOR_KEY = re.compile(r"\b(press|drücken|taste|drück|притисните|тастер|pulse|oprima|marque)\Z", re.IGNORECASE)
_MARK = re.compile(r"\$\{|</?[A-Za-z][A-Za-z0-9:-]{0,39}(?:[ \t][^<>]{0,400})?/?>")
"""What belongs in a page or a program; callers would hear it."""

_SILENT = "\\s!-/:-@\\[-`{-~¡¿«»‐-‧…"
_TEXT: dict[str, Any] = {"type": "string", "pattern": f"[^{_SILENT}]", "maxLength": TEXT_LENGTH_MAX}
_AUDIBLE = re.compile(f"[^{_SILENT}]")


def _sound(notes: Notes, written: Text, file: str) -> str:
    notes.use("recording", file, written)
    return file


RECORDING = Leaf(
    r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}\.(?:wav|mp3)", "a sound file below `recordings/`", "P221",
    hint=example("welcome_en.wav"), after=_sound,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words; `counts`: placeholders known at this place besides those of the hotline."""

    counts: tuple[str, ...] = ()

    @property
    def blank(self) -> Words:
        return NO_WORDS

    def read(self, notes: Notes, at: Text | None, written: Written) -> Words:
        if isinstance(written, Entries):
            names = {key.value for key, _ in written.entries}
            if names & {"say", "recording"}:
                return self._with_recording(notes, at, written)
            return self._by_language(notes, at, written)
        if not isinstance(written, Text):
            notes.wrong(where(at, written), "Y018.words", name=at.value if at else "")
            return NO_WORDS
        said = self._said(notes, written)
        if len(notes.languages) > 1:
            every = " ".join(f"{language}: ..." for language in notes.languages)
            if said:
                notes.wrong(where(at, written), "L301.each", say("hint.this", text=every))
            return NO_WORDS
        return Words({"".join(notes.languages): said})  # none: they could not be read; all else is still told

    def _with_recording(self, notes: Notes, at: Text | None, written: Entries) -> Words:
        parts = {key.value: (key, value) for key, value in written.entries}
        for name, (key, _) in parts.items():
            if name not in ("say", "recording"):
                notes.wrong(key, "Y008.entry", say("hint.there_are", names="say, recording"), name=name_of(key))
        if "say" not in parts:
            notes.wrong(where(at, written), "P222", say("hint.add", what="say:"))
            words = NO_WORDS
        elif isinstance(parts["say"][1], Entries) and {"say", "recording"} & {
            key.value for key, _ in parts["say"][1].entries
        }:
            notes.wrong(parts["say"][0], "Y018.words", name="say")
            words = NO_WORDS
        else:
            words = self.read(notes, *parts["say"])
        files = _recordings(notes, *parts["recording"]) if "recording" in parts else {}
        return Words(words.texts, words.plurals, files)

    def _by_language(self, notes: Notes, at: Text | None, written: Entries) -> Words:
        said: dict[str, str] = {}
        plurals: dict[str, Plural] = {}
        for key, value in written.entries:
            _tell_if_unspoken(notes, key)
            if key.value not in LANGUAGES_SPOKEN:
                continue
            if isinstance(value, Text):
                said[key.value] = self._said(notes, value)
            elif isinstance(value, Entries):
                plural = self._plural(notes, key, value)
                said[key.value] = plural.forms.get("other", "") if plural else ""
                if plural:
                    plurals[key.value] = plural
            else:
                notes.wrong(key, "Y018.text", name=key.value)
                said[key.value] = ""
        lacking = [language for language in notes.languages if language not in said]
        if lacking:
            hint = say("hint.add", what=", ".join(f"{language}: ..." for language in lacking))
            notes.wrong(where(at, written), "L301.lacking", hint, languages=", ".join(lacking))
        spoken = notes.languages or LANGUAGES_SPOKEN
        return Words(
            {language: text for language, text in said.items() if language in spoken},
            {language: plural for language, plural in plurals.items() if language in spoken},
        )

    def _plural(self, notes: Notes, language: Text, written: Entries) -> Plural | None:
        hint = example("minutes: {one: ..., other: ...}")
        if len(written.entries) != 1 or not isinstance(written.entries[0][1], Entries):
            notes.wrong(language, "L305.one_number", hint)
            return None
        counted, content = written.entries[0]
        notes.use("placeholder", counted.value, counted, self.counts)
        forms: dict[str, str] = {}
        needed = NEEDED_FORMS[language.value]
        for form, value in content.entries:
            if not _has_form(language.value, form.value):
                notes.wrong(form, "L305.unknown", say("hint.there_are", names=", ".join(needed)), form=name_of(form))
            elif isinstance(value, Text):
                forms[form.value] = self._said(notes, value)
            else:
                notes.wrong(form, "Y018.text", name=form.value)
        lacking = [form for form in needed if form not in {key.value for key, _ in content.entries}]
        if lacking:
            hint = say("hint.add", what=", ".join(f"{form}: ..." for form in lacking))
            notes.wrong(counted, "L305.lacking", hint, forms=", ".join(lacking))
        return Plural(counted.value, forms) if "other" in forms else None

    def _said(self, notes: Notes, written: Text) -> str:
        text = " ".join(written.value.split())
        if not text:
            notes.wrong(written, "L301.empty", say("hint.write_what_is_said"))
        elif not _AUDIBLE.search(text):
            notes.wrong(written, "P226", say("hint.write_what_is_said"), text=cut(text))
        elif found := _MARK.search(text):
            named = PLACEHOLDER.match(text, found.start() + 1)
            said = say("P225.dollar") if named else say("P225.tag", sign=cut(found[0]))
            hint = say("hint.write_so", text=named[0]) if named else say("hint.take_it_out")
            notes.warning(written.place, written.end_column, said, hint)
        if len(written.value) > TEXT_LENGTH_MAX:
            notes.wrong(written, "P215", most=TEXT_LENGTH_MAX)
            return text
        rest = notes.sources[written.place.file].line(written.place.line)[written.end_column - 1 :]
        if written.plain and re.match(r"\s+#", rest) and (_ASKS_FOR_KEY.search(text) or not re.match(r"\s+# ", rest)):
            notes.wrong(written, "Y003.text", say("hint.quote_the_text"), text=cut(text))
        for found in PLACEHOLDER.finditer(text):
            notes.use("placeholder", found[1], written, self.counts)
        if stray := set(_STRAY_BRACE.findall(PLACEHOLDER.sub("", text))):
            never_closed = stray == {"{"}
            key, hint = ("Y006.bracket", "hint.close_it") if never_closed else ("Y006.extra", "hint.delete_it")
            notes.wrong(written, key, say(hint), sign=min(stray))
        return text

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if "words" not in definitions:
            said = {"anyOf": [_TEXT, *ANY_PLAIN]}
            spoken = {language: {"anyOf": [said, _plural_schema(language)]} for language in LANGUAGES_SPOKEN}
            by_language = {"type": "object", "properties": spoken, "additionalProperties": False}
            files = {language: RECORDING.schema({}) for language in LANGUAGES_SPOKEN}
            recorded = {"anyOf": [RECORDING.schema({}), {**by_language, "properties": files}]}
            definitions["words"] = {
                "description": "What callers hear, once for each language of the hotline.",
                "anyOf": [
                    said,
                    {"type": "object", "if": {"anyOf": [{"required": ["say"]}, {"required": ["recording"]}]},
                     "then": {"required": ["say"], "additionalProperties": False,
                              "properties": {"say": {"anyOf": [said, by_language]}, "recording": recorded}},
                     "else": by_language},
                ],
            }  # fmt: skip
        return {"$ref": "#/$defs/words"}

    def takes(self) -> str:
        return "words, once for each language"


WORDS: Shape = Spoken()


def _plural_schema(language: str) -> dict[str, Any]:
    forms = {form: {"anyOf": [_TEXT, *ANY_PLAIN]} for form in PLURAL_FORMS if _has_form(language, form)}
    each = {"type": "object", "properties": forms, "additionalProperties": False}
    each["required"] = list(NEEDED_FORMS[language])
    return {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": each}


def _has_form(language: str, form: str) -> bool:
    return form == "other" or form in Locale.parse(language).plural_form.tags


def _tell_if_unspoken(notes: Notes, key: Text) -> None:
    hint = say("hint.languages_are", names=", ".join(notes.languages or LANGUAGES_SPOKEN))
    if key.value not in LANGUAGES_SPOKEN:
        notes.wrong(key, "Y008.language", hint, name=name_of(key))
    elif notes.languages and key.value not in notes.languages:
        notes.wrong(key, "L310.name", hint, name=name_of(key))


def _recordings(notes: Notes, at: Text, written: Written) -> dict[str, str]:
    if isinstance(written, Text):
        if len(notes.languages) < 2:
            return {"".join(notes.languages): RECORDING.read(notes, at, written)}
        file = RECORDING.read(notes, at, written)
        notes.wrong(written, "L301.each", say("hint.this", text=f"{notes.languages[0]}: {file}"))
        return {}
    if not isinstance(written, Entries):
        notes.wrong(at, "Y018.entries", name=at.value)
        return {}
    for key, _ in written.entries:
        _tell_if_unspoken(notes, key)
    return {key.value: RECORDING.read(notes, key, value) for key, value in written.entries}
