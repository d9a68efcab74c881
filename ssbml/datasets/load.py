"""Data sets by name, as tables of samples."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import DataError
from ssbml.fields import FIELDS, Field
from ssbml.location import shipped
from ssbml.vocabulary import closest

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SAMPLES = "samples.csv"

EMBEDDED = "literature"
"""Data set that travels with the package."""


def load_dataset(name: str = "literature") -> pd.DataFrame:
    """Return a data set as a table of samples.

    Parameters
    ----------
    name : str, default "literature"
        ``literature``: the rows that travel with the package. ``full``: those and the public data
        sets (downloaded once, or read from the folder that ``SSBML_DATA`` names).

    Returns
    -------
    DataFrame
        One row per sample, index ``sample_id``, every other field of the field table as a column
        in its order and unit. Numbers are float (NaN when not stated); everything else is object
        (None when not stated, flags are True or False).

    Raises
    ------
    DataError
        There is no data set of that name, or a file of it is missing, altered or unreadable.

    Examples
    --------
    >>> frame = load_dataset("literature")
    >>> frame.index.name
    'sample_id'
    """
    if name not in LOADERS:
        like = closest(name, LOADERS)
        hint = f"did you mean {like}?" if like else f"known are {', '.join(LOADERS)}"
        raise DataError(f"there is no data set '{name}'; {hint}")
    return LOADERS[name]()


def load_literature() -> pd.DataFrame:
    """Return the rows that travel with the package, see `load_dataset`."""
    return read_samples(shipped("datasets") / EMBEDDED / SAMPLES)


def read_samples(path: Path) -> pd.DataFrame:
    """Return a samples file as `load_dataset` does.

    Parameters
    ----------
    path : Path
        A CSV file written by `ssbml.datasets.builder.tables.write_samples`.

    Raises
    ------
    DataError
        The file is missing, has a column that is no field, or a cell that is no number.
    """
    import pandas as pd

    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{path} cannot be read ({error}); install ssbml again") from None
    unknown = [c for c in header if c not in FIELDS]
    if unknown:
        raise DataError(f"{path.name}: {', '.join(unknown)} are no fields; rebuild the data set")
    cells = dict(zip(header, zip(*lines, strict=True), strict=True)) if lines else {}
    blank = ("",) * len(lines)
    columns = {f.name: _typed(f, cells.get(f.name, blank), path) for f in FIELDS.values()}
    return pd.DataFrame(columns).set_index("sample_id")


def _typed(field: Field, cells: tuple[str, ...], path: Path) -> np.ndarray[Any, np.dtype[Any]]:
    import numpy as np

    if field.kind == "number":
        try:
            return np.array([float(cell) if cell else np.nan for cell in cells], dtype=float)
        except ValueError as error:
            raise DataError(f"{path.name}, column {field.name}: {error}") from None
    out = np.full(len(cells), None, dtype=object)
    for row, cell in enumerate(cells):
        if cell:
            out[row] = cell == "true" if field.kind == "flag" else cell
    return out


def load_full_samples() -> pd.DataFrame:
    """Return embedded and public samples, joined and merged, see `ssbml.datasets.full`."""
    from ssbml.datasets.full import load_full

    return load_full(load_literature())


def table_hash(table: pd.DataFrame) -> str:
    """Return the SHA-256 of a training table's cells and columns."""
    text = table.to_csv(index=True, float_format="%.12g", lineterminator="\n")
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


LOADERS: dict[str, Callable[[], pd.DataFrame]] = {
    EMBEDDED: load_literature,
    "full": load_full_samples,
}
"""What loads each data set."""
