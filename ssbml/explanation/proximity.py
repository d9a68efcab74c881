"""How alike two recipes are to a model: the share of its trees that cannot tell them apart.

The proximity of Breiman (Mach. Learn. 45 (2001) 5), each tree weighted by the spread of its leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.blend import Blend
from ssbml.estimators.trees import LEAF, TreeEnsemble
from ssbml.features.base import FeatureMatrix

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Proximity:
    """A similarity learned by a blend of tree ensembles.

    Attributes
    ----------
    blend : Blend
        The ensembles.
    weights : array, shape (n_trees,)
        Weight of each tree, members one after the other; they add up to 1.
    """

    blend: Blend
    weights: FloatArray

    @classmethod
    def of(cls, blend: Blend) -> Proximity:
        """Return the similarity that a blend has learned.

        A tree counts by its share in the blend and, within an ensemble, by the standard deviation
        of its leaves: late boosting trees, which change little, tell little.
        """
        parts = []
        for member, share in zip(blend.members, blend.weights, strict=True):
            spread = _leaf_spread(member)
            total = spread.sum()
            parts.append(share * (spread / total if total > 0 else spread))
        weights = np.concatenate(parts)
        return cls(blend, weights / max(weights.sum(), 1e-300))

    def leaves(self, matrix: FeatureMatrix) -> NDArray[np.int32]:
        """Return the leaf that each recipe reaches in each tree.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes, those of the property included.

        Returns
        -------
        array, shape (n, n_trees)
        """
        X = matrix.select(self.blend.features)
        return np.hstack([reached(member, X) for member in self.blend.members])

    def similarity(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> FloatArray:
        """Return the similarity of recipes given by their leaves.

        Parameters
        ----------
        left, right : int array, shape (n, n_trees) and (m, n_trees)
            From `leaves`.

        Returns
        -------
        array, shape (n, m)
            0 (no tree puts them together) to 1 (every tree does).
        """
        out = np.empty((len(left), len(right)))
        weights = self.weights.astype(np.float32)
        for start in range(0, len(left), _CHUNK):
            block = left[start : start + _CHUNK, None, :] == right[None, :, :]
            out[start : start + _CHUNK] = block @ weights
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


def _leaf_spread(ensemble: TreeEnsemble) -> FloatArray:
    """Return the standard deviation of the leaves of each tree."""
    stops = np.append(ensemble.roots[1:], len(ensemble.feature))
    spreads = []
    for start, stop in zip(ensemble.roots, stops, strict=True):
        leaf = ensemble.feature[start:stop] == LEAF
        spreads.append(ensemble.threshold[start:stop][leaf].std())
    return np.array(spreads)
