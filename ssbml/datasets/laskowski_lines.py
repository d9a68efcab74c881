"""The lines of the Laskowski table, put together again to records."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field

from ssbml.datasets.compiled import plain_number

_FORMULA, _SIGMA, _ENERGY, _GROUP, _REFERENCE = 0, 1, 2, 3, 7
COLUMNS = 8
"""Cells of every line: formula, conductivity, activation energy, space group, its number, alias,
ICSD number, reference number."""


@dataclass(slots=True)
class Record:
    """One sample of the table.

    Attributes
    ----------
    line : int
        First line in the file, from 1.
    formula : list of str
        The lines that the formula was broken into.
    sigma, energy, group, reference : str
        The other cells, empty when blank.
    complete : bool
        Whether all lines of a broken formula were found.
    """

    line: int
    formula: list[str] = field(default_factory=list)
    sigma: str = ""
    energy: str = ""
    group: str = ""
    reference: str = ""
    complete: bool = True
    leading: int = 0

    def take(self, cells: list[str]) -> None:
        """Add the cells of one line."""
        if cells[_FORMULA]:
            self.formula.append(cells[_FORMULA])
        self.sigma = self.sigma or cells[_SIGMA]
        self.energy = self.energy or cells[_ENERGY]
        self.group = self.group or cells[_GROUP]
        self.reference = self.reference or cells[_REFERENCE]


def assemble(text: str) -> list[Record]:
    """Return the records of the table.

    A formula that is too long for its cell was printed on several lines, as many above the line
    with the conductivity as below it. Lines that only carry an alias of the ICSD entry hold no
    sample and are skipped.

    Parameters
    ----------
    text : str
        The file.

    Returns
    -------
    list of Record
        A record whose lines do not pair up is marked ``complete = False``.
    """
    records: list[Record] = []
    pending: Record | None = None
    missing = 0
    for number, raw in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in (raw + [""] * COLUMNS)[:COLUMNS]]
        cells[_SIGMA], cells[_ENERGY] = plain_number(cells[_SIGMA]), plain_number(cells[_ENERGY])
        if missing and cells[_FORMULA] and not cells[_SIGMA]:
            records[-1].take(cells)
            missing -= 1
        elif cells[_SIGMA]:
            if missing:
                records[-1].complete, missing = False, 0
            record = pending or Record(number)
            missing = record.leading
            record.take(cells)
            records.append(record)
            pending = None
        elif cells[_FORMULA]:
            pending = pending or Record(number)
            pending.leading += 1
            pending.take(cells)
    if missing:
        records[-1].complete = False
    if pending is not None:
        pending.complete = False
        records.append(pending)
    return records
