"""The walk of trees over compositions times ways, compiled; imported only for search spaces.

A tree is walked once for a composition with all ways at a time. A split on the composition sends
all of them one way; a split on the way divides them by a bit pattern that was worked out once; at a
leaf its value is added to the ways that arrive there. Rows get the same leaves in the same order of
trees as in `ssbml.estimators.compiled`, so sums agree in every bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

LEAF, CHEMISTRY, BITS, WAY, ROW, LEFT, RIGHT = range(7)
"""What a node tests: nothing, the composition, a known bit pattern of the ways, a value of the way,
a value of the pair; or it always goes one way and is skipped."""

WORDS = 64
"""Words of 64 ways that are walked together."""

_ONE, _ALL, _NONE = np.uint64(1), np.uint64(0xFFFFFFFFFFFFFFFF), np.uint64(0)


def _lowest_bit(typing: Any, word: Any) -> Any:
    """Return the position of the lowest set bit of a word."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), code


_lowest: Any = intrinsic(_lowest_bit)


@njit(nogil=True, cache=True)
def resolve(kind: Any, right: Any, roots: Any) -> Any:
    """Return left and right children and roots with all nodes skipped that always go one way.

    Also returns the largest number of divisions of the ways on a path.
    """
    n = len(kind)
    target = np.empty(n, dtype=np.int32)
    divisions = np.zeros(n, dtype=np.int32)
    left_out, right_out = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
    for node in range(n - 1, -1, -1):
        target[node] = node
        if kind[node] == LEFT:
            target[node] = target[node + 1]
        elif kind[node] == RIGHT:
            target[node] = target[right[node]]
        elif kind[node] != LEAF:
            left_out[node], right_out[node] = target[node + 1], target[right[node]]
            deepest = max(divisions[left_out[node]], divisions[right_out[node]])
            divisions[node] = deepest + (0 if kind[node] == CHEMISTRY else 1)
    return left_out, right_out, target[roots], divisions.max()


@njit(nogil=True, cache=True)
def _goes_left(value: Any, threshold: Any, missing: Any, single: Any) -> Any:
    if np.isnan(value):
        return missing
    return (np.float64(np.float32(value)) if single else value) <= threshold


@njit(nogil=True, cache=True)
def _left_ways(
    word: Any, values: Any, first: Any, threshold: Any, missing: Any, single: Any
) -> Any:
    """Return which of the set bits of a word go left by the values of their ways."""
    out = _NONE
    while word:
        i = _lowest(word)
        if _goes_left(values[first + np.int64(i)], threshold, missing, single):
            out |= _ONE << i
        word &= word - _ONE
    return out


@njit(nogil=True, cache=True)
def _left_rows(
    word: Any, values: Any, row_of: Any, threshold: Any, missing: Any, single: Any
) -> Any:
    """Return which of the set bits of a word go left by the values of their rows."""
    out = _NONE
    while word:
        i = _lowest(word)
        if _goes_left(values[row_of[np.int64(i)]], threshold, missing, single):
            out |= _ONE << i
        word &= word - _ONE
    return out


@njit(nogil=True, cache=True)
def _add(mask: Any, n_words: Any, leaf: Any, sums: Any) -> None:
    """Add a leaf to the ways of a mask."""
    for w in range(n_words):
        word = mask[w]
        at = w * 64
        if word == _ALL:
            for row in range(at, at + 64):
                sums[row] += leaf
        else:
            while word:
                sums[at + np.int64(_lowest(word))] += leaf
                word &= word - _ONE


@njit(nogil=True, cache=True)
def _walk_one(
    composition: Any, ways: Any, rows: Any, row_of: Any, nodes: Any, single: Any, bits: Any,
    first_word: Any, n_words: Any, alive: Any, masks: Any, waiting: Any, total: Any, squares: Any,
    spread: Any,
) -> None:  # fmt: skip
    """Walk all trees for one composition and the ways of some words."""
    kind, index, threshold, missing, left, right, roots = nodes
    for root in roots:
        node, level = root, 0
        masks[0, :n_words] = alive[:n_words]
        while True:
            what = kind[node]
            if what == CHEMISTRY:
                value = composition[index[node]]
                goes = _goes_left(value, threshold[node], missing[node], single)
                node = left[node] if goes else right[node]
            elif what == LEAF:
                leaf = threshold[node]
                _add(masks[level], n_words, leaf, total)
                if spread:
                    _add(masks[level], n_words, leaf * leaf, squares)
                if level == 0:
                    break
                level -= 1
                node = waiting[level]
            else:
                some_left, some_right = _NONE, _NONE
                for w in range(n_words):
                    word = masks[level, w]
                    if what == BITS:
                        goes = word & bits[index[node], first_word + w]
                    elif what == WAY:
                        goes = _left_ways(
                            word, ways[index[node]], (first_word + w) * 64, threshold[node],
                            missing[node], single,
                        )  # fmt: skip
                    else:
                        goes = _left_rows(
                            word, rows[index[node]], row_of[w * 64 : w * 64 + 64],
                            threshold[node], missing[node], single,
                        )  # fmt: skip
                    masks[level + 1, w] = goes
                    masks[level, w] = word & ~goes
                    some_left |= goes
                    some_right |= word & ~goes
                if some_right == _NONE:
                    masks[level, :n_words] = masks[level + 1, :n_words]
                    node = left[node]
                elif some_left == _NONE:
                    node = right[node]
                else:
                    waiting[level] = right[node]
                    level += 1
                    node = left[node]


@njit(nogil=True, cache=True)
def walk_pairs(
    chemistry: Any, ways: Any, rows: Any, nodes: Any, single: Any, bits: Any, divisions: Any,
    composition: Any, way: Any, spread: Any,
) -> Any:  # fmt: skip
    """Return the sums of leaves and of their squares for pairs of a composition and a way.

    Rows of one composition that stand together, ways rising, are walked together.

    Parameters
    ----------
    chemistry : array, shape (m, d)
        Features of the compositions.
    ways : array, shape (n_way_features, k)
        Features of the ways, a row each.
    rows : array, shape (n_row_features, n)
        Features of the pairs, a row each.
    nodes : tuple of arrays
        Kind, index, threshold, missing_left, left and right of each node, and the roots.
    single : bool
        Whether features are rounded to float32 first.
    bits : uint64 array, shape (n_patterns, n_words)
        Which ways go left, by pattern.
    divisions : int
        Most divisions of the ways on a path.
    composition, way : int arrays, shape (n,)
        The pairs.
    spread : bool
        Whether the squares are wanted; they have shape (0,) if not.
    """
    n = len(way)
    total, squares = np.zeros(n), np.zeros(n if spread else 0)
    masks = np.empty((divisions + 2, WORDS), dtype=np.uint64)
    waiting = np.empty(divisions + 2, dtype=np.int64)
    alive = np.empty(WORDS, dtype=np.uint64)
    sums = np.empty((2, WORDS * 64))
    row_of = np.zeros(WORDS * 64, dtype=np.int64)
    start = 0
    while start < n:
        first_word = way[start] // 64
        alive[:] = _NONE
        stop = start
        while (
            stop < n
            and composition[stop] == composition[start]
            and way[stop] < (first_word + WORDS) * 64
            and (stop == start or way[stop] > way[stop - 1])
        ):
            local = way[stop] - first_word * 64
            alive[local // 64] |= _ONE << np.uint64(local % 64)
            row_of[local] = stop
            sums[0, local] = 0.0
            sums[1, local] = 0.0
            stop += 1
        n_words = way[stop - 1] // 64 - first_word + 1
        _walk_one(
            chemistry[composition[start]], ways, rows, row_of, nodes, single, bits, first_word,
            n_words, alive, masks, waiting, sums[0], sums[1], spread,
        )  # fmt: skip
        for row in range(start, stop):
            local = way[row] - first_word * 64
            total[row] = sums[0, local]
            if spread:
                squares[row] = sums[1, local]
        start = stop
    return total, squares
