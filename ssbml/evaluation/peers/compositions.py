"""Peers that know the composition only: forests, the nearest neighbour, medians."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, composition_matrix
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import parse_formula
from ssbml.evaluation.peers.learners import forest, obelix_forest
from ssbml.features.composition import magpie_features

OBELIX_FORMULA = "OBELiX forest, formula only"
"""The forest of OBELiX on the amounts in the formula as written, without crystal data."""

MAGPIE = "forest on Magpie and fractions"
FRACTIONS = "forest on fractions"
NEAREST = "nearest composition"
FAMILY = "family median"
MEDIAN = "median"

FORESTS = (OBELIX_FORMULA, MAGPIE, FRACTIONS)
"""Peers that depend on a seed."""

Centre = Callable[[FloatArray], Any]
"""Median or mean."""

Learner = Callable[[FloatArray, FloatArray, FloatArray, int], FloatArray]
"""Features and targets to learn from, features to predict for, a seed."""

_SEVERAL = 3
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Formulas:
    """Compositions with what goes with them.

    Attributes
    ----------
    amounts : array, shape (n, n_elements)
        Amounts per formula.
    family : array of str, shape (n,)
        Host family read from the formula.
    target : array, shape (n,)
        What is predicted.
    """

    amounts: FloatArray
    family: NDArray[np.object_]
    target: FloatArray

    def __len__(self) -> int:
        return len(self.target)

    @property
    def fractions(self) -> FloatArray:
        """Atomic fractions, shape (n, n_elements)."""
        shares: FloatArray = self.amounts / self.amounts.sum(axis=1, keepdims=True)
        return shares

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Formulas:
        """Return the rows of a mask or of positions."""
        return Formulas(self.amounts[rows], self.family[rows], self.target[rows])


def formulas_of(formulas: Sequence[str], target: FloatArray) -> Formulas:
    """Return formulas as a peer sees them.

    Parameters
    ----------
    formulas : sequence of str, length n
        Formulas that `ssbml.chemistry.formula.parse_formula` accepts.
    target : array, shape (n,)
        What is predicted.
    """
    return Formulas(
        composition_matrix([parse_formula(f) for f in formulas]),
        np.array([family_of(f) for f in formulas], dtype=object),
        target,
    )


def composition_peers(
    known: Formulas, asked: Formulas, seeds: Sequence[int], centre: Centre = np.median
) -> dict[str, FloatArray]:
    """Return what every peer that knows the composition only predicts.

    Parameters
    ----------
    known : Formulas
        What they learn from.
    asked : Formulas
        What they are asked; the targets are not looked at.
    seeds : sequence of int, length k
        Random states of the forests.
    centre : callable
        Median, or mean for probabilities.

    Returns
    -------
    dict of str to array, shape (m,) or, for forests, (m, k)
    """
    used = (known.amounts > 0).any(axis=0) | (asked.amounts > 0).any(axis=0)
    written = known.amounts[:, used], asked.amounts[:, used]
    shares = known.fractions[:, used], asked.fractions[:, used]
    magpie = (
        np.column_stack([magpie_features(known.amounts).values, shares[0]]),
        np.column_stack([magpie_features(asked.amounts).values, shares[1]]),
    )
    y = known.target

    def columns(learn: Learner, pair: tuple[FloatArray, FloatArray]) -> FloatArray:
        return np.column_stack([learn(pair[0], y, pair[1], seed) for seed in seeds])

    return {
        OBELIX_FORMULA: columns(obelix_forest, written),
        MAGPIE: columns(forest, magpie),
        FRACTIONS: columns(forest, shares),
        NEAREST: nearest(shares[0], y, shares[1]),
        FAMILY: family_centre(known, asked, centre),
        MEDIAN: np.full(len(asked), centre(y)),
    }


def nearest(known: FloatArray, target: FloatArray, asked: FloatArray) -> FloatArray:
    """Return the target of the nearest row by city-block distance, the mean of ties.

    Parameters
    ----------
    known : array, shape (n, d)
        Rows to look among.
    target : array, shape (n,)
        Their targets.
    asked : array, shape (m, d)
        Rows to predict.

    Returns
    -------
    array, shape (m,)
    """
    out = np.empty(len(asked))
    for i, row in enumerate(asked):
        distance = np.abs(known - row).sum(axis=1)
        out[i] = target[distance <= distance.min() + _SAME].mean()
    return out


def family_centre(known: Formulas, asked: Formulas, centre: Centre = np.median) -> FloatArray:
    """Return the centre of the family, that of everything where it has fewer than three rows.

    Parameters
    ----------
    known, asked : Formulas
        What is learnt from, and what is asked.
    centre : callable
        Median or mean.

    Returns
    -------
    array, shape (m,)
    """
    out = np.full(len(asked), centre(known.target))
    for family in set(asked.family.tolist()):
        seen = known.target[known.family == family]
        if len(seen) >= _SEVERAL:
            out[asked.family == family] = centre(seen)
    return out
