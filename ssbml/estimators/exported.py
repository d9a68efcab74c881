"""Trees that scikit-learn and LightGBM fitted, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.trees import LEAF, TreeEnsemble

_Nodes = tuple[NDArray[np.int16], FloatArray, NDArray[np.int32], NDArray[np.bool_]]


def forest_arrays(forest: Any) -> TreeEnsemble:
    """Return a fitted scikit-learn forest regressor (one output) as a TreeEnsemble."""
    parts = []
    for estimator in forest.estimators_:
        tree = estimator.tree_
        parts.append(
            _preorder(
                tree.feature,
                tree.threshold,
                tree.children_left,
                tree.children_right,
                np.asarray(tree.missing_go_to_left, dtype=bool),
                tree.value[:, 0, 0],
            )
        )
    return _join(parts, offset=0.0, mean=True, single_precision=True)


def boosting_arrays(boosting: Any) -> TreeEnsemble:
    """Return a fitted ``lightgbm.LGBMRegressor`` (numeric features) as a TreeEnsemble."""
    trees = boosting.booster_.dump_model()["tree_info"]
    parts = [_dumped(tree["tree_structure"]) for tree in trees]
    return _join(parts, offset=0.0, mean=False, single_precision=False)


def _dumped(root: dict[str, Any]) -> _Nodes:
    """Return one tree of LightGBM's dump in preorder.

    A feature that was never blank in training takes a blank as 0, as LightGBM does.
    """
    feature: list[int] = []
    threshold: list[float] = []
    right: list[int] = []
    missing_left: list[bool] = []
    stack: list[tuple[dict[str, Any], int]] = [(root, LEAF)]
    while stack:
        node, parent = stack.pop()
        at = len(feature)
        if parent != LEAF:
            right[parent] = at
        inner = "split_feature" in node
        feature.append(node["split_feature"] if inner else LEAF)
        threshold.append(node["threshold"] if inner else node["leaf_value"])
        right.append(0)
        missing_left.append(inner and _blank_goes_left(node))
        if inner:
            stack.append((node["right_child"], at))
            stack.append((node["left_child"], LEAF))
    return (
        np.array(feature, dtype=np.int16),
        np.array(threshold, dtype=np.float64),
        np.array(right, dtype=np.int32),
        np.array(missing_left, dtype=np.bool_),
    )


def _blank_goes_left(node: dict[str, Any]) -> bool:
    if node["missing_type"] == "NaN":
        return bool(node["default_left"])
    return bool(node["threshold"] >= 0.0)


def _preorder(
    feature: NDArray[Any],
    threshold: NDArray[Any],
    left: NDArray[Any],
    right: NDArray[Any],
    missing_left: NDArray[np.bool_],
    value: NDArray[Any],
) -> _Nodes:
    """Renumber one tree so that each left child follows its parent."""
    order: list[int] = []
    stack = [0]
    while stack:
        node = stack.pop()
        order.append(node)
        if left[node] >= 0:
            stack.append(int(right[node]))
            stack.append(int(left[node]))
    position = np.empty(len(feature), dtype=np.int64)
    position[order] = np.arange(len(order))
    at = np.array(order)
    leaf = left[at] < 0
    return (
        np.where(leaf, LEAF, feature[at]).astype(np.int16),
        np.where(leaf, value[at], threshold[at]).astype(np.float64),
        np.where(leaf, 0, position[right[at]]).astype(np.int32),
        np.where(leaf, False, missing_left[at]).astype(np.bool_),
    )


def _join(
    parts: list[_Nodes], *, offset: float, mean: bool, single_precision: bool
) -> TreeEnsemble:
    starts = np.cumsum([0, *(len(p[0]) for p in parts)])[:-1].astype(np.int32)
    right = [
        np.where(p[0] == LEAF, 0, p[2] + start).astype(np.int32)
        for p, start in zip(parts, starts, strict=True)
    ]
    return TreeEnsemble(
        feature=np.concatenate([p[0] for p in parts]),
        threshold=np.concatenate([p[1] for p in parts]),
        right=np.concatenate(right),
        missing_left=np.concatenate([p[3] for p in parts]),
        roots=starts,
        offset=offset,
        mean=mean,
        single_precision=single_precision,
    )
