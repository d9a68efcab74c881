"""Headers as ceramists write them: understood with their units, or refused with a reason."""

from __future__ import annotations

import pytest

from ssbml.errors import TableError
from ssbml.fields import FIELDS
from ssbml.lab.aliases import alias_table
from ssbml.lab.headers import LAB_COLUMNS, Column, letters, plain, read_headers
from ssbml.lab.units import UnitError, converted, fits, parse_unit


def column(header: str, *others: str) -> Column:
    return read_headers(["formula", header, *others], "lab.csv")[1]


@pytest.mark.parametrize(
    ("header", "field", "typed", "read"),
    [
        ("Sintering T (°C)", "sintering_temp_c", 1150.0, 1150.0),
        ("Sintering T (K)", "sintering_temp_c", 1423.15, 1150.0),
        ("T_sinter/°C", "sintering_temp_c", 1150.0, 1150.0),
        ("Firing temperature in °F", "sintering_temp_c", 2012.0, 1100.0),
        ("sintering_temp_k", "sintering_temp_c", 1423.15, 1150.0),
        ("sintering t (min)", "sintering_time_h", 90.0, 1.5),
        ("Dwell time sintering [s]", "sintering_time_h", 1800.0, 0.5),
        ("Calcination time (days)", "calcination_time_h", 0.5, 12.0),
        ("sigma (mS/cm)", "sigma_unspecified_s_cm", 0.5, 5e-4),
        ("σ / S cm⁻¹", "sigma_unspecified_s_cm", 5e-4, 5e-4),
        ("σ_total (S/m)", "sigma_total_s_cm", 0.05, 5e-4),
        ("Conductivity (bulk) (mS cm^-1)", "sigma_bulk_s_cm", 1.0, 1e-3),
        ("sigma_ms_cm", "sigma_unspecified_s_cm", 0.5, 5e-4),
        ("RD %", "relative_density_pct", 95.0, 95.0),
        ("RD%", "relative_density_pct", 95.0, 95.0),
        ("Density (g/cc)", "density_g_cm3", 5.1, 5.1),
        ("Density (kg/m3)", "density_g_cm3", 5100.0, 5.1),
        ("Density (% TD)", "relative_density_pct", 95.0, 95.0),
        ("Pressing pressure (bar)", "pressing_pressure_mpa", 1000.0, 100.0),
        ("Uniaxial pressure (kPa)", "pressing_pressure_mpa", 100000.0, 100.0),
        ("Hot press pressure GPa", "pressure_mpa", 0.05, 50.0),
        ("Grain size [nm]", "grain_size_um", 300.0, 0.3),
        ("Thickness (mm)", "thickness_um", 1.2, 1200.0),
        ("Ea (meV)", "activation_energy_ev", 330.0, 0.33),
        ("Ea, kJ/mol", "activation_energy_ev", 32.0, 32.0 / 96.48533212331),
        ("Heating rate (K/min)", "heating_rate_c_min", 5.0, 5.0),
        ("Ramp (°C/h)", "heating_rate_c_min", 300.0, 5.0),
        ("Li excess (wt%)", "li_excess_pct", 10.0, 10.0),
        ("Additive (wt%)", "additive_wt_pct", 2.0, 2.0),
    ],
)
def test_numbers_with_units(header: str, field: str, typed: float, read: float) -> None:
    found = column(header)
    assert found.field is not None
    assert found.field.name == field
    assert found.unit is not None
    assert converted(typed, found.unit, found.field) == pytest.approx(read, rel=1e-11)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Sintering Atmosphere", "atmosphere"),
        ("Atmosphere (calcination)", "calcination_atmosphere"),
        ("Additive", "additive"),
        ("Pellet ID", "sample_id"),
        ("Batch No.", "batch"),
        ("suggestion", "suggestion_id"),
        ("Crystal structure", "phase_main"),
        ("Secondary phases", "impurities"),
        ("Anneal gas", None),
        ("Comment", None),
    ],
)
def test_words(header: str, field: str | None) -> None:
    if field is None and header != "Comment":
        with pytest.raises(TableError, match="may mean atmosphere or post_anneal_atmosphere"):
            column(header)
        return
    found = column(header)
    assert (found.field.name if found.field else None) == field


@pytest.mark.parametrize(
    ("header", "clue"),
    [
        ("Density", "may mean relative_density_pct or density_g_cm3"),
        ("Temperature (°C)", "may mean calcination_temp_c or sintering_temp_c or temperature_c"),
        ("Pressure (MPa)", "may mean pressing_pressure_mpa or pressure_mpa or stack_pressure_mpa"),
        ("Additive (%)", "may mean additive_wt_pct or additive_mol_pct"),
        ("Pressing pressure (tons)", "a press reading in tons is a force"),
        ("Sintering T (parsec)", r"'parsec' is no unit of sintering_temp_c \(°C, K\)"),
        ("Sintering T (MPa)", "'MPa' is no unit of"),
        ("sintering_temp_c (K)", "states two units, °C and K"),
    ],
)
def test_what_is_ambiguous_or_does_not_fit_is_refused(header: str, clue: str) -> None:
    with pytest.raises(TableError, match=clue) as caught:
        column(header)
    assert "\n" not in str(caught.value)


def test_every_bad_header_is_named_at_once() -> None:
    with pytest.raises(TableError) as caught:
        read_headers(["formula", "Density", "Time (h)", "RD", "relative density (%)"], "lab.csv")
    for clue in ("'Density' may mean", "'Time (h)' may mean", "'RD' and 'relative density (%)'"):
        assert clue in str(caught.value)


def test_a_missing_unit_is_said() -> None:
    assert column("Sintering time").note == "no unit in the name, read as h"
    assert column("sintering_time_h").note == ""
    assert column("SINTERING_TIME_H").note == ""


def test_unknown_columns_name_the_nearest_field() -> None:
    assert column("sintring_temp_c").note == "not known, did you mean sintering_temp_c?"
    assert column("# Density").note == "its name starts with #"
    assert column("").header == "(column B)"


def test_predictions_are_not_measurements() -> None:
    assert column("conductivity_s_cm").note == "a prediction, not a measurement"
    assert column("phase_purity").field is None
    with pytest.raises(TableError, match="stands beside 'relative_density_pct_lower'"):
        column("relative_density_pct", "relative_density_pct_lower")


def test_no_formula_column() -> None:
    with pytest.raises(TableError, match=r"no column 'formula' \(found: RD %, x\)"):
        read_headers(["RD %", "x"], "lab.csv")


@pytest.mark.parametrize("name", list(LAB_COLUMNS))
def test_canonical_names_mean_themselves(name: str) -> None:
    headers = [name] if name == "formula" else ["formula", name]
    assert read_headers(headers, "lab.csv")[-1].field is LAB_COLUMNS[name]


def test_aliases_are_in_plain_form_and_mean_fields() -> None:
    for spelling, names in alias_table().items():
        assert plain(spelling) == spelling
        assert set(names) <= set(LAB_COLUMNS)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "S cm-1; ls", "", "K**9", "1e5", "°", "/", "%%"]
)
def test_what_is_no_unit(text: str) -> None:
    assert parse_unit(text) is None


def test_a_unit_that_does_not_fit_raises() -> None:
    unit = parse_unit("MPa")
    assert unit is not None
    assert not fits(unit, FIELDS["sintering_temp_c"])
    with pytest.raises(UnitError, match="'MPa' is no unit of sintering_temp_c"):
        converted(1.0, unit, FIELDS["sintering_temp_c"])


def test_column_letters() -> None:
    assert [letters(i) for i in (0, 25, 26, 27, 701, 702)] == ["A", "Z", "AA", "AB", "ZZ", "AAA"]
