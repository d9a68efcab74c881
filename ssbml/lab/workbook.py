"""Excel files as they stand: the first visible sheet with samples, formulas as text."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import TableError
from ssbml.lab.headers import plain
from ssbml.lab.sheet import MAX_CELLS, MAX_ROWS, Merged, Sheet, sheet_of, too_many_rows
from ssbml.tables.read import FIRST_FILE_ROW

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_MAX_UNPACKED = 100 * 1024 * 1024
_PLAIN = (str, int, float, bool, datetime.date, datetime.time, datetime.timedelta, type(None))


def read_workbook(path: Path) -> Sheet:
    """Return the cells of the first visible sheet that has a formula column, else of the first.

    Size and the stated dimensions are checked before anything is loaded; formulas are never
    evaluated, their text is the cell.

    Raises
    ------
    TableError
        The file is no workbook, damaged, too large, or has no visible sheet with rows.
    """
    _check_size(path)
    book = _open(path, read_only=True)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                _check_dimension(sheet, path)
    finally:
        book.close()
    book = _open(path, read_only=False)
    visible = [s for s in book.worksheets if s.sheet_state == "visible"]
    if not visible:
        raise TableError(f"{path.name} has no visible sheet with cells")
    chosen = next((s for s in visible if _has_formula_column(s)), visible[0])
    return _sheet(chosen, book, path)


def _open(path: Path, *, read_only: bool) -> Workbook:
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, read_only=read_only, data_only=False, keep_links=False)
    except Exception as error:
        raise TableError(f"{path.name}: not a readable .xlsx file ({_short(error)})") from None


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise TableError(f"{path.name}: not a readable .xlsx file ({_short(error)})") from None
    if unpacked > _MAX_UNPACKED:
        raise TableError(
            f"{path.name} unpacks to {unpacked / 2**20:,.0f} MB, more than a lab file can need; "
            "delete the empty rows below the data and sheets with raw curves, and save it again"
        )


def _check_dimension(sheet: Any, path: Path) -> None:
    """Refuse a sheet by what it says of its own size, and one that says nothing by counting."""
    try:
        rows, columns = sheet.max_row, sheet.max_column
        if rows is None or columns is None:
            rows, columns = _counted(sheet)
    except Exception as error:
        raise TableError(f"{path.name}: not a readable .xlsx file ({_short(error)})") from None
    where = f"sheet '{sheet.title}'"
    if rows > MAX_ROWS + 1:
        raise too_many_rows(path, rows - 1, where)
    if rows * columns > MAX_CELLS:
        raise TableError(
            f"{path.name}: {where} spans {rows:,} rows and {columns:,} columns; delete what is "
            "empty or not needed around the data and save it again"
        )


def _counted(sheet: Any) -> tuple[int, int]:
    rows = columns = 0
    for cells in sheet.iter_rows(values_only=True):
        rows, columns = rows + 1, max(columns, len(cells))
        if rows > MAX_ROWS + 1:
            break
    return rows, columns


def _has_formula_column(sheet: Worksheet) -> bool:
    from ssbml.lab.aliases import alias_table

    table = alias_table()
    for cell in next(sheet.iter_rows(min_row=1, max_row=1, values_only=True), ()):
        if isinstance(cell, str) and "formula" in table.get(plain(cell), ()):
            return True
    return False


def _sheet(sheet: Worksheet, book: Workbook, path: Path) -> Sheet:
    if sheet.max_row > MAX_ROWS + 1:
        raise too_many_rows(path, sheet.max_row - 1, f"sheet '{sheet.title}'")
    lines: list[list[Any]] = []
    percent: set[tuple[int, int]] = set()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        lines.append([_value(cell) for cell in cells])
        percent.update(
            (number, position)
            for position, cell in enumerate(cells)
            if isinstance(cell.value, (int, float)) and "%" in str(cell.number_format)
        )
    if not lines:
        raise TableError(f"{path.name}: sheet '{sheet.title}' is empty")
    merged = [
        Merged(r.min_row, r.max_row, r.min_col - 1, r.max_col - 1, str(r))
        for r in sheet.merged_cells.ranges
        if r.max_row >= FIRST_FILE_ROW
    ]
    return sheet_of(
        lines[0],
        list(enumerate(lines[1:], start=FIRST_FILE_ROW)),
        path,
        notes=_notes(sheet, book),
        merged=merged,
        percent=frozenset(percent),
        name=sheet.title,
    )


def _value(cell: Any) -> Any:
    """Return what stands in a cell; array formulas and the like as the text of a formula."""
    value = cell.value
    if isinstance(value, _PLAIN):
        return value
    text = getattr(value, "text", None)
    return str(text) if isinstance(text, str) else f"={type(value).__name__}"


def _notes(sheet: Worksheet, book: Workbook) -> list[str]:
    others = [
        f"'{s.title}'{' (hidden)' if s.sheet_state != 'visible' else ''}"
        for s in book.worksheets
        if s is not sheet
    ]
    notes = [f"sheet '{sheet.title}' was read"]
    if others:
        notes[0] += f", not {', '.join(others[:5])}{', ...' if len(others) > 5 else ''}"
    hidden = sum(1 for d in sheet.row_dimensions.values() if d.hidden)
    if hidden:
        notes.append(f"{hidden:,} hidden rows were read too")
    return notes
