"""A named feature matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """Features of n recipes.

    Attributes
    ----------
    names : tuple of str
        Column names, length d.
    values : array, shape (n, d)
        float64; NaN where the recipe does not say.
    """

    names: tuple[str, ...]
    values: FloatArray

    def take(self, rows: NDArray[np.intp]) -> FeatureMatrix:
        """Return the matrix with the given rows, repeated or reordered."""
        return FeatureMatrix(self.names, self.values[rows])

    def select(self, names: tuple[str, ...]) -> FloatArray:
        """Return the named columns, in the order asked for.

        Raises
        ------
        KeyError
            A name that the matrix does not hold.
        """
        if names == self.names:
            return self.values
        column = {name: i for i, name in enumerate(self.names)}
        return self.values[:, [column[name] for name in names]]


def beside(*parts: FeatureMatrix) -> FeatureMatrix:
    """Return matrices of the same recipes side by side."""
    return FeatureMatrix(
        tuple(name for part in parts for name in part.names),
        np.hstack([part.values for part in parts]),
    )


def from_columns(columns: dict[str, FloatArray]) -> FeatureMatrix:
    """Return a matrix made of named columns of equal length n."""
    return FeatureMatrix(tuple(columns), np.column_stack(list(columns.values())).astype(float))
