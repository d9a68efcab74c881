"""Recipes that no other recipe beats in every objective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray


@dataclass(frozen=True, slots=True)
class Front:
    """Non-dominated recipes; of recipes with equal losses the one with the lowest number.

    Attributes
    ----------
    numbers : int array, shape (n,)
        Candidate numbers.
    losses : array, shape (n, n_objectives)
        What is to be small.
    scores : array, shape (n,)
        Scores of the recipes, carried along.
    """

    numbers: NDArray[np.int64]
    losses: FloatArray
    scores: FloatArray

    def merge(self, other: Front) -> Front:
        """Return the front of the recipes of both."""
        return front_of(
            np.concatenate([self.numbers, other.numbers]),
            np.concatenate([self.losses, other.losses]),
            np.concatenate([self.scores, other.scores]),
        )

    def best_first(self) -> Front:
        """Return the front by falling score, equal scores by number."""
        order = np.lexsort((self.numbers, -self.scores))
        return Front(self.numbers[order], self.losses[order], self.scores[order])

    def holds(self, losses: FloatArray) -> NDArray[np.bool_]:
        """Return which rows of losses lie on the front.

        Parameters
        ----------
        losses : array, shape (m, n_objectives)
            Losses of recipes that this front was made of.

        Returns
        -------
        bool array, shape (m,)
        """
        members = {row.tobytes() for row in self.losses}
        return np.array([row.tobytes() in members for row in losses], dtype=bool)


def front_of(numbers: NDArray[np.int64], losses: FloatArray, scores: FloatArray) -> Front:
    """Return the front of recipes.

    Parameters
    ----------
    numbers : int array, shape (n,)
        Candidate numbers, all different.
    losses : array, shape (n, n_objectives)
        What is to be small, no NaN.
    scores : array, shape (n,)
        Carried along.

    Returns
    -------
    Front
    """
    from moocore import is_nondominated

    hopeful = _hopeful(losses, scores)
    order = hopeful[np.argsort(numbers[hopeful])]
    numbers, losses, scores = numbers[order], losses[order], scores[order]
    best = np.zeros(0, dtype=bool)
    if len(numbers):
        best = np.asarray(is_nondominated(np.ascontiguousarray(losses)), dtype=bool)
    return Front(numbers[best], losses[best], scores[best])


def _hopeful(losses: FloatArray, scores: FloatArray) -> NDArray[np.intp]:
    """Return the recipes that the one of the best score does not dominate."""
    if len(scores) == 0:
        return np.zeros(0, dtype=np.intp)
    columns = np.ascontiguousarray(losses.T)
    better, worse = np.zeros(len(scores), dtype=bool), np.zeros(len(scores), dtype=bool)
    for column, pivot in zip(columns, losses[scores.argmax()], strict=True):
        better |= column < pivot
        worse |= column > pivot
    return np.flatnonzero(better | ~worse)
