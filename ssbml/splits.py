"""Folds that keep papers, and copies of samples, together."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.intp]


def group_folds(groups: NDArray[np.object_], n_folds: int, seed: int) -> IntArray:
    """Return the fold of each row, whole groups together and folds of about equal size.

    Groups are placed from the largest to the smallest into the fold with the fewest rows; ties are
    broken by a salted hash, so the split depends on the group names and the seed only.

    Parameters
    ----------
    groups : array of str, shape (n,)
        Group of each row (``cv_group``).
    n_folds : int
        Number of folds.
    seed : int
        Salt.

    Returns
    -------
    array, shape (n,)
        Fold numbers, 0 to n_folds - 1.

    Raises
    ------
    ValueError
        There are fewer groups than folds.
    """
    names, inverse, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    if len(names) < n_folds:
        raise ValueError(f"{len(names)} groups cannot fill {n_folds} folds")
    salted = [hashlib.sha256(f"{seed}:{name}".encode()).hexdigest() for name in names]
    order = sorted(range(len(names)), key=lambda i: (-int(counts[i]), salted[i]))
    load = np.zeros(n_folds, dtype=np.int64)
    fold_of = np.zeros(len(names), dtype=np.intp)
    for i in order:
        fold = int(np.argmin(load))
        fold_of[i] = fold
        load[fold] += counts[i]
    return fold_of[inverse]
