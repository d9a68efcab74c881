"""The processing columns that a text-mined synthesis fills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ssbml.datasets.heating import classify
from ssbml.datasets.steps import Step
from ssbml.datasets.synthesis import SynthesisRecord
from ssbml.fields import FIELDS

PROCESS_COLUMNS = (
    "route", "precursors",
    "calcination_temp_c", "calcination_time_h", "calcination_atmosphere", "calcination_steps",
    "sintering_method", "sintering_temp_c", "sintering_time_h", "atmosphere",
    "post_anneal_temp_c", "post_anneal_time_h", "post_anneal_atmosphere",
    "heating_unassigned_temp_c", "heating_unassigned_time_h", "heating_unassigned_atmosphere",
    "heating_unassigned_steps",
)  # fmt: skip
"""Columns that a synthesis record can fill."""

_HEAT_COLUMNS = {
    "calcination": ("calcination_temp_c", "calcination_time_h", "calcination_atmosphere"),
    "sintering": ("sintering_temp_c", "sintering_time_h", "atmosphere"),
    "post_anneal": ("post_anneal_temp_c", "post_anneal_time_h", "post_anneal_atmosphere"),
    "unassigned": (
        "heating_unassigned_temp_c",
        "heating_unassigned_time_h",
        "heating_unassigned_atmosphere",
    ),
}
_STEP_LISTS = {
    "calcination": "calcination_steps",
    "unassigned": "heating_unassigned_steps",
}
_FROM_GAS = frozenset({"O", "H", "N"})
_ELEMENT = re.compile(r"[A-Z][a-z]?")
_MIXTURE = re.compile(r"[·⋅∙]|[A-Za-z]\d*-\(?\d*\.?\d*[A-Z]")
_SOLUTION = re.compile(r"dissol|stir|evapor|gel|drop|drip|hydroly|reflux")
_OXYGEN = re.compile(r"O(?![a-z])")


def process_of(record: SynthesisRecord) -> tuple[dict[str, Any], list[str]]:
    """Return the columns that a record fills and the flags it earns.

    Parameters
    ----------
    record : SynthesisRecord

    Returns
    -------
    columns : dict
        A subset of `PROCESS_COLUMNS`; blanks are left out. Of several calcinations the hottest, of
        several unassigned steps the hottest.
    flags : list of str
        ``calcination_inferred``, ``sintering_inferred``, ``sintering_unassigned``,
        ``several_temperatures``.
    """
    steps = classify(record.operations)
    columns: dict[str, Any] = {"route": _route(record, steps)}
    if any(step.kind == "sintering" and step.hot_pressed for step in steps):
        columns["sintering_method"] = "hot_press"
    if record.precursors:
        columns["precursors"] = "; ".join(p.replace(";", ",") for p in record.precursors)
    flags: list[str] = []
    for kind, names in _HEAT_COLUMNS.items():
        of_kind = [step for step in steps if step.kind == kind and _says_something(step)]
        if not of_kind:
            continue
        columns |= _hold_columns(_main(of_kind), names)
        if kind in _STEP_LISTS:
            columns[_STEP_LISTS[kind]] = "; ".join(step.text() for step in of_kind)
        flags += _flags(kind, of_kind)
    if "heating_unassigned_temp_c" in columns and "sintering_temp_c" not in columns:
        flags.append("sintering_unassigned")
    return {name: value for name, value in columns.items() if value is not None}, flags


def _says_something(step: Step) -> bool:
    return bool(step.temperatures_c) or step.time_h is not None or step.gas is not None


def _main(steps: Sequence[Step]) -> Step:
    """Return the hottest step; one whose temperature is not single counts by its hottest value."""
    return max(steps, key=lambda step: max(step.temperatures_c, default=0.0))


def _hold_columns(step: Step, names: tuple[str, str, str]) -> dict[str, Any]:
    values = (step.temperature_c, step.time_h, step.gas)
    return {n: v for n, v in zip(names, values, strict=True) if v is not None and _plausible(n, v)}


def _plausible(name: str, value: Any) -> bool:
    low, high = FIELDS[name].low, FIELDS[name].high
    if low is None or high is None:
        return True
    return low <= float(value) <= high


def _flags(kind: str, steps: Sequence[Step]) -> list[str]:
    flags = []
    main = _main(steps)
    if main.basis == "inferred" and main.temperature_c is not None:
        flags.append(f"{kind}_inferred")
    if kind == "sintering" and len(main.temperatures_c) > 1 and main.temperature_c is None:
        flags.append("several_temperatures")
    return flags


def precursors_cover(precursors: Iterable[str], elements: Iterable[str]) -> bool:
    """Tell whether every element that the gas of a furnace cannot bring is in a precursor.

    Parameters
    ----------
    precursors : iterable of str
        Formulas, or names (which hold no element).
    elements : iterable of str
        Elements of the product.
    """
    brought = {symbol for text in precursors for symbol in _ELEMENT.findall(text)}
    return {*elements} - _FROM_GAS <= brought


def _route(record: SynthesisRecord, steps: Sequence[Step]) -> str | None:
    """Return the collection's route, or a melt or milling route where the operations show one.

    None for a melted batch whose later heat treatment has no conditions, and for a mixture
    (``0.6Li2S·0.4SiS2``) or a quenched product that was neither calcined nor sintered: the
    collection counts glasses as solid-state syntheses too, and solid-state syntheses of sulfides,
    or without any solution, as sol-gel ones.
    """
    kinds = [step.kind for step in steps]
    if "melting" in kinds:
        last_melting = len(kinds) - 1 - kinds[::-1].index("melting")
        if "unassigned" in kinds[last_melting + 1 :]:
            return "glass_crystallization"
        last = next(op for op in reversed(record.operations) if op.kind == "HeatingOperation")
        return None if "anneal" in last.token or "crystal" in last.token else "melt_quench"
    tokens = [operation.token for operation in record.operations]
    if record.collection == "sol_gel":
        dissolved = any(_SOLUTION.search(token) for token in tokens)
        return "sol_gel" if dissolved and _OXYGEN.search(record.target_text) else None
    if {"calcination", "sintering"} & set(kinds):
        return record.collection
    milled = any("mill" in token for token in tokens)
    if milled and "unassigned" not in kinds and not _OXYGEN.search(record.target_text):
        return "mechanochemical"
    quenched = any(token.startswith("quench") for token in tokens)
    return None if quenched or _MIXTURE.search(record.target_text) else record.collection
