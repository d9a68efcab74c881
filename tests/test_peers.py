"""The parts of the benchmark suite: bootstrap, figures, peers, training rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.datasets.load import load_dataset
from ssbml.errors import DataError
from ssbml.evaluation.peers.bootstrap import bootstrap_interval, paired_bootstrap
from ssbml.evaluation.peers.compositions import (
    FAMILY,
    FORESTS,
    MEDIAN,
    NEAREST,
    composition_peers,
    formulas_of,
    nearest,
)
from ssbml.evaluation.peers.coverage import Intervals
from ssbml.evaluation.peers.figures import figures_of
from ssbml.evaluation.peers.ours import (
    KEPT_FIELDS,
    check_apart,
    room_temperature_targets,
    training_rows,
    without_processing,
)
from ssbml.evaluation.peers.replicates import others_median
from ssbml.evaluation.peers.run import Runner, peak_memory_mb
from ssbml.evaluation.peers.scores import OURS, Scores
from ssbml.features.assemble import assemble
from ssbml.fields import RECIPE_FIELDS


def names(*labels: str) -> np.ndarray:
    return np.array(labels, dtype=object)


def test_two_papers_have_four_draws() -> None:
    """Both once in half of the draws, each twice in a quarter: means -1, -3 and +1."""
    found = paired_bootstrap(
        np.array([0.0, 1.0]), np.array([3.0, 0.0]), names("a", "b"), seed=1, draws=20000
    )
    assert found.difference == -1.0
    assert (found.lower, found.upper) == (-3.0, 1.0)
    assert found.better == pytest.approx(0.75, abs=0.01)


def test_papers_are_drawn_whole_and_rows_weigh() -> None:
    """Nine rows of one paper and one of another: -1 in 3/4, +1 in 1/4 of the draws."""
    gaps = np.array([-1.0] * 9 + [1.0])
    found = paired_bootstrap(gaps, np.zeros(10), names(*"aaaaaaaaab"), seed=1, draws=20000)
    assert found.difference == pytest.approx(-0.8)
    assert found.better == pytest.approx(0.75, abs=0.01)
    assert (found.lower, found.upper) == (-1.0, 1.0)


def test_equal_predictors_are_a_toss_up() -> None:
    losses = np.arange(5.0)
    found = paired_bootstrap(losses, losses, names(*"abcde"), seed=1)
    assert (found.difference, found.lower, found.upper, found.better) == (0.0, 0.0, 0.0, 0.5)


@given(st.integers(2, 30), st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first, second = rng.random(n), rng.random(n)
    groups = rng.integers(0, 4, n).astype(str).astype(object)
    order = rng.permutation(n)
    a = paired_bootstrap(first, second, groups, 1, 50)
    b = paired_bootstrap(first[order], second[order], groups[order], 1, 50)
    assert np.allclose([a.difference, a.lower, a.upper], [b.difference, b.lower, b.upper])


def test_the_interval_of_a_mean_draws_papers_whole() -> None:
    """Two papers: 0 and 1 in a quarter of the draws each, so both ends are reached at 90 %."""
    groups = names(*"aaab")
    assert bootstrap_interval(np.array([1.0, 1.0, 1.0, 0.0]), groups, seed=1) == (0.0, 1.0)
    assert bootstrap_interval(np.ones(4), groups, seed=1) == (1.0, 1.0)
    assert np.isnan(bootstrap_interval(np.zeros(0), names(), seed=1)).all()


def test_coverage_has_an_interval_and_a_constant_width_to_beat() -> None:
    truth = np.array([0.0, 1.0, 2.0, 10.0])
    ends = {0.9: (truth - np.array([1, 1, 2, -1]), truth + np.array([1, 1, 2, 3]))}
    error = np.array([0.5, 1.0, 2.0, 8.0])
    found = Intervals(truth, truth + error, ends, names(*"aabc"))
    (row,) = found.rows("papers", "all")
    assert (row["samples"], row["papers"], row["covered"]) == (4, 3, 0.75)
    assert row["from"] < 0.75 < row["to"]
    assert row["median width"] == 2.0
    assert row["constant width"] == pytest.approx(2 * np.quantile(error, 0.75))
    (part,) = found.rows("papers", "of b", truth == 2.0)
    assert (part["samples"], part["covered"], part["from"], part["to"]) == (1, 1.0, 1.0, 1.0)
    (none,) = found.rows("papers", "none", truth > 99)
    assert none["samples"] == 0
    assert np.isnan(none["covered"])


def scores(kind: str, truth: list[float], **predictions: list[float]) -> Scores:
    return Scores(
        "task",
        "all",
        kind,  # type: ignore[arg-type]
        np.array(truth),
        np.array([f"p{i}" for i in range(len(truth))], dtype=object),
        {name: np.array(p) for name, p in predictions.items()},
    )


def value(figures: pd.DataFrame, predictor: str, metric: str, column: str = "value") -> float:
    row = figures[(figures["predictor"] == predictor) & (figures["metric"] == metric)]
    return float(row[column].iloc[0])


def test_figures_of_numbers() -> None:
    found = figures_of([scores("value", [0, 1, 2, 3], ssbml=[0, 1, 2, 3], peer=[1, 1, 2, 5])], 1)
    assert value(found, OURS, "MAE") == 0
    assert value(found, "peer", "MAE") == 0.75
    assert value(found, "peer", "RMSE") == pytest.approx(np.sqrt(5 / 4))
    assert value(found, "peer", "R2") == pytest.approx(1 - 5 / 5)
    assert value(found, OURS, "Spearman") == pytest.approx(1.0)
    assert value(found, "peer", "MAE", "difference") == -0.75
    assert value(found, "peer", "MAE", "p_better") > 0.95
    assert np.isnan(value(found, OURS, "MAE", "difference"))


def test_figures_of_classes_rise_when_ours_is_better() -> None:
    found = figures_of(
        [scores("class", [0, 0, 1, 1], ssbml=[0, 0, 1, 1], peer=[0, 1, 1, 1], dull=[1, 1, 1, 1])], 1
    )
    assert value(found, "peer", "accuracy") == 0.75
    assert value(found, "peer", "accuracy", "difference") == 0.25
    assert value(found, "peer", "accuracy", "lower") >= 0
    assert value(found, "peer", "MCC") == pytest.approx(np.sqrt(1 / 3))
    assert value(found, "dull", "MCC") == 0


def test_figures_of_probabilities() -> None:
    found = figures_of([scores("probability", [0, 1], ssbml=[0.2, 0.6], peer=[0.5, 0.5])], 1)
    assert value(found, OURS, "Brier") == pytest.approx((0.04 + 0.16) / 2)
    assert value(found, OURS, "AUROC") == 1.0
    assert value(found, "peer", "log loss") == pytest.approx(np.log(2))


def test_figures_are_averaged_over_folds_and_repeats() -> None:
    one = scores("value", [0.0, 0.0, 0.0], ssbml=[1, 2, 6])
    folded = Scores(**{**fields(one), "folds": np.array([[0], [0], [1]])})
    assert value(figures_of([folded], 1), OURS, "MAE") == pytest.approx((1.5 + 6) / 2)
    twice = Scores(**{**fields(one), "predictions": {OURS: np.array([[1.0, 3], [2, 2], [6, 1]])}})
    assert value(figures_of([twice], 1), OURS, "MAE") == pytest.approx(2.5)
    assert value(figures_of([twice], 1), OURS, "MAE", "sd") == pytest.approx(0.5)


def fields(one: Scores) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def test_uneven_predictions_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rows, but not for"):
        scores("value", [0, 1], ssbml=[1])


def test_the_nearest_rows_share() -> None:
    known = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    asked = np.array([[0.9, 0.1], [0.0, 0.8]])
    assert nearest(known, np.array([5.0, 1.0, 3.0]), asked).tolist() == [2.0, 5.0]


def test_peers_know_the_composition_only() -> None:
    known = formulas_of(
        ["Li7La3Zr2O12"] * 3 + ["Li6PS5Cl"] * 3, np.array([-4.0, -4.0, -4.2, -3, -3, -2.8])
    )
    asked = formulas_of(["Li6.5La3Zr1.5Ta0.5O12", "Li3YCl6"], np.full(2, np.nan))
    found = composition_peers(known, asked, (0,))
    assert found[FAMILY].tolist() == [-4.0, -3.5]
    assert found[MEDIAN].tolist() == [-3.5, -3.5]
    assert found[NEAREST][0] == pytest.approx(-4.0667, abs=1e-3)
    for name in FORESTS:
        assert found[name].shape == (2, 1)
        assert np.isfinite(found[name]).all()


def test_other_papers_count_once_each() -> None:
    truth = np.array([1.0, 3.0, 10.0, 20.0, 7.0])
    papers, compositions = names("a", "a", "b", "c", "d"), names("x", "x", "x", "x", "y")
    found = others_median(truth, papers, compositions)
    assert found[:4].tolist() == [15.0, 15.0, 11.0, 6.0]
    assert np.isnan(found[4])


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return load_dataset("literature")


def test_nothing_of_the_making_is_left(table: pd.DataFrame) -> None:
    bare = without_processing(table)
    making = [name for name in RECIPE_FIELDS if name not in KEPT_FIELDS]
    elsewhere = table.copy()
    elsewhere[making] = table[making].sample(frac=1, random_state=0).to_numpy()
    elsewhere = elsewhere.astype(table.dtypes)
    shuffled = assemble(without_processing(elsewhere)).values
    assert np.array_equal(assemble(bare).values, shuffled, equal_nan=True)
    assert not np.array_equal(assemble(elsewhere).values, assemble(table).values, equal_nan=True)
    for name in KEPT_FIELDS:
        pd.testing.assert_series_equal(bare[name], table[name])


def test_held_out_papers_and_compositions_are_gone(table: pd.DataFrame) -> None:
    held = table[table["family"] == "garnet"].iloc[:5]
    rows = training_rows(table, held)
    assert len(rows) < len(table) - 5
    check_apart(rows, held)
    with pytest.raises(DataError, match="training rows share"):
        check_apart(table, held)


def test_added_rows_are_not_doubled(table: pd.DataFrame) -> None:
    held = table.iloc[:1]
    rows = training_rows(table, held)
    other = rows.iloc[300:310]
    assert len(training_rows(table, held, other)) == len(rows)
    assert len(training_rows(table, held, other, doubled=True)) == len(rows) + len(other)
    elsewhere = other.assign(doi="10.9999/new", paper_key="10.9999/new", other_dois=None)
    added = training_rows(table, held, elsewhere)
    assert len(added) == len(rows) + len(other)
    assert set(added["cv_group"].iloc[-len(other) :]) == {"10.9999/new"}


def test_bounds_count_as_values_for_peers() -> None:
    frame = pd.DataFrame(
        {
            "formula_basis": ["nominal", "nominal", "placeholder", "nominal"],
            "temperature_c": [np.nan, 25.0, 25.0, 300.0],
            "sigma_total_s_cm": [1e-4, np.nan, 1e-3, 1e-2],
            "sigma_max_s_cm": [np.nan, 1e-10, np.nan, np.nan],
            "sigma_min_s_cm": [np.nan] * 4,
        }
    )
    found = room_temperature_targets(frame)
    assert found[:2].tolist() == [-4.0, -10.0]
    assert np.isnan(found[2:]).all()


def double(x: int) -> int:
    return 2 * x


def test_jobs_come_back_in_order_with_a_record() -> None:
    from functools import partial

    runner = Runner(n_jobs=1)
    assert runner.run([partial(double, i) for i in range(3)], "doubling") == [0, 2, 4]
    record = runner.record().set_index("what")["value"]
    assert record["doubling: time"] >= 0
    assert record["peak memory of a worker"] > 0
    assert peak_memory_mb() > 0
