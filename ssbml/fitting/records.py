"""Samples to training records: what each model learns from, with which weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.features.assemble import assemble, families_of
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import with_kind, with_stage
from ssbml.targets import CONDUCTIVITY, DENSITY

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE_WEIGHT = {"high": 1.0, "medium": 0.8, "low": 0.4}
"""Training weight of a row by how sure its reading is."""

_KINDS = ("total", "bulk", "unspecified")


@dataclass(frozen=True, slots=True)
class Records:
    """Training records of one property.

    Attributes
    ----------
    rows : array, shape (n,)
        Position of the sample in the table.
    matrix : FeatureMatrix
        Features, n rows.
    target : array, shape (n,)
        In model units; for bounds the bound itself.
    bound : array, shape (n,)
        0 for a value, -1 when the target is an upper bound, 1 when it is a lower bound.
    weight : array, shape (n,)
        Training weight.
    group : array of str, shape (n,)
        Paper group.
    family : tuple of str
        Host family, length n.
    placeholder : bool array, shape (n,)
        Whether the formula is a placeholder.
    """

    rows: NDArray[np.intp]
    matrix: FeatureMatrix
    target: FloatArray
    bound: NDArray[np.int8]
    weight: FloatArray
    group: NDArray[np.object_]
    family: tuple[str, ...]
    placeholder: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, keep: NDArray[np.bool_] | NDArray[np.intp]) -> Records:
        """Return the records of a mask or of positions."""
        at = np.arange(len(self.rows), dtype=np.intp)[keep]
        return Records(
            self.rows[at],
            self.matrix.take(at),
            self.target[at],
            self.bound[at],
            self.weight[at],
            self.group[at],
            tuple(self.family[i] for i in at),
            self.placeholder[at],
        )


@dataclass(frozen=True, slots=True)
class Samples:
    """A training table with its features, made once.

    Attributes
    ----------
    table : DataFrame
        n samples with the columns of `ssbml.fields.FIELDS`.
    matrix : FeatureMatrix
        Recipe features.
    family : tuple of str
        Host family.
    """

    table: pd.DataFrame
    matrix: FeatureMatrix
    family: tuple[str, ...]


def samples_of(table: pd.DataFrame) -> Samples:
    """Return a training table with its features."""
    table = table.reset_index(drop=True)
    return Samples(table, assemble(table), tuple(families_of(table)))


def conductivity_records(samples: Samples) -> Records:
    """Return one record for each total, bulk or unspecified conductivity, and for each bound."""
    table = samples.table
    rows: list[int] = []
    kinds: list[str] = []
    targets: list[float] = []
    bounds: list[int] = []
    for kind in _KINDS:
        values = table[f"sigma_{kind}_s_cm"].to_numpy(dtype=float)
        for row in np.flatnonzero(values > 0):
            rows.append(int(row))
            kinds.append(kind)
            targets.append(values[row])
            bounds.append(0)
    for name, side in (("sigma_max_s_cm", -1), ("sigma_min_s_cm", 1)):
        values = table[name].to_numpy(dtype=float)
        for row in np.flatnonzero(values > 0):
            rows.append(int(row))
            kinds.append("unspecified")
            targets.append(values[row])
            bounds.append(side)
    at = np.array(rows, dtype=np.intp)
    return records_of(
        samples,
        at,
        with_kind(samples.matrix.take(at), kinds),
        CONDUCTIVITY.forward(np.array(targets)),
        np.array(bounds, dtype=np.int8),
    )


def density_records(samples: Samples) -> Records:
    """Return one record for each relative density."""
    values = samples.table["relative_density_pct"].to_numpy(dtype=float)
    at = np.flatnonzero(~np.isnan(values))
    return records_of(samples, at, samples.matrix.take(at), DENSITY.forward(values[at]), None)


def purity_records(samples: Samples) -> Records:
    """Return one record for each phase-purity outcome (target 1 pure, 0 impure)."""
    cells = samples.table["phase_pure"].tolist()
    at = np.array([i for i, v in enumerate(cells) if v is True or v is False], dtype=np.intp)
    target = np.array([float(cells[i]) for i in at])
    matrix = with_stage(samples.matrix.take(at), _calcined(samples.table)[at])
    return records_of(samples, at, matrix, target, None)


def phase_records(samples: Samples) -> tuple[Records, tuple[str, ...]]:
    """Return one record for each main phase, and the names of the phases.

    The targets are positions in the tuple of names.
    """
    cells = samples.table["phase_main"].tolist()
    at = np.array([i for i, v in enumerate(cells) if isinstance(v, str)], dtype=np.intp)
    names = tuple(sorted({cells[i] for i in at}))
    target = np.array([float(names.index(cells[i])) for i in at])
    matrix = with_stage(samples.matrix.take(at), _calcined(samples.table)[at])
    return records_of(samples, at, matrix, target, None), names


def _calcined(table: pd.DataFrame) -> FloatArray:
    stages = {"calcined": 1.0, "sintered": 0.0, "film": 0.0}
    return np.array([stages.get(v, np.nan) for v in table["phase_stage"].tolist()])


def records_of(
    samples: Samples,
    at: NDArray[np.intp],
    matrix: FeatureMatrix,
    target: FloatArray,
    bound: NDArray[np.int8] | None,
) -> Records:
    """Return records of samples of a table, weighted by confidence.

    Parameters
    ----------
    samples : Samples
        Training table.
    at : array, shape (n,)
        Position of each record's sample in the table.
    matrix : FeatureMatrix
        Features, n rows.
    target : array, shape (n,)
        In model units.
    bound : array, shape (n,), or None
        As in `Records`; None when all are values.
    """
    table = samples.table
    confidence = table["confidence"].tolist()
    basis = table["formula_basis"].tolist()
    return Records(
        rows=at,
        matrix=matrix,
        target=target,
        bound=np.zeros(len(at), dtype=np.int8) if bound is None else bound,
        weight=np.array([CONFIDENCE_WEIGHT.get(confidence[i], 0.8) for i in at]),
        group=table["cv_group"].to_numpy(dtype=object)[at],
        family=tuple(samples.family[i] for i in at),
        placeholder=np.array([basis[i] == "placeholder" for i in at], dtype=bool),
    )
