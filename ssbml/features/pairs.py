"""Features of compositions times ways of making them, kept apart until they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.features.base import FeatureMatrix


@dataclass(frozen=True, slots=True)
class Ways:
    """Features of k ways of making a composition.

    Attributes
    ----------
    matrix : FeatureMatrix
        Processing features, k rows.
    plans : dict
        What estimators have worked out for these ways, by a key of their own.
    """

    matrix: FeatureMatrix
    plans: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)


class PairedMatrix(FeatureMatrix):
    """Features of candidates, each a composition made in a way.

    A column is that of the last part that holds its name: compositions, ways, columns of the rows
    themselves, constants. Rows are predicted fastest where those of a composition stand together,
    ways rising.

    Parameters
    ----------
    chemistry : FeatureMatrix
        Features of m compositions.
    ways : Ways
        Features of k ways.
    composition, way : int arrays, shape (n,)
        Which of them each row is made of.
    rows : FeatureMatrix, optional
        Features that belong to a pair, n rows.
    constants : mapping of str to float, optional
        Features that are the same for all rows.
    """

    __slots__ = ("_constants", "_kinds", "_rows", "chemistry", "composition", "way", "ways")

    chemistry: FeatureMatrix
    ways: Ways
    composition: NDArray[np.int64]
    way: NDArray[np.int64]
    _rows: FeatureMatrix | None
    _constants: dict[str, float]
    _kinds: dict[str, tuple[str, int]]

    def __init__(
        self,
        chemistry: FeatureMatrix,
        ways: Ways,
        composition: NDArray[np.int64],
        way: NDArray[np.int64],
        rows: FeatureMatrix | None = None,
        constants: Mapping[str, float] | None = None,
    ) -> None:
        constants = dict(constants or {})
        parts = {
            "chemistry": chemistry.names,
            "way": ways.matrix.names,
            "row": rows.names if rows is not None else (),
            "constant": tuple(constants),
        }
        found = {name: (part, i) for part, names in parts.items() for i, name in enumerate(names)}
        for name, value in {
            "chemistry": chemistry,
            "ways": ways,
            "composition": composition,
            "way": way,
            "_rows": rows,
            "_constants": constants,
            "_kinds": found,
        }.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.way)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names."""
        return tuple(self._kinds)

    @property
    def values(self) -> FloatArray:
        """All columns written out, shape (n, d)."""
        return self.select(self.names)

    @property
    def constants(self) -> dict[str, float]:
        """Features that are the same for all rows."""
        return dict(self._constants)

    @property
    def row_values(self) -> FloatArray:
        """Features that belong to a pair, shape (n, n_row_features)."""
        return self._rows.values if self._rows is not None else np.empty((len(self), 0))

    @property
    def row_names(self) -> tuple[str, ...]:
        """Names of the features that belong to a pair."""
        return self._rows.names if self._rows is not None else ()

    def part_of(self, name: str) -> tuple[str, int]:
        """Return which part holds a column (chemistry, way, row or constant) and where.

        Raises
        ------
        KeyError
            A name that the matrix does not hold.
        """
        return self._kinds[name]

    def take(self, rows: NDArray[np.intp]) -> FeatureMatrix:
        """Return some rows, written out."""
        return FeatureMatrix(self.names, self.values[rows])

    def select(self, names: tuple[str, ...]) -> FloatArray:
        """Return the named columns, written out in the order asked for, shape (n, len(names))."""
        index = {"chemistry": self.composition, "way": self.way}
        source = {"chemistry": self.chemistry.values, "way": self.ways.matrix.values}
        out = np.empty((len(self), len(names)))
        for j, name in enumerate(names):
            part, column = self._kinds[name]
            if part == "constant":
                out[:, j] = self._constants[name]
            elif part == "row":
                out[:, j] = self.row_values[:, column]
            else:
                out[:, j] = source[part][:, column][index[part]]
        return out

    def positions(self, names: tuple[str, ...]) -> NDArray[np.int64]:
        """Return the position of each of some columns in ``names``."""
        column = {name: i for i, name in enumerate(self._kinds)}
        return np.array([column[name] for name in names], dtype=np.int64)

    def distinct(self, names: tuple[str, ...]) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return the named columns once a composition or a way where they depend on it alone."""
        parts = {self._kinds[name][0] for name in names}
        if parts == {"chemistry"}:
            return self.chemistry.select(names), self.composition
        if parts == {"way"}:
            return self.ways.matrix.select(names), self.way
        return super().distinct(names)

    def widened(self, *others: FeatureMatrix) -> PairedMatrix:
        """Return the matrix with further features of its rows."""
        parts = [part for part in (self._rows, *others) if part is not None]
        rows = parts[0].widened(*parts[1:]) if parts else None
        return self._with(rows, self._constants)

    def with_constants(self, values: Mapping[str, float]) -> PairedMatrix:
        """Return the matrix with columns that hold one value for all rows."""
        return self._with(self._rows, {**self._constants, **values})

    def _with(self, rows: FeatureMatrix | None, constants: Mapping[str, float]) -> PairedMatrix:
        return PairedMatrix(self.chemistry, self.ways, self.composition, self.way, rows, constants)
