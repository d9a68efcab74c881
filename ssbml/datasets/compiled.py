"""What the readers of compiled tables share: checked headers, conductivities, family names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from ssbml.chemistry.charge import WARN_IMBALANCE, relative_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_electrolyte
from ssbml.errors import DataError

_CONDUCTIVITY = re.compile(r"^([<>])?\s*(\d*\.?\d+(?:[eE][-+]?\d+)?)$")
_FAMILIES = {
    "nasicon": "nasicon",
    "garnet": "garnet",
    "perovskite": "perovskite",
    "perovskites": "perovskite",
    "argyrodite": "argyrodite",
    "argyrodites": "argyrodite",
    "lgps": "thio-lisicon",
    "thio-lisicon": "thio-lisicon",
    "lisicon": "lisicon",
    "lipon": "lipon",
    "antiperovskite": "antiperovskite",
    "anti-perovskite": "antiperovskite",
    "halide": "halide",
    "halides": "halide",
    "chlorides": "halide",
    "cholorides": "halide",
    "fluorides": "halide",
}


def read_csv(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Return the rows of a comma-separated file as text, header names stripped.

    Raises
    ------
    DataError
        The file is not UTF-8 text, or the header lacks one of ``columns``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: not UTF-8 text ({error.reason}); fetch it again") from None
    lines = list(csv.reader(text.splitlines()))
    header = [name.strip() for name in lines[0]] if lines else []
    check_header(path.name, header, columns)
    return [dict(zip(header, line, strict=False)) for line in lines[1:] if any(line)]


def check_header(name: str, found: Iterable[str], expected: Iterable[str]) -> None:
    """Raise unless every expected column is there.

    Raises
    ------
    DataError
        With the columns that are missing and those found.
    """
    found = list(found)
    missing = [column for column in expected if column not in found]
    if missing:
        raise DataError(
            f"{name}: the header lacks {', '.join(missing)} (found: {', '.join(found[:12])}); the "
            "file is not the version that ssbml reads, fetch it again"
        )


def conductivity(cell: str, kind: str = "unspecified") -> dict[str, float]:
    """Return the conductivity column that a cell fills.

    Parameters
    ----------
    cell : str
        A number, or a bound such as ``<1E-10``; combining overlines and other dashes are ignored.
        A blank fills nothing.
    kind : str, default "unspecified"
        ``total``, ``bulk`` or ``unspecified``, for a value that is no bound.

    Returns
    -------
    dict of str to float
        In S/cm.

    Raises
    ------
    ValueError
        The cell holds something else.
    """
    text = plain_number(cell)
    if not text:
        return {}
    match = _CONDUCTIVITY.match(text)
    if match is None:
        raise ValueError(f"'{cell}' is not a conductivity")
    sign, value = match.groups()
    column = {"<": "sigma_max_s_cm", ">": "sigma_min_s_cm"}.get(sign, f"sigma_{kind}_s_cm")
    return {column: float(value)}


def plain_number(cell: str) -> str:
    """Return the text of a number without overlines, spaces and typographic dashes."""
    decomposed = unicodedata.normalize("NFKD", cell)
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\s+", "", kept).replace("−", "-").replace("–", "-")


def family_name(cell: str) -> str | None:
    """Return the family that a source's own name clearly means, or None."""
    return _FAMILIES.get(cell.strip().lower())


def charge_flags(formula: str) -> list[str]:
    """Return ``["charge_imbalance"]`` when the usual oxidation states do not balance, else []."""
    matrix = composition_matrix([parse_electrolyte(formula)])
    return ["charge_imbalance"] if float(relative_imbalance(matrix)[0]) > WARN_IMBALANCE else []


def joined(parts: Iterable[str]) -> str | None:
    """Return a list cell without repeats, or None when it is empty."""
    return "; ".join(dict.fromkeys(parts)) or None
