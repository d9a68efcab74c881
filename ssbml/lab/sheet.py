"""One sheet of a lab file as it stands: header, cells, spreadsheet lines; nothing interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssbml.cells import is_missing
from ssbml.errors import TableError

MAX_ROWS = 50_000
"""Rows that a lab file may have: a thousand times more than a furnace fires in a year."""

MAX_CELLS = 1_000_000
"""Cells that a lab file may have."""

MAX_COLUMNS = 2_000
"""Columns that a lab file may have, most of them ignored."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged cells below the header: spreadsheet lines and 0-based columns, both included."""

    first_line: int
    last_line: int
    first_column: int
    last_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells of a lab file.

    Attributes
    ----------
    headers : list of str
        First line; empty texts where a column has no name.
    rows : list of list
        Cells of each row that is not blank, as many as headers.
    lines : list of int
        Spreadsheet line of each row (the header is line 1).
    notes : list of str
        What people should know of how it was read.
    merged : list of Merged
        Merged cells.
    percent : frozenset of (int, int)
        Spreadsheet line and column of the numbers that are shown as a percentage: 0.95 for 95 %.
    name : str
        Name of the sheet; empty for files without sheets.
    """

    headers: list[str]
    rows: list[list[Any]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    percent: frozenset[tuple[int, int]] = frozenset()
    name: str = ""


def too_many_rows(path: Path, n_rows: int, where: str = "") -> TableError:
    """Return the error for a file with more rows than a lab file may have."""
    advice = (
        "if most of them are empty, delete the empty rows below the data and save it again"
        if where
        else "split it"
    )
    return TableError(
        f"{path.name}: {where or 'the file'} has {n_rows:,} rows, a lab file may have "
        f"{MAX_ROWS:,}; {advice}, or keep only the samples that were measured"
    )


def sheet_of(
    headers: Sequence[Any], body: Sequence[tuple[int, Sequence[Any]]], path: Path, **more: Any
) -> Sheet:
    """Return a sheet without its blank rows and without blank columns at its end.

    Parameters
    ----------
    headers : sequence
        First line.
    body : sequence of (int, sequence)
        Spreadsheet line and cells of each row.
    path : Path
        For messages.
    **more : object
        Other attributes of `Sheet`.

    Raises
    ------
    TableError
        There are no rows, too many cells, or cells beyond the last header.
    """
    kept = [(line, list(cells)) for line, cells in body if not all(map(is_missing, cells))]
    if not kept:
        raise TableError(f"{path.name} has a header but no rows")
    names = ["" if is_missing(h) else str(h).strip() for h in headers]
    width = max(len(names), *(len(cells) for _, cells in kept))
    names += [""] * (width - len(names))
    while names and not names[-1] and _is_blank(kept, len(names) - 1):
        names.pop()
    if len(kept) > MAX_ROWS:
        raise too_many_rows(path, len(kept))
    if len(names) > MAX_COLUMNS or len(kept) * len(names) > MAX_CELLS:
        raise TableError(
            f"{path.name} has {len(kept):,} rows of {len(names):,} columns; keep the columns of "
            "the template"
        )
    rows = [(cells + [None] * len(names))[: len(names)] for _, cells in kept]
    return Sheet(names, rows, [line for line, _ in kept], **more)


def _is_blank(body: Sequence[tuple[int, Sequence[Any]]], position: int) -> bool:
    return all(is_missing(cells[position]) for _, cells in body if len(cells) > position)
