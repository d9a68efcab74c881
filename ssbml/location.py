"""Where data and models that travel with the package lie, installed or in a source checkout."""

from __future__ import annotations

from pathlib import Path

from ssbml.errors import DataError

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return a file or folder that travels with the package.

    Parameters
    ----------
    name : str
        ``datasets``, ``models`` or ``training/default.toml``.

    Returns
    -------
    Path
        ``ssbml/_data/NAME`` of an installed package, else ``NAME`` beside the package.

    Raises
    ------
    DataError
        Neither exists.
    """
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for place in candidates:
        if place.exists():
            return place
    raise DataError(
        f"'{name}' of the package is missing; looked in {' and '.join(map(str, candidates))}; "
        "install ssbml again"
    )
