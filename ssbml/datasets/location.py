"""Where the embedded data sets lie: inside an installed package or beside a source checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ssbml.errors import DataError

_PACKAGE = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def datasets_folder() -> Path:
    """Return the folder that holds the embedded data sets.

    Returns
    -------
    Path
        ``ssbml/_data/datasets`` of an installed package, else ``datasets`` beside the package.

    Raises
    ------
    DataError
        Neither exists.
    """
    candidates = (_PACKAGE / "_data" / "datasets", _PACKAGE.parent / "datasets")
    for folder in candidates:
        if (folder / "literature").is_dir():
            return folder
    raise DataError(
        f"the embedded data set is missing; looked in {' and '.join(map(str, candidates))}; "
        "install ssbml again"
    )
