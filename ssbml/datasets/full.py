"""The full data set: embedded rows and public sources, joined, merged and grouped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.datasets.groups import cv_groups, merge_samples
from ssbml.datasets.join import JoinReport, join_synthesis
from ssbml.datasets.public import read_public
from ssbml.datasets.registry import home_folder, public_files
from ssbml.datasets.report import ReadReport
from ssbml.errors import DataError, TableError
from ssbml.fields import FIELDS, SCHEMA_VERSION
from ssbml.location import shipped
from ssbml.tables.write import replaced

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Full:
    """The full data set and how it came about.

    Attributes
    ----------
    samples : DataFrame
        As `ssbml.load_dataset` gives it.
    records : int
        Records before merging.
    reads : tuple of ReadReport
        What could be read of each public source.
    join : JoinReport
        What the text-mined syntheses added.
    """

    samples: pd.DataFrame
    records: int
    reads: tuple[ReadReport, ...]
    join: JoinReport


def build_full(literature: pd.DataFrame) -> Full:
    """Build the full data set.

    Parameters
    ----------
    literature : DataFrame
        The embedded samples.

    Returns
    -------
    Full

    Raises
    ------
    DataError
        A public file cannot be had or has changed.
    """
    import pandas as pd

    public = read_public()
    measured = pd.concat([frame for frame, _ in public], ignore_index=True)
    joined, report = join_synthesis(measured)
    embedded = literature.assign(source=literature["source"].fillna("literature"))
    together = pd.concat([_indexed(embedded), _indexed(joined)])
    samples = merge_samples(together)
    samples["cv_group"] = cv_groups(samples)
    return Full(_typed(samples), len(together), tuple(r for _, r in public), report)


def load_full(literature: pd.DataFrame) -> pd.DataFrame:
    """Return the samples of the full data set, from the cache when nothing has changed.

    Parameters
    ----------
    literature : DataFrame
        The embedded samples.

    Raises
    ------
    DataError
        A public file cannot be had or has changed.
    """
    import pandas as pd

    cache = home_folder() / "cache" / f"full-{_fingerprint()}.parquet"
    if cache.is_file():
        return _typed(pd.read_parquet(cache))
    try:
        samples = build_full(literature).samples
    except DataError as error:
        raise DataError(f"{error}; the data set 'literature' works without") from None
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        with replaced(cache) as temporary:
            samples.to_parquet(temporary)
    except (OSError, TableError):
        return samples
    return samples


def _fingerprint() -> str:
    """Return a hash of everything that the full data set depends on."""
    digest = hashlib.sha256(str(SCHEMA_VERSION).encode())
    for file in public_files().values():
        digest.update(file.sha256.encode())
    package = Path(__file__).resolve().parents[1]
    sources = [*package.glob("*.py"), *package.glob("datasets/*"), *package.glob("chemistry/*")]
    for path in [shipped("datasets") / "literature" / "samples.csv", *sorted(sources)]:
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _indexed(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.index.name == "sample_id":
        return frame
    return frame.set_index("sample_id")


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return every field as a column, numbers float, the rest object with None for blanks."""
    import numpy as np
    import pandas as pd

    columns = {}
    for field in FIELDS.values():
        if field.name == "sample_id":
            continue
        if field.name not in frame.columns:
            blank = np.nan if field.kind == "number" else None
            columns[field.name] = pd.Series(blank, index=frame.index, dtype=object)
        else:
            columns[field.name] = frame[field.name]
        if field.kind == "number":
            columns[field.name] = pd.to_numeric(columns[field.name]).astype(float)
        else:
            cells = columns[field.name].astype(object)
            columns[field.name] = cells.where(cells.notna(), None)
    return pd.DataFrame(columns, index=frame.index).rename_axis("sample_id")
