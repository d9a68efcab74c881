"""A field left out makes the answer less sure: published samples with and without one field."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ssbml.predictor import Predictor

FIELDS = (
    "form",
    "route",
    "sintering_method",
    "sintering_temp_c",
    "sintering_time_h",
    "calcination_temp_c",
    "crucible",
    "mother_powder",
    "atmosphere",
)
LEAST = 40


def decades(table: pd.DataFrame) -> float:
    ratio = table["conductivity_s_cm_upper"] / table["conductivity_s_cm_lower"]
    return float(np.log10(ratio).mean())


def porosity(table: pd.DataFrame) -> float:
    """Return the mean width in the unit in which density intervals are made, ln(porosity + 1)."""
    ratio = (101.0 - table["relative_density_pct_lower"]) / (
        101.0 - table["relative_density_pct_upper"]
    )
    return float(np.log(ratio).mean())


@pytest.mark.parametrize("field", FIELDS)
def test_a_blank_widens_the_intervals_on_average(
    field: str, shipped_model: Predictor, literature: pd.DataFrame
) -> None:
    known = literature.loc[literature[field].notna()].reset_index(drop=True)
    assert len(known) >= LEAST
    blank = np.nan if known[field].dtype.kind == "f" else None
    stated = shipped_model.predict_table(known)
    left_out = shipped_model.predict_table(known.assign(**{field: blank}))
    assert decades(left_out) > decades(stated) + 0.01
    assert porosity(left_out) > porosity(stated)
