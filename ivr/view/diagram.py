"""Diagram: the tree as text for Mermaid and for Graphviz, for READMEs and other people's tools."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menu import tree as t
from ivr.view.exits import Exit, exits, kind
from ivr.view.telling import shortened, title

LABEL_LENGTH_MAX = 60

_MERMAID_SHAPES = {"when": ('{"', '"}'), "queue": ('(["', '"])'), "end": ('(("', '"))'), "ask": ('[/"', '"/]')}
_DOT_SHAPES = {"when": "diamond", "queue": "house", "end": "doublecircle", "ask": "parallelogram"}


def mermaid(tree: t.Tree, language: str) -> str:
    """The tree as a Mermaid flow chart. The key for a person, which every menu has, is left out."""
    ids = _ids(tree)
    lines = ["flowchart LR"]
    for name, node in tree.nodes.items():
        begin, end = _MERMAID_SHAPES.get(kind(node), ('["', '"]'))
        lines.append(f"    {ids[name]}{begin}{_mermaid(title(name))}{end}")
    for name, way_out in _edges(tree, language):
        label = _label(way_out)
        arrow = f'-->|"{_mermaid(label)}"|' if label else "-->"
        lines.append(f"    {ids[name]} {arrow} {ids[way_out.way.to]}")
    return "\n".join(lines) + "\n"


def dot(tree: t.Tree, language: str) -> str:
    """The tree as a Graphviz digraph."""
    ids = _ids(tree)
    lines = [f"digraph {_dot(tree.hotline)} {{", "    rankdir=LR;", '    node [shape=box, style="rounded"];']
    for name, node in tree.nodes.items():
        shape = _DOT_SHAPES.get(kind(node), "box")
        lines.append(f"    {ids[name]} [label={_dot(title(name))}, shape={shape}];")
    for name, way_out in _edges(tree, language):
        label = _label(way_out)
        style = "" if way_out.forward else ", style=dashed"
        lines.append(f"    {ids[name]} -> {ids[way_out.way.to]} [label={_dot(label)}{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _ids(tree: t.Tree) -> dict[str, str]:
    """Names that no tool takes for words of its own (`end` is one of Mermaid's)."""
    return {name: f"n{number}_{name}" for number, name in enumerate(tree.nodes)}


def _edges(tree: t.Tree, language: str) -> Iterator[tuple[str, Exit]]:
    for name, node in tree.nodes.items():
        for way_out in exits(tree, node, language):
            if way_out.way.by != "operator" and way_out.way.to in tree.nodes:
                yield name, way_out


def _label(way_out: Exit) -> str:
    return shortened(f"{way_out.mark} {way_out.text}".strip(), LABEL_LENGTH_MAX)


def _mermaid(text: str) -> str:
    for letter, entity in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(letter, entity)
    return text.replace("\n", " ")


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
