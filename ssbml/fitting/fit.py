"""Fit a predictor: points, difficulties, intervals, probabilities, domain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.describe import count_missing, describers
from ssbml.estimators.known import KnownShift, fit_known_shift
from ssbml.estimators.phases import PhaseModel, phase_shares
from ssbml.estimators.tendencies import fit_tendencies
from ssbml.features.context import TEMPERATURE_COLUMN
from ssbml.features.tendencies import PREFIX
from ssbml.fitting.blends import (
    Progress,
    fit_blend,
    out_of_fold,
    record_weights,
)
from ssbml.fitting.bounds import bounded_targets
from ssbml.fitting.domains import domains
from ssbml.fitting.energy import at_reference, fit_energy
from ssbml.fitting.intervals import calibrated
from ssbml.fitting.records import (
    Records,
    Samples,
    conductivity_records,
    density_records,
    phase_records,
    purity_records,
    samples_of,
)
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor
from ssbml.probability import fit_probability
from ssbml.quantities.interval import Interval
from ssbml.quantities.purity import Purity
from ssbml.splits import group_folds
from ssbml.targets import DENSITY

if TYPE_CHECKING:
    import pandas as pd

_MIN_FAMILY = 3
_LEAST_STEEPNESS = 0.05


@dataclass(frozen=True, slots=True)
class _Context:
    """What all properties of a training run share."""

    samples: Samples
    settings: Settings
    folds: NDArray[np.intp]
    describe: FloatArray
    names: tuple[str, ...] | None
    progress: Progress
    n_jobs: int


def fit(
    table: pd.DataFrame,
    settings: Settings,
    *,
    names: tuple[str, ...] | None = None,
    progress: Progress | None = None,
    n_jobs: int = -1,
) -> Predictor:
    """Fit a predictor to a training table.

    Parameters
    ----------
    table : DataFrame
        Samples with the columns of `ssbml.fields.FIELDS`, ``cv_group`` filled.
    settings : Settings
        Hyper-parameters, seed and folds.
    names : tuple of str, optional
        Features to use; all by default (ablations leave some out).
    progress : callable, optional
        Called with a short text after each step.
    n_jobs : int, default -1
        Processes and threads; the result does not depend on it.

    Returns
    -------
    Predictor
        With an empty manifest and card.
    """
    tell: Progress = progress or (lambda _: None)
    samples = samples_of(table)
    groups = samples.table["cv_group"].to_numpy(dtype=object)
    folds = group_folds(groups, settings.folds, settings.seed)
    domain, distance = domains(samples, folds)
    describe = describers(list(samples.family), distance, count_missing(samples.table))
    context = _Context(samples, settings, folds, describe, names, tell, n_jobs)
    density, density_oof = _fit_density(context)
    tell("relative density")
    purity = _fit_purity(context)
    tell("phase purity")
    phases = _fit_phases(context)
    tell("main phase")
    energy = fit_energy(
        samples,
        folds,
        describe,
        seed=settings.seed,
        min_papers=settings.min_papers,
        names=names,
        n_jobs=n_jobs,
    )
    tell("activation energy")
    conductivity, known = _fit_conductivity(context, density_oof, energy.of_samples)
    tell("conductivity")
    return Predictor(conductivity, density, purity, phases, known, domain, {}, energy=energy.model)


def _expected(context: _Context, prior: dict[str, float]) -> dict[str, float]:
    """Return the terms that the features to be used leave in."""
    if context.names is None:
        return prior
    return {name: slope for name, slope in prior.items() if PREFIX + name in context.names}


def _fit_density(context: _Context) -> tuple[Interval, FloatArray]:
    """Fit density; also return the out-of-fold density of each sample (NaN where unmeasured).

    The linear part explains what it can of the distance from the family median; trees the rest.
    """
    records = density_records(context.samples)
    settings, seed = context.settings.density, context.settings.seed
    tendencies = fit_tendencies(
        _expected(context, settings.tendencies),
        records.matrix,
        records.target - _family_medians(records),
        record_weights(records, settings),
        records.group,
    )
    shift = tendencies.shift(records.matrix)
    rest = records.target - shift
    point, spread = out_of_fold(
        records,
        context.folds[records.rows],
        settings,
        seed,
        context.names,
        rest,
        n_jobs=context.n_jobs,
    )
    point = point + shift
    blend = fit_blend(records, settings, seed, context.names, rest, context.n_jobs)
    by_sample = np.full(len(context.samples.table), np.nan)
    by_sample[records.rows] = DENSITY.inverse(point)
    return calibrated(
        records, point, spread, context.describe, context.settings.min_papers, blend, tendencies
    ), by_sample


def _family_medians(records: Records) -> FloatArray:
    labels = np.array(records.family)
    medians = np.full(len(records), float(np.median(records.target)))
    for family in set(records.family):
        rows = labels == family
        if rows.sum() >= _MIN_FAMILY:
            medians[rows] = np.median(records.target[rows])
    return medians


def _fit_purity(context: _Context) -> Purity:
    """Fit purity; the linear part shifts the calibrated log-odds (one step of Newton)."""
    records = purity_records(context.samples)
    settings, seed = context.settings.purity, context.settings.seed
    score, _ = out_of_fold(
        records, context.folds[records.rows], settings, seed, context.names, n_jobs=context.n_jobs
    )
    weight = record_weights(records, settings)
    calibrator = fit_probability(score, records.target, weight, records.group, seed)
    p = calibrator.probability(score, DEFAULT_COVERAGE)[0]
    steepness = np.maximum(p * (1.0 - p), _LEAST_STEEPNESS)
    tendencies = fit_tendencies(
        _expected(context, settings.tendencies),
        records.matrix,
        (records.target - p) / steepness,
        weight * steepness,
        records.group,
    )
    blend = fit_blend(records, settings, seed, context.names, n_jobs=context.n_jobs)
    return Purity(blend, calibrator, tendencies)


def _fit_phases(context: _Context) -> PhaseModel:
    records, names = phase_records(context.samples)
    settings, seed = context.settings.phase, context.settings.seed
    blends = tuple(
        fit_blend(
            records,
            settings,
            seed,
            context.names,
            (records.target == i).astype(float),
            context.n_jobs,
        )
        for i in range(len(names))
    )
    return PhaseModel(names, blends, phase_shares(records.family, records.target, len(names)))


def _fit_conductivity(
    context: _Context, density_oof: FloatArray, energies: FloatArray
) -> tuple[Interval, KnownShift]:
    """Fit conductivity at 25 °C, to which every value is brought by its activation energy."""
    records = conductivity_records(context.samples)
    celsius = context.samples.table["temperature_c"].to_numpy(dtype=float)
    at_25, cool = at_reference(records, celsius, energies)
    records = replace(records, target=at_25).take(cool)
    chosen = context.names or records.matrix.names
    names = tuple(name for name in chosen if name != TEMPERATURE_COLUMN)
    settings, seed = context.settings.conductivity, context.settings.seed
    folds = context.folds[records.rows]
    target = bounded_targets(
        records, folds, settings, context.settings.bound_rounds, seed, context.n_jobs
    )
    point, spread = out_of_fold(
        records, folds, settings, seed, names, target, context.progress, context.n_jobs
    )
    blend = fit_blend(records, settings, seed, names, target, context.n_jobs)
    scored = (records.bound == 0) & ~records.placeholder
    kept = records.take(scored)
    tendencies = fit_tendencies(
        _expected(context, settings.tendencies),
        kept.matrix,
        kept.target - point[scored],
        kept.weight,
        kept.group,
    )
    point = point[scored] + tendencies.shift(kept.matrix)
    residual = kept.target - point
    table = context.samples.table
    measured = table["relative_density_pct"].to_numpy(dtype=float)[kept.rows]
    phases = table["phase_main"].tolist()
    known = fit_known_shift(
        residual,
        kept.family,
        measured - density_oof[kept.rows],
        [phases[i] if isinstance(phases[i], str) else None for i in kept.rows],
        kept.weight,
    )
    return calibrated(
        kept,
        point,
        spread[scored],
        context.describe,
        context.settings.min_papers,
        blend,
        tendencies,
    ), known
