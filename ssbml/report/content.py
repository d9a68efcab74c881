"""What a report of a screening needs of its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from ssbml.request import TablePredictor

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ssbml.chemistry.elements import FloatArray


class Figures(Protocol):
    """Numbers of a screening."""

    @property
    def size(self) -> int:
        """Combinations that the space describes."""

    @property
    def candidates(self) -> int:
        """Recipes that were predicted."""

    @property
    def dropped(self) -> Mapping[str, int]:
        """Combinations that did not become recipes, by reason."""

    @property
    def feasible(self) -> int:
        """Recipes that meet every constraint."""

    @property
    def failed(self) -> Mapping[str, int]:
        """Recipes that miss each constraint."""

    @property
    def freed(self) -> Mapping[str, int]:
        """Recipes that miss that constraint only."""

    @property
    def objectives(self) -> Mapping[str, str]:
        """What is wanted of each column."""

    def lines(self) -> list[str]:
        """Return the whole summary in sentences."""


class Compositions(Protocol):
    """Recipes of a space: every composition made in every way."""

    @property
    def family(self) -> str:
        """Host family."""

    @property
    def compositions(self) -> FloatArray:
        """Amounts per formula unit, shape (m, n_elements)."""

    @property
    def formulas(self) -> NDArray[np.object_]:
        """The compositions as written, shape (m,)."""

    @property
    def processes(self) -> pd.DataFrame:
        """Ways of making them, k rows."""


class Screening(Protocol):
    """The outcome of a screening."""

    @property
    def ranked(self) -> pd.DataFrame:
        """The best recipes: rank, recipe columns, predictions, score, group; indexed by number."""

    @property
    def pareto(self) -> pd.DataFrame:
        """Recipes that none beats in every objective, same columns without rank and group."""

    @property
    def summary(self) -> Figures:
        """What was looked at and dropped."""

    @property
    def candidates(self) -> Compositions:
        """All recipes of the space."""

    @property
    def predictor(self) -> TablePredictor:
        """The model that was used."""
