"""Corrections of source rows: written down with their reason, applied by the build."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing, split_list
from ssbml.errors import DataError
from ssbml.fields import FIELDS

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("row", "column", "old", "new", "reason")
PAIR_COLUMNS = ("row", "same_as", "kind", "reason")


@dataclass(frozen=True, slots=True)
class Correction:
    """One changed cell.

    Attributes
    ----------
    row : str
        Name of the source row, ``<file stem>:<line number>``.
    column : str
        Field; ``flags`` adds a flag.
    old : str
        What the source row says, empty for a blank.
    new : str
        What shall stand there, empty for a blank.
    reason : str
        Why.
    """

    row: str
    column: str
    old: str
    new: str
    reason: str


def read_corrections(path: Path) -> list[Correction]:
    """Return the corrections of a CSV file.

    Raises
    ------
    DataError
        Another header, an unknown column, or a correction without reason.
    """
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    if tuple(header) != COLUMNS:
        raise DataError(f"{path.name}: the header is {header}, expected {list(COLUMNS)}")
    corrections = []
    for number, line in enumerate(lines, start=2):
        if len(line) != len(COLUMNS) or line[1] not in FIELDS or not line[4].strip():
            raise DataError(
                f"{path.name}, line {number}: a row name, a field, old, new and a reason expected"
            )
        corrections.append(Correction(*line))
    return corrections


def apply_corrections(frame: pd.DataFrame, corrections: list[Correction]) -> pd.DataFrame:
    """Return the source rows with all corrections applied.

    Raises
    ------
    DataError
        A correction names a row that does not exist, or its ``old`` is not what stands there.
    """
    out = frame.copy()
    for name in dict.fromkeys(c.column for c in corrections):
        if name not in out.columns:
            out[name] = None
    for c in corrections:
        if c.row not in out.index:
            raise DataError(f"corrections: there is no source row {c.row}")
        stands = cell_text(out.at[c.row, c.column])
        if c.column == "flags":
            out.at[c.row, "flags"] = "; ".join(dict.fromkeys([*split_list(stands), c.new]))
            continue
        if stands != c.old:
            raise DataError(
                f"corrections: {c.row}, {c.column} is {stands!r}, the correction expects {c.old!r}"
            )
        out.at[c.row, c.column] = c.new or None
    return out


def read_known_pairs(path: Path, kind: str) -> list[tuple[str, str]]:
    """Return the pairs of source rows that a reader found to be one ``sample`` or one ``paper``.

    Raises
    ------
    DataError
        Another header, or an unknown kind.
    """
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    if tuple(header) != PAIR_COLUMNS or any(line[2] not in ("sample", "paper") for line in lines):
        raise DataError(
            f"{path.name}: columns {', '.join(PAIR_COLUMNS)} with kind sample or paper are expected"
        )
    return [(line[0], line[1]) for line in lines if line[2] == kind]


def cell_text(value: Any) -> str:
    """Return a raw or checked cell as the text of a CSV file, empty for a blank."""
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:.12g}"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(part).strip() for part in value)
    return str(value).strip()
