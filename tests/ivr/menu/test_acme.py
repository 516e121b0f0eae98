"""The example hotline is fine, and what README and the tests rely on is in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ivr.menu.hotline import examine_folder, read_hotline
from ivr.menu.tree import Ask, Menu, QueueNode, Record, Tree, Words

ACME = Path(__file__).parents[3] / "menus" / "acme"


def acme() -> Tree:
    return read_hotline(ACME)


def test_acme_is_without_fault_or_warning() -> None:
    assert not examine_folder(ACME).faults


def test_each_language_has_a_number_of_its_own() -> None:
    assert sorted(acme().numbers.values()) == ["de", "en", "es", "sr"]
    assert acme().numbers["+18005550142"] == "en"


def test_the_welcome_offers_a_doubt_a_complaint_a_suggestion_and_each_language() -> None:
    welcome = acme().nodes["welcome"]
    assert isinstance(welcome, Menu)
    assert {option.key: option.goto for option in welcome.options if option.goto} == {
        "1": "doubt",
        "2": "order_number",
        "3": "suggestion",
    }
    assert {option.key: option.language for option in welcome.options if option.language} == {
        "4": "en",
        "5": "de",
        "6": "sr",
        "7": "es",
    }


def test_a_complaint_asks_for_the_order_number_once_and_waits_with_it() -> None:
    tree = acme()
    number, claims = tree.nodes["order_number"], tree.nodes["claims"]
    assert isinstance(number, Ask)
    assert isinstance(claims, QueueNode)
    assert (number.into, number.digits_min, number.digits_max, number.confirm) == ("order_number", 6, 10, True)
    assert number.then == "claims"
    assert (claims.queue, claims.kind, dict(claims.needs)) == ("claims", "claim", {"claims": 3, "{language}": 2})
    fields = {field.name: field for field in tree.cases["claim"].fields}
    assert fields["order_number"].required
    assert "other_price" in fields["cause"].choices


def test_one_queue_is_shared_and_both_overflow_to_a_message() -> None:
    tree = acme()
    users = [node.name for node in tree.nodes.values() if isinstance(node, QueueNode) and node.queue == "service"]
    assert {"doubt", "suggestion_talk", "person"} <= set(users)
    assert all(isinstance(tree.nodes[settings.overflow], Record) for settings in tree.queues.values())


def test_the_office_is_open_on_a_monday_morning_and_closed_on_a_sunday() -> None:
    office = acme().hours["office"]
    assert office.is_open(datetime(2026, 11, 23, 9, tzinfo=UTC))
    assert not office.is_open(datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert office.why_closed(datetime(2026, 12, 25, 9, tzinfo=UTC)) == "Erster Weihnachtstag"


def test_serbian_is_written_in_cyrillic_throughout() -> None:
    tree = acme()
    texts: list[Words] = [tree.name]
    for node in tree.nodes.values():
        texts.append(getattr(node, "words", None) or {})
        texts += [option.label for option in getattr(node, "options", ()) if option.label]
    for survey in tree.surveys.values():
        texts += [survey.intro, survey.thanks, *(question.words for question in survey.questions)]
    for kind in tree.cases.values():
        texts += [kind.label, *(field.label for field in kind.fields)]
        texts += [words for field in kind.fields for words in field.choices.values()]
    for words in texts:
        said = words.get("sr", "").replace("{next_opening}", "")
        assert not any("a" <= letter.lower() <= "z" for letter in said), said
