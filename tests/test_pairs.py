"""Trees walked over compositions times ways give what they give row by row, in every bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssbml.estimators import paired
from ssbml.estimators.trees import LEAF, TreeEnsemble
from ssbml.features.base import FeatureMatrix, from_columns
from ssbml.features.pairs import PairedMatrix, Ways
from ssbml.predictor import Predictor
from ssbml.screening.candidates import Candidates
from ssbml.screening.columns import predict_pairs, prepare
from ssbml.screening.space import SearchSpace
from ssbml.tables.validate import validate

FEATURES = ("chemistry0", "chemistry1", "way0", "way1", "way2", "row0", "constant0")


def random_trees(rng: np.random.Generator, mean: bool, single: bool) -> TreeEnsemble:
    """Twenty random trees in preorder over `FEATURES`."""
    feature: list[int] = []
    threshold: list[float] = []
    right: list[int] = []
    roots: list[int] = []

    def grow(depth: int) -> None:
        at = len(feature)
        leaf = depth == 0 or rng.random() < 0.1
        feature.append(LEAF if leaf else int(rng.integers(len(FEATURES))))
        threshold.append(float(rng.normal() if leaf else rng.choice([-0.7, -0.1, 0.3, 0.9])))
        right.append(0)
        if not leaf:
            grow(depth - 1)
            right[at] = len(feature)
            grow(depth - 1)

    for _ in range(20):
        roots.append(len(feature))
        grow(7)
    missing = (rng.random(len(feature)) < 0.5) & (np.array(feature) != LEAF)
    return TreeEnsemble(
        np.array(feature, np.int16),
        np.array(threshold),
        np.array(right, np.int32),
        missing,
        np.array(roots, np.int32),
        0.25,
        mean,
        single,
    )


def random_columns(rng: np.random.Generator, kind: str, width: int, n: int) -> FeatureMatrix:
    cells = rng.normal(size=(n, width)).round(int(rng.integers(0, 4)))
    cells[rng.random(cells.shape) < 0.2] = np.nan
    return FeatureMatrix(tuple(f"{kind}{i}" for i in range(width)), cells)


@pytest.mark.parametrize("patterns", [True, False], ids=["bit patterns", "values"])
@pytest.mark.parametrize("k", [1, 3, 64, 65, 200, 5000])
def test_walks_agree_in_every_bit(monkeypatch: pytest.MonkeyPatch, k: int, patterns: bool) -> None:
    if not patterns:
        monkeypatch.setattr(paired, "_MAX_PATTERN_BYTES", 0)
    rng = np.random.default_rng(k)
    for trial in range(4):
        trees = random_trees(rng, mean=trial % 2 == 0, single=trial < 2)
        m = 3
        rows = np.arange(m * k)
        if trial == 1:
            rows = np.sort(rng.choice(rows, size=len(rows) // 2 + 1, replace=False))
        if trial == 2:
            rng.shuffle(rows)
        matrix: FeatureMatrix = PairedMatrix(
            random_columns(rng, "chemistry", 2, m),
            Ways(random_columns(rng, "way", 3, k)),
            rows // k,
            rows % k,
        )
        matrix = matrix.widened(random_columns(rng, "row", 1, len(rows)))
        matrix = matrix.with_constants({"constant0": np.nan if trial == 3 else 0.4})
        assert isinstance(matrix, PairedMatrix)
        found = paired.predict_pairs(trees, FEATURES, matrix, spread=True)
        expected = trees.predict_with_spread(matrix.select(FEATURES))
        assert np.array_equal(found[0], expected[0])
        assert np.array_equal(found[1], expected[1])
        assert found[1].any() == trees.mean
        point, nothing = paired.predict_pairs(trees, FEATURES, matrix, spread=False)
        assert np.array_equal(point, expected[0])
        assert not nothing.any()


def test_a_later_column_replaces_one_of_the_same_name() -> None:
    one = FeatureMatrix(("a",), np.array([[1.0]]))
    matrix = PairedMatrix(one, Ways(FeatureMatrix(("b",), np.array([[2.0], [3.0]]))),
                          np.zeros(2, int), np.arange(2))  # fmt: skip
    wider = matrix.widened(from_columns({"c": np.array([4.0, 5.0])})).with_constants({"d": 6.0})
    assert wider.values.tolist() == [[1, 2, 4, 6], [1, 3, 5, 6]]
    assert wider.with_constants({"a": 7.0}).select(("a", "b")).tolist() == [[7, 2], [7, 3]]
    assert wider.take(np.array([1])).values.tolist() == [[1, 3, 5, 6]]


SPACE: dict[str, Any] = {
    "host": "Li7La3Zr2O12",
    "sites": {
        "Zr": {"Ta": {"from": 0, "to": 1, "step": 0.1}, "Nb": [0, 0.2]},
        "Li": {"Al": [0, 0.2]},
    },
    "process": [
        {
            "sintering_method": "conventional",
            "sintering_temp_c": {"from": 500, "to": 1300, "step": 200},
            "sintering_time_h": [1, 12],
            "atmosphere": ["air", "O2"],
        },
        {"sintering_method": "hot_press", "sintering_temp_c": [1050, 1150], "pressure_mpa": [40]},
    ],
    "fixed": {"form": "pellet"},
}


@pytest.fixture(scope="module")
def garnets() -> Candidates:
    return SearchSpace.from_dict(SPACE).candidates()


def reference(model: Predictor, candidates: Candidates, index: Any, **options: Any) -> pd.DataFrame:
    checked = validate(candidates.table(index))
    assert checked.problems == []
    return model.predict_table(checked.table, **options)


def assert_same(found: dict[str, Any], expected: pd.DataFrame) -> None:
    for name, values in found.items():
        assert np.array_equal(values, expected[name].to_numpy()), name


def test_the_whole_space_equals_its_table(model: Predictor, garnets: Candidates) -> None:
    index = np.arange(len(garnets))
    assert len(index) > 400
    found = predict_pairs(model, prepare(garnets), 0, len(garnets))
    expected = reference(model, garnets, index)
    assert_same(found, expected)
    assert set(found) == set(expected.columns) - {"notes"}
    assert expected["domain_distance"].nunique() > 20


@settings(max_examples=15)
@given(data=st.data(), coverage=st.sampled_from([0.5, 0.9]))
def test_any_part_equals_its_table(
    model: Predictor, garnets: Candidates, data: st.DataObject, coverage: float
) -> None:
    start = data.draw(st.integers(0, len(garnets) - 1))
    stop = data.draw(st.integers(start + 1, min(start + 60, len(garnets))))
    found = predict_pairs(model, prepare(garnets), start, stop, coverage=coverage)
    assert_same(found, reference(model, garnets, np.arange(start, stop), coverage=coverage))


@pytest.mark.parametrize("share", [0.05, 0.6])
def test_a_sampled_space_equals_its_table(
    model: Predictor, garnets: Candidates, share: float
) -> None:
    size = len(garnets)
    chosen = np.sort(np.random.default_rng(0).choice(size, int(size * share), replace=False))
    sampled = Candidates(
        garnets.family, garnets.compositions, garnets.formulas, garnets.processes, chosen=chosen
    )
    found = predict_pairs(model, prepare(sampled), 0, len(sampled))
    assert_same(found, reference(model, sampled, np.arange(len(sampled))))


def test_one_way_of_making_equals_its_table(model: Predictor, garnets: Candidates) -> None:
    one = Candidates(
        garnets.family, garnets.compositions, garnets.formulas, garnets.processes.iloc[:1]
    )
    found = predict_pairs(model, prepare(one), 0, len(one))
    assert_same(found, reference(model, one, np.arange(len(one))))


def test_the_shipped_model_too(shipped_model: Predictor, garnets: Candidates) -> None:
    found = predict_pairs(shipped_model, prepare(garnets), 100, 900)
    assert_same(found, reference(shipped_model, garnets, np.arange(100, 900)))
