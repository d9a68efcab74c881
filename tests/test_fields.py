"""The field table: the columns of the contract, their units and their vocabularies."""

from __future__ import annotations

import pytest

from ssbml.chemistry.formula import parse_formula
from ssbml.fields import (
    DEFAULT_FORM,
    FIELDS,
    OUTCOME_FIELDS,
    PROVENANCE_FIELDS,
    RECIPE_FIELDS,
    influential,
)
from ssbml.vocabulary import _SYNONYMS, VOCABULARIES, canonical, closest, nearest

RECIPE = """
formula formula_basis dopant_note family form route precursors milling_method milling_time_h
particle_size_um calcination_temp_c calcination_time_h calcination_atmosphere calcination_steps
pressing_method pressing_pressure_mpa green_density_pct sintering_method sintering_temp_c
sintering_time_h sintering_peak_temp_c sintering_peak_time_h heating_rate_c_min cooling pressure_mpa
atmosphere post_anneal_temp_c post_anneal_time_h post_anneal_atmosphere mother_powder crucible
li_excess_pct li_excess_basis additive additive_wt_pct additive_mol_pct substrate substrate_temp_c
deposition_atmosphere deposition_pressure_mbar thickness_um stack_pressure_mpa electrode storage
temperature_c
"""

OUTCOMES = """
sigma_total_s_cm sigma_bulk_s_cm sigma_gb_s_cm sigma_unspecified_s_cm sigma_max_s_cm sigma_min_s_cm
sigma_electronic_s_cm activation_energy_ev activation_energy_basis relative_density_pct
density_g_cm3 theoretical_density_g_cm3 density_method grain_size_um phase_main phase_pure
impurities impurity_wt_pct phase_purity_pct phase_stage phase_method
"""

PROVENANCE = "doi url title year found_in evidence confidence paper_key cv_group batch"

UNITS = {
    "_c": "°C",
    "_h": "h",
    "_um": "µm",
    "_mpa": "MPa",
    "_mbar": "mbar",
    "_s_cm": "S/cm",
    "_ev": "eV",
    "_g_cm3": "g/cm³",
    "_c_min": "°C/min",
    "_pct": "%",
    "_wt_pct": "wt%",
    "_mol_pct": "mol%",
}
"""Unit that the end of a name stands for; the longest end counts."""


def test_recipe_columns_are_those_of_the_contract() -> None:
    assert list(RECIPE_FIELDS) == RECIPE.split()


def test_outcome_columns_are_those_of_the_contract() -> None:
    assert list(OUTCOME_FIELDS) == OUTCOMES.split()


def test_provenance_columns_of_the_contract_are_there() -> None:
    assert set(PROVENANCE.split()) <= set(PROVENANCE_FIELDS)


def test_roles_share_no_column() -> None:
    names = [*RECIPE_FIELDS, *OUTCOME_FIELDS, *PROVENANCE_FIELDS]
    assert len(names) == len(set(names)) == len(FIELDS)


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.kind in ("number", "numbers")])
def test_numbers_end_in_their_unit(name: str) -> None:
    field = FIELDS[name]
    ends = sorted((e for e in UNITS if name.endswith(e)), key=len)
    if name == "year":
        assert field.unit == ""
    elif name == "phase_purity_pct":
        assert field.unit == "wt%"
    else:
        assert field.unit == UNITS[ends[-1]]
    assert field.low is not None
    assert field.high is not None
    assert field.low < field.high
    assert f"{field.low:g} to {field.high:g}" in field.allowed


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.kind == "choice"])
def test_choices_have_a_vocabulary(name: str) -> None:
    field = FIELDS[name]
    assert field.choices == VOCABULARIES[field.vocabulary]
    assert len(set(field.choices)) == len(field.choices) > 1
    assert all(choice in field.allowed for choice in field.choices)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_field_says_what_it_holds(name: str) -> None:
    field = FIELDS[name]
    assert name == field.name == name.lower()
    assert len(field.meaning) > 3
    assert field.allowed


@pytest.mark.parametrize(
    ("vocabulary", "values"),
    [
        ("atmosphere", "air dry_air humid_air O2 N2 Ar H2_Ar CO2 vacuum other"),
        ("sintering_method",
         "conventional two_step hot_press hip sps uhs microwave flash cold laser none"),
        ("family", "garnet nasicon perovskite lisicon lipon argyrodite thio-lisicon oxide-glass "
                   "sulfide-glass antiperovskite halide other"),
        ("form", "pellet tape film powder glass glass-ceramic single_crystal"),
        ("phase_main", "cubic tetragonal rhombohedral orthorhombic amorphous mixed other"),
        ("crucible", "Al2O3 MgO Pt Au graphite glassy_carbon ZrO2 BN Ni quartz other"),
    ],
)  # fmt: skip
def test_vocabularies_of_the_contract(vocabulary: str, values: str) -> None:
    assert FIELDS[vocabulary].choices == tuple(values.split())


@pytest.mark.parametrize(
    ("vocabulary", "synonym", "value"),
    [(v, s, value) for v, table in _SYNONYMS.items() for s, value in table.items()],
)
def test_synonyms_are_suggested_and_never_accepted(
    vocabulary: str, synonym: str, value: str
) -> None:
    assert value in VOCABULARIES[vocabulary]
    assert nearest(vocabulary, synonym.upper()) == value
    assert canonical(vocabulary, synonym) is None


@pytest.mark.parametrize(
    ("vocabulary", "text", "value"),
    [("gas", "o2", "O2"), ("gas", " AR ", "Ar"), ("form", "Pellet", "pellet"), ("gas", "he", None)],
)
def test_only_case_is_forgiven(vocabulary: str, text: str, value: str | None) -> None:
    assert canonical(vocabulary, text) == value


def test_closest_spelling() -> None:
    assert closest("sintering_temp", RECIPE_FIELDS) == "sintering_temp_c"
    assert closest("qqqq", RECIPE_FIELDS) is None


def test_influential_fields_depend_on_the_form() -> None:
    assert set(influential("film")) >= {"substrate_temp_c", "thickness_um", "route"}
    assert "substrate_temp_c" not in influential("pellet")
    assert influential(None) == influential(DEFAULT_FORM)
    assert influential("powder") == ("route",)
    assert set(influential("pellet")) <= set(RECIPE_FIELDS)


@pytest.mark.parametrize("crucible", ["Al2O3", "MgO", "ZrO2", "BN"])
def test_crucibles_are_spelt_as_formulas(crucible: str) -> None:
    assert parse_formula(crucible)
