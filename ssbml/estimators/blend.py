"""A weighted mean of tree ensembles on named features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError
from ssbml.estimators.trees import TreeEnsemble
from ssbml.features.base import FeatureMatrix
from ssbml.features.pairs import PairedMatrix


@dataclass(frozen=True, slots=True)
class Blend:
    """What predicts one number.

    Attributes
    ----------
    features : tuple of str
        Names of the columns it reads.
    members : tuple of TreeEnsemble
        The ensembles; the first one that averages gives the spread.
    weights : tuple of float
        Their weights, which add up to 1.
    """

    features: tuple[str, ...]
    members: tuple[TreeEnsemble, ...]
    weights: tuple[float, ...]

    def predict(self, matrix: FeatureMatrix) -> FloatArray:
        """Return predictions, shape (n,); see `predict_with_spread`."""
        return self._answer(matrix, spread=False)[0]

    def predict_with_spread(self, matrix: FeatureMatrix) -> tuple[FloatArray, FloatArray]:
        """Return predictions and the spread of the trees of the forest, each of shape (n,).

        Raises
        ------
        KeyError
            The matrix lacks a feature.
        """
        return self._answer(matrix, spread=True)

    def _answer(self, matrix: FeatureMatrix, *, spread: bool) -> tuple[FloatArray, FloatArray]:
        total, found = np.zeros(len(matrix)), np.zeros(len(matrix))
        walk = self._walker(matrix, spread=spread)
        for member, weight in zip(self.members, self.weights, strict=True):
            mean, deviation = walk(member)
            total += weight * mean
            if member.mean:
                found = deviation
        return total, found

    def _walker(
        self, matrix: FeatureMatrix, *, spread: bool
    ) -> Callable[[TreeEnsemble], tuple[FloatArray, FloatArray]]:
        if isinstance(matrix, PairedMatrix):
            from ssbml.estimators.paired import predict_pairs

            paired = matrix
            return lambda member: predict_pairs(member, self.features, paired, spread=spread)
        columns = matrix.positions(self.features)
        if spread:
            return lambda member: member.predict_with_spread(matrix.values, columns)
        return lambda member: (member.predict(matrix.values, columns), np.zeros(len(matrix)))

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the blend as named arrays for an ``.npz`` file."""
        arrays: dict[str, NDArray[Any]] = {
            f"{prefix}.features": np.array(self.features, dtype=np.str_),
            f"{prefix}.weights": np.array(self.weights),
        }
        for i, member in enumerate(self.members):
            arrays.update(member.to_arrays(f"{prefix}.{i}"))
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Blend:
        """Return the blend stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        features, weights = arrays.get(f"{prefix}.features"), arrays.get(f"{prefix}.weights")
        if features is None or weights is None or features.dtype.kind != "U":
            raise ModelError(f"the model holds no sound blend '{prefix}'")
        names = tuple(str(f) for f in features)
        members = tuple(
            TreeEnsemble.from_arrays(arrays, f"{prefix}.{i}", len(names))
            for i in range(len(weights))
        )
        return cls(names, members, tuple(float(w) for w in weights))
