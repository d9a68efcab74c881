"""What a screening looks for: objectives, hard constraints, and the attitude to risk."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ssbml.request import PREDICTION_COLUMNS
from ssbml.targets import TARGETS

GOALS = ("maximize", "minimize", "target")
"""What can be wanted of a column."""

RISKS = ("lower", "mean", "ucb", "expected_improvement", "probability")
"""Attitudes to uncertainty; ``lower`` counts on the conservative bound."""

OPERATORS = (">=", "<=", "==", "!=", ">", "<")
"""Comparisons of a constraint."""

NUMERIC_COLUMNS = tuple(
    c for c in PREDICTION_COLUMNS if c not in ("phase_main", "in_domain", "notes")
)
"""Prediction columns that can be maximised, minimised, aimed at or bounded."""

GOAL_KEYS = ("objectives", "constraints", "weights", "risk", "incumbent", "diverse", "top")
"""Keys of a search space that this module reads."""

DEFAULT_TOP = 50


@dataclass(frozen=True, slots=True)
class Objective:
    """One wish.

    Attributes
    ----------
    column : str
        A column of `NUMERIC_COLUMNS`.
    goal : str
        One of `GOALS`.
    weight : float
        Share in the desirability, above 0.
    value : float or None
        What a ``target`` aims at.
    """

    column: str
    goal: str
    weight: float = 1.0
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """One condition that every ranked recipe meets.

    Attributes
    ----------
    column : str
        A column of the prediction table.
    op : str
        One of `OPERATORS`.
    value : float, bool or str
        A number, True or False for ``in_domain``, a phase for ``phase_main``.
    """

    column: str
    op: str
    value: float | bool | str

    def __str__(self) -> str:
        if isinstance(self.value, bool):
            return self.column if self.value == (self.op == "==") else f"not {self.column}"
        shown = self.value if isinstance(self.value, str) else f"{self.value:g}"
        return f"{self.column} {self.op} {shown}"


@dataclass(frozen=True, slots=True)
class Goals:
    """Everything that the ranking of a search space depends on besides its candidates.

    Attributes
    ----------
    objectives : tuple of Objective
        By default the three predicted properties, all maximised.
    constraints : tuple of Constraint
    risk : str
        One of `RISKS`.
    incumbent : dict of str to float
        Values of the user's own best sample, which ``expected_improvement`` has to beat.
    diverse : bool
        Whether the best recipes are to differ from one another.
    top : int
        How many recipes are asked for.
    """

    objectives: tuple[Objective, ...] = tuple(Objective(name, "maximize") for name in TARGETS)
    constraints: tuple[Constraint, ...] = ()
    risk: str = "lower"
    incumbent: dict[str, float] = field(default_factory=dict)
    diverse: bool = False
    top: int = DEFAULT_TOP


def column_bounds(column: str) -> tuple[float, float]:
    """Return the smallest and largest value that a numeric prediction column can take."""
    target = TARGETS.get(column.removesuffix("_lower").removesuffix("_upper"))
    if target is not None:
        return target.low, target.high
    return (0.0, 1.0) if column == "phase_main_probability" else (0.0, math.inf)
