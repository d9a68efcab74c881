"""Calibrated probabilities, and how sure they are, from out-of-fold scores by paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import check_coverage
from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError


@dataclass(frozen=True, slots=True)
class ProbabilityCalibrator:
    """Platt scaling of out-of-fold scores, with bootstrap-by-paper uncertainty.

    Attributes
    ----------
    slope, intercept : float
        p = sigmoid(slope * logit(score) + intercept).
    bootstrap : array, shape (n_bootstrap, 2)
        Slope and intercept refitted on resampled papers.
    """

    slope: float
    intercept: float
    bootstrap: FloatArray

    def probability(
        self, scores: FloatArray, coverage: float, shift: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return calibrated probabilities and the range of their uncertainty.

        Parameters
        ----------
        scores : array, shape (n,)
            Raw scores in [0, 1].
        coverage : float
            Share of the bootstrap distribution that the range holds.
        shift : array, shape (n,), optional
            Added to the log-odds.

        Returns
        -------
        probability, lower, upper : arrays, shape (n,)
            lower <= probability <= upper.
        """
        check_coverage(coverage)
        different, rows = np.unique(scores, return_inverse=True)
        x = _logit(different)
        p = _sigmoid(self.slope * x + self.intercept)
        tail = (1.0 - coverage) / 2.0
        lower, upper = self._quantiles(x, np.array([tail, 1.0 - tail]))
        answers = p[rows], np.minimum(lower, p)[rows], np.maximum(upper, p)[rows]
        if shift is None:
            return answers
        first, second, third = (_sigmoid(_logit(values) + shift) for values in answers)
        return first, second, third

    def _quantiles(self, x: FloatArray, levels: FloatArray) -> FloatArray:
        """Return quantiles of the bootstrapped probabilities, interpolated between neighbours.

        The sigmoid keeps the order, so the neighbours are found before it is taken.
        """
        position = levels * (len(self.bootstrap) - 1)
        below = np.floor(position).astype(int)
        above = np.minimum(below + 1, len(self.bootstrap) - 1)
        draws = self.bootstrap[:, :1] * x[None, :] + self.bootstrap[:, 1:]
        draws.partition(sorted({*below.tolist(), *above.tolist()}), axis=0)
        low, high = _sigmoid(draws[below]), _sigmoid(draws[above])
        out: FloatArray = low + (high - low) * (position - below)[:, None]
        return out

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the calibrator as named arrays for an ``.npz`` file."""
        return {
            f"{prefix}.platt": np.array([self.slope, self.intercept]),
            f"{prefix}.bootstrap": self.bootstrap,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> ProbabilityCalibrator:
        """Return the calibrator stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        platt, bootstrap = arrays.get(f"{prefix}.platt"), arrays.get(f"{prefix}.bootstrap")
        if platt is None or bootstrap is None or platt.shape != (2,) or bootstrap.ndim != 2:
            raise ModelError(f"the model holds no sound calibration '{prefix}'")
        return cls(float(platt[0]), float(platt[1]), bootstrap)


def fit_probability(
    scores: FloatArray,
    outcomes: FloatArray,
    weights: FloatArray,
    groups: NDArray[np.object_],
    seed: int,
    n_bootstrap: int = 200,
) -> ProbabilityCalibrator:
    """Fit Platt scaling (slope not below 0) and its bootstrap over papers.

    Parameters
    ----------
    scores : array, shape (n,)
        Raw out-of-fold scores in [0, 1].
    outcomes : array, shape (n,)
        1 for pure, 0 for impure.
    weights : array, shape (n,)
        Sample weights.
    groups : array of str, shape (n,)
        Paper group of each row.
    seed : int
        Seed of the bootstrap.
    n_bootstrap : int, default 200
        Number of resamples.

    Returns
    -------
    ProbabilityCalibrator
    """
    x = _logit(scores)
    slope, intercept = _platt(x, outcomes, weights)
    names, inverse = np.unique(groups.astype(str), return_inverse=True)
    generator = np.random.default_rng(seed)
    draws = np.empty((n_bootstrap, 2))
    for i in range(n_bootstrap):
        times = np.bincount(generator.integers(0, len(names), len(names)), minlength=len(names))
        draws[i] = _platt(x, outcomes, weights * times[inverse])
    return ProbabilityCalibrator(slope, intercept, draws)


def _platt(x: FloatArray, y: FloatArray, w: FloatArray, prior: float = 1.0) -> tuple[float, float]:
    """Weighted logistic regression on one column by Newton steps, shrunk towards slope 1."""
    beta = np.array([1.0, 0.0])
    X = np.column_stack([x, np.ones(len(x))])
    target, precision = np.array([1.0, 0.0]), np.diag([prior, 1e-3])
    for _ in range(50):
        p = _sigmoid(X @ beta)
        gradient = X.T @ (w * (p - y)) + precision @ (beta - target)
        hessian = (X * (w * p * (1 - p))[:, None]).T @ X + precision
        step = np.linalg.solve(hessian, gradient)
        beta = beta - np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    if beta[0] < 0.0:
        share = float(np.clip((w @ y) / w.sum(), 1e-3, 1 - 1e-3))
        return 0.0, float(np.log(share / (1 - share)))
    return float(beta[0]), float(beta[1])


def _logit(p: FloatArray) -> FloatArray:
    clipped = np.clip(p, 0.01, 0.99)
    return np.asarray(np.log(clipped / (1.0 - clipped)), dtype=float)


def _sigmoid(x: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -500, 500))), dtype=float)
