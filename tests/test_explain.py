"""Explanations: they add up, follow the recipe, and rest on published samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import ssbml
from ssbml.errors import RecipeError
from ssbml.explanation import Explanation
from ssbml.explanation.outputs import OUTPUTS
from ssbml.explanation.players import GROUPS
from ssbml.explanation.precedents import CLOSE, NONE_CLOSE
from ssbml.explanation.support import ON_HOST, support_words
from ssbml.explanation.table import DRIVER_COLUMNS
from ssbml.features.origin import CHEMISTRY_FIELDS
from ssbml.fields import RECIPE_FIELDS
from ssbml.predictor import Predictor

LLZTO = {
    "formula": "Li6.4La3Zr1.4Ta0.6O12",
    "form": "pellet",
    "sintering_method": "conventional",
    "sintering_temp_c": 1150,
    "sintering_time_h": 6,
    "atmosphere": "O2",
    "electrode": "Au",
}
LATP = {"formula": "Li1.3Al0.3Ti1.7(PO4)3", "form": "pellet", "sintering_temp_c": 900}
TWO = {"formula": "Li6.15Ga0.15La3Zr1.6Ta0.4O12", "form": "tape", "li_excess_pct": 10}
BARE = {"formula": "Li7La3Zr2O12"}
LONG = {
    **LLZTO,
    "route": "solid_state",
    "calcination_temp_c": 950,
    "li_excess_pct": 15,
    "additive": "Li3BO3",
    "additive_wt_pct": 2,
    "crucible": "MgO",
    "mother_powder": True,
    "pressing_pressure_mpa": 200,
    "particle_size_um": 1,
    "heating_rate_c_min": 5,
    "temperature_c": 60,
    "thickness_um": 800,
}
RECIPES = [LLZTO, LATP, TWO, BARE, LONG]
KNOWN = {"relative_density_pct": [96, None, None, 80, None], "phase_main": [None] * 4 + ["cubic"]}


@pytest.fixture(scope="module")
def explained(model: Predictor) -> Explanation:
    return ssbml.explain(RECIPES, model=model, known=KNOWN)


@pytest.fixture(scope="module")
def predicted(model: Predictor) -> pd.DataFrame:
    return ssbml.predict(RECIPES, model=model, known=KNOWN)


@pytest.mark.parametrize(
    ("factor", "text"),
    [(1.004, "1.0"), (1.04, "1.0"), (1.24, "1.2"), (14.6, "15"), (99.6, "100"), (152.0, "150"),
     (48_888.0, "49,000"), (820_651.0, "820,000"), (4_241_926.0, "4.2e6"), (3e12, "3e12")],
)  # fmt: skip
def test_factors_have_two_significant_figures(factor: float, text: str) -> None:
    effect = OUTPUTS["conductivity_s_cm"].effect
    assert effect(np.log10(factor)) == f"×{text}"
    assert effect(-np.log10(factor)) == ("×1.0" if text == "1.0" else f"÷{text}")


def test_family_other_is_no_host(model: Predictor) -> None:
    found = ssbml.explain({"formula": "Li2TiO3", "sintering_temp_c": 900}, model=model).drivers
    assert set(found.loc[found["kind"] == "host", "value"]) == {"other"}
    told = found.loc[found["kind"] != "start", "support"]
    assert told.str.contains("published samples? outside the named host families").all()
    assert not told.str.contains("published other|on this host").any()
    table = ssbml.predict("Li2TiO3", model=model, explain=True)
    assert "the host Li2TiO3" in table["drivers"].iloc[0]


def test_one_sample_is_not_samples() -> None:
    assert "1 published garnet sample on this host" in support_words(1, "garnet", ON_HOST)
    assert "1 published garnet sample varies it" in support_words(1, "garnet")


def test_every_recipe_field_is_explained_once() -> None:
    fields = [f for group in GROUPS.values() for f in group]
    assert sorted([*fields, *CHEMISTRY_FIELDS]) == sorted(RECIPE_FIELDS)


@pytest.mark.parametrize("column", list(OUTPUTS))
def test_contributions_add_up_to_the_prediction(
    explained: Explanation, predicted: pd.DataFrame, column: str
) -> None:
    rows = explained.drivers[explained.drivers["property"] == column]
    total = rows.groupby("row")["contribution"].sum()
    expected = OUTPUTS[column].added(predicted[column])
    assert np.abs(total.to_numpy() - expected).max() < 1e-6


def test_every_stated_field_has_a_driver(explained: Explanation) -> None:
    for row, recipe in enumerate(RECIPES):
        one = explained.drivers.query(f"row == {row} and property == 'conductivity_s_cm'")
        told = {f for cell in one["fields"] for f in cell.split("; ")} - {""}
        known = {n for n, cells in KNOWN.items() if cells[row] is not None}
        assert told == set(recipe) | known
    assert list(explained.drivers.columns) == list(DRIVER_COLUMNS)


def test_each_dopant_stands_alone(explained: Explanation) -> None:
    rows = explained.drivers.query("row == 2 and kind == 'dopant' and unit == 'log10 S/cm'")
    assert sorted(rows["driver"]) == ["Ga", "Ta"]
    assert (explained.drivers.query("row == 3")["kind"] != "dopant").all()
    hosts = explained.drivers.query("kind == 'host' and unit == 'log10 S/cm'")["driver"]
    assert hosts.tolist()[:2] == ["host Li7La3Zr2O12", "host LiTi2(PO4)3"]


def test_a_field_that_the_model_does_not_use_contributes_nothing(explained: Explanation) -> None:
    rows = explained.drivers.query("row == 0 and driver == 'measurement'")
    assert len(rows) == len(OUTPUTS)
    assert (rows["contribution"] == 0).all()
    assert (rows["support"] == "not used by the model").all()


def test_a_measured_outcome_moves_the_conductivity_only(explained: Explanation) -> None:
    rows = explained.drivers.query("row == 3 and kind == 'known'").set_index("property")
    assert rows.loc["conductivity_s_cm", "contribution"] < 0
    assert rows.loc["relative_density_pct", "contribution"] == 0


def test_drivers_do_not_depend_on_the_order_or_company_of_rows(
    model: Predictor, explained: Explanation
) -> None:
    turned = {k: v[::-1] for k, v in KNOWN.items()}
    other = ssbml.explain(RECIPES[::-1], model=model, known=turned)
    last = len(RECIPES) - 1
    for row in range(len(RECIPES)):
        for a, b in zip(explained, other, strict=True):
            left = a[a["row"] == row].drop(columns="row").reset_index(drop=True)
            right = b[b["row"] == last - row].drop(columns="row").reset_index(drop=True)
            pd.testing.assert_frame_equal(left, right, rtol=0, atol=1e-9)


def test_values_agree_with_shap_on_the_model(model: Predictor, explained: Explanation) -> None:
    shap = pytest.importorskip("shap", reason="the shap library is not installed")
    fields = ["form", "sintering_temp_c"]

    def predict(masks: np.ndarray) -> np.ndarray:
        rows = []
        for al, *stated in masks:
            formula = LATP["formula"] if al else "LiTi2(PO4)3"
            told = {f: LATP[f] for f, s in zip(fields, stated, strict=True) if s}
            rows.append({"formula": formula, **told})
        return np.log10(model.predict(rows)["conductivity_s_cm"].to_numpy())

    oracle = shap.explainers.Exact(predict, np.zeros((1, 3)))(np.ones((1, 3))).values[0]
    rows = explained.drivers.query("row == 1 and property == 'conductivity_s_cm'")
    found = rows.set_index("driver")["contribution"]
    assert found[["Al", "form", "sintering temperature"]].tolist() == pytest.approx(
        oracle.tolist(), abs=1e-9
    )


def test_support_counts_published_samples(explained: Explanation) -> None:
    rows = explained.drivers.query("row == 0 and property == 'conductivity_s_cm'")
    rows = rows.set_index("driver")
    assert rows.loc["sintering temperature", "published_samples"] > 100
    assert rows.loc["atmosphere", "published_samples"] < 15
    assert rows.loc["atmosphere", "support"].startswith("not enough data to advise: ")


def test_mechanisms_are_worded_with_care(explained: Explanation) -> None:
    said = explained.drivers[explained.drivers["mechanism"] != ""]
    assert len(said)
    assert said["mechanism"].str.startswith("consistent with ").all()
    assert said["source"].str.contains("section").all()


def test_precedents_are_published_samples_of_the_family(
    explained: Explanation, literature: pd.DataFrame
) -> None:
    found = explained.precedents.query("row == 0")
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["similarity"].is_monotonic_decreasing
    assert (found["similarity"] >= CLOSE).all()
    for _, line in found.iterrows():
        sample = literature.loc[line["sample_id"]]
        assert sample["formula"] == line["formula"]
        assert sample["family"] == "garnet"
        assert line["doi"] or line["url"]
        assert line["results"]
        assert line["differences"]


def test_a_published_recipe_is_its_own_precedent(
    model: Predictor, literature: pd.DataFrame
) -> None:
    stated = literature[literature["sintering_temp_c"].notna() & literature["doi"].notna()]
    fired = stated[stated["sigma_total_s_cm"].notna()].iloc[::5]
    recipes = fired[list(RECIPE_FIELDS)]
    first = ssbml.explain(recipes, model=model).precedents.query("rank == 1")
    assert (first["similarity"] > 0.999).all()


@pytest.mark.parametrize(("asked", "found"), [(None, 27.0), (50.0, 50.0), (90.0, 100.0)])
def test_a_precedent_is_shown_at_the_nearest_temperature(
    model: Predictor, asked: float | None, found: float
) -> None:
    recipe = {
        "formula": "Li6.5La3Zr1.5Ta0.5O12",
        "form": "pellet",
        "sintering_method": "conventional",
        "sintering_temp_c": 1150,
        "li_excess_pct": 10,
        "temperature_c": asked,
    }
    first = ssbml.explain(recipe, model=model).precedents.iloc[0]
    assert (first["doi"], first["formula"]) == ("10.3389/fenrg.2016.00028", recipe["formula"])
    assert f"measured at {found:g} °C" in first["conditions"]


def test_no_precedent_is_said(model: Predictor) -> None:
    odd: dict[str, Any] = {"formula": "Li3Cs2U4O9", "sintering_temp_c": 300}
    precedents = ssbml.explain(odd, model=model).precedents
    assert precedents["rank"].tolist() == [0]
    assert precedents["differences"].tolist() == [NONE_CLOSE]
    table = ssbml.predict(odd, model=model, explain=True)
    assert table["precedents"].tolist() == [NONE_CLOSE]


def test_predict_adds_two_text_columns(model: Predictor, predicted: pd.DataFrame) -> None:
    table = ssbml.predict(RECIPES, model=model, known=KNOWN, explain=True)
    assert list(table.columns) == [*predicted.columns, "drivers", "precedents"]
    pd.testing.assert_frame_equal(table[predicted.columns], predicted)
    assert "Ta ×" in table["drivers"].iloc[0] or "Ta ÷" in table["drivers"].iloc[0]
    assert "10." in table["precedents"].iloc[0]


def test_labels_come_back(model: Predictor) -> None:
    frame = pd.DataFrame(RECIPES[:2], index=["a", "b"])
    drivers, precedents = ssbml.explain(frame, model=model)
    assert set(drivers.index) == set(precedents.index) == {"a", "b"}


def test_rejected_rows_are_reported(model: Predictor) -> None:
    with pytest.raises(RecipeError, match="LLZO"):
        ssbml.explain(["LLZO", "Li7La3Zr2O12"], model=model)
    drivers, _ = ssbml.explain(["LLZO", "Li7La3Zr2O12"], model=model, errors="report")
    assert drivers.attrs["rejected"][0]["value"] == "LLZO"
    assert set(drivers.index) == {1}
    table = ssbml.predict(["LLZO"], model=model, errors="report", explain=True)
    assert list(table.columns[-2:]) == ["drivers", "precedents"]
    assert len(table) == 0
    assert all(part.empty for part in ssbml.explain(["LLZO"], model=model, errors="report"))


def test_a_placeholder_formula_is_one_driver(model: Predictor) -> None:
    recipe = {**BARE, "formula_basis": "placeholder", "dopant_note": "Ta-doped"}
    drivers, _ = ssbml.explain(recipe, model=model)
    assert set(drivers["kind"]) == {"start", "host"}
