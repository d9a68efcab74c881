"""Single values of a search space, checked."""

from __future__ import annotations

import math
import numbers
from typing import Any

from ssbml.errors import SpaceError

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value of a search space."""


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
