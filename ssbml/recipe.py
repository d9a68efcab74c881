"""One frozen, valid recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from ssbml.cells import CellError, coerce
from ssbml.errors import Problem, RecipeError
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.vocabulary import closest


class Recipe(Mapping[str, Any]):
    """A composition made one way.

    Only stated fields are kept: ``recipe["atmosphere"]`` raises KeyError when the atmosphere was
    not stated, ``recipe.get("atmosphere")`` gives None. Recipes are immutable and hashable.

    Parameters
    ----------
    formula : str
        Composition, Li excess not included.
    **fields : object
        Any other recipe column (see ``ssbml.fields.RECIPE_FIELDS``), blank values allowed.

    Raises
    ------
    RecipeError
        Every unknown field and every bad value at once.

    Examples
    --------
    >>> Recipe("Li6.4La3Zr1.4Ta0.6O12", sintering_temp_c=1150, atmosphere="o2")
    Recipe('Li6.4La3Zr1.4Ta0.6O12', sintering_temp_c=1150.0, atmosphere='O2')
    """

    __slots__ = ("_values",)
    _values: Mapping[str, Any]

    def __init__(self, formula: str, **fields: Any) -> None:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for name, value in {"formula": formula, **fields}.items():
            try:
                values[name] = _checked(name, value)
            except CellError as error:
                problems.append(Problem(0, 0, name, value, error.reason, error.suggestion))
        if problems:
            raise RecipeError(problems)
        stated = {n: values[n] for n in RECIPE_FIELDS if values.get(n) is not None}
        object.__setattr__(self, "_values", MappingProxyType(stated))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Recipe cannot be changed; make a new one")

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and dict(self._values) == dict(other._values)

    def __repr__(self) -> str:
        rest = "".join(f", {n}={v!r}" for n, v in self._values.items() if n != "formula")
        return f"Recipe({self._values['formula']!r}{rest})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (dict(self._values),)


def _rebuild(values: dict[str, Any]) -> Recipe:
    return Recipe(**values)


def check_field_name(name: str) -> None:
    """Raise CellError unless ``name`` is a recipe field."""
    if name in RECIPE_FIELDS:
        return
    if name in FIELDS:
        raise CellError(
            "this is a measured outcome or provenance, not a part of the recipe",
            "hand measured values over with known={...}",
        )
    like = closest(name, RECIPE_FIELDS)
    raise CellError("there is no such recipe field", f"did you mean {like}?" if like else "")


def _checked(name: str, value: Any) -> Any:
    check_field_name(name)
    cell = coerce(FIELDS[name], value)
    if name == "formula" and cell is None:
        raise CellError("the formula is empty", "for example Li7La3Zr2O12")
    return cell
