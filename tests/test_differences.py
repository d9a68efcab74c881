"""Published samples in words."""

from __future__ import annotations

import pytest

from ssbml.explanation.differences import conditions, differences, results


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        ({"sigma_total_s_cm": 2.2e-5, "sigma_bulk_s_cm": 9e-4}, "total 2.2e-05 S/cm, bulk 0.0009"),
        ({"relative_density_pct": 81.27, "phase_pure": False}, "density 81.27 %, not phase-pure"),
        ({"sigma_unspecified_s_cm": 4e-3, "confidence": "low"}, "0.004 S/cm, doubtful reading"),
    ],
)
def test_results_in_words(sample: dict[str, object], text: str) -> None:
    assert text in results(sample)
    assert ("doubtful" in results(sample)) == (sample.get("confidence") == "low")


def test_conditions_and_differences_are_in_words() -> None:
    sample = {
        "formula": "Li6.4La3Zr1.4Ta0.6O12",
        "sintering_temp_c": 1150.0,
        "li_excess_pct": 2 / 3,
        "mother_powder": True,
    }
    assert conditions(sample) == (
        "sintering temperature 1150 °C, mother powder, Li excess 0.6667 %"
    )
    recipe = {**sample, "sintering_temp_c": 1100.5, "mother_powder": False, "atmosphere": "O2"}
    assert differences(recipe, sample) == (
        "sintering temperature 1150 °C not 1100.5 °C; mother powder; atmosphere not stated"
    )
