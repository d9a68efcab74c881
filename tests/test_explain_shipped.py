"""Explanations of the shipped model, read as a ceramist would."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

import ssbml
from ssbml.explanation import Explanation, improve
from ssbml.explanation.outputs import OUTPUTS
from ssbml.location import shipped
from ssbml.predictor import Predictor
from ssbml.tables.read import read_table

FIRED = {"form": "pellet", "sintering_method": "conventional"}
RECIPES = [
    {"formula": "Li6.4La3Zr1.4Ta0.6O12", "sintering_temp_c": 1150, "atmosphere": "O2", **FIRED},
    {"formula": "Li1.3Al0.3Ti1.7(PO4)3", "sintering_temp_c": 900, "sintering_time_h": 2, **FIRED},
    {"formula": "Li0.33La0.557TiO3", "sintering_temp_c": 1300, "sintering_time_h": 6, **FIRED},
]


@pytest.fixture(scope="module")
def explained(shipped_model: Predictor) -> Explanation:
    return ssbml.explain(RECIPES, model=shipped_model)


def test_contributions_add_up_for_every_example(shipped_model: Predictor) -> None:
    path = shipped("datasets") / "examples" / "recipes.csv"
    drivers = ssbml.explain(path, model=shipped_model).drivers
    predicted = shipped_model.predict(path)
    for column, output in OUTPUTS.items():
        total = drivers[drivers["property"] == column].groupby("row")["contribution"].sum()
        assert np.abs(total.to_numpy() - output.added(predicted[column])).max() < 1e-6


@pytest.mark.parametrize(("row", "dopant"), [(0, "Ta"), (1, "Al")])
def test_the_dopant_makes_the_electrolyte(explained: Explanation, row: int, dopant: str) -> None:
    rows = explained.drivers.query(
        f"row == {row} and property == 'conductivity_s_cm' and kind in ('dopant', 'field')"
    )
    assert dopant in rows["driver"].tolist()[:2]
    assert rows.set_index("driver").loc[dopant, "contribution"] > 0.2


def test_precedents_are_of_the_same_kind(explained: Explanation) -> None:
    for row, element in ((0, "Ta"), (1, "Al"), (2, "La")):
        found = explained.precedents.query(f"row == {row} and rank >= 1")
        assert len(found) == 5
        assert found["formula"].str.contains(element).mean() >= 0.6


def test_a_pellet_measured_at_several_temperatures_stands_once(shipped_model: Predictor) -> None:
    recipe = {"formula": "Li6.5La3Zr1.5Ta0.5O12", "form": "pellet", "sintering_temp_c": 1150.0}
    _, precedents = ssbml.explain([recipe], model=shipped_model)
    differing = precedents["differences"].tolist()
    assert len(precedents) == 5
    assert not any("temperature_c 75" in text or "temperature_c 100" in text for text in differing)


def test_hotter_firing_is_proposed_for_a_cold_garnet(shipped_model: Predictor) -> None:
    cold = {**RECIPES[0], "sintering_temp_c": 1000}
    found = improve(cold, by=1.5, model=shipped_model)
    assert found["changes"].iloc[0].startswith("sintering_temp_c 1000 to ")


def test_a_warm_explanation_takes_less_than_half_a_second(shipped_model: Predictor) -> None:
    recipes = read_table(shipped("datasets") / "examples" / "recipes.csv")
    ssbml.explain(recipes, model=shipped_model)
    seconds = []
    for i in range(len(recipes)):
        start = process_time()
        ssbml.explain(recipes.iloc[[i]], model=shipped_model)
        seconds.append(process_time() - start)
    assert np.quantile(seconds, 0.95) < 0.5
