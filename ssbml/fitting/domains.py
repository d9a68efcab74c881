"""What the training samples support: the domain of a model, and of its folds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import split_list
from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.registry import public_files
from ssbml.domain import FRACTIONS, MIN_ROWS, POOLED, RANGED, Domain
from ssbml.features.base import FeatureMatrix
from ssbml.fitting.records import Samples

if TYPE_CHECKING:
    import pandas as pd

_EDGE_QUANTILE = 0.95
_RANGE_QUANTILES = (0.01, 0.99)
_EMBEDDED = "literature"


def domains(samples: Samples, folds: NDArray[np.intp]) -> tuple[Domain, FloatArray]:
    """Return the domain of all samples, and distances to the domains of the other folds.

    Parameters
    ----------
    samples : Samples
        n training samples, ``cv_group`` filled.
    folds : int array, shape (n,)
        Fold of each sample; papers are not divided.

    Returns
    -------
    Domain
    array, shape (n,)
        `Domain.distance` of each sample to the domain of all samples outside its fold.
    """
    families = list(samples.family)
    groups = samples.table["cv_group"].to_numpy(dtype=object)
    shareable = _shareable(samples.table)
    distance = np.empty(len(families))
    for fold in np.unique(folds):
        test = folds == fold
        train = np.flatnonzero(~test)
        part = fit_domain(
            samples.matrix.take(train),
            [families[i] for i in train],
            groups[train],
            shareable[train],
        )
        rows = np.flatnonzero(test)
        distance[rows] = part.distance(samples.matrix.take(rows), [families[i] for i in rows])
    return fit_domain(samples.matrix, families, groups, shareable), distance


def fit_domain(
    matrix: FeatureMatrix,
    families: Sequence[str],
    groups: NDArray[np.object_],
    shareable: NDArray[np.bool_],
) -> Domain:
    """Build the domain of a training table.

    Parameters
    ----------
    matrix : FeatureMatrix
        Features of the n training samples.
    families : sequence of str
        Host family of each row.
    groups : array of str, shape (n,)
        Paper group of each row.
    shareable : bool array, shape (n,)
        Rows whose composition may be stored in a model that is passed on.

    Returns
    -------
    Domain
    """
    labels = np.array(families, dtype=np.str_)
    fractions = matrix.select(FRACTIONS)
    usable = shareable & ~np.isnan(fractions).any(axis=1)
    edges: dict[str, float] = {}
    distances: list[FloatArray] = []
    for family in sorted(set(families)):
        rows = np.flatnonzero(usable & (labels == family))
        if len(set(groups[rows])) < 2:
            continue
        nearest = _nearest_other_paper(fractions[rows], groups[rows])
        distances.append(nearest)
        if len(rows) >= MIN_ROWS:
            edges[family] = max(float(np.quantile(nearest, _EDGE_QUANTILE)), 1e-3)
    pooled = float(np.quantile(np.concatenate(distances), _EDGE_QUANTILE))
    edges = {family: min(edge, pooled) for family, edge in edges.items()} | {POOLED: pooled}
    values = matrix.select(tuple(RANGED))
    ranges = {POOLED: _ranges(values)}
    for family in sorted(set(families)):
        ranges[family] = _ranges(values[labels == family])
    rows = np.flatnonzero(usable)
    _, first = np.unique(
        np.column_stack([np.unique(labels[rows], return_inverse=True)[1], fractions[rows]]),
        axis=0,
        return_index=True,
    )
    keep = rows[np.sort(first)]
    return Domain(labels[keep], fractions[keep].astype(np.float32), edges, ranges)


def _shareable(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Mark samples whose composition stands, as written here, in a set that may be passed on.

    The first source of a merged sample gives its formula. Public sets that may be redistributed,
    as their registry says, hold the same rounded composition wherever they stand in the list.
    """
    public = {file.source for file in public_files().values() if file.redistributable}
    sources = [split_list(cell) for cell in table["source"].tolist()]
    return np.array(
        [bool(s) and (s[0] == _EMBEDDED or not public.isdisjoint(s)) for s in sources], dtype=bool
    )


def _nearest_other_paper(fractions: FloatArray, groups: NDArray[np.object_]) -> FloatArray:
    gaps = np.abs(fractions[:, None, :] - fractions[None, :, :]).sum(axis=2)
    gaps[groups[:, None] == groups[None, :]] = np.inf
    return np.asarray(gaps.min(axis=1), dtype=float)


def _ranges(values: FloatArray) -> FloatArray:
    out = np.full((values.shape[1], 2), np.nan)
    for j in range(values.shape[1]):
        known = values[~np.isnan(values[:, j]), j]
        if len(known) >= MIN_ROWS:
            out[j] = np.quantile(known, _RANGE_QUANTILES)
    return out
