"""``ssbml.temperature.arrhenius``: a recipe to conductivities over a range of temperatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.activation import KELVIN, REFERENCE_C, to_sigma
from ssbml.calibration import DEFAULT_COVERAGE, check_coverage
from ssbml.cells import CellError, coerce
from ssbml.chemistry.elements import FloatArray
from ssbml.errors import Problem, RecipeError
from ssbml.features.assemble import families_of
from ssbml.fields import DEFAULT_FORM, FIELDS
from ssbml.models import load_model
from ssbml.practical.resistance import area_resistance, form_at_thickness
from ssbml.predictor import Predictor
from ssbml.request import as_table
from ssbml.tables.validate import validate
from ssbml.temperature.window import Window, operating_window

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_CELSIUS: tuple[float, ...] = tuple(float(t) for t in range(-20, 101, 5))
"""Temperatures of a curve, °C."""

VALID_C: dict[str, tuple[float, float]] = {"perovskite": (10.0, 100.0)}
"""Range in °C in which a straight Arrhenius line is meant, for families that curve.

The lines of LLTO bend: the activation energy falls from 0.4 eV at room temperature towards higher
temperatures (Stramare, Thangadurai and Weppner, Chem. Mater. 15 (2003) 3974). Published points of
the family start at 10 °C.
"""

VALID_DEFAULT_C = (-20.0, 100.0)
"""The same for all other families."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Predicted conductivity of one recipe over temperature.

    Attributes
    ----------
    table : DataFrame
        One row a temperature: the columns of `ssbml.practical.resistance.area_resistance`
        (``temperature_c``, ``conductivity_s_cm`` and ``asr_ohm_cm2`` with bounds, ...) and
        ``in_range`` (inside `valid_c`).
    formula, family : str
        As in the recipe; host family.
    activation_energy_ev : tuple of float
        Point, lower, upper; basis ln(sigma T).
    valid_c : tuple of float
        Range in which a straight line is meant, °C.
    in_domain : bool
        Whether the data support the recipe, at the temperature nearest to 25 °C; for the others
        see the column.
    coverage : float
        Coverage of all intervals.
    window : Window or None
        Where the layer meets the target resistance; None without a thickness.
    """

    table: pd.DataFrame
    formula: str
    family: str
    activation_energy_ev: tuple[float, float, float]
    valid_c: tuple[float, float]
    in_domain: bool
    coverage: float
    window: Window | None

    @property
    def energy_of_ln_sigma_ev(self) -> float:
        """Activation energy on the basis of ln(sigma), smaller by kT at 60 °C."""
        return float(to_sigma(self.activation_energy_ev[0]))


def arrhenius(
    recipe: Any,
    *,
    model: str | Predictor | None = None,
    temperatures_c: Sequence[float] = DEFAULT_CELSIUS,
    coverage: float = DEFAULT_COVERAGE,
    **fields: Any,
) -> Curve:
    """Predict conductivity over temperature, with activation energy and window of operation.

    Parameters
    ----------
    recipe : str, dict or Recipe
        One recipe; a formula with the other columns as keyword arguments, as in `ssbml.predict`.
        Its ``thickness_um`` gives resistance and window, and a layer too thin for its form is
        predicted as a tape or film; its ``temperature_c`` is not used.
    model : str or Predictor, optional
        A model name or an opened model; the shipped model by default.
    temperatures_c : sequence of float
        °C, above absolute zero; -20 to 100 in steps of 5 by default.
    coverage : float, default 0.9
        Coverage of the intervals.
    **fields : object
        Recipe columns that go with a formula.

    Returns
    -------
    Curve

    Raises
    ------
    RecipeError
        The recipe cannot be used, there are several, or a temperature is impossible.
    ModelError
        The model cannot be opened, or holds no activation energy.

    Examples
    --------
    >>> curve = arrhenius("Li6.4La3Zr1.4Ta0.6O12", thickness_um=30)  # doctest: +SKIP
    """
    check_coverage(coverage)
    celsius = _temperatures(temperatures_c)
    predictor = model if isinstance(model, Predictor) else load_model(model)
    valid = _one_recipe(recipe, fields)
    thickness = float(valid["thickness_um"].iloc[0])
    table = area_resistance(
        valid, predictor, temperatures_c=celsius.tolist(), coverage=coverage
    ).reset_index(drop=True)
    form = valid["form"].iloc[0]
    predicted = form_at_thickness(form, thickness)
    asked = valid if predicted == (form or DEFAULT_FORM) else valid.assign(form=predicted)
    point, low, high = (float(e[0]) for e in predictor.activation_energy(asked, coverage=coverage))
    family = families_of(valid)[0]
    bounds = VALID_C.get(family, VALID_DEFAULT_C)
    table["in_range"] = (celsius >= bounds[0]) & (celsius <= bounds[1])
    stated = not np.isnan(thickness)
    return Curve(
        table=table,
        formula=str(valid["formula"].iloc[0]),
        family=family,
        activation_energy_ev=(point, low, high),
        valid_c=bounds,
        in_domain=bool(table["in_domain"].iloc[int(np.argmin(np.abs(celsius - REFERENCE_C)))]),
        coverage=coverage,
        window=operating_window(table, thickness) if stated else None,
    )


def _one_recipe(recipe: Any, fields: Mapping[str, Any]) -> pd.DataFrame:
    """Return one valid recipe as a table."""
    raw, first_row = as_table(recipe, fields)
    checked = validate(raw, first_row=first_row)
    problems = list(checked.problems)
    if not problems and len(checked.table) != 1:
        problems = [
            Problem(0, 0, "recipe", f"{len(checked.table)} rows", "a curve is of one recipe")
        ]
    if problems:
        raise RecipeError(problems)
    return checked.table


def _temperatures(given: Sequence[float]) -> FloatArray:
    """Return temperatures of measurement that can be meant."""
    problems, values = [], []
    for row, cell in enumerate(given):
        try:
            value = coerce(FIELDS["temperature_c"], cell)
            if float(value) <= -KELVIN:
                raise CellError("absolute zero is -273.15 °C")
            values.append(float(value))
        except CellError as error:
            problems.append(Problem(row, row, "temperature_c", cell, error.reason))
    if not values and not problems:
        problems = [Problem(0, 0, "temperatures_c", list(given), "at least one is needed")]
    if problems:
        raise RecipeError(problems)
    return np.array(values)
