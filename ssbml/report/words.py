"""Numbers and recipes as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.fields import FIELDS, RECIPE_FIELDS

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"
BLANK = "–"

_NOT_PROCESS = ("formula", "formula_basis", "dopant_note", "family", "temperature_c")
_UNIT_SUFFIXES = ("_wt_pct", "_mol_pct", "_c_min", "_pct", "_mpa", "_mbar", "_um", "_c", "_h")


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


def label(name: str) -> str:
    """Return a column name as words, without its unit: ``sintering temperature``."""
    stem = next((name.removesuffix(s) for s in _UNIT_SUFFIXES if name.endswith(s)), name)
    amount = " amount" if name.endswith(("_wt_pct", "_mol_pct")) else ""
    words = stem.replace("_temp", "_temperature").replace("_", " ") + amount
    return f"Li{words[2:]}" if words.startswith("li ") else words


def stated(name: str, value: Any) -> str:
    """Return a recipe value with its unit."""
    field = FIELDS[name]
    if field.kind == "flag":
        return "yes" if value else "no"
    if field.kind == "number":
        return f"{plain(value, 4)} {field.unit}".strip()
    return f"{value} {field.unit}".strip() if field.kind == "numbers" else str(value)


def process_of(recipe: Mapping[str, Any]) -> dict[str, str]:
    """Return the stated processing of a recipe in the order of the field table."""
    return {
        name: stated(name, recipe[name])
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
    shared = process_of({n: table[n].iloc[0] for n in names}) if len(table) else {}
    words = (f"{label(n)} {v}" for n, v in shared.items() if n not in differing)
    return differing, ", ".join(words)
