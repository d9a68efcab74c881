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
class Difficulty:
    """Expected size of an error, from what is known before measuring.

    log(size) is linear in the columns of ``describe``; see `fit_difficulty`.

    Attributes
    ----------
    coefficients : array, shape (k + 1,)
        Intercept first.
    low, high : float
        Limits of the difficulty.
    """

    coefficients: FloatArray
    low: float
    high: float

    def predict(self, *describers: FloatArray) -> FloatArray:
        """Return the difficulty of n recipes.

        Parameters
        ----------
        *describers : arrays, shape (n, k)
            Finite numbers; several arrays stand side by side.

        Returns
        -------
        array, shape (n,)
        """
        log_size = np.full(len(describers[0]), self.coefficients[0])
        columns = [column for block in describers for column in block.T]
        for column, slope in zip(columns, self.coefficients[1:].tolist(), strict=True):
            if column.any():
                log_size += slope * column
        return np.asarray(np.clip(np.exp(log_size), self.low, self.high), dtype=float)

    def to_array(self) -> FloatArray:
        """Return the difficulty as one array for an ``.npz`` file."""
        return np.concatenate([[self.low, self.high], self.coefficients])

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Difficulty:
        """Return the difficulty stored under ``name``.

        Raises
        ------
        ModelError
            It is missing or damaged.
        """
        stored = arrays.get(name)
        if stored is None or stored.ndim != 1 or len(stored) < 3:
            raise ModelError(f"the model holds no sound '{name}'")
        return cls(stored[2:], float(stored[0]), float(stored[1]))


def fit_difficulty(
    errors: FloatArray,
    describers: FloatArray,
    ridge: float = 10.0,
    least: FloatArray | None = None,
) -> Difficulty:
    """Fit the difficulty to out-of-fold errors by ridge regression of their logarithm.

    Parameters
    ----------
    errors : array, shape (n,)
        Signed out-of-fold errors.
    describers : array, shape (n, k)
        What each recipe is described by.
    ridge : float, default 10
        Penalty on the standardised slopes.
    least : array, shape (k,), optional
        Smallest slope allowed for each describer; none by default.

    Returns
    -------
    Difficulty
    """
    from scipy.optimize import lsq_linear

    describers = np.ascontiguousarray(describers)
    size = np.abs(errors)
    floor = 0.1 * float(np.median(size)) + 1e-12
    y = np.log(size + floor)
    centre, scale = describers.mean(axis=0), describers.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    Z = (describers - centre) / scale
    k = Z.shape[1]
    system = np.vstack([Z, np.sqrt(ridge) * np.eye(k)])
    low = np.full(k, -np.inf) if least is None else least * scale
    fit = lsq_linear(system, np.concatenate([y - y.mean(), np.zeros(k)]), (low, np.inf))
    slopes = np.asarray(fit.x, dtype=float) / scale
    intercept = y.mean() - centre @ slopes
    fitted = np.exp(intercept + describers @ slopes)
    low, high = np.quantile(fitted, [0.02, 0.98])
    return Difficulty(np.concatenate([[intercept], slopes]), float(low), float(high))


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
