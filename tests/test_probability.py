"""Probabilities of phase purity."""

from __future__ import annotations

import numpy as np
import pytest

from ssbml.errors import ModelError
from ssbml.probability import ProbabilityCalibrator, fit_probability


def purity_data(n: int, slope: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(11)
    scores = generator.uniform(0.02, 0.98, n)
    x = np.log(scores / (1 - scores))
    outcomes = (generator.random(n) < 1 / (1 + np.exp(-(slope * x - 0.5)))).astype(float)
    return scores, outcomes, np.array([f"p{i // 2}" for i in range(n)], dtype=object)


def test_probabilities_recover_the_slope() -> None:
    scores, outcomes, groups = purity_data(2000, 0.6)
    found = fit_probability(scores, outcomes, np.ones(2000), groups, seed=1, n_bootstrap=50)
    assert found.slope == pytest.approx(0.6, abs=0.12)
    assert found.intercept == pytest.approx(-0.5, abs=0.15)


def test_probabilities_without_skill_give_the_base_rate() -> None:
    scores, outcomes, groups = purity_data(400, -1.0)
    found = fit_probability(scores, outcomes, np.ones(400), groups, seed=1, n_bootstrap=20)
    assert found.slope == 0.0
    p, _, _ = found.probability(np.array([0.1, 0.9]), 0.9)
    assert p == pytest.approx([outcomes.mean()] * 2, abs=1e-6)


def test_probability_ranges_hold_the_probability_and_grow() -> None:
    scores, outcomes, groups = purity_data(200, 0.6)
    found = fit_probability(scores, outcomes, np.ones(200), groups, seed=1)
    grid = np.linspace(0, 1, 21)
    p, low, high = found.probability(grid, 0.9)
    _, narrow_low, narrow_high = found.probability(grid, 0.5)
    assert ((low >= 0) & (low <= narrow_low) & (narrow_low <= p)).all()
    assert ((p <= narrow_high) & (narrow_high <= high) & (high <= 1)).all()
    assert (np.diff(p) >= 0).all()
    with pytest.raises(ValueError, match="coverage"):
        found.probability(grid, 1.0)


def test_probability_is_deterministic_and_stored() -> None:
    scores, outcomes, groups = purity_data(120, 0.6)
    one, two = (
        fit_probability(scores, outcomes, np.ones(120), groups, seed=4, n_bootstrap=20)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.bootstrap, two.bootstrap)
    again = ProbabilityCalibrator.from_arrays(one.to_arrays("p"), "p")
    np.testing.assert_array_equal(again.probability(scores, 0.9), one.probability(scores, 0.9))
    with pytest.raises(ModelError):
        ProbabilityCalibrator.from_arrays({"p.platt": np.zeros(3)}, "p")
