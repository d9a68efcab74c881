"""Counts of published samples that vary a field."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from ssbml.datasets.counts import ALL_SAMPLES, field_counts
from ssbml.features.assemble import families_of

ROWS = pd.DataFrame(
    [
        ("Li7La3Zr2O12", 1150.0, "air", 1e-4, 90.0),
        ("Li6.4La3Zr1.4Ta0.6O12", 1150.0, "O2", 1e-3, None),
        ("Li6.4La3Zr1.4Ta0.6O12", None, "O2", None, 95.0),
        ("Li1.3Al0.3Ti1.7P3O12", 900.0, None, 1e-4, None),
    ],
    columns=[
        "formula", "sintering_temp_c", "atmosphere", "sigma_total_s_cm", "relative_density_pct",
    ],
)  # fmt: skip


def test_a_field_counts_where_it_is_stated_varies_and_the_outcome_is_known() -> None:
    counts = field_counts(ROWS, families_of(ROWS))
    garnet = counts["garnet"]["conductivity_s_cm"]
    assert garnet[ALL_SAMPLES] == 2
    assert garnet["atmosphere"] == 2
    assert "sintering_temp_c" not in garnet, "both were fired at 1150 °C"
    assert garnet["Ta"] == 1
    assert counts["garnet"]["relative_density_pct"][ALL_SAMPLES] == 2
    assert set(counts["nasicon"]) == {"conductivity_s_cm"}


def test_counts_of_the_embedded_rows_fit_in_a_manifest(literature: pd.DataFrame) -> None:
    counts = field_counts(literature, families_of(literature))
    assert json.loads(json.dumps(counts)) == counts
    garnet = counts["garnet"]["conductivity_s_cm"]
    assert garnet["sintering_temp_c"] > 100
    assert garnet["Ta"] > garnet["Sr"] > 0
    assert garnet[ALL_SAMPLES] == pytest.approx(garnet["O"])
