"""Hard constraints: who meets them, and which of them rules out how many."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
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
    lowest, highest : array, shape (n_constraints,)
        Range of the predicted column, NaN where it holds no numbers.
    """

    constraints: tuple[Constraint, ...]
    seen: int
    feasible: int
    failed: NDArray[np.int64]
    freed: NDArray[np.int64]
    lowest: FloatArray
    highest: FloatArray

    def merge(self, other: Tally) -> Tally:
        """Return the tally of the recipes of both."""
        return Tally(
            self.constraints,
            self.seen + other.seen,
            self.feasible + other.feasible,
            self.failed + other.failed,
            self.freed + other.freed,
            np.minimum(self.lowest, other.lowest),
            np.maximum(self.highest, other.highest),
        )

    def by_constraint(self, counts: NDArray[np.int64]) -> dict[str, int]:
        """Return ``failed`` or ``freed`` by constraint in words."""
        return dict(zip(map(str, self.constraints), counts.tolist(), strict=True))

    def verdict(self) -> str:
        """Return in words which constraint rules out how many."""
        parts = [self._ruled_out(i) for i in np.flatnonzero(self.failed).tolist()]
        if not parts:
            return "no constraint rules out any"
        if self.feasible or (self.failed == self.seen).any():
            return "; ".join(parts)
        best = int(self.freed.argmax())
        hint = (
            f"only together do they rule out all: without {self.constraints[best]} "
            f"{int(self.freed[best]):,} would be left"
            if self.freed[best]
            else "only together do they rule out all, and dropping a single one would not help"
        )
        return "; ".join([*parts, hint])

    def _ruled_out(self, i: int) -> str:
        constraint = self.constraints[i]
        if self.failed[i] < self.seen:
            return f"{constraint} rules out {int(self.failed[i]):,}"
        reached = {">": self.highest[i], "<": self.lowest[i]}.get(constraint.op[0], np.nan)
        word = "highest" if constraint.op[0] == ">" else "lowest"
        best = "" if np.isnan(reached) else f", the {word} predicted is {reached:.3g}"
        return f"{constraint} alone rules out all {self.seen:,}{best}"


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
        *_ranges([columns[c.column] for c in constraints]),
    )


def _ranges(values: list[NDArray[Any]]) -> tuple[FloatArray, FloatArray]:
    numeric = [v.dtype.kind in "fiu" and len(v) > 0 for v in values]
    low, high = (
        np.array([float(end(v)) if n else np.nan for v, n in zip(values, numeric, strict=True)])
        for end in (np.min, np.max)
    )
    return low, high
