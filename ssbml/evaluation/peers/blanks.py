"""Task (h): how much the pattern of blanks gives away."""

from __future__ import annotations

from dataclasses import replace

from ssbml.evaluation.peers.compositions import FAMILY, MEDIAN
from ssbml.evaluation.peers.held_out import BLANKS, HeldOut
from ssbml.evaluation.peers.papers import only
from ssbml.evaluation.peers.scores import OURS, Scores

TASK = "blanks"
PREDICTORS = (OURS, BLANKS, FAMILY, MEDIAN)


def blank_scores(found: HeldOut) -> list[Scores]:
    """Return a forest that sees only which fields are blank beside the model and the medians.

    It knows nothing of chemistry and process; what it gains over the median is what papers give
    away by what they care to state, which a model must not live on.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    list of Scores
        One for each property.
    """
    return [
        replace(only(scores, PREDICTORS), task=TASK, subset=name)
        for name, scores in found.scores.items()
    ]
