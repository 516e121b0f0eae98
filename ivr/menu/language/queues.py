"""Queues: the lines people stand in - their times, what is heard there, and where they go when nobody comes."""

from __future__ import annotations

from itertools import pairwise

from ivr.menu.fault import say
from ivr.menu.language.alarm_limits import QUEUE_ALARMS
from ivr.menu.language.leaf import KEY, MENU, SHARE, YES, Leaf, choice, number, refer
from ivr.menu.language.nodes import NEEDS
from ivr.menu.language.shape import Given, Group, Key, ListOf, Named
from ivr.menu.language.spoken import WORDS, Spoken
from ivr.menu.language.whom import KEYS, asked
from ivr.menu.notes import example
from ivr.menu.tree import AlarmLimits, Announce, Callbacks, Option, QueueSettings, Relax
from ivr.menu.words import NO_WORDS
from routing.queue import FIRST, WAITING_MAX, Queue

ANNOUNCE_EVERY_S = 45
TRIES, AGAIN_S = Callbacks().tries, Callbacks().again_s
REASONS = ("too_long", "full", "nobody_there", "closed")
KNOWN_WHILE_WAITING = ("position", "minutes")
RECORDING_NEVER = "never"

_EVERY = number(15, 300)

MAIL_S, VISIT_S = 86_400, 600
SERVICE_LEVEL = Group(
    "service_level",
    "Our own goal: this share of the calls answered within so many seconds. Reports hold e-mails and visitors against "
    "times of their own.",
    (
        Key("within_s", number(1, 3600), "The seconds.", 20),
        Key("share", SHARE, "The share.", 0.8),
        Key("mail_within_s", number(60, 2_592_000), "An e-mail is answered, or closed as needing no answer, within so "
            "many seconds.", MAIL_S),
        Key("visit_within_s", number(1, 86_400), "A visitor is called within so many seconds.", VISIT_S),
    ),
    lambda given: (given["within_s"], given["share"], given["mail_within_s"], given["visit_within_s"]),
    (20, 0.8, MAIL_S, VISIT_S),
    short="within_s and share, see below",
)  # fmt: skip

ANNOUNCE = Group(
    "announce",
    "What waiting callers are told between the music.",
    (
        Key("every_s", _EVERY, "Seconds from one announcement to the next.", ANNOUNCE_EVERY_S),
        Key("position", YES, "Whether they are told their place in line.", True),
        Key("expected_wait", YES, "Whether they are told about how many minutes it will take.", True),
        Key("texts", ListOf(Spoken(KNOWN_WHILE_WAITING), "words, or a list of words", groups_alone=True),
            "What else is said, one each time in turn. {position} and {minutes} may stand in it.", ()),
        Key("place_limit", number(1, 100), "A place beyond this is not told.", None, left_out="every place is told"),
        Key("more_than_limit", YES, "Whether callers beyond `place_limit` are told that more than so many wait before "
            "them.", False),
        Key("round_min", number(1, 10), "The expected wait is told in whole steps of so many minutes, rounded up.", 1),
        Key("only_better", YES, "Whether a place or a wait is told again only when it is better than before.", False),
        Key("explain", YES, "Whether callers are told why it got worse.", False),
        Key("first_is_told", YES, "Whether whoever is next is told anything.", True),
    ),
    lambda given: Announce(
        given["every_s"], given["position"], given["expected_wait"], given["texts"], given["place_limit"],
        given["more_than_limit"], 60 * given["round_min"], given["only_better"], given["explain"],
        given["first_is_told"],
    ),
    Announce(),
    short="every_s, position, expected_wait, texts and more, see below",
)  # fmt: skip

EXIT = Group(
    "exit",
    "A key that callers may press while they wait.",
    (
        Key("label", WORDS, "What the key is for, as in a menu.", NO_WORDS, required=True),
        Key("goto", MENU, "Where it leads.", required=True),
    ),
    lambda given: Option(given.name, given["label"], given["goto"], place=given.place),
    Option(""),
)

RELAX = Group(
    "relax",
    "What a call needs after it has waited so long; it replaces `needs` of the step.",
    (
        Key("after_s", number(1, 7200), "Seconds of waiting.", required=True),
        Key("needs", NEEDS, "The skills needed from then on.", {}, required=True),
    ),
    lambda given: (Relax(given["after_s"], given["needs"]), given),
)

OVERFLOW_WHEN = Group(
    "overflow_when",
    "Other steps than `overflow`, for single reasons.",
    (
        Key("too_long", MENU, "The longest wait is over, or would be.", None, left_out="overflow"),
        Key("full", MENU, "So many wait already as `max_length` says.", None, left_out="overflow"),
        Key("nobody_there", MENU, "Nobody who could take the call is logged in.", None, left_out="overflow"),
        Key("closed", MENU, "The `hours` of the queue are over.", None, left_out="overflow"),
    ),
    lambda given: {why: given[why] for why in REASONS if given[why] is not None},
    {},
    short="too_long, full, nobody_there and closed, see below",
)

CALENDAR = refer("calendar", "the name of a calendar under `hours`")

CALLBACKS = Group(
    "callbacks",
    "How promises to call back are kept.",
    (
        Key("tries", number(1, 10), "So often the number is rung; then the matter becomes a case.", TRIES),
        Key("again_s", number(60, 86400), "Seconds from a call that nobody answered to the next one.", AGAIN_S),
        Key("hours", CALENDAR, "When people may be called back, if not whenever the queue is open.", None,
            left_out="the `hours` of the queue"),
        Key("first", choice(*FIRST), "Who is rung first. With `agent` the representative is on the line when the "
            "caller answers. With `caller` a representative is kept free and asked once the caller has answered and "
            "pressed 1, so that nobody at a desk listens to mailboxes.", "agent"),
    ),
    lambda given: Callbacks(given["tries"], given["again_s"], given["hours"], given["first"]),
    Callbacks(),
    short="tries, again_s, hours and first, see below",
)  # fmt: skip


def _ascending(given: Given) -> tuple[Relax, ...]:
    steps = [step for step in given["relax"] if step is not None]
    for (before, _), (after, later) in pairwise(steps):
        if after.after_s <= before.after_s:
            given.notes.wrong(later.at("after_s"), "Q411", before=before.after_s)
    if late := next((it for step, it in steps if step.after_s >= given["max_wait_s"]), None):
        given.notes.wrong(late.at("after_s"), "Q413", most=given["max_wait_s"])
    return tuple(step for step, _ in steps)


def _announce(given: Given) -> Announce:
    if "announce" in given and "announce_every_s" in given:
        hint = say("hint.take_out", what="announce_every_s:")
        given.notes.error(given.key("announce_every_s").place, given.key("announce_every_s").end_column,
                          say("Q412"), hint)  # fmt: skip
    return given["announce"] or Announce(given["announce_every_s"])


def _queue(given: Given) -> QueueSettings:
    if "overflow" not in given:
        hint = say("hint.add_overflow")
        given.notes.error(given.place, given.end_column, say("Q406", name=given.name), hint)
    longest_s, expected_s = given["max_wait_s"], given["max_expected_wait_s"]
    if expected_s is not None and expected_s > longest_s:
        given.notes.wrong(given.at("max_expected_wait_s"), "Q413", most=longest_s)
    if given["recording"] != RECORDING_NEVER and "recording_notice" not in given:
        hint = say("hint.add_notice")
        at = given.key("recording")
        given.notes.error(at.place, at.end_column, say("Q422", name=given.name), hint)
    within_s, share, mail_s, visit_s = given["service_level"]
    queue = Queue(
        given.name, given["ring_s"], given["wrap_up_s"], longest_s, within_s, share, given["misses_max"],
        given["offers_max"], callback_tries=given["callbacks"].tries, callback_again_s=given["callbacks"].again_s,
        callback_first=given["callbacks"].first,
        max_length=given["max_length"], max_expected_wait_s=expected_s, mail_level_s=mail_s, visit_level_s=visit_s,
        **asked(given),
    )  # fmt: skip
    return QueueSettings(
        queue, given["overflow"], _announce(given), given["overflow_when"], given["max_length"], expected_s,
        given["music"], tuple(given["exits"].values()), _ascending(given), given["dispositions"], given["prefer"],
        given["hours"], given["callbacks"], given["recording"], given["recording_notice"], given.place,
        given["alarms"],
    )  # fmt: skip


QUEUE = Group(
    "queue",
    "A line people stand in. All times are in seconds.",
    (
        Key("ring_s", number(5, 120), "How long one representative is rung before the next one is.", 20),
        Key("wrap_up_s", number(0, 1800), "The representative's time for notes after a call.", 30),
        Key("max_wait_s", number(10, 7200), "The longest wait; then the call goes to `overflow`.", 600),
        Key("max_length", number(1, WAITING_MAX), "So many may wait; the next one goes to `overflow`.", WAITING_MAX),
        Key("max_expected_wait_s", number(10, 7200), "When a longer wait is expected, the call goes to `overflow` at "
            "once.", None, left_out="no limit"),
        Key("overflow", MENU, "Where calls go that have waited too long, or at once when nobody who could help is "
            "logged in. It must be given.", "", left_out="a fault"),
        Key("overflow_when", OVERFLOW_WHEN, "Other steps for single reasons.", {}),
        Key("hours", CALENDAR, "When the queue is served. Who still waits when they end, or comes later, goes to "
            "`overflow`.", None, left_out="always"),
        Key("callbacks", CALLBACKS, "How promises to call back are kept.", Callbacks(), left_out="3 times, 15 minutes "
            "apart"),
        Key("alarms", QUEUE_ALARMS, "When supervisors are told to look.", AlarmLimits(),
            left_out="as the hotline says"),
        Key("music", Leaf("[a-z][a-z0-9_-]{0,39}", "the name of a piece of music", "P223", hint=example("music")),
            "What is played.", "music"),
        Key("recording", choice(RECORDING_NEVER, "always", "ask"), "Whether conversations are recorded. `ask`: whoever "
            "presses a key when told so is not, and nobody whom we call back.", RECORDING_NEVER),
        Key("recording_notice", WORDS, "What callers hear before they wait when conversations are recorded; nobody can "
            "skip it. With `ask`, the key to press is told after it.", NO_WORDS, left_out="nothing is recorded"),
        Key("announce", ANNOUNCE, "What waiting callers are told.", None, left_out="place and wait, every 45 seconds"),
        Key("announce_every_s", _EVERY, "The same as `every_s` of `announce`, where that is all.", ANNOUNCE_EVERY_S),
        Key("exits", Named(KEY, EXIT, "keys, each with label and goto"), "Keys that callers may press while they "
            "wait.", {}),
        Key("relax", ListOf(RELAX, "a list, ascending in after_s"), "How what is needed shrinks while a call waits.",
            ()),
        Key("service_level", SERVICE_LEVEL, "Our own goal.", (20, 0.8, MAIL_S, VISIT_S),
            left_out="80 % within 20 seconds"),
        Key("misses_max", number(1, 10), "Representatives who let it ring so often are taken off the line.", 2),
        Key("offers_max", number(1, 100), "A call that so many did not take overflows as well.", 10),
        Key("dispositions", ListOf(refer("disposition", "a disposition"), "names under `dispositions`"),
            "What representatives may say came of a call here.", (), left_out="all dispositions"),
        *KEYS,
    ),
    _queue,
    examples=("""\
queues:
  repairs:
    ring_s: 20
    wrap_up_s: 60
    max_wait_s: 900
    max_length: 40
    max_expected_wait_s: 600
    overflow: leave_message
    overflow_when: {nobody_there: leave_message, full: call_back, closed: leave_message}
    hours: office
    callbacks: {tries: 5, again_s: 1800, hours: office, first: caller}
    alarms: {wait_s: 60, waiting: 5}
    music: music
    recording: ask
    recording_notice:
      en: To do better, we record this conversation.
      de: Damit wir besser werden, zeichnen wir dieses Gespräch auf.
    announce:
      every_s: 60
      texts:
        - {en: Please have your invoice at hand., de: Bitte halten Sie Ihre Rechnung bereit.}
        - en: {minutes: {one: About a minute., other: "About {minutes} minutes."}}
          de: {minutes: {one: Etwa eine Minute., other: "Etwa {minutes} Minuten."}}
    exits:
      "2": {label: {en: a message, de: eine Nachricht}, goto: leave_message}
    relax:
      - {after_s: 60, needs: {claims: 2, any: [{de: 2}, {en: 4}], not: {trainee: 1}}}
      - {after_s: 180, needs: {claims: 1}}
    service_level: {within_s: 30, share: 0.8}
    dispositions: [settled, call_again]
    strategy: least_skilled
    tiers:
      - {group: repairs-team}
      - {group: everybody, after_s: 60}
    rests: {declined_s: 20, busy_s: 60, no_answer_s: 30, same_declined_s: 300}
    keep_place_s: 120
""",),
)  # fmt: skip
