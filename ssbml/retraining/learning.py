"""The correction that lab rows ask for, shrunk by what is known about laboratories.

A lab's deviation from the base is taken as an offset, normally distributed over labs, plus a smooth
deviation near each recipe, plus scatter between experiments (a Gaussian process; with the offset
alone this is empirical Bayes, offset = n mean / (n + scatter / offset variance)). The variances are
those between and within papers in out-of-fold residuals of the literature; see `PRIORS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import Term, kernel
from ssbml.retraining.residuals import MIN_GROUPS, Residuals

METHODS = ("none", "calibration", "offset", "local")
"""What may be learned of a property beside the base, the simplest first."""

MIN_EXPERIMENTS = 10
"""Fewest experiments for intervals of the lab's own."""

MIN_ROWS = 10
"""Fewest values for anything but an offset."""

_COVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class Prior:
    """Standard deviations of a property's residuals, in model units.

    Attributes
    ----------
    offset : float
        Between laboratories.
    local : float
        Of the smooth deviations within one.
    scatter : float
        Between experiments that lie close together.
    repeat : float
        Between measurements of one experiment.
    reach : float
        Deviations from the lab's median beyond it count as it.
    """

    offset: float
    local: float
    scatter: float
    repeat: float
    reach: float


PRIORS: dict[str, Prior] = {
    "conductivity": Prior(0.4, 0.6, 0.35, 0.15, 2.0),
    "density": Prior(0.35, 0.2, 0.5, 0.2, 1.5),
    "purity": Prior(0.7, 0.0, 0.0, 0.0, 0.0),
}
"""Ratios chosen on papers with several samples, sizes rounded (`training/held_out_labs.py`); purity
in log-odds, not measured."""


@dataclass(frozen=True, slots=True)
class Averages:
    """Residuals of one property, one number an experiment.

    Attributes
    ----------
    error : array, shape (m,)
        Mean residual, outlying experiments drawn in.
    variance : array, shape (m,)
        Of its scatter.
    places : array, shape (m, d)
    fold_group : int array, shape (m,)
    """

    error: FloatArray
    variance: FloatArray
    places: FloatArray
    fold_group: NDArray[np.intp]


def averages_of(found: Residuals, prior: Prior) -> Averages:
    """Return one residual for each experiment, replicates counted as one."""
    _, first, which, counts = np.unique(
        found.group, return_index=True, return_inverse=True, return_counts=True
    )
    error = np.bincount(which, found.error) / counts
    middle = np.median(error)
    return Averages(
        np.clip(error, middle - prior.reach, middle + prior.reach),
        prior.scatter**2 + prior.repeat**2 / counts,
        found.places[first],
        found.fold_group[first],
    )


def covariance(method: str, rows: Averages, prior: Prior) -> FloatArray:
    """Return the covariance of the residuals of m experiments, shape (m, m)."""
    m = len(rows.error)
    if method == "local":
        near = prior.local**2 * kernel(rows.places, rows.places)
        return near + prior.offset**2 + np.diag(rows.variance)
    return np.full((m, m), prior.offset**2) + np.diag(rows.variance + prior.local**2)


def fit_term(method: str, found: Residuals, prior: Prior) -> tuple[Term, FloatArray]:
    """Fit the correction of one property.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    found : Residuals
        Lab values and the base's answers.
    prior : Prior
        What is known of laboratories.

    Returns
    -------
    term : Term
        With the base's intervals.
    anchors : array, shape (m, d)
        Places of the experiments.
    """
    rows = averages_of(found, prior)
    if method not in ("offset", "local"):
        return Term(), rows.places
    alpha = np.asarray(np.linalg.solve(covariance(method, rows, prior), rows.error), dtype=float)
    offset = float(prior.offset**2 * alpha.sum())
    local = prior.local**2 * alpha if method == "local" else np.zeros(0)
    weights: FloatArray = np.asarray(local, dtype=float)
    return Term(offset, weights), rows.places


def fit_log_odds(found: Residuals, prior: Prior) -> Term:
    """Fit the offset of the log-odds of a pure product, its normal prior around 0 (Newton).

    An experiment counts as one, with the share of its samples that were pure.
    """
    _, which, counts = np.unique(found.group, return_inverse=True, return_counts=True)
    weight = 1.0 / counts[which]
    offset = 0.0
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-(found.point + offset)))
        slope = weight @ (found.truth - p) - offset / prior.offset**2
        step = slope / (weight @ (p * (1.0 - p)) + 1.0 / prior.offset**2)
        offset += float(np.clip(step, -1.0, 1.0))
    return Term(offset)


def left_out(method: str, found: Residuals, prior: Prior) -> FloatArray:
    """Return the shift of each value from a fit without its group, shape (n,).

    From one inverse of the covariance: the error of a group that was left out is the block of the
    inverse that belongs to it, inverted, times its part of the solution (Rasmussen and Williams,
    Gaussian Processes for Machine Learning, MIT Press 2006, section 5.4.2). Which deviations count
    as outlying is judged with all groups.

    Parameters
    ----------
    method, found, prior
        As for `fit_term`.
    """
    if method not in ("offset", "local"):
        return np.zeros(len(found))
    rows = averages_of(found, prior)
    inverse = np.linalg.inv(covariance(method, rows, prior))
    alpha = inverse @ rows.error
    shift = np.empty(len(rows.error))
    for label in np.unique(rows.fold_group):
        test = np.flatnonzero(rows.fold_group == label)
        missed = np.linalg.solve(inverse[np.ix_(test, test)], alpha[test])
        shift[test] = rows.error[test] - missed
    return np.asarray(shift[np.unique(found.group, return_inverse=True)[1]], dtype=float)


def group_means(found: Residuals, values: FloatArray) -> FloatArray:
    """Return the mean of n values over each of m experiments, shape (m,)."""
    _, which, counts = np.unique(found.group, return_inverse=True, return_counts=True)
    return np.bincount(which, values) / counts


def left_out_errors(found: Residuals, prior: Prior) -> dict[str, float]:
    """Return the mean error of each method on experiments that the fit has not seen.

    Empty below `MIN_ROWS` values or three groups, where only the offset is learned.
    """
    if not enough_for_a_choice(found):
        return {}
    return {
        m: float(group_means(found, np.abs(found.error - left_out(m, found, prior))).mean())
        for m in METHODS[1:]
    }


def enough_for_a_choice(found: Residuals) -> bool:
    """Return whether values suffice for anything but an offset."""
    return len(found) >= MIN_ROWS and len(np.unique(found.fold_group)) >= MIN_GROUPS


def widening_of(method: str, found: Residuals, prior: Prior) -> float:
    """Return the factor of the base's 90 % interval that the lab's experiments ask for.

    The conformal quantile of leave-one-out errors over half widths, one score an experiment
    (k-th smallest of m, k = ceil(0.9 (m + 1))); 1 below `MIN_EXPERIMENTS`.
    """
    over = found.exceeds(left_out(method, found, prior))
    scores = np.sort(np.sqrt(group_means(found, over**2)))
    m = len(scores)
    if m < MIN_EXPERIMENTS:
        return 1.0
    k = int(np.ceil(round(_COVERAGE * (m + 1), 9)))
    return float(np.clip(scores[min(k, m) - 1], 0.2, 3.0))


def learn(key: str, found: Residuals, method: str, prior: Prior) -> tuple[Term, FloatArray]:
    """Return the correction of a property with intervals, and its anchors."""
    if key == "purity":
        return (fit_log_odds(found, prior) if method != "none" else Term()), np.zeros((0, 0))
    if method == "none":
        return Term(), fit_term(method, found, prior)[1]
    term, anchors = fit_term(method, found, prior)
    return Term(term.offset, term.weights, widening_of(method, found, prior)), anchors


def as_json(prior: Prior) -> dict[str, Any]:
    """Return a prior as plain numbers."""
    return {name: getattr(prior, name) for name in prior.__dataclass_fields__}
