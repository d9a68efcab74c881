"""Source rows as mined: JSON lines to one raw table with stable row names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.datasets.papers import normalise_doi, paper_key
from ssbml.errors import DataError
from ssbml.fields import FIELDS

if TYPE_CHECKING:
    import pandas as pd

SOURCE_NAME = "literature"


def read_source(folder: Path) -> pd.DataFrame:
    """Return all source rows, cells unchecked.

    Parameters
    ----------
    folder : Path
        Every ``*.jsonl`` file in it is read, in alphabetical order.

    Returns
    -------
    DataFrame
        One row per line, index ``<file stem>:<line number>``, one column per field that occurs.
        ``paper_key`` stays as handed over and is computed where it is missing.

    Raises
    ------
    DataError
        No file, a line that is no JSON object, or a key that is no field.
    """
    import pandas as pd

    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise DataError(f"{folder} holds no .jsonl file")
    rows: dict[str, dict[str, Any]] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                rows[f"{path.stem}:{number}"] = _row(line, f"{path.name}, line {number}")
    names = [name for name in FIELDS if any(name in row for row in rows.values())]
    return pd.DataFrame(
        {name: [row.get(name) for row in rows.values()] for name in names},
        index=pd.Index(list(rows), name="sample_id"),
        dtype=object,
    )


def _row(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: not a JSON object ({error})") from None
    if not isinstance(row, dict):
        raise DataError(f"{where}: a JSON object is expected")
    unknown = sorted(set(row) - set(FIELDS))
    if unknown:
        raise DataError(f"{where}: {', '.join(unknown)} are no fields")
    doi = normalise_doi(row.get("doi"))
    if doi:
        row["doi"] = doi
    if is_missing(row.get("paper_key")):
        row["paper_key"] = paper_key(doi, row.get("title"), row.get("url"))
    row["source"] = SOURCE_NAME
    return row
