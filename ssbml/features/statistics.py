"""Magpie statistics by a compiled loop; imported only when there are many compositions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ssbml.chemistry.elements import FloatArray

_RELATIVE, _ABSOLUTE = 1e-5, 1e-8


@njit(nogil=True, cache=True)
def _statistics(compositions: Any, table: Any, out: Any) -> None:
    n_elements = compositions.shape[1]
    present = np.empty(n_elements, dtype=np.int64)
    weights = np.empty(n_elements)
    top = np.empty(n_elements, dtype=np.bool_)
    for row in range(compositions.shape[0]):
        count, total, most = 0, 0.0, 0.0
        for element in range(n_elements):
            amount = compositions[row, element]
            if amount > 0.0:
                present[count] = element
                count += 1
                total += amount
                most = max(most, amount)
        for i in range(count):
            amount = compositions[row, present[i]]
            weights[i] = amount / total
            top[i] = abs(amount - most) <= _ABSOLUTE + _RELATIVE * most
        for j in range(table.shape[1]):
            low, high, mode, mean, deviation = np.inf, -np.inf, np.inf, 0.0, 0.0
            for i in range(count):
                value = table[present[i], j]
                low, high = min(low, value), max(high, value)
                mean += weights[i] * value
                if top[i]:
                    mode = min(mode, value)
            for i in range(count):
                deviation += weights[i] * abs(table[present[i], j] - mean)
            out[row, j, 0] = low
            out[row, j, 1] = high
            out[row, j, 2] = high - low
            out[row, j, 3] = mean
            out[row, j, 4] = deviation
            out[row, j, 5] = mode


def statistics(compositions: FloatArray, table: FloatArray, out: FloatArray) -> None:
    """Fill in minimum, maximum, range, mean, mean deviation and mode of each property.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula.
    table : array, shape (n_elements, n_properties)
        Element properties.
    out : array, shape (n, n_properties, 6)
        Filled.
    """
    _statistics(np.ascontiguousarray(compositions), table, out)
