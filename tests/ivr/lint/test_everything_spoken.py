"""Rules look at all words there are: whatever in a tree holds words is among what is spoken or read."""

from __future__ import annotations

from ivr.lint.spoken import everything_spoken
from ivr.view.all_words import words_in
from tests.ivr.view.test_plan_is_whole import base


def test_no_words_are_left_out() -> None:
    tree = base()
    looked_at = [spoken.words for spoken in everything_spoken(tree)]
    missing = [words for words in words_in(tree) if words not in looked_at]
    assert missing == []
