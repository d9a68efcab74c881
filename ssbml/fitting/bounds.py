"""Conductivities known only as bounds: targets in which a bound acts as one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.fitting.blends import out_of_fold
from ssbml.fitting.records import Records
from ssbml.fitting.settings import BoostingSettings, PropertySettings

_QUICK_TREES = 50


def bounded_targets(
    records: Records,
    folds: NDArray[np.intp],
    settings: PropertySettings,
    rounds: int,
    seed: int,
    n_jobs: int = -1,
) -> FloatArray:
    """Return targets in which bounds act as bounds, by alternating fits of the forest.

    Parameters
    ----------
    records : Records
        Conductivity records.
    folds : array, shape (n,)
        Fold of each record.
    settings : PropertySettings
        Hyper-parameters; the boosting part is left out for speed.
    rounds : int
        Number of alternations.
    seed : int
        Random state.
    n_jobs : int, default -1
        Processes over folds.

    Returns
    -------
    array, shape (n,)
    """
    target = records.target
    if not records.bound.any():
        return target
    quick = replace(
        settings,
        forest=replace(settings.forest, trees=_QUICK_TREES),
        boosting=BoostingSettings(weight=0.0),
    )
    for _ in range(rounds):
        point, _ = out_of_fold(records, folds, quick, seed, target=target, n_jobs=n_jobs)
        target = without_bounds(records, point)
    return target


def without_bounds(records: Records, prediction: FloatArray) -> FloatArray:
    """Return targets in which a bound that the prediction already respects is no error.

    A sample known only to conduct less than b gets the target min(prediction, b), the value that a
    one-sided (hinge) loss would leave it at; values stay as they are.

    Parameters
    ----------
    records : Records
        Records with bounds.
    prediction : array, shape (n,)
        Out-of-fold predictions.
    """
    target = records.target.copy()
    upper, lower = records.bound < 0, records.bound > 0
    target[upper] = np.minimum(target[upper], prediction[upper])
    target[lower] = np.maximum(target[lower], prediction[lower])
    return target
