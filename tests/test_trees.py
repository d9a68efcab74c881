"""Our trees predict what those of scikit-learn and LightGBM do, and damaged ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMRegressor
from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor

from ssbml.errors import ModelError
from ssbml.estimators.blend import Blend
from ssbml.estimators.exported import boosting_arrays, forest_arrays
from ssbml.estimators.trees import LEAF, TreeEnsemble
from ssbml.features.base import FeatureMatrix

SMALL, LARGE = 37, 700


def data(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(n, 6))
    X[:, 3] = np.round(X[:, 3])
    y = X[:, 0] * 2 + np.sin(3 * X[:, 1]) + X[:, 3] + 0.1 * generator.normal(size=n)
    X[generator.random(X.shape) < 0.25] = np.nan
    return X, y


def extra_trees() -> tuple[Any, TreeEnsemble]:
    X, y = data(300)
    fitted = ExtraTreesRegressor(15, random_state=1, max_features=0.5).fit(X, y)
    return fitted, forest_arrays(fitted)


def random_forest() -> tuple[Any, TreeEnsemble]:
    X, y = data(300)
    fitted = RandomForestRegressor(15, random_state=1, min_samples_leaf=3).fit(X, y)
    return fitted, forest_arrays(fitted)


def boosting() -> tuple[Any, TreeEnsemble]:
    X, y = data(300)
    X[:, 5] = np.nan_to_num(X[:, 5])
    fitted = LGBMRegressor(n_estimators=25, num_leaves=8, verbose=-1, n_jobs=1).fit(X, y)
    return fitted, boosting_arrays(fitted)


def stumps() -> tuple[Any, TreeEnsemble]:
    X, _ = data(300)
    fitted = ExtraTreesRegressor(3, random_state=1).fit(X, np.full(len(X), 2.5))
    return fitted, forest_arrays(fitted)


KINDS = [extra_trees, random_forest, boosting, stumps]
Maker = Callable[[], tuple[Any, TreeEnsemble]]


@pytest.mark.parametrize("n", [1, SMALL, LARGE])
@pytest.mark.parametrize("maker", KINDS)
def test_equal_to_the_library_that_fitted_them(maker: Maker, n: int) -> None:
    theirs, ours = maker()
    X, _ = data(n, seed=9)
    X[0] = np.nan
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=0, atol=1e-9)


@pytest.mark.parametrize("maker", KINDS)
def test_small_and_large_batches_agree_to_the_bit(maker: Maker) -> None:
    _, ours = maker()
    X, _ = data(LARGE, seed=4)
    compiled, spread = ours.predict_with_spread(X)
    walked = [ours.predict_with_spread(X[i : i + 50]) for i in range(0, LARGE, 50)]
    np.testing.assert_array_equal(compiled, np.concatenate([p for p, _ in walked]))
    np.testing.assert_array_equal(spread, np.concatenate([s for _, s in walked]))


def test_spread_is_that_of_the_trees() -> None:
    theirs, ours = extra_trees()
    X, _ = data(SMALL, seed=9)
    single = np.stack([tree.predict(X.astype(np.float32)) for tree in theirs.estimators_])
    np.testing.assert_allclose(ours.predict_with_spread(X)[1], single.std(axis=0), atol=1e-7)


def test_the_left_child_follows_its_parent() -> None:
    _, ours = extra_trees()
    inner = np.flatnonzero(ours.feature != LEAF)
    assert (ours.right[inner] > inner + 1).all()
    assert len(ours.roots) == 15


@pytest.mark.parametrize("maker", KINDS)
def test_stored_and_opened_again(maker: Maker) -> None:
    _, ours = maker()
    again = TreeEnsemble.from_arrays(ours.to_arrays("t"), "t", 6)
    X, _ = data(SMALL, seed=2)
    np.testing.assert_array_equal(again.predict(X), ours.predict(X))
    assert (again.mean, again.single_precision) == (ours.mean, ours.single_precision)


def first_inner(arrays: dict[str, Any]) -> int:
    return int(np.flatnonzero(arrays["t.feature"] != LEAF)[0])


def change(name: str, value: Any, at: Callable[[dict[str, Any]], int] | int) -> Callable[..., None]:
    def apply(arrays: dict[str, Any]) -> None:
        position = at(arrays) if callable(at) else at
        arrays[name] = arrays[name].copy()
        arrays[name][position] = value

    return apply


def replace(name: str, make: Callable[[np.ndarray], Any]) -> Callable[..., None]:
    def apply(arrays: dict[str, Any]) -> None:
        arrays[name] = make(arrays[name])

    return apply


def remove(name: str) -> Callable[..., None]:
    return lambda arrays: arrays.pop(name)


DAMAGE = {
    "a right child before its parent": change("t.right", 0, first_inner),
    "a right child outside": change("t.right", 10**6, first_inner),
    "a negative right child": change("t.right", -5, first_inner),
    "a column that is not there": change("t.feature", 6, first_inner),
    "a column below the leaf mark": change("t.feature", -2, first_inner),
    "a last node with a child": change("t.feature", 0, -1),
    "a root outside": change("t.roots", 10**6, 0),
    "a negative root": change("t.roots", -1, 0),
    "no roots": replace("t.roots", lambda a: a[:0]),
    "no nodes": replace("t.feature", lambda a: a[:0]),
    "a leaf that is NaN": change("t.threshold", np.nan, -1),
    "arrays of two lengths": replace("t.threshold", lambda a: a[:-1]),
    "another type": replace("t.right", lambda a: a.astype(np.int64)),
    "another shape": replace("t.feature", lambda a: a[:, None]),
    "a missing array": remove("t.missing_left"),
    "missing scalars": remove("t.scalars"),
    "short scalars": replace("t.scalars", lambda a: a[:2]),
}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
def test_damaged_arrays_are_refused(damage: str) -> None:
    _, ours = extra_trees()
    arrays = ours.to_arrays("t")
    DAMAGE[damage](arrays)
    with pytest.raises(ModelError):
        TreeEnsemble.from_arrays(arrays, "t", 6)


def test_a_blend_is_the_weighted_mean() -> None:
    forest, boosted = extra_trees()[1], boosting()[1]
    names = tuple("abcdef")
    X, _ = data(SMALL, seed=3)
    blend = Blend(names, (forest, boosted), (0.25, 0.75))
    shuffled = FeatureMatrix(tuple("fedcbaz"), np.hstack([X[:, ::-1], X[:, :1]]))
    prediction, spread = blend.predict_with_spread(shuffled)
    expected = 0.25 * forest.predict(X) + 0.75 * boosted.predict(X)
    np.testing.assert_allclose(prediction, expected, atol=1e-12)
    np.testing.assert_array_equal(spread, forest.predict_with_spread(X)[1])
    again = Blend.from_arrays(blend.to_arrays("b"), "b")
    np.testing.assert_array_equal(again.predict(shuffled), prediction)
    with pytest.raises(KeyError):
        blend.predict(FeatureMatrix(("a",), X[:, :1]))


@pytest.mark.parametrize("name", ["b.features", "b.weights", "b.0.feature"])
def test_a_blend_without_a_part_is_refused(name: str) -> None:
    arrays = Blend(tuple("abcdef"), (extra_trees()[1],), (1.0,)).to_arrays("b")
    del arrays[name]
    with pytest.raises(ModelError):
        Blend.from_arrays(arrays, "b")
