"""Ways about the tree of a file: what keys lead to, what a list holds, what a scalar says."""

from __future__ import annotations

from deescalate_tui.content.yaml_strict import Listing, Mapping, Node, Scalar


def under(node: Node | None, *path: str | int) -> Node | None:
    """The node that keys and positions lead to, or None where the file has none."""
    for part in path:
        if isinstance(node, Mapping):
            node = node.values.get(str(part))
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list; a single value counts as one, nothing as none."""
    if node is None:
        return ()
    return node.items if isinstance(node, Listing) else (node,)


def said(node: Node | None) -> str:
    """The text of a scalar, or the empty text."""
    return node.text.strip() if isinstance(node, Scalar) else ""
