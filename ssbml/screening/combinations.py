"""Counting, numbering and sampling of combinations in which only so many choices may count.

A space of dopants is a product of lists of amounts of which at most ``most`` may be non-zero. The
number of such combinations follows from a table of how many ways the choices from position ``i`` on
can be completed when ``r`` more may count. The same table turns a number into its combination, and
a point of the unit cube into one that is uniformly distributed, without listing any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

IntArray = NDArray[np.int64]
_MAX_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class Choice:
    """One position of a combination.

    Attributes
    ----------
    free : int
        Values that do not count, numbered first.
    counted : int
        Values that count, numbered after them.
    """

    free: int
    counted: int

    @property
    def size(self) -> int:
        """How many values there are."""
        return self.free + self.counted


@dataclass(frozen=True, slots=True)
class Combinations:
    """All combinations of choices in which at most ``most`` values count.

    Attributes
    ----------
    choices : tuple of Choice
        The d positions.
    most : int or None
        How many values may count; None for any number.
    """

    choices: tuple[Choice, ...]
    most: int | None = None
    _ways: list[list[int]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        depth = len(self.choices) if self.most is None else min(self.most, len(self.choices))
        ways = [[1] * (depth + 1)]
        for choice in reversed(self.choices):
            after = ways[0]
            row = [
                choice.free * after[r] + (choice.counted * after[r - 1] if r else 0)
                for r in range(depth + 1)
            ]
            ways.insert(0, row)
        object.__setattr__(self, "_ways", ways)

    @property
    def size(self) -> int:
        """How many combinations there are, however many."""
        return self._ways[0][-1]

    @property
    def product(self) -> int:
        """How many there would be if any number of values might count."""
        total = 1
        for choice in self.choices:
            total *= choice.size
        return total

    def decode(self, numbers: IntArray) -> IntArray:
        """Return combinations by number.

        Parameters
        ----------
        numbers : int array, shape (n,)
            0 to ``size - 1``; ``size`` must be below 2**62.

        Returns
        -------
        int array, shape (n, d)
            Number of the value at every position.
        """
        left = np.array(numbers, dtype=np.int64)
        may = np.full(len(left), len(self._ways[0]) - 1, dtype=np.int64)
        out = np.zeros((len(left), len(self.choices)), dtype=np.int64)
        for i, choice in enumerate(self.choices):
            after = np.array([min(w, _MAX_NUMBER) for w in self._ways[i + 1]], dtype=np.int64)
            free_block = after[may]
            is_free = left < choice.free * free_block
            block = np.where(is_free, free_block, after[np.maximum(may - 1, 0)])
            left = np.where(is_free, left, left - choice.free * free_block)
            value, left = np.divmod(left, block)
            out[:, i] = np.where(is_free, value, value + choice.free)
            may = may - ~is_free
        return out

    def place(self, points: FloatArray) -> IntArray:
        """Return the combinations at points of the unit cube.

        Every combination takes up the same volume, so evenly spread points give evenly spread
        combinations.

        Parameters
        ----------
        points : array, shape (n, d)
            Coordinates in [0, 1).

        Returns
        -------
        int array, shape (n, d)
        """
        may = np.full(len(points), len(self._ways[0]) - 1, dtype=np.int64)
        out = np.zeros((len(points), len(self.choices)), dtype=np.int64)
        for i, choice in enumerate(self.choices):
            shares = np.array(
                [
                    choice.free * rest / here if here else 0.0
                    for rest, here in zip(self._ways[i + 1], self._ways[i], strict=True)
                ]
            )
            share = shares[may]
            at = points[:, i]
            is_free = (at < share) | (may == 0)
            width = np.where(is_free, share, 1.0 - share)
            inside = np.where(is_free, at, at - share) / np.where(width > 0, width, 1.0)
            n = np.where(is_free, choice.free, choice.counted)
            value = np.minimum((inside * n).astype(np.int64), np.maximum(n - 1, 0))
            out[:, i] = np.where(is_free, value, value + choice.free)
            may = may - ~is_free
        return out


def grid(sizes: Sequence[int]) -> Combinations:
    """Return all combinations of lists of given lengths."""
    return Combinations(tuple(Choice(n, 0) for n in sizes), 0)
