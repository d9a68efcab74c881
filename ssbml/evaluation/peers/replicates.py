"""Task (g): samples of one composition from different papers, where only processing can help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.records import COMPOSITION_DIGITS
from ssbml.evaluation.peers.compositions import MAGPIE, NEAREST
from ssbml.evaluation.peers.held_out import HeldOut
from ssbml.evaluation.peers.papers import only
from ssbml.evaluation.peers.scores import BARE, OURS, Scores

TASK = "replicates"
FLOOR = "median of the other papers"
"""The best that the composition alone can do: what other papers measured on the same one."""

PREDICTORS = (OURS, BARE, MAGPIE, NEAREST)


def replicate_scores(found: HeldOut) -> list[Scores]:
    """Return the conductivity of compositions that several papers have made.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    list of Scores
        All replicates, those with a known firing temperature, garnets.
    """
    scores = only(found.scores["conductivity_s_cm"], PREDICTORS)
    table = found.table.iloc[found.rows("conductivity_s_cm")]
    shapes = [
        f"{composition_key(parse_formula(formula), COMPOSITION_DIGITS)}|{form == 'film'}"
        for formula, form in zip(table["formula"], table["form"], strict=True)
    ]
    floor = others_median(scores.truth, scores.groups, np.array(shapes, dtype=object))
    scores = replace(scores, task=TASK, predictions={**scores.predictions, FLOOR: floor})
    repeated = ~np.isnan(floor)
    fired = table["sintering_temp_c"].notna().to_numpy()
    family = np.array(found.scored["conductivity_s_cm"].records.family, dtype=object)
    garnet = family[found.records["conductivity_s_cm"]] == "garnet"
    named = {
        "all": repeated,
        "firing temperature known": repeated & fired,
        "garnets": repeated & garnet,
        "garnets, firing temperature known": repeated & garnet & fired,
    }
    return [scores.take(mask, name) for name, mask in named.items() if mask.any()]


def others_median(
    truth: FloatArray, groups: NDArray[np.object_], compositions: NDArray[np.object_]
) -> FloatArray:
    """Return, for each sample, what other papers found for its composition.

    Parameters
    ----------
    truth : array, shape (n,)
        Measured values.
    groups : array of str, shape (n,)
        Paper of each.
    compositions : array of str, shape (n,)
        Composition of each.

    Returns
    -------
    array, shape (n,)
        Median over the other papers, each with its own median; NaN where there is no other paper.
    """
    out = np.full(len(truth), np.nan)
    for composition in set(compositions.tolist()):
        rows = np.flatnonzero(compositions == composition)
        papers = {g: float(np.median(truth[rows[groups[rows] == g]])) for g in set(groups[rows])}
        for row in rows:
            others = [value for paper, value in papers.items() if paper != groups[row]]
            if others:
                out[row] = np.median(others)
    return out
