"""A check of anybody's table of samples: cells that cannot be used, and doubts about the others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.chemistry.charge import WARN_IMBALANCE, charge_imbalance, relative_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.datasets.checks import contradicts_itself, sigma_outliers
from ssbml.datasets.load import load_dataset
from ssbml.errors import Problem
from ssbml.fields import FIELDS
from ssbml.tables.read import FIRST_FILE_ROW, read_table
from ssbml.tables.validate import Validated, validate

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in a file.

    Attributes
    ----------
    n_rows : int
        Rows of the file.
    table : DataFrame
        The good rows, all fields as columns.
    problems : list of Problem
        Every cell that cannot be used; rows are spreadsheet lines (header = 1).
    warnings : list of Problem
        Doubts about good rows: charge balance, conductivities far from published ones (mS/cm read
        as S/cm), values that contradict each other.
    ignored : dict
        Unknown columns, each with the known name it resembles (or an empty string).
    """

    n_rows: int
    table: pd.DataFrame
    problems: list[Problem]
    warnings: list[Problem]
    ignored: dict[str, str]


def validate_file(path: str | Path) -> FileReport:
    """Check a file of samples, recipe columns and measured outcomes alike.

    Parameters
    ----------
    path : str or Path
        A ``.csv``, ``.xlsx`` or ``.parquet`` file.

    Returns
    -------
    FileReport

    Raises
    ------
    TableError
        The file cannot be read as a table at all.
    """
    raw = read_table(path)
    checked = validate(raw, columns=FIELDS, first_row=FIRST_FILE_ROW)
    return FileReport(
        n_rows=len(raw),
        table=checked.table,
        problems=checked.problems,
        warnings=table_warnings(checked, first_row=FIRST_FILE_ROW),
        ignored=checked.ignored,
    )


def table_warnings(checked: Validated, *, first_row: int = 0) -> list[Problem]:
    """Return the doubts about the good rows of a validated table, in row order.

    Parameters
    ----------
    checked : Validated
        Outcome of `ssbml.tables.validate.validate`.
    first_row : int, default 0
        Number of the first row in messages (2 for files).
    """
    table = checked.table
    row = {
        label: int(at) + first_row for label, at in zip(table.index, checked.positions, strict=True)
    }
    found = [*_charge(table, row), *_contradictions(table, row), *_outliers(table, row)]
    return sorted(found, key=lambda problem: problem.row)


def _charge(table: pd.DataFrame, row: dict[object, int]) -> list[Problem]:
    if len(table) == 0:
        return []
    amounts = composition_matrix([parse_formula(f) for f in table["formula"]])
    share, charge = relative_imbalance(amounts), charge_imbalance(amounts)
    return [
        Problem(
            row[label],
            label,
            "formula",
            table.at[label, "formula"],
            f"not charge balanced: {charge[i]:+.3g} per formula with the usual oxidation states "
            f"({100 * share[i]:.1f} % of the cation charge)",
            "check the amounts",
        )
        for i, label in enumerate(table.index)
        if share[i] > WARN_IMBALANCE
    ]


def _contradictions(table: pd.DataFrame, row: dict[object, int]) -> list[Problem]:
    return [
        Problem(row[label], label, column, cells[column], text)
        for label, cells in table.iterrows()
        for column, text in contradicts_itself(cells)
    ]


def _outliers(table: pd.DataFrame, row: dict[object, int]) -> list[Problem]:
    return [
        Problem(row[label], label, column, table[column].to_dict()[label], text)
        for label, (column, text) in sigma_outliers(table, reference=load_dataset()).items()
    ]
