"""Conductivity over temperature: the energy model, the curve, the window, the plot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ssbml.cli.arrhenius import arrhenius as command
from ssbml.describe import count_missing, describers
from ssbml.errors import ModelError, RecipeError, TableError, VaryError
from ssbml.features.context import TEMPERATURE_COLUMN
from ssbml.fitting.energy import ENERGY_SETTINGS, EnergyFit, at_reference, fit_energy
from ssbml.fitting.fit import fit
from ssbml.fitting.records import Samples, conductivity_records, samples_of
from ssbml.fitting.settings import BoostingSettings, ForestSettings, Settings
from ssbml.predictor import Predictor
from ssbml.splits import group_folds
from ssbml.temperature import arrhenius
from ssbml.temperature.plot import arrhenius_figure
from ssbml.temperature.points import published_points

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
TARGET = 3.75


@pytest.fixture(scope="module")
def table_samples(literature: pd.DataFrame) -> Samples:
    return samples_of(literature)


@pytest.fixture(scope="module")
def fitted(table_samples: Samples) -> EnergyFit:
    table = table_samples.table
    folds = group_folds(table["cv_group"].to_numpy(dtype=object), 3, 0)
    describe = describers(list(table_samples.family), np.zeros(len(table)), count_missing(table))
    quick = replace(
        ENERGY_SETTINGS,
        forest=ForestSettings(trees=20),
        boosting=BoostingSettings(weight=0.5, loss="huber", iterations=40),
    )
    return fit_energy(table_samples, folds, describe, settings=quick, n_jobs=1)


@pytest.fixture(scope="module")
def warm(
    literature: pd.DataFrame, table_samples: Samples, tiny_settings: Settings, fitted: EnergyFit
) -> Predictor:
    """A model of 25 °C with an activation energy."""
    names = tuple(
        n
        for n in (*table_samples.matrix.names, "kind_total", "kind_bulk", "stage_calcined")
        if n != TEMPERATURE_COLUMN
    )
    return replace(fit(literature, tiny_settings, names=names, n_jobs=1), energy=fitted.model)


def test_energies_of_unseen_papers_follow_the_measured_ones(fitted: EnergyFit) -> None:
    truth = np.exp(fitted.records.target)
    error = np.abs(np.exp(fitted.point) - truth)
    assert len(truth) > 100
    assert np.corrcoef(np.exp(fitted.point), truth)[0, 1] > 0.25
    assert np.median(error) < 0.08


def test_a_sample_keeps_its_own_energy(fitted: EnergyFit) -> None:
    own = fitted.of_samples[fitted.records.rows]
    assert own == pytest.approx(np.exp(fitted.records.target))
    assert (fitted.of_samples > 0.03).all()


def test_the_energy_of_an_unseen_sample_is_not_its_own(fitted: EnergyFit) -> None:
    rows = fitted.records.rows
    assert np.corrcoef(fitted.unseen[rows], fitted.of_samples[rows])[0, 1] < 0.9
    others = np.setdiff1d(np.arange(len(fitted.unseen)), rows)
    np.testing.assert_array_equal(fitted.unseen[others], fitted.of_samples[others])


def test_the_energy_reads_no_temperature_and_no_statistics_of_the_formula(
    fitted: EnergyFit,
) -> None:
    names = fitted.model.blend.features
    assert len(names) > 30
    assert TEMPERATURE_COLUMN not in names
    assert not any(name.startswith("MagpieData") for name in names)


def test_targets_of_25_degrees_stay_and_hot_ones_fall(
    table_samples: Samples, fitted: EnergyFit
) -> None:
    records = conductivity_records(table_samples)
    celsius = table_samples.table["temperature_c"].to_numpy(dtype=float)
    target, usable = at_reference(records, celsius, fitted.of_samples)
    measured = np.nan_to_num(celsius, nan=25.0)[records.rows]
    assert target[measured == 25.0] == pytest.approx(records.target[measured == 25.0])
    assert (target[measured > 30.0] < records.target[measured > 30.0]).all()
    assert not usable[measured > 150.0].any()


def test_conductivity_rises_smoothly_with_temperature(warm: Predictor) -> None:
    curve = arrhenius(LLZTO, model=warm)
    sigma = np.log10(curve.table["conductivity_s_cm"])
    steps = np.diff(sigma)
    assert (steps > 0).all()
    assert (np.abs(np.diff(steps)) < 0.02).all()


def test_curve_is_what_predict_says_at_each_temperature(warm: Predictor) -> None:
    fields = {"form": "pellet", "sintering_temp_c": 1150}
    curve = arrhenius(LLZTO, model=warm, temperatures_c=[0, 60], **fields)
    rows = [{"formula": LLZTO, **fields, "temperature_c": t} for t in (0, 60)]
    expected = warm.predict(rows)
    for name in ("conductivity_s_cm", "conductivity_s_cm_lower", "conductivity_s_cm_upper"):
        np.testing.assert_allclose(curve.table[name], expected[name])


def test_slope_of_the_curve_is_its_energy(warm: Predictor) -> None:
    from ssbml.activation import line

    curve = arrhenius(LLZTO, model=warm, temperatures_c=[20, 40, 60])
    energy, r2 = line(
        curve.table["temperature_c"].to_numpy(), curve.table["conductivity_s_cm"].to_numpy()
    )
    assert energy == pytest.approx(curve.activation_energy_ev[0], rel=1e-6)
    assert r2 == pytest.approx(1.0)
    assert curve.energy_of_ln_sigma_ev == pytest.approx(energy - 0.0287, abs=1e-3)


def test_intervals_are_narrowest_at_25_degrees(warm: Predictor) -> None:
    table = arrhenius(LLZTO, model=warm, temperatures_c=[-20, 25, 100]).table
    width = np.log10(table["conductivity_s_cm_upper"] / table["conductivity_s_cm_lower"])
    assert width.iloc[1] < min(width.iloc[0], width.iloc[2])


def test_window_is_where_the_layer_meets_the_target(warm: Predictor) -> None:
    curve = arrhenius(LLZTO, model=warm, thickness_um=300, temperatures_c=range(-20, 301, 5))
    window = curve.window
    assert window is not None
    assert window.needed_s_cm == pytest.approx(300e-4 / TARGET)
    assert window.from_c is not None
    met = curve.table["temperature_c"] >= window.from_c
    assert (curve.table["asr_ohm_cm2"][met] <= TARGET * 1.001).all()
    assert (curve.table["asr_ohm_cm2"][~met] > TARGET).all()
    assert window.surely_from_c is None or window.surely_from_c >= window.from_c


def test_without_a_thickness_there_is_no_window(warm: Predictor) -> None:
    assert arrhenius(LLZTO, model=warm).window is None


def test_perovskites_say_where_a_line_is_meant(warm: Predictor) -> None:
    curve = arrhenius("Li0.33La0.557TiO3", model=warm)
    table = curve.table.set_index("temperature_c")
    assert not table.loc[-20.0, "in_range"]
    assert table.loc[25.0, "in_range"]


@pytest.mark.parametrize("cell", [-300, "warm", 5000])
def test_impossible_temperatures_are_refused(warm: Predictor, cell: object) -> None:
    with pytest.raises(RecipeError, match="temperature_c"):
        arrhenius(LLZTO, model=warm, temperatures_c=[cell])  # type: ignore[list-item]


def test_one_recipe_at_a_time(warm: Predictor) -> None:
    with pytest.raises(RecipeError, match="one recipe"):
        arrhenius([{"formula": LLZTO}, {"formula": "Li6PS5Cl"}], model=warm)


def test_models_without_energy_say_so(warm: Predictor) -> None:
    with pytest.raises(ModelError, match="no activation energy"):
        arrhenius(LLZTO, model=replace(warm, energy=None))


def test_a_saved_model_keeps_its_energy(warm: Predictor, tmp_path: Path) -> None:
    warm.save(tmp_path / "warm")
    again = Predictor.load(tmp_path / "warm")
    rows = [{"formula": LLZTO, "temperature_c": t} for t in (-10, 25, 80)]
    pd.testing.assert_frame_equal(warm.predict(rows), again.predict(rows))
    replace(warm, energy=None).save(tmp_path / "cold")
    assert Predictor.load(tmp_path / "cold").energy is None


def test_published_points_are_of_the_composition(literature: pd.DataFrame) -> None:
    points = published_points(literature, LLZTO)
    assert len(points) >= 3
    assert points["source"].notna().all()
    assert (points["conductivity_s_cm"] > 0).all()
    assert not points["formula"].str.contains("PO4").any()


def test_plot_escapes_and_marks_the_range(warm: Predictor, literature: pd.DataFrame) -> None:
    curve = arrhenius("Li0.33La0.557TiO3", model=warm, thickness_um=20)
    figure = arrhenius_figure(
        replace(curve, formula="<script>"), published_points(literature, curve.formula)
    )
    text = figure.to_json()
    assert "<script>" not in text
    assert len(figure.layout.shapes) == 1
    assert any("needed at 20 µm" in str(trace.name) for trace in figure.data)
    assert any("published" in str(trace.name) for trace in figure.data)


def test_plot_says_the_form_of_line_and_points(warm: Predictor, literature: pd.DataFrame) -> None:
    points = published_points(literature, LLZTO)
    assert "pellet" in set(points["form"])
    for thickness, form in ((30, "tape of 30 µm"), (500, "pellet of 500 µm"), (None, "pellet")):
        curve = arrhenius(LLZTO, model=warm, thickness_um=thickness)
        figure = arrhenius_figure(curve, points)
        assert f"predicted, {form}" in [trace.name for trace in figure.data]
        title = figure.layout.title.text
        assert f"line: predicted, {form}; published points: " in title
        assert f"{(points['form'] == 'pellet').sum()} pellet" in title
        assert f"{points['form'].isna().sum()} form not stated" in title
    assert "published points" not in arrhenius_figure(curve).layout.title.text


def test_command_writes_a_page_that_needs_no_network(
    warm: Predictor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ssbml.temperature.curve.load_model", lambda name=None: warm)
    page = tmp_path / "plot.html"
    arguments = ["--formula", LLZTO, "--thickness-um", "30", "-o", str(page)]
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert result.return_value == 0, result.exception
    assert "30 µm need" in result.output
    assert "activation energy" in result.output
    text = page.read_text("utf-8")
    assert "cdn.plot.ly" not in text.split("<body>")[1][:3000]


def test_a_plot_that_is_no_page_is_told_what_is_written() -> None:
    result = CliRunner().invoke(command, ["--formula", LLZTO, "-o", "plot.png"])
    assert isinstance(result.exception, TableError)
    assert ".html" in str(result.exception)
    assert ".csv" in str(result.exception)


@pytest.mark.parametrize("span", ["-300:100:50", "-273.15:0:50"])
def test_a_range_below_absolute_zero_gets_one_line(span: str) -> None:
    result = CliRunner().invoke(command, ["--formula", LLZTO, "--range", span])
    assert isinstance(result.exception, VaryError)
    assert "absolute zero" in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.parametrize("span", ["100:0:5", "0:100", "0:100:0", "a:b:c"])
def test_bad_ranges_are_named(span: str) -> None:
    result = CliRunner().invoke(command, ["--formula", LLZTO, "--range", span])
    assert result.exit_code == 2
    assert "--range" in result.output
