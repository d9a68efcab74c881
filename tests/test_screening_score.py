"""Scores of recipes: worked by hand, and independent of what else is in the batch."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.errors import SpaceError
from ssbml.screening.constraints import parse_constraint
from ssbml.screening.desirability import FLOOR, SCALES, desirability, overall
from ssbml.screening.feasibility import judge
from ssbml.screening.goals import NUMERIC_COLUMNS, RISKS, Goals, Objective
from ssbml.screening.incumbent import incumbent_values
from ssbml.screening.risk import counted_on
from ssbml.screening.score import Scorer

Z90 = NormalDist().inv_cdf(0.95)
SIGMA = Objective("conductivity_s_cm", "maximize")
DENSITY = Objective("relative_density_pct", "maximize")
PURITY = Objective("phase_purity", "maximize")


def columns(**changes: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Prediction columns of two recipes."""
    table: dict[str, Any] = {
        "conductivity_s_cm": [1e-4, 1e-3],
        "conductivity_s_cm_lower": [1e-5, 1e-6],
        "conductivity_s_cm_upper": [2e-4, 5e-3],
        "relative_density_pct": [95.0, 90.0],
        "relative_density_pct_lower": [90.0, 70.0],
        "relative_density_pct_upper": [98.0, 99.0],
        "phase_purity": [0.8, 0.5],
        "phase_purity_lower": [0.6, 0.2],
        "phase_purity_upper": [0.9, 0.8],
        "phase_main": np.array(["cubic", "tetragonal"], dtype=object),
        "phase_main_probability": [0.9, 0.7],
        "in_domain": np.array([True, False]),
        "domain_distance": [0.5, 1.5],
        "n_missing": [2, 5],
    }
    return {name: np.asarray(v) for name, v in {**table, **changes}.items()}


def scorer(*objectives: Objective, risk: str = "mean", rules: tuple[str, ...] = ()) -> Scorer:
    goals = Goals(objectives, tuple(parse_constraint(rule) for rule in rules), risk)
    return Scorer(goals, 0.9)


def share(log_sigma: float) -> float:
    """Desirability of a conductivity, worked by hand: from 1e-8 to 2.5e-2 S/cm."""
    top = math.log10(2.5e-2)
    return FLOOR + (1 - FLOOR) * (log_sigma + 8) / (top + 8)


def test_every_objective_column_has_a_scale() -> None:
    for column in NUMERIC_COLUMNS:
        values = desirability(np.array([0.5, 0.9]), Objective(column, "maximize"))
        assert ((values >= FLOOR) & (values <= 1)).all()
    assert set(SCALES) == {c for c in NUMERIC_COLUMNS if not c.endswith(("_lower", "_upper"))}


def test_desirability_of_a_target_falls_to_both_sides() -> None:
    aim = Objective("relative_density_pct", "target", value=90.0)
    found = desirability(np.array([50.0, 70.0, 90.0, 95.0, 100.0]), aim)
    assert found == pytest.approx([FLOOR, (1 + FLOOR) / 2, 1.0, (1 + FLOOR) / 2, FLOOR])


def test_desirability_of_minimize_mirrors_maximize() -> None:
    values = np.array([1e-9, 1e-6, 1e-1])
    up = desirability(values, SIGMA)
    down = desirability(values, replace(SIGMA, goal="minimize"))
    assert up + down == pytest.approx(1 + FLOOR)
    assert up.tolist()[::2] == [FLOOR, 1.0]


def test_overall_is_the_weighted_geometric_mean() -> None:
    parts = [np.array([0.5]), np.array([0.2])]
    weights = [replace(SIGMA, weight=3.0), DENSITY]
    assert overall(parts, weights)[0] == pytest.approx(0.5**0.75 * 0.2**0.25)


@pytest.mark.parametrize(("risk", "log_sigma"), [("lower", -5.0), ("mean", -4.0)])
def test_lower_and_mean_by_hand(risk: str, log_sigma: float) -> None:
    assert scorer(SIGMA, risk=risk).scores(columns())[0] == pytest.approx(share(log_sigma))


def test_ucb_counts_on_the_favourable_end() -> None:
    found = scorer(SIGMA, DENSITY, risk="ucb").scores(columns())[0]
    density = FLOOR + (1 - FLOOR) * (98 - 50) / 50
    assert found == pytest.approx(math.sqrt(share(math.log10(2e-4)) * density))


def test_attitudes_disagree_about_a_safe_and_a_bold_recipe() -> None:
    best = {r: int(scorer(SIGMA, risk=r).scores(columns()).argmax()) for r in ("lower", "ucb")}
    assert best == {"lower": 0, "ucb": 1}


@pytest.mark.parametrize(
    ("objective", "risk", "expected"),
    [
        (replace(SIGMA, goal="minimize"), "lower", 2e-4),
        (replace(SIGMA, goal="minimize"), "ucb", 1e-5),
        (Objective("relative_density_pct", "target", value=96.0), "lower", 90.0),
        (Objective("relative_density_pct", "target", value=96.0), "ucb", 96.0),
        (Objective("relative_density_pct", "target", value=99.0), "ucb", 98.0),
        (Objective("conductivity_s_cm", "target", value=2e-5), "lower", 2e-4),
        (Objective("domain_distance", "minimize"), "lower", 0.5),
        (Objective("conductivity_s_cm_lower", "maximize"), "lower", 1e-5),
    ],
)
def test_the_value_counted_on(objective: Objective, risk: str, expected: float) -> None:
    assert counted_on(columns(), objective, risk)[0] == pytest.approx(expected)


def test_expected_improvement_by_hand() -> None:
    """With desirability linear in log10 S/cm the expectation has a closed form."""
    bar = 1.5e-4
    model = replace(scorer(SIGMA, risk="expected_improvement"), incumbent={SIGMA.column: bar})
    normal = NormalDist()
    point, above = -4.0, math.log10(2) / Z90
    span = math.log10(2.5e-2) + 8
    u = (math.log10(bar) - point) / above
    gain = above * (normal.pdf(u) - u * (1 - normal.cdf(u)))
    expected = (1 - FLOOR) * gain / span
    assert model.scores(columns())[0] == pytest.approx(expected, rel=0.01)


def test_expected_improvement_tells_hopeless_recipes_apart() -> None:
    model = replace(scorer(SIGMA, risk="expected_improvement"), incumbent={SIGMA.column: 1e-3})
    hopeless, better = model.scores(columns(conductivity_s_cm_upper=[2e-4, 2e-3]))
    assert 0.0 < hopeless < 1e-8 < better


def test_expected_improvement_over_a_poor_sample_is_the_gain_of_the_mean() -> None:
    even = columns(conductivity_s_cm_lower=[5e-5, 1e-4], conductivity_s_cm_upper=[2e-4, 1e-2])
    model = replace(scorer(SIGMA, risk="expected_improvement"), incumbent={SIGMA.column: 1e-7})
    found = model.scores(even)[0]
    assert found == pytest.approx(share(-4.0) - share(-7.0), rel=1e-6)


def test_expected_improvement_counts_an_impure_product_less() -> None:
    model = replace(
        scorer(SIGMA, PURITY, risk="expected_improvement"), incumbent={SIGMA.column: 1e-4}
    )
    alone = replace(model, goals=replace(model.goals, objectives=(SIGMA,)))
    pure = FLOOR + (1 - FLOOR) * columns()["phase_purity"]
    assert model.scores(columns()) == pytest.approx(alone.scores(columns()) * pure)


def test_probability_by_hand() -> None:
    rules = ("relative_density_pct >= 90", "in_domain", "phase_main == cubic")
    found = scorer(DENSITY, risk="probability", rules=rules).scores(columns())
    assert found[0] == pytest.approx(0.95 * 0.9, abs=1e-9)
    assert found[1] == 0.0


def test_probability_of_two_bounds_on_one_property() -> None:
    rules = ("conductivity_s_cm >= 1e-5", "conductivity_s_cm <= 2e-4")
    found = scorer(SIGMA, risk="probability", rules=rules).scores(columns())
    assert found[0] == pytest.approx(0.9, abs=1e-9)


def test_constraints_count_on_the_column_they_name() -> None:
    rules = ("relative_density_pct >= 93", "relative_density_pct_lower >= 93", "n_missing <= 2")
    expected = [[True, False], [False, False], [True, False]]
    for rule, met in zip(rules, expected, strict=True):
        feasible, _ = judge(columns(), (parse_constraint(rule),), 2)
        assert feasible.tolist() == met


def test_the_tally_says_which_constraint_rules_out_everything() -> None:
    rules = tuple(map(parse_constraint, ("relative_density_pct >= 99", "phase_purity >= 0.7")))
    feasible, tally = judge(columns(), rules, 2)
    assert not feasible.any()
    assert tally.failed.tolist() == [2, 1]
    assert tally.freed.tolist() == [1, 0]
    assert (
        "relative_density_pct >= 99 alone rules out all 2, the highest predicted is 95;"
        in tally.verdict()
    )


def test_the_tally_names_the_constraint_whose_loss_would_help() -> None:
    rules = tuple(map(parse_constraint, ("conductivity_s_cm >= 5e-4", "relative_density_pct > 92")))
    _, tally = judge(columns(), rules, 2)
    assert tally.feasible == 0
    assert "without conductivity_s_cm >= 0.0005 1 would be left" in tally.verdict()


@pytest.mark.parametrize("risk", RISKS)
@given(order=st.permutations(range(6)), data=st.data())
def test_a_score_depends_on_its_own_recipe_alone(
    risk: str, order: list[int], data: st.DataObject
) -> None:
    draw = st.lists(st.floats(0.01, 0.99), min_size=6, max_size=6)
    low, mid, high = np.sort([data.draw(draw), data.draw(draw), data.draw(draw)], axis=0)
    batch = {name: np.tile(np.asarray(v), 3)[:6] for name, v in columns().items()}
    for end, values in (("_lower", low), ("", mid), ("_upper", high)):
        batch[f"conductivity_s_cm{end}"] = 1e-3 * values
        batch[f"relative_density_pct{end}"] = 100 * values
        batch[f"phase_purity{end}"] = values
    model = replace(
        scorer(SIGMA, DENSITY, PURITY, risk=risk, rules=("phase_purity >= 0.3",)),
        incumbent={SIGMA.column: 2e-4},
    )
    whole = model.scores(batch)
    parts = model.scores({name: v[list(order)] for name, v in batch.items()})
    assert parts.tolist() == whole[list(order)].tolist()
    alone = model.scores({name: v[2:3] for name, v in batch.items()})
    assert alone.tolist() == whole[2:3].tolist()


@given(st.floats(-8, -2), st.floats(0.01, 1.0))
def test_a_better_recipe_never_scores_worse(log_sigma: float, step: float) -> None:
    for risk in ("lower", "mean", "ucb", "expected_improvement"):
        model = replace(scorer(SIGMA, risk=risk), incumbent={SIGMA.column: 1e-4})
        logs = np.array([log_sigma, log_sigma + step])
        table = columns(
            conductivity_s_cm=10**logs,
            conductivity_s_cm_lower=10 ** (logs - 0.8),
            conductivity_s_cm_upper=10 ** (logs + 0.5),
        )
        low, high = model.scores(table)
        assert high >= low


def published() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "formula": ["Li7La3Zr2O12"] * 4 + ["Li1.3Al0.3Ti1.7(PO4)3"],
            "family": None,
            "sigma_total_s_cm": [3e-4, np.nan, 9e-3, np.nan, 5e-3],
            "sigma_unspecified_s_cm": [np.nan, 8e-4, np.nan, np.nan, np.nan],
            "relative_density_pct": [96.0, np.nan, np.nan, 99.0, 99.9],
            "temperature_c": [25.0, np.nan, 100.0, np.nan, 25.0],
        }
    )


def test_the_incumbent_is_the_best_of_the_family_at_room_temperature() -> None:
    goals = Goals((SIGMA, DENSITY, PURITY), risk="expected_improvement")
    assert incumbent_values(goals, "garnet", published()) == {
        "conductivity_s_cm": 8e-4,
        "relative_density_pct": 99.0,
    }


def test_the_users_incumbent_comes_first() -> None:
    goals = Goals((SIGMA, PURITY), incumbent={"conductivity_s_cm": 1e-3, "phase_purity": 0.6})
    assert incumbent_values(goals, "garnet", published()) == goals.incumbent


def test_nothing_to_beat_is_an_error() -> None:
    with pytest.raises(SpaceError, match="no published halide sample states conductivity_s_cm"):
        incumbent_values(Goals((SIGMA,)), "halide", published())
