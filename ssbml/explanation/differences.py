"""Published samples in words: conditions, results, and how they differ from a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssbml.activation import REFERENCE_C
from ssbml.cells import is_missing
from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS
from ssbml.datasets.coverage import SIGMA_BOUNDS, SIGMA_VALUES
from ssbml.features.origin import CHEMISTRY_FIELDS
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.wording import label, phrase, value_text

_QUIET = (*CHEMISTRY_FIELDS, "calcination_steps", "li_excess_basis", "electrode", "milling_method")
_COMPARED = tuple(name for name in RECIPE_FIELDS if name not in _QUIET)
_AMOUNT_STEP = 0.005
_SIGMA_WORDS = {
    "sigma_total_s_cm": "total",
    "sigma_bulk_s_cm": "bulk",
    "sigma_unspecified_s_cm": "conductivity",
    "sigma_max_s_cm": "below",
    "sigma_min_s_cm": "above",
}
_SAME_TEMPERATURE_C = 3.0


def conditions(sample: Mapping[str, Any]) -> str:
    """Return how a published sample was made and measured, in words."""
    return ", ".join(
        phrase(name, sample[name]) for name in _COMPARED if not is_missing(sample.get(name))
    )


def results(sample: Mapping[str, Any]) -> str:
    """Return what was measured on a published sample, in words."""
    parts = [
        f"{_SIGMA_WORDS[name]} {sample[name]:.2g} S/cm"
        for name in (*SIGMA_VALUES, *SIGMA_BOUNDS)
        if not is_missing(sample.get(name))
    ]
    if not is_missing(sample.get("relative_density_pct")):
        parts.append(f"density {sample['relative_density_pct']:g} %")
    if not is_missing(sample.get("phase_main")):
        parts.append(str(sample["phase_main"]))
    if not is_missing(sample.get("phase_pure")):
        parts.append("phase-pure" if sample["phase_pure"] else "not phase-pure")
    if sample.get("confidence") == "low":
        parts.append("doubtful reading")
    return ", ".join(parts)


def differences(recipe: Mapping[str, Any], sample: Mapping[str, Any]) -> str:
    """Return how a published sample differs from a recipe, in words.

    Parameters
    ----------
    recipe : mapping
        Recipe fields of a valid recipe.
    sample : mapping
        Fields of the sample.

    Returns
    -------
    str
        Composition first, then fields that both state differently, then those that only the recipe
        states; ``same as far as stated`` when there is none.
    """
    parts = _composition(recipe["formula"], sample["formula"])
    silent = []
    for name in _COMPARED:
        mine, theirs = recipe.get(name), sample.get(name)
        if name == "temperature_c":
            mine = REFERENCE_C if is_missing(mine) else mine
            theirs = REFERENCE_C if is_missing(theirs) else theirs
            if abs(float(mine) - float(theirs)) <= _SAME_TEMPERATURE_C:  # type: ignore[arg-type]
                continue
        if is_missing(mine):
            continue
        if is_missing(theirs):
            silent.append(label(name))
        elif mine != theirs:
            other = "" if FIELDS[name].kind == "flag" else f" not {value_text(name, mine)}"
            parts.append(phrase(name, theirs) + other)
    if silent:
        parts.append(f"{', '.join(silent)} not stated")
    return "; ".join(parts) or "same as far as stated"


def _composition(mine: str, theirs: str) -> list[str]:
    """Return the amounts that differ, both formulas scaled to the same number of anions."""
    left, right = parse_formula(mine), parse_formula(theirs)
    scale = _anions(left) / _anions(right)
    texts = []
    for element in dict.fromkeys((*left, *right)):
        have, other = left.get(element, 0.0), right.get(element, 0.0) * scale
        if abs(have - other) > _AMOUNT_STEP * max(1.0, have):
            texts.append(f"{element} {other:.3g} not {have:.3g}")
    return texts


def _anions(amounts: Mapping[str, float]) -> float:
    return sum(amounts.get(a, 0.0) for a in ANIONS) or 1.0
