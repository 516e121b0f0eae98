"""Every kind of step and setting, drawn, rehearsed and compared: one change each, and what a supervisor reads of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ivr.menu import tree as t
from ivr.menu.hotline import examine, read_files
from ivr.menu.tree import Tree
from ivr.view.cover.point import points
from ivr.view.cover.told import what
from ivr.view.diagram import dot, mermaid
from ivr.view.page import page
from ivr.view.picture import picture
from ivr.view.plan.change import sentence, subject_text
from ivr.view.plan.made import plan
from ivr.view.rehearsal import rehearse, rehearse_emergency
from ivr.view.script import explained, script
from ivr.view.telling import tell

TEXT = (Path(__file__).parent / "every_kind.yaml").read_text("utf-8")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
READERS = ("en", "de", "sr", "es")


@pytest.fixture(scope="module")
def every() -> Tree:
    return read_files({"a.yaml": TEXT})


@pytest.mark.parametrize("language", READERS)
def test_it_can_be_drawn_in_every_language(every: Tree, language: str) -> None:
    for drawn in (page(every, language), picture(every, language), mermaid(every, language), dot(every, language)):
        assert "Goodbye" in drawn


def test_ways_say_what_brings_a_caller_there(every: Tree) -> None:
    lines = mermaid(every, "en")
    for said in (
        "a wrong key, 2 times",
        "no key, 3 times",
        "Status is ‘shipped’",
        "Order number begins with ‘4711’",
        "Pin looks like ‘27####’".replace("#", "#35;"),
        "Desk is closed",
        "50 % of the calls",
        "no answer in time",
        "busy or no answer",
        "not wanted, or no number",
        "call back promised",
        "queue full",
        "waited too long or nobody there",
        "1 a call back",
        "after the questions",
    ):
        assert said in lines, said
    assert "the caller's number is shown" in page(every, "en")
    assert "not (the caller hears German)" in page(every, "en")


def test_every_situation_is_heard(every: Tree) -> None:
    heard = {
        (name, scene.key, scene.n): [getattr(part, "text", "") or part.key for part in scene.said]
        for name in every.nodes
        for scene in rehearse(every, name, "en", MONDAY)
    }
    assert heard["welcome", "silence", 1][:2] == ["First silence.", "Once more."]
    assert heard["welcome", "silence", 2][0] == "Second silence."
    assert heard["welcome", "not_understood", 1][0] == "No such key."
    assert heard["welcome", "arrive", 0][-1] == "speech"
    assert heard["notice", "arrive", 0][0] == "This must be heard."
    assert heard["line", "waiting", 1][-1] == "key"
    assert "First text." in heard["line", "waiting", 1]
    assert "Second text." in heard["line", "waiting", 2]
    assert "For a call back, press 1." in heard["line", "waiting", 1]
    assert heard["office", "arrive", 0][-1] == "dial"
    assert heard["shop", "arrive", 0] == ["One moment.", "look_up"]
    assert "text" in heard["text_me", "arrive", 0]
    assert "call_back" in heard["call_me", "promised", 0]
    assert ("pin", "entered", 0) not in heard
    emergency = rehearse_emergency(every, "en", MONDAY)
    assert emergency.said[0].text == "Our house is under water."
    for reader in READERS:
        for _, key, n in heard:
            assert tell(f"view.scene.{key}", reader, n=n)


def test_the_speaker_gets_every_form_and_reads_no_text_message(every: Tree) -> None:
    made = script(every, "en", MONDAY)
    found = [sentence.text for sentence in made.sentences]
    for said in ("{parcels} parcel is on its way.", "{parcels} parcels are on their way.", "Our house is under water.",
                 "Once more.", "Second silence.", "For your account, press 5.", "Second text."):  # fmt: skip
        assert found.count(said) == 1, said
    assert not any("Order {order_number}." in text for text in found)
    assert explained(made, "en") == {"parcels": "what was noted at Shop"}
    changing = {sentence.text for sentence in made.sentences if sentence.example}
    assert "You are number 3 in line." in changing
    assert "First text." not in changing
    recorded = next(it for it in made.sentences if it.text == "Welcome to the whole hotline.")
    assert recorded.recording == "welcome.wav"


CHANGES = [
    ("    timeout_s: 10\n", "    timeout_s: 20\n", "Office (press 2) | ~ Time to press a key: 20 s instead of 10 s."),
    ("speech: yes", "speech: no", "Welcome | ~ Choices may be spoken: no instead of yes."),
    ("[order, buy something]", "[order]",
     "Welcome | ~ Words for key 1 in English: order instead of order, buy something."),
    ("pause_between_ms: 500", "pause_between_ms: 750",
     "Welcome | ~ Pause between choices: 0.75 s instead of 0.5 s."),
    ("{en: Second silence., de: Zwei.}", "{en: Still there?, de: Zwei.}",
     "Welcome | ~ Said after silence 2: “Still there?” instead of “Second silence.” (English)."),
    ("short: {en: Once more.,", "short: {en: Again.,",
     "Welcome | ~ When heard again: “Again.” instead of “Once more.” (English)."),
    ("recording: {en: welcome.wav}", "recording: {en: hello.wav}",
     "Welcome | ~ Another recording is played (English)."),
    ('pattern: "47####"', 'pattern: "48####"', "Order (press 1) | ~ Digits: 48#### instead of 47####."),
    ("end_key: none", 'end_key: "#"', "Order (press 1) | ~ Key that ends the entry: # instead of –."),
    ("    then: shop\n", "    then: text_me\n",
     "Order (press 1) | ~ Callers who have entered it now reach Text me instead of Shop."),
    ("budget_s: 1}", "budget_s: 1.5}", "Shop (press 1) | ~ Longest time for an answer: 1.5 s instead of 1 s."),
    ("    then: kind_of_order\n", "    then: shipped\n",
     "Shop (press 1) | ~ Callers for whom an answer has come now reach Shipped instead of Kind of order."),
    ("is: shipped, goto: shipped", "is: sent, goto: shipped",
     "Kind of order (press 1) | + Callers in the case “Status is ‘sent’” now reach Shipped."),
    ("budget_s: 1}\n    say: {en: One moment., de: Moment.}", "budget_s: 1}",
     "Shop (press 1) | - Callers no longer hear “One moment.”."),
    ('transfer: "+49 30 555 0100"\n', 'transfer: "+49 30 555 0101"\n',
     "Office (press 2) | ~ Number dialled: +49305550101 instead of +49305550100."),
    ("    otherwise: call_me\n", "    otherwise: message\n",
     "Office (press 2) | ~ Callers who are transferred and reach nobody now reach Message instead of Call me."),
    ("    then: goodbye\n    otherwise: message\n", "    then: notice\n    otherwise: message\n",
     "Call me (press 3) | ~ Callers who will be called back now reach Notice instead of Goodbye."),
    ("    then: goodbye\n    otherwise: message\n", "    then: goodbye\n    otherwise: operator\n",
     "Call me (press 3) | ~ Callers who want no call back now reach Operator instead of Message."),
    ("set: {origin: account}", "set: {origin: bank}",
     "Remember (press 5) | ~ Notes: origin = bank instead of origin = account."),
    ("split: {goodbye: 50, operator: 50}", "split: {goodbye: 30, operator: 70}",
     "Trial (press 7) | ~ Goodbye: 30 % of the calls instead of 50 %."),
    ("asked: {survey: short, then: welcome}", "asked: {survey: short, then: goodbye}",
     "Asked (press 6) | ~ Callers who have answered the questions now reach Goodbye instead of Welcome."),
    ("    barge_in: no\n", "",
     "Notice (press 6) | ~ A key may be pressed before the end: yes instead of no."),
    ("    goto: asked\n", "    goto: welcome\n",
     "Notice (press 6) | ~ All callers here now reach Welcome instead of Asked."),
    ("  regular:\n    say: {en: Hello again., de: Hallo.}\n    goto: goodbye\n",
     "  regular:\n    end: {en: Hello again., de: Hallo.}\n",
     "Regular (press 5) | ~ What happens here is now: end of the call (before: announcement)."),
    ("overflow_when: {full: goodbye}", "overflow_when: {full: message}",
     "Queue: Claims | ~ Callers who find the queue full now reach Message instead of Goodbye."),
    ("overflow_when: {full: goodbye}", "overflow_when: {full: goodbye, nobody_there: goodbye}",
     "Queue: Claims | + Callers when nobody is there now reach Goodbye."),
    ('"1": {label: {en: a call back, de: einen Rückruf}, goto: call_me}\n    relax',
     '"1": {label: {en: a call back, de: einen Rückruf}, goto: message}\n    relax',
     "Queue: Claims | ~ Callers who press 1 while they wait now reach Message instead of Call me."),
    ("{after_s: 40, needs: {claims: 1}}", "{after_s: 60, needs: {claims: 1}}",
     "Queue: Claims | + Skills needed after 60 s: now Claims 1."),
    ("{en: Second text., de: Zweitens.}", "{en: Other text., de: Zweitens.}",
     "Queue: Claims | ~ Announcement 2: “Other text.” instead of “Second text.” (English)."),
    ("    max_length: 2\n",
     "    max_length: 2\n    recording: always\n    recording_notice: {en: We record., de: Wir nehmen auf.}\n",
     "Queue: Claims | ~ Recording: every conversation instead of none."),
    ("timezone: Europe/Berlin", "timezone: Europe/London",
     "Opening hours: Desk | ~ Time zone Europe/London instead of Europe/Berlin."),
    ("08:00-18:00}}", "08:00-18:00}, closings: [{from: 2026-12-01 10:00, until: 2026-12-01 12:00}]}",
     "Opening hours: Desk | + Closed from 2026-12-01 10:00 to 2026-12-01 12:00."),
    ("keys: 1..5", "keys: 1..4",
     "Survey: Short | ~ “How were you treated?” is now answered with 1 2 3 4 instead of 1 2 3 4 5."),
    ("      treated: {ask: {en: How were you treated?, de: Wie war es?}, keys: 1..5}\n", "",
     "Survey: Short | - No longer asked: “How were you treated?”."),
    ("order_number: {label: {en: Order number,", "order_number: {label: {en: Number,",
     "Form: Claim | ~ The field “Number” has changed."),
    ('regulars: ["+49 30 555 0123",', 'regulars: ["+49 30 555 0124",',
     "The whole hotline | ~ The list of callers Regulars has changed."),
    ("Polly.Vicki", "Polly.Marlene", "The whole hotline | ~ Another voice for German."),
    ("solved: {en: Solved,", "solved: {en: Done,", "The whole hotline | ~ The result Solved has changed."),
    ("under water.,", "on fire.,",
     "The whole hotline | ~ Said in an emergency: “Our house is on fire.” instead of “Our house is under "
     "water.” (English)."),
    ('end: "9"}', 'end: "8"}', "The whole hotline | ~ Key that ends the call: 8 instead of 9."),
    ("start: welcome\n", "start: notice\n", "The whole hotline | ~ All callers now reach Notice instead of Welcome."),
    ('transfer_numbers: ["+49 30 555 0100"]', 'transfer_numbers: ["+49 30 555 0100", "+49 30 555 0101"]',
     "The whole hotline | ~ Numbers for transfers: +49305550100, +49305550101 instead of +49305550100."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=[said for _, _, said in CHANGES])
def test_one_change_is_told(old: str, new: str, said: str) -> None:
    assert TEXT.count(old) == 1, old
    before, after = (examine({"a.yaml": text}).draft for text in (TEXT, TEXT.replace(old, new)))
    assert before is not None
    assert after is not None
    changes = plan(before, after, TODAY).changes
    assert said in [f"{subject_text(it.subject, 'en')} | {it.sign} {sentence(it.told, 'en')}" for it in changes]
    back = plan(after, before, TODAY).changes
    assert len(back) >= 1
    for reader in READERS:
        assert all(sentence(it.told, reader) for it in (*changes, *back))


def test_who_is_asked_about_being_recorded_and_who_later_is_drawn_rehearsed_and_counted(every: Tree) -> None:
    notice = t.Words({"en": "We record this.", "de": "Wir nehmen das auf."})
    claims = replace(every.queues["claims"], recording="ask", recording_notice=notice)
    short = replace(every.surveys["short"], by="call_back", later=t.Later(30, "desk"))
    tree = replace(every, queues={"claims": claims}, surveys={"short": short})
    scenes = {
        scene.key: [getattr(it, "text", "") for it in scene.said] for scene in rehearse(tree, "line", "en", MONDAY)
    }
    assert scenes["arrive"][:2] == ["We record this.", "If you do not want that, press 2."]
    assert scenes["not_recorded"][0] == "All right, you are not recorded."
    sentences = {it.text: it.uses for it in script(tree, "en", MONDAY).sentences}
    assert [use.place for use in sentences["We record this."]] == ["line", "operator"]
    assert "All right, you are not recorded." in sentences
    for reader, said in (
        ("en", "every conversation unless the caller says no"),
        ("es", "salvo si quien llama no quiere"),
    ):
        assert said in page(tree, reader)
    counted = [what(tree, it, "en") for it in points(tree) if it not in points(every)]
    assert counted == [
        "told that the questions come later", "not against being recorded", "does not want to be recorded"
    ]  # fmt: skip
