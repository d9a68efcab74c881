"""Hard constraints: who meets them, and which of them rules out how many."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.screening.goals import Constraint

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


def meets(columns: Mapping[str, NDArray[Any]], constraint: Constraint) -> NDArray[np.bool_]:
    """Return which recipes meet a constraint with the values as predicted.

    A constraint counts on the column that it names: the point of a property, or an end of its
    interval where the constraint says ``_lower`` or ``_upper``.

    Parameters
    ----------
    columns : mapping of str to array, shape (n,)
        Prediction columns.
    constraint : Constraint

    Returns
    -------
    bool array, shape (n,)
    """
    met = _COMPARE[constraint.op](np.asarray(columns[constraint.column]), constraint.value)
    return np.asarray(met, dtype=bool)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipes each constraint rules out.

    Attributes
    ----------
    constraints : tuple of Constraint
    seen : int
        Recipes looked at.
    feasible : int
        Those that meet every constraint.
    failed : int array, shape (n_constraints,)
        Recipes that miss the constraint.
    freed : int array, shape (n_constraints,)
        Recipes that miss this constraint only: what dropping it would leave besides the feasible.
    """

    constraints: tuple[Constraint, ...]
    seen: int
    feasible: int
    failed: NDArray[np.int64]
    freed: NDArray[np.int64]

    def merge(self, other: Tally) -> Tally:
        """Return the tally of the recipes of both."""
        return Tally(
            self.constraints,
            self.seen + other.seen,
            self.feasible + other.feasible,
            self.failed + other.failed,
            self.freed + other.freed,
        )

    def by_constraint(self, counts: NDArray[np.int64]) -> dict[str, int]:
        """Return ``failed`` or ``freed`` by constraint in words."""
        return dict(zip(map(str, self.constraints), counts.tolist(), strict=True))

    def verdict(self) -> str:
        """Return in words which constraint rules out how many."""
        if not self.constraints:
            return "there are no constraints"
        n = f"{self.seen:,}"
        parts = [
            f"{constraint} rules out {'all ' if failed == self.seen else ''}{failed:,} of {n}"
            for constraint, failed in zip(self.constraints, self.failed.tolist(), strict=True)
        ]
        if self.feasible or (self.failed == self.seen).any():
            return "; ".join(parts)
        best = int(self.freed.argmax())
        hint = (
            f"together they rule out all; without {self.constraints[best]} "
            f"{int(self.freed[best]):,} would be left"
            if self.freed[best]
            else "together they rule out all, and dropping a single one would not help"
        )
        return "; ".join([*parts, hint])


def judge(
    columns: Mapping[str, NDArray[Any]], constraints: Sequence[Constraint], n: int
) -> tuple[NDArray[np.bool_], Tally]:
    """Return which of n recipes meet all constraints, and the tally.

    Parameters
    ----------
    columns : mapping of str to array, shape (n,)
        Prediction columns.
    constraints : sequence of Constraint
    n : int
        Number of recipes.

    Returns
    -------
    feasible : bool array, shape (n,)
    tally : Tally
    """
    missed = np.zeros((len(constraints), n), dtype=bool)
    for row, constraint in zip(missed, constraints, strict=True):
        row[:] = ~meets(columns, constraint)
    times = missed.sum(axis=0)
    feasible = times == 0
    return feasible, Tally(
        tuple(constraints),
        n,
        int(feasible.sum()),
        missed.sum(axis=1, dtype=np.int64),
        (missed & (times == 1)).sum(axis=1, dtype=np.int64),
    )
