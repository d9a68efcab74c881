"""The Liverpool Ionics Dataset: conductivities with temperature and paper."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ssbml.chemistry.formula import FormulaError
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

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "liverpool"
FILE = "liverpool/LiIonDatabase.csv"
_COLUMNS = ("ID", "composition", "source", "temperature", "target", "family")
_FORMS = {"glass": "glass", "glass-ceramic": "glass-ceramic"}


def read_liverpool() -> tuple[pd.DataFrame, ReadReport]:
    """Return the Liverpool records as recipe rows.

    Conductivities are unspecified (the source does not say total or bulk), with the temperature of
    the measurement. The classes Glass and Glass-Ceramic give the form. An ID that
    stands twice gets the suffix ``:2``.

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
    seen: Counter[str] = Counter()
    for record in read_csv(fetch(FILE), _COLUMNS):
        name = f"{SOURCE}:{record['ID'].strip()}"
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name}:{seen[name]}"
        try:
            rows.append(_row(name, record))
        except FormulaError as error:
            rejects.add(
                name, f"{record['composition']} ({error})", "the composition cannot be read"
            )
        except ValueError as error:
            rejects.add(name, error, "the conductivity is not a number")
    return finish(SOURCE, rows, rejects)


def _row(name: str, record: dict[str, str]) -> dict[str, Any]:
    paper = read_paper(record["source"])
    formula = plain_formula(record["composition"])
    sigma = conductivity(record["target"])
    if not sigma:
        raise ValueError("no conductivity is given")
    repaired = ["formula_repaired"] if formula.repaired else []
    return {
        "formula": formula.text,
        "family": family_name(record["family"]),
        "form": _FORMS.get(record["family"].strip().lower()),
        "temperature_c": record["temperature"].strip(),
        **sigma,
        "sample_id": name,
        "source": SOURCE,
        "doi": paper.doi,
        "other_dois": joined(paper.others),
        "title": paper.citation,
        "url": public_files()[FILE].url,
        "found_in": "table",
        "evidence": f"Liverpool Ionics Dataset, ID {record['ID'].strip()}",
        "paper_key": paper.key(public_files()[FILE].url),
        "flags": joined([*repaired, *paper.flags, *charge_flags(formula.text)]),
    }
