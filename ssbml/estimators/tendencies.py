"""A small linear part of a model: cited directions, weighed against data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError
from ssbml.features.base import FeatureMatrix
from ssbml.features.tendencies import PREFIX

_PRIOR_WIDTH = 0.5
_LEAST_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Tendencies:
    """Slopes of terms (`ssbml.features.tendencies`), added to what trees predict.

    Attributes
    ----------
    names : tuple of str
        Terms, without their prefix.
    slopes : array, shape (n_terms,)
        Change of the model's output for a term of 1.
    """

    names: tuple[str, ...]
    slopes: FloatArray

    def shift(self, matrix: FeatureMatrix) -> FloatArray:
        """Return what the terms add, shape (n,); 0 where a recipe states none of them."""
        if not self.names:
            return np.zeros(len(matrix))
        terms, rows = matrix.distinct(tuple(PREFIX + name for name in self.names))
        total = np.zeros(len(terms))
        for column, slope in zip(terms.T, self.slopes.tolist(), strict=True):
            total += slope * column
        return total[rows]

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the tendencies as named arrays for an ``.npz`` file, no array for none."""
        if not self.names:
            return {}
        return {
            f"{prefix}.terms": np.array(self.names, dtype=np.str_),
            f"{prefix}.slopes": self.slopes,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Tendencies:
        """Return the tendencies stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        names, slopes = arrays.get(f"{prefix}.terms"), arrays.get(f"{prefix}.slopes")
        if names is None and slopes is None:
            return NO_TENDENCIES
        if names is None or slopes is None or slopes.shape != (len(names),):
            raise ModelError(f"the model holds no sound tendencies '{prefix}'")
        return cls(tuple(str(n) for n in names), slopes.astype(float))


NO_TENDENCIES = Tendencies((), np.zeros(0))
"""No linear part; what models written before it have."""


def fit_tendencies(
    prior: Mapping[str, float],
    matrix: FeatureMatrix,
    residual: FloatArray,
    weight: FloatArray,
    groups: NDArray[np.object_],
) -> Tendencies:
    """Fit slopes to residuals, starting from what the reviews lead to expect.

    Maximum a posteriori: normal priors around the expected slopes, half as wide as these are large;
    every paper counts as one measurement, however many samples it has. A slope keeps its sign and
    at least a quarter of its expected size, since the directions are established and the data on
    most of them few.

    Parameters
    ----------
    prior : mapping of str to float
        Expected slope of each term.
    matrix : FeatureMatrix
        Features of n records, terms included.
    residual : array, shape (n,)
        What the terms are to explain.
    weight : array, shape (n,)
        Weights of the records.
    groups : array of str, shape (n,)
        Paper group of each record.

    Returns
    -------
    Tendencies
    """
    from scipy.optimize import lsq_linear

    names = tuple(name for name, slope in prior.items() if slope != 0.0)
    expected = np.array([prior[name] for name in names])
    if not names or len(residual) == 0:
        return Tendencies(names, expected)
    terms = matrix.select(tuple(PREFIX + name for name in names))
    _, inverse, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    share = np.sqrt(weight / counts[inverse])
    spread = max(float(np.sqrt(np.average(residual**2, weights=share**2))), 1e-6)
    centred = terms - np.average(terms, axis=0, weights=share**2)
    target = residual - np.average(residual, weights=share**2)
    width = _PRIOR_WIDTH * np.abs(expected)
    A = np.vstack([centred * (share / spread)[:, None], np.diag(1.0 / width)])
    b = np.concatenate([target * share / spread, expected / width])
    least, unbounded = _LEAST_SHARE * expected, np.full(len(names), np.inf)
    low = np.where(expected > 0, least, -unbounded)
    high = np.where(expected > 0, unbounded, least)
    return Tendencies(names, np.asarray(lsq_linear(A, b, (low, high)).x, dtype=float))
