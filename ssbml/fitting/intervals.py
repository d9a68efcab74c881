"""Out-of-fold points to a model with calibrated intervals."""

from __future__ import annotations

from ssbml.calibration import fit_intervals
from ssbml.chemistry.elements import FloatArray
from ssbml.describe import least_slopes, with_estimate
from ssbml.difficulty import fit_difficulty
from ssbml.estimators.blend import Blend
from ssbml.estimators.tendencies import NO_TENDENCIES, Tendencies
from ssbml.fitting.records import Records
from ssbml.quantities.interval import Interval


def calibrated(
    records: Records,
    point: FloatArray,
    spread: FloatArray,
    describe: FloatArray,
    min_papers: int,
    blend: Blend,
    tendencies: Tendencies = NO_TENDENCIES,
) -> Interval:
    """Return a model of one number, its intervals fitted to out-of-fold errors.

    Parameters
    ----------
    records : Records
        n records.
    point, spread : arrays, shape (n,)
        Out-of-fold predictions, the linear part included, and spread of the trees.
    describe : array, shape (n_samples, k)
        Describers of each sample (`ssbml.describe.describers`).
    min_papers : int
        Fewest papers for interval quantiles of a family's own.
    blend : Blend
        Fitted to all records.
    tendencies : Tendencies, optional
        Linear part of the model; none by default.

    Returns
    -------
    Interval
    """
    described = with_estimate(describe[records.rows], point, spread)
    residual = records.target - point
    difficulty = fit_difficulty(residual, described, least=least_slopes())
    scores = residual / difficulty.predict(described)
    quantiles = fit_intervals(scores, list(records.family), records.group, min_papers)
    return Interval(blend, difficulty, quantiles, tendencies)
