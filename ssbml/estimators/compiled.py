"""The tree walk compiled for large batches; imported only when a batch is large."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray


@njit(parallel=True, cache=True)
def _walk(X: Any, feature: Any, threshold: Any, right: Any, missing_left: Any, roots: Any) -> Any:
    n = X.shape[0]
    total = np.zeros(n)
    squares = np.zeros(n)
    for row in prange(n):
        sum_, sum_squares = 0.0, 0.0
        for root in roots:
            node = root
            while feature[node] >= 0:
                value = X[row, feature[node]]
                left = missing_left[node] if np.isnan(value) else value <= threshold[node]
                node = node + 1 if left else right[node]
            leaf = threshold[node]
            sum_ += leaf
            sum_squares += leaf * leaf
        total[row] = sum_
        squares[row] = sum_squares
    return total, squares


def walk(
    X: FloatArray,
    feature: NDArray[np.int16],
    threshold: FloatArray,
    right: NDArray[np.int32],
    missing_left: NDArray[np.bool_],
    roots: NDArray[np.int32],
) -> tuple[FloatArray, FloatArray]:
    """Return the sum of the leaves and of their squares, per row.

    Parameters
    ----------
    X : array, shape (n, d)
        Features; NaN allowed.
    feature, threshold, right, missing_left, roots : arrays
        As in `ssbml.estimators.trees.TreeEnsemble`.

    Returns
    -------
    total, squares : arrays, shape (n,)
    """
    total, squares = _walk(X, feature, threshold, right, missing_left, roots)
    return total, squares
