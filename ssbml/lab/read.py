"""A lab file to a valid table of samples, with a report of everything that was done to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.errors import Problem
from ssbml.fields import FIELDS, LAB_FIELDS, OUTCOME_FIELDS
from ssbml.lab.files import read_sheet
from ssbml.lab.headers import (
    IGNORED,
    PREDICTION,
    PROBLEM_COLUMN,
    Column,
    letters,
    read_headers,
)
from ssbml.lab.reading import Reading
from ssbml.lab.report import ReadReport
from ssbml.tables.read import FIRST_FILE_ROW
from ssbml.tables.validate import Validated, validate

if TYPE_CHECKING:
    import pandas as pd

EXAMPLE_BATCH = "example"
"""Batch of the template's example rows, which are left out."""


@dataclass(frozen=True, slots=True)
class LabFile:
    """A lab file as read.

    Attributes
    ----------
    table : DataFrame
        The good rows, index from 0; every field of ``FIELDS`` and ``LAB_FIELDS`` as a column in
        its unit. Numbers are float (NaN when blank), everything else object (None when blank).
    others : DataFrame
        Columns of the good rows that are kept and ignored, as they stand; index of ``table``.
    lines : list of int
        Spreadsheet line of each good row.
    report : ReadReport
        What was done, refused and doubted.
    corrected : DataFrame
        All rows in file order: ``problem``, the fields as read (as typed where they cannot be
        used), then the ignored columns.
    """

    table: pd.DataFrame
    others: pd.DataFrame
    lines: list[int]
    report: ReadReport
    corrected: pd.DataFrame


def read_lab(path: str | Path, *, doubts: bool = True) -> LabFile:
    """Read a lab file.

    Parameters
    ----------
    path : str or Path
        A ``.csv`` (UTF-8; commas, semicolons or tabs), ``.xlsx`` or ``.parquet`` file. Headers may
        be written in the field's usual spellings with units.
    doubts : bool, default True
        Also look for doubtful values in good rows (`ssbml.datasets.validation.table_warnings`).

    Returns
    -------
    LabFile
        Bad rows are left out of ``table`` and stand in ``report.problems``.

    Raises
    ------
    TableError
        The file cannot be read at all, is too large, or a header is ambiguous.
    """
    import pandas as pd

    path = Path(path)
    sheet = read_sheet(path)
    columns = read_headers(sheet.headers, path.name)
    reading = Reading(sheet, [c for c in columns if c.field is not None])
    frame = pd.DataFrame({n: pd.Series(c, dtype=object) for n, c in reading.cells.items()})
    checked = validate(frame, columns=FIELDS)
    reading.take_problems(checked.problems)
    examples = _examples(reading)
    bad = {p.row for p in reading.problems}
    lines = sheet.lines
    good = [i for i in checked.positions.tolist() if lines[i] not in bad and i not in examples]
    table = checked.table.loc[good].copy()
    for name in LAB_FIELDS:
        table[name] = [_text(reading.cells.get(name), i) for i in good]
    others = _others(reading, columns)
    example_lines = {lines[i] for i in examples}
    report = ReadReport(
        file=path.name,
        n_rows=len(lines) - len(examples),
        n_good=len(good),
        renamed={reading.header_of[n]: n for n in reading.cells
                 if reading.header_of.get(n, n) != n},
        changes=sorted((c for c in reading.changes if c.row not in example_lines),
                       key=lambda c: c.row),
        ignored={c.header: c.note for c in columns if c.field is None},
        problems=sorted((p for p in reading.problems if p.row not in example_lines),
                        key=lambda p: p.row),
        warnings=_warnings(reading, table) if doubts else [],
        notes=[*sheet.notes, *_assumed(reading), *_said(table, len(examples))],
    )  # fmt: skip
    return LabFile(
        table.reset_index(drop=True),
        others.loc[good].reset_index(drop=True),
        [lines[i] for i in good],
        report,
        _corrected(reading, others, examples),
    )


def _examples(reading: Reading) -> frozenset[int]:
    batches = reading.cells.get("batch", [])
    return frozenset(
        i
        for i, batch in enumerate(batches)
        if isinstance(batch, str) and batch.strip().casefold() == EXAMPLE_BATCH
    )


def _text(cells: list[Any] | None, position: int) -> str | None:
    value = cells[position] if cells else None
    return None if is_missing(value) else str(value).strip()


def _warnings(reading: Reading, table: pd.DataFrame) -> list[Problem]:
    import numpy as np

    from ssbml.datasets.validation import table_warnings

    if len(table) == 0:
        return []
    positions = np.asarray(table.index, dtype=np.intp)
    lines = reading.sheet.lines
    return [
        replace(
            doubt,
            row=lines[doubt.row],
            index=lines[doubt.row] - FIRST_FILE_ROW,
            column=reading.header_of.get(doubt.column, doubt.column),
        )
        for doubt in table_warnings(Validated(table, [], {}, positions))
    ]


def _assumed(reading: Reading) -> list[str]:
    return [f"column '{c.header}': {c.note}" for c in reading.known if c.note]


def _said(table: pd.DataFrame, n_examples: int) -> list[str]:
    notes = []
    if n_examples:
        rows = "row of the template was" if n_examples == 1 else "rows of the template were"
        notes.append(f"{n_examples} example {rows} left out")
    empty = int((~table[list(OUTCOME_FIELDS)].notna().any(axis=1)).sum()) if len(table) else 0
    if empty:
        rows = "good row holds" if empty == 1 else "good rows hold"
        notes.append(f"{empty:,} {rows} no measured outcome")
    return notes


def _others(reading: Reading, columns: list[Column]) -> pd.DataFrame:
    import pandas as pd

    rows = reading.sheet.rows
    found: dict[str, Any] = {}
    for column in columns:
        if column.field is not None or column.header == PROBLEM_COLUMN:
            continue
        name = f"{IGNORED}{column.header}" if column.note == PREDICTION else column.header
        if name in found or name in reading.cells:
            name = f"{name} (column {letters(column.position)})"
        found[name] = pd.Series([row[column.position] for row in rows], dtype=object)
    return pd.DataFrame(found, index=pd.RangeIndex(len(rows)))


def _corrected(reading: Reading, others: pd.DataFrame, examples: frozenset[int]) -> pd.DataFrame:
    import pandas as pd

    position_of = {line: i for i, line in enumerate(reading.sheet.lines)}
    texts = [""] * len(reading.sheet.rows)
    field_of = {header: name for name, header in reading.header_of.items()}
    cells = {name: list(column) for name, column in reading.cells.items()}
    for problem in reading.problems:
        i = position_of[problem.row]
        sentence = problem.sentence().removeprefix(f"row {problem.row}, ")
        texts[i] = f"{texts[i]}; {sentence}" if texts[i] else sentence
        name = field_of.get(problem.column, problem.column)
        if name in cells:
            cells[name][i] = reading.as_typed(name, problem.value)
    frame = pd.DataFrame(
        {PROBLEM_COLUMN: texts, **{n: pd.Series(c, dtype=object) for n, c in cells.items()}}
    )
    return pd.concat([frame, others], axis=1).drop(index=list(examples))
