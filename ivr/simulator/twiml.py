"""TwiML: the carrier's own reader of documents - XML without entities, doctypes or surprises, as nested elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from ivr.simulator.error import Broken, Problem

DEPTH_MAX = 20


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One element: its attributes as written, and elements and texts in order. Comments are gone.

    The same bytes are read once: whoever gets an element must leave it as it is.
    """

    name: str
    attributes: Mapping[str, str]
    content: tuple[Element | str, ...]

    @property
    def elements(self) -> tuple[Element, ...]:
        """The elements directly inside."""
        return tuple([piece for piece in self.content if isinstance(piece, Element)])

    @property
    def text(self) -> str:
        """The text directly inside, trimmed."""
        return "".join(piece for piece in self.content if isinstance(piece, str)).strip()


@dataclass(slots=True)
class _Reader:
    """Builds elements from expat's events."""

    root: Element | None = None
    open: list[tuple[str, dict[str, str], list[Element | str]]] = field(default_factory=list)

    def declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0":
            raise Broken(Problem(12101, f"version {version} (write 1.0)"))

    def doctype(self, *_: object) -> None:
        raise Broken(Problem(12100, "a DOCTYPE or entity (a document may not hold one)"))

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.open) >= DEPTH_MAX:
            raise Broken(Problem(12100, f"elements nested more than {DEPTH_MAX} deep"))
        self.open.append((name, attributes, []))

    def end(self, _: str) -> None:
        name, attributes, content = self.open.pop()
        element = Element(name, attributes, tuple(content))
        if self.open:
            self.open[-1][2].append(element)
        else:
            self.root = element

    def characters(self, text: str) -> None:
        if self.open:
            self.open[-1][2].append(text)


@lru_cache(maxsize=256)
def read(body: bytes) -> Element:
    """The `<Response>` that `body` holds; raises Broken (12100, 12101, 12102) saying where it is not one."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = reader.declared
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.doctype
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.buffer_text = True
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Broken(Problem(12100, str(error))) from error
    if reader.root is None or reader.root.name != "Response":
        name = reader.root.name if reader.root else ""
        raise Broken(Problem(12102, f"it is <{name}>"))
    return reader.root
