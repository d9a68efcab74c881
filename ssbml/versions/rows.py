"""Lab rows as stored with a version: a CSV file that is itself a lab file."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.errors import ModelError
from ssbml.fields import FIELDS, LAB_FIELDS
from ssbml.lab.headers import IGNORED
from ssbml.tables.validate import validate
from ssbml.tables.write import defused

if TYPE_CHECKING:
    import pandas as pd


def rows_to_csv(table: pd.DataFrame, others: pd.DataFrame | None = None) -> bytes:
    """Return lab rows as CSV, numbers to the last bit.

    Parameters
    ----------
    table : DataFrame
        Valid rows with columns of ``FIELDS`` and ``LAB_FIELDS``; blank columns are left out.
    others : DataFrame, optional
        Columns that are kept and ignored; written with ``#`` before their names.

    Raises
    ------
    ModelError
        A column of ``table`` is no field.
    """
    unknown = [str(c) for c in table.columns if c not in FIELDS and c not in LAB_FIELDS]
    if unknown:
        raise ModelError(f"{', '.join(unknown[:5])} are no fields of a lab file")
    names = [n for n in table.columns if n == "formula" or table[n].notna().any()]
    columns: list[list[str]] = [[_text(v) for v in table[n].tolist()] for n in names]
    header = [str(n) for n in names]
    if others is not None:
        header += [f"{IGNORED}{str(c).removeprefix(IGNORED)}" for c in others.columns]
        columns += [[str(defused(_text(v))) for v in others[c].tolist()] for c in others.columns]
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8")


def rows_from_csv(data: bytes) -> pd.DataFrame:
    """Return stored lab rows: every field as a column, index from 0.

    Raises
    ------
    ModelError
        The file is damaged.
    """
    import pandas as pd

    try:
        header, *lines = csv.reader(StringIO(data.decode("utf-8"), newline=""), strict=True)
        raw = pd.DataFrame(lines, columns=header, dtype=object)
        keep = [c for c in header if not c.startswith(IGNORED)]
        checked = validate(raw[keep], columns=FIELDS)
    except (ValueError, csv.Error) as error:
        raise ModelError(f"the stored lab rows are damaged: {error}") from None
    if checked.problems:
        raise ModelError(f"the stored lab rows are damaged: {checked.problems[0].sentence()}")
    table = checked.table.copy()
    for name in LAB_FIELDS:
        cells = raw[name].tolist() if name in keep else [None] * len(raw)
        table[name] = pd.Series([c or None for c in cells], index=table.index, dtype=object)
    return table


def _text(value: Any) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)
