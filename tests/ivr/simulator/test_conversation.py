"""Conversation: a call as a user's own test plays it, and what it says when something does not happen."""

from __future__ import annotations

import pytest

from ivr.simulator import dialled
from tests.ivr.simulator.tiny_app import TOKEN, TinyApp

MENU = "<Gather numDigits='1' action='/menu' timeout='4'><Say>For sales, press one.</Say></Gather><Say>Goodbye.</Say>"


def app(**documents: str) -> TinyApp:
    return TinyApp(
        {"/voice": MENU, "/menu": "<Say>Thank you.</Say>"} | {f"/{name}": it for name, it in documents.items()}
    )


def test_steps_stand_in_a_row() -> None:
    shop = app()
    call = dialled(shop, auth_token=TOKEN).hear("FOR SALES").press("1").hear_exactly("Thank you.").ends()
    assert call.heard == ["For sales, press one.", "Thank you."]
    assert [each["Digits"] for each in call.asked("/menu")] == ["1"]
    assert all(each.signed for each in shop.asked)


def test_silence_lets_the_gather_run_out() -> None:
    call = dialled(app()).silence().hear("Goodbye").ends()
    assert not call.asked("/menu")


def test_only_what_follows_is_new() -> None:
    with pytest.raises(AssertionError, match='"for sales" was not heard'):
        dialled(app()).hear("for sales").hear("for sales")


def test_what_is_waited_for_is_not_taken_for_stuck() -> None:
    gather = "<Gather action='/menu' timeout='5'><Say>Your number?</Say></Gather>"
    dialled(app(voice=gather)).hear("number").press("47").hear("Thank you")  # the fifth second ends the number


def test_words_and_messages() -> None:
    speech = "<Gather input='speech' action='/menu'><Say>What is it about?</Say></Gather>"
    call = dialled(app(voice=speech, menu="<Record action='/saved'/>", saved="<Say>Saved.</Say>"))
    call.hear("about").say("my parcel").leave_message(7, "it broke").hear("Saved").ends()
    assert call.asked("/menu")[0]["SpeechResult"] == "my parcel"
    assert call.asked("/saved")[0]["RecordingDuration"] == "7"


def test_a_long_wait_takes_no_time_and_hanging_up_ends_all() -> None:
    call = dialled(app(voice="<Enqueue>sales</Enqueue>"), status_callback="/told").wait(1200).hang_up()
    assert call.line.duration_s == 1200
    assert [each["CallStatus"] for each in call.asked("/told")] == ["completed"]


def test_what_came_instead_is_told() -> None:
    with pytest.raises(AssertionError) as failed:
        dialled(app()).press("1").hear("Support")
    assert str(failed.value).splitlines() == [
        '"Support" was not heard',
        "since then was heard:",
        '  "For sales, press one."',
        '  "Thank you."',
        "the call is: completed, ended by app",
        "the last webhook: POST https://app.example/menu -> 200",
        "  <Response>",
        "  <Say>Thank you.</Say>",
        "  </Response>",
    ]


def test_an_apps_error_is_told() -> None:
    with pytest.raises(AssertionError, match=r"(?s)nobody listens.*11217.*404 from https://app\.example/nowhere"):
        dialled(app(), "/nowhere").press("1")


def test_who_calls_and_what_else_is_known() -> None:
    call = dialled(app(), caller="+4930123456", params={"FromCity": "Berlin"}, fallback="/sorry")
    call.hear("sales")
    assert (call.asked("/voice")[0]["From"], call.asked("/voice")[0]["FromCity"]) == ("+4930123456", "Berlin")


def test_the_fallback_is_asked() -> None:
    dialled(app(sorry="<Say>Sorry.</Say>"), "/nowhere", fallback="/sorry").hear("Sorry").ends()
