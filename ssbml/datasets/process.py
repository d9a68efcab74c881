"""The processing columns that a text-mined synthesis fills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ssbml.datasets.heating import Step, classify
from ssbml.datasets.synthesis import SynthesisRecord
from ssbml.fields import FIELDS

PROCESS_COLUMNS = (
    "route", "precursors",
    "calcination_temp_c", "calcination_time_h", "calcination_atmosphere", "calcination_steps",
    "sintering_temp_c", "sintering_time_h", "atmosphere",
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
_MILLING_TOKENS = ("mill",)
_QUENCHED = "quench"


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
    if kind == "unassigned" and main.temperature_c is not None:
        flags.append("sintering_unassigned")
    if kind == "sintering" and len(main.temperatures_c) > 1 and main.temperature_c is None:
        flags.append("several_temperatures")
    return flags


def _route(record: SynthesisRecord, steps: Sequence[Step]) -> str:
    """Return the collection's route, or a melt or milling route where the operations show one."""
    melting = [i for i, step in enumerate(steps) if step.kind == "melting"]
    if melting:
        fired_later = any(step.kind == "unassigned" for step in steps[melting[-1] + 1 :])
        return "glass_crystallization" if fired_later else "melt_quench"
    fired = any(step.kind != "drying" for step in steps)
    milled = any(m in op.token for op in record.operations for m in _MILLING_TOKENS)
    if record.collection == "solid_state" and milled and not fired:
        return "mechanochemical"
    return record.collection
