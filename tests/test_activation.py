"""Activation energies: bases, factors, lines, and what is taken from samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.activation import (
    BOLTZMANN_EV,
    at_temperature,
    line,
    log10_factor,
    log10_prefactor,
    to_sigma,
    to_sigma_t,
)
from ssbml.fitting.temperatures import energy_table

energies = st.floats(0.1, 1.2)
celsius = st.floats(-60.0, 200.0)


def test_ln_sigma_and_ln_sigma_t_differ_by_kt() -> None:
    assert to_sigma_t(0.30, "sigma", 25.0) - 0.30 == pytest.approx(BOLTZMANN_EV * 298.15)
    assert to_sigma_t(0.30, "sigma_t") == 0.30
    assert to_sigma_t(0.30, "unknown") == 0.30
    assert float(to_sigma(to_sigma_t(0.30, "sigma"))) == pytest.approx(0.30)


def test_slope_of_ln_sigma_equals_the_converted_energy() -> None:
    t = np.linspace(50.0, 70.0, 5)
    ln_sigma = np.log(10.0) * log10_factor(0.40, t)
    slope = -np.polyfit(1.0 / (BOLTZMANN_EV * (t + 273.15)), ln_sigma, 1)[0]
    assert slope == pytest.approx(float(to_sigma(0.40, 60.0)), abs=1e-4)


@given(energies, st.lists(celsius, min_size=2, max_size=6, unique_by=lambda t: round(t)))
def test_line_finds_the_energy_of_activated_points(
    energy: float, temperatures: list[float]
) -> None:
    t = np.array(temperatures)
    found, r2 = line(t, 1e-4 * 10.0 ** log10_factor(energy, t))
    assert found == pytest.approx(energy, rel=1e-6)
    assert r2 == pytest.approx(1.0, abs=1e-6)


@given(energies, celsius, celsius)
def test_conductivity_rises_with_temperature(energy: float, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert log10_factor(energy, low) <= log10_factor(energy, high)
    assert float(log10_factor(energy, 25.0)) == pytest.approx(0.0, abs=1e-12)


@given(energies, celsius)
def test_interval_holds_the_point_and_widens_away_from_25(energy: float, t: float) -> None:
    one = np.ones(1)
    sigma = -4 * one, -4.5 * one, -3.7 * one
    at = at_temperature(sigma, (energy * one, 0.8 * energy * one, 1.3 * energy * one), t * one)
    assert at[1][0] < at[0][0] < at[2][0]
    assert at[0][0] - at[1][0] >= 0.5 - 1e-12
    assert at[2][0] - at[0][0] >= 0.3 - 1e-12


def test_prefactor_of_a_garnet_is_that_of_hopping() -> None:
    assert 3.0 < float(log10_prefactor(0.40, 5e-4, 25.0)) < 7.0


def samples(rows: list[dict[str, object]]) -> pd.DataFrame:
    from ssbml.fields import FIELDS

    numbers = {n for n, f in FIELDS.items() if f.kind == "number"}
    table = pd.DataFrame(rows)
    for name in FIELDS:
        if name not in table:
            table[name] = np.nan if name in numbers else None
        elif name in numbers:
            table[name] = table[name].astype(float)
    return table


def row(**cells: object) -> dict[str, object]:
    return {"formula": "Li7La3Zr2O12", "cv_group": "a", "paper_key": "a", **cells}


def activated(t: float, energy: float = 0.4) -> float:
    return float(3e-4 * 10.0 ** log10_factor(energy, t))


def test_stated_energies_keep_their_basis_and_are_converted() -> None:
    found = energy_table(
        samples(
            [
                row(activation_energy_ev=0.30, activation_energy_basis="sigma"),
                row(activation_energy_ev=0.30, activation_energy_basis="sigma_t", cv_group="b"),
                row(activation_energy_ev=0.30, cv_group="c", sigma_bulk_s_cm=1e-3),
            ]
        )
    )
    assert found["basis"].tolist() == ["sigma", "sigma_t", "unknown"]
    assert found["energy_ev"].tolist() == pytest.approx([0.3287, 0.30, 0.30], abs=1e-4)
    assert found["kind"].tolist() == ["unspecified", "unspecified", "bulk"]


def test_a_line_goes_through_one_sample_of_one_paper() -> None:
    found = energy_table(
        samples(
            [
                row(temperature_c=25, sigma_total_s_cm=activated(25)),
                row(temperature_c=60, sigma_total_s_cm=activated(60)),
                row(temperature_c=100, sigma_total_s_cm=activated(100)),
            ]
        )
    )
    assert found["origin"].tolist() == ["line"]
    assert found["row"].tolist() == [0]
    assert found["energy_ev"].iloc[0] == pytest.approx(0.4, abs=1e-9)


@pytest.mark.parametrize(
    "second",
    [
        row(temperature_c=100, sigma_bulk_s_cm=1e-3),
        row(temperature_c=100, sigma_total_s_cm=1e-3, cv_group="b"),
        row(temperature_c=100, sigma_total_s_cm=1e-3, paper_key="b"),
        row(temperature_c=100, sigma_total_s_cm=1e-3, sintering_temp_c=1000),
        row(temperature_c=40, sigma_total_s_cm=activated(40)),
        row(temperature_c=100, sigma_total_s_cm=2e-4),
    ],
)
def test_no_line_between_different_things_or_over_a_short_way(second: dict[str, object]) -> None:
    found = energy_table(samples([row(temperature_c=25, sigma_total_s_cm=3e-4), second]))
    assert len(found) == 0


def test_an_energy_that_cannot_be_meant_is_left_out() -> None:
    found = energy_table(samples([row(activation_energy_ev=1.2, sigma_total_s_cm=3e-4)]))
    assert len(found) == 0
