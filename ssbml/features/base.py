"""A named feature matrix."""

from __future__ import annotations

from collections.abc import Mapping
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

    def __len__(self) -> int:
        return len(self.values)

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
        return self.values if names == self.names else self.values[:, self.positions(names)]

    def distinct(self, names: tuple[str, ...]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return the named columns without repeated rows, as far as repeats are cheap to find.

        Returns
        -------
        values : array, shape (u, len(names))
        rows : int array, shape (n,)
            Row of ``values`` that belongs to each recipe.
        """
        values = self.select(names)
        return values, np.arange(len(values))

    def widened(self, *others: FeatureMatrix) -> FeatureMatrix:
        """Return the matrix with the columns of others of the same recipes on its right."""
        parts = (self, *others)
        return FeatureMatrix(
            tuple(name for part in parts for name in part.names),
            np.hstack([part.values for part in parts]),
        )

    def with_constants(self, values: Mapping[str, float]) -> FeatureMatrix:
        """Return the matrix with columns on its right that hold one value for all recipes."""
        constants = np.broadcast_to(np.array(list(values.values())), (len(self), len(values)))
        return FeatureMatrix((*self.names, *values), np.hstack([self.values, constants]))

    def positions(self, names: tuple[str, ...]) -> NDArray[np.int64]:
        """Return the position of each of some columns.

        Raises
        ------
        KeyError
            A name that the matrix does not hold.
        """
        column = {name: i for i, name in enumerate(self.names)}
        return np.array([column[name] for name in names], dtype=np.int64)


def beside(first: FeatureMatrix, *others: FeatureMatrix) -> FeatureMatrix:
    """Return matrices of the same recipes side by side."""
    return first.widened(*others)


def stacked(first: FeatureMatrix, second: FeatureMatrix) -> FeatureMatrix:
    """Return the recipes of two matrices one under the other, with the columns of the first."""
    return FeatureMatrix(first.names, np.vstack([first.values, second.select(first.names)]))


def from_columns(columns: dict[str, FloatArray]) -> FeatureMatrix:
    """Return a matrix made of named columns of equal length n."""
    return FeatureMatrix(tuple(columns), np.column_stack(list(columns.values())).astype(float))
