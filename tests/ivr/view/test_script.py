"""The speaker's list holds every sentence once, with where it is heard."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.script import script as command
from ivr.menu.hotline import read_files, read_hotline
from ivr.menu.tree import Tree
from ivr.view.script import Script, explained, latin_text, script
from ivr.view.script_report import script_csv, script_html, script_text, uses_text
from tests.ivr.menu.small import changed

ACME = Path(__file__).parents[3] / "menus" / "acme"
SATURDAY_NIGHT = datetime(2026, 11, 21, 21, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def acme() -> Tree:
    return read_hotline(ACME)


def texts(made: Script) -> list[str]:
    return [sentence.text for sentence in made.sentences]


@pytest.mark.parametrize("language", ["en", "de", "sr", "es"])
def test_each_sentence_stands_there_once_and_none_of_the_tree_is_missing(acme: Tree, language: str) -> None:
    found = texts(script(acme, language, SATURDAY_NIGHT))
    assert set(Counter(found).values()) == {1}
    for name in ("welcome", "order_number", "claims", "closed", "goodbye"):
        assert acme.nodes[name].words[language] in found
    assert acme.surveys["short"].thanks[language] in found
    assert not any(letter in text for text in found for letter in "\ue000\ue001\ue002\ue003")


def test_options_stand_there_as_they_are_heard(acme: Tree) -> None:
    english, german = (texts(script(acme, it, SATURDAY_NIGHT)) for it in ("en", "de"))
    assert "For a complaint, press 2." in english
    assert "a complaint" not in english
    assert "For English, press 4." in english  # said to those who hear German
    assert "For English, press 4." not in german
    assert "Für Deutsch drücken Sie die 5." in german


def test_the_engine_s_own_sentences_are_there_whatever_the_hour(acme: Tree) -> None:
    at_night, at_noon = (script(acme, "en", now) for now in (SATURDAY_NIGHT, datetime(2026, 11, 23, 11, tzinfo=UTC)))
    assert texts(at_night) == texts(at_noon)
    for said in (
        "Please hold, I am putting you through to a representative.",
        "Take your time. I will say it once more.",
        "You are next in line.",
        "I could not hear anything. Please speak after the tone.",
    ):
        assert said in texts(at_night)


def test_it_says_where_a_sentence_is_heard(acme: Tree) -> None:
    used = {it.text: uses_text(it, "en") for it in script(acme, "en", SATURDAY_NIGHT).sentences}
    assert used["Welcome to Acme Household."] == "Welcome"
    assert used["For English, press 4."] == "Welcome, Closed"
    assert used["Please enter 6 to 10 digits. When you are done, press pound."] == "Order number (After wrong entry 1)"
    assert used["Thank you. Your message has been saved."] == "Thanks"


def test_placeholders_stay_and_are_explained(acme: Tree) -> None:
    made = script(acme, "de", SATURDAY_NIGHT)
    closed = next(it for it in made.sentences if "{next_opening}" in it.text)
    assert closed.text == acme.nodes["closed"].words["de"]
    assert not closed.example
    assert explained(made, "de")["next_opening"] == "wann wieder jemand da ist, etwa „morgen, Sonntag, um 8 Uhr“"
    assert latin_text("Број {order_number} је {x}.", "sr") == "Broj {order_number} je {x}."
    assert latin_text("Number", "en") is None


ANNOUNCING = """\
queues:
  service:
    overflow: message
    announce:
      texts:
        - {en: {minutes: {one: "About {minutes} minute more.", other: "About {minutes} minutes more."}}}
"""
TAPERING = "    silence: {tries: 2, then: operator, say: [Are you there?, Still there?]}\n    options:\n"


def test_plural_forms_and_words_for_later_failures_are_there() -> None:
    text = changed("queues:\n  service: {overflow: message}", ANNOUNCING).replace("    options:\n", TAPERING)
    found = texts(script(read_files({"a.yaml": text}), "en", SATURDAY_NIGHT))
    assert "About {minutes} minute more." in found
    assert "About {minutes} minutes more." in found
    assert "Are you there?" in found
    assert "Still there?" in found


def test_a_recording_s_file_is_named() -> None:
    text = changed("end: Goodbye.", "end: {say: Goodbye., recording: goodbye.wav}")
    made = script(read_files({"a.yaml": text}), "en", SATURDAY_NIGHT)
    assert next(it for it in made.sentences if it.text == "Goodbye.").recording == "goodbye.wav"
    assert "File: goodbye.wav" in script_text([made])


def test_serbian_stands_in_both_alphabets(acme: Tree) -> None:
    lines = script_text([script(acme, "sr", SATURDAY_NIGHT)]).splitlines()
    at = lines.index("   1  Добро дошли у Акме Домаћинство.")
    assert lines[at + 1] == "      Dobro došli u Akme Domaćinstvo."


def test_a_spreadsheet_gets_no_formulas() -> None:
    text = changed("menu: Welcome.", 'menu: "=1+1 apples"').replace("record: Please speak.", 'record: "+49, -5, @you"')
    rows = list(csv.reader(io.StringIO(script_csv([script(read_files({"a.yaml": text}), "en", SATURDAY_NIGHT)]))))
    sentences = [row[2] for row in rows]
    assert "'=1+1 apples" in sentences
    assert "'+49, -5, @you" in sentences
    assert rows[1][0] == "en-001"


def test_the_page_escapes_and_needs_nothing_else() -> None:
    text = changed("menu: Welcome.", "menu: '<script>alert(1)</script>'")
    page = script_html([script(read_files({"a.yaml": text}), "en", SATURDAY_NIGHT)])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


def test_the_command_lists_all_languages_or_one(tmp_path: Path) -> None:
    every = CliRunner().invoke(command, [str(ACME), "--format", "csv"])
    assert {row[1] for row in csv.reader(io.StringIO(every.output))} == {"language", "en", "de", "sr", "es"}
    target = tmp_path / "script.html"
    assert CliRunner().invoke(command, [str(ACME), "--format", "html", "-o", str(target)]).exit_code == 0
    assert target.read_text("utf-8").count("<h1") == 4
    one = CliRunner().invoke(command, [str(ACME), "--language", "es"])
    assert one.output.startswith("Acme Hogar: lo que hay que locutar, español\n")
