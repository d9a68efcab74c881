"""Recipe fields as people write them: labels without units, values with them."""

from __future__ import annotations

from typing import Any

from ssbml.fields import FIELDS

_UNIT_SUFFIXES = ("_wt_pct", "_mol_pct", "_c_min", "_pct", "_mpa", "_mbar", "_um", "_c", "_h")
_LEADS = {"temperature_c": "measured at"}


def label(name: str) -> str:
    """Return a column name as words, without its unit: ``sintering temperature``."""
    stem = next((name.removesuffix(s) for s in _UNIT_SUFFIXES if name.endswith(s)), name)
    amount = " amount" if name.endswith(("_wt_pct", "_mol_pct")) else ""
    words = stem.replace("_temp", "_temperature").replace("_", " ") + amount
    return f"Li{words[2:]}" if words.startswith("li ") else words


def value_text(name: str, value: Any) -> str:
    """Return a recipe value with its unit: ``1150 °C``; flags are yes or no."""
    field = FIELDS[name]
    if field.kind == "flag":
        return "yes" if value else "no"
    text = str(value)
    if field.kind == "number":
        text = f"{value:.4g}" if abs(value) < 1e3 else f"{value:g}"
    return f"{text} {field.unit}".strip()


def phrase(name: str, value: Any) -> str:
    """Return a field and its value: ``sintering temperature 1150 °C``, ``no mother powder``."""
    words = label(name)
    if FIELDS[name].kind == "flag":
        return words if value else f"no {words}"
    return f"{_LEADS.get(name, words)} {value_text(name, value)}"
