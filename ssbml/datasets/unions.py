"""Disjoint sets of hashable, sortable things."""

from __future__ import annotations

from collections.abc import Iterable


class Unions:
    """Disjoint sets that can be joined.

    Parameters
    ----------
    items : iterable of str
        Things to begin with, each in a set of its own. Others are added when they are joined.
    """

    def __init__(self, items: Iterable[str] = ()) -> None:
        self._parent = {item: item for item in items}

    def join(self, a: str, b: str) -> None:
        """Put the sets of ``a`` and ``b`` together."""
        first, second = sorted((self.first(a), self.first(b)))
        self._parent[second] = first

    def first(self, item: str) -> str:
        """Return the smallest member of the set of ``item``."""
        parent = self._parent
        parent.setdefault(item, item)
        root = item
        while parent[root] != root:
            root = parent[root]
        while parent[item] != root:
            parent[item], item = root, parent[item]
        return root
