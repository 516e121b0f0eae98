"""Asking: the steps that wait for the caller's keys or voice - menu and ask - and what follows when nothing comes."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.menu.fault import say
from ivr.menu.language.leaf import KEY, LANGUAGE, LANGUAGE_KNOWN, MENU, VARIABLE, YES, Leaf, name, number, text
from ivr.menu.language.shape import Given, Group, Key, ListOf, Named, OneKind
from ivr.menu.language.spoken import WORDS
from ivr.menu.notes import Notes, example
from ivr.menu.reader import Text
from ivr.menu.tree import OPERATOR, Ask, Menu, Option, Retry
from ivr.menu.words import NO_WORDS

DIGITS_MAX = 20
TIMEOUT_S = 7  # older callers and handset keypads need the time


def _retry(given: Given) -> Retry:
    return Retry(given["tries"], given["then"], given["say"])


RETRY = Group(
    "retry",
    "What follows when nothing is pressed (silence), or a key that means nothing here (wrong_key).",
    (
        Key("tries", number(1, 5), "How often it is asked before the call goes on to `then`.", 2),
        Key("then", MENU, "Where the call goes after that; nobody is ever hung up on.", OPERATOR),
        Key(
            "say",
            ListOf(WORDS, "words, or a list of words", groups_alone=True),
            "What is said before asking again: the first words at the first failure, the second at the second.",
            (),
            left_out="sentences of our own",
        ),
    ),
    _retry,
    Retry(),
    short="tries, then and say, see below",
)


def _option(given: Given) -> Option:
    return Option(given.name, given["label"], given["goto"], None, given["spoken"] or {}, given.place)


def _switch(given: Given) -> Option:
    return Option(given.name, language=given["language"], place=given.place)


OPTION = Group(
    "option",
    "What one key of a menu does.",
    (
        Key(
            "label",
            WORDS,
            'What the key is for. The sentence is made of it: `a complaint` becomes "For a complaint, press 2." '
            "A recording says the whole sentence.",
            NO_WORDS,
            required=True,
        ),
        Key("goto", MENU, "Where the key leads.", required=True),
        Key(
            "spoken",
            Named(
                LANGUAGE_KNOWN,
                ListOf(text(60, "a word"), "a word, or a list of words", least=1),
                "words by language",
                least=1,
            ),
            "Words that callers may say instead of pressing the key, where the menu has `speech: yes`.",
            {},
            left_out="the label's own words",
        ),
    ),
    _option,
    Option(""),
)
SWITCH = Group(
    "language_option",
    "A key that changes the language; it is announced in that language.",
    (Key("language", LANGUAGE, "The language that the menu is heard in from then on.", required=True),),
    _switch,
    Option(""),
)
OPTIONS = OneKind("options", {"language": SWITCH}, "S120.none", "S120.two", Option(""), otherwise=OPTION)

ASKED = (
    Key("silence", RETRY, "What follows when nothing is pressed.", None, left_out="tries 2, then operator"),
    Key("wrong_key", RETRY, "What follows when something else is pressed.", None, left_out="as for silence"),
    Key("timeout_s", number(3, 15), "Seconds to wait for the first key.", TIMEOUT_S),
    Key("barge_in", YES, "Whether callers may press a key before everything is said.", True),
)


def _retries(given: Given) -> dict[str, Retry]:
    silence = given["silence"] or Retry()
    return {"silence": silence, "wrong_key": given["wrong_key"] or Retry(silence.tries, silence.then)}


def _menu(given: Given) -> Menu:
    return Menu(
        given.name, given["menu"], tuple(given["options"].values()), given["short"], **_retries(given),
        timeout_s=given["timeout_s"], barge_in=given["barge_in"], speech=given["speech"],
        pause_between_ms=given["pause_between_ms"], place=given.place,
    )  # fmt: skip


MENU_NODE = Group(
    "menu",
    "A menu: words, and keys to choose from. 0, * and # mean the same in all of them, see `conventions`.",
    (
        Key("menu", WORDS, "What callers hear first.", NO_WORDS, required=True),
        Key("short", WORDS, "What they hear instead when the menu is said again.", None, left_out="the same words"),
        Key(
            "options",
            Named(KEY, OPTIONS, "keys, each with what it does", least=1, key="S122"),
            "The keys, in the order in which they are said.",
            {},
            required=True,
        ),
        *ASKED,
        Key("speech", YES, "Whether callers may also say what they want; see `spoken`.", False),
        Key("pause_between_ms", number(0, 3000), "Thousandths of a second of silence between two keys.", 0),
    ),
    _menu,
    examples=(
        """\
nodes:
  welcome:
    menu: {en: Welcome to Acme., de: Willkommen bei Acme.}
    short: {en: Acme., de: Acme.}
    options:
      "1":
        label: {en: a complaint, de: eine Beschwerde}
        goto: claims
        spoken: {en: [complaint, broken], de: [Beschwerde, kaputt]}
      "2": {language: de}
    silence:
      tries: 3
      then: operator
      say:
        - {en: Take your time., de: Lassen Sie sich Zeit.}
        - {en: "For a person, press 0.", de: "Für einen Menschen drücken Sie die 0."}
    wrong_key: {tries: 2, then: operator}
    timeout_s: 10
    speech: yes
    pause_between_ms: 600
""",
    ),
)


def _digits_in_order(notes: Notes, written: Text, value: tuple[int, int]) -> tuple[int, int]:
    if value[0] <= value[1]:
        return value
    notes.wrong(written, "K209.order", example(f"{value[1]}..{value[0]}"))
    return 1, DIGITS_MAX


def _range(word: str) -> tuple[int, int]:
    low, _, high = word.partition("..")
    return int(low), int(high or low)


_COUNT = number(1, DIGITS_MAX).pattern
DIGITS = Leaf(
    rf"{_COUNT}(?:\.\.{_COUNT})?",
    f"a number from 1 to {DIGITS_MAX}, or a range of them, 6..10",
    "K209.unknown",
    {"most": DIGITS_MAX},
    example("6..10"),
    make=_range,
    blank=(1, DIGITS_MAX),
    plain=({"type": "integer", "minimum": 1, "maximum": DIGITS_MAX},),
    after=_digits_in_order,
)
PATTERN = Leaf(
    rf"[0-9#]{{1,{DIGITS_MAX}}}",
    "digits, # for any digit: 47####",
    "K212",
    {"most": DIGITS_MAX},
    example('"47####"'),
    plain=({"type": "integer", "minimum": 0, "exclusiveMaximum": 10**15},),
)


def _ask(given: Given) -> Ask:
    if not given["into"]:
        given.notes.unread.add(VARIABLE)  # told already; where it is used is no second fault
    low, high = given["digits"] or (1, DIGITS_MAX)
    pattern = given["pattern"]
    if pattern:
        if "digits" in given and not low <= len(pattern) <= high:
            given.notes.wrong(given.at("pattern"), "K213", length=len(pattern), low=low, high=high)
        low = high = len(pattern)
    elif "digits" not in given and "pattern" not in given:
        given.notes.error(given.place, given.end_column, say("K214", name=given.name), example("digits: 6..10"))
    if given["secret"] and given["confirm"]:
        given.notes.wrong(given.at("confirm"), "K215", say("hint.take_out", what="confirm:"))
    end_key = None if given["end_key"] == "none" else given["end_key"]
    if end_key is None and low != high and "end_key" in given and "pattern" not in given:
        given.notes.warning(
            given.at("end_key").place, given.key("end_key").end_column, say("K216", seconds=given["inter_digit_s"])
        )
    return Ask(
        given.name, given["ask"], given["into"], low, high, given["then"], pattern, given["confirm"], end_key,
        given["inter_digit_s"], given["secret"], given["short"], **_retries(given), timeout_s=given["timeout_s"],
        barge_in=given["barge_in"], place=given.place,
    )  # fmt: skip


ASK_NODE = Group(
    "ask",
    "A question that callers answer by typing digits. What they type is never asked for again.",
    (
        Key("ask", WORDS, "What callers hear; say how many digits it has and where they find it.", required=True),
        Key("short", WORDS, "What they hear instead when it is asked again.", None, left_out="the same words"),
        Key("into", name(know=VARIABLE), "The name under which the digits are kept; a case form field of the same "
            "name is filled with them.", required=True),
        Key("digits", DIGITS, "How many digits it has.", None, left_out="as many as `pattern` has"),
        Key("pattern", PATTERN, "What the digits look like.", None, left_out="any digits"),
        Key("confirm", YES, "Whether it is read back: yes 1, no 2.", False),
        Key("end_key", Leaf("[*#]|none", "*, # or none", "K217", hint=example('end_key: "#"')),
            "The key that ends the entry before all digits are typed.", "#"),
        Key("inter_digit_s", number(1, 10), "Seconds to wait for the next digit.", 3),
        Key("secret", YES, "A PIN or the like: it stands in no log, event or page, and is not read back.", False),
        Key("then", MENU, "Where the call goes with it.", required=True),
        *ASKED,
    ),
    _ask,
    examples=(
        """\
nodes:
  order_number:
    ask: {en: Please enter your order number., de: Bitte geben Sie Ihre Bestellnummer ein.}
    into: order_number
    digits: 6..10
    confirm: yes
    inter_digit_s: 4
    then: claims
""",
        """\
nodes:
  pin:
    ask: {en: Please enter your PIN., de: Bitte geben Sie Ihre PIN ein.}
    into: pin
    pattern: "47####"
    secret: yes
    end_key: none
    then: claims
""",
    ),
)  # fmt: skip

KINDS: Mapping[str, Group] = {"menu": MENU_NODE, "ask": ASK_NODE}
