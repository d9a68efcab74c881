"""Intervals and probabilities that hold for samples from papers the model has not seen.

Calibrated on out-of-fold predictions with whole papers held out (grouped cross-conformal; see Vovk,
Ann. Math. Artif. Intell. 74 (2015) 9), divided by a difficulty, asymmetric, and per host family
(Mondrian) where enough papers exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.errors import ModelError

POOLED = "*"
"""Name of the category that holds all families."""

COVERAGE_RANGE = (0.5, 0.99)
"""Coverages that may be asked for."""

DEFAULT_COVERAGE = 0.9
"""Coverage when none is asked for."""

_LEVELS = np.linspace(COVERAGE_RANGE[0], COVERAGE_RANGE[1], 99)


def conformal_quantiles(scores: FloatArray, coverage: float) -> tuple[float, float]:
    """Return the lower and upper conformal quantile of signed scores.

    The finite-sample rule: the k-th largest of n scores with k = ceil((n + 1) (1 + coverage) / 2)
    for the upper end, and its mirror image for the lower end; the extreme score when k exceeds n.

    Parameters
    ----------
    scores : array, shape (n,)
        Signed out-of-fold errors, measured minus predicted, over the difficulty.
    coverage : float
        Share of samples that the interval should hold.

    Returns
    -------
    lower, upper : float
        lower <= 0 <= upper.
    """
    ordered = np.sort(scores)
    n = len(ordered)
    k = int(np.ceil(round((n + 1) * (1.0 + coverage) / 2.0, 9)))
    upper = ordered[min(k, n) - 1]
    lower = ordered[max(n - k, 0)]
    return float(min(lower, 0.0)), float(max(upper, 0.0))


@dataclass(frozen=True, slots=True)
class IntervalCalibrator:
    """Turns points and difficulties into intervals.

    Attributes
    ----------
    quantiles : dict of str to array, shape (2, n_levels)
        Lower and upper score quantiles over a grid of coverages, per family and pooled.
    max_coverage : dict of str to float
        Largest coverage that the papers of a family support; beyond it the pooled quantile serves.
    """

    quantiles: dict[str, FloatArray]
    max_coverage: dict[str, float]

    def interval(
        self, point: FloatArray, difficulty: FloatArray, families: Sequence[str], coverage: float
    ) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
        """Return intervals in model units.

        Parameters
        ----------
        point, difficulty : arrays, shape (n,)
            Prediction and expected error size.
        families : list of str
            Host family of each row.
        coverage : float
            In [0.5, 0.99].

        Returns
        -------
        lower, upper : arrays, shape (n,)
            lower <= point <= upper; wider for a larger coverage.
        pooled : bool array, shape (n,)
            Whether the pooled quantile had to serve.

        Raises
        ------
        ValueError
            The coverage is out of range.
        """
        check_coverage(coverage)
        lower, upper = np.empty(len(point)), np.empty(len(point))
        pooled = np.zeros(len(point), dtype=bool)
        for family, rows in Labels.of(families).groups():
            supported = coverage <= self.max_coverage.get(family, 0.0)
            q = self._quantile(family, coverage)
            lower[rows] = point[rows] + q[0] * difficulty[rows]
            upper[rows] = point[rows] + q[1] * difficulty[rows]
            pooled[rows] = not supported
        return lower, upper, pooled

    def _quantile(self, family: str, coverage: float) -> tuple[float, float]:
        """Return the family's quantiles, or the pooled ones where its papers do not reach."""
        reach = self.max_coverage.get(family, 0.0)
        if coverage <= reach:
            return self._at(family, coverage)
        low, high = self._at(POOLED, coverage)
        if reach >= COVERAGE_RANGE[0]:
            inner = self._at(family, reach)
            low, high = min(low, inner[0]), max(high, inner[1])
        return low, high

    def _at(self, category: str, coverage: float) -> tuple[float, float]:
        table = self.quantiles[category]
        return (
            float(np.interp(coverage, _LEVELS, table[0])),
            float(np.interp(coverage, _LEVELS, table[1])),
        )

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the calibrator as named arrays for an ``.npz`` file."""
        names = sorted(self.quantiles)
        return {
            f"{prefix}.names": np.array(names, dtype=np.str_),
            f"{prefix}.quantiles": np.stack([self.quantiles[n] for n in names]),
            f"{prefix}.max_coverage": np.array([self.max_coverage.get(n, 0.0) for n in names]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> IntervalCalibrator:
        """Return the calibrator stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        try:
            names = [str(n) for n in arrays[f"{prefix}.names"]]
            quantiles = arrays[f"{prefix}.quantiles"]
            reach = arrays[f"{prefix}.max_coverage"]
        except KeyError as error:
            raise ModelError(f"the model holds no calibration {error}") from None
        if POOLED not in names or quantiles.shape != (len(names), 2, len(_LEVELS)):
            raise ModelError(f"the calibration '{prefix}' is damaged")
        return cls(
            dict(zip(names, quantiles, strict=True)),
            dict(zip(names, (float(r) for r in reach), strict=True)),
        )


def check_coverage(coverage: float) -> None:
    """Raise ValueError unless a coverage can be asked for."""
    low, high = COVERAGE_RANGE
    if not low <= coverage <= high:
        raise ValueError(f"coverage = {coverage!r}: allowed are {low} to {high}")


def fit_intervals(
    scores: FloatArray,
    families: list[str],
    groups: NDArray[np.object_],
    min_papers: int,
) -> IntervalCalibrator:
    """Fit interval quantiles to out-of-fold scores.

    A family gets quantiles of its own from ``min_papers`` papers on, up to the coverage at which
    one paper in each tail is expected, 1 - 2 / (papers + 1).

    Parameters
    ----------
    scores : array, shape (n,)
        Signed out-of-fold errors over the difficulty.
    families : list of str
        Host family of each row.
    groups : array of str, shape (n,)
        Paper group of each row.
    min_papers : int
        Fewest papers for a family's own quantiles.

    Returns
    -------
    IntervalCalibrator
    """
    labels = np.array(families)
    quantiles = {POOLED: _quantile_table(scores)}
    reach = {POOLED: COVERAGE_RANGE[1]}
    for family in sorted(set(families)):
        rows = labels == family
        papers = len(set(groups[rows]))
        if papers >= min_papers:
            quantiles[family] = _quantile_table(scores[rows])
            reach[family] = min(1.0 - 2.0 / (papers + 1), COVERAGE_RANGE[1])
    return IntervalCalibrator(quantiles, reach)


def _quantile_table(scores: FloatArray) -> FloatArray:
    pairs = np.array([conformal_quantiles(scores, c) for c in _LEVELS]).T
    pairs[0] = np.minimum.accumulate(pairs[0])
    pairs[1] = np.maximum.accumulate(pairs[1])
    return pairs
