"""Published samples in words."""

from __future__ import annotations

import pytest

from ssbml.explanation.differences import results


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
