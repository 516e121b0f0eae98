"""Markup: elements of HTML and SVG built from parts, so that no author's text is ever taken for markup."""

from __future__ import annotations

from typing import Literal
from xml.etree.ElementTree import Element, tostring

Part = Element | str | None


def element(tag: str, *parts: Part, **attributes: object) -> Element:
    """An element around its parts. `class_` is `class`, `stroke_width` is `stroke-width`; None leaves either out."""
    made = Element(tag, {_name(name): str(value) for name, value in attributes.items() if value is not None})
    last: Element | None = None
    for part in parts:
        if isinstance(part, Element):
            made.append(part)
            last = part
        elif part and last is None:
            made.text = (made.text or "") + part
        elif part and last is not None:
            last.tail = (last.tail or "") + part
    return made


def written(root: Element, method: Literal["html", "xml"]) -> str:
    """The text of an element and all within it."""
    return tostring(root, encoding="unicode", method=method)


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")
