"""Which value of an interval an objective counts on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.screening.desirability import scale_of
from ssbml.screening.goals import Objective

Columns = Mapping[str, NDArray[Any]]
"""Prediction columns of n recipes, each of shape (n,)."""


def counted_on(columns: Columns, objective: Objective, risk: str) -> FloatArray:
    """Return the value of each recipe that an objective counts on.

    Parameters
    ----------
    columns : mapping of str to array, shape (n,)
        Prediction columns.
    objective : Objective
    risk : str
        ``lower`` takes the end of the interval away from the goal, ``ucb`` the end (for a target,
        the value of the interval) nearest to it; every other attitude takes the point. Columns
        without an interval are taken as they are.

    Returns
    -------
    array, shape (n,)
        In the unit of the column.
    """
    point = np.asarray(columns[objective.column], dtype=float)
    ends = [columns.get(f"{objective.column}{end}") for end in ("_lower", "_upper")]
    if risk not in ("lower", "ucb") or ends[0] is None or ends[1] is None:
        return point
    low, high = (np.asarray(end, dtype=float) for end in ends)
    if objective.goal == "target":
        assert objective.value is not None
        if risk == "ucb":
            return np.asarray(np.clip(objective.value, low, high), dtype=float)
        further = _gap(high, objective) > _gap(low, objective)
        return np.where(further, high, low)
    return high if (objective.goal == "maximize") == (risk == "ucb") else low


def loss(values: FloatArray, objective: Objective) -> FloatArray:
    """Return what is to be small, on the axis on which desirability is linear.

    Unlike desirability it goes on beyond the ends of the scale. Rounded to nine decimals, so that
    the noise of summation does not put one of two equal recipes behind the other.

    Parameters
    ----------
    values : array, shape (n,)
        Values of ``objective.column``.
    objective : Objective

    Returns
    -------
    array, shape (n,)
    """
    if objective.goal == "target":
        out = _gap(values, objective)
    else:
        sign = -1.0 if objective.goal == "maximize" else 1.0
        out = sign * scale_of(objective.column).forward(values)
    return np.asarray(np.round(out, 9) + 0.0, dtype=float)


def _gap(values: FloatArray, objective: Objective) -> FloatArray:
    forward = scale_of(objective.column).forward
    return np.asarray(np.abs(forward(values) - forward(objective.value)), dtype=float)
