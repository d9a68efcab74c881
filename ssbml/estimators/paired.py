"""Tree ensembles on compositions times ways: what can be known beforehand, and the walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.pairwalk import (
    BITS,
    CHEMISTRY,
    LEFT,
    RIGHT,
    ROW,
    WAY,
    resolve,
    walk_pairs,
)
from ssbml.estimators.pairwalk import LEAF as LEAF_KIND
from ssbml.estimators.trees import LEAF, TreeEnsemble
from ssbml.features.pairs import PairedMatrix

_MAX_PATTERN_BYTES = 128 * 2**20


@dataclass(frozen=True, slots=True)
class _Plan:
    """An ensemble prepared for a set of ways.

    Attributes
    ----------
    ensemble : TreeEnsemble
        Kept so that its identity, which names the plan, is not given to another.
    nodes : tuple of arrays
        As `ssbml.estimators.pairwalk.walk_pairs` takes them.
    bits : uint64 array, shape (n_patterns, n_words)
        Which ways go left, by pattern.
    ways : array, shape (n_way_features, k)
        Features of the ways, a row each.
    divisions : int
        Most divisions of the ways on a path.
    """

    ensemble: TreeEnsemble
    nodes: tuple[NDArray[Any], ...]
    bits: NDArray[np.uint64]
    ways: FloatArray
    divisions: int


def predict_pairs(
    ensemble: TreeEnsemble, features: tuple[str, ...], matrix: PairedMatrix, *, spread: bool
) -> tuple[FloatArray, FloatArray]:
    """Return predictions of candidates and their standard deviation over trees.

    Equal in every bit to ``ensemble.predict_with_spread`` of the columns written out.

    Parameters
    ----------
    ensemble : TreeEnsemble
        The trees.
    features : tuple of str
        Names of the columns that they read.
    matrix : PairedMatrix
        The candidates, n rows.
    spread : bool
        Whether the standard deviation is wanted; it is 0 if not, and for boosting.

    Returns
    -------
    prediction, spread : arrays, shape (n,)

    Raises
    ------
    KeyError
        The matrix lacks a feature.
    """
    key = (id(ensemble), features, matrix.row_names, tuple(matrix.constants.items()))
    plan = matrix.ways.plans.get(key)
    if plan is None:
        plan = matrix.ways.plans[key] = _plan(ensemble, features, matrix)
    return ensemble.finished(
        *walk_pairs(
            matrix.chemistry.values,
            plan.ways,
            np.ascontiguousarray(matrix.row_values.T),
            plan.nodes,
            ensemble.single_precision,
            plan.bits,
            plan.divisions,
            matrix.composition,
            matrix.way,
            spread and ensemble.mean,
        )
    )


def _plan(ensemble: TreeEnsemble, features: tuple[str, ...], matrix: PairedMatrix) -> _Plan:
    kind = np.full(len(ensemble.feature), LEAF_KIND, dtype=np.int8)
    index = np.zeros(len(ensemble.feature), dtype=np.int32)
    values = matrix.ways.matrix.values
    if ensemble.single_precision:
        values = values.astype(np.float32).astype(float)
    patterns = _Patterns(values)
    for feature in np.unique(ensemble.feature[ensemble.feature != LEAF]).tolist():
        nodes = np.flatnonzero(ensemble.feature == feature)
        name = features[feature]
        part, column = matrix.part_of(name)
        limits, blank = ensemble.threshold[nodes], ensemble.missing_left[nodes]
        index[nodes] = column
        if part == "way":
            kind[nodes], index[nodes] = patterns.of(column, limits, blank)
        elif part == "constant":
            value = matrix.constants[name]
            left = blank if np.isnan(value) else value <= limits
            kind[nodes] = np.where(left, LEFT, RIGHT)
        else:
            kind[nodes] = CHEMISTRY if part == "chemistry" else ROW
    bits = patterns.bits()
    if bits is None:
        way = np.flatnonzero(kind == BITS)
        kind[way] = WAY
        index[way] = patterns.columns()[index[way]]
        bits = np.zeros((1, 1), dtype=np.uint64)
    left, right, roots, divisions = resolve(kind, ensemble.right, ensemble.roots)
    tests = (kind, index, ensemble.threshold, ensemble.missing_left, left, right, roots)
    return _Plan(ensemble, tests, bits, np.ascontiguousarray(values.T), int(divisions))


class _Patterns:
    """The different ways in which splits divide the ways."""

    def __init__(self, values: FloatArray) -> None:
        self._values = values
        self._known: dict[tuple[int, int, bool], int] = {}
        self._limits: list[float] = []

    def of(
        self, column: int, limits: FloatArray, blank_left: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Return the kind of each split on a column and the number of its pattern."""
        values = self._values[:, column]
        known = np.unique(values[~np.isnan(values)])
        blanks = bool(np.isnan(values).any())
        below = np.searchsorted(known, limits, side="right")
        blank = blank_left & blanks
        all_left = (below == len(known)) & (blank | (not blanks))
        all_right = (below == 0) & ~blank
        kind = np.where(all_left, LEFT, np.where(all_right, RIGHT, BITS)).astype(np.int8)
        index = np.zeros(len(limits), dtype=np.int32)
        for i in np.flatnonzero(kind == BITS).tolist():
            key = (column, int(below[i]), bool(blank[i]))
            if key not in self._known:
                self._known[key] = len(self._known)
                self._limits.append(float(limits[i]))
            index[i] = self._known[key]
        return kind, index

    def columns(self) -> NDArray[np.int32]:
        """Return the column of each pattern."""
        return np.array([column for column, _, _ in self._known], dtype=np.int32)

    def bits(self) -> NDArray[np.uint64] | None:
        """Return which ways go left, by pattern; None where that would take too much memory."""
        words = -(-len(self._values) // 64)
        if len(self._known) * words * 8 > _MAX_PATTERN_BYTES:
            return None
        bits = np.zeros((max(len(self._known), 1), words * 8), dtype=np.uint8)
        for (column, _, blank), number in self._known.items():
            values = self._values[:, column]
            left = np.where(np.isnan(values), blank, values <= self._limits[number])
            packed = np.packbits(left, bitorder="little")
            bits[number, : len(packed)] = packed
        return bits.view("<u8").astype(np.uint64)
