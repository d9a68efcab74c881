"""The prediction table: columns, order, bounds, notes and the direction of what is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ssbml.describe import count_missing
from ssbml.fields import influential
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS
from ssbml.tables.validate import validate

LLZO, LLZTO, LATP = "Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"
CONTRACT = """
conductivity_s_cm conductivity_s_cm_lower conductivity_s_cm_upper
relative_density_pct relative_density_pct_lower relative_density_pct_upper
phase_purity phase_purity_lower phase_purity_upper
phase_main phase_main_probability in_domain domain_distance n_missing notes
"""
NUMBERS = [c for c in PREDICTION_COLUMNS if c not in ("phase_main", "in_domain", "notes")]
RECIPES = pd.DataFrame(
    {
        "formula": [LLZTO, LATP, "Li0.33La0.557TiO3", LLZO, "Li6PS5Cl", "Li3YCl6", LLZTO],
        "form": ["pellet", None, "pellet", "film", "powder", None, "tape"],
        "sintering_temp_c": [1150, 900, 1300, 650, None, None, 1100],
        "atmosphere": ["O2", "air", "air", "O2", "Ar", None, "Ar"],
        "sintering_method": ["conventional", None, "sps", None, "none", None, "hot_press"],
    },
    index=list("gfedcba"),
)


@pytest.fixture(scope="module")
def result(model: Predictor) -> pd.DataFrame:
    return model.predict(RECIPES)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-12)


def test_columns_are_those_of_the_contract(result: pd.DataFrame) -> None:
    assert result.columns.tolist() == CONTRACT.split()
    assert result.index.tolist() == RECIPES.index.tolist()
    assert result["in_domain"].dtype == bool
    assert all(isinstance(note, str) for note in result["notes"])
    assert result["n_missing"].dtype.kind == "i"


def test_nothing_is_blank_and_bounds_hold(result: pd.DataFrame) -> None:
    assert np.isfinite(result[NUMBERS].to_numpy(dtype=float)).all()
    for name, low, high in (
        ("conductivity_s_cm", 1e-20, 10.0),
        ("relative_density_pct", 0.0, 100.0),
        ("phase_purity", 0.0, 1.0),
    ):
        lower, point, upper = (result[f"{name}{end}"] for end in ("_lower", "", "_upper"))
        assert (low <= lower).all()
        assert (lower <= point).all()
        assert (point <= upper).all()
        assert (upper <= high).all()
    assert result["phase_main_probability"].between(0, 1).all()
    assert ((result["domain_distance"] <= 1) == result["in_domain"]).all()


def test_permuted_rows_give_permuted_predictions(model: Predictor, result: pd.DataFrame) -> None:
    order = np.random.default_rng(0).permutation(len(RECIPES))
    same(model.predict(RECIPES.iloc[order]), result.iloc[order])


def test_a_batch_equals_its_rows_one_by_one(model: Predictor, result: pd.DataFrame) -> None:
    same(pd.concat([model.predict(RECIPES.iloc[[i]]) for i in range(len(RECIPES))]), result)


def test_a_large_batch_equals_a_small_one(model: Predictor, result: pd.DataFrame) -> None:
    many = model.predict(pd.concat([RECIPES] * 70))
    assert len(many) == 490
    for start in (0, 483):
        same(many.iloc[start : start + 7], result)


def test_inputs_are_not_changed(model: Predictor) -> None:
    table, known = RECIPES.copy(deep=True), {"relative_density_pct": [90.0] * len(RECIPES)}
    model.predict(table, known=known)
    pd.testing.assert_frame_equal(table, RECIPES)
    assert known == {"relative_density_pct": [90.0] * len(RECIPES)}


def test_multiples_and_order_of_elements_do_not_count(model: Predictor) -> None:
    one = model.predict([LLZTO, LATP])
    other = model.predict(["O24La6Zr2.8Ta1.2Li12.8", "(Ti1.7Al0.3P3O12Li1.3)2"])
    same(one, other)


def test_measured_outcomes_are_no_features(model: Predictor, result: pd.DataFrame) -> None:
    told = RECIPES.assign(
        sigma_total_s_cm=1e-1, relative_density_pct=12.0, phase_main="mixed", phase_pure=False
    )
    same(model.predict(told), result)


@pytest.mark.parametrize(("small", "large"), [(0.5, 0.8), (0.8, 0.9), (0.9, 0.99)])
def test_intervals_grow_with_coverage(model: Predictor, small: float, large: float) -> None:
    inner, outer = model.predict(RECIPES, coverage=small), model.predict(RECIPES, coverage=large)
    for name in ("conductivity_s_cm", "relative_density_pct", "phase_purity"):
        pd.testing.assert_series_equal(inner[name], outer[name])
        assert (outer[f"{name}_lower"] <= inner[f"{name}_lower"]).all()
        assert (outer[f"{name}_upper"] >= inner[f"{name}_upper"]).all()
    assert (outer["conductivity_s_cm_upper"] > inner["conductivity_s_cm_upper"]).any()


GARNETS = [LLZTO, LLZO, "Li6.25Al0.25La3Zr2O12", "Li6.25Ga0.25La3Zr2O12", "Li6.5La3Zr1.5Nb0.5O12"]


def garnets(**known: Any) -> pd.DataFrame:
    del known
    return pd.DataFrame({"formula": GARNETS, "sintering_temp_c": [1150.0] * len(GARNETS)})


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ({"relative_density_pct": 85}, {"relative_density_pct": 98}),
        ({"phase_main": "tetragonal"}, {"phase_main": "cubic"}),
        (
            {"relative_density_pct": 85, "phase_main": "tetragonal"},
            {"relative_density_pct": 98, "phase_main": "cubic"},
        ),
    ],
)
def test_known_moves_conductivity_the_right_way_and_nothing_else(
    model: Predictor, worse: dict[str, Any], better: dict[str, Any]
) -> None:
    low, high = model.predict(garnets(), known=worse), model.predict(garnets(), known=better)
    plain = model.predict(garnets())
    sigma = [c for c in PREDICTION_COLUMNS if c.startswith("conductivity")]
    gain = np.log10(high[sigma[0]].to_numpy()) - np.log10(low[sigma[0]].to_numpy())
    assert gain.mean() > 0.05
    assert (gain >= 0).all()
    rest = [c for c in PREDICTION_COLUMNS if c not in sigma]
    for shifted in (low, high):
        pd.testing.assert_frame_equal(shifted[rest], plain[rest], check_exact=True)
        for end in ("_lower", "_upper"):
            ratio = shifted[f"conductivity_s_cm{end}"] / plain[f"conductivity_s_cm{end}"]
            point = shifted["conductivity_s_cm"] / plain["conductivity_s_cm"]
            np.testing.assert_allclose(ratio, point, rtol=1e-9)


def test_the_shipped_model_knows_the_directions(shipped_model: Predictor) -> None:
    for worse, better in (
        ({"relative_density_pct": 85}, {"relative_density_pct": 98}),
        ({"phase_main": "tetragonal"}, {"phase_main": "cubic"}),
    ):
        low = shipped_model.predict(garnets(), known=worse)["conductivity_s_cm"]
        high = shipped_model.predict(garnets(), known=better)["conductivity_s_cm"]
        assert np.log10(high / low).mean() > 0.1


def test_known_for_some_rows_only(model: Predictor) -> None:
    plain = model.predict([LLZTO, LLZTO])
    found = model.predict([LLZTO, LLZTO], known={"relative_density_pct": [None, 99.0]})
    sigma = "conductivity_s_cm"
    assert found[sigma].iloc[0] == plain[sigma].iloc[0]
    assert found[sigma].iloc[1] > plain[sigma].iloc[1]


def test_conductivity_rises_with_the_temperature_of_measurement(model: Predictor) -> None:
    at = [
        model.predict(pd.DataFrame({"formula": GARNETS, "temperature_c": [t] * len(GARNETS)}))
        for t in (25.0, 200.0)
    ]
    warmer = np.log10(at[1]["conductivity_s_cm"] / at[0]["conductivity_s_cm"])
    assert warmer.mean() > 0


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ({"formula": "Li7La3Zr2O"}, "charge imbalance of +22.00 per formula (92% of the cation"),
        ({"formula": LLZTO, "family": "nasicon"}, "composition looks like garnet"),
        ({"formula": "Li4La3Zr0.5W1.5O12"}, "is far from all published ones of the family garnet"),
        ({"formula": LLZTO, "sintering_temp_c": 1800}, "is above the 1350 °C believed for garnet"),
        (
            {"formula": LLZO, "formula_basis": "placeholder", "dopant_note": "Ta"},
            "placeholder formula: amounts treated as not stated",
        ),
        (
            {"formula": LLZTO, "sintering_method": "conventional", "pressure_mpa": 40},
            "pressure_mpa is unusual with sintering_method conventional",
        ),
        ({"formula": "Li3OCl"}, "interval pooled over families: too few papers on antiperovskite"),
        ({"formula": LLZTO, "sinter_temp_c": 1}, "did you mean sintering_temp_c?"),
    ],
)
def test_notes(model: Predictor, cells: dict[str, Any], note: str) -> None:
    assert note in model.predict(cells)["notes"].iloc[0]


@pytest.mark.parametrize(
    "cells",
    [{"formula": "Li7La3Zr2O"}, {"formula": LLZTO, "sintering_temp_c": 1800}],
)
def test_far_off_recipes_are_predicted_out_of_domain(
    model: Predictor, cells: dict[str, Any]
) -> None:
    row = model.predict(cells).iloc[0]
    assert not row["in_domain"]
    assert row["domain_distance"] > 1.0


def test_a_recipe_outside_the_domain_is_told_why(
    model: Predictor, literature: pd.DataFrame
) -> None:
    found = model.predict_table(literature)
    assert 20 < (~found["in_domain"]).sum() < len(found) / 2
    assert (found.loc[~found["in_domain"], "notes"] != "").all()


def test_a_plain_recipe_has_no_notes(model: Predictor) -> None:
    row = model.predict(LLZTO, sintering_temp_c=1150, atmosphere="O2").iloc[0]
    assert row["notes"] == ""
    assert row["in_domain"]


@pytest.mark.parametrize(
    ("cells", "form"),
    [({}, None), ({"form": "film"}, "film"), ({"form": "powder"}, "powder")],
)
def test_missing_fields_are_counted_for_the_form(cells: dict[str, Any], form: str | None) -> None:
    table = validate(pd.DataFrame([{"formula": LLZTO, **cells}])).table
    assert count_missing(table).tolist() == [len(influential(form))]
    one = validate(pd.DataFrame([{"formula": LLZTO, **cells, "route": "sol_gel"}])).table
    assert count_missing(one).tolist() == [len(influential(form)) - 1]


def test_the_same_fit_gives_the_same_model(
    model: Predictor, literature: pd.DataFrame, tiny_settings: Settings, result: pd.DataFrame
) -> None:
    again = fit(literature, tiny_settings)
    pd.testing.assert_frame_equal(again.predict(RECIPES), result, check_exact=True)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"formula": st.sampled_from([LLZTO, LATP, LLZO, "Li7La3Zr2O", "Li3N", "Li3OCl"])},
            optional={
                "sintering_temp_c": st.floats(20, 1060),
                "sintering_time_h": st.floats(0, 500),
                "pressure_mpa": st.floats(0, 5000),
                "temperature_c": st.floats(-273.15, 1000),
                "li_excess_pct": st.floats(0, 500),
                "thickness_um": st.floats(1e-4, 2e4),
                "family": st.sampled_from(["garnet", "other", "halide"]),
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_valid_recipe_is_answered_within_bounds(
    model: Predictor, recipes: list[dict[str, Any]]
) -> None:
    found = model.predict(recipes)
    assert np.isfinite(found[NUMBERS].to_numpy(dtype=float)).all()
    assert found["relative_density_pct_upper"].max() <= 100
    assert found["phase_purity_upper"].max() <= 1
