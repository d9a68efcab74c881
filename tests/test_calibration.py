"""Intervals: MAPIE is the oracle, coverage is checked on data, and a wrong scale must show."""

from __future__ import annotations

import numpy as np
import pytest
from mapie.conformity_scores import AbsoluteConformityScore
from mapie.regression import CrossConformalRegressor, SplitConformalRegressor
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.dummy import DummyRegressor
from sklearn.model_selection import KFold

from ssbml.calibration import (
    COVERAGE_RANGE,
    DEFAULT_COVERAGE,
    POOLED,
    IntervalCalibrator,
    check_coverage,
    conformal_quantiles,
    fit_intervals,
)
from ssbml.difficulty import Difficulty, fit_difficulty
from ssbml.errors import ModelError
from ssbml.metrics import auroc, brier_score, coverage_of, mean_absolute_error

COVERAGES = [0.5, 0.68, 0.8, 0.9, 0.95]


class Zero(RegressorMixin, BaseEstimator):
    """Predicts nothing, so that the scores are the targets."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Zero:
        self.n_features_in_ = X.shape[1]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        return np.zeros(len(X))


@pytest.mark.parametrize("coverage", COVERAGES)
@pytest.mark.parametrize("n", [60, 199, 200, 501])
def test_quantiles_equal_mapies_split_conformal(n: int, coverage: float) -> None:
    scores = np.random.default_rng(n).gumbel(size=n)
    X = np.zeros((n, 1))
    oracle = SplitConformalRegressor(
        Zero().fit(X, scores),
        confidence_level=coverage,
        conformity_score=AbsoluteConformityScore(sym=False),
        prefit=True,
    ).conformalize(X, scores)
    _, interval = oracle.predict_interval(np.zeros((1, 1)))
    assert conformal_quantiles(scores, coverage) == pytest.approx(
        (interval[0, 0, 0], interval[0, 1, 0]), abs=1e-12
    )


@pytest.mark.parametrize("coverage", COVERAGES)
def test_intervals_equal_mapies_cross_conformal(coverage: float) -> None:
    generator = np.random.default_rng(3)
    X, y = np.zeros((240, 1)), generator.gumbel(size=240)
    folds = KFold(6)
    oracle = CrossConformalRegressor(
        DummyRegressor(),
        confidence_level=coverage,
        conformity_score=AbsoluteConformityScore(sym=False),
        method="base",
        cv=folds,
    ).fit_conformalize(X, y)
    point, interval = oracle.predict_interval(np.zeros((1, 1)))
    residual = np.concatenate([y[test] - y[train].mean() for train, test in folds.split(X)])
    calibrator = fit_intervals(residual, ["garnet"] * 240, np.arange(240).astype(object), 1000)
    low, high, _ = calibrator.interval(point, np.ones(1), ["garnet"], coverage)
    grid = np.linspace(*COVERAGE_RANGE, 99)
    around = [conformal_quantiles(residual, c) for c in grid[np.abs(grid - coverage) < 0.006]]
    exact = conformal_quantiles(residual, coverage)
    assert interval[0, :, 0] == pytest.approx(np.array(exact) + point[0], abs=1e-12)
    assert min(q[0] for q in around) - 1e-9 <= low[0] - point[0] <= max(q[0] for q in around) + 1e-9
    assert (
        min(q[1] for q in around) - 1e-9 <= high[0] - point[0] <= max(q[1] for q in around) + 1e-9
    )


def test_extreme_scores_serve_where_n_is_too_small() -> None:
    assert conformal_quantiles(np.array([-2.0, 1.0, 3.0]), 0.99) == (-2.0, 3.0)


def test_the_point_stays_inside() -> None:
    assert conformal_quantiles(np.arange(1.0, 101.0), 0.5)[0] == 0.0
    assert conformal_quantiles(-np.arange(1.0, 101.0), 0.5)[1] == 0.0


def heteroscedastic(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    describers = generator.normal(size=(n, 2))
    return describers, np.exp(1.2 * describers[:, 0]) * generator.standard_t(5, size=n)


def covered(train_scores: np.ndarray, errors: np.ndarray, size: np.ndarray, level: float) -> float:
    n = len(train_scores)
    calibrator = fit_intervals(train_scores, ["garnet"] * n, np.arange(n).astype(object), 30)
    families = ["garnet"] * len(errors)
    low, high, _ = calibrator.interval(np.zeros(len(errors)), size, families, level)
    return coverage_of(errors, low, high)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_coverage_on_exchangeable_data(level: float) -> None:
    found = []
    for seed in range(20):
        describers, errors = heteroscedastic(1000, seed)
        difficulty = fit_difficulty(errors[:500], describers[:500])
        size = difficulty.predict(describers)
        found.append(covered(errors[:500] / size[:500], errors[500:], size[500:], level))
    assert np.mean(found) == pytest.approx(level, abs=0.015)


def test_scale_shuffled_residuals_miss_the_coverage() -> None:
    found = []
    for seed in range(20):
        describers, errors = heteroscedastic(1000, seed)
        difficulty = fit_difficulty(errors[:500], describers[:500])
        size = difficulty.predict(describers)
        shuffled = np.random.default_rng(seed).permutation(size[500:])
        found.append(covered(errors[:500] / size[:500], errors[500:], shuffled, 0.9))
    assert np.mean(found) < 0.86


def test_scores_of_another_size_miss_the_coverage() -> None:
    scores = np.random.default_rng(0).normal(size=500)
    new = np.random.default_rng(1).normal(size=500)
    assert covered(scores, new, np.full(500, 0.5), 0.9) < 0.7
    assert covered(scores, new, np.full(500, 2.0), 0.9) > 0.97


def test_difficulty_grows_with_what_makes_errors_large() -> None:
    describers, errors = heteroscedastic(800, 5)
    difficulty = fit_difficulty(errors, describers)
    assert difficulty.coefficients[1] == pytest.approx(1.2, abs=0.25)
    assert abs(difficulty.coefficients[2]) < 0.2
    extreme = difficulty.predict(np.array([[-50.0, 0.0], [50.0, 0.0]]))
    assert extreme.tolist() == [difficulty.low, difficulty.high]


def test_difficulty_of_a_constant_describer_is_finite() -> None:
    errors = np.random.default_rng(0).normal(size=50)
    difficulty = fit_difficulty(errors, np.ones((50, 1)))
    assert np.isfinite(difficulty.predict(np.ones((3, 1)))).all()


@pytest.fixture(scope="module")
def calibrator() -> IntervalCalibrator:
    generator = np.random.default_rng(7)
    families = ["garnet"] * 200 + ["nasicon"] * 40 + ["halide"] * 10
    scores = generator.normal(size=250) * np.repeat([1.0, 2.0, 4.0], [200, 40, 10])
    groups = np.array([f"{f}{i}" for i, f in enumerate(families)], dtype=object)
    return fit_intervals(scores, families, groups, min_papers=30)


@pytest.mark.parametrize("family", ["garnet", "nasicon", "halide", "argyrodite"])
def test_intervals_hold_the_point_and_grow(calibrator: IntervalCalibrator, family: str) -> None:
    point, size = np.array([-3.0]), np.array([0.7])
    widths = []
    for coverage in np.linspace(*COVERAGE_RANGE, 60):
        low, high, _ = calibrator.interval(point, size, [family], float(coverage))
        assert low[0] <= point[0] <= high[0]
        widths.append((point[0] - low[0], high[0] - point[0]))
    assert (np.diff(np.array(widths), axis=0) >= -1e-12).all()


@pytest.mark.parametrize(
    ("family", "coverage", "pooled"),
    [
        ("garnet", 0.9, False),
        ("garnet", 0.98, False),
        ("nasicon", 0.9, False),
        ("nasicon", 0.98, True),
        ("halide", 0.9, True),
        ("argyrodite", 0.9, True),
    ],
)
def test_too_few_papers_are_pooled_and_said_to_be(
    calibrator: IntervalCalibrator, family: str, coverage: float, pooled: bool
) -> None:
    assert set(calibrator.quantiles) == {POOLED, "garnet", "nasicon"}
    point, size = np.zeros(1), np.ones(1)
    *_, said = calibrator.interval(point, size, [family], coverage)
    assert said.tolist() == [pooled]


def test_families_have_their_own_quantiles(calibrator: IntervalCalibrator) -> None:
    low, high, _ = calibrator.interval(np.zeros(2), np.ones(2), ["garnet", "nasicon"], 0.9)
    assert high[1] - low[1] > 1.3 * (high[0] - low[0])


def test_papers_count_and_not_rows() -> None:
    scores = np.random.default_rng(0).normal(size=100)
    groups = np.array([f"paper{i // 10}" for i in range(100)], dtype=object)
    found = fit_intervals(scores, ["garnet"] * 100, groups, min_papers=30)
    assert set(found.quantiles) == {POOLED}


@pytest.mark.parametrize("coverage", [0.0, 0.49, 0.995, 1.0, 90.0, -1.0, float("nan")])
def test_coverage_out_of_range(calibrator: IntervalCalibrator, coverage: float) -> None:
    with pytest.raises(ValueError, match=r"allowed are 0\.5 to 0\.99"):
        check_coverage(coverage)
    with pytest.raises(ValueError, match=r"coverage = "):
        calibrator.interval(np.zeros(1), np.ones(1), ["garnet"], coverage)


@pytest.mark.parametrize("coverage", [*COVERAGE_RANGE, DEFAULT_COVERAGE])
def test_coverage_in_range(coverage: float) -> None:
    check_coverage(coverage)


def test_stored_and_opened_again(calibrator: IntervalCalibrator) -> None:
    again = IntervalCalibrator.from_arrays(calibrator.to_arrays("c"), "c")
    args = np.zeros(3), np.ones(3), ["garnet", "nasicon", "halide"], 0.9
    for ours, theirs in zip(calibrator.interval(*args), again.interval(*args), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["c.names", "c.quantiles", "c.max_coverage"])
def test_a_calibrator_without_a_part_is_refused(calibrator: IntervalCalibrator, name: str) -> None:
    arrays = calibrator.to_arrays("c")
    del arrays[name]
    with pytest.raises(ModelError):
        IntervalCalibrator.from_arrays(arrays, "c")


def test_a_calibrator_of_another_shape_is_refused(calibrator: IntervalCalibrator) -> None:
    arrays = calibrator.to_arrays("c")
    arrays["c.quantiles"] = arrays["c.quantiles"][:, :, :-1]
    with pytest.raises(ModelError, match="damaged"):
        IntervalCalibrator.from_arrays(arrays, "c")


def test_a_difficulty_is_limited() -> None:
    difficulty = Difficulty(np.array([0.0, 1.0]), 0.5, 2.0)
    assert difficulty.predict(np.array([[0.0], [9.0], [-9.0]])).tolist() == [1.0, 2.0, 0.5]


def test_figures_of_merit() -> None:
    truth, guess = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.1, 0.9, 0.4, 0.4])
    assert mean_absolute_error(truth, guess) == pytest.approx(0.3)
    assert brier_score(truth, guess) == pytest.approx((0.01 + 0.01 + 0.36 + 0.16) / 4)
    assert auroc(truth, guess) == pytest.approx(3.5 / 4)
    assert coverage_of(truth, guess - 0.1, guess + 0.1) == pytest.approx(0.5)
    empty = np.array([])
    for figure in (mean_absolute_error(empty, empty), brier_score(empty, empty)):
        assert np.isnan(figure)
    assert np.isnan(auroc(np.ones(2), guess[:2]))
    assert np.isnan(coverage_of(empty, empty, empty))
