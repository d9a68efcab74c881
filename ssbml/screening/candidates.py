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
    part of the space is described by two integers. Of a sampled space only the ``chosen`` of these
    numbers are candidates, and candidate ``i`` is number ``chosen[i]``.

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
    chosen : int array, shape (n,), optional
        The sampled numbers, in order; None when every composition is made in every way.
    composition_notes, process_notes : array of str, shape (m,) and (k,), optional
        What to think twice about in a composition or a way, empty where there is nothing.
    """

    family: str
    compositions: FloatArray
    formulas: NDArray[np.object_]
    processes: pd.DataFrame
    dropped: dict[str, int] = field(default_factory=dict)
    chosen: NDArray[np.int64] | None = None
    composition_notes: NDArray[np.object_] | None = None
    process_notes: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        if self.chosen is not None:
            return len(self.chosen)
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
        number = index if self.chosen is None else self.chosen[index]
        composition, process = np.divmod(number, len(self.processes))
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

    def notes(self, index: NDArray[np.int64]) -> list[str]:
        """Return what to think twice about in candidates, sentences joined by ``; ``.

        Parameters
        ----------
        index : int array, shape (n,)
            Candidate numbers.
        """
        parts = [
            notes[which]
            for notes, which in zip(
                (self.composition_notes, self.process_notes), self.pairs(index), strict=True
            )
            if notes is not None
        ]
        return ["; ".join(note for note in row if note) for row in zip(*parts, strict=True)] or (
            [""] * len(index)
        )
