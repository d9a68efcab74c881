"""What a recipe is described by when the size of its error is judged beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.hosts import firing_limits
from ssbml.chemistry.labels import Labels
from ssbml.fields import FIELDS, influential
from ssbml.vocabulary import VOCABULARIES

if TYPE_CHECKING:
    import pandas as pd

_MAX_DISTANCE = 3.0
_LEAST_GROWTH = 1.05


def describers(families: Sequence[str], distance: FloatArray, missing: NDArray[Any]) -> FloatArray:
    """Return the describers of n recipes, all finite.

    Family (one column each), domain distance (at most 3) and number of blank influential fields.
    The spread of the trees is appended by the caller.

    Parameters
    ----------
    families : sequence of str
        Host family of each row.
    distance : array, shape (n,)
        Domain distance.
    missing : array, shape (n,)
        Blank influential fields.

    Returns
    -------
    array, shape (n, n_families + 2)
    """
    labels = Labels.of(families)
    names = VOCABULARIES["family"]
    columns = np.empty((len(names) + 2, len(labels)))
    for column, family in zip(columns, names, strict=False):
        column[:] = labels.equal(family)
    np.minimum(distance, _MAX_DISTANCE, out=columns[-2])
    columns[-1] = missing
    return columns.T


def of_estimate(point: FloatArray, spread: FloatArray) -> FloatArray:
    """Return the describers that an estimate gives: spread of the trees, the estimate, its square.

    Parameters
    ----------
    point, spread : arrays, shape (n,)
        Estimate in model units and standard deviation over trees.

    Returns
    -------
    array, shape (n, 3)
    """
    return np.stack([np.log(spread + 1e-3), point, point**2]).T


def with_estimate(describe: FloatArray, point: FloatArray, spread: FloatArray) -> FloatArray:
    """Return describers with those of an estimate (`of_estimate`) beside them.

    Parameters
    ----------
    describe : array, shape (n, k)
        From `describers`.
    point, spread : arrays, shape (n,)
        Estimate in model units and standard deviation over trees.

    Returns
    -------
    array, shape (n, k + 3)
    """
    return np.hstack([describe, of_estimate(point, spread)])


def least_slopes() -> FloatArray:
    """Return the smallest slopes that the difficulty may have in each column of `with_estimate`.

    Distance never makes a recipe easier, and every blank influential field makes it harder by 5 %
    at least: papers that tell less are often those on good samples, which must not make silence
    look like knowledge.

    Returns
    -------
    array, shape (k,)
    """
    least = np.full(len(VOCABULARIES["family"]) + 2 + 3, -np.inf)
    least[-5], least[-4] = 0.0, np.log(_LEAST_GROWTH)
    return least


def count_missing(table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return how many influential fields of its form each recipe leaves blank, shape (n,)."""
    import pandas as pd

    forms: Any = table["form"] if "form" in table.columns else np.full(len(table), None)
    codes, known = pd.factorize(np.asarray(forms, dtype=object))
    blank = {
        name: table[name].isna().to_numpy() if name in table.columns else np.ones(len(table), bool)
        for name in FIELDS
        if FIELDS[name].influential_for
    }
    out = np.zeros(len(table), dtype=np.int64)
    for code, form in enumerate([*known, None]):
        rows = codes == (code if form is not None else -1)
        if rows.any():
            out += rows * sum(blank[name].astype(np.int64) for name in influential(form))
    return out


def firing_excess(table: pd.DataFrame, families: Sequence[str]) -> FloatArray:
    """Return how far each recipe is fired above what its family and method allow, °C."""
    temperature = table["sintering_temp_c"].to_numpy(dtype=float)
    limit = firing_limits(families, table["sintering_method"].tolist(), table["route"].tolist())
    return np.where(temperature > limit, temperature - limit, 0.0)
