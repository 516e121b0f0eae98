"""Amount: how much callers are told at once, from one question to the next, as the carrier will have to carry it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.menu import tree as t
from ivr.menu.ways import ways_without_input
from ivr.menu.words import Words

ANSWER_BYTES_MAX = 32_000
"""What one answer may hold; Twilio refuses more than 64 kB (11750)."""

SENTENCE_BYTES = 50
"""What stands around a text besides: the tag and the language."""

FRAME_BYTES = 4_000
"""What an answer holds besides: its frame, its addresses, the keys of options, the engine's own sentences."""

ASKING = t.Menu | t.Ask | t.Record | t.SurveyNode | t.QueueNode | t.Callback | t.Transfer | t.End
"""Where an answer ends at the latest: the caller has the word, or somebody else has the caller."""


def told_at_once(tree: t.Tree) -> Mapping[str, int]:
    """By node: the most bytes that the answer may have which begins there; the tree must be without silent loops."""
    amounts: dict[str, int] = {}
    for start in tree.nodes:
        todo = [start]
        while todo:
            name = todo[-1]
            node = tree.nodes[name]
            following = () if isinstance(node, ASKING) else ways_without_input(tree, node)
            missing = [target for target in following if target not in amounts]
            if missing:
                todo += missing
                continue
            amounts[todo.pop()] = _of(tree, node) + max((amounts[target] for target in following), default=FRAME_BYTES)
    return amounts


def _of(tree: t.Tree, node: t.Node) -> int:
    """What a node itself says, in the language that says it longest."""
    return max(sum(_bytes(words, language) for words in _said(tree, node)) for language in tree.languages)


def _said(tree: t.Tree, node: t.Node) -> Iterator[Words]:
    match node:
        case t.Menu() | t.Ask():
            yield node.words
            retries = (*node.silence.say, *node.wrong_key.say)
            if retries:
                yield max(retries, key=lambda words: max(map(len, words.values()), default=0))
            if isinstance(node, t.Menu):
                yield from (option.label for option in node.options)
        case t.SurveyNode():
            survey = tree.surveys[node.survey]
            yield from (survey.intro, survey.thanks, *(question.words for question in survey.questions[:1]))
        case t.Say() | t.Record() | t.Lookup() | t.Transfer() | t.QueueNode() | t.Callback() | t.End():
            if node.words:
                yield node.words


def _bytes(words: Words, language: str) -> int:
    return SENTENCE_BYTES + max((_escaped(text) for text in words.every_text(language)), default=0)


def _escaped(text: str) -> int:
    return len(text.encode()) + 5 * sum(map(text.count, "&<>"))
