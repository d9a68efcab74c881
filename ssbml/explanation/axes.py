"""What of a recipe is varied over which values: ``sintering_temp_c=1000:1250:10``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import CellError
from ssbml.chemistry.dopants import with_amounts
from ssbml.chemistry.elements import element_index
from ssbml.chemistry.formula import FormulaError
from ssbml.errors import VaryError
from ssbml.fields import FIELDS, Field
from ssbml.recipe import check_field_name

if TYPE_CHECKING:
    import pandas as pd

Vary = str | Sequence[str] | Mapping[str, Any]
"""Texts ``field=start:stop:step``, or a mapping of fields to such a range or to values."""

MAX_POINTS = 20_000
"""Recipes that one sweep may ask for."""

_ABSOLUTE_ZERO_C = -273.15
_DEFAULTED = ("temperature_c",)
_EXAMPLE = "sintering_temp_c=1000:1250:10"
_END = 1e-9


@dataclass(frozen=True, slots=True)
class Axis:
    """One varied field.

    Attributes
    ----------
    name : str
        A numeric recipe field, or an element symbol (a dopant, amount per formula as written).
    values : tuple of float
        At least two values, rising.
    """

    name: str
    values: tuple[float, ...]

    @property
    def is_element(self) -> bool:
        """Whether a dopant is varied."""
        return self.name in element_index()

    @property
    def title(self) -> str:
        """Name and unit for people."""
        unit = "per formula" if self.is_element else FIELDS[self.name].unit
        return f"{self.name} ({unit})" if unit else self.name

    def put(self, recipe: dict[str, Any], family: str, value: float) -> dict[str, Any]:
        """Return a recipe with another value.

        Raises
        ------
        VaryError
            The host cannot hold the amount of the dopant.
        """
        if not self.is_element:
            return {**recipe, self.name: value}
        try:
            formula = with_amounts(recipe["formula"], family, {self.name: value})
        except FormulaError as error:
            raise VaryError(f"{self.name} = {value:g} in {recipe['formula']}: {error}") from None
        return {**recipe, "formula": formula}


def parse_axes(vary: Vary) -> tuple[Axis, ...]:
    """Return what is to be varied.

    Parameters
    ----------
    vary : str, sequence of str or mapping
        ``"sintering_temp_c=1000:1250:10"``, several of them, or ``{"sintering_temp_c":
        "1000:1250:10"}`` or ``{"sintering_temp_c": [1000, 1100]}``. Both ends are included.

    Returns
    -------
    tuple of Axis
        One or two.

    Raises
    ------
    VaryError
        Not one or two different numeric fields, or a range that is empty, reversed, or outside what
        the field allows.

    Examples
    --------
    >>> parse_axes("sintering_time_h=2:6:2")
    (Axis(name='sintering_time_h', values=(2.0, 4.0, 6.0)),)
    """
    if isinstance(vary, Mapping):
        pairs = [(str(name), values) for name, values in vary.items()]
    else:
        texts = [vary] if isinstance(vary, str) else list(vary)
        pairs = [_pair(text) for text in texts]
    if not 1 <= len(pairs) <= 2:
        raise VaryError(f"{len(pairs)} fields to vary; one or two are allowed")
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise VaryError(f"{names[0]} is varied twice")
    axes = tuple(Axis(name, _values(name, values)) for name, values in pairs)
    points = math.prod(len(axis.values) for axis in axes)
    if points > MAX_POINTS:
        raise VaryError(f"{points:,} points; at most {MAX_POINTS:,} are allowed, widen the step")
    return axes


def check_stated(axis: Axis, table: pd.DataFrame) -> None:
    """Raise unless every recipe states the field that is varied.

    Raises
    ------
    VaryError
        A recipe leaves the field blank (except the temperature of the measurement, which is 25 °C
        unless stated).
    """
    if axis.is_element or axis.name in _DEFAULTED:
        return
    blank = table[axis.name].isna().to_numpy()
    if blank.any():
        formula = table["formula"].iloc[int(np.argmax(blank))]
        raise VaryError(
            f"the recipe of {formula} has no {axis.name}, so there is nothing to vary; state its "
            "present value first"
        )


def checked_number(name: str, value: Any) -> float:
    """Return a value of a numeric recipe field, or an amount of an element.

    Raises
    ------
    VaryError
        It is no number, or outside what the field allows.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise VaryError(f"{name}: '{value}' is not a number, for example {_EXAMPLE}") from None
    if not math.isfinite(number):
        raise VaryError(f"{name}: a finite number is needed, not {value}")
    if name in element_index():
        if number < 0:
            raise VaryError(f"{name} = {number:g}: an amount cannot be negative")
        return number
    field = numeric_field(name)
    if field.unit == "°C" and number < _ABSOLUTE_ZERO_C:
        raise VaryError(
            f"{name} = {number:g} °C is below absolute zero; allowed are {field.allowed}"
        )
    if (field.low is not None and number < field.low) or (
        field.high is not None and number > field.high
    ):
        raise VaryError(f"{name} = {number:g}: allowed are {field.allowed}")
    return number


def numeric_field(name: str) -> Field:
    """Return a numeric recipe field by name.

    Raises
    ------
    VaryError
        There is no such recipe field, or it holds no single number.
    """
    try:
        check_field_name(name)
    except CellError as error:
        hint = f" ({error.suggestion})" if error.suggestion else ""
        raise VaryError(f"'{name}': {error.reason}{hint}") from None
    field = FIELDS[name]
    if field.kind == "number":
        return field
    if field.kind == "choice":
        raise VaryError(
            f"{name} takes words, not a range ({field.allowed}); predict one recipe for each"
        )
    raise VaryError(f"{name} holds {field.allowed}, not a number that can be varied over a range")


def _pair(text: str) -> tuple[str, str]:
    name, sign, values = str(text).partition("=")
    if not sign or not name.strip():
        raise VaryError(f"'{text}': write field=start:stop:step, for example {_EXAMPLE}")
    return name.strip(), values.strip()


def _values(name: str, values: Any) -> tuple[float, ...]:
    if name not in element_index():
        numeric_field(name)
    if isinstance(values, str):
        return _range(name, values)
    if not isinstance(values, Iterable):
        raise VaryError(f"{name}: a range such as '1000:1250:10' or a list of values is needed")
    numbers = sorted({checked_number(name, value) for value in values})
    if len(numbers) < 2:
        raise VaryError(f"{name}: at least two different values are needed")
    return tuple(numbers)


def _range(name: str, text: str) -> tuple[float, ...]:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or not all(parts):
        raise VaryError(
            f"{name}: '{text}' is no range; write start:stop:step, for example {_EXAMPLE}"
        )
    start, stop = (checked_number(name, part) for part in parts[:2])
    try:
        step = float(parts[2])
    except ValueError:
        step = math.nan
    if not step > 0 or math.isinf(step):
        raise VaryError(f"{name}: the step '{parts[2]}' must be a number above 0")
    if start > stop:
        raise VaryError(f"{name}: the range {text} is reversed; write {stop:g}:{start:g}:{step:g}")
    count = math.floor((stop - start) / step + _END) + 1
    if count < 2:
        raise VaryError(f"{name}: the range {text} is empty, it holds no step from {start:g}")
    if count > MAX_POINTS:
        raise VaryError(f"{name}: {count:,} values; at most {MAX_POINTS:,}, widen the step")
    return tuple(round(start + i * step, 10) for i in range(count))
