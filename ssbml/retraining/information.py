"""Which experiments would teach a lab's model most."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import embed, kernel
from ssbml.features.assemble import assemble
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.retraining.learning import PRIORS, Prior
from ssbml.retraining.residuals import Lab

if TYPE_CHECKING:
    import pandas as pd

_MOST_CANDIDATES = 1500
_LIKE_MEASURED = 1e-9


def uncertainty(places: FloatArray, anchors: FloatArray, prior: Prior) -> FloatArray:
    """Return how unsure the lab's deviation is at n places, as a standard deviation.

    Parameters
    ----------
    places : array, shape (n, d)
        From `ssbml.correction.embed`.
    anchors : array, shape (m, d)
        Where the lab has measured.
    prior : Prior
        Of the property.

    Returns
    -------
    array, shape (n,)
        In model units; at most the prior's.
    """
    whole = prior.offset**2 + prior.local**2
    if len(anchors) == 0:
        return np.full(len(places), np.sqrt(whole))
    known = prior.offset**2 + prior.local**2 * kernel(anchors, anchors)
    known[np.diag_indices(len(anchors))] += prior.scatter**2
    across = prior.offset**2 + prior.local**2 * kernel(places, anchors)
    explained = np.einsum("nm,mn->n", across, np.linalg.solve(known, across.T))
    return np.asarray(np.sqrt(np.maximum(whole - explained, 0.0)), dtype=float)


def most_informative(
    places: FloatArray, anchors: FloatArray, prior: Prior, count: int
) -> NDArray[np.intp]:
    """Return which places to measure: each time where the lab is least known, given the others.

    Parameters
    ----------
    places, anchors, prior
        As for `uncertainty`.
    count : int
        How many.

    Returns
    -------
    int array, shape (min(count, n),)
        In the order of choice.
    """
    chosen: list[int] = []
    for _ in range(min(count, len(places))):
        spread = uncertainty(places, np.vstack([anchors, places[chosen]]), prior)
        spread[chosen] = -1.0
        chosen.append(int(np.argmax(np.round(spread, 12))))
    return np.array(chosen, dtype=np.intp)


def teaching_experiments(lab: Lab, count: int = 5) -> pd.DataFrame:
    """Return unmeasured crossings of the lab's compositions and ways that would teach it most.

    Where fewer than ``count`` crossings are left, as in a lab of one composition, ways are varied:
    one number of a way takes a value that the lab has used in a way of the same kind.

    Parameters
    ----------
    lab : Lab
        Lab rows.
    count : int, default 5
        How many.

    Returns
    -------
    DataFrame
        Recipe columns that the lab states; empty when every crossing was measured.
    """
    table = lab.samples.table
    columns = [n for n in RECIPE_FIELDS if n in table.columns and table[n].notna().any()]
    ways = table[[n for n in columns if n != "formula"]].drop_duplicates().reset_index(drop=True)
    pool, places, measured = _unmeasured(lab, ways)
    if len(pool) < count:
        pool, places, measured = _unmeasured(lab, _varied(ways))
    best = most_informative(places, measured, PRIORS["conductivity"], count)
    return pool.iloc[best][columns].reset_index(drop=True)


def _unmeasured(lab: Lab, ways: pd.DataFrame) -> tuple[pd.DataFrame, FloatArray, FloatArray]:
    """Return the unmeasured crossings of compositions and ways, their places, the lab's places."""
    table = lab.samples.table
    formulas = list(dict.fromkeys(table["formula"].tolist()))
    crossed = list(product(range(len(formulas)), range(len(ways))))
    step = max(1, -(-len(crossed) // _MOST_CANDIDATES))
    crossed = crossed[::step]
    pool = table.iloc[[0] * len(crossed)].copy().reset_index(drop=True)
    for name in ways.columns:
        pool[name] = [ways[name].iloc[way] for _, way in crossed]
    pool["formula"] = [formulas[f] for f, _ in crossed]
    places = embed(assemble(pool), lab.centre)
    measured = next((p.places for p in lab.parts.values()), places[:0])
    new = ~(kernel(places, measured) > 1.0 - _LIKE_MEASURED).any(axis=1)
    at = np.flatnonzero(new)
    return pool.iloc[at].reset_index(drop=True), places[at], measured


def _varied(ways: pd.DataFrame) -> pd.DataFrame:
    """Return ways, and ways with one number changed to that of another way of the same kind."""
    import pandas as pd

    numbers = [n for n in ways.columns if FIELDS[n].kind == "number"]
    others = ways.drop(columns=numbers).to_numpy(dtype=object)
    kinds = pd.Series(["|".join(map(str, row)) for row in others], index=ways.index, dtype=object)
    found = [ways]
    for name in numbers:
        stated = ways[ways[name].notna()]
        for _, alike in stated.groupby(kinds[stated.index]):
            found += [alike.assign(**{name: value}) for value in alike[name].unique()]
    return pd.concat(found, ignore_index=True).drop_duplicates().reset_index(drop=True)
