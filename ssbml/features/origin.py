"""Which recipe fields a feature is made from."""

from __future__ import annotations

from functools import lru_cache

from ssbml.fields import FIELDS

CHEMISTRY_FIELDS = ("formula", "formula_basis", "dopant_note", "family")
"""Fields that say what a sample consists of; all others say how it is made and measured."""

_AMOUNTS = ("formula", "formula_basis", "family")
_BY_PREFIX: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("MagpieData ", _AMOUNTS),
    ("fraction_", ("formula", "formula_basis")),
    ("has_", ("formula", "formula_basis", "dopant_note")),
    ("family_", ("formula", "family")),
    *((f"site{i}_", _AMOUNTS) for i in range(3)),
    ("form_", ("form",)),
    ("route_", ("route",)),
    ("sintering_method_", ("sintering_method",)),
    ("atmosphere_", ("atmosphere",)),
    ("precursor_", ("precursors",)),
)
_WINDOW = ("formula", "family")
_HEATING = (
    "sintering_temp_c",
    "sintering_peak_temp_c",
    "calcination_temp_c",
    "post_anneal_temp_c",
)
_FIRED = ("sintering_temp_c", "sintering_method", "form", *_WINDOW)
_LOSS = ("sintering_temp_c", "sintering_time_h", "thickness_um")
_BY_NAME: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "li_per_formula",
            "li_per_anion",
            "charge_imbalance",
            "relative_charge_imbalance",
            "tolerance_factor",
            "unplaced_share",
            "framework_radius_a",
            "lithium_vacancies",
        ),
        _AMOUNTS,
    ),
    "lithium_loss": _LOSS,
    "lithium_balance_pct": (*_LOSS, "li_excess_pct"),
    "above_formation_c": ("sintering_temp_c", "form", *_WINDOW),
    "above_decomposition_c": ("sintering_temp_c", "form", *_WINDOW),
    "aid_melting_c": ("additive",),
    "above_aid_melting_c": ("sintering_temp_c", "additive"),
    "pressure_assisted": ("sintering_method",),
    "fast_heating": ("sintering_method",),
    "wet_route": ("route",),
    "vapour_route": ("route",),
    "log10_po2_atm": ("atmosphere",),
    "calcination_log10_po2_atm": ("calcination_atmosphere",),
    "hottest_step_c": _HEATING,
    "hottest_above_window_low_c": (*_HEATING, *_WINDOW),
    "sintering_above_window_low_c": ("sintering_temp_c", *_WINDOW),
    "sintering_above_window_high_c": ("sintering_temp_c", *_WINDOW),
    "calcination_above_window_low_c": ("calcination_temp_c", *_WINDOW),
    "thermal_work": ("sintering_temp_c", "sintering_time_h"),
    "term_underfired": _FIRED,
    "term_overfired": _FIRED,
    "term_unreacted": (*_HEATING, "route", "form", *_WINDOW),
    "term_dwell": ("sintering_method", "sintering_time_h"),
    "term_pressed": ("sintering_method",),
    "term_oxygen": ("atmosphere",),
    "term_aid": ("additive", "sintering_temp_c"),
    "term_aid_dose": ("additive", "additive_wt_pct"),
    "term_li_surplus": ("li_excess_pct", "form"),
    "term_li_off_optimum": ("li_excess_pct", "form"),
    "term_fine_powder": ("particle_size_um",),
    "term_mother_powder": ("mother_powder",),
    "term_wet_route": ("route", "form"),
    "term_oxygen_pressure": ("deposition_pressure_mbar", "form"),
    "term_air_exposed": ("storage",),
    "term_ald": ("route",),
    "alumina_crucible": ("crucible",),
    "cooling_quench": ("cooling",),
    "air_exposed": ("storage",),
    "inverse_temperature_1000_k": ("temperature_c",),
}
_AMOUNT_OF_AID = ("additive_wt_pct", "additive_mol_pct")


def fields_of(feature: str) -> tuple[str, ...]:
    """Return the recipe fields that a feature is made from.

    Parameters
    ----------
    feature : str
        A column of `ssbml.features.assemble.assemble`.

    Returns
    -------
    tuple of str

    Raises
    ------
    KeyError
        The feature is not known here; every new feature has to be added.
    """
    if feature in _BY_NAME:
        return _BY_NAME[feature]
    if feature in _AMOUNT_OF_AID:
        return (feature, "additive")
    if feature.removeprefix("log10_") in FIELDS:
        return (feature.removeprefix("log10_"),)
    for prefix, fields in _BY_PREFIX:
        if feature.startswith(prefix):
            return fields
    if feature.startswith("additive_"):
        return ("additive",)
    raise KeyError(feature)


@lru_cache(maxsize=1)
def fields_read() -> frozenset[str]:
    """Return the recipe fields that any feature is made from.

    All others (such as ``electrode``) cannot change a prediction.
    """
    import pandas as pd

    from ssbml.features.assemble import assemble

    blank = {name: [None] for name in FIELDS if FIELDS[name].role == "recipe"}
    table = pd.DataFrame({**blank, "formula": ["Li7La3Zr2O12"]})
    numbers = [name for name in blank if FIELDS[name].kind == "number"]
    matrix = assemble(table.astype(dict.fromkeys(numbers, float)))
    return frozenset(field for name in matrix.names for field in fields_of(name))
