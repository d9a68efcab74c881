"""What reading a lab file did: headers understood, cells changed, rows refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ssbml.errors import Problem, shorten

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that was read as something else than stands in it.

    Attributes
    ----------
    row : int
        Spreadsheet line (header = 1).
    column : str
        Header as written.
    field : str
        Field that the column means.
    before, after : object
        The cell, and what was read.
    why : str
        Such as ``K to °C``.
    """

    row: int
    column: str
    field: str
    before: Any
    after: Any
    why: str


@dataclass(frozen=True, slots=True)
class ReadReport:
    """How a lab file was read.

    Attributes
    ----------
    file : str
        Name of the file.
    n_rows, n_good : int
        Rows that hold something, and those that can be used.
    renamed : dict of str to str
        Header as written to field, where they differ.
    changes : list of Change
        Every cell that was converted or respelt, in row order.
    ignored : dict of str to str
        Columns that are kept and ignored, each with the reason or the nearest field.
    problems : list of Problem
        Every cell that cannot be used; ``row`` is the spreadsheet line, ``column`` the header.
    warnings : list of Problem
        Doubts about good rows.
    notes : list of str
        What else people should know.
    """

    file: str
    n_rows: int
    n_good: int
    renamed: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    ignored: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line: rows read, refused and doubted."""
        refused = self.n_rows - self.n_good
        return (
            f"{self.file}: {self.n_rows:,} row{'s' if self.n_rows != 1 else ''}, "
            f"{self.n_good:,} can be used, {refused:,} cannot, {len(self.warnings):,} "
            f"{'doubt' if len(self.warnings) == 1 else 'doubts'}"
        )

    def conversions(self) -> list[str]:
        """Return one line for each kind of change in a column, with the number of rows."""
        groups: dict[tuple[str, str, str], list[Change]] = {}
        for change in self.changes:
            groups.setdefault((change.column, change.field, change.why), []).append(change)
        return [
            f"{name}: {why} in {len(found)} row{'s' if len(found) != 1 else ''} "
            f"({shorten(found[0].before)} -> {_shown(found[0].after)})"
            for (name, _, why), found in groups.items()
        ]

    def lines(self) -> list[str]:
        """Return the report as lines for people, the summary last."""
        out = list(self.notes)
        out += [f"column '{name}' is read as {meant}" for name, meant in self.renamed.items()]
        out += self.conversions()
        ignored = list(self.ignored.items())
        for name, why in ignored[:_SHOWN]:
            out.append(f"column '{name}' is kept and ignored" + (f": {why}" if why else ""))
        if len(ignored) > _SHOWN:
            out.append(f"... and {len(ignored) - _SHOWN:,} more columns are kept and ignored")
        out += [problem.sentence() for problem in self.problems]
        out += [f"doubt: {warning.sentence()}" for warning in self.warnings]
        return [*out, self.summary]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain lists and dicts of texts and numbers, for JSON."""
        return {
            "file": self.file,
            "rows": self.n_rows,
            "good": self.n_good,
            "renamed": dict(self.renamed),
            "changes": [
                {
                    "row": c.row,
                    "column": c.column,
                    "field": c.field,
                    "before": _plain(c.before),
                    "after": _plain(c.after),
                    "why": c.why,
                }
                for c in self.changes
            ],
            "ignored": dict(self.ignored),
            "problems": [_problem(p) for p in self.problems],
            "warnings": [_problem(w) for w in self.warnings],
            "notes": list(self.notes),
        }


def _problem(problem: Problem) -> dict[str, Any]:
    cells = problem.as_dict()
    return {**cells, "index": _plain(cells["index"]), "value": _plain(cells["value"])}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _shown(value: Any) -> str:
    if value is None:
        return "blank"
    return f"{value:g}" if isinstance(value, float) else str(value)
