"""Place: where in the option tree a call is, as the hotline has stored it - for who tries it at a telephone."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.call import Call
from ivr.menu.hotline import examine
from ivr.menu.tree import Menu, Tree
from ivr.store import Store

TREES_MAX = 20


class Places:
    """Asked with a call's SID; looks, and keeps nobody waiting."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trees: dict[str, Tree | None] = {}

    def __call__(self, sid: str) -> Mapping[str, str] | None:
        """What is to be shown, each under its name; None when the hotline knows nothing of the call."""
        with self._store.look() as tx:
            call = tx.call(sid)
        if call is None:
            return None
        told = {"Step": call.node, "Written in": self._written_in(call), "Language": call.language}
        told["Way here"] = " → ".join(f"{node} {key}".strip() for node, key in call.path)
        told["Keys"] = self._keys(call)
        told |= {_plain(name): value for name, value in {**call.noted, **call.typed}.items()}
        if tries := call.silences + call.wrong_keys:
            told["Tries"] = str(tries + 1)
        told["Call"] = f"{call.state}, {call.outcome}" if call.ended_at and call.outcome else str(call.state)
        return {name: value for name, value in told.items() if value}

    def _written_in(self, call: Call) -> str:
        node = self._node(call)
        return f"{call.hotline}/{node.place.file}:{node.place.line}" if node is not None and node.place.file else ""

    def _keys(self, call: Call) -> str:
        node = self._node(call)
        if not isinstance(node, Menu):
            return ""
        return ", ".join(f"{option.key} {option.goto or option.language or ''}".strip() for option in node.options)

    def _node(self, call: Call) -> object:
        tree = self._tree(call.version)
        return tree.nodes.get(call.node) if tree is not None else None

    def _tree(self, version: str) -> Tree | None:
        if version not in self._trees:
            if len(self._trees) >= TREES_MAX:
                self._trees.clear()
            files = self._store.files(version)
            examined = examine(files) if files else None
            self._trees[version] = (examined.tree or examined.draft) if examined else None
        return self._trees[version]


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()
