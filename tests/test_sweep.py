"""Sweeps: the same numbers as predictions, and one sentence for every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ssbml.errors import RecipeError, VaryError
from ssbml.explanation import sweep
from ssbml.explanation.axes import parse_axes
from ssbml.explanation.sweep_plot import MAX_CURVES, draw_sweep
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS

LLZTO = {"formula": "Li6.4La3Zr1.4Ta0.6O12", "sintering_temp_c": 1150, "sintering_time_h": 6}
TEMPERATURE = "sintering_temp_c=1000:1250:50"


def test_a_sweep_is_a_table_of_predictions(model: Predictor) -> None:
    table = sweep(LLZTO, TEMPERATURE, model=model)
    temperatures = [1000, 1050, 1100, 1150, 1200, 1250]
    assert table["sintering_temp_c"].tolist() == temperatures
    direct = model.predict([{**LLZTO, "sintering_temp_c": t} for t in temperatures])
    pd.testing.assert_frame_equal(table[list(PREDICTION_COLUMNS)], direct)


def test_two_fields_and_two_recipes(model: Predictor) -> None:
    recipes = pd.DataFrame([LLZTO, {**LLZTO, "formula": "Li7La3Zr2O12"}], index=["a", "b"])
    table = sweep(recipes, [TEMPERATURE, "sintering_time_h=2:6:2"], model=model)
    assert len(table) == 2 * 6 * 3
    assert table["recipe"].tolist() == ["a"] * 18 + ["b"] * 18
    assert table.attrs["axes"] == ["sintering_temp_c", "sintering_time_h"]


def test_a_dopant_takes_lithium_along(model: Predictor) -> None:
    table = sweep(LLZTO, {"Ta": [0.0, 0.6, 1.0]}, model=model)
    assert table["formula"].tolist() == [
        "Li7La3Zr2O12",
        "Li6.4La3Zr1.4Ta0.6O12",
        "Li6La3ZrTaO12",
    ]
    here = model.predict(LLZTO)["conductivity_s_cm"].iloc[0]
    assert table["conductivity_s_cm"].iloc[1] == pytest.approx(here)


def test_the_measurement_temperature_needs_no_present_value(model: Predictor) -> None:
    table = sweep("Li7La3Zr2O12", "temperature_c=-20:100:20", model=model)
    assert len(table) == 7


MISTAKES: list[tuple[Any, str]] = [
    ("atmosphere=1:2:1", "takes words, not a range"),
    ("sintering_temp_c=1250:1000:10", "reversed; write 1000:1250:10"),
    ("sintering_temp_c=1000:1000:10", "is empty"),
    ("sintering_temp_c=1000:1100:500", "is empty"),
    ("sintering_temp_c=", "is no range"),
    ("sintering_temp_c=::", "is no range"),
    ("sintering_temp_c", "write field=start:stop:step"),
    ("sintering_temp_c=a:b:1", "'a' is not a number"),
    ("sintering_temp_c=1000:1250:-5", "above 0"),
    ("sintering_temp_c=1000:1250:nan", "above 0"),
    ("sintering_temp_c=1000:inf:5", "finite"),
    ("sintering_temp_c=1000:9000:5", "allowed are 20 to 3000"),
    ("sintering_temp_c=-300:1000:100", "below absolute zero"),
    ("temperature_c=-300:25:25", "below absolute zero"),
    ("sintering_time_h=0.001:500:0.001", "widen the step"),
    ("sinter_temp=1000:1250:10", "did you mean sintering_temp_c"),
    ("thickness_um=1:10:1", "has no thickness_um"),
    ("formula=1:2:1", "not a number"),
    ("mother_powder=0:1:1", "true or false"),
    ("relative_density_pct=80:90:1", "measured outcome"),
    ("Xe=0:1:0.5", "no site"),
    ("Ta=0:3:0.5", "leaves no Zr"),
    ("Ta=-1:1:0.5", "negative"),
    ([], "0 fields"),
    ([TEMPERATURE] * 3, "3 fields"),
    ([TEMPERATURE] * 2, "varied twice"),
    ({"sintering_temp_c": [1000]}, "at least two"),
    ({"sintering_temp_c": 1000}, "a range such as"),
    ({"atmosphere": ["air", "O2"]}, "takes words"),
]


@pytest.mark.parametrize(("vary", "reason"), MISTAKES)
def test_mistakes_get_one_sentence(model: Predictor, vary: Any, reason: str) -> None:
    with pytest.raises(VaryError, match=reason) as caught:
        sweep(LLZTO, vary, model=model)
    assert "\n" not in str(caught.value)


def test_ranges_hold_both_ends() -> None:
    (axis,) = parse_axes("li_excess_pct=0:0.3:0.1")
    assert axis.values == (0.0, 0.1, 0.2, 0.3)
    assert axis.title == "li_excess_pct (%)"


def test_a_bad_recipe_is_rejected(model: Predictor) -> None:
    with pytest.raises(RecipeError, match="LLZO"):
        sweep("LLZO", TEMPERATURE, model=model, sintering_temp_c=1100)


@pytest.mark.parametrize("suffix", [".html", ".png", ".svg"])
@pytest.mark.parametrize("second", [[], ["Ta=0:1:0.5"]])
def test_plots_are_written(
    model: Predictor, tmp_path: Path, suffix: str, second: list[str]
) -> None:
    path = tmp_path / f"sweep{suffix}"
    draw_sweep(sweep(LLZTO, [TEMPERATURE, *second], model=model), path)
    starts = {".html": b"<!doctype html>", ".png": b"\x89png", ".svg": b"<?xml"}
    data = path.read_bytes()
    assert data.lower().startswith(starts[suffix])
    assert b'src="http' not in data, "a plot needs no network"


def test_too_many_curves_are_refused(model: Predictor, tmp_path: Path) -> None:
    many = sweep([LLZTO] * (MAX_CURVES + 1), TEMPERATURE, model=model)
    with pytest.raises(VaryError, match="do not fit into one plot"):
        draw_sweep(many, tmp_path / "sweep.png")
