"""One number per recipe, from its own predictions alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.screening.desirability import desirability, overall
from ssbml.screening.feasibility import meets
from ssbml.screening.goals import Constraint, Goals, Objective
from ssbml.screening.risk import Columns, counted_on, loss
from ssbml.screening.split_normal import split_normal
from ssbml.targets import TARGETS

_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores recipes by the goals of a search space.

    The score of a recipe depends on nothing but its predictions: not on the other candidates, the
    batch or its size.

    Attributes
    ----------
    goals : Goals
        Objectives, constraints and attitude to risk.
    coverage : float
        Coverage of the intervals in the prediction columns.
    incumbent : mapping of str to float
        What ``expected_improvement`` has to beat, by objective.
    """

    goals: Goals
    coverage: float
    incumbent: Mapping[str, float] = field(default_factory=dict)

    def losses(self, columns: Columns) -> FloatArray:
        """Return what is to be small: one column per objective, for the Pareto front.

        Parameters
        ----------
        columns : mapping of str to array, shape (n,)
            Prediction columns.

        Returns
        -------
        array, shape (n, n_objectives)
        """
        return np.column_stack(
            [loss(counted_on(columns, o, self.goals.risk), o) for o in self.goals.objectives]
        )

    def scores(self, columns: Columns) -> FloatArray:
        """Return the score of each recipe; more is better.

        ``lower``, ``mean``, ``ucb``
            Weighted geometric mean of the desirabilities (`ssbml.screening.desirability`) of the
            conservative end, the point or the favourable end of the interval.
        ``expected_improvement``
            Weighted mean over the objectives with an incumbent of the expected gain in
            desirability over it, times the overall desirability of the other objectives (for
            ``phase_purity`` that is the chance that the product is pure).
        ``probability``
            Probability of meeting all constraints, the three properties taken as independent.

        Parameters
        ----------
        columns : mapping of str to array, shape (n,)
            Prediction columns.

        Returns
        -------
        array, shape (n,)
            Between 0 and 1, rounded to ten digits so that the noise of summation puts no recipe
            behind its equal.
        """
        attitudes: dict[str, Callable[[Columns], FloatArray]] = {
            "expected_improvement": self._improvement,
            "probability": self._probability,
        }
        score = attitudes.get(self.goals.risk, self._desirability)
        return _rounded(score(columns))

    def _desirability(self, columns: Columns) -> FloatArray:
        objectives = self.goals.objectives
        risk = self.goals.risk
        return overall([desirability(counted_on(columns, o, risk), o) for o in objectives],
                       objectives)  # fmt: skip

    def _improvement(self, columns: Columns) -> FloatArray:
        beaten = [o for o in self.goals.objectives if o.column in self.incumbent]
        others = [o for o in self.goals.objectives if o.column not in self.incumbent]
        gains = sum(o.weight * self._gain(columns, o) for o in beaten)
        mean = np.asarray(gains) / sum(o.weight for o in beaten)
        if not others:
            return mean
        return mean * overall([desirability(columns[o.column], o) for o in others], others)

    def _gain(self, columns: Columns, objective: Objective) -> FloatArray:
        """Return the expected gain in desirability over the incumbent."""
        bar = float(desirability(self.incumbent[objective.column], objective))
        distribution = split_normal(TARGETS[objective.column], columns, self.coverage)
        return distribution.expected(
            lambda values: np.maximum(desirability(values, objective) - bar, 0.0)
        )

    def _probability(self, columns: Columns) -> FloatArray:
        out = np.ones(len(columns[self.goals.objectives[0].column]))
        limits: dict[str, tuple[float, float]] = {}
        for constraint in self.goals.constraints:
            if constraint.column in TARGETS and constraint.op not in ("==", "!="):
                low, high = limits.get(constraint.column, (-math.inf, math.inf))
                limits[constraint.column] = _narrowed(low, high, constraint)
            else:
                sure = (
                    columns["phase_main_probability"] if constraint.column == "phase_main" else 1.0
                )
                out = out * np.where(meets(columns, constraint), sure, 0.0)
        for column, (low, high) in limits.items():
            distribution = split_normal(TARGETS[column], columns, self.coverage)
            out = out * distribution.probability(low, high)
        return out


def _rounded(scores: FloatArray) -> FloatArray:
    size = np.floor(np.log10(np.where(scores > 0, scores, 1.0)))
    unit = 10.0 ** (_DIGITS - 1 - np.maximum(size, -290.0))
    return np.asarray(np.round(scores * unit) / unit, dtype=float)


def _narrowed(low: float, high: float, constraint: Constraint) -> tuple[float, float]:
    value = float(constraint.value)
    return (max(low, value), high) if constraint.op in (">", ">=") else (low, min(high, value))
