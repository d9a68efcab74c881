"""Recipes that the intervals cannot tell apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ssbml.screening.goals import Objective
from ssbml.screening.risk import Columns


def groups_of(columns: Columns, objectives: Sequence[Objective]) -> NDArray[np.int64]:
    """Return the group of each ranked recipe.

    Two recipes can be told apart when the point of one lies outside the interval of the other in at
    least one objective. The best recipe leads group 1; every next one joins the first group whose
    leader it cannot be told from, or leads a new group.

    Parameters
    ----------
    columns : mapping of str to array, shape (n,)
        Prediction columns, best recipe first.
    objectives : sequence of Objective
        Those whose column has no interval do not count.

    Returns
    -------
    int array, shape (n,)
        From 1 on, in order of first appearance.
    """
    n = len(columns[objectives[0].column])
    ranges = [
        tuple(
            np.asarray(columns[f"{o.column}{end}"], dtype=float) for end in ("_lower", "", "_upper")
        )
        for o in objectives
        if f"{o.column}_lower" in columns and f"{o.column}_upper" in columns
    ]
    group = np.zeros(n, dtype=np.int64)
    count = 0
    while (open_ := np.flatnonzero(group == 0)).size:
        leader = open_[0]
        alike = group == 0
        for low, point, high in ranges:
            alike &= (low <= point[leader]) & (point[leader] <= high)
            alike &= (low[leader] <= point) & (point <= high[leader])
        alike[leader] = True
        count += 1
        group[alike] = count
    return group
