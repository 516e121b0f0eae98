"""Desk forms: what representatives fill in, and what callers are asked afterwards - cases, dispositions, surveys."""

from __future__ import annotations

from ivr.menu.language.leaf import YES, Leaf, choice, name, number, refer
from ivr.menu.language.shape import Given, Group, Key, Named
from ivr.menu.language.spoken import WORDS
from ivr.menu.notes import Notes, example
from ivr.menu.reader import Text
from ivr.menu.tree import CaseKind, Field, Later, Question, Survey, SurveyMessage
from ivr.menu.words import NO_WORDS
from routing.due import Unit

YES_NO = ("1", "2")


def _keys(notes: Notes, written: Text, word: str) -> tuple[str, ...]:
    if word == "yes-no":
        return YES_NO
    first, last = int(word[0]), int(word[-1])
    if first < last:
        return tuple(str(key) for key in range(first, last + 1))
    notes.wrong(written, "V711.order", example("1..5"))
    return YES_NO


QUESTION = Group(
    "question",
    "One question, answered with one key.",
    (
        Key("ask", WORDS, "What is asked, with the keys and what both ends mean.", required=True),
        Key("keys", Leaf(r"yes-no|[0-9]\.\.[0-9]", "yes-no (1 and 2) or a range, 1..5", "V711.keys",
                         hint=example("1..5"),
                         blank=YES_NO, after=_keys), "The keys that answer it.", required=True),
        Key("written", WORDS, "The same for the page behind a link, where no keys are pressed.", None,
            left_out="what is spoken"),
    ),
    lambda given: Question(given.name, given["ask"], given["keys"], given["written"]),
)  # fmt: skip

SURVEY_MESSAGE = Group(
    "survey_message",
    "What callers may add in their own words, after the questions. Whoever says nothing is done.",
    (
        Key("ask", WORDS, "What they hear before the tone; that they may also hang up.", required=True),
        Key("max_length_s", number(10, 180), "The longest message in seconds.", 60),
    ),
    lambda given: SurveyMessage(given["ask"], given["max_length_s"]),
    short="ask and max_length_s, see below",
)

LATER = Group(
    "survey_later",
    "When a survey is asked by a call of its own, or by a link in a text message.",
    (
        Key("after_min", number(0, 1440), "Minutes after the call.", Later().after_min),
        Key("hours", refer("calendar", "the name of a calendar under `hours`"), "When callers may be rung or sent a "
            "text. Calls need it.", None, left_out="at any time"),
        Key("tries", number(1, 2), "How often a number is rung that is busy or does not answer. Who has answered is "
            "never rung again.", Later().tries),
    ),
    lambda given: Later(given["after_min"], given["hours"], given["tries"]),
    Later(),
    short="after_min, hours and tries, see below",
)  # fmt: skip

WAYS_LATER = ("call_back", "link")


def _survey(given: Given) -> Survey:
    questions = tuple(it for it in given["questions"].values() if it is not None)
    return Survey(
        given.name, given["intro"], questions, given["thanks"], given["message"], given["by"], given["missed"],
        given["later"], given["mail_and_visits"], given.place,
    )  # fmt: skip


SURVEY = Group(
    "survey",
    "What callers are asked after they have talked to somebody; they may hang up at any time.",
    (
        Key("intro", WORDS, "How many questions there are and how long it takes.", required=True),
        Key("questions", Named(name(), QUESTION, "names, each with its question", least=1, key="V710"),
            "The questions, in the order in which they are asked.", {}, required=True),
        Key("thanks", WORDS, "What is said at the end.", required=True),
        Key("message", SURVEY_MESSAGE, "A message in the caller's own words at the end.", None,
            left_out="they are not asked for one"),
        Key("by", choice("line", *WAYS_LATER), "How it is asked: at once on the same `line`, later by a call of its "
            "own (`call_back`), or by a `link` in a text message. Whoever cannot be reached that way is asked on the "
            "line.", "line"),
        Key("missed", choice("nothing", *WAYS_LATER), "How those are asked who hang up before they can be asked on "
            "the line.", "nothing"),
        Key("mail_and_visits", choice("nothing", "link"), "How those are asked whose e-mail was answered, and visitors "
            "who left an e-mail address or a mobile number: not at all, or by a `link` sent there.", "nothing"),
        Key("later", LATER, "When it is asked later.", Later(), left_out="30 minutes after the call, once"),
    ),
    _survey,
    examples=("""\
surveys:
  two_questions:
    intro: {en: Two short questions., de: Zwei kurze Fragen.}
    questions:
      settled:
        ask: {en: "Is it settled? For yes, press 1. For no, press 2.",
              de: "Ist es erledigt? Für Ja drücken Sie die 1, für Nein die 2."}
        keys: yes-no
      treated:
        ask: {en: "How were you treated? From 1, very badly, to 5, very well.",
              de: "Wie wurden Sie behandelt? Von 1, sehr schlecht, bis 5, sehr gut."}
        keys: 1..5
        written: {en: "How were you treated? 1 is very badly, 5 very well.",
                  de: "Wie wurden Sie behandelt? 1 heißt sehr schlecht, 5 sehr gut."}
    message:
      ask: {en: "If you like, tell us more after the tone.",
            de: "Wenn Sie möchten, sagen Sie nach dem Ton mehr dazu."}
      max_length_s: 45
    thanks: {en: Thank you., de: Vielen Dank.}
    by: link
    missed: call_back
    mail_and_visits: link
    later: {after_min: 20, hours: office, tries: 2}
""",),
)  # fmt: skip

FIELD = Group(
    "field",
    "One line of the form.",
    (
        Key("label", WORDS, "What it is called on the page.", required=True),
        Key("required", YES, "Whether it must be filled.", False),
        Key("kind", choice("text", "digits", "money", "date", "items"), "What fits in it; `items` are the lines of an "
            "order: an article, how many, and the price of one.", "text"),
        Key("against", refer("field", "the name of another field with money"), "The difference to that one is shown.",
            None, left_out="none is shown"),
        Key("choices", Named(Leaf(r"[A-Za-z0-9_-]{1,40}", "a short name", "Y026", hint=example("refund")), WORDS,
                             "names, each with its words"), "The answers to choose from.", {}, left_out="any text"),
        Key("lines", number(1, 20), "How many lines of text it shows.", 1),
    ),
    lambda given: Field(
        given.name, given["label"], given["required"], given["choices"], given["lines"], given["kind"],
        given["against"], given.place,
    ),
)  # fmt: skip


def _case(given: Given) -> CaseKind:
    fields = tuple(it for it in (given["fields"] or {}).values() if it is not None)
    return CaseKind(given.name, given["label"], fields, given.place, given["due"], given["due_hours"])


def _time(written: str) -> tuple[int, Unit]:
    amount, _, unit = written.partition(" ")
    return int(amount), Unit(unit.removesuffix("s") + "s")


CURRENCY = Leaf("[A-Z]{3}", "three letters, EUR", "V715", hint=example("currency: EUR"))
DUE = Leaf(r"[1-9][0-9]{0,2} (?:working )?(?:hours?|days?)", "a time, such as 2 working days", "V712",
           hint=example("due: 2 working days"), make=_time, blank=None)  # fmt: skip

CASE = Group(
    "case",
    "A kind of case (a claim, an order) and its form. A field with the name of something callers typed is filled with "
    "it.",
    (
        Key("label", WORDS, "What it is called on the page.", NO_WORDS, required=True),
        Key("fields", Named(name(), FIELD, "names, each with its field"), "The form, from top to bottom.", {}),
        Key("due", DUE, "Within which time such a case is to be settled: so many `hours`, `days`, `working hours` or "
            "`working days`. While we wait for the customer the clock stands.", None, left_out="it is never overdue"),
        Key("due_hours", refer("calendar", "the name of a calendar under `hours`"), "By which opening hours working "
            "time counts.", None, left_out="the first calendar"),
    ),
    _case,
    examples=("""\
cases:
  repair:
    label: {en: Repair, de: Reparatur}
    due: 2 days
    fields:
      order_number: {label: {en: Order number, de: Bestellnummer}, kind: digits, required: yes}
      price: {label: {en: Price agreed, de: Vereinbarter Preis}, kind: money}
      charged: {label: {en: Price charged, de: Berechneter Preis}, kind: money, against: price}
      parts: {label: {en: Parts, de: Teile}, kind: items}
      bought: {label: {en: Bought on, de: Gekauft am}, kind: date}
      wish:
        label: {en: Wish, de: Wunsch}
        choices:
          refund: {en: money back, de: Geld zurück}
          new: {en: a new one, de: Ersatz}
      note: {label: {en: Note, de: Notiz}, lines: 4}
""",),
)  # fmt: skip

TEXTS = Named(name(), WORDS, "names, each with its words")
DISPOSITIONS = Named(name(), WORDS, "names, each with its words", know="disposition")
