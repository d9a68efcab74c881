"""A name for each of many rows, each different name kept once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Labels(Sequence[str]):
    """Names of n rows, such as host families: a sequence of str that is quick to group by.

    Attributes
    ----------
    names : tuple of str
        The different names.
    codes : int array, shape (n,)
        Position in ``names`` of each row's.
    """

    names: tuple[str, ...]
    codes: NDArray[np.intp]

    @classmethod
    def of(cls, values: Sequence[str]) -> Labels:
        """Return names as labels; labels as they are."""
        if isinstance(values, Labels):
            return values
        known: dict[str, int] = {}
        codes = [known.setdefault(value, len(known)) for value in values]
        return cls(tuple(known), np.array(codes, dtype=np.intp))

    @classmethod
    def repeated(cls, name: str, n: int) -> Labels:
        """Return the same name for n rows."""
        return cls((name,), np.zeros(n, dtype=np.intp))

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Labels: ...
    def __getitem__(self, index: int | slice) -> str | Labels:
        if isinstance(index, slice):
            return Labels(self.names, self.codes[index])
        return self.names[int(self.codes[index])]

    def __iter__(self) -> Iterator[str]:
        return map(self.names.__getitem__, self.codes.tolist())

    def groups(self) -> Iterator[tuple[str, slice | NDArray[np.bool_]]]:
        """Give each name that occurs with an index of its rows."""
        if len(self.names) == 1:
            yield self.names[0], slice(None)
            return
        for code, name in enumerate(self.names):
            rows = self.codes == code
            if rows.any():
                yield name, rows

    def equal(self, name: str) -> NDArray[np.bool_]:
        """Return which rows have a name, shape (n,)."""
        if name not in self.names:
            return np.zeros(len(self), dtype=bool)
        return np.asarray(self.codes == self.names.index(name))

    def mapped(self, number: Callable[[str], float]) -> FloatArray:
        """Return a number for each row, asked once a name, shape (n,)."""
        return np.array([number(name) for name in self.names], dtype=float)[self.codes]
