"""The report set: papers that no choice may see, and the log of every look at them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

SALT = "ssbml report set 1"
"""Goes into the hash of every group. A new salt is a new report set: it voids all earlier looks."""

SHARE = 0.15
"""Share of the paper groups that the report set takes."""

LOG = "report_looks.csv"
"""Name of the log in the folder ``training`` of a source checkout."""

_LOG_COLUMNS = ("date", "version", "data_sha256", "settings_sha256", "figures")


def in_report_set(groups: Sequence[str] | NDArray[np.object_]) -> NDArray[np.bool_]:
    """Mark the rows whose paper group belongs to the report set.

    A group is in when the SHA-256 of salt and name, read as a number between 0 and 1, lies below
    `SHARE`: the answer depends on the name alone, so new papers move no old ones.

    Parameters
    ----------
    groups : sequence of str, shape (n,)
        ``cv_group`` of each row.

    Returns
    -------
    bool array, shape (n,)
    """
    names = [str(group) for group in groups]
    inside = {name: _uniform(name) < SHARE for name in set(names)}
    return np.array([inside[name] for name in names], dtype=bool)


def development(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows outside the report set: those that choices may see.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    """
    return table.loc[~in_report_set(table["cv_group"].tolist())]


def report_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the report set; scoring them is a look, see `log_look`.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    """
    return table.loc[in_report_set(table["cv_group"].tolist())]


def _uniform(name: str) -> float:
    digest = hashlib.sha256(f"{SALT}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**64


@dataclass(frozen=True, slots=True)
class Look:
    """One scoring of the report set.

    Attributes
    ----------
    version : str
        Version of ssbml.
    data_sha256, settings_sha256 : str
        Hashes of the training table and of the settings.
    figures : mapping of str to float
        What was seen.
    date : str
        Day and time (UTC, ISO 8601).
    """

    version: str
    data_sha256: str
    settings_sha256: str
    figures: Mapping[str, float]
    date: str = ""


def settings_hash(settings: Mapping[str, Any]) -> str:
    """Return the SHA-256 of settings given as plain nested dicts."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def log_path() -> Path:
    """Return the log of a source checkout.

    Raises
    ------
    DataError
        The package is installed without its checkout, so there is no log to keep.
    """
    folder = Path(__file__).resolve().parents[2] / "training"
    if not (folder / "default.toml").is_file():
        raise DataError(
            "looks at the report set are logged in the source checkout, and this is none; name a "
            "log file"
        )
    return folder / LOG


def log_look(look: Look, path: Path) -> None:
    """Append a look to the log, in one write.

    Parameters
    ----------
    look : Look
        A blank date is filled in.
    path : Path
        Log, created with a header when it does not exist.

    Raises
    ------
    DataError
        The log cannot be written.
    """
    figures = {name: round(float(value), 4) for name, value in look.figures.items()}
    cells = {
        "date": look.date or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "version": look.version,
        "data_sha256": look.data_sha256,
        "settings_sha256": look.settings_sha256,
        "figures": json.dumps(figures),
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    try:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            if os.fstat(file).st_size == 0:
                writer.writerow(_LOG_COLUMNS)
            writer.writerow([cells[name] for name in _LOG_COLUMNS])
            os.write(file, text.getvalue().encode("utf-8"))
        finally:
            os.close(file)
    except OSError as error:
        raise DataError(f"cannot write {path}: {error.strerror}") from None


def read_looks(path: Path) -> pd.DataFrame:
    """Return every look, oldest first, one column for each figure; empty when there was none.

    Parameters
    ----------
    path : Path
        Log.

    Raises
    ------
    DataError
        The file is no log of looks.
    """
    import pandas as pd

    if not path.is_file():
        return pd.DataFrame(columns=list(_LOG_COLUMNS[:-1]))
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
        rows = [{**line, **json.loads(line["figures"])} for line in lines]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path.name} is no log of looks at the report set ({error})") from None
    return pd.DataFrame(rows).drop(columns="figures")
