"""Picture: the tree as SVG - a box for each step, a line for each way, readable in light, in the dark and on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from ivr.menu import tree as t
from ivr.view.exits import kind
from ivr.view.layout import (
    BOX_WIDTH,
    HEAD_HEIGHT,
    LINE_HEIGHT,
    MENTION_HEIGHT,
    PADDING,
    Box,
    Layout,
    Line,
    Mention,
    laid_out,
)  # fmt: skip
from ivr.view.markup import element, written
from ivr.view.outline import Outline, outline
from ivr.view.telling import shortened, spoken, tell, title

FAMILIES = {
    "menu": "asks", "ask": "asks", "survey": "asks",
    "queue": "person", "transfer": "person", "callback": "person",
    "record": "message", "end": "end",
    "when": "chooses", "split": "chooses", "lookup": "chooses", "set": "chooses", "goto": "chooses",
    "say": "says", "sms": "says",
}  # fmt: skip
"""Kinds of steps that are drawn alike."""

STYLE = """
svg.dialtree { --ground: #fff; --ink: #1d2430; --soft: #5b6472; --line: #8a94a3; --badge: #1d2430; --badge-ink: #fff;
  --asks: #e3edfb; --asks-edge: #2f66b0; --person: #dff3e4; --person-edge: #22794a; --message: #efe6f9;
  --message-edge: #7443ab; --says: #f1f2f4; --says-edge: #6c7684; --chooses: #fbf0d6; --chooses-edge: #94690f;
  --end: #f7e3e1; --end-edge: #a83a30; font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { svg.dialtree { --ground: #14181f; --ink: #e8ebf0; --soft: #a6afbd;
  --line: #6f7b8c; --badge: #e8ebf0; --badge-ink: #14181f; --asks: #1b2c44; --asks-edge: #7fb0f0; --person: #173325;
  --person-edge: #6fcf97; --message: #2e2140; --message-edge: #c39bf0; --says: #232933; --says-edge: #98a3b3;
  --chooses: #362a10; --chooses-edge: #e0b457; --end: #3a1f1d; --end-edge: #ef8f86; } }
@media print { svg.dialtree { --ground: #fff; --ink: #000; --soft: #444; --line: #666; --badge: #000; --badge-ink: #fff;
  --asks: #fff; --person: #fff; --message: #fff; --says: #fff; --chooses: #fff; --end: #fff; } }
svg.dialtree .ground { fill: var(--ground); }
svg.dialtree text { fill: var(--ink); font-size: 12.5px; }
svg.dialtree .name { font-size: 14px; font-weight: 650; }
svg.dialtree .kind { fill: var(--soft); font-size: 11.5px; }
svg.dialtree .foot, svg.dialtree .label { font-size: 12px; }
svg.dialtree .foot { fill: var(--soft); }
svg.dialtree .way { fill: none; stroke: var(--line); stroke-width: 1.5; }
svg.dialtree .tally { font-size: 12px; font-weight: 700; text-anchor: end; }
svg.dialtree .rule { stroke: var(--line); stroke-width: 0.7; }
svg.dialtree .badge { fill: var(--badge); }
svg.dialtree .badge-text { fill: var(--badge-ink); font-size: 12px; font-weight: 700; text-anchor: middle; }
svg.dialtree .mention rect { fill: var(--ground); stroke: var(--line); stroke-dasharray: 4 3; }
svg.dialtree a:focus-visible rect { stroke-width: 3; }
""" + "".join(
    f"svg.dialtree .{family} .box {{ fill: var(--{family}); stroke: var(--{family}-edge); stroke-width: 1.5; }}\n"
    for family in sorted(set(FAMILIES.values()))
)

TRUNK = 14  # how far right of a box its lines part
NAME_LENGTH_MAX = 26  # in letters


def picture(tree: t.Tree, language: str) -> str:
    """The tree as a picture of its own, the words in `language`."""
    drawing = drawn(tree, outline(tree, language), language)
    for link in drawing.iter("a"):
        if "mention" not in link.attrib["class"]:
            link.attrib["id"] = link.attrib["href"].removeprefix("#")
    return written(drawing, "xml") + "\n"


def drawn(
    tree: t.Tree,
    shown: Outline,
    language: str,
    tallies: Mapping[tuple[str, str], str] | None = None,
    style: bool = True,
) -> Element:
    """The picture as an element that can stand in a page whose steps have the ids `step-NAME`.

    `tallies`: what is written at the end of a way, by step and key. Without `style`, the page has STYLE itself.
    """
    placed = laid_out(shown, language)
    name = spoken(tree.name, language) or tree.hotline
    return element(
        "svg",
        element("title", tell("view.picture.title", language, hotline=name)),
        element("desc", tell("view.picture.description", language)),
        element("style", STYLE) if style else None,
        element("rect", width=placed.width, height=placed.height, class_="ground"),
        *(_line(line, (tallies or {}).get((line.begins, line.mark), "")) for line in placed.lines),
        *(_box(box, language) for box in placed.boxes),
        *(_mention(mention) for mention in placed.mentions),
        xmlns="http://www.w3.org/2000/svg",
        class_="dialtree",
        role="group",
        lang=language,
        viewBox=f"0 0 {placed.width} {placed.height}",
        **_size(placed),
    )


def _size(placed: Layout) -> dict[str, int]:
    return {"width": placed.width, "height": placed.height}


def _line(line: Line, tally: str = "") -> Element:
    trunk = line.x + TRUNK
    way = f"M{line.x} {line.y}H{trunk}V{line.to_y}H{line.to_x}"
    text_x = trunk + 8
    parts: list[Element] = [element("path", d=way, class_="way")]
    if line.mark:
        parts += _badge(line.mark, trunk + 18, line.to_y)
        text_x = trunk + 32
    if tally:
        parts.append(element("text", tally, x=line.to_x - 6, y=line.to_y + 14, class_="tally"))
    first = line.to_y - 5 - (len(line.label) - 1) * LINE_HEIGHT
    parts += [
        element("text", text, x=text_x, y=first + n * LINE_HEIGHT, class_="label") for n, text in enumerate(line.label)
    ]
    return element("g", *parts)


def _badge(mark: str, x: int, y: int) -> list[Element]:
    width = 10 + 8 * len(mark)
    return [
        element("rect", x=x - width // 2, y=y - 9, width=width, height=18, rx=9, class_="badge"),
        element("text", mark, x=x, y=y + 4, class_="badge-text"),
    ]


def _box(box: Box, language: str) -> Element:
    node = box.step.node
    name = tell(f"view.kind.{kind(node)}", language)
    parts = [
        element("title", f"{title(node.name)} ({name})"),
        element("rect", x=box.x, y=box.y, width=BOX_WIDTH, height=box.height, rx=8, class_="box"),
        element("text", shortened(title(node.name), NAME_LENGTH_MAX), x=box.x + PADDING, y=box.y + 19, class_="name"),
        element("text", name, x=box.x + PADDING, y=box.y + 36, class_="kind"),
        *_texts(box),
    ]
    return element("a", *parts, href=f"#step-{node.name}", class_=FAMILIES[kind(node)])


def _texts(box: Box) -> Iterator[Element]:
    x, y = box.x + PADDING, box.y + HEAD_HEIGHT + LINE_HEIGHT - 6
    for text in box.lines:
        yield element("text", text, x=x, y=y)
        y += LINE_HEIGHT
    if not box.foot:
        return
    rule = box.y + box.height - len(box.foot) * LINE_HEIGHT - PADDING
    yield element("line", x1=box.x, y1=rule, x2=box.x + BOX_WIDTH, y2=rule, class_="rule")
    for n, text in enumerate(box.foot, 1):
        yield element("text", text, x=x, y=rule + n * LINE_HEIGHT - 1, class_="foot")


def _mention(mention: Mention) -> Element:
    text = f"→ {shortened(title(mention.name), NAME_LENGTH_MAX)}"
    return element(
        "a",
        element("rect", x=mention.x, y=mention.y, width=BOX_WIDTH, height=MENTION_HEIGHT, rx=13),
        element("text", text, x=mention.x + 14, y=mention.y + MENTION_HEIGHT // 2 + 4),
        href=f"#step-{mention.name}",
        class_="mention",
    )
