"""Decision-tree ensembles as flat arrays.

scikit-learn fits the trees; predictions come from these arrays, which outlive its private formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError

IntArray = NDArray[np.int32]

LEAF = -1
"""Value of ``feature`` at a leaf."""

_COMPILED_FROM_ROWS = 400
_ARRAYS = {
    "feature": np.int16,
    "threshold": np.float64,
    "right": np.int32,
    "missing_left": np.bool_,
    "roots": np.int32,
}


@dataclass(frozen=True, slots=True)
class TreeEnsemble:
    """Regression trees in preorder: the left child of node i is i + 1.

    Attributes
    ----------
    feature : int16 array, shape (n_nodes,)
        Column tested at a node, `LEAF` at a leaf.
    threshold : float64 array, shape (n_nodes,)
        Go left when the value is at most this; at a leaf, the value of the leaf.
    right : int32 array, shape (n_nodes,)
        Index of the right child (0 at a leaf).
    missing_left : bool array, shape (n_nodes,)
        Where NaN goes.
    roots : int32 array, shape (n_trees,)
        Index of each root.
    offset : float
        Added to the sum of the trees.
    mean : bool
        Whether trees are averaged (forest) or added (boosting).
    single_precision : bool
        Whether inputs are rounded to float32 first, as scikit-learn's forests do.
    """

    feature: NDArray[np.int16]
    threshold: FloatArray
    right: IntArray
    missing_left: NDArray[np.bool_]
    roots: IntArray
    offset: float
    mean: bool
    single_precision: bool

    def predict(self, X: FloatArray, columns: NDArray[np.int64] | None = None) -> FloatArray:
        """Return predictions, shape (n,); see `predict_with_spread`."""
        return self._answer(X, columns, spread=False)[0]

    def predict_with_spread(
        self, X: FloatArray, columns: NDArray[np.int64] | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return predictions and the standard deviation over trees.

        Parameters
        ----------
        X : array, shape (n, d)
            Features; NaN allowed.
        columns : int array, shape (n_features,), optional
            Column of ``X`` that holds each feature of the trees; by default they are in order.

        Returns
        -------
        prediction : array, shape (n,)
        spread : array, shape (n,)
            0 for boosting, whose trees are no draws of the same number.
        """
        return self._answer(X, columns, spread=self.mean)

    def _answer(
        self, X: FloatArray, columns: NDArray[np.int64] | None, *, spread: bool
    ) -> tuple[FloatArray, FloatArray]:
        X = np.ascontiguousarray(X, dtype=np.float64)
        if columns is None:
            columns = np.arange(X.shape[1])
        if len(X) < _COMPILED_FROM_ROWS:
            few = X[:, columns]
            if self.single_precision:
                few = few.astype(np.float32).astype(np.float64)
            return self.finished(*self._walk(few, spread))
        from ssbml.estimators.compiled import walk

        return self.finished(
            *walk(
                X,
                columns,
                self.single_precision,
                self.feature,
                self.threshold,
                self.right,
                self.missing_left,
                self.roots,
                spread,
            )
        )

    def finished(self, total: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return prediction and spread from the sums of leaves and of their squares, shape (n,).

        The spread is 0 where no squares are given (shape (0,)).
        """
        n = len(self.roots)
        point = self.offset + (total / n if self.mean else total)
        if len(squares) == 0:
            return point, np.zeros(len(total))
        return point, np.sqrt(np.maximum(squares / n - (total / n) ** 2, 0.0))

    def _walk(self, X: FloatArray, spread: bool) -> tuple[FloatArray, FloatArray]:
        """Follow all trees for all rows at once; for few rows."""
        node = np.repeat(self.roots[:, None], len(X), axis=1)
        rows = np.broadcast_to(np.arange(len(X)), node.shape)
        while True:
            feature = self.feature[node]
            inner = feature != LEAF
            if not inner.any():
                break
            value = X[rows, np.where(inner, feature, 0)]
            left = np.where(np.isnan(value), self.missing_left[node], value <= self.threshold[node])
            node = np.where(inner, np.where(left, node + 1, self.right[node]), node)
        leaves = self.threshold[node]
        if len(leaves) == 0:
            return np.zeros(len(X)), np.zeros(0)
        squares = np.cumsum(leaves**2, axis=0)[-1] if spread else np.zeros(0)
        return np.cumsum(leaves, axis=0)[-1], squares

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the ensemble as named arrays for an ``.npz`` file."""
        arrays: dict[str, NDArray[Any]] = {
            f"{prefix}.{name}": getattr(self, name) for name in _ARRAYS
        }
        arrays[f"{prefix}.scalars"] = np.array(
            [self.offset, float(self.mean), float(self.single_precision)]
        )
        return arrays

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], prefix: str, n_features: int
    ) -> TreeEnsemble:
        """Return the ensemble stored under ``prefix``, after checking that it is sound.

        Raises
        ------
        ModelError
            An array is missing, of another type, or points outside the trees.
        """
        found: dict[str, NDArray[Any]] = {}
        for name, dtype in _ARRAYS.items():
            array = arrays.get(f"{prefix}.{name}")
            if array is None or array.dtype != dtype or array.ndim != 1:
                raise ModelError(f"the model holds no sound array '{prefix}.{name}'")
            found[name] = array
        scalars = arrays.get(f"{prefix}.scalars")
        if scalars is None or scalars.shape != (3,):
            raise ModelError(f"the model holds no sound array '{prefix}.scalars'")
        _audit(found, prefix, n_features)
        offset, mean, single = (float(s) for s in scalars)
        return cls(**found, offset=offset, mean=bool(mean), single_precision=bool(single))


def _audit(arrays: dict[str, NDArray[Any]], prefix: str, n_features: int) -> None:
    """Check that every walk stays inside the arrays and ends."""
    feature, right, roots = arrays["feature"], arrays["right"], arrays["roots"]
    n = len(feature)
    inner = np.flatnonzero(feature != LEAF)
    sound = (
        all(len(arrays[name]) == n for name in ("threshold", "right", "missing_left"))
        and n > 0
        and len(roots) > 0
        and (feature >= LEAF).all()
        and (feature < n_features).all()
        and (roots >= 0).all()
        and (roots < n).all()
        and (inner + 1 < n).all()
        and (right[inner] > inner).all()
        and (right[inner] < n).all()
        and np.isfinite(arrays["threshold"][feature == LEAF]).all()
    )
    if not sound:
        raise ModelError(f"the trees '{prefix}' are damaged")
