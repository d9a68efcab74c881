"""Improvements keep their promises: goal, domain, ranges, and their price is told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssbml.chemistry.charge import charge_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import RecipeError, VaryError
from ssbml.explanation import improve
from ssbml.fields import RECIPE_FIELDS
from ssbml.predictor import Predictor

RECIPE = {
    "formula": "Li6.25Al0.25La3Zr2O12",
    "form": "pellet",
    "sintering_method": "conventional",
    "sintering_temp_c": 1100,
    "sintering_time_h": 5,
    "atmosphere": "air",
}
OTHERS = [
    {"formula": "Li1.3Al0.3Ti1.7(PO4)3", "form": "pellet", "sintering_temp_c": 800},
    {"formula": "Li0.33La0.557TiO3", "sintering_temp_c": 1200, "sintering_time_h": 6},
    {"formula": "Li6.4La3Zr1.4Ta0.6O12"},
]
CHANGE = {
    "conductivity_s_cm": "conductivity_factor",
    "relative_density_pct": "density_change",
    "phase_purity": "purity_change",
}


def again(model: Predictor, found: pd.DataFrame) -> pd.DataFrame:
    """Predict the suggested recipes from their columns alone."""
    return model.predict(found[[c for c in found.columns if c in RECIPE_FIELDS]])


def changed(recipe: dict[str, Any], row: pd.Series) -> set[str]:
    """Fields that a suggestion changes."""
    names = [n for n in RECIPE_FIELDS if n in row.index and pd.notna(row[n])]
    return {n for n in names if recipe.get(n) != row[n]}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    recipe=st.sampled_from([RECIPE, *OTHERS]),
    column=st.sampled_from(list(CHANGE)),
    share=st.floats(0.1, 1.5),
)
def test_promises_are_kept(
    model: Predictor, recipe: dict[str, Any], column: str, share: float
) -> None:
    by = (
        1 + share
        if column == "conductivity_s_cm"
        else share * {"phase_purity": 0.02}.get(column, 1)
    )
    found = improve(recipe, column, by=by, model=model, top=3)
    assert found.attrs["best"]
    if found.empty:
        return
    after, before = again(model, found), model.predict(recipe).iloc[0]
    assert after["in_domain"].all()
    gain = (
        after[column] / before[column] if column == "conductivity_s_cm"
        else after[column] - before[column]
    )  # fmt: skip
    assert (gain >= by - 1e-6).all()
    assert gain.tolist() == pytest.approx(found[CHANGE[column]].tolist(), abs=1e-9)
    for name, told in CHANGE.items():
        assert after[name].tolist() == pytest.approx(found[name].tolist())
        difference = (
            after[name] / before[name]
            if name == "conductivity_s_cm"
            else after[name] - before[name]
        )
        assert difference.tolist() == pytest.approx(found[told].tolist(), abs=1e-9)
    assert (found["published_samples"] >= 15).all()
    for _, row in found.iterrows():
        assert len(changed(recipe, row)) <= row["n_changes"] <= 3


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(low=st.floats(900, 1090), width=st.floats(20, 300), gas=st.sampled_from(["O2", "Ar"]))
def test_only_what_is_allowed_changes(model: Predictor, low: float, width: float, gas: str) -> None:
    allow = {"sintering_temp_c": (low, low + width), "atmosphere": [gas], "Ta": (0.0, 0.6)}
    found = improve(RECIPE, by=1.05, allow=allow, model=model)
    for _, row in found.iterrows():
        assert changed(RECIPE, row) <= {"sintering_temp_c", "atmosphere", "formula"}
        moved = row["sintering_temp_c"] != RECIPE["sintering_temp_c"]
        assert not moved or low <= row["sintering_temp_c"] <= low + width
        assert row["atmosphere"] in ("air", gas)
        amounts = parse_formula(row["formula"])
        assert 0 <= amounts.get("Ta", 0) <= 0.6
        assert abs(charge_imbalance(composition_matrix([amounts]))[0]) < 1e-4


def test_fewer_and_smaller_changes_come_first(model: Predictor) -> None:
    found = improve(RECIPE, by=1.2, model=model)
    order = list(zip(found["n_changes"], found["size"], strict=True))
    assert len(found) >= 2
    assert order == sorted(order)
    assert found.index.tolist() == list(range(1, len(found) + 1))


@pytest.mark.parametrize("column", list(CHANGE))
def test_what_is_said_of_the_formula_is_no_change(model: Predictor, column: str) -> None:
    recipe = {**RECIPE, "formula_basis": "nominal", "family": "garnet", "sintering_temp_c": 1200}
    found = improve(recipe, column, by=1.01 if column == "conductivity_s_cm" else 1e-4, model=model)
    assert not found.empty
    assert not found["changes"].str.contains("formula_basis|family").any()
    assert set(found["formula_basis"]) == {"nominal"}


def test_without_data_there_is_no_advice(model: Predictor) -> None:
    recipe = {"formula": "Li0.33La0.56TiO3", "form": "pellet", "sintering_temp_c": 1350}
    found = improve(recipe, "phase_purity", model=model)
    assert found.empty
    assert found.attrs["best_gain"] is None
    assert found.attrs["best"] == (
        "not enough data to advise: fewer than 15 published perovskite samples vary any field "
        "that may change"
    )
    allow = {"sintering_temp_c": (1050, 1200)}
    fixed = improve(RECIPE, allow=allow, fix=["sintering_temp_c"], model=model)
    assert fixed.attrs["best"] == "nothing is left that may change"


def test_fixed_fields_stay(model: Predictor) -> None:
    free = improve(RECIPE, by=1.2, model=model)
    assert free["changes"].str.contains("sintering_temp_c").any()
    held = improve(RECIPE, by=1.2, model=model, fix=["sintering_temp_c", "Al"])
    assert not held["changes"].str.contains("sintering_temp_c|Al ").any()


def test_what_is_asked_too_much_is_said(model: Predictor) -> None:
    found = improve(RECIPE, by=1e6, model=model)
    assert found.empty
    assert found.attrs["best"].startswith("×")
    assert {"changes", "conductivity_factor", "support"} <= set(found.columns)


def test_little_data_is_said(model: Predictor) -> None:
    allow = {"post_anneal_temp_c": (500, 900), "sintering_temp_c": (1000, 1250)}
    found = improve(RECIPE, by=1.01, allow=allow, model=model)
    few = found[found["changes"].str.contains("post_anneal")]
    assert few["support"].str.startswith("not enough data to advise").all()
    many = found[found["changes"].str.fullmatch("sintering_temp_c.*C")]
    assert many["support"].str.contains("published garnet samples vary it").all()


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"property": "grain_size_um"}, "is not predicted; known are"),
    ({"by": 1.0}, "a factor above 1"),
    ({"by": float("nan")}, "a factor above 1"),
    ({"property": "phase_purity", "by": -0.1}, "above 0"),
    ({"allow": {"sinter_temp": (1, 2)}}, "did you mean sintering_temp_c"),
    ({"allow": {"sintering_temp_c": (1200, 1100)}}, "empty or reversed"),
    ({"allow": {"sintering_temp_c": (1100, 1100)}}, "empty or reversed"),
    ({"allow": {"sintering_temp_c": (1100,)}}, r"a range \(low, high\)"),
    ({"allow": {"sintering_temp_c": (-400, 1100)}}, "below absolute zero"),
    ({"allow": {"atmosphere": ["argon"]}}, "did you mean Ar"),
    ({"allow": {"atmosphere": []}}, "at least one value"),
    ({"allow": {"formula": ["Li3PS4"]}}, "name a dopant"),
    ({"allow": {"formula_basis": ["placeholder"]}}, "name a dopant"),
    ({"allow": {"Xe": (0, 1)}}, "no site"),
    ({"allow": {"relative_density_pct": (80, 90)}}, "measured outcome"),
    ({"fix": ["atmo"]}, "cannot be kept"),
]


@pytest.mark.parametrize(("asked", "reason"), MISTAKES)
def test_mistakes_get_one_sentence(model: Predictor, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(VaryError, match=reason) as caught:
        improve(RECIPE, model=model, **asked)
    assert "\n" not in str(caught.value)


def test_one_valid_recipe_is_needed(model: Predictor) -> None:
    with pytest.raises(VaryError, match="one recipe is improved at a time, 2"):
        improve([RECIPE, RECIPE], model=model)
    with pytest.raises(RecipeError, match="LLZO"):
        improve("LLZO", model=model)
