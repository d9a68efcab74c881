"""The linear part: cited directions weighed against data."""

from __future__ import annotations

import numpy as np
import pytest

from ssbml.errors import ModelError
from ssbml.estimators.tendencies import NO_TENDENCIES, Tendencies, fit_tendencies
from ssbml.features.base import FeatureMatrix, from_columns

N = 400


def terms(seed: int = 0) -> FeatureMatrix:
    generator = np.random.default_rng(seed)
    return from_columns({"term_oxygen": generator.integers(0, 2, N).astype(float),
                         "term_aid": generator.integers(0, 2, N).astype(float)})  # fmt: skip


def fitted(oxygen: float, aid: float, papers: int = N) -> dict[str, float]:
    matrix = terms()
    residual = oxygen * matrix.values[:, 0] + aid * matrix.values[:, 1]
    residual = residual + 0.2 * np.random.default_rng(1).normal(size=N)
    groups = np.array([f"p{i % papers}" for i in range(N)], dtype=object)
    found = fit_tendencies({"oxygen": 0.2, "aid": -0.1}, matrix, residual, np.ones(N), groups)
    return dict(zip(found.names, found.slopes.tolist(), strict=True))


def test_data_move_slopes_away_from_what_was_expected() -> None:
    found = fitted(0.5, -0.3)
    assert found["oxygen"] == pytest.approx(0.5, abs=0.1)
    assert found["aid"] == pytest.approx(-0.3, abs=0.1)


def test_few_papers_leave_the_expectation_as_it_is() -> None:
    assert abs(fitted(0.5, -0.3, papers=3)["oxygen"] - 0.2) < abs(fitted(0.5, -0.3)["oxygen"] - 0.2)


def test_a_slope_keeps_its_sign() -> None:
    found = fitted(-1.0, 1.0)
    assert found["oxygen"] == pytest.approx(0.05)
    assert found["aid"] == pytest.approx(-0.025)


def test_no_data_give_what_was_expected() -> None:
    empty = FeatureMatrix(("term_oxygen",), np.zeros((0, 1)))
    found = fit_tendencies(
        {"oxygen": 0.2}, empty, np.zeros(0), np.zeros(0), np.zeros(0, dtype=object)
    )
    assert found.slopes.tolist() == [0.2]


def test_arrays_round_trip() -> None:
    one = Tendencies(("oxygen", "aid"), np.array([0.1, -0.2]))
    again = Tendencies.from_arrays(one.to_arrays("x"), "x")
    assert again.shift(terms()).tolist() == one.shift(terms()).tolist()
    assert Tendencies.from_arrays({}, "x") is NO_TENDENCIES
    assert NO_TENDENCIES.shift(terms()).tolist() == [0.0] * N


def test_damaged_arrays_are_refused() -> None:
    arrays = Tendencies(("oxygen",), np.array([0.1])).to_arrays("x")
    with pytest.raises(ModelError, match="sound tendencies"):
        Tendencies.from_arrays({**arrays, "x.slopes": np.zeros(3)}, "x")
