"""Call scripts are read strictly: every step has one form, every fault has its place and its remedy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.script import steps as s
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_file, read_script

HEADER = "call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00\n"


def steps(text):
    return read_script(HEADER + text, "a.call").steps


def step(text):
    (only,) = steps(text)
    return only


def faults(text):
    with pytest.raises(ScriptError) as caught:
        read_script(text, "a.call")
    return caught.value.faults


def fault(text):
    (only,) = faults(HEADER + text)
    return only


def test_the_header_says_who_calls_whom_when():
    script = read_script(HEADER)
    assert (script.caller, script.called) == ("+4915112345678", "+18005550142")
    assert script.at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("caller", ["anonymous", "client:ann", "sip:ann@example.com", "+18005550100"])
def test_anybody_may_call(caller):
    assert read_script(f"call from {caller} to client:desk").caller == caller


def test_every_step_of_the_design_is_read():
    text = """
hear ~ Welcome                                # ~ contains (case, punctuation and script folded)
hear = Welcome to Acme.
hear @welcome
press 2
say "my parcel is broken"                     # for a Gather that takes speech
silence                                       # let the Gather run out
leave a message of 8s "it broke"              # for a Record
wait 30s
expect queued claims position 1
expect queued claims
expect in-queue 00:30
expect dialed +18005550177
expect recorded
expect conference room-7
expect talking to claims-1
expect webhook POST /menu Digits=2
expect ended by app
expect case claim order_number=4711 note="cup broken"
expect status completed
hang up
"""
    read = steps(text)
    assert [(one.place.line, one.place.text) for one in read[:2]] == [
        (3, "hear ~ Welcome"),
        (4, "hear = Welcome to Acme."),
    ]
    assert [(one.how, one.text) for one in read[:3]] == [("~", "Welcome"), ("=", "Welcome to Acme."), ("@", "welcome")]
    assert [type(one) for one in read[3:8]] == [s.Press, s.Speak, s.Silence, s.LeaveMessage, s.Wait]
    assert (read[4].text, read[6].length_s, read[6].text) == ("my parcel is broken", 8, "it broke")
    assert isinstance(read[-1], s.HangUp)
    assert [one.fact for one in read[8:-1]] == [
        s.Queued("claims", 1),
        s.Queued("claims", None),
        s.InQueue(30),
        s.Dialed("+18005550177"),
        s.RecordingMade(),
        s.InConference("room-7"),
        s.TalkingTo("claims-1"),
        s.WebhookSent("POST", "/menu", {"Digits": "2"}),
        s.EndedBy("app"),
        s.CaseLogged("claim", {"order_number": "4711", "note": "cup broken"}),
        s.StatusIs("completed"),
    ]


@pytest.mark.parametrize("written", ["#", "*", "0", "4711#", "12*#"])
def test_the_hash_key_is_a_key_after_press_and_a_comment_elsewhere(written):
    assert step(f"press {written}   # and a comment").keys == written


@pytest.mark.parametrize(
    ("written", "seconds"), [("8s", 8), ("1m30s", 90), ("2m", 120), ("0.5s", 0.5), ("00:30", 30), ("01:00:05", 3605)]
)
def test_lengths_of_time(written, seconds):
    assert step(f"wait {written}").length_s == seconds


def test_words_with_a_hash_in_them_stand_in_quotes():
    assert step('hear ~ "press the # key"').text == "press the # key"


def test_a_quote_in_quotes_is_written_with_a_backslash():
    assert step(r'say "she said \"no\" to me"').text == 'she said "no" to me'


def test_lines_that_can_be_called():
    text = """line +18005550177 answers after 4s
line +18005550178 is busy
line client:ann rejects
line sip:bob@example.com never answers
line +18005550179 answers after 2s and presses 1 and hangs up after 30s
line +18005550180 answers
    hang up after 1m
"""
    lines = read_script(HEADER + text).lines
    assert [(one.address, one.behaviour, one.answers_after_s, one.keys, one.hangs_up_after_s) for one in lines] == [
        ("+18005550177", "answers", 4, "", None),
        ("+18005550178", "busy", 0, "", None),
        ("client:ann", "rejects", 0, "", None),
        ("sip:bob@example.com", "never", 0, "", None),
        ("+18005550179", "answers", 2, "1", 30),
        ("+18005550180", "answers", 0, "", 60),
    ]


def acts(text):
    (agent,) = read_script(HEADER + text).agents
    return [(act.verb, act.after_s) for act in agent.acts]


def test_an_agent_in_one_line():
    assert acts("agent claims-1 answers after 12s and hangs up after 40s") == [("accept", 12), ("hang up", 40)]
    assert acts("agent claims-1") == []
    assert acts("agent claims-1 declines after 3s") == [("decline", 3)]


def test_an_agent_with_skills():
    (agent,) = read_script(HEADER + "agent claims-1 with skills claims:3 de:2 answers after 12s").agents
    assert agent.skills == {"claims": 3, "de": 2}


def test_what_an_agent_does_stands_indented_below():
    text = """agent claims-1
    decline after 2s
    ignore
    accept after 12s
    log claim cause="badly done" note="cup broken" after 5s
    hang up after 30s
    wrap up after 4s
    pause lunch
    ready after 10m
"""
    assert acts(text) == [
        *[("decline", 2), ("ignore", 0), ("accept", 12), ("log", 5)],
        *[("hang up", 30), ("wrap up", 4), ("pause", 0), ("ready", 600)],
    ]
    (agent,) = read_script(HEADER + text).agents
    assert (agent.acts[3].kind, agent.acts[3].fields) == ("claim", {"cause": "badly done", "note": "cup broken"})
    assert agent.acts[6].reason == "lunch"


def test_parameters_of_the_first_webhook_can_be_given():
    assert read_script(HEADER + "param FromCountry=DE AnsweredBy=human").params == {
        "FromCountry": "DE",
        "AnsweredBy": "human",
    }


def test_a_fault_shows_file_line_and_column_the_line_a_caret_and_a_remedy():
    assert str(fault("prses 2")) == (
        'a.call:2:1: error: "prses" is not a step.\n    2 | prses 2\n      | ^^^^^\n        did you mean "press"?'
    )


def test_all_faults_are_told_at_once():
    found = faults(HEADER + "prses 2\nwait long\nhear Welcome\n")
    assert [(one.line, one.column) for one in found] == [(2, 1), (3, 6), (4, 6)]


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("press A", 7, "0-9 * #"),
        ("press", 6, "a key"),
        ("press 1 2", 9, "comment"),
        ("wait 30", 6, "8s, 1m30s"),
        ("wait 25:00:00", 6, "a call of a day"),
        ("hear", 5, "hear ~"),
        ("hear ~ ...", 11, "missing"),
        ("say", 4, "missing"),
        ('say "x', 5, "never closed"),
        ("leave a mesage of 8s", 9, '"message"'),
        ("expect qeued claims", 8, '"queued"'),
        ("expect queued claims position 0", 31, "from 1"),
        ("expect webhook PUT /menu", 16, "POST, GET"),
        ("expect webhook POST menu", 21, "begins with /"),
        ("expect webhook POST / A=1 A=2", 27, "twice"),
        ("expect ended by robot", 17, "app, caller"),
        ("expect status compleded", 15, '"completed"'),
        ("hang off", 6, '"up"'),
        ("line 0800 is busy", 6, "client:NAME"),
        ("line +18005550177 sleeps", 19, "answers"),
        ("agent -x answers", 7, "letters"),
        ("agent a with skills claims:9", 21, "1 to 5"),
        ("agent a with skills answers", 21, "claims:3"),
        ("agent a\n   acept", 4, '"accept"'),
        ("   hang up", 4, "indented"),
        ("hang up\n   press 1", 4, "indented"),
        ("call from anonymous to +18005550142", 1, "second"),
        ("line +18005550177 rejects\nline +18005550177 is busy", 6, "twice"),
        ("param x", 7, "NAME=VALUE"),
    ],
)
def test_each_fault_has_its_place_and_its_remedy(line, column, said):
    found = fault(line)
    assert (found.column, said in f"{found.message} {found.hint}") == (column, True), str(found)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("call from 0800 to +18005550142", 11),
        ("call from anonymous to anonymous", 24),
        ("call from anonymous to +18005550142 at noon", 40),
        ("call from anonymous to +18005550142 at 2026-11-23T10:00", 40),
        ("call to +18005550142", 6),
        ("press 1", 1),
    ],
)
def test_a_bad_or_missing_header_is_one_fault(header, column):
    (found,) = faults(header)
    assert found.column == column


def test_a_script_too_long_is_refused():
    assert "at most" in faults(HEADER + "press 1\n" * 2000)[0].message


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "a.call"
    file.write_bytes(b"\xef\xbb\xbf" + HEADER.encode() + b"hang up\r\n")
    assert read_file(file).file == str(file)


@given(st.text(alphabet=st.sampled_from('ab0# \n\t"\\=@~:+callinepresshrwxt'), max_size=200))
def test_any_text_is_a_script_or_faults_with_places_in_it(text):
    lines = text.splitlines() or [""]
    try:
        found = read_script(text) and ()
    except ScriptError as error:
        found = error.faults or pytest.fail("no fault told")
    assert all(1 <= one.column <= len(lines[one.line - 1]) + 1 for one in found)
