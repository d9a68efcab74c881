"""OBELiX: measured room-temperature conductivities with structures, and its official split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssbml.chemistry.formula import FormulaError, parse_electrolyte
from ssbml.datasets.compiled import (
    charge_flags,
    conductivity,
    family_name,
    joined,
    read_csv,
)
from ssbml.datasets.doi import read_paper
from ssbml.datasets.formulas import plain_formula
from ssbml.datasets.registry import fetch, public_files
from ssbml.datasets.report import ReadReport, Rejects, finish
from ssbml.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "obelix"
FILE = "obelix/all.csv"
_SPLIT_FILES = {"train": "obelix/train_idx.csv", "test": "obelix/test_idx.csv"}
_SIGMA = "Ionic conductivity (S cm-1)"
_COLUMNS = (
    "ID", "Reduced Composition", "True Composition", _SIGMA, "IC (Total)", "IC (Bulk)",
    "Space group", "Space group #", "Family", "DOI", "note",
)  # fmt: skip
_SAME_SHARE = 0.005


def read_obelix() -> tuple[pd.DataFrame, ReadReport]:
    """Return the OBELiX records as recipe rows.

    The formula is the reduced composition where it agrees with the true composition (the content
    of the unit cell). Where they disagree, or the reduced one holds no lithium, it is the true
    composition unless only the reduced one is charge-balanced; the row is flagged
    ``composition_disagrees``. Total and bulk
    conductivities are taken where they are given; otherwise the value counts as unspecified, and
    ``<1E-10`` as an upper bound. All values are for room temperature.

    Returns
    -------
    table : DataFrame
        Every field of `ssbml.fields.FIELDS`.
    report : ReadReport

    Raises
    ------
    DataError
        The file cannot be had or its header has changed.
    """
    rows: list[dict[str, Any]] = []
    rejects = Rejects()
    for record in read_csv(fetch(FILE), _COLUMNS):
        name = f"{SOURCE}:{record['ID'].strip()}"
        try:
            rows.append(_row(name, record))
        except FormulaError as error:
            value = f"{record['Reduced Composition']} ({error})"
            rejects.add(name, value, "the composition cannot be read")
        except ValueError as error:
            rejects.add(name, error, "the conductivity is not a number")
    return finish(SOURCE, rows, rejects)


_RHOMBOHEDRAL = frozenset({146, 148, 155, 160, 161, 166, 167})
_CRYSTAL_SYSTEMS = {"orthorhombic": (16, 74), "tetragonal": (75, 142), "cubic": (195, 230)}
"""Space group numbers (International Tables for Crystallography A); R lattices are apart."""


def obelix_split() -> dict[str, str]:
    """Return the official split.

    Returns
    -------
    dict of str to str
        ``sample_id`` to ``train`` or ``test``.

    Raises
    ------
    DataError
        A file cannot be had, its header has changed, or a sample is on both sides.
    """
    split: dict[str, str] = {}
    for side, name in _SPLIT_FILES.items():
        for record in read_csv(fetch(name), ("ID",)):
            sample = f"{SOURCE}:{record['ID'].strip()}"
            if split.setdefault(sample, side) != side:
                raise DataError(f"{name}: {sample} is on both sides of the official split")
    return split


def _row(name: str, record: dict[str, str]) -> dict[str, Any]:
    paper = read_paper(record["DOI"])
    formula, flags = _formula(record)
    sigma = _conductivities(record)
    if not sigma:
        raise ValueError("no conductivity is given")
    note = record["note"].strip()
    space_group = record["Space group"].strip()
    evidence = f"OBELiX all.csv, ID {record['ID'].strip()}, space group {space_group}"
    return {
        "formula": formula,
        "family": family_name(record["Family"]),
        **sigma,
        "sample_id": name,
        "source": SOURCE,
        "doi": paper.doi,
        "other_dois": joined(paper.others),
        "title": paper.citation,
        "url": public_files()[FILE].url,
        "found_in": "table",
        "phase_main": _phase(record["Space group #"]),
        "evidence": f"{evidence}; OBELiX notes: {note}" if note else evidence,
        "paper_key": paper.key(public_files()[FILE].url),
        "flags": joined([*flags, *paper.flags, *charge_flags(formula)]),
    }


def _phase(number: str) -> str | None:
    """Return the main phase that a space group number stands for; None when it cannot be read."""
    try:
        group = int(float(number))
    except ValueError:
        return None
    if group in _RHOMBOHEDRAL:
        return "rhombohedral"
    for name, (first, last) in _CRYSTAL_SYSTEMS.items():
        if first <= group <= last:
            return name
    return "other"


def _conductivities(record: dict[str, str]) -> dict[str, float]:
    """Return total and bulk where given; the headline value only where neither is."""
    stated = {
        **conductivity(record["IC (Total)"], "total"),
        **conductivity(record["IC (Bulk)"], "bulk"),
    }
    return stated or conductivity(record[_SIGMA])


def _formula(record: dict[str, str]) -> tuple[str, list[str]]:
    true = record["True Composition"].strip()
    try:
        reduced = plain_formula(record["Reduced Composition"]).text
    except FormulaError:
        return plain_formula(true).text, ["composition_disagrees"]
    if not true or _same(reduced, true):
        return reduced, []
    trusted = reduced if charge_flags(true) and not charge_flags(reduced) else true
    return trusted, ["composition_disagrees"]


def _same(first: str, second: str) -> bool:
    """Tell whether the atomic shares of two formulas differ by less than 0.005."""
    a, b = parse_electrolyte(first), parse_electrolyte(second)
    total_a, total_b = sum(a.values()), sum(b.values())
    elements = {*a, *b}
    return all(
        abs(a.get(e, 0.0) / total_a - b.get(e, 0.0) / total_b) < _SAME_SHARE for e in elements
    )
