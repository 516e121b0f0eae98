"""Several people in one script, and what the app asks of the carrier: each with what is said when it is not so."""

from __future__ import annotations

import pytest

from ivr.simulator.script import steps as s
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_script
from tests.ivr.simulator.test_call_scripts_page import played

HEADER = "call from +4915112345678 to +18005550142\n"
BOB = "line +18005550177 as bob answers after 4s\n"


def goes_well(text):
    result = played(text)
    assert result.passed, result.error or result.failure
    return result


def goes_wrong(text):
    result = played(text)
    assert result.failure, result.error or "went well"
    return result.failure


def fault(text):
    with pytest.raises(ScriptError) as caught:
        read_script(HEADER + text, "a.call")
    (only,) = caught.value.faults
    return only


def test_somebody_who_is_called_hears_and_presses_in_turn():
    goes_well(HEADER + BOB + "press 4\nbob: hear ~ a call for you\nbob: press 1\nexpect talking to +18005550177\n")


def test_somebody_who_presses_another_key_is_not_talked_to():
    failure = goes_wrong(HEADER + BOB + "press 4\nbob: hear ~ a call\nbob: hang up\nexpect talking to +18005550177\n")
    assert "has talked to: none" in failure


def test_what_somebody_else_hears_is_not_what_the_caller_hears():
    failure = goes_wrong(HEADER + BOB + "press 4\nhear ~ a call for you\n")
    assert failure.startswith("page.call:4: hear ~ a call for you")


def test_whom_nobody_calls_can_do_nothing():
    assert "nobody has called +18005550177" in goes_wrong(HEADER + BOB + "press 2\nbob: press 1\n")


def test_a_failing_step_of_somebody_else_tells_their_side():
    failure = goes_wrong(HEADER + BOB + "press 4\nbob: hear ~ good evening\n")
    assert failure.startswith("page.call:4: bob: hear ~ good evening")
    assert '"A call for you. Press 1."' in failure


def test_voicemail_takes_the_call():
    goes_well(HEADER + "line +18005550177 has voicemail after 6s\npress 4\nexpect dialed +18005550177\nwait 10s\n")


def test_several_callers_wait_in_one_queue():
    text = (
        "press 2\nexpect queued claims\nbob: call from +4930123456 to +18005550142 with FromCity=Berlin\nbob: press 2\n"
    )
    goes_well(HEADER + text + "bob: expect queued claims position 2\nexpect webhook POST /voice FromCity=Berlin\n")


def test_all_callers_hang_up_at_the_end():
    result = goes_well(HEADER + "press 2\nbob: call from +4930123456 to +18005550142\nbob: press 2\nhang up\n")
    assert sum(line.endswith("completed (by caller)") for line in result.transcript) == 2


CLICK = "app calls +15550001111\nline +15550001111 answers after 2s\n"


def test_the_app_calls_somebody_when_its_page_is_asked():
    goes_well(CLICK + "post /click to=+15550001111\nhear ~ this is acme\nhang up\n")


def test_whom_the_app_does_not_call_hears_nothing():
    assert "nobody has called +15550001111" in goes_wrong(CLICK + "hear ~ this is acme\n")


def test_what_the_app_does_beside_a_call_can_be_expected_without_one():
    goes_well(CLICK + "expect no dialed +15550001111\nexpect no text to +15550001111\n")
    goes_well(CLICK + "post /click to=+15550001111\nexpect dialed +15550001111\n")
    failure = goes_wrong(CLICK + "expect text to +15550001111\n")
    assert "texts were sent: none" in failure


def test_a_door_that_refuses_is_told():
    failure = goes_wrong(CLICK + "post /nowhere to=+15550001111\n")
    assert "your app answered 500 to POST /nowhere: boom" in failure


@pytest.mark.parametrize(
    ("expectation", "instead"),
    [
        ("text to +15550009999", 'texts were sent: to +15550001111: "Hello! Your order is on its way."'),
        ("text to +15550001111 = Hello!", "texts were sent"),
        ("text to +15550001111 ~ goodbye", "texts were sent"),
        ("no text to +15550001111", "this has happened"),
        ("no webhook POST /answered", "asked were: POST /called, POST /answered Digits=1"),
        ("twiml error 12200", "errors and warnings were: none"),
    ],
)
def test_what_is_not_so_is_told_with_what_is(expectation, instead):
    start = CLICK + "post /click to=+15550001111\nhear ~ this is acme\npress 1\nhear ~ a text comes\n"
    assert instead in goes_wrong(start + f"expect {expectation}\n")


def test_texts_are_compared_as_written_or_by_their_words():
    start = CLICK + "post /click to=+15550001111\nhear ~ acme\npress 1\n"
    goes_well(start + "expect text to +15550001111 ~ YOUR order\n")
    goes_well(
        start + "expect text to +15550001111 = Hello! Your order is on its way.\nexpect no text to +15550009999\n"
    )


def test_no_webhook_is_none_since_the_step_before():
    goes_well(HEADER + "hear ~ welcome\nwait 1s\nexpect no webhook\n")
    failure = goes_wrong(HEADER + "hear ~ welcome\npress 2\nexpect no webhook\n")
    assert "asked were: POST /menu Digits=2" in failure


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("ann: press 1", 1, "line +18005550177 as ann"),
        ("line +18005550177 as b:b answers", 22, "is not a name"),
        ("bob: wait 3s", 6, "a step of somebody else"),
        ("bob: call from 0800 to +18005550142", 16, "a number with +"),
        ("app calls +4930123456", 1, "a second begins"),
        ("post click", 6, "begins with /"),
        ("expect text to 0800", 16, "is not a number"),
        ("expect text to +4930123456 hello", 28, "does not say how to compare"),
        ("expect twiml error bad", 20, "five digits"),
        ("expect no ended by app", 11, "expected not to happen"),
        ("seed x", 6, "no seed"),
        ("chaos dupplicate=0.1", 7, "duplicate"),
        ("answer http ftp://x 200 {}", 13, "web address"),
        ("answer http https://x 99 {}", 23, "not a status"),
    ],
)
def test_each_fault_has_its_place_and_its_remedy(line, column, said):
    found = fault(line)
    assert (found.column, said in f"{found.message} {found.hint}") == (column, True), str(found)


def test_names_are_given_once():
    assert "already in this script" in fault(BOB + "bob: call from +4930123456 to +18005550142").message


def test_the_head_says_seed_chaos_and_stubs():
    script = read_script(
        HEADER + 'chaos duplicate=0.1,drop=0.01 seed 7\nanswer http https://x.test/1 200 {"a": "b c"}\n'
    )
    assert (script.seed, script.chaos) == (7, "duplicate=0.1,drop=0.01")
    assert [(stub.url, stub.status, stub.body) for stub in script.stubs] == [("https://x.test/1", 200, '{"a": "b c"}')]


def test_parameters_stand_behind_the_call():
    script = read_script('call from +4930123456 to +18005550142 with FromCity="Bad Ems" FromCountry=DE\n')
    assert script.params == {"FromCity": "Bad Ems", "FromCountry": "DE"}


def test_a_name_is_part_of_its_step():
    (step,) = read_script(HEADER + BOB + "bob: press 1\n").steps
    assert isinstance(step, s.By)
    assert (step.who, step.step.keys, step.place.text) == ("bob", "1", "bob: press 1")
