"""Hard constraints, read from words such as ``phase_purity >= 0.7``."""

from __future__ import annotations

import math
import re
from typing import Any

from ssbml.errors import SpaceError
from ssbml.request import PREDICTION_COLUMNS
from ssbml.screening.goals import NUMERIC_COLUMNS, Constraint, column_bounds
from ssbml.screening.scalars import KeyPath
from ssbml.vocabulary import VOCABULARIES, closest

_CONSTRAINT = re.compile(r"^\s*([A-Za-z_]\w*)\s*(>=|<=|==|!=|>|<|=)\s*(\S+)\s*$")
_EXAMPLE = 'write for example "relative_density_pct >= 93" or "in_domain"'


def parse_constraints(data: Any) -> tuple[Constraint, ...]:
    """Return the constraints of a list (or of one text).

    Raises
    ------
    SpaceError
        As in `parse_constraint`.
    """
    if isinstance(data, str):
        data = [data]
    if not isinstance(data, (list, tuple)):
        raise SpaceError(("constraints",), data, "a list of constraints is expected", _EXAMPLE)
    return tuple(parse_constraint(text, ("constraints", i)) for i, text in enumerate(data))


def parse_constraint(text: Any, path: KeyPath = ("constraints",)) -> Constraint:
    """Return the constraint that a text such as ``phase_purity >= 0.7`` states.

    Parameters
    ----------
    text : str
        ``column operator value``, or ``in_domain``, or ``not in_domain``.
    path : tuple of str or int
        Where the text stands, for messages.

    Raises
    ------
    SpaceError
        The text cannot be read, names no prediction, or no predicted value can meet it.

    Examples
    --------
    >>> parse_constraint("relative_density_pct >= 93")
    Constraint(column='relative_density_pct', op='>=', value=93.0)
    """
    if not isinstance(text, str):
        raise SpaceError(path, text, "a constraint in words is expected", _EXAMPLE)
    bare = text.strip()
    if bare.removeprefix("not ").strip() == "in_domain":
        return Constraint("in_domain", "==", not bare.startswith("not "))
    match = _CONSTRAINT.match(bare)
    if match is None:
        known = bare in PREDICTION_COLUMNS
        hint = closest(bare, PREDICTION_COLUMNS) if not known else None
        raise SpaceError(
            path,
            text,
            "a constraint is a prediction column, a comparison and a value",
            f"did you mean {hint}? {_EXAMPLE}" if hint else _EXAMPLE,
        )
    column, op, word = match.groups()
    op = "==" if op == "=" else op
    if column == "in_domain":
        return _domain_constraint(op, word, text, path)
    if column == "phase_main":
        return _phase_constraint(op, word, text, path)
    check_column(column, column, path, "a constraint")
    return _number_constraint(column, op, word, text, path)


def _domain_constraint(op: str, word: str, text: str, path: KeyPath) -> Constraint:
    if op not in ("==", "!=") or word.casefold() not in ("true", "false"):
        raise SpaceError(path, text, "in_domain is true or false", "write in_domain")
    return Constraint("in_domain", "==", (word.casefold() == "true") == (op == "=="))


def _phase_constraint(op: str, word: str, text: str, path: KeyPath) -> Constraint:
    phases = VOCABULARIES["phase_main"]
    if op not in ("==", "!=") or word not in phases:
        like = closest(word, phases)
        raise SpaceError(
            path,
            text,
            f"phase_main is compared by == or != with one of {', '.join(phases)}",
            f"did you mean {like}?" if like and like != word else "",
        )
    return Constraint("phase_main", op, word)


def _number_constraint(column: str, op: str, word: str, text: str, path: KeyPath) -> Constraint:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise SpaceError(path, text, f"{word} is not a finite number", _EXAMPLE)
    low, high = column_bounds(column)
    never = {
        ">=": value > high,
        ">": value >= high,
        "<=": value < low,
        "<": value <= low,
        "==": not low <= value <= high,
        "!=": False,
    }
    if never[op]:
        raise SpaceError(
            path, text, f"no prediction can meet this: {column} lies between {low:g} and {high:g}"
        )
    return Constraint(column, op, value)


def check_column(column: Any, value: Any, path: KeyPath, what: str) -> None:
    """Raise SpaceError unless ``column`` is a numeric prediction."""
    if column in NUMERIC_COLUMNS:
        return
    like = closest(str(column), NUMERIC_COLUMNS)
    raise SpaceError(
        path,
        value,
        f"'{column}' is not a prediction that {what} can use; known are "
        f"{', '.join(NUMERIC_COLUMNS)}",
        f"did you mean {like}?" if like else "",
    )
