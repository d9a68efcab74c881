"""Numbers and recipes as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.fields import RECIPE_FIELDS
from ssbml.wording import phrase, value_text

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"
BLANK = "–"

_NOT_PROCESS = ("formula", "formula_basis", "dopant_note", "family", "temperature_c")


def scientific(value: Any) -> str:
    """Return a conductivity with two digits: ``4.2e-4``."""
    if is_missing(value):
        return BLANK
    mantissa, exponent = f"{float(value):.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def plain(value: Any, digits: int = 3) -> str:
    """Return a number with significant digits, without an exponent below a million."""
    if is_missing(value):
        return BLANK
    number = float(value)
    if number == 0 or not 1e-4 <= abs(number) < 1e6:
        return f"{number:.{digits}g}"
    text = f"{number:.{digits}g}"
    return text if "e" not in text else f"{number:,.0f}"


def process_of(recipe: Mapping[str, Any]) -> dict[str, str]:
    """Return the stated processing of a recipe in the order of the field table."""
    return {
        name: value_text(name, recipe[name])
        for name in RECIPE_FIELDS
        if name not in _NOT_PROCESS and name in recipe and not is_missing(recipe[name])
    }


def varying(table: pd.DataFrame) -> tuple[list[str], str]:
    """Return the processing columns that differ between recipes, and the others in words.

    Parameters
    ----------
    table : DataFrame
        Recipes.

    Returns
    -------
    differing : list of str
        Columns whose values differ.
    common : str
        What all recipes share.
    """
    names = [n for n in RECIPE_FIELDS if n in table.columns and n not in _NOT_PROCESS]
    differing = [n for n in names if table[n].nunique(dropna=False) > 1]
    shared = {n: table[n].iloc[0] for n in names if n not in differing} if len(table) else {}
    words = (phrase(n, value) for n, value in shared.items() if not is_missing(value))
    return differing, ", ".join(words)
