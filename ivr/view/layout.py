"""Layout: where each box of the tree's picture stands, so that no line crosses another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from ivr.menu import tree as t
from ivr.view.facts import Spoken, facts
from ivr.view.outline import Outline, Step
from ivr.view.telling import language_name, spoken, title

BOX_WIDTH, GAP_WIDTH, ROW_GAP, ROOT_GAP, MARGIN = 256, 192, 12, 36, 20
LINE_HEIGHT, HEAD_HEIGHT, PADDING = 16, 44, 10
MENTION_HEIGHT = 26
ANCHOR = 20  # below a box's upper edge: where the line comes in and goes out
WORDS_WIDTH, WORDS_LINES_MAX = 34, 4  # in letters
FOOT_WIDTH, FOOT_LINES_MAX = 34, 2
LABEL_WIDTH, LABEL_LINES_MAX = 22, 3


@dataclass(frozen=True, slots=True)
class Box:
    """A step: its upper left corner, its height and the lines of text in it (`foot`: ways that are drawn as text)."""

    step: Step
    x: int
    y: int
    height: int
    lines: tuple[str, ...]
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """The name of a step whose box stands elsewhere."""

    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """The way from a box to what stands to the right of it, with its key and its label."""

    x: int
    y: int
    to_x: int
    to_y: int
    mark: str
    label: tuple[str, ...]
    begins: str = ""  # the name of the step it leads away from


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture, in pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    mentions: tuple[Mention, ...]
    lines: tuple[Line, ...]


def laid_out(outline: Outline, language: str) -> Layout:
    """Columns from left to right by depth, rows in the outline's order."""
    things: list[Box | Mention | Line] = []
    y = MARGIN
    for root in outline.roots:
        y += _place(root, MARGIN, y, language, things) + ROOT_GAP
    width = max((it.x for it in things if not isinstance(it, Line)), default=0) + BOX_WIDTH + MARGIN
    return Layout(
        width,
        max(y - ROOT_GAP + MARGIN, 2 * MARGIN),
        tuple(it for it in things if isinstance(it, Box)),
        tuple(it for it in things if isinstance(it, Mention)),
        tuple(it for it in things if isinstance(it, Line)),
    )


def _place(step: Step, x: int, y: int, language: str, things: list[Box | Mention | Line]) -> int:
    """Put a step and all to the right of it at `y`; the height it takes."""
    box = _box(step, x, y, language)
    things.append(box)
    row, column = y, x + BOX_WIDTH + GAP_WIDTH
    for way_out, below in step.branches:
        if not way_out.forward:
            continue
        label = _lines(way_out.text, LABEL_WIDTH, LABEL_LINES_MAX)
        anchor = ANCHOR if below else MENTION_HEIGHT // 2
        line_y = row + max(len(label) * LINE_HEIGHT - (0 if below else 2), anchor)
        things.append(Line(x + BOX_WIDTH, y + ANCHOR, column, line_y, way_out.mark, label, step.node.name))
        if below:
            row = line_y - anchor + _place(below, column, line_y - anchor, language, things) + ROW_GAP
        else:
            things.append(Mention(way_out.way.to, column, line_y - anchor))
            row = line_y - anchor + MENTION_HEIGHT + ROW_GAP
    return max(box.height, row - ROW_GAP - y)


def _box(step: Step, x: int, y: int, language: str) -> Box:
    lines = _lines(_words(step.node, language), WORDS_WIDTH, WORDS_LINES_MAX)
    foot = tuple(_foot(step, language))
    height = HEAD_HEIGHT + len(lines) * LINE_HEIGHT + (PADDING if lines else 0)
    if foot:
        height += PADDING + len(foot) * LINE_HEIGHT
    return Box(step, x, y, height, lines, foot)


def _words(node: t.Node, language: str) -> str:
    said = facts(node).get("words")
    return spoken(said.words, language) if isinstance(said, Spoken) else ""


def _foot(step: Step, language: str) -> Iterator[str]:
    """What is drawn as text: languages to choose from, silence, and the key for a person."""
    switches = [it for it in step.node.options if it.language] if isinstance(step.node, t.Menu) else []
    if switches:
        keys = " ".join(option.key for option in switches)
        names = [language_name(option.language or "", language) for option in switches]
        yield from _foot_lines(f"{keys}: {', '.join(names)}")
    for way_out, _ in step.branches:
        if not way_out.forward:
            yield from _foot_lines(f"{way_out.mark or way_out.text} → {title(way_out.way.to)}")


def _foot_lines(text: str) -> tuple[str, ...]:
    return _lines(text, FOOT_WIDTH, FOOT_LINES_MAX)


def _lines(text: str, width: int, lines_max: int) -> tuple[str, ...]:
    return tuple(wrap(text, width, max_lines=lines_max, placeholder="…"))
