"""Doped LLZO garnets with site stoichiometries, density, conductivity and activation energy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.datasets.compiled import charge_flags, check_header, joined
from ssbml.datasets.doi import read_paper
from ssbml.datasets.registry import fetch, public_files
from ssbml.datasets.report import ReadReport, Rejects, finish
from ssbml.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SOURCE = "llzo_garnets"
FILE = "llzo_garnets/LLZO database full.xlsx"
SHEET = "Dataset (pre-process)"
_SITES = {"li": "Li", "la": "La", "zr": "Zr"}
_COLUMNS = (
    "source", "rel_dens_%", "conductivity", "act_energy",
    *(f"{site}{part}" for site in _SITES for part in ("_sto", "_dop_sto", "_dopant")),
)  # fmt: skip
_HEADER_ROW = 1


def read_garnets() -> tuple[pd.DataFrame, ReadReport]:
    """Return the garnet records as recipe rows.

    The formula is put together from the amounts on the Li, La and Zr sites with twelve oxygens; one
    whose charges do not balance keeps the flag ``charge_imbalance``. The basis of the activation
    energies is unknown, the conductivities are unspecified.

    Returns
    -------
    table : DataFrame
        Every field of `ssbml.fields.FIELDS`.
    report : ReadReport

    Raises
    ------
    DataError
        The file cannot be had, is no workbook, or its sheet or header has changed.
    """
    frame = _sheet(fetch(FILE))
    check_header(FILE, [str(c) for c in frame.columns], _COLUMNS)
    rows: list[dict[str, Any]] = []
    rejects = Rejects()
    for position, record in enumerate(frame.to_dict("records")):
        line = position + _HEADER_ROW + 1
        name = f"{SOURCE}:{line}"
        try:
            rows.append(_row(name, line, {str(k): v for k, v in record.items()}))
        except (TypeError, ValueError) as error:
            rejects.add(name, error, "the site amounts cannot be read")
    return finish(SOURCE, rows, rejects)


def _sheet(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_excel(path, sheet_name=SHEET)
    except Exception as error:
        raise DataError(f"{path.name}: the sheet '{SHEET}' cannot be read ({error})") from error


def _row(name: str, line: int, record: dict[str, Any]) -> dict[str, Any]:
    cell = str(record["source"])
    paper = read_paper(cell)
    formula = site_formula(record)
    energy = record["act_energy"]
    evidence = f"sheet '{SHEET}', line {line}"
    remark = cell[cell.find("[") :] if "[" in cell else ""
    return {
        "formula": formula,
        "family": "garnet",
        "sigma_unspecified_s_cm": record["conductivity"],
        "activation_energy_ev": energy,
        "activation_energy_basis": None if is_missing(energy) else "unknown",
        "relative_density_pct": record["rel_dens_%"],
        "sample_id": name,
        "source": SOURCE,
        "doi": paper.doi,
        "other_dois": joined(paper.others),
        "url": public_files()[FILE].url,
        "found_in": "table",
        "evidence": f"{evidence}; source cell says {remark}" if remark else evidence,
        "paper_key": paper.key(public_files()[FILE].url),
        "flags": joined([*paper.flags, *charge_flags(formula)]),
    }


def site_formula(record: Mapping[str, Any]) -> str:
    """Return the formula of the site amounts, dopants behind their site.

    Parameters
    ----------
    record : mapping
        ``li_sto``, ``li_dop_sto``, ``li_dopant`` and the same for ``la`` and ``zr``.

    Raises
    ------
    ValueError
        An amount is blank or negative.
    """
    parts: list[str] = []
    for site, host in _SITES.items():
        parts.append(_amount(host, record[f"{site}_sto"]))
        dopant, amount = record[f"{site}_dopant"], record[f"{site}_dop_sto"]
        if not is_missing(dopant):
            parts.append(_amount(str(dopant).strip().capitalize(), amount))
    return "".join(parts) + "O12"


def _amount(element: str, amount: Any) -> str:
    value = float(amount)
    if value != value or value < 0:
        raise ValueError(f"{element} {amount}: an amount of zero or more is expected")
    return f"{element}{value:g}" if value > 0 else ""
