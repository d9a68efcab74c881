"""The corrected copy of a lab file: canonical columns, and a column that says what to mend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.lab.headers import PROBLEM_COLUMN
from ssbml.tables.write import check_target, defused, replaced, write_table

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.lab.read import LabFile

_MARK = "FFF2CC"
_WIDE = 60


def corrected_path(path: str | Path) -> Path:
    """Return where the corrected copy of a lab file goes: ``lab.xlsx`` to ``lab.corrected.xlsx``.

    The copy of a Parquet file is a CSV file, which people can edit.
    """
    path = Path(path)
    suffix = ".csv" if path.suffix.lower() == ".parquet" else path.suffix.lower()
    return path.with_name(f"{path.stem}.corrected{suffix}")


def write_corrected(lab: LabFile, path: str | Path) -> Path:
    """Write the corrected copy of a lab file, whole or not at all.

    Good cells stand in the units of the field table; cells that cannot be used stand as they were
    typed, and ``problem`` says why. Text that a spreadsheet program would run gets a leading
    apostrophe.

    Parameters
    ----------
    lab : LabFile
        A lab file as read.
    path : str or Path
        Target, ``.csv`` or ``.xlsx``; an existing file is replaced.

    Returns
    -------
    Path
        The target.

    Raises
    ------
    TableError
        The target cannot be written.
    """
    path = check_target(path)
    frame = lab.corrected.rename(columns=defused)
    if path.suffix.lower() == ".xlsx":
        with replaced(path) as temporary:
            _write_workbook(frame, temporary)
    else:
        write_table(frame, path)
    return path


def _write_workbook(frame: pd.DataFrame, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "samples"
    for column, name in enumerate(frame.columns, start=1):
        head = sheet.cell(1, column)
        _put(head, str(name))
        head.font = Font(bold=True)
    mark = PatternFill("solid", start_color=_MARK)
    for row, cells in enumerate(frame.itertuples(index=False), start=2):
        for column, value in enumerate(cells, start=1):
            _put(sheet.cell(row, column), value)
        if cells[0]:
            for column in range(1, len(frame.columns) + 1):
                sheet.cell(row, column).fill = mark
    sheet.freeze_panes = "B2"
    if frame.columns[0] == PROBLEM_COLUMN:
        sheet.column_dimensions["A"].width = _WIDE
    with path.open("wb") as stream:
        book.save(stream)


def _put(cell: Any, value: Any) -> None:
    """Write one cell, text always as text."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if is_missing(value):
        return
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", defused(value))
        cell.data_type = "s"
    elif isinstance(value, (bool, int, float)):
        cell.value = value
    else:
        cell.value = defused(str(value))
