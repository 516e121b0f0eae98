"""The exact words at a step are those that the engine says to callers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands.say import say
from ivr.menu.hotline import read_files, read_hotline
from ivr.menu.tree import Tree
from ivr.view.rehearsal import Line, Scene, Stage, rehearse
from tests.ivr.menu.small import changed

ACME = Path(__file__).parents[3] / "menus" / "acme"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten in Berlin
CHRISTMAS = datetime(2026, 12, 24, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def acme() -> Tree:
    return read_hotline(ACME)


def words(scene: Scene) -> list[str]:
    return [part.text for part in scene.said if isinstance(part, Line)]


def stages(scene: Scene) -> list[str]:
    return [part.key for part in scene.said if isinstance(part, Stage)]


def scenes(tree: Tree, node: str, language: str = "en", now: datetime = MONDAY) -> dict[str, Scene]:
    return {f"{it.key} {it.n}" if it.n else it.key: it for it in rehearse(tree, node, language, now)}


def test_a_menu_is_heard_at_first_after_silence_and_after_a_wrong_key(acme: Tree) -> None:
    found = scenes(acme, "welcome", "de")
    assert list(found) == ["arrive", "silence 1", "silence 2", "wrong_key 1", "wrong_key 2"]
    assert words(found["arrive"])[:3] == [
        "Willkommen bei Acme Haushalt.",
        "Für eine Frage zu unseren Waren drücken Sie die 1.",
        "Für eine Beschwerde drücken Sie die 2.",
    ]
    assert "Für Deutsch drücken Sie die 5." not in words(found["arrive"])
    assert "For English, press 4." in words(found["arrive"])
    assert stages(found["arrive"]) == ["key"]
    assert words(found["silence 1"])[0] == "Lassen Sie sich Zeit. Ich sage es noch einmal."
    assert found["silence 2"].at == "person"
    assert stages(found["silence 2"]) == ["enqueue"]


def test_the_hour_decides_where_a_fork_leads(acme: Tree) -> None:
    assert scenes(acme, "opening_hours")["arrive"].at == "welcome"
    closed = scenes(acme, "opening_hours", now=CHRISTMAS)["arrive"]
    assert closed.at == "closed"
    assert "We are back on Monday at 8 o'clock in the morning." in words(closed)[0]


def test_an_entry_is_read_back_with_the_caller_s_digits_made_up(acme: Tree) -> None:
    found = scenes(acme, "order_number")
    assert words(found["entered"]) == [
        "You entered 1 2 3, 4 5 6. If that is right, press 1. To enter it again, press 2."
    ]
    assert found["entered"].example
    assert words(found["wrong_entry 1"])[0] == "Please enter 6 to 10 digits. When you are done, press pound."


def test_a_queue_is_heard_while_one_waits_and_a_survey_question_by_question(acme: Tree) -> None:
    found = scenes(acme, "claims", "es")
    assert words(found["waiting 1"])[0] == "Ocupa el puesto 3 en la fila."
    assert words(found["waiting 2"])[0] == "Usted es el siguiente."
    asked = scenes(acme, "survey")
    assert words(asked["answered 1"])[0].startswith("How were you treated?")
    assert words(asked["answered 3"])[0].startswith("If you would like to tell us more")
    assert asked["said_more"].at == "goodbye"


def test_rehearsing_touches_no_tree_and_says_the_same_again(acme: Tree) -> None:
    assert rehearse(acme, "welcome", "sr", MONDAY) == rehearse(acme, "welcome", "sr", MONDAY)
    assert acme.start == "opening_hours"


def test_every_step_of_the_example_can_be_rehearsed(acme: Tree) -> None:
    for language in acme.languages:
        for name in acme.nodes:
            assert any(words(scene) or stages(scene) for scene in rehearse(acme, name, language, MONDAY))


WORDY = changed(
    "start: welcome\n",
    'start: welcome\ntransfer_numbers: ["+1 800 555 0177"]\nemergency: {say: Our lines are down., goto: message}\n',
).replace(
    "  operator:\n",
    """\
  pin: {ask: Please enter your PIN., into: pin, digits: 4, secret: true, then: look}
  look:
    lookup: {url: "https://shop.example/orders/{order}", into: {status: order.status}}
    say: One moment.
    then: tell
    otherwise: operator
  order: {ask: The order number., into: order, digits: 6, pattern: "47####", then: look}
  tell: {say: "Your order is {status}.", goto: boss}
  boss: {transfer: "+1 800 555 0177", otherwise: back}
  back: {callback: {queue: service}, kind: question, then: goodbye, otherwise: operator}
  operator:
""",
)


def test_the_other_kinds_of_step_are_heard_too() -> None:
    tree = read_files(
        {"a.yaml": WORDY.replace("goto: operator}", 'goto: pin}\n      "2": {label: an order, goto: order}')}
    )
    assert stages(scenes(tree, "look")["arrive"]) == ["look_up"]
    assert words(scenes(tree, "look")["arrive"]) == ["One moment."]
    assert "entered" not in scenes(tree, "pin")  # a secret is never read back
    assert scenes(tree, "tell")["arrive"].at == "boss"
    assert words(rehearse(tree, "tell", "en", MONDAY, {"status": "on its way"})[0])[0] == "Your order is on its way."
    assert "dial" in stages(scenes(tree, "boss")["arrive"])
    assert "promised" in scenes(tree, "back")


def told(*arguments: str) -> Result:
    return CliRunner().invoke(say, [*arguments, "--folder", str(ACME)], env={"LANG": "C", "LC_ALL": ""})


def test_the_command_prints_words_and_stage_directions() -> None:
    result = told("closed", "--language", "sr", "--at", "2026-12-24 16:00", "--latin")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "On arriving"
    assert lines[1].startswith("  Hvala na pozivu.")
    assert any(line.startswith("  (waits up to ") and line.endswith(" s for a key)") for line in lines)
    assert "  (Closed: the call goes on to Leave message)" in lines


def test_a_misspelled_step_date_or_value_is_told() -> None:
    assert 'There is no step "welcom". (did you mean "welcome"?)' in told("welcom").output
    assert told("welcom").exit_code == 2
    assert "write it like 2026-12-24 14:00" in told("welcome", "--at", "tomorrow").output
    assert "Write --with NAME=VALUE" in told("welcome", "--with", "order").output


def test_a_value_can_be_given() -> None:
    assert told("order_number", "--with", "order_number=471108").exit_code == 0
