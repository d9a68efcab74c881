"""How sure a mean, or the difference of two predictors, is when papers are drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

DRAWS = 2000
"""Bootstrap draws of every comparison."""

_TAILS = (2.5, 97.5)
_LEVEL = 0.9


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
    means = _drawn_means(first - second, groups, seed, draws)
    lower, upper = np.percentile(means, _TAILS)
    return Paired(
        difference=float((first - second).mean()),
        lower=float(lower),
        upper=float(upper),
        better=float(np.mean((means < 0) + 0.5 * (means == 0))),
    )


def bootstrap_interval(
    values: FloatArray, groups: NDArray[np.object_], seed: int, draws: int = DRAWS
) -> tuple[float, float]:
    """Return the 90 % percentile interval of a mean when papers are drawn with replacement.

    Parameters
    ----------
    values, groups, seed, draws
        As in `paired_bootstrap`, with values in place of losses.

    Returns
    -------
    lower, upper : float
        NaN for no rows.
    """
    if len(values) == 0:
        return float("nan"), float("nan")
    means = _drawn_means(values, groups, seed, draws)
    lower, upper = np.quantile(means, (0.5 - _LEVEL / 2, 0.5 + _LEVEL / 2))
    return float(lower), float(upper)


def _drawn_means(
    values: FloatArray, groups: NDArray[np.object_], seed: int, draws: int
) -> FloatArray:
    """Return the mean of the values in each draw of papers."""
    names, inverse = np.unique(groups.astype(str), return_inverse=True)
    sums = np.bincount(inverse, weights=values)
    counts = np.bincount(inverse).astype(float)
    picks = np.random.default_rng(seed).integers(len(names), size=(draws, len(names)))
    return np.asarray(sums[picks].sum(axis=1) / counts[picks].sum(axis=1))
