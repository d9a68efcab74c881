"""A batch of good recipes that differ from one another in chemistry and in processing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.fields import FIELDS
from ssbml.screening.candidates import Candidates


class Unlikeness:
    """How much candidates of a space differ, from 0 to 1.

    Half of it is chemistry, half processing; each is the mean difference over the columns that vary
    in the space (Gower, Biometrics 27 (1971) 857): amounts and numbers by their range in the space,
    choices equal or not, stated against blank counts in full.

    Parameters
    ----------
    candidates : Candidates
        The whole space, which sets the ranges.
    """

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._amounts = _by_range(candidates.compositions)
        numbers, codes = [], []
        for name in candidates.processes.columns:
            column = candidates.processes[name]
            if FIELDS[name].kind == "number":
                numbers.append(column.to_numpy(dtype=float))
            else:
                texts = [None if v is None or v != v else str(v) for v in column.tolist()]
                names = {text: i for i, text in enumerate(sorted({t for t in texts if t}))}
                codes.append(np.array([names.get(t, -1) if t else -1 for t in texts]))
        k = len(candidates.processes)
        self._numbers = _by_range(np.column_stack(numbers) if numbers else np.empty((k, 0)))
        choices = np.column_stack(codes) if codes else np.empty((k, 0), dtype=np.int64)
        self._choices = choices[:, (choices != choices[:1]).any(axis=0)]

    def between(self, one: int, others: NDArray[np.int64]) -> FloatArray:
        """Return how much candidates differ from one of them.

        Parameters
        ----------
        one : int
            Candidate number.
        others : int array, shape (n,)
            Candidate numbers.

        Returns
        -------
        array, shape (n,)
        """
        composition, process = self._candidates.pairs(others)
        (c,), (p,) = self._candidates.pairs(np.array([one], dtype=np.int64))
        chemistry = np.abs(self._amounts[composition] - self._amounts[c])
        steps = np.column_stack(
            [
                _apart(self._numbers[process], self._numbers[p]),
                self._choices[process] != self._choices[p],
            ]
        )
        parts = [part.mean(axis=1) for part in (chemistry, steps) if part.shape[1]]
        return np.mean(parts, axis=0) if parts else np.zeros(len(others))


def _by_range(values: FloatArray) -> FloatArray:
    """Return the columns that vary, divided by their range; a blank beside values varies too."""
    blank = np.isnan(values)
    filled = np.where(blank, np.inf, values)
    low = filled.min(axis=0, initial=np.inf)
    high = np.where(blank, -np.inf, values).max(axis=0, initial=-np.inf)
    span = np.where(np.isfinite(low), high - low, 0.0)
    varies = (span > 0) | (blank.any(axis=0) & ~blank.all(axis=0))
    return np.asarray(values[:, varies] / np.where(span > 0, span, 1.0)[varies], dtype=float)


def _apart(values: FloatArray, one: FloatArray) -> FloatArray:
    gap = np.abs(values - one)
    return np.where(np.isnan(values) & np.isnan(one), 0.0, np.where(np.isnan(gap), 1.0, gap))


def spread_out(
    numbers: NDArray[np.int64], scores: FloatArray, unlikeness: Unlikeness, count: int
) -> NDArray[np.intp]:
    """Return which recipes make up a diverse batch.

    The best recipe comes first; then, one after another, the recipe with the largest product of its
    score and its difference from the nearest recipe chosen so far (greedy max-min selection after
    Kennard and Stone, Technometrics 11 (1969) 137, weighted by quality). Ties go to the better
    ranked.

    Parameters
    ----------
    numbers : int array, shape (n,)
        Candidate numbers, best first.
    scores : array, shape (n,)
        Their scores, falling, >= 0.
    unlikeness : Unlikeness
    count : int
        Size of the batch.

    Returns
    -------
    int array, shape (min(count, n),)
        Positions, rising: the batch keeps the order of the scores.
    """
    n = len(numbers)
    if n <= count:
        return np.arange(n, dtype=np.intp)
    chosen = [0]
    taken = np.zeros(n, dtype=bool)
    taken[0] = True
    nearest = unlikeness.between(int(numbers[0]), numbers)
    while len(chosen) < count:
        worth = np.where(taken, -1.0, np.round(scores * nearest, 12))
        best = int(worth.argmax())
        chosen.append(best)
        taken[best] = True
        nearest = np.minimum(nearest, unlikeness.between(int(numbers[best]), numbers))
    return np.sort(np.array(chosen, dtype=np.intp))


def diverse_batch(
    numbers: NDArray[np.int64],
    scores: FloatArray,
    inside: NDArray[np.bool_],
    unlikeness: Unlikeness,
    count: int,
) -> NDArray[np.intp]:
    """Return which recipes make up a diverse batch, those inside the domain of the model first.

    Parameters
    ----------
    numbers : int array, shape (n,)
        Candidate numbers, those inside the domain first, best first.
    scores : array, shape (n,)
        Their scores, >= 0.
    inside : bool array, shape (n,)
        Whether they lie inside the domain; others only fill up the batch.
    unlikeness : Unlikeness
    count : int
        Size of the batch.

    Returns
    -------
    int array, shape (min(count, n),)
        Positions, rising.
    """
    supported = int(inside.sum())
    batch = spread_out(numbers[:supported], scores[:supported], unlikeness, count)
    if len(batch) == count or supported == len(numbers):
        return batch
    rest = spread_out(numbers[supported:], scores[supported:], unlikeness, count - len(batch))
    return np.concatenate([batch, supported + rest])
