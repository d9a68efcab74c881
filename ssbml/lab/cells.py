"""One cell of a lab file to a number or a word of a field, and what was done to it."""

from __future__ import annotations

import datetime
import numbers
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from ssbml.cells import CellError, is_missing
from ssbml.fields import Field
from ssbml.lab.units import Unit, converted, fits, parse_unit, same_unit, unit_examples
from ssbml.vocabulary import canonical, synonym

_BLANKS = frozenset({"-", "--", "−", "–", "—", "?", ".", "n/a", "na", "n.a.", "#n/a", "n.d.",
                     "n. d.", "nd", "tbd", "not measured", "unknown"})  # fmt: skip
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_POWER = re.compile(rf"^({_NUMBER})\s*(?:[x×·*]\s*)10\s*\^?\s*\(?([-+]?\d+)\)?(.*)$")
_PLAIN = re.compile(rf"^({_NUMBER})(.*)$")
_COMMA = re.compile(r"^([-+]?)(\d+),(\d+)(?=$|[eE][-+]?\d|[^\d,.])")
_THOUSANDS = re.compile(r"^[-+]?[1-9]\d{0,2},\d{3}(?=$|[^\d,.eE])")
_SPACED = re.compile(r"^\d{1,3}(?: \d{3})+(?!\d)")
_EXCEL_ERRORS = frozenset({"#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as understood.

    Attributes
    ----------
    value : object
        A float, a word of the vocabulary, or whatever stood there; None for a blank.
    why : str
        What was done to it, such as ``K to °C``; empty if nothing.
    """

    value: Any
    why: str = ""


def is_formula(value: Any) -> bool:
    """Return whether a spreadsheet program would run the cell."""
    if not isinstance(value, str):
        return False
    text = value.lstrip("'\t\r\n ")
    return text.startswith(("=", "@")) or (
        text.startswith(("+", "-")) and len(text) > 1 and not _number_text(text) and "|" in text
    )


def has_comma_decimal(value: Any) -> bool:
    """Return whether a cell is a number that can only be read with a decimal comma."""
    return (
        isinstance(value, str)
        and _COMMA.match(value.strip()) is not None
        and _THOUSANDS.match(value.strip()) is None
    )


def has_point_decimal(value: Any) -> bool:
    """Return whether a cell is a number in text with a decimal point."""
    return isinstance(value, str) and re.match(r"^\s*[-+]?\d*\.\d+", value) is not None


def number_cell(
    value: Any, field: Field, unit: Unit | None, *, comma: bool = False, percent: bool = False
) -> Cell:
    """Return the number in a cell, in the unit of the field.

    Parameters
    ----------
    value : object
        What stands in the cell.
    field : Field
        A field of kind ``number``.
    unit : Unit or None
        Unit that the header states; a unit in the cell comes first.
    comma : bool, default False
        Whether the file writes decimals with a comma, so that ``1,150`` is 1.15.
    percent : bool, default False
        Whether a spreadsheet shows the cell as a percentage (0.95 for 95 %).

    Returns
    -------
    Cell
        With a float that may be out of range, or None for a blank.

    Raises
    ------
    CellError
        A date, a formula, a bound, a range, an ambiguous number or no number at all.
    """
    if _is_blank(value):
        return Cell(None, "" if is_missing(value) else "read as not stated")
    _refuse_dates(value)
    if isinstance(value, bool) or not isinstance(value, (str, numbers.Real)):
        raise CellError(f"a number is expected, {field.allowed}")
    if isinstance(value, numbers.Real):
        number = float(value)
        if percent and field.unit.endswith("%"):
            return Cell(_rounded(number * 100), "percent format")
        return _in_field_unit(number, unit, field, "")
    text = _tidy(value)
    _refuse_formulas(value)
    number, rest, why = _parsed(text, field, comma)
    if rest:
        own = parse_unit(rest)
        if own is None or not fits(own, field):
            raise CellError(
                f"'{rest}' is no unit of {field.name}",
                f"{unit_examples(field)} are understood" if field.unit else "write the number only",
            )
        unit = own
    return _in_field_unit(number, unit, field, why)


def word_cell(value: Any, field: Field) -> Cell:
    """Return the word of a ``choice``, ``flag``, ``text`` or ``list`` cell.

    Synonyms of the vocabulary become its words; what is not known stays for validation to refuse.

    Raises
    ------
    CellError
        A formula, or a date where a word is expected.
    """
    choice = field.kind == "choice" and isinstance(value, str)
    if choice and canonical(field.vocabulary, value) is not None:
        return Cell(value)
    if _is_blank(value):
        return Cell(None, "" if is_missing(value) else "read as not stated")
    _refuse_formulas(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        if field.kind != "text":
            _refuse_dates(value)
        return Cell(str(value))
    if field.kind == "text" and isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    if field.kind == "formula" and isinstance(value, str):
        flat = unicodedata.normalize("NFKC", value)
        return Cell(flat, "subscripts" if flat != value else "")
    if not choice:
        return Cell(value)
    known = synonym(field.vocabulary, value) if field.name != "family" else None
    return Cell(known, "spelling") if known else Cell(value)


def _is_blank(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str) and value.strip().casefold() in _BLANKS)


def _tidy(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.replace("⁻", "-")).replace("−", "-")
    return re.sub(r"\s+", " ", plain.replace("μ", "µ")).strip().lstrip("'")


def _number_text(text: str) -> bool:
    match = _PLAIN.match(text.strip())
    return match is not None and not match.group(2).strip()


def _refuse_formulas(value: Any) -> None:
    if is_formula(value):
        raise CellError(
            "a spreadsheet formula, which is never evaluated",
            "copy the column and paste it as values",
        )
    if isinstance(value, str) and value.strip().casefold() in _EXCEL_ERRORS:
        raise CellError("an error of the spreadsheet program", "leave it blank if it is not known")


def _refuse_dates(value: Any) -> None:
    if isinstance(value, datetime.timedelta):
        raise CellError(
            "a duration in the format of a clock",
            f"write {value.total_seconds() / 3600:g} for hours, as a number",
        )
    if isinstance(value, (datetime.date, datetime.time)):
        raise CellError(
            "a date or time of day, where a number is expected",
            "spreadsheet programs turn 1-2 and 5.3 into dates: format the cell as a number and "
            "type it again",
        )


def _parsed(text: str, field: Field, comma: bool) -> tuple[float, str, str]:
    """Return number, what follows it, and what was done."""
    why = ""
    spaced, thousands = _SPACED.match(text), _THOUSANDS.match(text)
    if spaced:
        text, why = spaced[0].replace(" ", "") + text[spaced.end() :], "blanks between digits"
    if thousands and not comma:
        head = thousands[0]
        raise CellError(
            f"'{head}' may be {head.replace(',', '')} or {head.replace(',', '.')}",
            "write it without a comma",
        )
    if _COMMA.match(text):
        text, why = text.replace(",", ".", 1), "decimal comma"
    power, match = _POWER.match(text), _PLAIN.match(text)
    if power and "e" not in power.group(1).casefold():
        number = float(f"{power.group(1)}e{power.group(2)}")
        return number, power.group(3).strip(), why or "power of ten"
    if not match:
        raise CellError(f"a plain number is expected, {field.allowed}", _advice(text, field))
    number, rest = float(match.group(1)), match.group(2).strip()
    if re.match(r"^[-–/.,:±+~]|^to\b|^\d|^[x×*(]", rest):
        raise CellError(
            f"one plain number is expected, {field.allowed}",
            "write the value alone; of a range, what was set",
        )
    return number, rest, why


def _advice(text: str, field: Field) -> str:
    if text.startswith(("<", "≤", ">", "≥")) and field.name.startswith("sigma_"):
        bound = "sigma_max_s_cm" if text[0] in "<≤" else "sigma_min_s_cm"
        return f"leave it blank and write the bound in {bound}"
    if text.startswith(("~", "≈", "ca", "about")):
        return "write the number alone"
    return "leave it blank if it is not known"


def _in_field_unit(number: float, unit: Unit | None, field: Field, why: str) -> Cell:
    if unit is None or same_unit(unit, field):
        return Cell(number, why)
    changed = f"{unit.text} to {field.unit}"
    return Cell(converted(number, unit, field), f"{why}, {changed}" if why else changed)


def _rounded(number: float) -> float:
    return float(f"{number:.12g}")
