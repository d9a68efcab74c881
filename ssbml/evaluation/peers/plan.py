"""What a task asks for: jobs to run, and how their results become scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import Scores
from ssbml.metrics import coverage_of

Intervals = Mapping[float, tuple[FloatArray, FloatArray]]
"""Lower and upper ends by coverage."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a task found.

    Attributes
    ----------
    scores : list of Scores
        Every predictor on every subset.
    coverage : list of dict
        Rows of the table of interval coverage, see `coverage_rows`.
    """

    scores: list[Scores]
    coverage: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Jobs of a task and what becomes of their results.

    Attributes
    ----------
    jobs : list of callable
        Jobs without arguments.
    collect : callable
        Results of the jobs, in order, to findings.
    """

    jobs: list[Job]
    collect: Callable[[list[Any]], Findings]


def coverage_rows(
    task: str,
    subset: str,
    truth: FloatArray,
    intervals: Intervals,
    mask: NDArray[np.bool_] | None = None,
) -> list[dict[str, Any]]:
    """Return how often intervals hold the truth, and how wide they are.

    Parameters
    ----------
    task, subset : str
        Where the rows belong.
    truth : array, shape (n,)
        Measured values.
    intervals : mapping of float to (array, array)
        Ends by coverage.
    mask : bool array, shape (n,), optional
        Rows that count; all by default.
    """
    rows = np.ones(len(truth), dtype=bool) if mask is None else mask
    return [
        {
            "task": task,
            "subset": subset,
            "samples": int(rows.sum()),
            "stated": stated,
            "covered": coverage_of(truth[rows], low[rows], high[rows]),
            "median width": float(np.median((high - low)[rows])) if rows.any() else float("nan"),
        }
        for stated, (low, high) in sorted(intervals.items())
    ]
