"""Laskowski et al., Energy Environ. Sci. 16 (2023) 1264: table of the supplement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssbml.chemistry.formula import FormulaError
from ssbml.datasets.compiled import charge_flags, conductivity, joined, read_csv
from ssbml.datasets.doi import Paper, read_paper
from ssbml.datasets.formulas import PlainFormula, plain_formula
from ssbml.datasets.laskowski_lines import Record, assemble
from ssbml.datasets.registry import fetch, public_files
from ssbml.datasets.report import ReadReport, Rejects, finish
from ssbml.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "laskowski"
FILE = "laskowski/laskowski_semi-formatted.csv"
REFERENCES = "laskowski/doi_lookup_table.csv"
_BARE_METALS = frozenset({"Al", "Ga"})


def read_laskowski() -> tuple[pd.DataFrame, ReadReport]:
    """Return the Laskowski records as recipe rows.

    Conductivities are for room temperature and unspecified; the basis of the activation energies is
    unknown. A second component given in wt% becomes the additive, except a metal that dissolves in
    the host (Al, Ga), which makes the formula a placeholder.

    Returns
    -------
    table : DataFrame
        Every field of `ssbml.fields.FIELDS`.
    report : ReadReport

    Raises
    ------
    DataError
        A file cannot be had, its header has changed, or it is not text.
    """
    papers = _papers()
    try:
        text = fetch(FILE).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{FILE}: not UTF-8 text ({error.reason}); fetch it again") from None
    rows: list[dict[str, Any]] = []
    rejects = Rejects()
    for record in assemble(text):
        name = f"{SOURCE}:{record.line}"
        written = " ".join(record.formula)
        if not record.complete or not record.formula:
            rejects.add(name, written, "the lines of the record do not pair up")
            continue
        try:
            rows.append(_row(name, record, papers))
        except FormulaError as error:
            rejects.add(name, f"{written} ({error})", "the composition cannot be read")
        except ValueError as error:
            rejects.add(name, error, "the conductivity is not a number")
    return finish(SOURCE, rows, rejects)


def _papers() -> dict[str, Paper]:
    """Return the papers by reference number."""
    table = read_csv(fetch(REFERENCES), ("ref. number", "DOI"))
    return {row["ref. number"].strip(): read_paper(row["DOI"]) for row in table}


def _paper(reference: str, papers: dict[str, Paper]) -> tuple[Paper, list[str]]:
    """Return the paper of a reference cell, which may hold a range such as ``194-195``."""
    if not reference:
        return Paper(), ["no_reference"]
    numbers = reference.split("-")
    found = [papers[number] for number in numbers if number in papers]
    dois = [paper.doi for paper in found if paper.doi]
    if not dois:
        return Paper(), ["no_reference"]
    return read_paper("|".join(dois)), []


def _row(name: str, record: Record, papers: dict[str, Paper]) -> dict[str, Any]:
    formula = plain_formula(record.formula)
    paper, flags = _paper(record.reference, papers)
    if formula.repaired:
        flags.append("formula_repaired")
    place = f"Laskowski table, line {record.line}, reference {record.reference or 'not given'}"
    return {
        "formula": formula.text,
        **_added(formula),
        **conductivity(record.sigma),
        "activation_energy_ev": record.energy or None,
        "activation_energy_basis": "unknown" if record.energy else None,
        "sample_id": name,
        "source": SOURCE,
        "doi": paper.doi,
        "other_dois": joined(paper.others),
        "url": public_files()[FILE].url,
        "found_in": "table",
        "evidence": f"{place}, space group {record.group}" if record.group else place,
        "paper_key": paper.key(public_files()[FILE].url),
        "flags": joined([*flags, *paper.flags, *charge_flags(formula.text)]),
    }


def _added(formula: PlainFormula) -> dict[str, Any]:
    if not formula.additive:
        return {}
    if formula.additive in _BARE_METALS:
        note = f"with {formula.additive_wt_pct:g} wt% {formula.additive}"
        return {"formula_basis": "placeholder", "dopant_note": note}
    return {"additive": formula.additive, "additive_wt_pct": formula.additive_wt_pct}
