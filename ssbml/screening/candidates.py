"""Candidate recipes as pairs of a composition and a way of making it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Candidates:
    """Recipes of a search space: every composition made in every way.

    Candidate ``i`` is composition ``i // len(processes)`` made in way ``i % len(processes)``, so a
    part of the space is described by two integers.

    Attributes
    ----------
    family : str
        Host family of all compositions.
    compositions : array, shape (m, n_elements)
        Amounts per formula unit, columns as in `ssbml.chemistry.elements.element_index`.
    formulas : array of str, shape (m,)
        The compositions as written.
    processes : DataFrame
        k ways of making them: valid recipe columns without ``formula`` and ``family``.
    dropped : dict of str to int
        Combinations that did not become candidates, by reason.
    """

    family: str
    compositions: FloatArray
    formulas: NDArray[np.object_]
    processes: pd.DataFrame
    dropped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.compositions) * len(self.processes)

    def pairs(self, index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the composition and the process of candidates.

        Parameters
        ----------
        index : int array, shape (n,)
            Candidate numbers, 0 to ``len(self) - 1``.

        Returns
        -------
        composition, process : int arrays, shape (n,)
        """
        composition, process = np.divmod(index, len(self.processes))
        return composition, process

    def table(self, index: NDArray[np.int64]) -> pd.DataFrame:
        """Return candidates as a recipe table with ``formula`` and ``family``.

        Parameters
        ----------
        index : int array, shape (n,)
            Candidate numbers; they become the index of the table.
        """
        import pandas as pd

        composition, process = self.pairs(index)
        table = self.processes.iloc[process].copy()
        table.insert(0, "formula", self.formulas[composition])
        table.insert(1, "family", self.family)
        table.index = pd.Index(index)
        return table
