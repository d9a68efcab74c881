"""What a pass over a search space needs, and what it does with a part of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ssbml.errors import SpaceError
from ssbml.predictor import Predictor
from ssbml.screening.candidates import Candidates
from ssbml.screening.columns import FEW_WAYS, Columns, PreparedSpace, predict_pairs, prepare
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Limits, Shortlist, shortlist_of

CHUNK = 65536
"""Candidates predicted at once; changes no result."""

_WRITTEN_OUT = 8192
"""As many where nearly every candidate is a composition of its own: their features are written out
row by row, and 65,536 such rows took 0.8 GB on two threads and a fifth more processor time."""

_POOL = 20
_POOL_PER_COMPOSITION = 4


@dataclass(slots=True)
class Job:
    """Candidates (at least one), the model that predicts them and the goals that judge them.

    Can be sent to other processes: what was worked out for the space stays behind and is worked
    out again there, once.

    Attributes
    ----------
    candidates : Candidates
    predictor : Predictor
    scorer : Scorer
        Goals and coverage.
    limits : Limits
        What to keep.
    """

    candidates: Candidates
    predictor: Predictor
    scorer: Scorer
    limits: Limits
    _space: PreparedSpace | None = field(default=None, repr=False, compare=False)

    def __getstate__(self) -> tuple[Any, ...]:
        return self.candidates, self.predictor, self.scorer, self.limits

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.candidates, self.predictor, self.scorer, self.limits = state
        self._space = None

    def __len__(self) -> int:
        return len(self.candidates)

    @property
    def chunk(self) -> int:
        """Candidates to predict at once."""
        few = len(self) < FEW_WAYS * len(self.candidates.compositions)
        return _WRITTEN_OUT if few else CHUNK

    def columns(self, start: int, stop: int) -> Columns:
        """Return the predictions of consecutive candidates, each of shape (stop - start,).

        Raises
        ------
        SettingsError
            As in `ssbml.screening.columns.prepare`.
        """
        if self._space is None:
            self._space = prepare(self.candidates)
        return predict_pairs(
            self.predictor, self._space, start, stop, coverage=self.scorer.coverage
        )

    def shortlist(self, start: int, columns: Columns) -> Shortlist:
        """Return what is worth keeping of candidates from ``start`` on, given their predictions."""
        numbers = np.arange(start, start + len(columns["in_domain"]), dtype=np.int64)
        compositions, _ = self.candidates.pairs(numbers)
        return shortlist_of(numbers, compositions, columns, self.scorer, self.limits)


def job_of(candidates: Candidates, predictor: Predictor, scorer: Scorer) -> Job:
    """Return the job that keeps the top of a space, or a pool to pick a diverse batch from.

    Raises
    ------
    SpaceError
        There is no candidate.
    """
    if len(candidates) == 0:
        parts = [f"{count:,} dropped: {reason}" for reason, count in candidates.dropped.items()]
        reasons = "; ".join(parts) or "no composition or no process is left"
        raise SpaceError((), None, f"the space holds no recipe: {reasons}")
    goals = scorer.goals
    limits = Limits(goals.top)
    if goals.diverse:
        pool = _POOL * goals.top
        share = math.ceil(pool / len(candidates.compositions))
        limits = Limits(pool, max(_POOL_PER_COMPOSITION, share))
    return Job(candidates, predictor, scorer, limits)
