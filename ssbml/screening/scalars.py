"""Values of a search space: plain, and checked one by one."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from typing import Any

from ssbml.errors import SpaceError

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value of a search space."""


_MAX_DEPTH = 50


def plain(value: Any, path: KeyPath = ()) -> Any:
    """Return a value as plain dicts with text keys, lists and scalars.

    Arrays, series, ranges, tuples and sets become lists, array scalars become Python's.

    Raises
    ------
    SpaceError
        The value is nested too deeply.
    """
    if len(path) > _MAX_DEPTH:
        raise SpaceError(path[:3], None, "nested too deeply")
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple, range)):
        return [plain(item, (*path, i)) for i, item in enumerate(value)]
    return value


def finite(value: Any, path: KeyPath) -> float:
    """Return a finite number, or raise SpaceError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise SpaceError(path, value, "a number is expected")
    if not math.isfinite(value):
        raise SpaceError(path, value, "a finite number is expected")
    return float(value)


def flag(value: Any, path: KeyPath) -> bool:
    """Return true or false, or raise SpaceError."""
    if not isinstance(value, bool):
        raise SpaceError(path, value, "allowed are true and false")
    return value


def count(value: Any, path: KeyPath) -> int:
    """Return a whole number of at least 1, or raise SpaceError."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SpaceError(path, value, "a whole number of at least 1 is expected")
    return value
