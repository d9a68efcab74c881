"""Features that carry physics, and the terms of the linear part."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.domain import HARM, firing_harm
from ssbml.features.assemble import SITED, assemble
from ssbml.features.physics import LITHIUM_LOSS_KJ_MOL, lithium_loss
from ssbml.features.tendencies import PREFIX
from ssbml.tables.validate import validate

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
LATP = "Li1.3Al0.3Ti1.7(PO4)3"
PELLET = {"form": "pellet", "sintering_method": "conventional"}


def features(formula: str = LLZTO, **fields: Any) -> dict[str, float]:
    checked = validate(pd.DataFrame([{"formula": formula, **fields}]))
    assert not checked.problems
    matrix = assemble(checked.table)
    return dict(zip(matrix.names, matrix.values[0].tolist(), strict=True))


def term(name: str, formula: str = LLZTO, **fields: Any) -> float:
    return features(formula, **fields)[PREFIX + name]


def loss(temperature: float, hours: float, thickness: float = np.nan) -> float:
    return float(lithium_loss(*(np.array([v]) for v in (temperature, hours, thickness)))[0])


def test_the_loss_passes_through_the_printed_points() -> None:
    assert loss(1350, 6) == pytest.approx(0.23)
    assert loss(1100, 6) == pytest.approx(0.01, abs=0.002)
    assert 200 < LITHIUM_LOSS_KJ_MOL < 260


def test_ten_seconds_at_1500_c_keep_the_lithium() -> None:
    assert loss(1500, 10 / 3600) < 0.04, "UHS keeps the loss below 4 mol%"


def test_thin_samples_lose_more_and_pellets_count_as_a_millimetre() -> None:
    assert loss(900, 2, 10) > 10 * loss(900, 2, 1000) > 0
    assert loss(1200, 6) == loss(1200, 6, 1000) == loss(1200, 6, 3000)


def test_blank_stays_blank() -> None:
    blank = features()
    for name in ("lithium_loss", "lithium_balance_pct", "above_formation_c", "aid_melting_c"):
        assert np.isnan(blank[name]), name
    assert np.isnan(features(sintering_temp_c=1150)["lithium_loss"]), "no time, no loss"


def test_a_recipe_that_says_nothing_has_no_term() -> None:
    terms = {name: value for name, value in features().items() if name.startswith(PREFIX)}
    assert len(terms) >= 15
    assert set(terms.values()) == {0.0}


@pytest.mark.parametrize(
    ("name", "less", "more"),
    [
        ("underfired", {"sintering_temp_c": 1180}, {"sintering_temp_c": 1120}),
        ("overfired", {"sintering_temp_c": 1200}, {"sintering_temp_c": 1300}),
        ("unreacted", {"sintering_temp_c": 950, "route": "sol_gel"}, {"sintering_temp_c": 950}),
        ("oxygen", {"atmosphere": "air"}, {"atmosphere": "O2"}),
        ("li_surplus", {"li_excess_pct": 10}, {"li_excess_pct": 50}),
        ("li_off_optimum", {"li_excess_pct": 12}, {"li_excess_pct": 0}),
        ("li_off_optimum", {"li_excess_pct": 12}, {"li_excess_pct": 40}),
        ("fine_powder", {"particle_size_um": 10}, {"particle_size_um": 1}),
        ("fine_powder", {"particle_size_um": 0.02}, {"particle_size_um": 0.3}),
        ("air_exposed", {"storage": "fresh"}, {"storage": "air_exposed"}),
        ("aid", {"additive": "none"}, {"additive": "Al2O3"}),
    ],
)
def test_terms_grow_with_what_they_stand_for(
    name: str, less: dict[str, Any], more: dict[str, Any]
) -> None:
    assert term(name, **PELLET, **less) < term(name, **PELLET, **more)


def test_a_molten_aid_counts_twice() -> None:
    aid = {**PELLET, "additive": "Li3BO3", "additive_wt_pct": 5}
    assert term("aid", sintering_temp_c=600, **aid) == 1.0
    assert term("aid", sintering_temp_c=900, **aid) == 2.0


def test_the_dose_of_an_aid_has_an_optimum() -> None:
    doses = [term("aid_dose", additive="Li2O", additive_wt_pct=x) for x in (0, 3, 6, 12)]
    assert doses[0] < doses[1] < doses[2] > doses[3]


def test_pressure_lowers_the_temperature_of_density() -> None:
    assert term("underfired", **PELLET, sintering_temp_c=1050) > 0
    pressed = {"form": "pellet", "sintering_method": "hot_press", "sintering_temp_c": 1050}
    assert term("underfired", **pressed) == 0


def test_films_decompose_colder_than_pellets() -> None:
    assert term("overfired", form="film", sintering_temp_c=950) > 0
    assert term("overfired", form="pellet", sintering_temp_c=950) == 0


def test_fast_heating_ends_before_decomposition() -> None:
    assert term("overfired", form="pellet", sintering_method="uhs", sintering_temp_c=1500) == 0


def test_statistics_over_the_formula_are_left_to_hosts_without_sites() -> None:
    garnet, glass = features(LLZTO), features("Li3PS4", form="glass")
    magpie = [name for name in garnet if name.startswith("MagpieData")]
    assert len(magpie) == 132
    assert "garnet" in SITED
    assert all(np.isnan(garnet[name]) for name in magpie)
    assert not any(np.isnan(glass[name]) for name in magpie)


def test_bigger_ions_widen_the_framework_and_dopants_empty_the_lithium_sites() -> None:
    plain, barium = features("Li7La3Zr2O12"), features("Li7.2La2.8Ba0.2Zr2O12")
    assert barium["framework_radius_a"] > plain["framework_radius_a"]
    assert features(LLZTO)["lithium_vacancies"] > plain["lithium_vacancies"]


def harm(formula: str = LLZTO, **fields: Any) -> dict[str, float]:
    table = validate(pd.DataFrame([{"formula": formula, **fields}])).table
    return dict(zip(HARM, firing_harm(assemble(table))[0].tolist(), strict=True))


def test_sound_firing_does_no_harm() -> None:
    assert max(harm(**PELLET, sintering_temp_c=1200, sintering_time_h=12).values()) < 1
    assert max(harm().values()) == 0


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("decomposition", {"sintering_temp_c": 1340, "sintering_time_h": 1}),
        ("lithium loss", {"sintering_temp_c": 1300, "sintering_time_h": 36}),
        ("no reaction", {"sintering_temp_c": 300}),
    ],
)
def test_harmful_firing_leaves_the_domain(name: str, fields: dict[str, Any]) -> None:
    assert harm(**PELLET, **fields)[name] >= 1


def test_mother_powder_replaces_the_lithium() -> None:
    long = {**PELLET, "sintering_temp_c": 1300, "sintering_time_h": 36}
    assert harm(**long, mother_powder=True)["lithium loss"] == 0
