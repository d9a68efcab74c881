"""Objectives and constraints: what is understood, and how everything else is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from ssbml.errors import SpaceError
from ssbml.screening.constraints import parse_constraint
from ssbml.screening.goals import Constraint, Goals, Objective
from ssbml.screening.wishes import parse_goals


def test_nothing_stated_means_good_dense_and_pure() -> None:
    assert parse_goals({}) == Goals()
    assert [o.column for o in Goals().objectives] == [
        "conductivity_s_cm",
        "relative_density_pct",
        "phase_purity",
    ]
    assert Goals().risk == "lower"


def test_everything_can_be_stated() -> None:
    goals = parse_goals(
        {
            "objectives": {
                "conductivity_s_cm": "maximize",
                "domain_distance": "minimize",
                "relative_density_pct": {"goal": "target", "value": 95, "weight": 0.5},
            },
            "weights": {"conductivity_s_cm": 3},
            "constraints": ["phase_purity >= 0.7", "in_domain", "phase_main == cubic"],
            "risk": "expected_improvement",
            "incumbent": {"conductivity_s_cm": 5e-4},
            "diverse": True,
            "top": 20,
            "host": "not looked at",
        }
    )
    assert goals.objectives == (
        Objective("conductivity_s_cm", "maximize", 3.0),
        Objective("domain_distance", "minimize"),
        Objective("relative_density_pct", "target", 0.5, 95.0),
    )
    assert goals.constraints == (
        Constraint("phase_purity", ">=", 0.7),
        Constraint("in_domain", "==", True),
        Constraint("phase_main", "==", "cubic"),
    )
    assert (goals.risk, goals.diverse, goals.top) == ("expected_improvement", True, 20)
    assert goals.incumbent == {"conductivity_s_cm": 5e-4}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("phase_purity>=.7", "phase_purity >= 0.7"),
        ("conductivity_s_cm_lower > 1e-4", "conductivity_s_cm_lower > 0.0001"),
        ("n_missing = 0", "n_missing == 0"),
        ("in_domain == true", "in_domain"),
        ("in_domain != true", "not in_domain"),
        ("not in_domain", "not in_domain"),
        ("phase_main != tetragonal", "phase_main != tetragonal"),
    ],
)
def test_a_constraint_reads_and_writes(text: str, shown: str) -> None:
    assert str(parse_constraint(text)) == shown
    assert parse_constraint(shown) == parse_constraint(text)


@pytest.mark.parametrize(
    ("space", "key", "parts"),
    [
        ({"objectives": {"conductivty": "maximize"}}, "objectives.conductivty",
         ["not a prediction", "did you mean conductivity_s_cm?"]),
        ({"objectives": {"sintering_temp_c": "minimize"}}, "objectives.sintering_temp_c",
         ["not a prediction"]),
        ({"objectives": {"phase_purity": "maximise"}}, "objectives.phase_purity",
         ["did you mean maximize?"]),
        ({"objectives": {"phase_purity": "target"}}, "objectives.phase_purity", ["needs a value"]),
        ({"objectives": {"phase_purity": {"goal": "target", "value": 70}}},
         "objectives.phase_purity.value", ["between 0 and 1"]),
        ({"objectives": []}, "objectives", ["conductivity_s_cm: maximize"]),
        ({"weights": {"phase_purity": math.nan}}, "weights.phase_purity", ["finite"]),
        ({"weights": {"phase_purity": 0}}, "weights.phase_purity", ["above 0"]),
        ({"weights": {"phase_purty": 1}}, "weights.phase_purty", ["did you mean phase_purity?"]),
        ({"objectives": {"phase_purity": {"goal": "maximize", "weight": math.inf}}},
         "objectives.phase_purity.weight", ["finite"]),
        ({"constraints": ["in_domain", "relative_density_pct >= 120"]}, "constraints[1]",
         ["between 0 and 100"]),
        ({"constraints": ["relative_densty_pct >= 93"]}, "constraints[0]",
         ["did you mean relative_density_pct?"]),
        ({"constraints": ["__import__('os').system('true')"]}, "constraints[0]", ["write for"]),
        ({"constraints": ["phase_purity >= many"]}, "constraints[0]", ["not a finite number"]),
        ({"constraints": ["phase_main == cubical"]}, "constraints[0]", ["did you mean cubic?"]),
        ({"constraints": ["in_domain > 3"]}, "constraints[0]", ["true or false"]),
        ({"constraints": 3}, "constraints", ["a list"]),
        ({"risk": "low"}, "risk", ["did you mean lower?"]),
        ({"incumbent": {"conductivity": 1e-3}}, "incumbent.conductivity", ["did you mean"]),
        ({"diverse": "yes"}, "diverse", ["true and false"]),
        ({"top": 0}, "top", ["at least 1"]),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(space: dict[str, Any], key: str, parts: list[str]) -> None:
    with pytest.raises(SpaceError) as caught:
        parse_goals(space)
    message = str(caught.value)
    assert message.startswith(key)
    for part in parts:
        assert part in message
