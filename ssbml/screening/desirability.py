"""How good a value is, from 0 to 1, on fixed scales.

Desirability functions after Derringer and Suich, J. Qual. Technol. 12 (1980) 214. The scales are
constants, not the range of a batch: a score means the same in every screening, and no candidate
changes the score of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.fields import influential
from ssbml.screening.goals import Objective
from ssbml.targets import CONDUCTIVITY, DENSITY, PURITY
from ssbml.vocabulary import VOCABULARIES

FLOOR = 0.01
"""Desirability of the worst value: a wish unmet is no ban, which is what constraints are for."""

_MAX_MISSING = max(len(influential(form)) for form in VOCABULARIES["form"])


def _plain(values: Any) -> FloatArray:
    return np.asarray(values, dtype=float)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the desirability of a prediction column begins and ends.

    Attributes
    ----------
    low, high : float
        Limits in the unit of the column; outside them nothing gets worse or better.
    forward : callable
        From the unit of the column to the axis on which desirability is linear.
    """

    low: float
    high: float
    forward: Callable[[Any], FloatArray] = _plain

    def ends(self) -> tuple[float, float]:
        """Return the limits on the linear axis."""
        low, high = self.forward(np.array([self.low, self.high]))
        return float(low), float(high)


SCALES: dict[str, Scale] = {
    CONDUCTIVITY.name: Scale(1e-8, 2.5e-2, CONDUCTIVITY.forward),
    DENSITY.name: Scale(50.0, 100.0),
    PURITY.name: Scale(0.0, 1.0),
    "phase_main_probability": Scale(0.0, 1.0),
    "domain_distance": Scale(0.0, 3.0),
    "n_missing": Scale(0.0, float(_MAX_MISSING)),
}
"""Scale of each prediction column.

Conductivity is judged by its logarithm, from poor solution films (1e-8 S/cm, Chem. Soc. Rev. 54
(2025) 8925 section 3) to the best sulfides (2.5e-2 S/cm, section 1.2); relative density from what
LLZO has before it sinters (2.6 of 5.07 g/cm3, section 2.4) to full density; ``domain_distance`` up
to where the models stop counting it; ``n_missing`` up to all influential fields.
"""


def scale_of(column: str) -> Scale:
    """Return the scale of a numeric prediction column, an interval end included."""
    return SCALES[column.removesuffix("_lower").removesuffix("_upper")]


def desirability(values: Any, objective: Objective) -> FloatArray:
    """Return how desirable values are.

    Parameters
    ----------
    values : array, shape (...)
        Values of ``objective.column`` in its unit.
    objective : Objective
        Maximise: rises linearly between the ends of the scale. Minimise: falls. Target: 1 at the
        target, falling to both ends.

    Returns
    -------
    array, shape (...)
        Between `FLOOR` and 1.
    """
    scale = scale_of(objective.column)
    low, high = scale.ends()
    y = np.clip(scale.forward(values), low, high)
    if objective.goal == "target":
        aim = float(np.clip(scale.forward(objective.value), low, high))
        reach = np.where(y < aim, aim - low, high - aim)
        share = 1.0 - np.abs(y - aim) / np.where(reach > 0, reach, 1.0)
    else:
        share = (y - low) / (high - low)
        if objective.goal == "minimize":
            share = 1.0 - share
    return np.asarray(FLOOR + (1.0 - FLOOR) * share, dtype=float)


def overall(parts: Sequence[FloatArray], objectives: Sequence[Objective]) -> FloatArray:
    """Return the weighted geometric mean of desirabilities.

    Parameters
    ----------
    parts : sequence of arrays, each of shape (n,)
        Desirability of each objective, above 0.
    objectives : sequence of Objective
        Their weights.

    Returns
    -------
    array, shape (n,)
    """
    whole = sum(o.weight for o in objectives)
    total = np.zeros(len(parts[0]))
    for part, objective in zip(parts, objectives, strict=True):
        total += objective.weight / whole * np.log(part)
    return np.exp(total)
