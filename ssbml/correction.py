"""What a laboratory's own rows change in a model: an offset, and smooth deviations near them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.domain import FRACTIONS
from ssbml.errors import ModelError
from ssbml.features.base import FeatureMatrix

FRACTION_SCALE = 0.1
"""Summed difference of atomic fractions over which a deviation decays to 1/e."""

PROCESS_SCALES: dict[str, float] = {
    "sintering_temp_c": 100.0,
    "log10_sintering_time_h": 0.5,
    "calcination_temp_c": 150.0,
    "li_excess_pct": 10.0,
    "log10_po2_atm": 3.0,
    "log10_pressure_mpa": 1.0,
    "log10_milling_time_h": 1.0,
    "log10_particle_size_um": 1.0,
    "additive_used": 1.0,
    "mother_powder": 1.0,
}
"""Features of the making, and the difference of each over which a deviation decays to 1/e."""

_BLANK = 0.5
_ROWS_AT_ONCE = 1024


def embed(matrix: FeatureMatrix, centre: FloatArray) -> FloatArray:
    """Return where recipes lie, in units over which a lab's deviations decay.

    Parameters
    ----------
    matrix : FeatureMatrix
        Features of n recipes.
    centre : array, shape (n_process,)
        What a blank of each of `PROCESS_SCALES` counts as, besides half a unit for being blank.

    Returns
    -------
    array, shape (n, n_elements + 2 n_process)
        No NaN; distances between rows are sums of absolute differences.
    """
    chemistry = np.nan_to_num(matrix.select(FRACTIONS)) / FRACTION_SCALE
    steps = (matrix.select(tuple(PROCESS_SCALES)) - centre) / np.array(
        list(PROCESS_SCALES.values())
    )
    blank = np.isnan(steps)
    return np.hstack([chemistry, np.where(blank, 0.0, steps), _BLANK * blank])


def centre_of(matrix: FeatureMatrix) -> FloatArray:
    """Return the median of each of `PROCESS_SCALES`; 0 where nothing is stated."""
    columns = matrix.select(tuple(PROCESS_SCALES)).T
    known = (column[~np.isnan(column)] for column in columns)
    return np.array([float(np.median(k)) if len(k) else 0.0 for k in known])


def kernel(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return how much deviations at two sets of places have in common, exp(-distance).

    Parameters
    ----------
    first, second : arrays, shapes (n, d) and (m, d)
        From `embed`.

    Returns
    -------
    array, shape (n, m)
        1 for equal recipes; positive definite (a product of exponential kernels).
    """
    distance = np.zeros((len(first), len(second)))
    differs = np.flatnonzero((first != first[:1]).any(axis=0) | (second != first[:1]).any(axis=0))
    for column in differs:
        distance += np.abs(first[:, column, None] - second[None, :, column])
    return np.asarray(np.exp(-distance), dtype=float)


@dataclass(frozen=True, slots=True)
class Term:
    """The correction of one property.

    Attributes
    ----------
    offset : float
        Added everywhere, in model units.
    weights : array, shape (m,)
        Of the kernels around the anchors; empty without a local part.
    widening : float
        Factor of the base's interval; 1 leaves it as it is.
    """

    offset: float = 0.0
    weights: FloatArray = field(default_factory=lambda: np.zeros(0))
    widening: float = 1.0

    def shift(self, places: FloatArray, anchors: FloatArray) -> FloatArray:
        """Return what is added at n places, shape (n,)."""
        out = np.full(len(places), self.offset)
        if not self.weights.any():
            return out
        for start in range(0, len(places), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            out[part] += kernel(places[part], anchors) @ self.weights
        return out

    def widened(
        self, point: FloatArray, low: FloatArray, high: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the interval, as far from the point as the lab's rows ask for."""
        return point + self.widening * (low - point), point + self.widening * (high - point)


@dataclass(frozen=True, slots=True)
class LabCorrection:
    """What one laboratory's rows change in a base model.

    Attributes
    ----------
    centre : array, shape (n_process,)
        See `embed`.
    anchors : dict of str to array, shape (m, d)
        Where the lab has measured, by property (``conductivity``, ``density``).
    terms : dict of str to Term
        By property; ``purity`` has an offset of the log-odds alone.
    """

    centre: FloatArray
    anchors: dict[str, FloatArray]
    terms: dict[str, Term]

    def shift(self, name: str, matrix: FeatureMatrix) -> FloatArray:
        """Return what is added to a property of n recipes, in model units, shape (n,)."""
        term = self.terms.get(name, Term())
        if not term.weights.any():
            return np.full(len(matrix), term.offset)
        return term.shift(embed(matrix, self.centre), self.anchors[name])

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the correction as named arrays for an ``.npz`` file."""
        out: dict[str, NDArray[Any]] = {
            f"{prefix}.centre": self.centre,
            f"{prefix}.terms": np.array(sorted(self.terms), dtype=np.str_),
        }
        for name, term in self.terms.items():
            out[f"{prefix}.{name}.numbers"] = np.array([term.offset, term.widening])
            out[f"{prefix}.{name}.weights"] = term.weights
            if name in self.anchors:
                out[f"{prefix}.{name}.anchors"] = self.anchors[name]
        return out

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> LabCorrection | None:
        """Return the correction stored under ``prefix``; None if there is none.

        Raises
        ------
        ModelError
            Something of it is missing or damaged.
        """
        if f"{prefix}.terms" not in arrays:
            return None
        width = len(FRACTIONS) + 2 * len(PROCESS_SCALES)
        try:
            centre = arrays[f"{prefix}.centre"]
            names = [str(n) for n in arrays[f"{prefix}.terms"]]
            anchors, terms = {}, {}
            for name in names:
                numbers = arrays[f"{prefix}.{name}.numbers"]
                weights = arrays[f"{prefix}.{name}.weights"]
                terms[name] = Term(float(numbers[0]), weights, float(numbers[1]))
                if f"{prefix}.{name}.anchors" in arrays:
                    anchors[name] = arrays[f"{prefix}.{name}.anchors"]
                sound = anchors[name].shape == (len(weights), width) if len(weights) else True
                if numbers.shape != (2,) or not sound or not np.isfinite(numbers).all():
                    raise ModelError(f"the lab correction of '{name}' is damaged")
        except (KeyError, IndexError) as error:
            raise ModelError(f"the model holds no sound lab correction: {error}") from None
        if centre.shape != (len(PROCESS_SCALES),):
            raise ModelError("the lab correction of the model is damaged")
        return cls(centre, anchors, terms)
