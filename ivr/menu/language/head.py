"""Head: everything of a hotline - who it is, its numbers, languages and keys, and all sections put together."""

from __future__ import annotations

from typing import Any

from ivr.menu.fault import say
from ivr.menu.language.alarm_limits import ALARMS
from ivr.menu.language.calendars import CALENDAR
from ivr.menu.language.contacts import CONTACT, KIND_NAME, SORT
from ivr.menu.language.desk_forms import CASE, CURRENCY, DISPOSITIONS, SURVEY, TEXTS
from ivr.menu.language.leaf import (
    KEY,
    LANGUAGE,
    LANGUAGE_KNOWN,
    LANGUAGES_SPOKEN,
    MENU,
    NAME_PATTERN,
    Leaf,
    name,
    number_to_dial,
)
from ivr.menu.language.mailboxes import MAIL
from ivr.menu.language.nodes import NODE
from ivr.menu.language.queues import QUEUE
from ivr.menu.language.shape import EitherOr, Given, Group, Key, ListOf, Named
from ivr.menu.language.spoken import WORDS
from ivr.menu.notes import Notes, example
from ivr.menu.reader import Text
from ivr.menu.tree import ISO_13714, AlarmLimits, Conventions, Emergency, NumberList


def _called(notes: Notes, written: Text, dialled: str) -> str:
    if dialled in notes.known.get("called", {}):
        notes.wrong(written, "N604")
    notes.known.setdefault("called", {})[dialled] = written.place
    return dialled


def _transfer_number(notes: Notes, written: Text, dialled: str) -> str:
    notes.known.setdefault("transfer number", {})[dialled] = written.place
    return dialled


_NUMBER = number_to_dial(_called)
NUMBERS = EitherOr(
    "numbers, or numbers each with its language",
    text=ListOf(_NUMBER, ""),
    items=ListOf(_NUMBER, "", least=1),
    entries=Named(_NUMBER, LANGUAGE, "", least=1),
    blank={},
)


def _languages(notes: Notes, written: Text, language: str) -> str:
    if language in notes.known.get("language", {}):
        notes.wrong(written, "L309.twice", word=language)
    notes.known.setdefault("language", {})[language] = written.place
    return language


LANGUAGES = ListOf(
    Leaf("|".join(LANGUAGES_SPOKEN), "a language", "L309.unknown", {"names": ", ".join(LANGUAGES_SPOKEN)},
         say("hint.there_are", names=", ".join(LANGUAGES_SPOKEN)), after=_languages),
    "languages out of en, de, sr and es",
    least=1,
)  # fmt: skip


def _conventions(given: Given) -> Conventions:
    keys = {it: None if given[it] == "none" else given[it] for it in ("operator", "back", "repeat", "end")}
    used = [key for key in keys.values() if key]
    if len(set(used)) < len(used):
        listed = ", ".join(f"{it} {key}" for it, key in keys.items() if key)
        given.notes.error(given.place, given.end_column, say("K203.twice", keys=listed))
    return Conventions(**keys)


_KEY_OR_NONE = Leaf(
    f"{KEY.pattern}|none", "a key, or none", "K206", plain=({"type": "integer", "minimum": 0, "maximum": 9},)
)
CONVENTIONS = Group(
    "conventions",
    "The keys that mean the same everywhere. No menu may use them for anything else.",
    (
        Key("operator", KEY, "Brings a person.", "0"),
        Key("back", _KEY_OR_NONE, "Goes one step back.", "*"),
        Key("repeat", _KEY_OR_NONE, "Says it again.", "#"),
        Key("end", _KEY_OR_NONE, "Ends the call.", "none"),
    ),
    _conventions,
    Conventions(),
    short="operator, back, repeat and end, see below",
)
CONVENTIONS_OR_PRESET = EitherOr(
    "operator, back, repeat and end, see below; or iso-13714 (0 person, * back, 9 end)",
    text=Leaf("iso-13714", "iso-13714", "K219", hint=example("conventions: iso-13714"), make=lambda word: ISO_13714,
              blank=Conventions()),
    entries=CONVENTIONS,
    blank=Conventions(),
)  # fmt: skip

EMERGENCY = Group(
    "emergency",
    "What every new call meets while the emergency switch on the supervisor's page is on.",
    (
        Key("say", WORDS, "What callers hear first.", required=True),
        Key("goto", MENU, "Where the call goes on.", required=True),
    ),
    lambda given: Emergency(given["say"], given["goto"]),
    short="say and goto, see below",
)

FIRST: tuple[Key, ...] = (
    Key("hotline", Leaf(NAME_PATTERN, "a name: small letters a-z, digits and _", "Y020", hint=example("hotline: acme")),
        "The hotline's name in our own lists.", "", required=True),
    Key("name", WORDS, "What the company is called.", None, left_out="the hotline's name"),
    Key("numbers", NUMBERS, "The numbers that callers dial; each may greet in a language of its own.", {},
        required=True, hint=example('numbers: ["+1 800 555 0142"]')),
    Key("languages", LANGUAGES, "What callers may hear; the first one when nothing else is known. sr is written in "
        "Cyrillic.", (), required=True, hint=example("languages: [en, de]")),
    Key("conventions", CONVENTIONS_OR_PRESET, "The keys that mean the same everywhere.", Conventions(),
        left_out="0 a person, * back, # again"),
    Key("start", MENU, "The step where every call begins.", required=True),
    Key("fallback_number", number_to_dial(), "Dialled by the telephone company when nothing here works.", None,
        left_out="nobody is dialled"),
    Key("transfer_numbers", ListOf(number_to_dial(_transfer_number), "numbers"), "The only numbers that `transfer` may "
        "dial, and that representatives may hand callers on to.", ()),
    Key("emergency", EMERGENCY, "What callers meet while the emergency switch is on.", None,
        left_out="an apology, and a message can be left"),
    Key("alarms", ALARMS, "When supervisors are told to look at something now.", AlarmLimits(),
        left_out="half of a queue's longest wait, nobody there, a case overdue"),
    Key("voices", Named(LANGUAGE_KNOWN, Leaf(r"[A-Za-z][A-Za-z0-9._-]{0,63}", "a voice", "L313",
                                             hint=example("de: Polly.Vicki")), "languages, each with a voice"),
        "The telephone company's voice for each language.", {}, left_out="its usual voices"),
    Key("currency", CURRENCY, "Of all amounts in cases, ISO 4217.", None, left_out="amounts stand alone"),
)  # fmt: skip
SECTIONS: tuple[Key, ...] = (
    Key("nodes", Named(name(), NODE, "names, each with a step of the call", know="menu"),
        "What callers meet, in any order. `operator` is the step that 0 and a lasting silence lead to.", {}),
    Key("queues", Named(name(), QUEUE, "names, each with a queue", know="queue"), "The lines people stand in.", {}),
    Key("contacts", Named(KIND_NAME, CONTACT, "names, each with a kind", know=SORT), "What waits for representatives, "
        "how many they have at once, and in which order.", {},
        left_out="calls, callbacks, visits and e-mails, as usual"),
    Key("hours", Named(name(), CALENDAR, "names, each with a calendar", know="calendar"), "When somebody is there.",
        {}),
    Key("surveys", Named(name(), SURVEY, "names, each with a survey", know="survey"),
        "What callers are asked afterwards.", {}),
    Key("cases", Named(name(), CASE, "names, each with a kind of case", know="kind"), "What representatives log.", {}),
    Key("lists", Named(name(), ListOf(number_to_dial(beginnings=True), "numbers, or beginnings of numbers with a *"),
                       "names, each with numbers", know="list"), "Callers to be told apart in `when`.", {}),
    Key("dispositions", DISPOSITIONS, "What representatives say came of a call.", {}),
    Key("texts", TEXTS, "Texts that representatives put into forms, in the caller's language.", {}),
    Key("mail", MAIL, "The e-mail addresses that lead into the queues.", {}, left_out="no e-mail is taken"),
)  # fmt: skip


def _everything(given: Given) -> Given:
    return given


HOTLINE = Group(
    "hotline",
    "A hotline: all files of one folder together.",
    (*FIRST, *SECTIONS),
    _everything,
    examples=("""\
hotline: acme
name: {en: Acme Household, de: Acme Haushalt}
numbers:
  "+1 800 555 0142": en
  "+49 800 555 0142": de
languages: [en, de]
conventions: {operator: "0", back: "*", repeat: "#", end: none}
start: welcome
fallback_number: "+49 30 555 0199"
transfer_numbers: ["+49 30 555 0100"]
emergency:
  say: {en: Our building had to be left., de: Unser Haus musste geräumt werden.}
  goto: leave_message
voices: {de: Polly.Vicki}
""", 'lists:\n  regulars: ["+49 30 555 0123", "+49 40*"]\n', """\
dispositions:
  settled: {en: settled, de: erledigt}
  call_again: {en: we call again, de: wir rufen wieder an}
texts:
  parcel_sent: {en: A new parcel is on its way., de: Ein neues Paket ist unterwegs.}
"""),
)  # fmt: skip


def lists_of(given: Given) -> dict[str, NumberList]:
    """The lists of callers."""
    return {key: NumberList(key, tuple(numbers)) for key, numbers in given["lists"].items()}


def numbers_of(given: Given, default_language: str) -> dict[str, str]:
    """The numbers with their languages."""
    numbers: Any = given["numbers"]
    return dict(numbers) if isinstance(numbers, dict) else dict.fromkeys(numbers, default_language)
