"""Task (a): conductivity of our own table, whole papers held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ssbml.evaluation.peers.compositions import FAMILY, FRACTIONS, MAGPIE, MEDIAN, NEAREST
from ssbml.evaluation.peers.compositions import OBELIX_FORMULA as OBELIX
from ssbml.evaluation.peers.held_out import HeldOut
from ssbml.evaluation.peers.scores import BARE, OURS, Scores
from ssbml.evaluation.report import conductivity_subsets
from ssbml.evaluation.report_set import in_report_set

PREDICTORS = (OURS, BARE, OBELIX, MAGPIE, FRACTIONS, NEAREST, FAMILY, MEDIAN)
"""Predictors of the conductivity tasks on our own table."""

REPORT_SET = "report set"
"""Subset of the papers that no choice may see."""

_FEWEST = 20


def paper_scores(found: HeldOut) -> list[Scores]:
    """Return conductivity at 15-35 °C on unseen papers, for all and for each subset.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    list of Scores
        Families with fewer than 20 rows are left out.
    """
    scores = only(found.scores["conductivity_s_cm"], PREDICTORS)
    scored = found.scored["conductivity_s_cm"]
    records = found.records["conductivity_s_cm"]
    named = {
        name: mask[records]
        for name, mask in conductivity_subsets(found.table, scored).items()
        if name.startswith("15-35")
    }
    family = np.array(scored.records.family, dtype=object)[records]
    for label in sorted(set(family.tolist())):
        named[f"15-35 °C, family {label}"] = family == label
    named.update(report_masks(scores, named["15-35 °C, firing temperature known"]))
    return [scores.take(mask, name) for name, mask in named.items() if _enough(name, mask)]


def only(scores: Scores, predictors: tuple[str, ...]) -> Scores:
    """Return scores with the predictors named, in their order."""
    return replace(scores, predictions={name: scores.predictions[name] for name in predictors})


def report_masks(scores: Scores, fired: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """Return the rows of the report set, all and those with a known firing temperature."""
    inside = in_report_set(scores.groups)
    return {REPORT_SET: inside, f"{REPORT_SET}, firing temperature known": inside & fired}


def _enough(name: str, mask: NDArray[np.bool_]) -> bool:
    return int(mask.sum()) >= (_FEWEST if ", family " in name else 1)
