"""Plain-language warnings for predicted recipes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.amounts import amounts_of
from ssbml.chemistry.charge import WARN_IMBALANCE, charge_imbalance
from ssbml.chemistry.families import families_of_amounts
from ssbml.domain import HARM, RANGED, Domain, firing_harm
from ssbml.features.base import FeatureMatrix

if TYPE_CHECKING:
    import pandas as pd

_KELVIN = 273.15


def notes_for(
    table: pd.DataFrame,
    matrix: FeatureMatrix,
    families: Sequence[str],
    domain: Domain,
    excess: NDArray[np.float64],
    outside: NDArray[np.bool_],
    pooled: NDArray[np.bool_],
) -> list[str]:
    """Return the notes of each recipe, sentences joined by ``; ``, empty if there are none.

    Parameters
    ----------
    table : DataFrame
        Valid recipes, n rows.
    matrix : FeatureMatrix
        Their features.
    families : sequence of str
        Host family used for each row.
    domain : Domain
        Published ranges.
    excess : array, shape (n,)
        How far the sintering temperature lies above the firing limit, °C.
    outside : bool array, shape (n,)
        Rows outside the domain.
    pooled : bool array, shape (n,)
        Rows whose conductivity interval is the pooled one.
    """
    notes: list[list[str]] = [[] for _ in range(len(table))]
    _charge(table, matrix, notes)
    _family(table, notes)
    _composition(matrix, families, domain, outside, notes)
    _firing(table, families, excess, notes)
    _ranges(matrix, families, domain, notes)
    _harm(matrix, notes)
    _placeholder(table, notes)
    _ignored(table, notes)
    for i in np.flatnonzero(pooled).tolist():
        notes[i].append(f"interval pooled over families: too few papers on {families[i]}")
    return ["; ".join(parts) for parts in notes]


def _charge(table: pd.DataFrame, matrix: FeatureMatrix, notes: list[list[str]]) -> None:
    share = matrix.select(("relative_charge_imbalance",))[:, 0]
    rows = np.flatnonzero(share > WARN_IMBALANCE)
    if len(rows) == 0:
        return
    formulas = table["formula"].to_numpy(dtype=object)[rows].tolist()
    for i, net in zip(rows, charge_imbalance(amounts_of(formulas)), strict=True):
        notes[i].append(
            f"charge imbalance of {net:+.2f} per formula ({share[i]:.0%} of the cation charge)"
        )


def _family(table: pd.DataFrame, notes: list[list[str]]) -> None:
    if "family" not in table.columns:
        return
    stated = table["family"].tolist()
    formulas = table["formula"].tolist()
    named = table["family"].notna() & (table["family"] != "other")
    rows = np.flatnonzero(named.to_numpy()).tolist()
    distinct = list(dict.fromkeys(formulas[i] for i in rows))
    looks = dict(zip(distinct, families_of_amounts(amounts_of(distinct)).tolist(), strict=True))
    for i in rows:
        look = looks[formulas[i]]
        if look not in (stated[i], "other"):
            notes[i].append(f"family {stated[i]} as stated, but the composition looks like {look}")


def _composition(
    matrix: FeatureMatrix,
    families: Sequence[str],
    domain: Domain,
    outside: NDArray[np.bool_],
    notes: list[list[str]],
) -> None:
    rows = np.flatnonzero(outside)
    if len(rows) == 0:
        return
    named = [families[i] for i in rows.tolist()]
    far = domain.chemical_distance(matrix.take(rows), named) > 1.0
    for i in rows[far].tolist():
        notes[i].append(f"composition is far from all published ones of the family {families[i]}")


def _firing(
    table: pd.DataFrame,
    families: Sequence[str],
    excess: NDArray[np.float64],
    notes: list[list[str]],
) -> None:
    temperature = table["sintering_temp_c"].to_numpy(dtype=float)
    for i in np.flatnonzero(excess > 0).tolist():
        notes[i].append(
            f"sintering_temp_c = {temperature[i]:g} is above the "
            f"{temperature[i] - excess[i]:g} °C believed for {families[i]}"
        )


def _ranges(
    matrix: FeatureMatrix, families: Sequence[str], domain: Domain, notes: list[list[str]]
) -> None:
    beyond = domain.beyond_range(matrix, families)
    for j, (feature, (field, _)) in enumerate(RANGED.items()):
        for i in np.flatnonzero(beyond[:, j] > 1.0).tolist():
            limits = domain.ranges.get(families[i], domain.ranges["*"])[j]
            if np.isnan(limits).any():
                limits = domain.ranges["*"][j]
            low, high = sorted(_in_field_units(feature, v) for v in limits)
            notes[i].append(f"{field} is far outside the published {low:.4g} to {high:.4g}")


_HARM_NOTES = {
    "decomposition": "fired far above the temperature at which the phase decomposes",
    "lithium loss": "half of the lithium or more is expected to evaporate",
    "no reaction": "fired far below the temperature at which the phase forms",
}


def _harm(matrix: FeatureMatrix, notes: list[list[str]]) -> None:
    harm = firing_harm(matrix)
    for j, name in enumerate(HARM):
        for i in np.flatnonzero(harm[:, j] >= 1.0):
            notes[i].append(_HARM_NOTES[name])


def _in_field_units(feature: str, value: float) -> float:
    if feature == "inverse_temperature_1000_k":
        return 1000.0 / value - _KELVIN
    return float(10.0**value) if feature.startswith("log10_") else float(value)


def _placeholder(table: pd.DataFrame, notes: list[list[str]]) -> None:
    if "formula_basis" not in table.columns:
        return
    for i in np.flatnonzero((table["formula_basis"] == "placeholder").to_numpy()):
        notes[i].append("placeholder formula: amounts treated as not stated")


def _ignored(table: pd.DataFrame, notes: list[list[str]]) -> None:
    methods = table["sintering_method"]
    named = methods.notna().to_numpy()
    for name, needed in (
        ("sintering_peak_temp_c", ("two_step",)),
        ("pressure_mpa", ("hot_press", "hip", "sps", "cold", "uhs", "other")),
    ):
        given = named & table[name].notna().to_numpy()
        unusual = given & ~methods.isin(needed).to_numpy() if given.any() else given
        for i in np.flatnonzero(unusual):
            notes[i].append(f"{name} is unusual with sintering_method {methods.iloc[i]}")
