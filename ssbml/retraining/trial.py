"""How a base and what is learned on top of it do on lab rows that the learning has not seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.predictor import Predictor
from ssbml.retraining.refitting import Refits
from ssbml.retraining.residuals import MIN_GROUPS, Lab, Residuals, joined
from ssbml.retraining.strategy import chosen_methods, retrained
from ssbml.retraining.suspicion import suspicious_rows
from ssbml.splits import group_folds

MAX_FOLDS = 5
"""Most outer folds; with fewer groups each is held out once."""

TYPICAL_ERROR: dict[str, float] = {"conductivity": 0.6, "density": 0.45, "purity": 0.35}
"""Rounded mean error of the shipped model on papers it has not seen, in model units (purity as
probability): what makes errors of different properties comparable."""

MAX_SUSPICIOUS = 0.2
"""Share of suspicious rows above which no majority is left to trust."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Outer-fold answers for one property, in model units (purity as probability).

    Attributes
    ----------
    found : Residuals
        Lab values and the base's answers.
    before, after : arrays, shape (n,)
        Answers of the base and of the retrained model.
    error_before, error_after : arrays, shape (n,)
        Absolute errors.
    inside_before, inside_after : bool arrays, shape (n,)
        Whether the 90 % interval holds the value; all True for purity.
    """

    found: Residuals
    before: FloatArray
    after: FloatArray
    error_before: FloatArray
    error_after: FloatArray
    inside_before: NDArray[np.bool_]
    inside_after: NDArray[np.bool_]


def learnable(lab: Lab) -> tuple[Lab, dict[int, str]]:
    """Return the lab without its suspicious rows, and why these are left out.

    Where more than `MAX_SUSPICIOUS` of the rows are suspicious all are kept: it is then not known
    which half is right, and the gate refuses.
    """
    suspicious = suspicious_rows(lab)
    if len(suspicious) > MAX_SUSPICIOUS * len(lab.experiment):
        return lab, suspicious
    return lab.without(set(suspicious)), suspicious


def try_out(
    base: Predictor,
    lab: Lab,
    seed: int,
    progress: Callable[[str], None] | None = None,
    refits: Refits | None = None,
) -> dict[str, Trial]:
    """Predict every lab row from the others: suspicion, choice, fit and intervals repeated.

    Parameters
    ----------
    base : Predictor
        Without a correction.
    lab : Lab
        All rows, the suspicious ones included.
    seed : int
        Of the folds.
    progress : callable, optional
        Called after each fold.
    refits : Refits, optional
        Offers refits of the base as well.

    Returns
    -------
    dict of str to Trial
        Empty if there are fewer than three groups to hold out.
    """
    groups = lab.holdout
    n = len(np.unique(groups))
    if n < MIN_GROUPS:
        return {}
    folds = group_folds(groups.astype(str).astype(object), min(MAX_FOLDS, n), seed)
    answered: dict[str, list[Residuals]] = {key: [] for key in lab.parts}
    for fold in np.unique(folds):
        train, _ = learnable(lab.without(set(np.flatnonzero(folds == fold).tolist())))
        model = retrained(base, train, chosen_methods(train, refits), refits, quick=True)
        for key, found in lab.parts.items():
            unseen = found.take(folds[found.rows] == fold)
            if len(unseen):
                answered[key].append(lab.answered(model, key, unseen))
        if progress is not None:
            progress(f"fold {fold + 1}")
    return {key: _trial(key, found, joined(answered[key])) for key, found in lab.parts.items()}


def _trial(key: str, found: Residuals, after: Residuals) -> Trial:
    if key == "purity":
        before, now = (1.0 / (1.0 + np.exp(-part.point)) for part in (found, after))
        sure = np.ones(len(found), dtype=bool)
        errors = np.abs(found.truth - before), np.abs(found.truth - now)
        return Trial(found, before, now, *errors, sure, sure)
    inside = found.exceeds(0.0) <= 1.0, after.exceeds(0.0) <= 1.0
    return Trial(found, found.point, after.point, np.abs(found.error), np.abs(after.error), *inside)
