"""What may be changed to improve a recipe, and over which values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import CellError, coerce, is_missing
from ssbml.chemistry.dopants import dopants_of, with_amounts
from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.chemistry.formula import FormulaError, parse_formula
from ssbml.chemistry.hosts import ANIONS
from ssbml.datasets.counts import ENOUGH, FieldCounts
from ssbml.errors import VaryError
from ssbml.explanation.axes import checked_number, numeric_field
from ssbml.explanation.support import published
from ssbml.features.assemble import families_of
from ssbml.features.origin import CHEMISTRY_FIELDS, fields_read
from ssbml.fields import FIELDS, influential
from ssbml.recipe import check_field_name
from ssbml.wording import value_text

if TYPE_CHECKING:
    import pandas as pd

Allowed = Mapping[str, Any]
"""Field (or dopant) to ``(low, high)`` for numbers and to a list of values for words."""

_NOT_A_CHANGE = (
    *CHEMISTRY_FIELDS,
    *("form", "route", "thickness_um", "temperature_c", "stack_pressure_mpa", "storage"),
)
_QUANTILES = (0.05, 0.95)
_MIN_VALUE_SAMPLES = 5
_STEPS = 9
_TEMPERATURE_STEP_C = 25.0
_AMOUNT_STEP_PER_ANION = 0.05 / 12.0
_ROUND_TIMES_H = (0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72)


@dataclass(frozen=True, slots=True)
class Lever:
    """Something that may be changed.

    Attributes
    ----------
    name : str
        Recipe field, or element symbol of a dopant.
    values : tuple
        What it may be changed to; the present value is left out.
    current : object
        Present value, None when the recipe does not say.
    scale : float
        Width of the range of a number, the change that counts as 1.
    logarithmic : bool
        Whether a change of a number is judged by its logarithm.
    published : int
        Published samples of the family that vary it.
    """

    name: str
    values: tuple[Any, ...]
    current: Any
    scale: float
    logarithmic: bool
    published: int

    def size(self, value: Any) -> float:
        """Return how large a change is: 1 over the whole range, and 1 for a word or a blank."""
        if self.current is None or isinstance(value, (str, bool)):
            return 1.0
        ends = np.array([self.current, value], dtype=float)
        if self.logarithmic:
            ends = np.log(np.maximum(ends, 1e-3))
        return float(abs(ends[1] - ends[0]) / self.scale)

    def put(self, recipe: Mapping[str, Any], family: str, value: Any) -> dict[str, Any]:
        """Return a recipe with another value.

        Raises
        ------
        FormulaError
            The host cannot hold the amount of a dopant.
        """
        if self.name in element_index():
            return {
                **recipe,
                "formula": with_amounts(recipe["formula"], family, {self.name: value}),
            }
        return {**recipe, self.name: value}

    def text(self, value: Any) -> str:
        """Return a change in words."""
        if self.name in element_index():
            return f"{self.name} {self.current:g} to {value:g} per formula"
        if self.current is None:
            return f"{self.name} {value_text(self.name, value)} (not stated now)"
        return f"{self.name} {_bare(self.name, self.current)} to {value_text(self.name, value)}"


def default_levers(
    recipe: Mapping[str, Any], family: str, column: str, counts: FieldCounts, samples: pd.DataFrame
) -> list[Lever]:
    """Return what may be changed when nothing is said: what published samples vary enough.

    Fields that the recipe states or that matter for its form, and the dopants that it holds, each
    with at least `ssbml.datasets.counts.ENOUGH` published samples of the family that vary it and
    over the range (5 to 95 %) that they show.

    Parameters
    ----------
    recipe : mapping
        Recipe fields.
    family : str
        Host family.
    column : str
        Property to improve.
    counts : FieldCounts
        Published samples that vary each field.
    samples : DataFrame
        Published samples.
    """
    here = samples[np.array(families_of(samples), dtype=object) == family]
    form = recipe.get("form")
    stated = {name for name, cell in recipe.items() if not is_missing(cell)}
    names = [
        name
        for name in FIELDS
        if name in (stated | set(influential(form if isinstance(form, str) else None)))
        and name in fields_read()
        and name not in _NOT_A_CHANGE
        and FIELDS[name].kind in ("number", "choice", "flag")
    ]
    names += [dopant.element for dopant in dopants_of(recipe["formula"], family)]
    levers = []
    for name in names:
        number = published(counts, family, column, (name,))
        if number >= ENOUGH:
            values = _published_values(name, recipe, here)
            levers.append(_lever(name, values, recipe, number))
    return [lever for lever in levers if lever.values]


def asked_levers(
    allowed: Allowed, recipe: Mapping[str, Any], family: str, column: str, counts: FieldCounts
) -> list[Lever]:
    """Return what may be changed as asked for.

    Raises
    ------
    VaryError
        An unknown field, a range that is empty, reversed or outside what the field allows, or a
        word that the vocabulary does not hold.
    """
    levers = []
    for name, values in allowed.items():
        grid = _asked_values(name, values, recipe)
        if name in element_index():
            try:
                with_amounts(recipe["formula"], family, {name: grid[0]})
            except FormulaError as error:
                raise VaryError(f"{name}: {error}") from None
        number = published(counts, family, column, (name,))
        levers.append(_lever(name, grid, recipe, number))
    return [lever for lever in levers if lever.values]


def _lever(name: str, values: Iterable[Any], recipe: Mapping[str, Any], number: int) -> Lever:
    current = _current(name, recipe)
    offered = tuple(values)
    logarithmic = name.endswith(("_h", "_mpa", "_um", "_min"))
    numbers = np.array([v for v in (*offered, current) if isinstance(v, (int, float))], dtype=float)
    if logarithmic:
        numbers = np.log(np.maximum(numbers, 1e-3))
    scale = float(np.ptp(numbers)) if len(numbers) > 1 else 1.0
    kept = tuple(v for v in offered if v != current)
    return Lever(name, kept, current, scale or 1.0, logarithmic, number)


def _current(name: str, recipe: Mapping[str, Any]) -> Any:
    if name in element_index():
        return parse_formula(recipe["formula"]).get(name, 0.0)
    value = recipe.get(name)
    return None if is_missing(value) else value


def _published_values(name: str, recipe: Mapping[str, Any], here: pd.DataFrame) -> list[Any]:
    if name in element_index():
        return _amounts(name, recipe, here)
    cells = here[name].dropna()
    if FIELDS[name].kind == "number":
        low, high = np.quantile(cells.to_numpy(dtype=float), _QUANTILES)
        return [v for v in _grid(name, float(low), float(high)) if low <= v <= high]
    counts = cells.value_counts()
    usual = counts.index[0] if is_missing(recipe.get(name)) else None
    return [
        value
        for value, n in counts.items()
        if n >= _MIN_VALUE_SAMPLES and value not in ("other", "none", usual)
    ]


def _amounts(element: str, recipe: Mapping[str, Any], here: pd.DataFrame) -> list[float]:
    """Return amounts between those published, per formula as the recipe writes it."""
    anions = sum(parse_formula(recipe["formula"]).get(a, 0.0) for a in ANIONS)
    amounts = []
    for formula in here["formula"][here["formula_basis"] != "placeholder"]:
        found = parse_formula(formula)
        if element in found:
            total = sum(found.get(a, 0.0) for a in ANIONS)
            amounts.append(found[element] / total * anions)
    low, high = np.quantile(amounts, _QUANTILES)
    step = _AMOUNT_STEP_PER_ANION * anions
    return [round(float(v), 6) for v in np.arange(np.ceil(low / step), high / step + 1e-9) * step]


def _asked_values(name: str, values: Any, recipe: Mapping[str, Any]) -> list[Any]:
    if name not in element_index():
        try:
            check_field_name(name)
        except CellError as error:
            hint = f" ({error.suggestion})" if error.suggestion else ""
            raise VaryError(f"'{name}': {error.reason}{hint}") from None
        if name in CHEMISTRY_FIELDS:
            raise VaryError(f"{name}: name a dopant and a range of amounts instead, such as Ta=0:1")
        if FIELDS[name].kind != "number":
            return _asked_words(name, values)
    parts = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else []
    if len(parts) != 2:
        raise VaryError(f"{name}: a range (low, high) is needed, such as {name}=1:2")
    low, high = (checked_number(name, part) for part in parts)
    if low >= high:
        raise VaryError(f"{name}: the range {low:g} to {high:g} is empty or reversed")
    if name in element_index():
        return [round(float(v), 6) for v in np.linspace(low, high, _STEPS)]
    numeric_field(name)
    return sorted({low, high, *(v for v in _grid(name, low, high) if low <= v <= high)})


def _asked_words(name: str, values: Any) -> list[Any]:
    words = [values] if isinstance(values, (str, bool)) else list(values)
    out = []
    for word in words:
        try:
            out.append(coerce(FIELDS[name], word))
        except CellError as error:
            hint = f" ({error.suggestion})" if error.suggestion else ""
            raise VaryError(f"{name} = '{word}': {error.reason}{hint}") from None
    if not out or None in out:
        raise VaryError(f"{name}: at least one value is needed, allowed are {FIELDS[name].allowed}")
    return out


def _grid(name: str, low: float, high: float) -> list[float]:
    """Return round values that people set, about from one end to the other."""
    inner: FloatArray
    if name.endswith("_temp_c"):
        inner = np.arange(np.ceil(low / _TEMPERATURE_STEP_C), high / _TEMPERATURE_STEP_C + 1e-9)
        inner = inner * _TEMPERATURE_STEP_C
    elif name.endswith("_h"):
        inner = np.array(_ROUND_TIMES_H)
    else:
        inner = np.array([float(f"{v:.2g}") for v in np.linspace(low, high, _STEPS)])
    return [float(v) for v in np.unique(inner)]


def _bare(name: str, value: Any) -> str:
    text = value_text(name, value)
    unit = FIELDS[name].unit
    return text.removesuffix(f" {unit}") if unit else text
