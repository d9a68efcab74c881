"""Nested cross-validation: every figure comes from papers that nothing in the fit has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.describe import count_missing, describers
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import STAGE_COLUMN
from ssbml.features.process import making_names
from ssbml.fitting.blends import out_of_fold
from ssbml.fitting.bounds import bounded_targets
from ssbml.fitting.fit import fit
from ssbml.fitting.records import (
    Records,
    Samples,
    conductivity_records,
    density_records,
    purity_records,
    samples_of,
)
from ssbml.fitting.settings import PropertySettings, Settings
from ssbml.predictor import Predictor
from ssbml.splits import group_folds
from ssbml.targets import DENSITY

if TYPE_CHECKING:
    import pandas as pd

COVERAGES = (0.9, 0.5)
"""Coverages whose intervals are checked."""

_INNER_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Scored:
    """Held-out predictions of one property.

    Attributes
    ----------
    records : Records
        What was predicted.
    truth, prediction : arrays, shape (n,)
        log10 S/cm; relative density in %; purity as 0 or 1 and probability.
    intervals : dict of float to (array, array)
        Lower and upper ends by coverage.
    baselines : dict of str to array
        Predictions of the baselines on the same rows.
    distance : array, shape (n,)
        Domain distance.
    """

    records: Records
    truth: FloatArray
    prediction: FloatArray
    intervals: dict[float, tuple[FloatArray, FloatArray]]
    baselines: dict[str, FloatArray]
    distance: FloatArray


def outer_folds(groups: NDArray[np.object_], settings: Settings, n_folds: int) -> NDArray[np.intp]:
    """Return the outer fold of each row, the same for everything that is compared.

    Parameters
    ----------
    groups : array of str, shape (n,)
        ``cv_group`` of each row.
    settings : Settings
        Gives the seed; the inner folds use another one.
    n_folds : int
        Outer folds.
    """
    return group_folds(groups, n_folds, settings.seed + 1)


def nested_scores(
    table: pd.DataFrame,
    settings: Settings,
    n_folds: int,
    progress: Callable[[str], None] | None = None,
    n_jobs: int = -1,
) -> dict[str, Scored]:
    """Predict every sample by a model that has seen neither its paper nor a copy of it.

    The outer folds take no part in fitting, calibration or the choice of anything; inside, the
    whole fit with its own folds is repeated.

    Parameters
    ----------
    table : DataFrame
        Training table with ``cv_group``.
    settings : Settings
        As for `ssbml.fitting.fit.fit`.
    n_folds : int
        Outer folds.
    progress : callable, optional
        Called with a short text after each step; ``n_folds + 3`` times.
    n_jobs : int, default -1
        Processes over the outer folds; the result does not depend on it.

    Returns
    -------
    dict of str to Scored
        ``conductivity_s_cm``, ``relative_density_pct``, ``phase_purity``.
    """
    from joblib import Parallel, delayed

    tell = progress or (lambda _: None)
    samples = samples_of(table)
    groups = samples.table["cv_group"].to_numpy(dtype=object)
    folds = outer_folds(groups, settings, n_folds)
    all_records = {
        "conductivity_s_cm": conductivity_records(samples),
        "relative_density_pct": density_records(samples),
        "phase_purity": purity_records(samples),
    }
    inner = replace(settings, folds=min(_INNER_FOLDS, settings.folds))

    def held_out(fold: int) -> dict[str, _Part]:
        test = folds == fold
        predictor = fit(samples.table.loc[~test], inner, n_jobs=1)
        return {
            name: _score(name, predictor, samples, records.take(test[records.rows]))
            for name, records in all_records.items()
        }

    parts: dict[str, list[_Part]] = {name: [] for name in all_records}
    tasks = (delayed(held_out)(fold) for fold in range(n_folds))
    for step, scored in enumerate(Parallel(n_jobs=n_jobs, return_as="generator")(tasks), start=1):
        for name, part in scored.items():
            parts[name].append(part)
        tell(f"papers {step} of {n_folds}")
    out: dict[str, Scored] = {}
    for name, records in all_records.items():
        order = np.concatenate([np.flatnonzero(folds[records.rows] == f) for f in range(n_folds)])
        joined = _join(records.take(order), parts[name])
        out[name] = _with_baselines(name, joined, folds[joined.records.rows], settings)
        tell(f"baselines of {name}")
    return out


@dataclass(frozen=True, slots=True)
class _Part:
    point: FloatArray
    intervals: dict[float, tuple[FloatArray, FloatArray]]
    distance: FloatArray


def _score(name: str, predictor: Predictor, samples: Samples, records: Records) -> _Part:
    families = list(records.family)
    rows = samples.table.iloc[records.rows]
    distance = predictor.domain.distance(records.matrix, families)
    describe = describers(families, distance, count_missing(rows))
    intervals: dict[float, tuple[FloatArray, FloatArray]] = {}
    if name == "phase_purity":
        matrix = _product_stage(records.matrix)
        for coverage in COVERAGES:
            point, low, high = predictor.purity.probability(matrix, coverage)
            intervals[coverage] = low, high
        return _Part(point, intervals, distance)
    sigma = name == "conductivity_s_cm"
    predict = predictor.log10_conductivity if sigma else predictor.density.predict
    for coverage in COVERAGES:
        point, low, high, _ = predict(records.matrix, families, describe, coverage)
        if name == "relative_density_pct":
            point, low, high = (
                np.clip(DENSITY.inverse(v), DENSITY.low, DENSITY.high) for v in (point, low, high)
            )
        intervals[coverage] = low, high
    return _Part(point, intervals, distance)


def _product_stage(matrix: FeatureMatrix) -> FeatureMatrix:
    """Score purity as a user asks for it: where the stage is not stated, the product is meant."""
    stage = matrix.select((STAGE_COLUMN,))[:, 0]
    if not np.isnan(stage).any():
        return matrix
    values = matrix.values.copy()
    values[np.isnan(stage), matrix.names.index(STAGE_COLUMN)] = 0.0
    return FeatureMatrix(matrix.names, values)


def _join(records: Records, parts: list[_Part]) -> Scored:
    return Scored(
        records,
        records.target,
        np.concatenate([p.point for p in parts]),
        {
            c: (
                np.concatenate([p.intervals[c][0] for p in parts]),
                np.concatenate([p.intervals[c][1] for p in parts]),
            )
            for c in COVERAGES
        },
        {},
        np.concatenate([p.distance for p in parts]),
    )


def _with_baselines(
    name: str, scored: Scored, folds: NDArray[np.intp], settings: Settings
) -> Scored:
    """Add global median, family median, and the same model without processing columns."""
    records = scored.records
    chosen: dict[str, PropertySettings] = {
        "conductivity_s_cm": settings.conductivity,
        "relative_density_pct": settings.density,
        "phase_purity": settings.purity,
    }
    making = set(making_names())
    names = tuple(n for n in records.matrix.names if n not in making)
    target = (
        bounded_targets(records, folds, chosen[name], settings.bound_rounds, settings.seed)
        if name == "conductivity_s_cm"
        else records.target
    )
    bare, _ = out_of_fold(records, folds, chosen[name], settings.seed, names, target)
    truth: FloatArray = records.target
    if name == "relative_density_pct":
        bare, truth = DENSITY.inverse(bare), DENSITY.inverse(truth)
    centre: Callable[[Any], Any] = np.mean if name == "phase_purity" else np.median
    overall, by_family = np.empty(len(truth)), np.empty(len(truth))
    labels = np.array(records.family)
    for fold in np.unique(folds):
        test = folds == fold
        overall[test] = centre(truth[~test])
        for family in set(labels[test].tolist()):
            seen = truth[~test & (labels == family)]
            by_family[test & (labels == family)] = (
                centre(seen) if len(seen) >= 3 else centre(truth[~test])
            )
    return replace(
        scored,
        truth=truth,
        baselines={
            "without processing": bare,
            "family median": by_family,
            "global median": overall,
        },
    )
