"""Needing: what a representative must know, as skills with levels, and as alternatives and exclusions of such."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ivr.menu.language.shape import Definitions, ListOf, Named
from ivr.menu.notes import Notes
from ivr.menu.reader import Entries, Text, Written
from routing.needs import ANY, NOT, RESERVED


@dataclass(frozen=True, slots=True)
class Needing:
    """Skills, each with its level; `any`: a list of such, one of which will do; `not`: such that must not be there."""

    skills: Named

    @property
    def blank(self) -> Any:
        return {}

    def read(self, notes: Notes, at: Text | None, written: Written) -> dict[str, Any]:
        if not isinstance(written, Entries):
            return self.skills.read(notes, at, written)
        plain = tuple(it for it in written.entries if it[0].value not in RESERVED)
        found = self.skills.read(notes, at, replace(written, entries=plain))
        for key, content in written.entries:
            if key.value == ANY:
                found[ANY] = list(self._either.read(notes, key, content))
            elif key.value == NOT:
                found[NOT] = self.read(notes, key, content)
        return {name: wanted for name, wanted in found.items() if wanted or name not in RESERVED}

    @property
    def _either(self) -> ListOf:
        return ListOf(self, "a list of needs")

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        if "needs" not in definitions:
            definitions["needs"] = {}  # the place is taken, so that needs within needs end
            own = self.skills.schema(definitions)
            inner = {ANY: self._either.schema(definitions), NOT: {"$ref": "#/$defs/needs"}}
            names = {"anyOf": [own.pop("propertyNames"), {"enum": sorted(RESERVED)}]}
            definitions["needs"] = {**own, "properties": inner, "propertyNames": names}
        return {"$ref": "#/$defs/needs"}

    def takes(self) -> str:
        return self.skills.takes() + "; `any`: a list of needs, one of which will do; `not`: what must not be there"
