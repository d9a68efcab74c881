"""Task (f): relative density and phase purity of our own table, whole papers held out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ssbml.evaluation.peers.compositions import FAMILY, MAGPIE, MEDIAN, NEAREST
from ssbml.evaluation.peers.held_out import (
    COLUMNS_FOREST,
    PROCESS_FOREST,
    PROCESS_NEAREST,
    HeldOut,
)
from ssbml.evaluation.peers.papers import only, report_masks
from ssbml.evaluation.peers.scores import BARE, OURS, Scores

PREDICTORS = (
    OURS, BARE, COLUMNS_FOREST, MAGPIE, PROCESS_FOREST, PROCESS_NEAREST, NEAREST, FAMILY, MEDIAN,
)  # fmt: skip
"""Predictors of both outcomes; for purity the medians are rates."""

_NAMES = {"relative_density_pct": "density", "phase_purity": "purity"}


def outcome_scores(found: HeldOut) -> list[Scores]:
    """Return relative density (points) and phase purity on unseen papers.

    Parameters
    ----------
    found : HeldOut
        From `ssbml.evaluation.peers.held_out.held_out`.

    Returns
    -------
    list of Scores
        Tasks ``density`` and ``purity``.
    """
    out = []
    for name, task in _NAMES.items():
        scores = replace(only(found.scores[name], PREDICTORS), task=task)
        fired = found.table["sintering_temp_c"].notna().to_numpy()[found.rows(name)]
        family = np.array(found.scored[name].records.family, dtype=object)[found.records[name]]
        named = {
            "all": np.ones(len(scores), dtype=bool),
            "firing temperature known": fired,
            "garnets": family == "garnet",
            **report_masks(scores, fired),
        }
        out += [scores.take(mask, label) for label, mask in named.items() if mask.any()]
    return out
