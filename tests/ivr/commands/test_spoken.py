"""What the example says lies spoken on the shelf, so that its telephone is heard without an engine."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ivr.commands.hotline_folder import the_tree
from ivr.view.script import script
from recordings.speech import SPOKEN, name_of, voice_of

HOUSE = Path(__file__).parents[3]
SIZE_MAX = 6_000_000


def test_what_the_example_says_is_spoken_beforehand_and_nothing_else():
    tree = the_tree(HOUSE / "menus" / "acme")
    said = {
        name_of(sentence.text, voice_of(language)): sentence.text
        for language in tree.languages
        for sentence in script(tree, language, datetime(2026, 11, 23, 10, tzinfo=UTC)).sentences
        if not (sentence.example or sentence.placeholders)
    }
    lying = {path.name for path in SPOKEN.iterdir()}
    again = "ivr script menus/acme -o /dev/null --spoken recordings/spoken   (needs the extra speech)"
    assert not [text for name, text in said.items() if name not in lying], f"not spoken yet: {again}"
    assert not lying - said.keys(), f"said no more: {again}"
    assert sum(path.stat().st_size for path in SPOKEN.iterdir()) < SIZE_MAX
