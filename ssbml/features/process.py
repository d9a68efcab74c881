"""Processing features: every recipe column of a table as numbers. Blank stays NaN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import split_list
from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import FormulaError, parse_formula
from ssbml.chemistry.hosts import HOSTS
from ssbml.chemistry.labels import Labels
from ssbml.features.base import FeatureMatrix, beside, from_columns
from ssbml.features.physics import firing_features
from ssbml.features.tendencies import tendency_features
from ssbml.vocabulary import VOCABULARIES

if TYPE_CHECKING:
    import pandas as pd

_KELVIN = 273.15
_ROOM_C = 25.0
_LARSON_MILLER_C = 20.0

LOG10_PO2_ATM: dict[str, float] = {
    "air": -0.68,
    "dry_air": -0.68,
    "humid_air": -0.69,
    "O2": 0.0,
    "N2": -5.0,
    "Ar": -5.0,
    "CO2": -4.5,
    "vacuum": -6.7,
    "H2_Ar": -18.0,
}
"""log10 of the oxygen partial pressure in atm that a named gas stands for.

Air: 20.95 % O2 (ICAO standard atmosphere), humid air 3 % less. O2: pure. N2, Ar and CO2: impurity
limits of ISO 14175:2008 gases of grade 5.0 and 4.5 (about 10 and 30 ppm O2). Vacuum: a rotary pump
at 1e-3 mbar of air. H2_Ar: water-gas equilibrium of 5 % H2 with about 100 ppm H2O near 900 °C.
"""

MEASUREMENT = ("inverse_temperature_1000_k",)
"""Processing features that describe the measurement, not the making."""

_ONE_HOT = ("form", "route", "sintering_method", "atmosphere")
_PRESSED = ("hot_press", "hip", "sps")
_FAST = ("sps", "uhs", "microwave", "flash", "laser")
_WET_ROUTES = ("sol_gel", "pechini", "coprecipitation", "combustion", "spray_pyrolysis",
               "hydrothermal", "solution_coating")  # fmt: skip
_VAPOUR_ROUTES = ("sputtering", "pld", "cvd", "ald", "evaporation")
_PLAIN = (
    "calcination_temp_c",
    "green_density_pct",
    "sintering_temp_c",
    "sintering_peak_temp_c",
    "post_anneal_temp_c",
    "substrate_temp_c",
    "li_excess_pct",
)
_LOGGED = (
    "milling_time_h",
    "particle_size_um",
    "calcination_time_h",
    "sintering_time_h",
    "sintering_peak_time_h",
    "post_anneal_time_h",
    "heating_rate_c_min",
    "pressing_pressure_mpa",
    "pressure_mpa",
    "deposition_pressure_mbar",
    "thickness_um",
    "stack_pressure_mpa",
)
_AID_ELEMENTS = ("Li", "B", "Al", "Si", "P", "F", "Mg", "Ga", "Cu", "Zn")
_LITHIUM_SOURCES = {"Li2CO3": "carbonate", "LiOH": "hydroxide", "LiNO3": "nitrate"}
_HEATING = (
    "sintering_temp_c",
    "sintering_peak_temp_c",
    "calcination_temp_c",
    "post_anneal_temp_c",
)
_SMALL = 1e-3


def process_features(table: pd.DataFrame, families: Sequence[str]) -> FeatureMatrix:
    """Return the processing features of a valid recipe table.

    Temperatures are given in °C (also that of the hottest step), above the lower and the upper end
    of the family's sintering window (Chem. Soc. Rev. 54 (2025) 8925 sections 2.1-2.3, 5.1), and as
    thermal work in Larson-Miller form, T (20 + log10 t) / 1000 with T in K and t in h. The
    measurement temperature enters as 1000 / T; blank means 25 °C. Everything else that is blank is
    NaN.

    Parameters
    ----------
    table : DataFrame
        A valid recipe table, n rows.
    families : sequence of str
        Host family of each row.

    Returns
    -------
    FeatureMatrix
    """
    columns: dict[str, FloatArray] = {}
    for name in _ONE_HOT:
        columns.update(_one_hot(table, name))
    method, route = _texts(table, "sintering_method"), _texts(table, "route")
    columns["pressure_assisted"] = method.among(_PRESSED)
    columns["fast_heating"] = method.among(_FAST)
    columns["wet_route"] = route.among(_WET_ROUTES)
    columns["vapour_route"] = route.among(_VAPOUR_ROUTES)
    for name, gas in (("", "atmosphere"), ("calcination_", "calcination_atmosphere")):
        columns[f"{name}log10_po2_atm"] = _texts(table, gas).mapped(
            lambda value: LOG10_PO2_ATM.get(value, np.nan)
        )
    for name in _PLAIN:
        columns[name] = _numbers(table, name)
    for name in _LOGGED:
        columns[f"log10_{name}"] = np.log10(np.maximum(_numbers(table, name), _SMALL))
    columns.update(_thermal(columns, families))
    columns["mother_powder"] = _cells(table, "mother_powder").mapped(float)
    columns["alumina_crucible"] = _texts(table, "crucible").among(("Al2O3",))
    columns["cooling_quench"] = _texts(table, "cooling").among(("quench",))
    columns["air_exposed"] = _texts(table, "storage").among(("air_exposed",))
    columns.update(_additives(table))
    columns.update(_lithium_sources(table))
    kelvin = np.nan_to_num(_numbers(table, "temperature_c"), nan=_ROOM_C) + _KELVIN
    columns["inverse_temperature_1000_k"] = 1000.0 / np.maximum(kelvin, 1.0)
    fields = from_columns(columns)
    firing = firing_features(table, families, fields)
    return beside(fields, firing, tendency_features(families, beside(fields, firing)))


def making_names() -> tuple[str, ...]:
    """Return the names of the features that describe how a sample is made."""
    import pandas as pd

    empty = pd.DataFrame({"formula": ["Li7La3Zr2O12"]})
    names = process_features(empty, ["garnet"]).names
    return tuple(name for name in names if name not in MEASUREMENT)


@dataclass(frozen=True, slots=True)
class _Cells:
    """A column as its different values and which of them stands in each row (-1: blank)."""

    values: list[Any]
    codes: NDArray[np.intp]

    def mapped(self, number: Callable[[Any], float]) -> FloatArray:
        """Return a number for each row, computed once a value; NaN where blank."""
        return np.array([*(number(v) for v in self.values), np.nan], dtype=float)[self.codes]

    def among(self, members: tuple[str, ...]) -> FloatArray:
        """Return 1 where the value is one of some, else 0."""
        return self.mapped(lambda value: float(value in members))


def _cells(table: pd.DataFrame, name: str) -> _Cells:
    if name not in table.columns:
        return _Cells([], np.full(len(table), -1))
    import pandas as pd

    codes, values = pd.factorize(table[name].to_numpy(dtype=object))
    return _Cells(list(values), codes)


def _texts(table: pd.DataFrame, name: str) -> _Cells:
    cells = _cells(table, name)
    strings = [i for i, value in enumerate(cells.values) if isinstance(value, str)]
    kept = np.full(len(cells.values) + 1, -1)
    kept[strings] = np.arange(len(strings))
    return _Cells([cells.values[i] for i in strings], kept[cells.codes])


def _numbers(table: pd.DataFrame, name: str) -> FloatArray:
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype=float)


def _one_hot(table: pd.DataFrame, name: str) -> dict[str, FloatArray]:
    vocabulary = "gas" if name == "atmosphere" else name
    texts = _texts(table, name)
    return {f"{name}_{v}": texts.among((v,)) for v in VOCABULARIES[vocabulary]}


def _thermal(columns: dict[str, FloatArray], families: Sequence[str]) -> dict[str, FloatArray]:
    temperature = columns["sintering_temp_c"]
    labels = Labels.of(families)
    windows = np.array([HOSTS[name].needed_firing_c for name in labels.names]).reshape(-1, 2)
    low, high = windows[labels.codes].T
    hours = columns["log10_sintering_time_h"]
    steps = [columns[name] for name in _HEATING]
    hottest = np.fmax.reduce(steps)
    return {
        "hottest_step_c": hottest,
        "hottest_above_window_low_c": hottest - low,
        "sintering_above_window_low_c": temperature - low,
        "sintering_above_window_high_c": temperature - high,
        "calcination_above_window_low_c": columns["calcination_temp_c"] - low,
        "thermal_work": (temperature + _KELVIN) * (_LARSON_MILLER_C + hours) / 1000.0,
    }


def _additives(table: pd.DataFrame) -> dict[str, FloatArray]:
    """Whether there is an aid, how much, and which elements it brings."""
    texts = _texts(table, "additive")
    out = {"additive_used": texts.mapped(lambda value: float(value != "none"))}
    elements = {value: _aid_elements(value) for value in texts.values}
    for element in _AID_ELEMENTS:
        holders = tuple(value for value, found in elements.items() if element in found)
        out[f"additive_{element}"] = texts.among(holders)
    for name in ("additive_wt_pct", "additive_mol_pct"):
        amounts = _cells(table, name).mapped(
            lambda value: sum(float(part) for part in split_list(str(value)))
        )
        out[name] = np.where(out["additive_used"] == 0, 0.0, amounts)
    return out


def _aid_elements(text: str) -> set[str]:
    found: set[str] = set()
    for part in split_list(text):
        try:
            found.update(parse_formula(part))
        except FormulaError:
            continue
    return found


def _lithium_sources(table: pd.DataFrame) -> dict[str, FloatArray]:
    texts = _texts(table, "precursors")
    return {
        f"precursor_{word}": texts.among(tuple(t for t in texts.values if formula in t))
        for formula, word in _LITHIUM_SOURCES.items()
    }
