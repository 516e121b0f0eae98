"""Tree told: our own hotline's tree in a few lines, with a mark where a call is."""

from __future__ import annotations

from ivr.menu.tree import Tree

NODES_MAX = 200


def tree_told(at: tuple[Tree, str] | None) -> str:
    """The nodes as the caller would come to them, each once, and `<- you are here`."""
    if at is None:
        return "  (the hotline knows nothing of this call yet, or no more)"
    tree, here = at
    lines = []
    for name, node in list(tree.nodes.items())[:NODES_MAX]:
        keys = "".join(f" {key}" for key in getattr(node, "options", {}))
        kind = type(node).__name__.lower()
        lines.append(
            f"  {name:<24} {kind}{':' + keys if keys else ''}" + ("   <- you are here" if name == here else "")
        )
    more = len(tree.nodes) - NODES_MAX
    return "\n".join([f"  {tree.hotline}", *lines, *[f"  and {more} more"] * (more > 0)])
