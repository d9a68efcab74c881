"""What a recipe is described by when the size of its error is judged beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.vocabulary import VOCABULARIES

_MAX_DISTANCE = 3.0


def describers(families: list[str], distance: FloatArray, missing: NDArray[Any]) -> FloatArray:
    """Return the describers of n recipes, all finite.

    Family (one column each), domain distance (at most 3) and number of blank influential fields.
    The spread of the trees is appended by the caller.

    Parameters
    ----------
    families : list of str
        Host family of each row.
    distance : array, shape (n,)
        Domain distance.
    missing : array, shape (n,)
        Blank influential fields.

    Returns
    -------
    array, shape (n, n_families + 2)
    """
    labels = np.array(families)
    columns = [(labels == family).astype(float) for family in VOCABULARIES["family"]]
    columns.append(np.minimum(distance, _MAX_DISTANCE))
    columns.append(np.asarray(missing, dtype=float))
    return np.column_stack(columns)
