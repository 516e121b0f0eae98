"""Queue facts: the settings of a queue, each by name and comparable, for pages that show and plans that compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from ivr.menu import tree as t
from ivr.view.facts import Choice, Duration, Facts, Named, Number, Plain, Spoken, Target, Value, YesNo, needs_value
from ivr.view.telling import title
from routing.queue import Queue

NOTHING = "–"

_TIMES = ("ring_more_s", "prefer_s", "keep_place_s", "declined_rest_s", "busy_rest_s", "no_answer_rest_s")
_TIMES += ("same_declined_s", "same_busy_s", "same_no_answer_s", "wrap_up_extra_s")


def queue_facts(settings: t.QueueSettings, *, whole: bool = False) -> Facts:
    """The settings of a queue; `whole`: also those that few queues change, as long as they are as usual."""
    queue, usual = settings.queue, t.QueueSettings(Queue(settings.queue.name), "")
    found: dict[str, Value | None] = {
        "hours": _named(settings.hours),
        **_letting_go(settings),
        **_heard(settings),
        "ring_s": Duration(queue.ring_s),
        "wrap_up_s": Duration(queue.wrap_up_s),
        "misses_max": Number(queue.misses_max),
        "offers_max": Number(queue.offers_max),
        "service_level_s": Duration(queue.service_level_s),
        "service_level_share": Plain(f"{queue.service_level_share:.0%}".replace("%", " %")),
        "dispositions": Plain(", ".join(map(title, settings.dispositions))) if settings.dispositions else None,
    }
    kept, default = _seldom_changed(settings), _seldom_changed(usual)
    found |= {name: value for name, value in kept.items() if whole or value != default[name]}
    found |= {f"relax.{step.after_s}": needs_value(step.needs) for step in settings.relax}
    found |= alarm_facts(settings.alarms)
    return {name: value for name, value in found.items() if value is not None}


def alarm_facts(alarms: t.AlarmLimits) -> Mapping[str, Value]:
    """What is said of alarms; where nothing is, it is as usual or as the hotline says."""
    found: dict[str, Value] = {}
    for name in (field.name for field in fields(alarms)):
        match getattr(alarms, name):
            case bool(yes):
                found[f"alarms.{name}"] = YesNo(yes)
            case int(n):
                found[f"alarms.{name}"] = Duration(n) if name.endswith("_s") else Number(n)
    return found


def _letting_go(settings: t.QueueSettings) -> dict[str, Value | None]:
    """When callers may wait no longer, and where they go."""
    return {
        "max_wait_s": Duration(settings.queue.max_wait_s),
        "overflow": Target(settings.overflow),
        **{f"overflow.{why}": Target(to) for why, to in settings.overflow_when.items()},
        "max_length": Number(settings.max_length),
        "max_expected_wait_s": Duration(settings.max_expected_wait_s) if settings.max_expected_wait_s else None,
    }


def _heard(settings: t.QueueSettings) -> dict[str, Value | None]:
    """What callers hear while they wait."""
    announce = settings.announce
    return {
        "announce.every_s": Duration(announce.every_s),
        "announce.position": YesNo(announce.position),
        "announce.expected_wait": YesNo(announce.expected_wait),
        **{f"announce.texts.{n}": Spoken(words) for n, words in enumerate(announce.texts, 1)},
        "music": Plain(settings.music),
        "recording_notice": Spoken(settings.recording_notice) if settings.recording_notice else None,
    }


def _seldom_changed(settings: t.QueueSettings) -> dict[str, Value]:
    """What is shown only where it is not as usual: how places are told, whom the queue asks, how it calls back."""
    queue, announce, callbacks = settings.queue, settings.announce, settings.callbacks
    tiers = [tier.group + (f" ({tier.after_s} s)" if tier.after_s else "") for tier in queue.tiers]
    return {
        "recording": Choice(f"recording.{settings.recording}"),
        "mail_level_s": Duration(queue.mail_level_s),
        "visit_level_s": Duration(queue.visit_level_s),
        "announce.place_limit": Plain(str(announce.place_limit or NOTHING)),
        "announce.more_than_limit": YesNo(announce.more_than_limit),
        "announce.round_s": Duration(announce.round_s),
        "announce.only_better": YesNo(announce.only_better),
        "announce.explain": YesNo(announce.explain),
        "announce.first_is_told": YesNo(announce.first_is_told),
        "callbacks.tries": Number(callbacks.tries),
        "callbacks.again_s": Duration(callbacks.again_s),
        "callbacks.hours": _named(callbacks.hours) or Plain(NOTHING),
        "callbacks.first": Choice(f"first.{callbacks.first}"),
        "asking.head_start_s": Duration(queue.head_start_s),
        "asking.strategy": Choice(f"strategy.{queue.strategy}"),
        "asking.order": _listed(queue.order),
        "asking.weights": _listed(f"{name} {weight}" for name, weight in queue.weights.items()),
        "asking.ring_max": Number(queue.ring_max),
        "asking.tiers": _listed(tiers),
        **{f"asking.{name}": Duration(getattr(queue, name)) for name in _TIMES},
        "asking.wrap_up_until_done": YesNo(queue.wrap_up_until_done),
        "asking.max_ratio": Plain(f"{queue.max_ratio:g}" if queue.max_ratio else NOTHING),
        "asking.breaks_count": YesNo(queue.breaks_count),
        "asking.prefer": Choice(f"prefer.{settings.prefer}"),
    }


def _named(name: str | None) -> Named | None:
    return Named(name) if name else None


def _listed(parts: Iterable[str]) -> Plain:
    return Plain(", ".join(parts) or NOTHING)
