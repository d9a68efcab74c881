"""How a base and what is learned on top of it do on lab rows that the learning has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import Term
from ssbml.retraining.learning import METHODS, PRIORS, choose, learn
from ssbml.retraining.residuals import MIN_GROUPS, Lab, Residuals
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
        Answers of the base and of the corrected model.
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


def chosen_methods(lab: Lab) -> dict[str, str]:
    """Return what is learned of each property, chosen on groups left out one at a time."""
    return {
        key: "offset" if key == "purity" else choose(found, PRIORS[key])
        for key, found in lab.parts.items()
    }


def learned(lab: Lab, methods: Mapping[str, str]) -> tuple[dict[str, Term], dict[str, FloatArray]]:
    """Return the terms and anchors of a lab, by property."""
    terms, anchors = {}, {}
    for key, method in methods.items():
        if method not in METHODS:
            raise ValueError(f"method {method!r}: known are {', '.join(METHODS)}")
        if key in lab.parts:
            terms[key], places = learn(key, lab.parts[key], method, PRIORS[key])
            if len(places):
                anchors[key] = places
    return terms, anchors


def try_out(lab: Lab, seed: int, progress: Callable[[str], None] | None = None) -> dict[str, Trial]:
    """Predict every lab row from the others: suspicion, choice, fit and intervals repeated.

    Parameters
    ----------
    lab : Lab
        All rows, the suspicious ones included.
    seed : int
        Of the folds.
    progress : callable, optional
        Called after each fold.

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
    after = {key: found.point.copy() for key, found in lab.parts.items()}
    widening = {key: np.ones(len(found)) for key, found in lab.parts.items()}
    for fold in np.unique(folds):
        train, _ = learnable(lab.without(set(np.flatnonzero(folds == fold).tolist())))
        terms, anchors = learned(train, chosen_methods(train))
        for key, term in terms.items():
            found = lab.parts[key]
            test = folds[found.rows] == fold
            places = anchors.get(key, found.places[:0])
            after[key][test] += term.shift(found.places[test], places)
            widening[key][test] = term.widening
        if progress is not None:
            progress(f"fold {fold + 1}")
    return {key: _trial(key, lab.parts[key], after[key], widening[key]) for key in lab.parts}


def _trial(key: str, found: Residuals, after: FloatArray, widening: FloatArray) -> Trial:
    if key == "purity":
        before, now = (1.0 / (1.0 + np.exp(-odds)) for odds in (found.point, after))
        sure = np.ones(len(found), dtype=bool)
        errors = np.abs(found.truth - before), np.abs(found.truth - now)
        return Trial(found, before, now, *errors, sure, sure)
    inside = found.exceeds(0.0) <= 1.0, found.exceeds(after - found.point) / widening <= 1.0
    errors = np.abs(found.error), np.abs(found.truth - after)
    return Trial(found, found.point, after, *errors, *inside)
