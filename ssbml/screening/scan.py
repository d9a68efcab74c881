"""One pass over the candidates of a space, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ssbml.describe import count_missing, firing_excess
from ssbml.errors import SpaceError
from ssbml.features.assemble import assemble
from ssbml.predictor import Predictor
from ssbml.screening.candidates import Candidates
from ssbml.screening.goals import Goals
from ssbml.screening.risk import Columns
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Limits, Shortlist, shortlist_of

CHUNK = 8192
"""Recipes predicted at once."""

Progress = Callable[[int, int], None]
"""Called with the number of recipes finished so far and the number of all."""

_POOL = 20
_POOL_PER_COMPOSITION = 4


def scan(
    candidates: Candidates,
    predictor: Predictor,
    scorer: Scorer,
    *,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Shortlist:
    """Predict all candidates, a chunk at a time, and return what is worth keeping.

    Parameters
    ----------
    candidates : Candidates
    predictor : Predictor
    scorer : Scorer
        Goals and coverage.
    chunk : int, default 8192
        Recipes predicted at once; changes no result.
    progress : callable, optional
        Called with the number of recipes finished and the number of all.

    Returns
    -------
    Shortlist
    """
    limits = limits_of(candidates, scorer.goals)
    total = None
    for start in range(0, len(candidates), chunk):
        numbers = np.arange(start, min(start + chunk, len(candidates)), dtype=np.int64)
        columns = predicted(candidates, predictor, numbers, scorer.coverage)
        compositions, _ = candidates.pairs(numbers)
        part = shortlist_of(numbers, compositions, columns, scorer, limits)
        total = part if total is None else total.merge(part)
        if progress is not None:
            progress(int(numbers[-1]) + 1, len(candidates))
    if total is None:
        raise SpaceError((), None, f"the space holds no recipe: {_reasons(candidates)}")
    return total


def predicted(
    candidates: Candidates,
    predictor: Predictor,
    numbers: NDArray[np.int64],
    coverage: float,
) -> Columns:
    """Return the prediction columns of candidates, without notes.

    Parameters
    ----------
    candidates : Candidates
    predictor : Predictor
    numbers : int array, shape (n,)
        Candidate numbers.
    coverage : float
        Coverage of the intervals.

    Returns
    -------
    mapping of str to array, shape (n,)
    """
    table = candidates.table(numbers)
    families = [candidates.family] * len(numbers)
    columns, _ = predictor.predict_features(
        assemble(table),
        families,
        count_missing(table),
        firing_excess(table, families),
        coverage=coverage,
    )
    return columns


def limits_of(candidates: Candidates, goals: Goals) -> Limits:
    """Return how many recipes a shortlist keeps: the top, or a pool to pick a batch from."""
    if not goals.diverse:
        return Limits(goals.top)
    pool = _POOL * goals.top
    share = math.ceil(pool / max(len(candidates.compositions), 1))
    return Limits(pool, max(_POOL_PER_COMPOSITION, share))


def _reasons(candidates: Candidates) -> str:
    parts = [f"{count:,} dropped: {reason}" for reason, count in candidates.dropped.items()]
    return "; ".join(parts) or "no composition or no process is left"
