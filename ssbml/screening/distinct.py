"""Equal rows of large arrays, found by hashing."""

from __future__ import annotations

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.screening.combinations import IntArray

_SEED = 20261122


def distinct_rows(rows: IntArray) -> tuple[IntArray, IntArray]:
    """Return which rows are equal.

    Rows are compared by 64-bit hashes: a million different ones coincide with a chance of 3e-8.

    Parameters
    ----------
    rows : int array, shape (n, w)

    Returns
    -------
    first : int array, shape (m,)
        The first of each kind, in order.
    kind : int array, shape (n,)
        Which of them each row equals.
    """
    import pandas as pd

    random = np.random.default_rng(_SEED)
    odd = random.integers(1, 2**62, size=(rows.shape[1],)).astype(np.uint64) * 2 + 1
    hashes = np.zeros(len(rows), dtype=np.uint64)
    for column in range(rows.shape[1]):
        hashes = (hashes ^ rows[:, column].astype(np.uint64)) * odd[column]
        hashes ^= hashes >> np.uint64(29)
    kind, values = pd.factorize(hashes)
    first = np.full(len(values), -1, dtype=np.int64)
    first[kind[::-1]] = np.arange(len(rows))[::-1]
    return first, kind.astype(np.int64)


def as_rows(compositions: FloatArray, decimals: int) -> IntArray:
    """Return the elements of a composition matrix that occur, as whole numbers of 10**-decimals."""
    used = np.flatnonzero((compositions > 0).any(axis=0))
    return np.round(compositions[:, used] * 10.0**decimals).astype(np.int64)


def take_rows(compositions: FloatArray, rows: IntArray) -> FloatArray:
    """Return rows of a composition matrix, laid out column by column as the matrix is."""
    taken = np.zeros((len(rows), compositions.shape[1]), order="F")
    for column in np.flatnonzero((compositions > 0).any(axis=0)):
        taken[:, column] = compositions[rows, column]
    return taken
