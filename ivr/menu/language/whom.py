"""Whom: which representatives a queue asks, in which order, how many at once, and when they are left in peace."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ivr.menu.language.leaf import YES, Leaf, choice, decimal, number
from ivr.menu.language.shape import Given, Group, Key, ListOf, Named
from ivr.menu.notes import example
from routing.queue import HEAD_START_MAX_S, RING_MAX, Strategy, Tier

AGENT = Leaf("[a-z0-9][a-z0-9._-]{0,63}", "the name of a representative", "Y020", hint=example("claims-1"))
GROUP = Leaf("[a-z0-9][a-z0-9._-]{0,63}", "the name of a group or of a representative", "Y020",
             hint=example("group: seniors"))  # fmt: skip

PREFER = ("nobody", "last_agent", "case_owner")

TIER = Group(
    "tier",
    "Representatives who serve a queue; those of a later tier are asked only when nobody of an earlier one is free.",
    (
        Key("group", GROUP, "A group, as given with `ivr agent add --group`, or one representative.", "",
            required=True),
        Key("after_s", number(0, 7200), "Not before a call has waited so many seconds, unless nobody of the earlier "
            "tiers who could take it is logged in.", 0),
    ),
    lambda given: (Tier(given["group"], given["after_s"]), given),
)  # fmt: skip

CAME_TO_NOTHING = ("declined", "busy", "no_answer")

RESTS = Group(
    "rests",
    "How many seconds a representative is asked nothing.",
    (
        Key("declined_s", number(0, 600), "After declining a call.", 0),
        Key("busy_s", number(0, 600), "After their telephone was busy or could not be reached.", 0),
        Key("no_answer_s", number(0, 600), "After letting it ring.", 0),
        Key(
            "same_declined_s",
            number(0, 3600),
            "The same call is not offered to them again for so long, after declining it; others are.",
            0,
        ),
        Key("same_busy_s", number(0, 3600), "Likewise, after their telephone was busy or could not be reached.", 0),
        Key("same_no_answer_s", number(0, 3600), "Likewise, after letting it ring.", 0),
    ),
    lambda given: (
        {f"{what}_rest_s": given[f"{what}_s"] for what in CAME_TO_NOTHING}
        | {f"same_{what}_s": given[f"same_{what}_s"] for what in CAME_TO_NOTHING}
    ),
    {},
    short="declined_s, busy_s, no_answer_s and more, see below",
)

KEYS = (
    Key("head_start_s", number(0, HEAD_START_MAX_S), "The queue's weight among those that share representatives: by so "
        "many seconds its calls count as having waited longer.", 0),
    Key("strategy", choice(*(str(it) for it in Strategy)), "Who is asked first of those who are free and can help: who "
        "has been free longest (`longest_idle`); whose last call ended first; who had the fewest calls today, or "
        "talked least; who is most skilled in what is needed, or least in all else; each in turn by name "
        "(`round_robin`); in the order of `order`; all at once, or one more every `ring_more_s`; by lot, or by lot "
        "with `weights`.", str(Strategy.LONGEST_IDLE)),
    Key("order", ListOf(AGENT, "names"), "For `fixed_order`: who is asked first, second ...", (), left_out="by name"),
    Key("weights", Named(AGENT, number(1, 100), "names, each with a number from 1 to 100"), "For `weighted_random`: "
        "somebody with 3 is asked three times as often as somebody with 1.", {}, left_out="1 for everybody"),
    Key("ring_max", number(1, RING_MAX), "For `ring_all` and `ring_progressively`: so many at once.", 5),
    Key("ring_more_s", number(1, 120), "For `ring_progressively`: seconds until one more is asked.", 10),
    Key("tiers", ListOf(TIER, "a list, ascending in after_s"), "Which representatives serve the queue.", (),
        left_out="everybody who can help"),
    Key("prefer", choice(*PREFER), "Who is asked before all others: whoever talked to the caller last "
        "(`last_agent`), or logged their latest case that is still open (`case_owner`).", PREFER[0]),
    Key("prefer_s", number(1, 600), "How long a call waits for the representative whom it prefers.", 30),
    Key("keep_place_s", number(0, 3600), "Who is cut off while waiting and calls again within so many seconds has the "
        "place in line back.", 0),
    Key("rests", RESTS, "How long representatives are left in peace when nothing came of a call.", {}),
    Key("wrap_up_extra_s", number(0, 1800), "By so much representatives may put off the end of `wrap_up_s`, once.", 0),
    Key("wrap_up_until_done", YES, "Whether it ends only when they say so (after an hour, in a break).", False),
    Key("max_ratio", decimal(0.1, 100), "When more wait for each representative at work, the next call goes to "
        "`overflow` as if so many waited as `max_length` says.", None, left_out="no limit"),
    Key("breaks_count", YES, "Whether a representative who is on a break counts as there.", True),
)  # fmt: skip


def asked(given: Given) -> dict[str, Any]:
    """The settings of routing's queue that these keys are."""
    names = ("head_start_s", "ring_max", "ring_more_s", "prefer_s", "keep_place_s", "wrap_up_extra_s")
    names += ("wrap_up_until_done", "max_ratio", "breaks_count")
    plain = {name: given[name] for name in names}
    more = {"strategy": Strategy(given["strategy"]), "order": tuple(given["order"]), "weights": dict(given["weights"])}
    return {**plain, **more, "tiers": _tiers(given), **given["rests"]}


def _tiers(given: Given) -> tuple[Tier, ...]:
    tiers = [tier for tier in given["tiers"] if tier is not None]
    for (before, _), (after, later) in pairwise(tiers):
        if after.after_s < before.after_s:
            given.notes.wrong(later.at("after_s"), "Q411", before=before.after_s)
            return ()
    return tuple(tier for tier, _ in tiers)
