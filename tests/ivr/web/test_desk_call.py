"""A caller on the line: what a representative may do with them, whom they may be handed to, and whom not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.web.desk_world import Seat, World

OUTSIDE = "+49305550100"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    seat = world.at_desk()
    seat.post("ready")
    return seat


@pytest.fixture
def contact(world: World, seat: Seat) -> str:
    contact = world.caller_waits()
    assert seat.accepts() == contact
    world.leg_answers(contact)
    world.caller_joins(contact)
    return contact


def orders(world: World) -> list[tuple[str, dict[str, object]]]:
    """What the carrier was asked for, without what was only looked up."""
    return [(url.rsplit("/", 2)[-2], said) for url, said in world.carrier.orders if said]


def test_who_holds_the_caller_sees_since_when_and_the_carrier_plays_music(
    world: World, seat: Seat, contact: str
) -> None:
    assert seat.post(f"contacts/{contact}/hold").status_code == 200
    assert seat.state["contact"]["held_since"] == "2026-11-24T09:00:00.000Z"
    assert orders(world)[-1] == (
        "Participants", {"Hold": "true", "HoldUrl": "http://localhost/sounds/music.wav", "HoldMethod": "GET"}
    )  # fmt: skip
    seat.post(f"contacts/{contact}/resume")
    assert seat.state["contact"]["held_since"] is None
    assert orders(world)[-1] == ("Participants", {"Hold": "false"})


def test_an_order_that_was_lost_is_given_again_when_it_is_asked_for_again(
    world: World, seat: Seat, contact: str
) -> None:
    seat.post(f"contacts/{contact}/hold")
    before = len(orders(world))
    assert seat.post(f"contacts/{contact}/hold").status_code == 200
    assert len(orders(world)) == before + 1


def test_the_microphone_is_off_until_it_is_on_again_whatever_is_reloaded(
    world: World, seat: Seat, contact: str
) -> None:
    seat.post(f"contacts/{contact}/mute")
    assert seat.state["contact"]["muted"] is True
    assert orders(world)[-1] == ("Participants", {"Muted": "true"})
    seat.post(f"contacts/{contact}/unmute")
    assert seat.state["contact"]["muted"] is False


@pytest.mark.parametrize(
    ("to", "status", "why"),
    [
        ({"number": "+4990012345"}, 422, "that number is not the hotline's"),
        ({"queue": "nowhere"}, 422, "there is no queue 'nowhere'"),
        ({"agent": "claims-1"}, 422, "that is yourself"),
        ({"agent": "nobody"}, 422, "there is no agent 'nobody'"),
        ({}, 422, "say to whom"),
        ({"queue": "claims", "agent": "claims-2"}, 422, "say to whom"),
    ],
)
def test_nobody_is_handed_to_where_they_may_not_go(
    world: World, seat: Seat, contact: str, to: dict[str, str], status: int, why: str
) -> None:
    answer = seat.post(f"contacts/{contact}/transfer", **to)
    assert (answer.status_code, answer.get_json()["error"]) == (status, why)
    assert seat.state["agent"]["state"] == "talking"


def test_what_is_somebody_elses_is_not_there(world: World, seat: Seat, contact: str) -> None:
    other = world.at_desk("claims-2")
    for what in ("hold", "resume", "mute", "unmute", "consult/end", "consult/complete"):
        assert other.post(f"contacts/{contact}/{what}").status_code == 404, what
    assert other.post(f"contacts/{contact}/transfer", queue="service").status_code == 404
    assert other.post(f"contacts/{contact}/consult", number=OUTSIDE).status_code == 404
    assert other.post(f"contacts/{contact}/callback", in_min="15").status_code == 404


def test_a_caller_who_is_not_there_yet_is_not_handed_on(world: World, seat: Seat) -> None:
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    assert seat.post(f"contacts/{contact}/transfer", queue="service").get_json()["error"] == "not talking"


def test_the_form_goes_along_to_the_queue_and_the_colleague_sees_that_it_was_handed_on(
    world: World, seat: Seat, contact: str
) -> None:
    other = world.at_desk("service-1", en=4)
    other.post("ready")
    fields = {"order_number": "47110815", "note": "The second cup, too."}
    seat.post(f"contacts/{contact}/draft", kind="claim", fields=fields)
    assert seat.post(f"contacts/{contact}/transfer", queue="service").status_code == 200
    assert seat.state["agent"]["state"] == "wrap_up"
    assert other.state["offer"]["handed_on"] == 1
    other.accepts()
    assert other.state["contact"]["draft"] == {"kind": "claim", "fields": fields}


def test_one_is_asked_at_a_time_and_only_who_is_there_is_handed_the_caller(
    world: World, seat: Seat, contact: str
) -> None:
    assert seat.post(f"contacts/{contact}/consult", number=OUTSIDE).status_code == 200
    assert seat.state["contact"]["third"]["state"] == "calling"
    assert seat.state["contact"]["held_since"] is not None
    again = seat.post(f"contacts/{contact}/consult", number=OUTSIDE)
    assert (again.status_code, again.get_json()["error"]) == (409, "somebody is being asked already")
    early = seat.post(f"contacts/{contact}/consult/complete")
    assert (early.status_code, early.get_json()["error"]) == (409, "nobody has answered yet")
    assert seat.post(f"contacts/{contact}/transfer", queue="service").status_code == 409
    assert seat.post(f"contacts/{contact}/consult/end").status_code == 200
    assert (seat.state["contact"]["third"], seat.state["contact"]["held_since"]) == (None, None)


def test_who_is_asked_sees_by_whom_about_whom_and_how_far_their_form_is(world: World, seat: Seat, contact: str) -> None:
    other = world.at_desk("claims-2")
    other.post("ready")
    fields = {"order_number": "47110815", "note": "The second cup, too."}
    seat.post(f"contacts/{contact}/draft", kind="claim", fields=fields)
    world.later(20)
    assert seat.post(f"contacts/{contact}/consult", agent="claims-2").status_code == 200
    offer = other.state["offer"]
    assert offer["consult"] == {
        "by": "claims-1", "display_name": "Claims-1", "held_since": "2026-11-24T09:00:20.000Z"
    }  # fmt: skip
    assert (offer["caller"], offer["queue"], offer["kind"], offer["waited_s"]) == (
        "+4915112345678",
        "claims",
        "claim",
        0,
    )
    assert (offer["draft"], offer["case"], offer["handed_on"]) == ({"kind": "claim", "fields": fields}, None, 0)
    assert offer["reason"] == "to claims-2 (is asked by claims-1)"
    asked = other.accepts()
    world.leg_answers(asked)
    seen = other.state["contact"]
    assert (seen["id"], seen["consult"]["by"], seen["draft"]) == (
        asked,
        "claims-1",
        {"kind": "claim", "fields": fields},
    )
    assert (seen["goes_to"], seen["dispositions"], seen["callback_to"]) == (
        {"queues": [], "agents": [], "numbers": []}, [], None
    )  # fmt: skip
    assert seat.state["contact"]["third"] == {"number": None, "agent": "claims-2", "state": "there", "why": None}
    for what, body in (
        ("draft", {"kind": "claim", "fields": {}}),
        ("case", {"kind": "claim", "fields": {}, "form": "f-1"}),
        ("disposition", {"disposition": "settled"}),
        ("callback", {"in_min": "15"}),
        ("consult", {"number": OUTSIDE}),
        ("transfer", {"queue": "service"}),
        ("consult/complete", {}),
        ("hold", {}),
    ):
        no = other.post(f"contacts/{asked}/{what}", **body)
        assert no.get_json()["error"] in ("you are only consulted", "not talking"), what


@pytest.mark.parametrize("no", ["decline", "miss"])
def test_who_asked_in_vain_sees_why_and_still_has_the_caller(world: World, seat: Seat, contact: str, no: str) -> None:
    other = world.at_desk("claims-2")
    other.post("ready")
    seat.post(f"contacts/{contact}/consult", agent="claims-2")
    assert seat.state["contact"]["third"]["state"] == "calling"
    if no == "decline":
        other.post(f"offers/{other.state['offer']['id']}/decline")
    else:
        world.later(21)
    third = {"number": None, "agent": "claims-2", "state": "over", "why": "declined" if no == "decline" else "missed"}
    assert seat.state["contact"]["third"] == third
    assert seat.state["contact"]["held_since"] is not None
    seat.post(f"contacts/{contact}/resume")
    assert seat.post(f"contacts/{contact}/consult", number=OUTSIDE).status_code == 200
    assert seat.state["contact"]["third"]["number"] == OUTSIDE


def test_who_is_not_free_is_not_asked(world: World, seat: Seat, contact: str) -> None:
    other = world.at_desk("claims-2")

    def asked() -> str:
        return seat.post(f"contacts/{contact}/consult", agent="claims-2").get_json().get("error", "")

    assert asked() == "that colleague cannot be asked now", "on a break"
    other.post("ready")
    second = world.caller_waits(caller="+4915112345679")
    assert asked() == "that colleague cannot be asked now", "rung"
    other.accepts()
    world.leg_answers(second)
    assert asked() == "that colleague cannot be asked now", "talking"
    assert seat.state["contact"]["goes_to"]["agents"][0]["may_be_asked"] is False
    assert seat.state["contact"]["held_since"] is None


def test_a_third_is_sent_away_when_the_conversation_ends(world: World, seat: Seat, contact: str) -> None:
    seat.post(f"contacts/{contact}/consult", number=OUTSIDE)
    with world.store.look() as tx:
        leg = tx.thirds.of_contact(contact).leg_sid
    world.caller_hangs_up(contact)
    assert (f"{leg}.json", {"Status": "completed"}) in [
        (url.rsplit("/", 1)[-1], said) for url, said in world.carrier.orders
    ]
    with world.store.look() as tx:
        assert tx.thirds.of_contact(contact) is None


def test_a_call_is_promised_once_and_only_within_a_week(world: World, seat: Seat, contact: str) -> None:
    for wrong in ("", "x", "-1", "99999"):
        assert seat.post(f"contacts/{contact}/callback", in_min=wrong).status_code == 422, wrong
    assert seat.post(f"contacts/{contact}/callback", in_min="15").status_code == 200
    assert seat.state["contact"]["promised"] is True
    assert seat.post(f"contacts/{contact}/callback", in_min="15").status_code == 409


def test_wrap_up_is_longer_once(world: World, seat: Seat, contact: str) -> None:
    world.talk_ends(contact)
    assert seat.state["agent"]["may_extend_s"] == 120
    before = seat.state["agent"]["wrap_up_until"]
    assert seat.post("wrap-up/extend").status_code == 200
    assert (before, seat.state["agent"]["wrap_up_until"]) == ("2026-11-24T09:01:00.000Z", "2026-11-24T09:03:00.000Z")
    assert seat.state["agent"]["may_extend_s"] == 0
    assert seat.post("wrap-up/extend").status_code == 409


def test_who_is_rung_sees_the_callers_earlier_cases_and_how_they_stand(world: World, seat: Seat) -> None:
    with world.store.transaction() as tx:
        tx.cases.log("question", {"question": "When?"}, "f-1", "claims-2", tx.now, caller="+4915112345678")
        tx.cases.log("question", {"question": "Who?"}, "f-2", "claims-2", tx.now, caller="+4930000000")
    world.caller_waits()
    earlier = seat.state["offer"]["earlier"]
    assert [(it["kind"], it["state"]) for it in earlier] == [("question", "open")]
