"""Files to raw tables: CSV, Excel and Parquet."""

from __future__ import annotations

import csv
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".xlsx", ".parquet")
"""File types that are read and written."""

FIRST_FILE_ROW = 2
"""Spreadsheet line of the first data row of a file (the header is line 1)."""

_WRONG_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def read_table(path: str | Path) -> pd.DataFrame:
    """Return a file as a raw table, cells unchecked.

    Parameters
    ----------
    path : str or Path
        A ``.csv`` (UTF-8, comma-separated), ``.xlsx`` (first sheet) or ``.parquet`` file.

    Returns
    -------
    DataFrame
        CSV cells are text; blank lines at the end are dropped; the index counts from 0.

    Raises
    ------
    TableError
        No such file, a directory, an unknown type, another encoding or delimiter, no rows, no
        ``formula`` column, or a column that stands twice.
    """
    path = Path(path)
    check_path(path)
    if path.suffix.lower() == ".csv":
        frame = _read_csv(path)
    elif path.suffix.lower() == ".xlsx":
        frame = _read_excel(path)
    else:
        frame = _read_parquet(path)
    if len(frame) == 0:
        raise TableError(f"{path.name} has a header but no rows")
    return frame


def check_columns(columns: list[str], name: str) -> None:
    """Raise unless the header has a ``formula`` column and no column twice.

    Raises
    ------
    TableError
        With the columns at fault.
    """
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice:
        raise TableError(f"{name}: column {', '.join(twice)} stands more than once; keep one")
    if "formula" not in columns:
        shown = ", ".join(columns[:8]) + (", ..." if len(columns) > 8 else "")
        raise TableError(
            f"{name}: no column 'formula' (found: {shown}); the first line must hold column names"
        )


def check_path(path: Path) -> None:
    """Raise unless there is a file of a known type with something in it.

    Raises
    ------
    TableError
        With what is wrong.
    """
    if path.is_dir():
        raise TableError(f"{path} is a directory; a file ending in {', '.join(SUFFIXES)} is needed")
    if not path.exists():
        raise TableError(f"{path} does not exist")
    if path.suffix.lower() not in SUFFIXES:
        raise TableError(
            f"{path.name}: files ending in {', '.join(SUFFIXES)} are read, not '{path.suffix}'"
        )
    if path.stat().st_size == 0:
        raise TableError(f"{path.name} is empty")


def _decode(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:2000]:
        raise TableError(
            f"{path.name} looks like UTF-16 (Excel's 'Unicode text'); save it as 'CSV UTF-8', "
            ".xlsx or .parquet"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{path.name}, line {line}: not UTF-8 (byte 0x{data[error.start]:02x}, perhaps "
            "Latin-1); save it as 'CSV UTF-8', .xlsx or .parquet"
        ) from None


def csv_lines(path: Path, delimiter: str = ",", limit: int | None = None) -> list[list[str]]:
    """Return the cells of a CSV file without the blank lines at its end.

    Parameters
    ----------
    path : Path
        The file.
    delimiter : str, default ","
        What stands between cells.
    limit : int, optional
        Number of lines to read; all by default.

    Raises
    ------
    TableError
        Another encoding, nothing but blanks, or no CSV.
    """
    text = _decode(path)
    if not text.strip():
        raise TableError(f"{path.name} is empty")
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = list(islice(reader, limit))
    except csv.Error as error:
        raise TableError(f"{path.name}: not a readable CSV file ({error})") from None
    while len(lines) > 1 and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    return lines


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    lines = csv_lines(path)
    header = [name.strip() for name in lines[0]]
    _check_delimiter(header, path.name)
    check_columns(header, path.name)
    for number, line in enumerate(lines[1:], start=FIRST_FILE_ROW):
        if len(line) > len(header) and any(cell.strip() for cell in line[len(header) :]):
            raise TableError(
                f"{path.name}, line {number}: {len(line)} cells but {len(header)} columns; "
                "put cells that hold a comma in double quotes"
            )
    rows = [(line + [""] * len(header))[: len(header)] for line in lines[1:]]
    return pd.DataFrame(rows, columns=header, dtype=object)


def _check_delimiter(header: list[str], name: str) -> None:
    if len(header) > 1:
        return
    for delimiter, word in _WRONG_DELIMITERS.items():
        if delimiter in header[0]:
            raise TableError(
                f"{name}: the columns are separated by {word}, commas are expected; save it as "
                "comma-separated CSV, .xlsx or .parquet"
            )


def _read_excel(path: Path) -> pd.DataFrame:
    import pandas as pd
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        book.close()
    except Exception as error:
        raise TableError(f"{path.name}: not a readable .xlsx file ({error})") from None
    while lines and all(cell is None or str(cell).strip() == "" for cell in lines[-1]):
        lines.pop()
    if not lines:
        raise TableError(f"{path.name}: the first sheet is empty")
    header = ["" if name is None else str(name).strip() for name in lines[0]]
    while header and header[-1] == "":
        header.pop()
    check_columns(header, path.name)
    rows = [(line + [None] * len(header))[: len(header)] for line in lines[1:]]
    return pd.DataFrame(rows, columns=header, dtype=object)


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except Exception as error:
        raise TableError(f"{path.name}: not a readable Parquet file ({error})") from None
    check_columns([str(c) for c in frame.columns], path.name)
    return frame
