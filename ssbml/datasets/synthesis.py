"""Text-mined syntheses (Kononova et al., Sci. Data 6 (2019) 203): targets, steps, precursors."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ssbml.datasets.amounts import Target, concrete_targets
from ssbml.datasets.papers import normalise_doi
from ssbml.datasets.registry import fetch
from ssbml.datasets.report import ReadReport, Rejects
from ssbml.errors import DataError

SOURCE = "synthesis_conditions"
COLLECTIONS = {
    "solid_state": "synthesis_conditions/solid-state_dataset_2019-12-03.json.xz",
    "sol_gel": "synthesis_conditions/sol-gel_dataset_20200713.json.xz",
}
"""File of each collection; the name is also the route its records took."""

_START = re.compile(r'"reactions":\s*\[\s*?\n([ \t]*)\{')
_LITHIUM = '"Li"'
_PURITY = re.compile(r"\s*\(\d(?:\.\d)?N\)$")
_KELVIN = 273.15
_SAME_TEMPERATURE = 1.0
_HOURS = {"h": 1.0, "hour": 1.0, "hours": 1.0, "hrs": 1.0, "min": 1 / 60, "minutes": 1 / 60,
          "day": 24.0, "days": 24.0, "s": 1 / 3600}  # fmt: skip
_TO_CELSIUS = {"C": 0.0, "°C": 0.0, "K": -_KELVIN}
_RATES = 30.0


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a synthesis paragraph.

    Attributes
    ----------
    kind : str
        Type of the step as the collection names it, such as ``HeatingOperation``.
    token : str
        The verb of the text, lower case.
    temperatures_c : tuple of float
        Temperatures that stand with the verb, °C; heating rates taken for temperatures are
        left out.
    is_range : bool
        Whether the text gives a range ("1000-1350 °C") and not single values.
    times_h : tuple of float
        Times that stand with the verb, h.
    gases : tuple of str
        Atmospheres as written, lower case.
    """

    kind: str
    token: str
    temperatures_c: tuple[float, ...] = ()
    is_range: bool = False
    times_h: tuple[float, ...] = ()
    gases: tuple[str, ...] = ()


@dataclass(frozen=True)
class SynthesisRecord:
    """One synthesis paragraph with a lithium target.

    Attributes
    ----------
    record_id : str
        Collection and position in its file, such as ``solid_state:1234``.
    doi : str
        Normalised DOI of the paper.
    collection : str
        ``solid_state`` or ``sol_gel``.
    target_text : str
        Target formula as written.
    precursors : tuple of str
        Formulas (names where there is no formula) of the starting materials.
    operations : tuple of Operation
        Steps in the order of the text.
    target : mapping
        The target as the collection describes it.
    """

    record_id: str
    doi: str
    collection: str
    target_text: str
    precursors: tuple[str, ...]
    operations: tuple[Operation, ...]
    target: Mapping[str, Any]

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Compositions the target stands for; empty when they cannot be resolved."""
        parts = [(str(part["amount"]), part["elements"]) for part in self.target["composition"]]
        amounts = {
            name: (item["values"] or [], item["min_value"], item["max_value"])
            for name, item in self.target["amounts_vars"].items()
        }
        return tuple(concrete_targets(parts, amounts, self.target["elements_vars"]))


def read_synthesis() -> tuple[tuple[SynthesisRecord, ...], tuple[ReadReport, ...]]:
    """Return all syntheses of lithium compounds and one report per collection.

    Returns
    -------
    records : tuple of SynthesisRecord
        Records with lithium in the target, in file order.
    reports : tuple of ReadReport
        Unreadable records by reason.

    Raises
    ------
    DataError
        A file cannot be had, is cut short or is not laid out as expected.
    """
    records: list[SynthesisRecord] = []
    reports: list[ReadReport] = []
    for collection, name in COLLECTIONS.items():
        found, report = read_collection(fetch(name), collection)
        records.extend(found)
        reports.append(report)
    return tuple(records), tuple(reports)


def read_collection(path: Path, collection: str) -> tuple[list[SynthesisRecord], ReadReport]:
    """Return the lithium records of one ``.json.xz`` file.

    Parameters
    ----------
    path : Path
        The file.
    collection : str
        ``solid_state`` or ``sol_gel``.

    Raises
    ------
    DataError
        The file is cut short, not XZ data, or not laid out as expected.
    """
    records: list[SynthesisRecord] = []
    rejects = Rejects()
    for position, text in enumerate(_reactions(path)):
        if _LITHIUM not in text:
            continue
        name = f"{collection}:{position}"
        try:
            reaction = json.loads(text)
        except ValueError as error:
            rejects.add(name, f"{text.strip()[:80]} ({error})", "the record is not readable JSON")
            continue
        try:
            if not _has_lithium(reaction["target"]):
                continue
            record = _record(name, collection, reaction)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rejects.add(name, f"{type(error).__name__}: {error}", "the record lacks a field")
            continue
        if record is None:
            rejects.add(name, reaction["doi"], "the DOI is not readable")
            continue
        records.append(record)
    report = ReadReport(
        source=f"{SOURCE}/{collection}",
        total=len(records) + len(rejects),
        read=len(records),
        rejected=rejects.frame(),
    )
    return records, report


def _reactions(path: Path) -> Iterator[str]:
    """Yield the text of every reaction, so that one damaged record spoils no other."""
    try:
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
    except (lzma.LZMAError, EOFError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name} is cut short or damaged ({error}); fetch the file again"
        ) from error
    start = _START.search(text)
    if start is None:
        raise DataError(
            f"{path.name}: no list of reactions, one below the other, was found; the file is not "
            "the version that ssbml reads, fetch it again"
        )
    indent = start.group(1)
    body = text[start.end() - 1 :].rstrip().removesuffix("}").rstrip().removesuffix("]").rstrip()
    pieces = body.split(f"\n{indent}}},\n")
    yield from (f"{piece}\n}}" for piece in pieces[:-1])
    yield pieces[-1]


def _has_lithium(target: Mapping[str, Any]) -> bool:
    return any("Li" in part["elements"] for part in target["composition"] or [])


def _record(name: str, collection: str, reaction: Mapping[str, Any]) -> SynthesisRecord | None:
    doi = normalise_doi(reaction["doi"])
    if doi is None:
        return None
    target = reaction["target"]
    written = [p["material_formula"] or p["material_string"] for p in reaction["precursors"]]
    return SynthesisRecord(
        record_id=name,
        doi=doi,
        collection=collection,
        target_text=target["material_formula"] or target["material_string"],
        precursors=tuple(
            dict.fromkeys(_PURITY.sub("", str(text)).strip() for text in written if text)
        ),
        operations=tuple(_operation(item) for item in reaction["operations"]),
        target=target,
    )


def _operation(item: Mapping[str, Any]) -> Operation:
    conditions = item["conditions"] or {}
    temperatures, is_range = _temperatures(conditions.get("heating_temperature") or [])
    return Operation(
        kind=item["type"],
        token=item["token"].lower(),
        temperatures_c=temperatures,
        is_range=is_range,
        times_h=_times(conditions.get("heating_time") or []),
        gases=tuple(gas.lower() for gas in conditions.get("heating_atmosphere") or []),
    )


def _temperatures(items: Iterable[Mapping[str, Any]]) -> tuple[tuple[float, ...], bool]:
    """Return temperatures in °C without repeats in another unit, and whether one is a range.

    Kelvin become whole degrees: 1473 K was written for 1200 °C.
    """
    found: list[float] = []
    is_range = False
    for item in items:
        shift = _TO_CELSIUS.get(item["units"])
        if shift is None:
            continue
        low, high = item["min_value"], item["max_value"]
        values = list(item["values"] or [])
        if not values and high is not None:
            values = [high] if low is None or low == high else [low, high]
            is_range = is_range or len(values) > 1
        for value in values:
            celsius = float(round(value + shift)) if shift or value % 1 else float(value)
            if all(abs(celsius - other) > _SAME_TEMPERATURE for other in found):
                found.append(celsius)
    if any(value > _RATES for value in found):
        found = [value for value in found if value > _RATES]
    return tuple(found), is_range and len(found) > 1


def _times(items: Iterable[Mapping[str, Any]]) -> tuple[float, ...]:
    return tuple(
        float(value) * _HOURS[item["units"]]
        for item in items
        if item["units"] in _HOURS
        for value in item["values"] or []
    )
