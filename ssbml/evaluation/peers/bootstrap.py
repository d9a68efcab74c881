"""Two predictors on the same rows: how sure their difference is when papers are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

DRAWS = 2000
"""Bootstrap draws of every comparison."""

_TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Paired:
    """The difference of two mean losses.

    Attributes
    ----------
    difference : float
        Mean loss of the first minus that of the second.
    lower, upper : float
        95 % percentile interval over papers.
    better : float
        Share of the draws in which the first loses less; ties count half.
    """

    difference: float
    lower: float
    upper: float
    better: float


def paired_bootstrap(
    first: FloatArray,
    second: FloatArray,
    groups: NDArray[np.object_],
    seed: int,
    draws: int = DRAWS,
) -> Paired:
    """Compare two predictors on the same rows by drawing papers with replacement.

    Parameters
    ----------
    first, second : array, shape (n,)
        Losses.
    groups : array of str, shape (n,)
        Paper of each row; rows of one paper are drawn together.
    seed : int
        Random state.
    draws : int, default 2000
        Number of draws.

    Returns
    -------
    Paired
        NaN throughout for no rows.
    """
    if len(first) == 0:
        return Paired(*(float("nan"),) * 4)
    names, inverse = np.unique(groups.astype(str), return_inverse=True)
    gaps = np.bincount(inverse, weights=first - second)
    counts = np.bincount(inverse).astype(float)
    picks = np.random.default_rng(seed).integers(len(names), size=(draws, len(names)))
    means = gaps[picks].sum(axis=1) / counts[picks].sum(axis=1)
    lower, upper = np.percentile(means, _TAILS)
    return Paired(
        difference=float(gaps.sum() / counts.sum()),
        lower=float(lower),
        upper=float(upper),
        better=float(np.mean((means < 0) + 0.5 * (means == 0))),
    )
