"""The predicted properties in the units in which contributions add up, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.targets import CONDUCTIVITY, DENSITY, PURITY

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.request import TablePredictor


_MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Output:
    """One predicted property as it is explained.

    Attributes
    ----------
    column : str
        Column of the prediction table.
    word : str
        Name for people.
    unit : str
        Unit in which contributions add up.
    logarithmic : bool
        Whether that unit is the log10 of the column.
    notable : float
        Size from which a contribution is worth a word.
    """

    column: str
    word: str
    unit: str
    logarithmic: bool
    notable: float

    def added(self, values: Any) -> FloatArray:
        """Return values of the column in the unit in which contributions add up."""
        array = np.asarray(values, dtype=float)
        return np.log10(array) if self.logarithmic else array

    def text(self, value: float) -> str:
        """Return a value of the unit of addition as people write the property."""
        if self.logarithmic:
            return f"{10.0**value:.1e} S/cm"
        return f"{value:.1f} %" if self.column == DENSITY.name else f"{value:.2f}"

    def effect(self, change: float) -> str:
        """Return a contribution in words: a factor, points, or a change of probability."""
        if self.logarithmic:
            digits = _two_figures(10.0 ** abs(change))
            return "×1.0" if digits == "1" else f"{'×' if change > 0 else '÷'}{digits}"
        if self.column == DENSITY.name:
            return f"{round(change, 1) + 0.0:+.1f} points"
        return f"{round(change, 2) + 0.0:+.2f}"


def _two_figures(factor: float) -> str:
    """Return a factor to two significant figures, all that a prediction can carry."""
    text = f"{factor:.2g}"
    if "e" not in text:
        return text
    if float(text) < _MILLION:
        return f"{float(text):,.0f}"
    digits, exponent = text.split("e")
    return f"{digits}e{int(exponent)}"


OUTPUTS: dict[str, Output] = {
    output.column: output
    for output in (
        Output(CONDUCTIVITY.name, "conductivity", "log10 S/cm", True, 0.05),
        Output(DENSITY.name, "relative density", "points", False, 0.5),
        Output(PURITY.name, "phase purity", "probability", False, 0.01),
    )
}
"""The explained properties by column of the prediction table."""


def evaluate(
    predictor: TablePredictor, table: pd.DataFrame, known: Mapping[str, Any] | None = None
) -> FloatArray:
    """Return the predictions of recipes in the units in which contributions add up.

    Parameters
    ----------
    predictor : TablePredictor
        The model, asked as for any prediction.
    table : DataFrame
        n valid recipes.
    known : mapping, optional
        Measured outcomes as in `ssbml.predictor.Predictor.predict_table`.

    Returns
    -------
    array, shape (n, 3)
        Columns in the order of `OUTPUTS`.
    """
    result = predictor.predict_table(table, coverage=DEFAULT_COVERAGE, known=known)
    return np.column_stack([output.added(result[name]) for name, output in OUTPUTS.items()])
