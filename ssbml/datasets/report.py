"""What a reader could use of a source, and what it could not, by reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ssbml.fields import FIELDS
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd

REJECTED_COLUMNS = ("row", "value", "reason")


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Outcome of reading one public source.

    Attributes
    ----------
    source : str
        Name of the data set.
    total : int
        Records in the file.
    read : int
        Records that became rows.
    rejected : DataFrame, columns row, value, reason
        The other records: line or identity in the source, the cell at fault, and why.
    flagged : mapping of str to int
        Rows per flag, such as ``doi_unreadable``.
    """

    source: str
    total: int
    read: int
    rejected: pd.DataFrame
    flagged: Mapping[str, int] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """Share of the records that became rows, 0-1 (1 for an empty file)."""
        return self.read / self.total if self.total else 1.0

    def reasons(self) -> dict[str, int]:
        """Return the number of rejected records per reason."""
        counts = self.rejected["reason"].value_counts()
        return {str(reason): int(n) for reason, n in counts.items()}

    def sentence(self) -> str:
        """Return one line for people."""
        line = f"{self.source}: {self.read} of {self.total} records read"
        reasons = "; ".join(f"{n} x {reason}" for reason, n in self.reasons().items())
        return f"{line}; left out: {reasons}" if reasons else line


class Rejects:
    """Collects the records of a source that cannot be used."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: object, value: object, reason: str) -> None:
        """Remember one record: where it stands, what stands there, why it is left out."""
        self._rows.append((str(row), str(value), reason))

    def frame(self) -> pd.DataFrame:
        """Return the records as a table with columns row, value, reason."""
        import pandas as pd

        return pd.DataFrame(self._rows, columns=list(REJECTED_COLUMNS), dtype=object)


def finish(
    source: str, rows: Sequence[Mapping[str, Any]], rejects: Rejects
) -> tuple[pd.DataFrame, ReadReport]:
    """Validate the rows of a source and count what is left out.

    Parameters
    ----------
    source : str
        Name of the data set.
    rows : sequence of mapping
        Field name to value; blanks may be left out. ``sample_id`` names the record.
    rejects : Rejects
        Records already left out; rows that fail validation are added.

    Returns
    -------
    table : DataFrame
        Every field of `ssbml.fields.FIELDS`, one row per usable record, index from 0.
    report : ReadReport
    """
    import pandas as pd

    total = len(rows) + len(rejects)
    raw = pd.DataFrame(list(rows), columns=list(FIELDS), dtype=object)
    result = validate(raw, FIELDS)
    spoilt: set[int] = set()
    for problem in result.problems:
        if problem.row not in spoilt:
            spoilt.add(problem.row)
            name = raw["sample_id"].iloc[problem.row]
            rejects.add(name, problem.value, f"{problem.column}: {problem.reason}")
    table = result.table.reset_index(drop=True)
    flags = table["flags"].dropna().str.split("; ").explode()
    report = ReadReport(
        source=source,
        total=total,
        read=len(table),
        rejected=rejects.frame(),
        flagged={str(flag): int(n) for flag, n in flags.value_counts().items()},
    )
    return table, report
