"""Plain formulas read by a compiled loop; imported only when there are many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.chemistry.formula import MAX_CHARACTERS

_MAX_DIGITS = 15
_MAX_DEPTH = 3
_MAX_AMOUNT = 1e6
_OPEN, _CLOSE = (40, 91, 123), (41, 93, 125)
_POWERS = 10.0 ** np.arange(_MAX_DIGITS + 1)


def scan(formulas: list[str]) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Read formulas made of elements, decimals and brackets.

    Amounts equal those of `ssbml.chemistry.formula.parse_formula` in every bit: at most 15 digits
    over a power of ten are rounded once, as `float` does. Everything that is unusual (mixtures,
    spaces, other digits, mistakes) is left to that function.

    Parameters
    ----------
    formulas : list of str
        Length n.

    Returns
    -------
    amounts : array, shape (n, n_elements)
        Amounts per formula; rows that were not read are meaningless.
    read : bool array, shape (n,)
        Which formulas were read.
    """
    joined = "".join(formulas)
    if not joined.isascii():
        formulas = [f if f.isascii() else "" for f in formulas]
        joined = "".join(formulas)
    ends = np.cumsum(np.fromiter(map(len, formulas), np.int64, len(formulas)))
    letters = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    amounts = np.zeros((len(formulas), len(element_index())))
    read = np.zeros(len(formulas), dtype=np.bool_)
    _scan(letters, ends, _columns(), _POWERS, MAX_CHARACTERS, amounts, read)
    return amounts, read


def _columns() -> NDArray[np.int64]:
    """Return the column of each element by its letters (0: no second letter), -1 for none."""
    columns = np.full((26, 27), -1)
    for symbol, column in element_index().items():
        second = ord(symbol[1]) - 96 if len(symbol) > 1 else 0
        columns[ord(symbol[0]) - 65, second] = column
    return columns


@njit(nogil=True, cache=True)
def _number(letters: Any, at: Any, end: Any, powers: Any) -> Any:
    """Return the number that starts at ``at`` (1 if none does, -1 if unusual) and where it ends."""
    mantissa, digits, decimals, point = 0, 0, 0, False
    start = at
    while at < end:
        letter = letters[at]
        if 48 <= letter <= 57:
            mantissa = mantissa * 10 + (letter - 48)
            digits += 1
            decimals += 1 if point else 0
        elif letter == 46 and not point:
            point = True
        else:
            break
        if digits > _MAX_DIGITS:
            return -1.0, at
        at += 1
    if at == start:
        return 1.0, at
    value = mantissa / powers[decimals]
    return (-1.0 if digits == 0 or value > _MAX_AMOUNT else value), at


@njit(nogil=True, cache=True)
def _scan_one(
    letters: Any, at: Any, end: Any, columns: Any, powers: Any, groups: Any, opened: Any
) -> Any:
    """Read one formula into ``groups[0]``; return whether that was possible."""
    depth = 0
    groups[0] = 0.0
    filled = False
    while at < end:
        letter = letters[at]
        at += 1
        if 65 <= letter <= 90:
            second = 0
            if at < end and 97 <= letters[at] <= 122:
                second = letters[at] - 96
                at += 1
            column = columns[letter - 65, second]
            amount, at = _number(letters, at, end, powers)
            if column < 0 or amount < 0.0:
                return False
            groups[depth, column] += amount
            filled = True
        elif letter in _OPEN:
            depth += 1
            if depth > _MAX_DEPTH:
                return False
            groups[depth] = 0.0
            opened[depth] = letter
            filled = False
        elif letter in _CLOSE:
            width = 1 if letter == 41 else 2
            if depth == 0 or opened[depth] != letter - width or not filled:
                return False
            factor, at = _number(letters, at, end, powers)
            if factor < 0.0:
                return False
            for column in range(groups.shape[1]):
                groups[depth - 1, column] += groups[depth, column] * factor
            depth -= 1
        else:
            return False
    return depth == 0 and filled


@njit(nogil=True, cache=True)
def _scan(
    letters: Any, ends: Any, columns: Any, powers: Any, longest: Any, amounts: Any, read: Any
) -> None:
    groups = np.zeros((_MAX_DEPTH + 1, amounts.shape[1]))
    opened = np.zeros(_MAX_DEPTH + 1, dtype=np.int64)
    start = 0
    for row in range(len(ends)):
        fits = ends[row] - start <= longest
        if fits and _scan_one(letters, start, ends[row], columns, powers, groups, opened):
            amounts[row] = groups[0]
            read[row] = amounts[row].sum() > 0.0
        start = ends[row]
