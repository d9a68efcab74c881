"""Lab files of every type to sheets, refused by their size before they are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ssbml.errors import TableError
from ssbml.lab.sheet import MAX_CELLS, MAX_ROWS, Sheet, sheet_of, too_many_rows
from ssbml.lab.workbook import read_workbook
from ssbml.tables.read import FIRST_FILE_ROW, check_path, csv_lines

_MAX_CSV_BYTES = 100 * 1024 * 1024
_DELIMITERS = (",", ";", "\t")


def read_sheet(path: Path) -> Sheet:
    """Return the cells of a CSV, Excel or Parquet file.

    Raises
    ------
    TableError
        No such file, another type, unreadable, empty, or larger than a lab file may be.
    """
    check_path(path)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _read_csv(path)
    if suffix == ".parquet":
        return _read_parquet(path)
    return read_workbook(path)


def _read_csv(path: Path) -> Sheet:
    if path.stat().st_size > _MAX_CSV_BYTES:
        raise TableError(
            f"{path.name} is larger than {_MAX_CSV_BYTES // 2**20} MB; keep only the samples that "
            "were measured"
        )
    with path.open("rb") as stream:
        n_lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
    if n_lines > 2 * MAX_ROWS:
        raise too_many_rows(path, n_lines)
    delimiter, lines = _delimited(path)
    notes = [] if delimiter == "," else [f"columns are separated by {_word(delimiter)}"]
    body = list(enumerate(lines[1:], start=FIRST_FILE_ROW))
    for number, cells in body:
        if len(cells) > len(lines[0]) and any(c.strip() for c in cells[len(lines[0]) :]):
            raise TableError(
                f"{path.name}, line {number}: {len(cells)} cells but {len(lines[0])} columns; put "
                "cells that hold a comma in double quotes"
            )
    return sheet_of(lines[0], body, path, notes=notes)


def _delimited(path: Path) -> tuple[str, list[list[str]]]:
    """Return the delimiter that gives the header most columns, and all lines."""
    counts = {d: len(csv_lines(path, d, 1)[0]) for d in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda d: counts[d])
    return best, csv_lines(path, best)


def _word(delimiter: str) -> str:
    return "tabs" if delimiter == "\t" else "semicolons"


def _read_parquet(path: Path) -> Sheet:
    import pandas as pd
    import pyarrow.parquet as pq

    try:
        meta = pq.ParquetFile(path).metadata
        n_rows, n_cells = meta.num_rows, meta.num_rows * meta.num_columns
    except Exception as error:
        raise TableError(f"{path.name}: not a readable Parquet file ({error})") from None
    if n_rows > MAX_ROWS:
        raise too_many_rows(path, n_rows)
    if n_cells > MAX_CELLS:
        raise TableError(f"{path.name} has {n_cells:,} cells; keep the columns of the template")
    try:
        frame = pd.read_parquet(path)
    except Exception as error:
        raise TableError(f"{path.name}: not a readable Parquet file ({error})") from None
    columns = [frame.iloc[:, i].astype(object).tolist() for i in range(frame.shape[1])]
    rows = [[_plain(cell) for cell in cells] for cells in zip(*columns, strict=True)]
    body = list(enumerate(rows, start=FIRST_FILE_ROW))
    return sheet_of([str(c) for c in frame.columns], body, path)


def _plain(cell: Any) -> Any:
    """Return lists as lists, whatever holds them in the file."""
    return cell.tolist() if type(cell).__name__ == "ndarray" else cell
