"""Fit the activation energy, and bring conductivities to one temperature with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.activation import REFERENCE_C, log10_factor
from ssbml.chemistry.elements import FloatArray
from ssbml.features.context import TEMPERATURE_COLUMN, as_total, with_kind
from ssbml.fitting.blends import Progress, fit_blend
from ssbml.fitting.intervals import calibrated
from ssbml.fitting.records import CONFIDENCE_WEIGHT, Records, Samples
from ssbml.fitting.settings import BoostingSettings, ForestSettings, PropertySettings
from ssbml.fitting.temperatures import energy_table
from ssbml.quantities.interval import Interval

ENERGY_SETTINGS = PropertySettings(
    forest=ForestSettings(trees=100, min_samples_leaf=2, max_features=0.4),
    boosting=BoostingSettings(
        loss="huber",
        max_bins=255,
        weight=0.6,
        iterations=250,
        learning_rate=0.04,
        max_leaf_nodes=16,
    ),
)
"""Hyper-parameters of the activation energy."""

HOTTEST_C = 150.0
"""Conductivities measured above are not brought to 25 °C: a straight line does not reach so far."""


@dataclass(frozen=True, slots=True)
class EnergyFit:
    """A fitted activation energy.

    Attributes
    ----------
    model : Interval
        Predicts ln of the energy in eV, basis ln(sigma T).
    of_samples : array, shape (n_samples,)
        Energy of each sample, eV: its own where it has one, else predicted by a model that has not
        seen its paper.
    records : Records
        What it was fitted to; targets in ln eV.
    point : array, shape (n_records,)
        Out-of-fold predictions of the records, ln eV.
    """

    model: Interval
    of_samples: FloatArray
    records: Records
    point: FloatArray


def energy_records(samples: Samples) -> Records:
    """Return one record for each activation energy (`energy_table`), targets in ln eV."""
    found = energy_table(samples.table)
    at = found["row"].to_numpy(dtype=np.intp)
    table = samples.table
    confidence = table["confidence"].tolist()
    return Records(
        rows=at,
        matrix=with_kind(samples.matrix.take(at), found["kind"].tolist()),
        target=np.log(found["energy_ev"].to_numpy(dtype=float)),
        bound=np.zeros(len(at), dtype=np.int8),
        weight=np.array([CONFIDENCE_WEIGHT.get(confidence[i], 0.8) for i in at]),
        group=table["cv_group"].to_numpy(dtype=object)[at],
        family=tuple(samples.family[i] for i in at),
        placeholder=(table["formula_basis"] == "placeholder").to_numpy()[at],
    )


def fit_energy(
    samples: Samples,
    folds: NDArray[np.intp],
    describe: FloatArray,
    *,
    settings: PropertySettings = ENERGY_SETTINGS,
    seed: int = 0,
    min_papers: int = 30,
    names: tuple[str, ...] | None = None,
    progress: Progress | None = None,
    n_jobs: int = -1,
) -> EnergyFit:
    """Fit the activation energy to all samples that have one.

    Parameters
    ----------
    samples : Samples
        Training table with features, n samples.
    folds : array, shape (n,)
        Fold of each sample, whole papers together.
    describe : array, shape (n, k)
        Describers of each sample (`ssbml.describe.describers`).
    settings : PropertySettings
        Hyper-parameters.
    seed : int, default 0
        Random state.
    min_papers : int, default 30
        Fewest papers for interval quantiles of a family's own.
    names : tuple of str, optional
        Features to choose from; all by default.
    progress : callable, optional
        Called after each fold.
    n_jobs : int, default -1
        Threads of the forest; the result does not depend on it.

    Returns
    -------
    EnergyFit
    """
    records = energy_records(samples)
    at = folds[records.rows]
    chosen = tuple(n for n in (names or records.matrix.names) if n != TEMPERATURE_COLUMN)
    point, spread = np.empty(len(records)), np.empty(len(records))
    of_samples = np.empty(len(samples.table))
    asked = as_total(samples.matrix)
    for fold in np.unique(folds):
        test = at == fold
        blend = fit_blend(records.take(~test), settings, seed, chosen, n_jobs=n_jobs)
        point[test], spread[test] = blend.predict_with_spread(records.take(test).matrix)
        rows = np.flatnonzero(folds == fold)
        of_samples[rows] = blend.predict(asked.take(rows))
        if progress is not None:
            progress(f"fold {fold + 1}")
    of_samples[records.rows] = records.target
    blend = fit_blend(records, settings, seed, chosen, n_jobs=n_jobs)
    model = calibrated(records, point, spread, describe, min_papers, blend)
    return EnergyFit(model, np.exp(of_samples), records, point)


def at_reference(
    records: Records, celsius: FloatArray, of_samples: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return conductivity targets brought to 25 °C, and which records are cool enough for that.

    Parameters
    ----------
    records : Records
        Conductivity records, targets in log10 S/cm.
    celsius : array, shape (n_samples,)
        Temperature of measurement; NaN counts as 25 °C.
    of_samples : array, shape (n_samples,)
        Activation energies (`EnergyFit.of_samples`), eV.

    Returns
    -------
    target : array, shape (n,)
        log10 S/cm at 25 °C.
    usable : bool array, shape (n,)
        Whether the measurement was made at `HOTTEST_C` or below.
    """
    measured = np.nan_to_num(celsius, nan=REFERENCE_C)[records.rows]
    target = records.target - log10_factor(of_samples[records.rows], measured)
    return target, measured <= HOTTEST_C
