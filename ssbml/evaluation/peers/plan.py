"""What a task asks for: jobs to run, and how their results become scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import Scores


@dataclass(frozen=True, slots=True)
class Findings:
    """What a task found.

    Attributes
    ----------
    scores : list of Scores
        Every predictor on every subset.
    coverage : list of dict
        Rows of the table of interval coverage, see `ssbml.evaluation.peers.coverage.Intervals`.
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
