"""Records to a fitted blend, and out-of-fold predictions of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError
from ssbml.estimators.blend import Blend
from ssbml.estimators.exported import boosting_arrays, forest_arrays
from ssbml.estimators.trees import TreeEnsemble
from ssbml.features.base import FeatureMatrix
from ssbml.features.tendencies import PREFIX
from ssbml.fitting.records import Records
from ssbml.fitting.settings import PropertySettings

_MIN_DISTINCT = 5
_PARALLEL_FROM = 600
_OBJECTIVES = {
    "squared_error": "regression",
    "absolute_error": "regression_l1",
    "huber": "huber",
    "fair": "fair",
}
_HUBER_WIDTH = 0.3

Progress = Callable[[str], None]
"""Called with a short text when a step is done."""


def usable_features(records: Records, names: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the features that trees may use: five known cells, two values (blank counts).

    Terms of the linear part are left out.

    Parameters
    ----------
    records : Records
        Training records.
    names : tuple of str, optional
        Features to choose from; all by default. Those that the records lack are passed over.
    """
    wanted = records.matrix.names if names is None else names
    present = {name for name in records.matrix.names if not name.startswith(PREFIX)}
    chosen = tuple(name for name in wanted if name in present)
    cells = records.matrix.select(chosen)
    known = ~np.isnan(cells)
    enough = known.sum(axis=0) >= _MIN_DISTINCT
    varies = ~known.all(axis=0) | _known_to_vary(cells)
    return tuple(n for n, keep in zip(chosen, enough & varies, strict=True) if keep)


def fit_blend(
    records: Records,
    settings: PropertySettings,
    seed: int,
    names: tuple[str, ...] | None = None,
    target: FloatArray | None = None,
    n_jobs: int = -1,
) -> Blend:
    """Fit extra-trees and gradient boosting on the same features.

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
    n_jobs : int, default -1
        Threads of the forest; the result does not depend on it.

    Returns
    -------
    Blend
    """
    from sklearn.ensemble import ExtraTreesRegressor

    features = usable_features(records, _allowed(settings, names))
    X = records.matrix.select(features)
    y = records.target if target is None else target
    w = record_weights(records, settings)
    members, weights = [], []
    if settings.forest.trees > 0:
        forest = ExtraTreesRegressor(
            n_estimators=settings.forest.trees,
            min_samples_leaf=settings.forest.min_samples_leaf,
            max_features=settings.forest.max_features,
            random_state=seed,
            n_jobs=n_jobs,
        ).fit(X, y, sample_weight=w)
        members.append(forest_arrays(forest))
        weights.append(1.0 - settings.boosting.weight)
    if settings.boosting.weight > 0:
        members.append(_boosted(X, y, w, features, settings, seed))
        weights.append(settings.boosting.weight)
    return Blend(features, tuple(members), tuple(weights))


def record_weights(records: Records, settings: PropertySettings) -> FloatArray:
    """Return training weights: confidence, placeholders, papers, known firing temperature."""
    weight: FloatArray = records.weight * np.where(
        records.placeholder, settings.placeholder_weight, 1.0
    )
    if settings.paper_weight > 0.0:
        _, paper, size = np.unique(
            records.group.astype(str), return_inverse=True, return_counts=True
        )
        weight = weight / (1.0 + settings.paper_weight * (size[paper] - 1.0))
    if settings.fired_weight == 1.0:
        return weight
    fired = ~np.isnan(records.matrix.select(("sintering_temp_c",))[:, 0])
    return weight * np.where(fired, settings.fired_weight, 1.0)


def _allowed(settings: PropertySettings, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if not settings.features:
        return names
    if names is None:
        return settings.features
    chosen = set(names)
    return tuple(name for name in settings.features if name in chosen)


def _boosted(
    X: FloatArray,
    y: FloatArray,
    w: FloatArray,
    features: tuple[str, ...],
    settings: PropertySettings,
    seed: int,
) -> TreeEnsemble:
    """Fit the boosting part on one thread: on a busy machine several wait for each other."""
    chosen = settings.boosting
    boosting = _regressor_class()(
        objective=_OBJECTIVES[chosen.loss],
        alpha=_HUBER_WIDTH,
        fair_c=chosen.fair_width,
        n_estimators=chosen.iterations,
        learning_rate=chosen.learning_rate,
        num_leaves=chosen.max_leaf_nodes,
        min_child_samples=chosen.min_samples_leaf,
        reg_lambda=chosen.l2_regularization,
        colsample_bytree=chosen.max_features,
        subsample=chosen.row_share,
        subsample_freq=1,
        max_bin=chosen.max_bins,
        monotone_constraints=[settings.monotone.get(name, 0) for name in features],
        deterministic=True,
        force_row_wise=True,
        random_state=seed,
        n_jobs=1,
        verbose=-1,
    )
    return boosting_arrays(boosting.fit(X, y, sample_weight=w))


def _regressor_class() -> Any:
    try:
        from lightgbm import LGBMRegressor
    except OSError as error:
        raise ModelError(
            f"training needs the OpenMP runtime ({error}); install it (Debian: libgomp1, macOS: "
            "libomp) and try again; predictions work without"
        ) from None
    return LGBMRegressor


def _known_to_vary(X: FloatArray) -> NDArray[np.bool_]:
    """Mark columns with at least two distinct known values."""
    known = ~np.isnan(X)
    low = np.where(known, X, np.inf).min(axis=0)
    high = np.where(known, X, -np.inf).max(axis=0)
    return np.asarray(low < high, dtype=bool)


def out_of_fold(
    records: Records,
    folds: NDArray[np.intp],
    settings: PropertySettings,
    seed: int,
    names: tuple[str, ...] | None = None,
    target: FloatArray | None = None,
    progress: Progress | None = None,
    n_jobs: int = -1,
) -> tuple[FloatArray, FloatArray]:
    """Return predictions for each record from models that have not seen its paper.

    Parameters
    ----------
    records : Records
        All records.
    folds : array, shape (n,)
        Fold of each record, whole papers together.
    settings, seed, names, target, progress, n_jobs
        As in `held_out`.

    Returns
    -------
    prediction, spread : arrays, shape (n,)
    """
    return held_out(
        records, folds, records.matrix, folds, settings, seed, names, target, progress, n_jobs
    )


def held_out(
    records: Records,
    folds: NDArray[np.intp],
    asked: FeatureMatrix,
    asked_folds: NDArray[np.intp],
    settings: PropertySettings,
    seed: int,
    names: tuple[str, ...] | None = None,
    target: FloatArray | None = None,
    progress: Progress | None = None,
    n_jobs: int = -1,
) -> tuple[FloatArray, FloatArray]:
    """Return predictions for any recipes from models fitted to the records of other folds.

    Parameters
    ----------
    records : Records
        What is learned from, n records.
    folds : array, shape (n,)
        Fold of each record, whole papers together.
    asked : FeatureMatrix
        What is predicted, m recipes.
    asked_folds : array, shape (m,)
        Fold of each recipe.
    settings, seed, names, target
        As in `fit_blend`.
    progress : callable, optional
        Called after each fold.
    n_jobs : int, default -1
        Processes over folds; 1 stays in this one. The result does not depend on it.

    Returns
    -------
    prediction, spread : arrays, shape (m,)
    """
    from joblib import Parallel, delayed

    def one(fold: int) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
        seen = folds != fold
        part = None if target is None else target[seen]
        blend = fit_blend(records.take(seen), settings, seed, names, part, n_jobs=1)
        rows = np.flatnonzero(asked_folds == fold)
        return rows, *blend.predict_with_spread(asked.take(rows))

    prediction, spread = np.empty(len(asked)), np.empty(len(asked))
    workers = n_jobs if len(records) >= _PARALLEL_FROM else 1
    tasks = (delayed(one)(fold) for fold in np.unique(asked_folds))
    done = Parallel(n_jobs=workers, return_as="generator")(tasks)
    for step, (rows, point, deviation) in enumerate(done, start=1):
        prediction[rows], spread[rows] = point, deviation
        if progress is not None:
            progress(f"fold {step}")
    return prediction, spread
