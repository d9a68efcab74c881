"""Lab rows beside what the base model says of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.correction import centre_of, embed
from ssbml.describe import count_missing, describers, firing_excess
from ssbml.domain import FRACTIONS
from ssbml.features.context import STAGE_COLUMN
from ssbml.fitting.records import (
    Records,
    Samples,
    conductivity_records,
    density_records,
    purity_records,
)
from ssbml.predictor import Predictor

if TYPE_CHECKING:
    import pandas as pd

EXTREME_COVERAGE = 0.99
"""Coverage of the interval beyond which a row is suspicious."""

_DIGITS = 3
_FIRING = (
    "form", "route", "calcination_temp_c", "calcination_time_h", "sintering_method",
    "sintering_temp_c", "sintering_time_h", "atmosphere", "pressure_mpa", "li_excess_pct",
    "additive", "additive_wt_pct", "additive_mol_pct",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Residuals:
    """Measured values of one property and the base's answers, in model units.

    Attributes
    ----------
    rows : array, shape (n,)
        Position of each value in the table.
    truth, point : arrays, shape (n,)
        log10 S/cm, transformed density; purity as 0 or 1 and log-odds.
    low, high : arrays, shape (n,)
        Ends of the base's 90 % interval.
    least, most : arrays, shape (n,)
        Ends of the base's 99 % interval.
    places : array, shape (n, d)
        From `ssbml.correction.embed`.
    group : int array, shape (n,)
        What is one experiment: composition made one way, however often measured.
    fold_group : int array, shape (n,)
        What is held out together: batches, else the experiments.
    value : int array, shape (n,)
        Position of each value among all of the property.
    """

    rows: NDArray[np.intp]
    truth: FloatArray
    point: FloatArray
    low: FloatArray
    high: FloatArray
    least: FloatArray
    most: FloatArray
    places: FloatArray
    group: NDArray[np.intp]
    fold_group: NDArray[np.intp]
    value: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def error(self) -> FloatArray:
        """Measured minus predicted, shape (n,)."""
        return self.truth - self.point

    def take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Residuals:
        """Return the values of a mask or of positions."""
        return Residuals(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))

    def exceeds(self, shift: FloatArray | float, factor: float = 1.0) -> FloatArray:
        """Return the error after a shift, over the half width of the 90 % interval on its side.

        Parameters
        ----------
        shift : array, shape (n,), or float
            Added to the base's answer.
        factor : float, default 1
            Widening of the interval.
        """
        error = self.error - shift
        half = np.where(error > 0, self.high - self.point, self.point - self.low)
        return np.asarray(np.abs(error) / np.maximum(factor * half, 1e-9), dtype=float)


def joined(parts: Sequence[Residuals]) -> Residuals:
    """Return values that were taken apart, in their own order again."""
    names = Residuals.__dataclass_fields__
    together = Residuals(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))
    return together.take(np.argsort(together.value))


def experiments(table: pd.DataFrame, compositions: FloatArray) -> NDArray[np.intp]:
    """Return the experiment of each row: a rounded composition and its firing conditions.

    Replicates and repeated measurements of one pellet are one experiment.

    Parameters
    ----------
    table : DataFrame
        Lab rows.
    compositions : array, shape (n, n_elements)
        Atomic fractions.
    """
    cells = [table[name].astype(object).where(table[name].notna(), "").tolist() for name in _FIRING]
    rounded = np.round(np.nan_to_num(compositions), _DIGITS)
    keys = [
        (*rounded[i].tolist(), *(str(column[i]) for column in cells)) for i in range(len(table))
    ]
    return _codes(keys)


def holdouts(table: pd.DataFrame, experiment: NDArray[np.intp]) -> tuple[NDArray[np.intp], str]:
    """Return what is held out together, and its name in a sentence.

    Parameters
    ----------
    table : DataFrame
        Lab rows.
    experiment : int array, shape (n,)
        From `experiments`.

    Returns
    -------
    groups : int array, shape (n,)
        Batches where at least three are stated (rows without one by their experiment), else
        experiments.
    name : str
    """
    batches = table["batch"].tolist()
    if len({b for b in batches if isinstance(b, str)}) < MIN_GROUPS:
        return experiment, "experiments (composition and firing)"
    keys = [b if isinstance(b, str) else f"\0{e}" for b, e in zip(batches, experiment, strict=True)]
    return _codes(keys), "batches"


MIN_GROUPS = 3
"""Fewest groups that can be held out one after another."""


def _codes(keys: Sequence[Hashable]) -> NDArray[np.intp]:
    number = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([number[key] for key in keys], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Lab:
    """Lab rows with the base's answers.

    Attributes
    ----------
    samples : Samples
        The rows and their features.
    centre : array, shape (n_process,)
        See `ssbml.correction.embed`.
    parts : dict of str to Residuals
        ``conductivity``, ``density``, ``purity``; a property that was not measured has none.
    experiment : int array, shape (n_rows,)
    holdout : int array, shape (n_rows,)
    holdout_name : str
    records : dict of str to Records
        All values of each property, as a base is asked for them.
    describe : array, shape (n_rows, k)
        Describers of the rows (`ssbml.describe.describers`).
    """

    samples: Samples
    centre: FloatArray
    parts: dict[str, Residuals]
    experiment: NDArray[np.intp]
    holdout: NDArray[np.intp]
    holdout_name: str
    records: dict[str, Records]
    describe: FloatArray

    def answered(self, model: Predictor, key: str, found: Residuals) -> Residuals:
        """Return values of a property beside the answers of another model.

        Parameters
        ----------
        model : Predictor
            Its correction, if it has one, counts.
        key : str
            Property.
        found : Residuals
            Some of its values.
        """
        records = self.records[key].take(found.value)
        point, low, high, least, most = _answers(model, key, records, self.describe)
        return replace(found, point=point, low=low, high=high, least=least, most=most)

    def without(self, rows: set[int]) -> Lab:
        """Return the lab without the values of some rows, properties left empty dropped."""
        parts = {
            key: found.take(np.array([r not in rows for r in found.rows.tolist()], dtype=bool))
            for key, found in self.parts.items()
        }
        return replace(self, parts={key: found for key, found in parts.items() if len(found)})

    def parts_rows(self) -> set[int]:
        """Return the rows that hold a value of any property."""
        return {int(row) for found in self.parts.values() for row in found.rows}


def lab_of(base: Predictor, samples: Samples) -> Lab:
    """Return lab rows with the answers of a base model without any lab's correction.

    Parameters
    ----------
    base : Predictor
        The base.
    samples : Samples
        Lab rows with their features.
    """
    base = replace(base, correction=None)
    table = samples.table
    centre = centre_of(samples.matrix)
    places = embed(samples.matrix, centre)
    experiment = experiments(table, samples.matrix.select(FRACTIONS))
    holdout, name = holdouts(table, experiment)
    families = list(samples.family)
    distance = np.maximum(
        base.domain.distance(samples.matrix, families),
        _beyond(firing_excess(table, families)),
    )
    describe = describers(families, distance, count_missing(table))
    all_records = {
        "conductivity": conductivity_records(samples),
        "density": density_records(samples),
        "purity": purity_records(samples),
    }
    values = {key: records.take(records.bound == 0) for key, records in all_records.items()}
    parts = {
        key: Residuals(
            records.rows,
            records.target,
            *_answers(base, key, records, describe),
            places[records.rows],
            experiment[records.rows],
            holdout[records.rows],
            np.arange(len(records)),
        )
        for key, records in values.items()
        if len(records)
    }
    return Lab(samples, centre, parts, experiment, holdout, name, values, describe)


def _beyond(excess: FloatArray) -> FloatArray:
    return np.where(excess > 0, 1.0 + excess / 100.0, 0.0)


def _answers(
    base: Predictor, key: str, records: Records, describe: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    families = list(records.family)
    if key == "purity":
        stage = records.matrix.select((STAGE_COLUMN,))
        values = records.matrix.values.copy()
        values[:, list(records.matrix.names).index(STAGE_COLUMN)] = np.nan_to_num(stage)[:, 0]
        matrix = replace(records.matrix, values=values)
        offset = 0.0
        if base.correction is not None and len(matrix):
            offset = float(base.correction.shift("purity", matrix)[0])
        odds = [_log_odds(p) for c in (DEFAULT_COVERAGE, EXTREME_COVERAGE)
                for p in base.purity.probability(matrix, c, offset)]  # fmt: skip
        return odds[0], odds[1], odds[2], odds[4], odds[5]
    predict = base.log10_conductivity if key == "conductivity" else base.transformed_density
    at = describe[records.rows]
    point, low, high = predict(records.matrix, families, at, DEFAULT_COVERAGE)[:3]
    _, least, most = predict(records.matrix, families, at, EXTREME_COVERAGE)[:3]
    return point, low, high, least, most


def _log_odds(p: FloatArray) -> FloatArray:
    inside = np.clip(p, 1e-4, 1.0 - 1e-4)
    return np.asarray(np.log(inside / (1.0 - inside)), dtype=float)
