"""What a change means to callers, told before it is made: every sentence here is written out by hand."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from ivr.menu.hotline import examine, files_in
from ivr.menu.tree import Tree
from ivr.view.plan.change import sentence, subject_text
from ivr.view.plan.made import plan
from ivr.view.plan.report import plan_json, plan_text
from tests.ivr.menu.trees import hotline

ACME = Path(__file__).parents[3] / "menus" / "acme"
TODAY = date(2026, 11, 23)

SHOP = """\
hotline: shop
numbers: {"+49 800 555 0142": de, "+1 800 555 0142": en}
languages: [en, de]
conventions: {operator: "0", back: "*", repeat: "#"}
start: welcome
nodes:
  welcome:
    menu: {en: Welcome to the shop., de: Willkommen im Laden.}
    options:
      "1": {label: {en: an order, de: eine Bestellung}, goto: orders}
      "2": {label: {en: returns, de: eine Rückgabe}, goto: returns}
      "3": {label: {en: a complaint, de: eine Beschwerde}, goto: claims}
      "4": {language: de}
  orders: {queue: sales, kind: order, then: bye}
  returns:
    ask: {en: Please enter the number of your parcel., de: Bitte geben Sie die Paketnummer ein.}
    into: parcel
    digits: 6..8
    then: claims
  claims:
    say: {en: We will look into it., de: Wir sehen nach.}
    queue: claims
    kind: claim
    needs: {claims: 3}
    then: bye
  operator:
    when:
      - {hours: office, is: open, goto: orders}
    otherwise: message
  message: {record: {en: Please speak., de: Bitte sprechen Sie.}, kind: order, then: bye}
  bye: {end: {en: Goodbye., de: Auf Wiederhören.}}
queues:
  sales: {overflow: message, max_wait_s: 300}
  claims: {overflow: message}
hours:
  office: {timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}, holidays: DE-BE}
cases:
  order: {label: {en: Order, de: Bestellung}}
  claim: {label: {en: Claim, de: Beschwerde}}
"""


def draft(text: str) -> Tree:
    examined = examine({"a.yaml": text})
    assert examined.draft is not None
    return examined.draft


def told(*replaced: tuple[str, str], language: str = "en", old: str = SHOP) -> list[str]:
    """The changes that come of replacing passages, each as `heading | sign sentence`."""
    text = old
    for passage, other in replaced:
        assert text.count(passage) == 1, passage
        text = text.replace(passage, other)
    made = plan(draft(old), draft(text), TODAY, language)
    return [f"{subject_text(it.subject, language)} | {it.sign} {sentence(it.told, language)}" for it in made.changes]


def test_nothing_changed_is_said_and_counts_as_nothing() -> None:
    made = plan(draft(SHOP), draft(SHOP.replace("start: welcome", "start: welcome   # here it begins")), TODAY)
    assert made.empty
    assert plan_text(made, "en").splitlines()[-1] == "No changes: callers notice nothing."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Welcome | ~ Callers who press 2 now reach Claims instead of Returns."),
        ("de", "Welcome | ~ Anrufer, die 2 drücken, erreichen jetzt Claims statt Returns."),
        ("sr", "Welcome | ~ Позиваоци који притисну 2 сада стижу до корака „Claims“ уместо до „Returns“."),
        ("es", "Welcome | ~ Quienes pulsan 2 llegan ahora a Claims en lugar de Returns."),
    ],
)
def test_a_key_that_leads_elsewhere(language: str, said: str) -> None:
    found = told(("goto: returns", "goto: claims"), language=language)
    assert found[0] == said
    assert len(found) == 2  # and nobody comes to Returns any more


def test_a_step_that_nobody_reaches_any_more_is_told() -> None:
    assert "Returns | - No caller can reach this step any more." in told(("goto: returns", "goto: claims"))


def test_a_new_key_and_a_lost_key() -> None:
    lost = '      "3": {label: {en: a complaint, de: eine Beschwerde}, goto: claims}\n'
    assert told((lost, "")) == ["Welcome | - Callers can no longer press 3 for “a complaint”, which led to Claims."]
    new = '      "5": {label: {en: an invoice, de: eine Rechnung}, goto: orders}\n      "4": {language: de}\n'
    assert told(('      "4": {language: de}\n', new)) == [
        "Welcome | + Callers can now press 5 for “an invoice”: it leads to Orders."
    ]
    assert told(('"4": {language: de}', '"5": {language: de}'))[0] == (
        "Welcome | ~ “German” has moved from key 4 to key 5."
    )


def test_two_keys_that_change_places_have_moved() -> None:
    text = SHOP.replace('"1": {label: {en: an order', '"x": {label: {en: an order')
    text = text.replace('"2": {label: {en: returns', '"1": {label: {en: returns').replace('"x"', '"2"')
    made = plan(draft(SHOP), draft(text), TODAY)
    assert [sentence(it.told, "en") for it in made.changes] == [
        "“an order” has moved from key 1 to key 2.",
        "“returns” has moved from key 2 to key 1.",
    ]


def test_an_option_put_before_the_others_pushes_them_on() -> None:
    before = SHOP[SHOP.index('      "1"') : SHOP.index('      "4"')]
    after = before.replace('"3"', '"5"').replace('"2"', '"3"').replace('"1"', '"2"')
    new = '      "1": {label: {en: opening hours, de: Öffnungszeiten}, goto: hours}\n'
    found = told(
        (before, new + after),
        ("  operator:\n", "  hours: {say: {en: From 8 to 6., de: Von 8 bis 18.}, goto: bye}\n  operator:\n"),
    )
    assert found == [
        "Welcome | ~ “an order” has moved from key 1 to key 2.",
        "Welcome | ~ “returns” has moved from key 2 to key 3.",
        "Welcome | ~ “a complaint” has moved from key 3 to key 5.",
        "Welcome | + Callers can now press 1 for “opening hours”: it leads to Hours.",
        "Hours (press 1) | + New step; callers hear “From 8 to 6.”.",
    ]


def test_a_step_of_another_name_on_the_same_way_is_the_same_step() -> None:
    text = SHOP.replace("goto: returns", "goto: parcel_back").replace("  returns:\n", "  parcel_back:\n")
    made = plan(draft(SHOP), draft(text), TODAY)
    assert made.empty
    assert [sentence(it.told, "en") for it in made.changes] == [
        "Called parcel_back in the files now, returns before; callers notice nothing."
    ]
    changed = text.replace("digits: 6..8", "digits: 6..9").replace("of your parcel", "of the parcel")
    assert [
        (subject_text(it.subject, "en"), sentence(it.told, "en"))
        for it in plan(draft(SHOP), draft(changed), TODAY).changes
    ][1:] == [
        (
            "Parcel back (press 2)",
            "Callers now hear “Please enter the number of the parcel.” instead of "
            "“Please enter the number of your parcel.” (English).",
        ),
        ("Parcel back (press 2)", "Digits: 6 to 9 instead of 6 to 8."),
    ]


def test_another_queue_is_another_step_even_on_the_same_way() -> None:
    text = SHOP.replace('goto: orders}\n      "2"', 'goto: sales_line}\n      "2"').replace(
        "  orders: {queue: sales", "  sales_line: {queue: claims"
    )
    text = text.replace("is: open, goto: orders", "is: open, goto: sales_line")
    found = [sentence(it.told, "en") for it in plan(draft(SHOP), draft(text), TODAY).changes]
    assert "Callers who press 1 now reach Sales line instead of Orders." in found
    assert "This step is gone." in found


def test_words_are_quoted_in_the_reader_s_language() -> None:
    change = (
        "{en: Welcome to the shop., de: Willkommen im Laden.}",
        "{en: Welcome to our shop., de: Willkommen im Geschäft.}",
    )
    assert told(change) == [
        "Welcome | ~ Callers now hear “Welcome to our shop.” instead of “Welcome to the shop.” "
        "(English; other words also in German)."
    ]
    assert told(change, language="de") == [
        "Welcome | ~ Anrufer hören jetzt „Willkommen im Geschäft.“ statt „Willkommen im Laden.“ "
        "(Deutsch; anders auch auf Englisch)."
    ]


def test_silence_hours_queues_and_what_follows() -> None:
    assert told(("    options:\n", "    silence: {tries: 3, then: message}\n    timeout_s: 10\n    options:\n")) == [
        "Welcome | ~ Time to press a key: 10 s instead of 7 s.",
        "Welcome | ~ Silences allowed: 3 instead of 2.",
        "Welcome | ~ Callers who press nothing now reach Message instead of Operator.",
        "Welcome | ~ Wrong keys allowed: 3 instead of 2.",  # the same as for silence, if not said otherwise
        "Welcome | ~ Callers who press wrong keys now reach Message instead of Operator.",
    ]
    assert told(("is: open, goto: orders", "is: open, goto: claims")) == [
        "Operator | ~ Callers in the case “Office is open” now reach Claims instead of Orders."
    ]
    assert told(
        ("max_wait_s: 300", "max_wait_s: 600"), ("  claims: {overflow: message}", "  claims: {overflow: bye}")
    ) == [
        "Queue: Sales | ~ Longest wait: 10 min instead of 5 min.",
        "Queue: Claims | ~ Callers whom nobody can help now reach Bye instead of Message.",
    ]
    assert told(("needs: {claims: 3}", 'needs: {claims: 2, "{language}": 1}')) == [
        "Claims (press 3) | ~ Skills needed: Claims 2 and the caller's language 1 instead of Claims 3."
    ]


def test_hours_name_the_days_they_change() -> None:
    week = "week: {mon-fri: 08:00-18:00}, holidays: DE-BE}"
    assert told(
        (week, "week: {mon-thu: 08:00-18:00, fri: 08:00-16:00}, holidays: DE-BE, exceptions: {2026-12-24: closed}}")
    ) == [
        "Opening hours: Office | ~ Friday: 08:00–16:00 instead of 08:00–18:00.",
        "Opening hours: Office | ~ Thu 2026-12-24: closed instead of 08:00–18:00.",
    ]
    assert told((week, "week: {mon-fri: 08:00-18:00}, holidays: DE-BY}")) == [
        "Opening hours: Office | ~ Wed 2027-01-06: closed (Heilige Drei Könige) instead of 08:00–18:00.",
        "Opening hours: Office | ~ Mon 2027-03-08: 08:00–18:00 instead of closed (Frauentag).",
        "Opening hours: Office | ~ Thu 2027-05-27: closed (Fronleichnam) instead of 08:00–18:00.",
        "Opening hours: Office | ~ Mon 2027-11-01: closed (Allerheiligen) instead of 08:00–18:00.",
    ]


def test_a_day_that_is_over_is_nobody_s_business() -> None:
    week = "holidays: DE-BE}"
    assert told((week, "holidays: DE-BE, exceptions: {2026-11-20: closed}}")) == []


def test_numbers_and_languages() -> None:
    assert told(('"+1 800 555 0142": en}', '"+1 800 555 0142": de, "+1 800 555 0143": en}')) == [
        "The whole hotline | ~ Callers of +18005550142 are now greeted in German instead of English.",
        "The whole hotline | + +18005550143 is now answered (English).",
    ]
    found = told(("languages: [en, de]", "languages: [en, de, es]"))
    assert found[0] == "The whole hotline | + Callers are now spoken to in Spanish too."
    assert found[-1] == "The whole hotline | ! 8 prompts have no Spanish."


def test_a_recording_of_the_old_words_is_pointed_out() -> None:
    goodbye = "{end: {en: Goodbye., de: Auf Wiederhören.}}"
    recorded = "{end: {say: {en: Goodbye., de: Auf Wiederhören.}, recording: {en: bye_en.wav}}}"
    old = SHOP.replace(goodbye, recorded)
    assert told((goodbye, recorded)) == [
        "Bye (press 1) | + A recording is now played instead of the computer's voice (English)."
    ]
    assert told(("en: Goodbye.,", "en: Good day.,"), old=old) == [
        "Bye (press 1) | ~ Callers now hear “Good day.” instead of “Goodbye.” (English).",
        "Bye (press 1) | ! The words have changed, but the recording bye_en.wav (English) is still the same file.",
    ]


def acme(**files: tuple[str, str]) -> Tree:
    """The example hotline with a passage replaced in each of these files."""
    texts = {name: text.decode() for name, text in files_in(ACME).items()}
    for name, (old, new) in files.items():
        assert texts[f"{name}.yaml"].count(old) == 1, old
        texts[f"{name}.yaml"] = texts[f"{name}.yaml"].replace(old, new)
    examined = examine(texts)
    assert examined.draft is not None
    return examined.draft


def test_the_example_s_plan_reads_like_this() -> None:
    goodbye = "      es: Gracias por su llamada. Adiós.\n"
    made = plan(
        acme(), acme(tree=(goodbye, ""), queues=("  claims:\n    ring_s: 20", "  claims:\n    ring_s: 25")), TODAY
    )
    text = plan_text(made, "en").splitlines()
    assert text[0].startswith("Acme Household: from version ")
    assert "Queue: Claims" in text
    assert "  ~ Each representative is rung: 25 s instead of 20 s." in text
    assert "! 1 prompt has no Spanish." in text
    assert "  - 1 text more than before has no Spanish." in text
    assert text[-1] == "2 changes: 1 changed and 1 removed."


def test_the_longest_way_to_a_person_is_told_with_both_lengths() -> None:
    slow = "Willkommen im Laden mit den vielen schönen Dingen für Menschen wie Sie und Ihre ganze Familie."
    made = plan(draft(SHOP), draft(SHOP.replace("Willkommen im Laden.", slow)), TODAY)
    assert made.before is not None
    assert made.after is not None
    assert made.after.seconds - made.before.seconds in (4, 5)  # 74 letters more, 14.8 a second
    line = f"Longest way to a person: {made.before.seconds} s -> {made.after.seconds} s (Claims, German)."
    assert line in plan_text(made, "en").splitlines()


def test_the_plan_as_json_holds_what_the_text_says() -> None:
    made = plan(draft(SHOP), draft(SHOP.replace("max_wait_s: 300", "max_wait_s: 420")), TODAY)
    content = json.loads(plan_json(made, "de"))
    assert content["changes"] == [
        {
            "sign": "~",
            "about": {"sort": "queue", "name": "sales", "keys": []},
            "rule": "plan.fact.changed",
            "text": "Längste Wartezeit: 7 min statt 5 min.",
        }
    ]
    assert content["counts"] == {"added": 0, "changed": 1, "removed": 0, "missing": 0}
    assert content["empty"] is False


@pytest.mark.parametrize("language", ["en", "de", "sr", "es"])
def test_every_sentence_is_there_in_every_language(language: str) -> None:
    """Everything in the example against nothing in common with it, both ways: no text is missing."""
    for old, new in ((draft(SHOP), acme()), (acme(), draft(SHOP))):
        made = plan(old, new, TODAY, language)
        assert len(made.changes) > 40
        assert "{" not in plan_text(made, language).replace("{next_opening}", "")


def test_the_example_prints_what_was_asked_for() -> None:
    """Callers who press 2 reach another step, three prompts lack a language, and the way to a person gets longer."""
    spanish = (
        "es: Gracias por su llamada. Adiós.",
        "es: Gracias. Hemos guardado su mensaje.",
        "es: Nos alegra escuchar su idea.",
    )
    texts = {name: text.decode() for name, text in files_in(ACME).items()}
    old = texts["tree.yaml"]
    assert all(old.count(f"      {it}\n") == 1 for it in spanish)
    new = old.replace("        goto: order_number\n", "        goto: order_check\n").replace(
        "  order_number:\n    ask:", ORDER_CHECK + "  order_number:\n    ask:"
    )
    for it in spanish:
        new = new.replace(f"      {it}\n", "")
    before, after = (examine({**texts, "tree.yaml": it}).draft for it in (old, new))
    assert before is not None
    assert after is not None
    lines = plan_text(plan(before, after, TODAY), "en").splitlines()
    assert "  ~ Callers who press 2 now reach Order check instead of Order number." in lines
    assert "! 3 prompts have no Spanish." in lines
    ways = next(line for line in lines if line.startswith("Longest way to a person: "))
    seconds = [int(it) for it in re.findall(r"(\d+) s", ways)]
    assert len(seconds) == 2
    assert seconds[0] + 4 <= seconds[1] <= seconds[0] + 7


ORDER_CHECK = """\
  order_check:
    say:
      en: Before we begin, please have your invoice at hand; the order number stands at its top.
      de: Legen Sie sich bitte zuerst Ihre Rechnung bereit; die Bestellnummer steht ganz oben darauf.
      sr: Пре него што почнемо, припремите рачун; број поруџбине налази се на његовом врху.
      es: Antes de empezar, tenga a mano su factura; el número de pedido figura en la parte superior.
    goto: order_number

"""


@pytest.mark.parametrize("seed", range(0, 400, 40))
def test_any_two_drafts_can_be_compared_in_every_language(seed: int) -> None:
    """Also drafts full of faults: a supervisor asks for a plan before everything is right."""
    drafts = [
        examine({"a.yaml": json.dumps(hotline(Random(n)), ensure_ascii=False)}).draft  # noqa: S311 - no secret
        for n in range(seed, seed + 40)
    ]
    for old, new in pairwise(it for it in drafts if it is not None):
        for language in ("en", "de", "sr", "es"):
            assert plan_text(plan(old, new, TODAY, language), language)
        assert plan(old, old, TODAY).empty


def test_a_renamed_step_is_the_same_for_all_that_lead_to_it() -> None:
    text = SHOP.replace("then: bye", "then: farewell").replace("  bye: {end", "  farewell: {end")
    made = plan(draft(SHOP), draft(text), TODAY)
    assert [sentence(it.told, "en") for it in made.changes] == [
        "Called farewell in the files now, bye before; callers notice nothing."
    ]


def test_the_same_words_before_another_queue_are_another_step() -> None:
    text = SHOP.replace("goto: claims}", "goto: trouble}").replace("then: claims", "then: trouble")
    text = text.replace("  claims:\n    say:", "  trouble:\n    say:").replace("    queue: claims", "    queue: sales")
    found = [sentence(it.told, "en") for it in plan(draft(SHOP), draft(text), TODAY).changes]
    assert "Callers who press 3 now reach Trouble instead of Claims." in found
    assert "This step is gone." in found


def test_a_choice_that_stood_there_twice_is_lost_once_and_has_not_moved() -> None:
    twice = SHOP.replace(
        '      "4": {language: de}\n', '      "4": {label: {en: returns, de: eine Rückgabe}, goto: returns}\n'
    )
    assert told(('      "2": {label: {en: returns, de: eine Rückgabe}, goto: returns}\n', ""), old=twice) == [
        "Welcome | - Callers can no longer press 2 for “returns”, which led to Returns."
    ]
