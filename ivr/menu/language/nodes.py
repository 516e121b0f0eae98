"""Nodes: what may stand under `nodes:` - one step of a call each, of one kind each."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from ivr.menu.condition import Condition
from ivr.menu.fault import meant, say
from ivr.menu.language.asking import ASK_NODE, MENU_NODE
from ivr.menu.language.conditions import RULE, UNKNOWN, VALUE_LENGTH_MAX
from ivr.menu.language.leaf import (
    ANY_PLAIN,
    LANGUAGE_SKILL,
    MENU,
    NAME_PATTERN,
    SKILL_LEVEL_MAX,
    VARIABLE,
    YES,
    Leaf,
    decimal,
    name,
    number,
    number_to_dial,
    refer,
    text,
)
from ivr.menu.language.needing import Needing
from ivr.menu.language.shape import Definitions, Given, Group, Key, ListOf, Named, OneKind, Shape
from ivr.menu.language.spoken import PLACEHOLDER, WORDS
from ivr.menu.notes import Notes, example
from ivr.menu.reader import Text, Written
from ivr.menu.tree import (
    Callback,
    End,
    Goto,
    Lookup,
    Node,
    QueueNode,
    Record,
    Rule,
    Say,
    SetVariables,
    Sms,
    Split,
    SurveyNode,
    Transfer,
    When,
)

HEAD_START_MAX_S = 3600


def _skill(notes: Notes, written: Text, skill: str) -> str:
    if "{" in skill and skill != LANGUAGE_SKILL:
        hint = meant(skill, [LANGUAGE_SKILL]) or say("hint.language_skill", skill=LANGUAGE_SKILL)
        notes.wrong(written, "P214", hint, name=skill)
    return skill


NEEDS = Needing(
    Named(
        Leaf(rf"\{{[^{{}}]*\}}|{NAME_PATTERN}", "a skill", "Y020", hint=example("claims: 3"), after=_skill),
        number(1, SKILL_LEVEL_MAX),
        f"skills, each with the least level from 1 to {SKILL_LEVEL_MAX}",
    )
)
KIND = refer("kind", "the name of a kind of case under `cases`")
THEN = Key("then", MENU, "Where the call goes on.", required=True)
GOTO = Key("goto", MENU, "Where the call goes on.", required=True)
SAID_BEFORE = Key("say", WORDS, "What callers hear before.", None, left_out="nothing is said")
WAITS = (
    Key("needs", NEEDS, 'What the representative must know; `"{language}": 2` means the caller\'s language.', {}),
    Key("head_start_s", number(0, HEAD_START_MAX_S), "Seconds by which the call counts as having waited longer.", 0),
)


def _say(given: Given) -> Say:
    return Say(given.name, given["say"], given["goto"], given["barge_in"], given.place)


def _when(given: Given) -> When:
    first: dict[Condition, Rule] = {}
    for rule in given["when"]:
        before = first.setdefault(rule.condition, rule)
        if before is not rule and rule.condition != UNKNOWN:
            said = say("S137", line=before.place.line)
            given.notes.error(rule.place, rule.place.column + 1, said, say("hint.delete_it"))
    return When(given.name, tuple(rule for rule in given["when"] if rule.goto), given["otherwise"], given.place)


def _set(given: Given) -> SetVariables:
    _note_unread(given, given["set"])
    return SetVariables(given.name, given["set"], given["goto"], given.place)


def _note_unread(given: Given, names: Mapping[str, str]) -> None:
    """Note that names may be missing here: that is told already, and where they are used is no second fault."""
    if not names:
        given.notes.unread.add(VARIABLE)


def _split(given: Given) -> Split:
    total = sum(given["split"].values())
    if total != 100 and given.sound:
        given.notes.wrong(given.at("split"), "S121", total=total)
    return Split(given.name, given["split"], given.place)


def _lookup(given: Given) -> Lookup:
    url, into, budget_s = given["lookup"] or ("", {}, 2.0)
    _note_unread(given, into)
    return Lookup(given.name, url, into, given["then"], given["otherwise"], budget_s, given["say"], given.place)


def _transfer(given: Given) -> Transfer:
    return Transfer(
        given.name, given["transfer"], given["otherwise"], given["timeout_s"], given["say"], given.place
    )  # fmt: skip


def _queue(given: Given) -> QueueNode:
    return QueueNode(
        given.name, given["queue"], given["kind"], given["say"], given["needs"], given["head_start_s"],
        given["then"], given.place,
    )  # fmt: skip


def _callback(given: Given) -> Callback:
    return Callback(
        given.name, given["callback"] or "", given["kind"], given["then"], given["otherwise"], given["say"],
        given["needs"], given["head_start_s"], given.place,
    )  # fmt: skip


def _record(given: Given) -> Record:
    return Record(given.name, given["record"], given["kind"], given["then"], given["max_length_s"], given.place)


class _PerhapsWords:
    """Words, or nothing at all."""

    blank = None

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        nothing = isinstance(written, Text) and written.plain and not written.value
        return None if nothing else WORDS.read(notes, at, written)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return {"anyOf": [{"type": "null"}, WORDS.schema(definitions)]}

    def takes(self) -> str:
        return "words, once for each language, or nothing"


def _not_this_machine(notes: Notes, written: Text, url: str) -> str:
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host or _is_ip(host):
        notes.wrong(written, "N612", say("hint.public_name"), host=host)
    for found in PLACEHOLDER.finditer(url):
        notes.use("looked_up", found[1], written)
    return url


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.replace(".", "").isdecimal()
    return True


_URL = Leaf(
    r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?][!-~]{0,1000})?",
    "an address that begins with https://; names in braces may stand behind the host",
    "N611",
    hint=example('"https://shop.example/orders/{order_number}"'),
    after=_not_this_machine,
)
_ANSWER = Leaf(
    r"[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40}){0,7}", "a place in the answer, order.status", "N613",
    hint=example("order.status"), plain=ANY_PLAIN,
)  # fmt: skip
LOOKUP = Group(
    "lookup_of",
    "What is asked of another system.",
    (
        Key("url", _URL, "The address that is asked; what callers typed stands there in braces.", required=True),
        Key("into", Named(name(know=VARIABLE), _ANSWER, "names, each with its place in the answer", know=VARIABLE,
                          least=1),
            "What is kept of the answer, and under which names.", {}, required=True),
        Key("budget_s", decimal(0.5, 5), "Seconds after which the call goes on to `otherwise`.", 2.0),
    ),
    lambda given: (given["url"], given["into"], given["budget_s"]),
    examples=(),
    short="url, into and budget_s, see below",
)  # fmt: skip
CALLBACK = Group(
    "callback_of",
    "Where the promise to call back waits.",
    (Key("queue", refer("queue", "the name of a queue"), "The queue that the callback waits in, in the caller's "
         "place.", required=True),),
    lambda given: given["queue"],
    blank="",
    short="queue, see below",
)  # fmt: skip


def _dialled(notes: Notes, written: Text, dialled: str) -> str:
    notes.use("transfer number", dialled, written)
    return dialled


def _value(notes: Notes, written: Text, value: str) -> str:
    for found in PLACEHOLDER.finditer(value):
        notes.use("placeholder", found[1], written)
    return value


_PERCENT = number(1, 99)

NODES: Mapping[str, Group] = {
    "menu": MENU_NODE,
    "ask": ASK_NODE,
    "when": Group(
        "when",
        "A step that asks nobody: the first rule that holds says where the call goes.",
        (
            Key("when", ListOf(RULE, "a list of rules", least=1), "The rules, in the order in which they are asked.",
                required=True),
            Key("otherwise", MENU, "Where the call goes when no rule holds.", required=True),
        ),
        _when,
        examples=("""\
nodes:
  opening_hours:
    when:
      - {hours: office, is: holiday, goto: closed}
      - {hours: office, is: open, goto: greeting}
    otherwise: closed
""", """\
nodes:
  greeting:
    when:
      - {variable: order_number, starts_with: "47", goto: claims}
      - {caller: known, country: [DE, AT], in: regulars, goto: claims}
      - {called: "+49 800 555 0142", goto: claims}
      - all:
          - {language: de}
          - not: {variable: order_number, present: yes}
        goto: order_number
    otherwise: welcome
"""),
    ),
    "set": Group(
        "set",
        "A step that notes values under names, for `when`, `lookup` and what is said later.",
        (
            Key("set", Named(name(know=VARIABLE), text(VALUE_LENGTH_MAX, "a value", after=_value),
                             "names, each with its value", know=VARIABLE, least=1), "The values.", {}, required=True),
            GOTO,
        ),
        _set,
        examples=("nodes:\n  from_the_shop:\n    set: {origin: shop, seen: \"{order_number}\"}\n    goto: welcome\n",),
    ),
    "split": Group(
        "split",
        "A step that sends a share of the calls each way, to try something new on a few. A call always goes the same "
        "way.",
        (Key("split", Named(refer("menu", "the name of a step"), _PERCENT, "steps, each with a share in percent",
                            least=2), "The shares; together 100.", {}, required=True),),
        _split,
        examples=("nodes:\n  trial:\n    split: {welcome: 90, claims: 10}\n",),
    ),
    "lookup": Group(
        "lookup",
        "A step that asks another system (a shop, say) for what it knows. Callers never wait longer than its time.",
        (
            Key("lookup", LOOKUP, "What is asked.", required=True),
            THEN,
            Key("otherwise", MENU, "Where the call goes when there is no answer in time.", required=True),
            SAID_BEFORE,
        ),
        _lookup,
        examples=("""\
nodes:
  ask_the_shop:
    say: {en: One moment., de: Einen Augenblick.}
    lookup:
      url: "https://shop.example/orders/{order_number}"
      into: {order_status: order.status}
      budget_s: 2
    then: claims
    otherwise: operator
""",),
    ),
    "transfer": Group(
        "transfer",
        "A step that dials another number. Only numbers listed under `transfer_numbers` can be dialled.",
        (
            Key("transfer", number_to_dial(_dialled), "The number.", required=True),
            Key("timeout_s", number(5, 120), "Seconds that it rings.", 25),
            Key("otherwise", MENU, "Where the call goes when nobody answers.", required=True),
            SAID_BEFORE,
        ),
        _transfer,
        examples=('nodes:\n  head_office:\n    transfer: "+49 30 555 0100"\n    timeout_s: 20\n    otherwise: '
                  "leave_message\n",),
    ),
    "callback": Group(
        "callback",
        "A step that promises to call back. It confirms the caller's number, or asks for one; callers keep their "
        "place.",
        (
            Key("callback", CALLBACK, "Where it waits.", "", required=True),
            Key("kind", KIND, "The kind of case that it is about.", required=True),
            *WAITS,
            Key("then", MENU, "Where the call goes when the callback is promised.", required=True),
            Key("otherwise", MENU, "Where it goes when the caller wants none, or has no number.", required=True),
            SAID_BEFORE,
        ),
        _callback,
        examples=("""\
nodes:
  call_me_back:
    callback: {queue: claims}
    kind: claim
    then: goodbye
    otherwise: leave_message
""",),
    ),
    "queue": Group(
        "queue_step",
        "A step where the call waits for a representative.",
        (
            Key("queue", refer("queue", "the name of a queue under `queues`"), "The queue.", required=True),
            Key("kind", KIND, "The form that opens for the representative.", required=True),
            *WAITS,
            SAID_BEFORE,
            Key("then", MENU, "Where the call goes after the conversation, to a survey for example.", None,
                left_out="the call ends"),
        ),
        _queue,
        examples=("""\
nodes:
  broken:
    say: {en: I am sorry to hear that., de: Das tut uns leid.}
    queue: claims
    kind: claim
    needs: {claims: 3, "{language}": 2}
    head_start_s: 60
    then: survey
""",),
    ),
    "record": Group(
        "record",
        "A step where callers leave a message; it becomes a case.",
        (
            Key("record", WORDS, "What callers hear before the tone.", required=True),
            Key("kind", KIND, "The kind of case that it becomes.", required=True),
            Key("max_length_s", number(10, 600), "The longest message in seconds.", 120),
            THEN,
        ),
        _record,
        examples=("""\
nodes:
  idea:
    record: {en: Please tell us after the tone., de: Bitte sprechen Sie nach dem Signalton.}
    kind: claim
    max_length_s: 90
    then: goodbye
""",),
    ),
    "sms": Group(
        "sms",
        "A step that sends a text message to the caller, if the number is known and can receive one, and goes on.",
        (Key("sms", WORDS, "The message.", required=True), GOTO),
        lambda given: Sms(given.name, given["sms"], given["goto"], given.place),
        examples=("""\
nodes:
  send_number:
    sms: {en: "Your order number: {order_number}", de: "Ihre Bestellnummer: {order_number}"}
    goto: goodbye
""",),
    ),
    "survey": Group(
        "survey_step",
        "A step that asks the questions of a survey.",
        (Key("survey", refer("survey", "the name of a survey under `surveys`"), "The survey.", required=True), THEN),
        lambda given: SurveyNode(given.name, given["survey"], given["then"], given.place),
        examples=("nodes:\n  how_was_it:\n    survey: short\n    then: goodbye\n",),
    ),
    "end": Group(
        "end",
        "A step that says goodbye and ends the call.",
        (Key("end", _PerhapsWords(), "What callers hear last, or nothing.", required=True),),
        lambda given: End(given.name, given["end"], given.place),
        examples=("nodes:\n  farewell:\n    end: {en: Goodbye., de: Auf Wiederhören.}\n",),
    ),
    "say": Group(
        "say",
        "A step that says something and goes on.",
        (
            Key("say", WORDS, "What callers hear.", required=True),
            GOTO,
            Key("barge_in", YES, "Whether a key that is pressed early cuts it short; `no` for what must be heard.",
                True),
        ),
        _say,
        examples=("""\
nodes:
  notice:
    say:
      say: {en: Calls are recorded., de: Gespräche werden aufgezeichnet.}
      recording: {en: notice_en.wav, de: notice_de.wav}
    barge_in: no
    goto: welcome
""",),
    ),
    "goto": Group(
        "goto",
        "Another name for a step.",
        (GOTO,),
        lambda given: Goto(given.name, given["goto"], given.place),
        examples=("nodes:\n  complaints:\n    goto: claims\n",),
    ),
}  # fmt: skip

NODE: Shape = OneKind("step", NODES, "S120.none", "S120.two")
NODE_NAMES = name()


def whole(nodes: Mapping[str, Node | None]) -> dict[str, Node]:
    """The nodes that could be read."""
    return {key: node for key, node in nodes.items() if node is not None}
