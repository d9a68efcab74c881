"""What is asked of a model beside the recipe: which conductivity, at which stage."""

from __future__ import annotations

import numpy as np

from ssbml.activation import KELVIN
from ssbml.chemistry.elements import FloatArray
from ssbml.features.base import FeatureMatrix, beside, from_columns

TEMPERATURE_COLUMN = "inverse_temperature_1000_k"
"""Feature that tells the temperature of measurement, 1000 / K."""

KINDS = ("total", "bulk")
"""Conductivity kinds that have a column; both 0 when the source does not say."""

STAGE_COLUMN = "stage_calcined"
"""Feature that tells whether phases were examined before densification."""


def with_kind(matrix: FeatureMatrix, kinds: list[str]) -> FeatureMatrix:
    """Return a matrix with one column for each of `KINDS`.

    Parameters
    ----------
    matrix : FeatureMatrix
        Features, n rows.
    kinds : list of str
        ``total``, ``bulk`` or anything else for "not said", length n.
    """
    columns = {f"kind_{k}": np.array([float(k == kind) for kind in kinds]) for k in KINDS}
    return beside(matrix, from_columns(columns))


def with_stage(matrix: FeatureMatrix, calcined: FloatArray) -> FeatureMatrix:
    """Return a matrix with `STAGE_COLUMN`: 1 calcined powder, 0 sintered or film, NaN not said.

    Parameters
    ----------
    matrix : FeatureMatrix
        Features, n rows.
    calcined : array, shape (n,)
        The column.
    """
    return beside(matrix, from_columns({STAGE_COLUMN: calcined}))


ASKED = {**{f"kind_{k}": float(k == "total") for k in KINDS}, STAGE_COLUMN: 0.0}
"""Columns that ask for the total conductivity and for the phases of the product."""


def as_total(matrix: FeatureMatrix) -> FeatureMatrix:
    """Return features that ask for the total conductivity."""
    return matrix.with_constants({f"kind_{k}": float(k == "total") for k in KINDS})


def as_sintered(matrix: FeatureMatrix) -> FeatureMatrix:
    """Return features that ask for the phases of the sintered product or film."""
    return matrix.with_constants({STAGE_COLUMN: 0.0})


def measured_celsius(matrix: FeatureMatrix) -> FloatArray:
    """Return the temperature of measurement that features ask for, °C, shape (n,)."""
    inverse, rows = matrix.distinct((TEMPERATURE_COLUMN,))
    return np.asarray((1000.0 / inverse[:, 0] - KELVIN)[rows], dtype=float)
