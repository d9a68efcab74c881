"""One cell of a recipe table: what it holds, or why it cannot be used."""

from __future__ import annotations

import math
import numbers
import re
from typing import Any

from ssbml.chemistry.formula import FormulaError, parse_electrolyte
from ssbml.errors import SsbmlError
from ssbml.fields import Field
from ssbml.vocabulary import FLAG_WORDS, canonical, nearest

MISSING_WORDS = frozenset({"", "NA", "N/A", "NaN", "nan", "None", "<NA>", "NaT", "null"})
"""Texts that mean "not stated". The lower-case ``none`` is a value: "not done"."""

_WITH_UNIT = re.compile(r"^([-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?)\s*([^\d\s].*)$")
_DECIMAL_COMMA = re.compile(r"^[-+]?\d+,\d+$")
_MAX_TEXT = 2000


class CellError(SsbmlError, ValueError):
    """A cell cannot be used.

    Parameters
    ----------
    reason : str
        What is wrong and what is allowed.
    suggestion : str
        The nearest valid choice, or an empty string.
    """

    def __init__(self, reason: str, suggestion: str = "") -> None:
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(reason)


def is_missing(value: Any) -> bool:
    """Return whether a cell means "not stated": None, NaN, NA or the empty string."""
    if value is None:
        return True
    if isinstance(value, str):
        return value.strip() in MISSING_WORDS
    if isinstance(value, (list, tuple)):
        return len(value) == 0
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return True


def coerce(field: Field, value: Any) -> Any:
    """Return a cell in canonical form.

    Parameters
    ----------
    field : Field
        The column.
    value : object
        What stands in the cell; see `is_missing` for blanks.

    Returns
    -------
    float, bool, str or None
        None when the cell is blank. Lists become one text with ``; `` between the parts.

    Raises
    ------
    CellError
        The value is of the wrong kind, out of range or not in the vocabulary.
    """
    if is_missing(value):
        return None
    if field.kind == "formula":
        return _formula(value)
    if field.kind == "number":
        return _number(field, value)
    if field.kind == "flag":
        return _flag(value)
    if field.kind == "choice":
        return _choice(field, value)
    if field.kind == "numbers":
        parts = _parts(value) if isinstance(value, (str, list, tuple)) else [value]
        return "; ".join(f"{_number(field, part):g}" for part in parts)
    if field.kind == "list":
        return _text("; ".join(str(part).strip() for part in _parts(value)))
    return _text(str(value).strip())


def split_list(value: str | None) -> tuple[str, ...]:
    """Return the parts of a canonical list cell; a blank gives an empty tuple."""
    return tuple(part.strip() for part in value.split(";")) if value else ()


def _parts(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    return [part for part in str(value).split(";") if part.strip()]


def _text(text: str) -> str:
    if len(text) > _MAX_TEXT:
        raise CellError(f"at most {_MAX_TEXT} characters are allowed")
    return text


def _formula(value: Any) -> str:
    if not isinstance(value, str):
        raise CellError("a chemical formula in text is expected", "for example Li7La3Zr2O12")
    try:
        parse_electrolyte(value)
    except FormulaError as error:
        raise CellError(error.reason, error.suggestion) from error
    return value.strip()


def _number(field: Field, value: Any) -> float:
    number = _to_float(field, value)
    low, high = field.low, field.high
    if (low is not None and number < low) or (high is not None and number > high):
        raise CellError(f"allowed are {field.allowed}")
    return number


def _to_float(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (str, numbers.Real)):
        raise CellError(f"a number is expected, {field.allowed}")
    try:
        number = float(value)
    except ValueError:
        text = str(value).strip()
        raise CellError(f"a plain number is expected, {field.allowed}", _advice(text)) from None
    if not math.isfinite(number):
        raise CellError(f"a finite number is expected, {field.allowed}")
    return number


def _advice(text: str) -> str:
    if _DECIMAL_COMMA.match(text):
        return f"write {text.replace(',', '.')} with a decimal point"
    with_unit = _WITH_UNIT.match(text)
    if with_unit:
        return f"write {with_unit.group(1).replace(',', '.')}; the unit is in the column name"
    return "leave it blank if it is not known"


def _flag(value: Any) -> bool:
    if isinstance(value, (bool, str, numbers.Real)) or str(type(value)).endswith("numpy.bool'>"):
        text = str(value).strip().casefold()
        text = text.removesuffix(".0")
        if text in FLAG_WORDS:
            return FLAG_WORDS[text]
    raise CellError("allowed are true and false")


def _choice(field: Field, value: Any) -> str:
    text = str(value)
    known = canonical(field.vocabulary, text)
    if known is not None:
        return known
    like = nearest(field.vocabulary, text)
    raise CellError(
        f"not a known {field.name}; allowed are {field.allowed}",
        f"did you mean {like}?" if like else "",
    )
