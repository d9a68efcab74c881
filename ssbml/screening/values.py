"""Lists, grids and ranges of a search space, and fields linked to one another."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np

from ssbml.errors import SpaceError
from ssbml.screening.scalars import KeyPath, count, finite
from ssbml.vocabulary import closest

MAX_VALUES = 10_000
"""Most values that one grid may have."""

_DIGITS = 10
_LOG_DIGITS = 4
_GRID_KEYS = ("from", "to", "step", "points", "scale")
_GRID = "write {from: 1000, to: 1200, step: 25}, or {from: 1, to: 100, points: 5, scale: log}"
_LINK = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?:([-+*/])\s*(\d+\.?\d*(?:[eE][-+]?\d+)?)\s*)?$")


@dataclass(frozen=True, slots=True)
class Link:
    """A number that follows another field.

    Attributes
    ----------
    field : str
        The other field.
    op : str
        One of ``+ - * /``.
    number : float
        What is added, taken away, multiplied by or divided by.
    """

    field: str
    op: str
    number: float

    def apply(self, values: Any) -> Any:
        """Return the numbers that follow from those of the other field."""
        if self.op == "+":
            return values + self.number
        if self.op == "-":
            return values - self.number
        return values * self.number if self.op == "*" else values / self.number


def parse_link(value: Any) -> Link | None:
    """Return the link that a text such as ``sintering_temp_c - 200`` states, else None.

    Examples
    --------
    >>> parse_link("sintering_temp_c - 200")
    Link(field='sintering_temp_c', op='-', number=200.0)
    """
    match = _LINK.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    name, op, number = match.groups()
    if op == "/" and float(number) == 0:
        return None
    return Link(name, op or "+", float(number or 0.0))


def spread(value: Any, path: KeyPath) -> list[Any]:
    """Return the values that a scalar, a list or a grid stands for, in order, none twice.

    Parameters
    ----------
    value : object
        A scalar, a list of scalars, ``{from, to, step}`` or ``{from, to, points, scale}``; both
        ends of a grid are included.
    path : tuple
        Where it stands, for messages.

    Raises
    ------
    SpaceError
        An empty list, lists within lists, or a grid that cannot be made.

    Examples
    --------
    >>> spread({"from": 0, "to": 0.2, "step": 0.05}, ())
    [0.0, 0.05, 0.1, 0.15, 0.2]
    >>> spread({"from": 1, "to": 100, "points": 3, "scale": "log"}, ())
    [1.0, 10.0, 100.0]
    """
    if isinstance(value, Mapping):
        return _grid(value, path)
    items = list(value) if isinstance(value, (list, tuple)) else [value]
    if not items:
        raise SpaceError(path, value, "an empty list allows nothing", "leave the key out")
    for i, item in enumerate(items):
        if not isinstance(item, (str, numbers.Real, bool, NoneType)):
            raise SpaceError((*path, i), item, "a number, a text, true or false is expected")
    return list(dict.fromkeys(items))


def _grid(grid: Mapping[str, Any], path: KeyPath) -> list[float]:
    for key in grid:
        if key not in _GRID_KEYS:
            like = closest(str(key), _GRID_KEYS)
            hint = f"did you mean {like}?" if like else _GRID
            raise SpaceError((*path, str(key)), grid[key], "a grid has no such key", hint)
    missing = [k for k in ("from", "to") if k not in grid]
    if missing:
        raise SpaceError(path, dict(grid), f"the grid has no '{missing[0]}'", _GRID)
    if ("step" in grid) == ("points" in grid):
        raise SpaceError(path, dict(grid), "a grid has either a step or a number of points", _GRID)
    low, high = (finite(grid[k], (*path, k)) for k in ("from", "to"))
    if low > high:
        raise SpaceError(
            path, dict(grid), "'from' is above 'to'", f"write from: {high:g}, to: {low:g}"
        )
    scale = grid.get("scale", "linear")
    if scale not in ("linear", "log"):
        raise SpaceError((*path, "scale"), scale, "allowed are linear and log")
    if scale == "log":
        return _log_grid(grid, low, high, path)
    if "points" in grid:
        return _points(np.linspace(low, high, _points_of(grid, path)), _DIGITS)
    return _steps(grid, low, high, path)


def _steps(grid: Mapping[str, Any], low: float, high: float, path: KeyPath) -> list[float]:
    step = finite(grid["step"], (*path, "step"))
    if step <= 0:
        raise SpaceError((*path, "step"), grid["step"], "a step is above 0")
    n = math.floor((high - low) / step + 1e-9) + 1
    if n > MAX_VALUES:
        raise SpaceError(
            path, dict(grid), f"the grid has {n:,} values; at most {MAX_VALUES:,} are allowed"
        )
    values = _points(low + step * np.arange(n), _DIGITS)
    return values if math.isclose(values[-1], high, abs_tol=1e-9) else [*values, high]


def _log_grid(grid: Mapping[str, Any], low: float, high: float, path: KeyPath) -> list[float]:
    if low <= 0:
        raise SpaceError(path, dict(grid), "a log range starts above 0")
    if "points" not in grid:
        raise SpaceError(path, dict(grid), "a log range has a number of points", _GRID)
    values = _points(np.geomspace(low, high, _points_of(grid, path)), None)
    return [low, *values[1:-1], high] if len(values) > 1 else values


def _points_of(grid: Mapping[str, Any], path: KeyPath) -> int:
    n = count(grid["points"], (*path, "points"))
    if n > MAX_VALUES:
        raise SpaceError((*path, "points"), n, f"at most {MAX_VALUES:,} points are allowed")
    return n


def _points(values: Any, digits: int | None) -> list[float]:
    """Return numbers without binary dust: to decimals, or to significant digits of a log range."""
    if digits is None:
        return list(dict.fromkeys(float(f"{v:.{_LOG_DIGITS}g}") for v in values))
    return list(dict.fromkeys(round(float(v), digits) for v in values))
