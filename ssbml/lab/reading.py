"""The cells of a lab file, column by column, and everything that was done to them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ssbml.cells import CellError
from ssbml.errors import Problem
from ssbml.lab.cells import has_comma_decimal, has_point_decimal, number_cell, word_cell
from ssbml.lab.headers import Column
from ssbml.lab.report import Change
from ssbml.lab.sheet import Sheet
from ssbml.lab.units import same_unit

_BARE = re.compile(r"^[<>~≤≥≈ ]*[-+]?[\d.,]+([eE][-+]?\d+)?$")
_IMPLIED = {"wt%": "wt", "mol%": "mol"}


class Reading:
    """Cells of the known columns of one sheet, understood one by one.

    Parameters
    ----------
    sheet : Sheet
        As read.
    known : list of Column
        Columns that mean a field.

    Attributes
    ----------
    cells : dict of str to list
        Field to understood cells, None where blank or refused.
    changes : list of Change
        Cells read as something else than stands in them.
    problems : list of Problem
        Refused cells; ``row`` is the spreadsheet line.
    header_of : dict of str to str
        Field to header.
    """

    def __init__(self, sheet: Sheet, known: list[Column]) -> None:
        self.sheet = sheet
        self.known = known
        self.changes: list[Change] = []
        self.problems: list[Problem] = []
        self.header_of = {c.field.name: c.header for c in known if c.field is not None}
        self._comma = self._writes_commas()
        self._merged = self._merged_cells()
        self.cells = {c.field.name: self._column(c) for c in known if c.field is not None}
        self._imply_basis()

    def _writes_commas(self) -> bool:
        """Return whether numbers in this file are written with a decimal comma throughout."""
        numeric = [c.position for c in self.known if c.field and c.field.kind == "number"]
        cells = [row[p] for row in self.sheet.rows for p in numeric]
        return any(map(has_comma_decimal, cells)) and not any(map(has_point_decimal, cells))

    def _merged_cells(self) -> dict[tuple[int, int], str]:
        lines = set(self.sheet.lines)
        found: dict[tuple[int, int], str] = {}
        for m in self.sheet.merged:
            for line in range(max(m.first_line, 2), m.last_line + 1):
                if line in lines:
                    for position in range(m.first_column, m.last_column + 1):
                        found[line, position] = m.text
        return found

    def _column(self, column: Column) -> list[Any]:
        return [
            self._cell(column, line, row[column.position])
            for line, row in zip(self.sheet.lines, self.sheet.rows, strict=True)
        ]

    def _cell(self, column: Column, line: int, value: Any) -> Any:
        field = column.field
        assert field is not None
        try:
            if (line, column.position) in self._merged:
                raise CellError(
                    f"cells {self._merged[line, column.position]} are merged, and only the first "
                    "holds a value",
                    "unmerge them and fill in each row",
                )
            if field.kind == "number":
                percent = (line, column.position) in self.sheet.percent
                cell = number_cell(value, field, column.unit, comma=self._comma, percent=percent)
            else:
                cell = word_cell(value, field)
        except CellError as error:
            self._refuse(line, column.header, value, error.reason, error.suggestion)
            return None
        if cell.why:
            self.changes.append(
                Change(line, column.header, field.name, value, cell.value, cell.why)
            )
        return cell.value

    def _refuse(self, line: int, header: str, value: Any, reason: str, hint: str = "") -> None:
        self.problems.append(Problem(line, line - 2, header, value, reason, hint))

    def _imply_basis(self) -> None:
        """Fill the blank basis of a Li excess whose header says wt% or mol%."""
        column = next((c for c in self.known if c.field and c.field.name == "li_excess_pct"), None)
        basis = _IMPLIED.get(column.unit.percent) if column and column.unit else None
        if basis is None or column is None:
            return
        stated = self.cells.get("li_excess_basis", [None] * len(self.sheet.rows))
        excess = self.cells["li_excess_pct"]
        for position, (word, value) in enumerate(zip(stated, excess, strict=True)):
            if word is None and value is not None:
                stated[position] = basis
                line = self.sheet.lines[position]
                self.changes.append(
                    Change(line, column.header, "li_excess_basis", None, basis, "basis from name")
                )
        self.cells["li_excess_basis"] = stated

    def take_problems(self, problems: list[Problem]) -> None:
        """Add what validation found, in the words and lines of the file."""
        refused = {(p.row, p.column) for p in self.problems}
        changed = {(c.row, c.field): c for c in self.changes}
        for problem in problems:
            line = self.sheet.lines[problem.row]
            header = self.header_of.get(problem.column, problem.column)
            if (line, header) in refused:
                continue
            change = changed.get((line, problem.column))
            if change is not None and change.after is not None:
                shown = f"{change.after:g}" if isinstance(change.after, float) else change.after
                problem = replace(
                    problem, value=change.before, reason=f"read as {shown}: {problem.reason}"
                )
            self.problems.append(replace(problem, row=line, index=line - 2, column=header))

    def as_typed(self, name: str, value: Any) -> Any:
        """Return a refused cell with the unit of its header where the field has another."""
        column = next(c for c in self.known if c.field and c.field.name == name)
        if column.unit is None or column.field is None or same_unit(column.unit, column.field):
            return value
        typed = isinstance(value, (int, float)) and not isinstance(value, bool)
        numeric = typed or (isinstance(value, str) and _BARE.match(value) is not None)
        return f"{value} {column.unit.text}" if numeric else value
