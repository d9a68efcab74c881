"""Fit the activation energy, and bring conductivities to one temperature with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.activation import REFERENCE_C, log10_factor
from ssbml.chemistry.elements import FloatArray
from ssbml.features.base import stacked
from ssbml.features.context import TEMPERATURE_COLUMN, as_total, with_kind
from ssbml.fitting.blends import fit_blend, held_out
from ssbml.fitting.intervals import calibrated
from ssbml.fitting.records import Records, Samples, records_of
from ssbml.fitting.settings import BoostingSettings, ForestSettings, PropertySettings
from ssbml.fitting.temperatures import energy_table
from ssbml.quantities.interval import Interval

ENERGY_SETTINGS = PropertySettings(
    forest=ForestSettings(trees=100, min_samples_leaf=2, max_features=0.4),
    boosting=BoostingSettings(
        loss="fair",
        fair_width=0.1,
        max_bins=255,
        weight=0.6,
        iterations=250,
        learning_rate=0.04,
        max_leaf_nodes=16,
        max_features=0.2,
    ),
    paper_weight=0.3,
)
"""Hyper-parameters of the activation energy."""

_LEFT_OUT = "MagpieData "
"""Statistics over the whole formula: with about a thousand energies they are noise."""

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
    unseen : array, shape (n_samples,)
        Energy of each sample by a model that has not seen its paper, eV.
    records : Records
        What it was fitted to; targets in ln eV.
    point : array, shape (n_records,)
        Out-of-fold predictions of the records, ln eV.
    """

    model: Interval
    of_samples: FloatArray
    unseen: FloatArray
    records: Records
    point: FloatArray


def energy_records(samples: Samples) -> Records:
    """Return one record for each activation energy (`energy_table`), targets in ln eV."""
    found = energy_table(samples.table)
    at = found["row"].to_numpy(dtype=np.intp)
    matrix = with_kind(samples.matrix.take(at), found["kind"].tolist())
    energies = found["energy_ev"].to_numpy(dtype=float)
    return records_of(samples, at, matrix, np.log(energies), None)


def fit_energy(
    samples: Samples,
    folds: NDArray[np.intp],
    describe: FloatArray,
    *,
    settings: PropertySettings = ENERGY_SETTINGS,
    seed: int = 0,
    min_papers: int = 30,
    names: tuple[str, ...] | None = None,
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
    n_jobs : int, default -1
        Processes over folds and threads of the forest; the result does not depend on it.

    Returns
    -------
    EnergyFit
    """
    records = energy_records(samples)
    at = folds[records.rows]
    chosen = tuple(n for n in (names or records.matrix.names) if _belongs(n))
    asked = stacked(records.matrix, as_total(samples.matrix))
    point, spread = held_out(
        records, at, asked, np.concatenate([at, folds]), settings, seed, chosen, n_jobs=n_jobs
    )
    n = len(records)
    unseen = np.exp(point[n:])
    of_samples = unseen.copy()
    of_samples[records.rows] = np.exp(records.target)
    point, spread = point[:n], spread[:n]
    blend = fit_blend(records, settings, seed, chosen, n_jobs=n_jobs)
    model = calibrated(records, point, spread, describe, min_papers, blend)
    return EnergyFit(model, of_samples, unseen, records, point)


def _belongs(name: str) -> bool:
    """Tell whether the activation energy may depend on a feature."""
    return name != TEMPERATURE_COLUMN and not name.startswith(_LEFT_OUT)


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
