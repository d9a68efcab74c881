"""Loops compiled for large batches; imported only when a batch is large."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

_BLOCK = 64


@njit(nogil=True, cache=True)
def _shorten(
    feature: Any, threshold: Any, right: Any, missing: Any, roots: Any, low: Any, high: Any,
    blank: Any,
) -> Any:  # fmt: skip
    """Return children and roots with all nodes skipped that send every row one way.

    ``low`` and ``high`` hold the range of each feature, ``blank`` whether it is ever blank.
    """
    n = len(feature)
    target = np.empty(n, dtype=np.int32)
    lefts, rights = np.empty(n, dtype=np.uint32), np.empty(n, dtype=np.uint32)
    for node in range(n - 1, -1, -1):
        target[node] = lefts[node] = rights[node] = node
        column = feature[node]
        if column < 0:
            continue
        lefts[node], rights[node] = target[node + 1], target[right[node]]
        if high[column] <= threshold[node] and (missing[node] or not blank[column]):
            target[node] = lefts[node]
        elif low[column] > threshold[node] and not (missing[node] and blank[column]):
            target[node] = rights[node]
    return lefts, rights, target[roots]


@njit(nogil=True, cache=True)
def _ranges(X: Any, columns: Any, used: Any, single: Any) -> Any:
    """Return lowest and highest value of each used feature, and whether it is ever blank."""
    d = len(columns)
    low, high, blank = np.full(d, np.inf), np.full(d, -np.inf), np.zeros(d, dtype=np.bool_)
    for row in range(X.shape[0]):
        for j in used:
            value = X[row, columns[j]]
            if np.isnan(value):
                blank[j] = True
            else:
                value = np.float64(np.float32(value)) if single else value
                low[j], high[j] = min(low[j], value), max(high[j], value)
    return low, high, blank


@njit(nogil=True, cache=True)
def _tested(feature: Any, lefts: Any, rights: Any, roots: Any, d: Any) -> Any:
    """Return which of d features are tested at the nodes that can be reached from the roots."""
    found = np.zeros(d, dtype=np.bool_)
    waiting = np.empty(len(feature) + 1, dtype=np.int32)
    for root in roots:
        waiting[0], n = root, 1
        while n > 0:
            n -= 1
            node = waiting[n]
            if feature[node] >= 0:
                found[feature[node]] = True
                waiting[n], waiting[n + 1] = lefts[node], rights[node]
                n += 2
    return np.flatnonzero(found)


@njit(nogil=True, cache=True)
def _walk(
    X: Any, columns: Any, single: Any, feature: Any, threshold: Any, right: Any, missing: Any,
    roots: Any, spread: Any,
) -> Any:  # fmt: skip
    n, d = X.shape[0], len(columns)
    total, squares = np.zeros(n), np.zeros(n if spread else 0)
    at = np.empty(_BLOCK, dtype=np.uint32)
    used = np.unique(feature[feature >= 0])
    low, high, blank = _ranges(X, columns, used, single)
    lefts, rights, starts = _shorten(feature, threshold, right, missing, roots, low, high, blank)
    needed = _tested(feature, lefts, rights, starts, d)
    block = np.zeros((len(needed) + 1, _BLOCK))
    place = np.zeros(d + 1, dtype=np.int16)
    place[needed] = np.arange(len(needed))
    slot, inner = place[feature].astype(np.uint16), feature >= 0
    for start in range(0, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        for row in range(start, stop):
            for j in range(len(needed)):
                value = X[row, columns[needed[j]]]
                block[j, row - start] = np.float64(np.float32(value)) if single else value
        for root in starts:
            if feature[root] < 0:
                total[start:stop] += threshold[root]
                if spread:
                    squares[start:stop] += threshold[root] * threshold[root]
                continue
            rows = range(np.uint64(stop - start))
            at[:] = root
            moved = True
            while moved:
                moved = False
                for i in rows:
                    node = np.uint64(at[i])
                    value = block[slot[node], i]
                    left = (value <= threshold[node]) | (missing[node] & np.isnan(value))
                    after = lefts[node] if left else rights[node]
                    moved |= inner[after]
                    at[i] = after
            for i in range(stop - start):
                leaf = threshold[at[i]]
                total[start + i] += leaf
                if spread:
                    squares[start + i] += leaf * leaf
    return total, squares


def walk(
    X: FloatArray,
    columns: NDArray[np.int64],
    single_precision: bool,
    feature: NDArray[np.int16],
    threshold: FloatArray,
    right: NDArray[np.int32],
    missing_left: NDArray[np.bool_],
    roots: NDArray[np.int32],
    spread: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return the sum of the leaves and of their squares, per row, added tree by tree.

    Runs in one thread and lets others run beside it.

    Parameters
    ----------
    X : array, shape (n, D)
        Features; NaN allowed.
    columns : int array, shape (d,)
        Column of ``X`` that holds each feature of the trees.
    single_precision : bool
        Whether features are rounded to float32 first.
    feature, threshold, right, missing_left, roots : arrays
        As in `ssbml.estimators.trees.TreeEnsemble`.
    spread : bool
        Whether the squares are wanted.

    Returns
    -------
    total, squares : arrays, shape (n,)
        Squares have shape (0,) where they are not wanted.
    """
    total, squares = _walk(
        X, columns, single_precision, feature, threshold, right, missing_left, roots, spread
    )
    return total, squares


@njit(nogil=True, cache=True)
def _nearest(queries: Any, members: Any) -> Any:
    out = np.empty(len(queries))
    gaps = np.empty(members.shape[1], dtype=np.float32)
    for row in range(len(queries)):
        gaps[:] = 0.0
        for column in range(members.shape[0]):
            query = queries[row, column]
            for i in range(members.shape[1]):
                gaps[i] += abs(query - members[column, i])
        out[row] = gaps.min()
    return out


def nearest(queries: FloatArray, members: NDArray[np.float32]) -> FloatArray:
    """Return the sum of absolute differences to the nearest member, in float32.

    Parameters
    ----------
    queries : array, shape (n, d)
    members : float32 array, shape (m, d)

    Returns
    -------
    array, shape (n,)
    """
    distance: FloatArray = _nearest(
        queries.astype(np.float32), np.ascontiguousarray(members.T, dtype=np.float32)
    )
    return distance
