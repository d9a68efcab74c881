"""How large an error to expect of a recipe, before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Expected size of an error, from what is known before measuring.

    log(size) is linear in the columns of ``describe``; see `fit_difficulty`.

    Attributes
    ----------
    coefficients : array, shape (k + 1,)
        Intercept first.
    low, high : float
        Limits of the difficulty.
    """

    coefficients: FloatArray
    low: float
    high: float

    def predict(self, *describers: FloatArray) -> FloatArray:
        """Return the difficulty of n recipes.

        Parameters
        ----------
        *describers : arrays, shape (n, k)
            Finite numbers; several arrays stand side by side.

        Returns
        -------
        array, shape (n,)
        """
        log_size = np.full(len(describers[0]), self.coefficients[0])
        columns = [column for block in describers for column in block.T]
        for column, slope in zip(columns, self.coefficients[1:].tolist(), strict=True):
            if column.any():
                log_size += slope * column
        return np.asarray(np.clip(np.exp(log_size), self.low, self.high), dtype=float)

    def to_array(self) -> FloatArray:
        """Return the difficulty as one array for an ``.npz`` file."""
        return np.concatenate([[self.low, self.high], self.coefficients])

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> Difficulty:
        """Return the difficulty stored under ``name``.

        Raises
        ------
        ModelError
            It is missing or damaged.
        """
        stored = arrays.get(name)
        if stored is None or stored.ndim != 1 or len(stored) < 3:
            raise ModelError(f"the model holds no sound '{name}'")
        return cls(stored[2:], float(stored[0]), float(stored[1]))


def fit_difficulty(
    errors: FloatArray,
    describers: FloatArray,
    ridge: float = 10.0,
    least: FloatArray | None = None,
) -> Difficulty:
    """Fit the difficulty to out-of-fold errors by ridge regression of their logarithm.

    Parameters
    ----------
    errors : array, shape (n,)
        Signed out-of-fold errors.
    describers : array, shape (n, k)
        What each recipe is described by.
    ridge : float, default 10
        Penalty on the standardised slopes.
    least : array, shape (k,), optional
        Smallest slope allowed for each describer; none by default.

    Returns
    -------
    Difficulty
    """
    from scipy.optimize import lsq_linear

    describers = np.ascontiguousarray(describers)
    size = np.abs(errors)
    floor = 0.1 * float(np.median(size)) + 1e-12
    y = np.log(size + floor)
    centre, scale = describers.mean(axis=0), describers.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    Z = (describers - centre) / scale
    k = Z.shape[1]
    system = np.vstack([Z, np.sqrt(ridge) * np.eye(k)])
    low = np.full(k, -np.inf) if least is None else least * scale
    fit = lsq_linear(system, np.concatenate([y - y.mean(), np.zeros(k)]), (low, np.inf))
    slopes = np.asarray(fit.x, dtype=float) / scale
    intercept = y.mean() - centre @ slopes
    fitted = np.exp(intercept + describers @ slopes)
    low, high = np.quantile(fitted, [0.02, 0.98])
    return Difficulty(np.concatenate([[intercept], slopes]), float(low), float(high))
