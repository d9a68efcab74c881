"""What a pass over candidates keeps: the best, the Pareto front, the tally of constraints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.screening.feasibility import Tally, judge
from ssbml.screening.pareto import Front, front_of
from ssbml.screening.risk import Columns
from ssbml.screening.score import Scorer


@dataclass(frozen=True, slots=True)
class Limits:
    """How many recipes a shortlist keeps.

    Attributes
    ----------
    keep : int
        The best so many.
    per_composition : int, optional
        At most so many of one composition; any number by default.
    """

    keep: int
    per_composition: int | None = None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The outcome of a part of a search space.

    Parts merge in any order and any grouping into the same whole.

    Attributes
    ----------
    limits : Limits
    numbers : int array, shape (n,)
        Candidate numbers of the best feasible recipes: those inside the domain of the model before
        those outside, which its intervals do not hold for; best score first; then by number.
    compositions : int array, shape (n,)
        Their compositions.
    inside : bool array, shape (n,)
        Whether they lie inside the domain of the model.
    scores : array, shape (n,)
    losses : array, shape (n, n_objectives)
    front : Front
        Pareto front of all feasible recipes of the part.
    tally : Tally
        Of all recipes of the part.
    outside : int
        Recipes of the part outside the domain of the model.
    """

    limits: Limits
    numbers: NDArray[np.int64]
    compositions: NDArray[np.int64]
    inside: NDArray[np.bool_]
    scores: FloatArray
    losses: FloatArray
    front: Front
    tally: Tally
    outside: int

    def merge(self, other: Shortlist) -> Shortlist:
        """Return the shortlist of both parts."""
        numbers = np.concatenate([self.numbers, other.numbers])
        compositions = np.concatenate([self.compositions, other.compositions])
        inside = np.concatenate([self.inside, other.inside])
        scores = np.concatenate([self.scores, other.scores])
        losses = np.concatenate([self.losses, other.losses])
        best = _best(self.limits, numbers, compositions, inside, scores)
        return Shortlist(
            self.limits,
            numbers[best],
            compositions[best],
            inside[best],
            scores[best],
            losses[best],
            self.front.merge(other.front),
            self.tally.merge(other.tally),
            self.outside + other.outside,
        )


def shortlist_of(
    numbers: NDArray[np.int64],
    compositions: NDArray[np.int64],
    columns: Columns,
    scorer: Scorer,
    limits: Limits,
) -> Shortlist:
    """Return the shortlist of a part of a search space.

    Parameters
    ----------
    numbers : int array, shape (n,)
        Candidate numbers.
    compositions : int array, shape (n,)
        Their compositions.
    columns : mapping of str to array, shape (n,)
        Their prediction columns; ``notes`` are not needed.
    scorer : Scorer
        Goals and coverage.
    limits : Limits
        What to keep.

    Returns
    -------
    Shortlist
    """
    feasible, tally = judge(columns, scorer.goals.constraints, len(numbers))
    in_domain = np.asarray(columns["in_domain"], dtype=bool)
    chosen, made_of, inside = numbers[feasible], compositions[feasible], in_domain[feasible]
    good = {name: np.asarray(values)[feasible] for name, values in columns.items()}
    losses, scores = scorer.losses(good), scorer.scores(good)
    best = _best(limits, chosen, made_of, inside, scores)
    return Shortlist(
        limits,
        chosen[best],
        made_of[best],
        inside[best],
        scores[best],
        losses[best],
        front_of(chosen, losses, scores),
        tally,
        int((~in_domain).sum()),
    )


def _best(
    limits: Limits,
    numbers: NDArray[np.int64],
    compositions: NDArray[np.int64],
    inside: NDArray[np.bool_],
    scores: FloatArray,
) -> NDArray[np.intp]:
    if limits.per_composition is not None:
        order = np.lexsort((numbers, -scores, ~inside))
        return order[_turn(compositions[order]) < limits.per_composition][: limits.keep]
    hopeful = np.arange(len(scores), dtype=np.intp)
    supported = np.flatnonzero(inside)
    if len(supported) > limits.keep:
        least = np.partition(scores[supported], -limits.keep)[-limits.keep]
        hopeful = supported[scores[supported] >= least]
    order = np.lexsort((numbers[hopeful], -scores[hopeful], ~inside[hopeful]))
    return hopeful[order][: limits.keep]


def _turn(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many times each label has come before."""
    by_label = np.argsort(labels, kind="stable")
    ordered = labels[by_label]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    out = np.empty(len(labels), dtype=np.int64)
    out[by_label] = np.arange(len(labels)) - np.repeat(starts, lengths)
    return out
