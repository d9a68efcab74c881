"""How a sample was made, as numbers: blank stays blank, "not done" is a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.hosts import HOSTS
from ssbml.features.assemble import families_of
from ssbml.features.base import FeatureMatrix, beside, from_columns
from ssbml.features.process import LOG10_PO2_ATM, MEASUREMENT, making_names, process_features
from ssbml.features.tendencies import PREFIX
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.tables.validate import validate
from ssbml.vocabulary import VOCABULARIES

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"


def process(**cells: Any) -> dict[str, float]:
    checked = validate(pd.DataFrame([{"formula": LLZTO, **cells}], dtype=object))
    assert checked.problems == []
    matrix = process_features(checked.table, families_of(checked.table))
    return dict(zip(matrix.names, matrix.values[0].tolist(), strict=True))


def test_a_bare_formula_leaves_everything_blank() -> None:
    found = process()
    stated = {name for name, value in found.items() if not np.isnan(value)}
    terms = {name for name in stated if name.startswith(PREFIX)}
    assert stated - terms == set(MEASUREMENT)
    assert {found[name] for name in terms} == {0.0}
    assert found["inverse_temperature_1000_k"] == pytest.approx(1000 / 298.15)


@pytest.mark.parametrize("name", ["sintering_method", "atmosphere", "route", "form"])
def test_one_column_a_value(name: str) -> None:
    for value in FIELDS[name].choices:
        found = process(**{name: value})
        assert found[f"{name}_{value}"] == 1.0
        assert sum(found[f"{name}_{v}"] for v in FIELDS[name].choices) == 1.0


@pytest.mark.parametrize(
    ("cells", "feature", "value"),
    [
        ({"sintering_method": "none"}, "sintering_method_none", 1.0),
        ({"sintering_method": "none"}, "pressure_assisted", 0.0),
        ({"sintering_method": "sps"}, "pressure_assisted", 1.0),
        ({"sintering_method": "uhs"}, "fast_heating", 1.0),
        ({"additive": "none"}, "additive_used", 0.0),
        ({"additive": "none"}, "additive_wt_pct", 0.0),
        ({"additive": "none"}, "additive_B", 0.0),
        ({"additive": "Li3BO3"}, "additive_used", 1.0),
        ({"additive": "Li3BO3"}, "additive_B", 1.0),
        ({"additive": "Li3BO3"}, "additive_wt_pct", np.nan),
        ({"additive": "Li3BO3; Al2O3", "additive_wt_pct": "1.5; 0.5"}, "additive_wt_pct", 2.0),
        ({"additive": "Li3BO3; Al2O3"}, "additive_Al", 1.0),
        ({"additive": "glass frit"}, "additive_Al", 0.0),
        ({"mother_powder": False}, "mother_powder", 0.0),
        ({"mother_powder": "yes"}, "mother_powder", 1.0),
        ({"li_excess_pct": 0}, "li_excess_pct", 0.0),
        ({"atmosphere": "O2"}, "log10_po2_atm", 0.0),
        ({"atmosphere": "air"}, "log10_po2_atm", np.log10(0.2095)),
        ({"atmosphere": "other"}, "log10_po2_atm", np.nan),
        ({"calcination_atmosphere": "Ar"}, "calcination_log10_po2_atm", -5.0),
        ({"sintering_time_h": 10}, "log10_sintering_time_h", 1.0),
        ({"sintering_time_h": 0}, "log10_sintering_time_h", -3.0),
        ({"sintering_temp_c": 1150}, "sintering_temp_c", 1150.0),
        ({"sintering_temp_c": 1150}, "sintering_above_window_low_c", 100.0),
        ({"sintering_temp_c": 1150}, "sintering_above_window_high_c", -100.0),
        ({"sintering_temp_c": 1150, "sintering_time_h": 10}, "thermal_work",
         (1150 + 273.15) * 21 / 1000),
        ({"sintering_temp_c": 1150}, "thermal_work", np.nan),
        ({"crucible": "Al2O3"}, "alumina_crucible", 1.0),
        ({"crucible": "MgO"}, "alumina_crucible", 0.0),
        ({"precursors": "Li2CO3; La2O3"}, "precursor_carbonate", 1.0),
        ({"precursors": "LiOH; La2O3"}, "precursor_carbonate", 0.0),
        ({"route": "sol_gel"}, "wet_route", 1.0),
        ({"route": "pld"}, "vapour_route", 1.0),
        ({"storage": "fresh"}, "air_exposed", 0.0),
        ({"temperature_c": 100}, "inverse_temperature_1000_k", 1000 / 373.15),
        ({"temperature_c": -273.15}, "inverse_temperature_1000_k", 1000.0),
    ],
)  # fmt: skip
def test_by_hand(cells: dict[str, Any], feature: str, value: float) -> None:
    assert process(**cells)[feature] == pytest.approx(value, abs=5e-3, nan_ok=True)


def test_the_window_is_that_of_the_family() -> None:
    assert HOSTS["garnet"].needed_firing_c == (1050.0, 1250.0)
    assert process(sintering_temp_c=900, family="nasicon")["sintering_above_window_low_c"] == 100.0


def test_oxygen_pressures_are_ordered_and_complete() -> None:
    assert set(LOG10_PO2_ATM) == set(VOCABULARIES["gas"]) - {"other"}
    ordered = sorted(LOG10_PO2_ATM, key=LOG10_PO2_ATM.__getitem__)
    assert ordered[0] == "H2_Ar"
    assert ordered[-1] == "O2"


@pytest.mark.parametrize("name", [n for n in RECIPE_FIELDS if FIELDS[n].kind == "number"])
def test_every_recipe_number_is_a_feature(name: str) -> None:
    field = FIELDS[name]
    assert field.low is not None
    assert field.high is not None
    middle = max(1.0, field.low)
    if "sintering" in name and name.endswith("temp_c"):
        middle = 400.0
    changed = {f for f, v in process(**{name: middle}).items() if v == v}
    assert changed - set(MEASUREMENT) or name == "temperature_c"


def test_making_leaves_the_measurement_out() -> None:
    assert set(making_names()) | set(MEASUREMENT) == set(process())
    assert not set(making_names()) & set(MEASUREMENT)


def test_matrices_are_selected_and_joined_by_name() -> None:
    one = from_columns({"a": np.array([1.0, 2.0]), "b": np.array([3.0, np.nan])})
    both = beside(one, from_columns({"c": np.array([5.0, 6.0])}))
    assert both.names == ("a", "b", "c")
    np.testing.assert_array_equal(both.select(("c", "a")), [[5.0, 1.0], [6.0, 2.0]])
    np.testing.assert_array_equal(both.take(np.array([1, 1])).values[:, 0], [2.0, 2.0])
    with pytest.raises(KeyError):
        FeatureMatrix(("a",), np.ones((1, 1))).select(("z",))
