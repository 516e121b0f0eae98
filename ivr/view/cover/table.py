"""Table: one line a step, queue, calendar and so on, with how much of it is tried; as lines, and on the drawn page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.menu import tree as t
from ivr.view.cover.measure import Measure
from ivr.view.cover.point import Point
from ivr.view.cover.told import row
from ivr.view.page import page
from ivr.view.telling import tell

COLOURS = {"all": "#d7f0dc", "some": "#fdf0c8", "none": "#f9d9d6"}
"""Behind a step's name on the page; how much it is stands there in figures too."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its name, the node's name if it is a step, how many points there are and how many are tried."""

    name: str
    node: str | None
    tried: int
    all: int

    @property
    def share(self) -> str:
        """`all`, `some` or `none`."""
        return "all" if self.tried == self.all else "some" if self.tried else "none"


def rows(tree: t.Tree, measured: Measure, language: str) -> list[Row]:
    """The lines, in the tree's order."""
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in measured.points:
        where = point.where if point.section in ("step", "queue", "hours") else ""
        groups.setdefault((point.section, where), []).append(point)
    return [
        Row(row(tree, own[0], language), where if section == "step" else None, len(measured.tried & {*own}), len(own))
        for (section, where), own in groups.items()
    ]


def lines(found: list[Row], measured: Measure, language: str) -> Iterator[tuple[str, str]]:
    """Each line's text and its share, and the total."""
    whole = Row(tell("cover.row.total", language), None, len(measured.tried), len(measured.points))
    width = max(len(it.name) for it in [*found, whole])
    for it in [*found, whole]:
        counted = tell("cover.of", language, tried=it.tried, all=it.all)
        percent = 100 * it.tried // it.all if it.all else 100
        yield f"  {it.name:<{width}}  {counted:>10}  {percent:>4} %", it.share


def coloured_page(tree: t.Tree, measured: Measure, heard: str, language: str) -> str:
    """The tree drawn as a page, each step with how much of it is tried, what callers hear in `heard`."""
    rules = []
    for it in rows(tree, measured, language):
        if it.node is not None:
            counted = tell("cover.of", language, tried=it.tried, all=it.all)
            summary = f"#step-{it.node}>details>summary"
            rules.append(f'{summary}{{background:{COLOURS[it.share]}}}{summary}::after{{content:" {counted}"}}')
    return page(tree, heard).replace("</style>", "\n".join(["", *rules, "</style>"]), 1)
