"""Goals of a screening, read from the keys of a search space."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssbml.errors import SpaceError
from ssbml.screening.constraints import check_column, parse_constraints
from ssbml.screening.goals import (
    DEFAULT_TOP,
    GOALS,
    RISKS,
    Goals,
    Objective,
    column_bounds,
)
from ssbml.screening.scalars import KeyPath, count, finite, flag
from ssbml.targets import TARGETS
from ssbml.vocabulary import closest


def parse_goals(space: Mapping[str, Any]) -> Goals:
    """Return the goals that a search space states.

    Parameters
    ----------
    space : mapping
        A search space; keys other than `GOAL_KEYS` are not looked at.

    Returns
    -------
    Goals

    Raises
    ------
    SpaceError
        An objective that is no prediction, a weight that is not above 0, a constraint that cannot
        be read or met by any value, an unknown risk attitude, or a value of the wrong kind.
    """
    objectives = Goals().objectives
    if "objectives" in space:
        objectives = _objectives(space["objectives"])
    if "weights" in space:
        objectives = _weighted(objectives, space["weights"])
    return Goals(
        objectives=objectives,
        constraints=parse_constraints(space.get("constraints", [])),
        risk=_risk(space.get("risk", "lower")),
        incumbent=_incumbent(space.get("incumbent", {})),
        diverse=flag(space.get("diverse", False), ("diverse",)),
        top=count(space.get("top", DEFAULT_TOP), ("top",)),
    )


def _objectives(data: Any) -> tuple[Objective, ...]:
    if not isinstance(data, Mapping) or not data:
        raise SpaceError(
            ("objectives",),
            data,
            "prediction columns with what is wanted of them are expected",
            "write for example {conductivity_s_cm: maximize}",
        )
    return tuple(_objective(column, wish) for column, wish in data.items())


def _objective(column: Any, wish: Any) -> Objective:
    path: KeyPath = ("objectives", str(column))
    check_column(column, None, path, "an objective")
    parts = dict(wish) if isinstance(wish, Mapping) else {"goal": wish}
    unknown = [k for k in parts if k not in ("goal", "value", "weight")]
    if unknown:
        raise SpaceError(
            (*path, str(unknown[0])), parts[unknown[0]], "an objective has goal, value and weight"
        )
    goal = parts.get("goal", "target" if "value" in parts else None)
    if goal not in GOALS:
        like = closest(str(goal).replace("ise", "ize"), GOALS)
        raise SpaceError(
            path, goal, f"allowed are {', '.join(GOALS)}", f"did you mean {like}?" if like else ""
        )
    weight = _weight(parts.get("weight", 1.0), (*path, "weight"))
    if (goal == "target") != ("value" in parts):
        raise SpaceError(
            path,
            wish,
            "a target needs a value, and only a target has one",
            f"write {{goal: target, value: {_middle(str(column))}}}",
        )
    value = _target(str(column), parts["value"], path) if goal == "target" else None
    return Objective(str(column), str(goal), weight, value)


def _target(column: str, given: Any, path: KeyPath) -> float:
    value = finite(given, (*path, "value"))
    low, high = column_bounds(column)
    if not low <= value <= high:
        raise SpaceError((*path, "value"), given, f"{column} lies between {low:g} and {high:g}")
    return value


def _middle(column: str) -> str:
    return {"conductivity_s_cm": "1e-3", "relative_density_pct": "95"}.get(column, "0.5")


def _weighted(objectives: tuple[Objective, ...], data: Any) -> tuple[Objective, ...]:
    names = [o.column for o in objectives]
    if not isinstance(data, Mapping):
        raise SpaceError(("weights",), data, f"weights of {', '.join(names)} are expected")
    for column in data:
        if column not in names:
            like = closest(str(column), names)
            raise SpaceError(
                ("weights", str(column)),
                data[column],
                f"there is no such objective; they are {', '.join(names)}",
                f"did you mean {like}?" if like else "",
            )
    return tuple(
        Objective(o.column, o.goal, _weight(data[o.column], ("weights", o.column)), o.value)
        if o.column in data
        else o
        for o in objectives
    )


def _weight(value: Any, path: KeyPath) -> float:
    weight = finite(value, path)
    if weight <= 0:
        raise SpaceError(path, value, "a weight is above 0", "leave the objective out instead")
    return weight


def _risk(value: Any) -> str:
    if value in RISKS:
        return str(value)
    like = closest(str(value), RISKS)
    raise SpaceError(
        ("risk",), value, f"allowed are {', '.join(RISKS)}", f"did you mean {like}?" if like else ""
    )


def _incumbent(data: Any) -> dict[str, float]:
    if not isinstance(data, Mapping):
        raise SpaceError(
            ("incumbent",), data, f"values of your best sample are expected: {', '.join(TARGETS)}"
        )
    for column in data:
        if column not in TARGETS:
            like = closest(str(column), TARGETS)
            raise SpaceError(
                ("incumbent", str(column)),
                data[column],
                f"known are {', '.join(TARGETS)}",
                f"did you mean {like}?" if like else "",
            )
    return {str(c): _target(str(c), v, ("incumbent", str(c))) for c, v in data.items()}
