"""How alike two recipes are to a model: the share of its trees that cannot tell them apart.

The proximity of Breiman (Mach. Learn. 45 (2001) 5), with the trees of the forest and those of the
boosting counted alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.blend import Blend
from ssbml.estimators.trees import LEAF, TreeEnsemble
from ssbml.features.base import FeatureMatrix

_CHUNK = 64


def leaves_of(blend: Blend, matrix: FeatureMatrix) -> NDArray[np.int32]:
    """Return the leaf that each recipe reaches in each tree of a blend.

    Parameters
    ----------
    blend : Blend
        Tree ensembles.
    matrix : FeatureMatrix
        Features of n recipes, those of the property included.

    Returns
    -------
    array, shape (n, n_trees)
        Node numbers, ensembles one after the other.
    """
    X = matrix.select(blend.features)
    return np.hstack([reached(member, X) for member in blend.members])


def similarity(left: NDArray[np.int32], right: NDArray[np.int32]) -> FloatArray:
    """Return the share of trees in which recipes reach the same leaf.

    Parameters
    ----------
    left, right : int array, shape (n, n_trees) and (m, n_trees)
        From `leaves_of`.

    Returns
    -------
    array, shape (n, m)
        0 to 1.
    """
    out = np.empty((len(left), len(right)))
    for start in range(0, len(left), _CHUNK):
        block = left[start : start + _CHUNK, None, :] == right[None, :, :]
        out[start : start + _CHUNK] = block.mean(axis=2)
    return out


def reached(ensemble: TreeEnsemble, X: FloatArray) -> NDArray[np.int32]:
    """Return the leaf that each row reaches in each tree of an ensemble.

    Parameters
    ----------
    ensemble : TreeEnsemble
        The trees.
    X : array, shape (n, d)
        Features; NaN allowed.

    Returns
    -------
    array, shape (n, n_trees)
        Node numbers.
    """
    if ensemble.single_precision:
        X = X.astype(np.float32).astype(np.float64)
    node = np.repeat(ensemble.roots[None, :], len(X), axis=0)
    rows = np.broadcast_to(np.arange(len(X))[:, None], node.shape)
    while True:
        feature = ensemble.feature[node]
        inner = feature != LEAF
        if not inner.any():
            return node.astype(np.int32)
        value = X[rows, np.where(inner, feature, 0)]
        left = np.where(
            np.isnan(value), ensemble.missing_left[node], value <= ensemble.threshold[node]
        )
        node = np.where(inner, np.where(left, node + 1, ensemble.right[node]), node)
