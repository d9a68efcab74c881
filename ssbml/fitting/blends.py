"""Records to a fitted blend, and out-of-fold predictions of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.blend import Blend
from ssbml.estimators.trees import boosting_arrays, forest_arrays
from ssbml.fitting.records import Records
from ssbml.fitting.settings import PropertySettings

_MIN_DISTINCT = 5

Progress = Callable[[str], None]
"""Called with a short text when a step is done."""


def usable_features(records: Records, names: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the features that vary: at least five known cells and two values (blank counts).

    Parameters
    ----------
    records : Records
        Training records.
    names : tuple of str, optional
        Features to choose from; all by default.
    """
    chosen = []
    for name in names or records.matrix.names:
        cells = records.matrix.select((name,))[:, 0]
        known = cells[~np.isnan(cells)]
        if len(known) < _MIN_DISTINCT:
            continue
        if len(known) < len(cells) or known.min() < known.max():
            chosen.append(name)
    return tuple(chosen)


def fit_blend(
    records: Records,
    settings: PropertySettings,
    seed: int,
    names: tuple[str, ...] | None = None,
    target: FloatArray | None = None,
) -> Blend:
    """Fit extra-trees and histogram boosting on the same features.

    Parameters
    ----------
    records : Records
        Training records.
    settings : PropertySettings
        Hyper-parameters.
    seed : int
        Random state.
    names : tuple of str, optional
        Features to choose from; all by default.
    target : array, shape (n,), optional
        Replaces the targets of the records.

    Returns
    -------
    Blend
    """
    from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor

    features = usable_features(records, names)
    X = records.matrix.select(features)
    y = records.target if target is None else target
    w = records.weight * np.where(records.placeholder, settings.placeholder_weight, 1.0)
    forest = ExtraTreesRegressor(
        n_estimators=settings.forest.trees,
        min_samples_leaf=settings.forest.min_samples_leaf,
        max_features=settings.forest.max_features,
        random_state=seed,
        n_jobs=-1,
    ).fit(X, y, sample_weight=w)
    members, weights = [forest_arrays(forest)], [1.0 - settings.boosting.weight]
    if settings.boosting.weight > 0:
        varying = _known_to_vary(X)
        boosting = HistGradientBoostingRegressor(
            max_iter=settings.boosting.iterations,
            learning_rate=settings.boosting.learning_rate,
            max_leaf_nodes=settings.boosting.max_leaf_nodes,
            min_samples_leaf=settings.boosting.min_samples_leaf,
            l2_regularization=settings.boosting.l2_regularization,
            max_features=settings.boosting.max_features,
            early_stopping=False,
            random_state=seed,
        ).fit(np.where(varying, X, 0.0), y, sample_weight=w)
        members.append(boosting_arrays(boosting))
        weights.append(settings.boosting.weight)
    return Blend(features, tuple(members), tuple(weights))


def _known_to_vary(X: FloatArray) -> NDArray[np.bool_]:
    """Mark columns with at least two distinct known values; binning fails on the others."""
    return np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in X.T], dtype=bool)


def out_of_fold(
    records: Records,
    folds: NDArray[np.intp],
    settings: PropertySettings,
    seed: int,
    names: tuple[str, ...] | None = None,
    target: FloatArray | None = None,
    progress: Progress | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return predictions for each record from models that have not seen its paper.

    Parameters
    ----------
    records : Records
        All records.
    folds : array, shape (n,)
        Fold of each record, whole papers together.
    settings, seed, names, target
        As in `fit_blend`.
    progress : callable, optional
        Called after each fold.

    Returns
    -------
    prediction, spread : arrays, shape (n,)
    """
    prediction, spread = np.empty(len(records)), np.empty(len(records))
    for fold in np.unique(folds):
        test = folds == fold
        blend = fit_blend(
            records.take(~test),
            settings,
            seed,
            names,
            None if target is None else target[~test],
        )
        prediction[test], spread[test] = blend.predict_with_spread(records.take(test).matrix)
        if progress is not None:
            progress(f"fold {int(fold) + 1}")
    return prediction, spread


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
