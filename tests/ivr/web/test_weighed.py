"""Why an offer went to somebody, in the page's language and on the hotline's clock: nothing of it stays English."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from ivr.web.texts import LANGUAGES, texts
from ivr.web.weighed import Weighing
from routing import distributor as d
from routing.effect import Offered
from routing.explaining import explain
from routing.queue import Queue, Strategy
from routing.reason import Candidate, Reason, Verdict
from tests.routing.centre import Centre

BERLIN = ZoneInfo("Europe/Berlin")  # an hour ahead of UTC in November


def reasons(strategy: Strategy) -> list[Reason]:
    """All decisions of a morning with several calls in a queue that asks by this strategy."""
    queue = Queue("claims", strategy=strategy, order=("bert", "anna"), weights={"bert": 3}, wrap_up_s=0, ring_more_s=5)
    centre = Centre({"claims": queue})
    for name, claims in (("anna", 3), ("bert", 4), ("carl", 2)):
        centre.come(name, {"claims": claims})
    for number in range(4):
        centre.call(f"c{number}")
        centre.wait(6)
        centre.talk(f"c{number}")
        centre.wait(20)
        centre.do(d.talk_ended, f"c{number}")
    return [offer.reason for offer in (it.offer for it in centre.effects if isinstance(it, Offered))]


@pytest.mark.parametrize("strategy", Strategy)
def test_what_put_somebody_first_or_after_is_told_in_every_language(strategy: Strategy) -> None:
    found = reasons(strategy)
    assert found
    parts = {it.winner for it in found} | {it.detail for reason in found for it in reason.candidates}
    for part in parts - {""}:
        told = [Weighing(texts(language), BERLIN).said(part) for language in LANGUAGES]
        assert len(set(told)) == len(LANGUAGES), part  # what is known to nobody would stay as it is in all of them


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_words(verdict: Verdict) -> None:
    reason = Reason(candidates=(Candidate("anna", verdict),))
    for language in LANGUAGES:
        weighing = Weighing(texts(language), BERLIN)
        assert ("anna" in weighing.sentence(reason)) == (verdict is not Verdict.CHOSEN)


def test_times_are_those_of_the_hotline_s_clock() -> None:
    first = reasons(Strategy.LONGEST_IDLE)[0]
    assert "free since 09:00:01 UTC" in first.sentence
    said = Weighing(texts("de"), BERLIN).sentence(first)
    assert said == (
        "an anna (kann claims 3, frei seit 10:00:01, am längsten von 3); "
        "bert: ist auch frei, aber noch nicht so lange; carl: ist auch frei, aber noch nicht so lange"
    )
    later = [it.winner for it in reasons(Strategy.LONGEST_SINCE_LAST_CALL) if "T" in it.winner]
    assert later[0] == "talked longest ago (2026-11-23T09:00:29+00:00)"
    assert Weighing(texts("es"), BERLIN).said(later[0]) == "habló hace más tiempo (10:00:29)"


def test_who_is_not_free_is_told_until_when_and_a_pause_s_own_reason_stays() -> None:
    centre = Centre({"claims": Queue("claims", wrap_up_s=30)})
    for name in ("anna", "bert", "dora"):
        centre.come(name, {"claims": 3} if name != "dora" else {"claims": 1})
    centre.do(d.pause, "bert", "fire drill")
    centre.call("c1")
    centre.talk("c1")
    centre.do(d.talk_ended, "c1")
    centre.call("c2", needs={"claims": 3})
    with centre.floor() as floor:
        reason = explain(floor, floor.contact("c2"), floor.queue("claims"), None)
    assert Weighing(texts("de"), BERLIN).sentence(reason) == (
        "noch an niemanden; anna: ist in Nachbearbeitung bis 10:00:33; bert: macht Pause (fire drill); "
        "dora: fehlt (claims 3, hat 1)"
    )
