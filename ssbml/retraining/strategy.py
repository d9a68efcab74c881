"""What is learned of each property, and the predictor that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import LabCorrection, Term
from ssbml.predictor import Predictor
from ssbml.retraining.learning import (
    METHODS,
    PRIORS,
    enough_for_a_choice,
    group_means,
    learn,
    left_out_errors,
    widening_of,
)
from ssbml.retraining.refitting import REFITS, Refits, inner_folds
from ssbml.retraining.residuals import Lab, Residuals

OFFERED = (*METHODS, *REFITS)
"""Every method, the simplest first."""


def compared(lab: Lab, refits: Refits | None = None) -> dict[str, dict[str, float]]:
    """Return the error of each method on groups that were left out, by property.

    Without refits one group at a time is left out; with refits, which take seconds each, all
    methods are compared on the same few folds of groups. A property with too few values for a
    choice, and purity without refits, have nothing to compare: their offset is learned.

    Parameters
    ----------
    lab : Lab
        Rows to learn from.
    refits : Refits, optional
        Offers the methods of `REFITS`.
    """
    out: dict[str, dict[str, float]] = {}
    for key, found in lab.parts.items():
        if refits is not None and enough_for_a_choice(found):
            out[key] = inner_errors(key, found, refits)
        else:
            out[key] = {} if key == "purity" else left_out_errors(found, PRIORS[key])
    return out


def best_of_each(errors: Mapping[str, Mapping[str, float]]) -> dict[str, str]:
    """Return the method with the least error of each property, the simplest of equals."""
    return {
        key: min(found, key=lambda m: (round(found[m], 9), OFFERED.index(m)), default="offset")
        for key, found in errors.items()
    }


def chosen_methods(lab: Lab, refits: Refits | None = None) -> dict[str, str]:
    """Return what is learned of each property; see `compared`."""
    return best_of_each(compared(lab, refits))


def inner_errors(key: str, found: Residuals, refits: Refits) -> dict[str, float]:
    """Return the mean error of each method on folds of groups that it has not seen.

    Parameters
    ----------
    key : str
        Property.
    found : Residuals
        Values to learn from.
    refits : Refits
        Of the lab that they belong to.
    """
    kept = ("offset",) if key == "purity" else METHODS[1:]
    errors = {}
    for method in kept:
        misses = misses_of(key, found, _unseen_shift(key, method, found))
        errors[method] = float(group_means(found, misses).mean())
    for method in REFITS:
        unseen = refits.unseen(key, method, found)
        misses = misses_of(key, unseen, np.zeros(len(unseen)))
        errors[method] = float(group_means(unseen, misses).mean())
    return errors


def misses_of(key: str, found: Residuals, shift: FloatArray) -> FloatArray:
    """Return absolute errors after a shift, shape (n,); of purity those of the probability."""
    if key == "purity":
        return np.abs(found.truth - 1.0 / (1.0 + np.exp(-(found.point + shift))))
    return np.abs(found.error - shift)


def _unseen_shift(key: str, method: str, found: Residuals) -> FloatArray:
    folds = inner_folds(found)
    shift = np.empty(len(found))
    for fold in np.unique(folds):
        test = folds == fold
        term, places = learn(key, found.take(~test), method, PRIORS[key])
        shift[test] = term.shift(found.places[test], places)
    return shift


def retrained(
    base: Predictor,
    lab: Lab,
    methods: Mapping[str, str],
    refits: Refits | None = None,
    *,
    quick: bool = False,
) -> Predictor:
    """Return a base with what lab rows teach it.

    Parameters
    ----------
    base : Predictor
        Without a correction.
    lab : Lab
        Rows to learn from.
    methods : mapping of str to str
        What to learn of each property.
    refits : Refits, optional
        Needed by the methods of `REFITS`.
    quick : bool, default False
        Refit in fewer steps, for comparisons.

    Raises
    ------
    ValueError
        There is no such method.
    """
    terms, anchors = {}, {}
    model = base
    for key, method in methods.items():
        if key not in lab.parts:
            continue
        if method in REFITS and refits is not None:
            terms[key] = _refit_term(key, method, lab.parts[key], refits)
            fitted = refits.model(key, method, lab.parts[key].rows, quick=quick)
            model = replace(model, **{key: getattr(fitted, key)})
        elif method in METHODS:
            terms[key], places = learn(key, lab.parts[key], method, PRIORS[key])
            if len(places):
                anchors[key] = places
        else:
            raise ValueError(f"method {method!r}: known are {', '.join(OFFERED)}")
    return replace(model, correction=LabCorrection(lab.centre, anchors, terms))


def _refit_term(key: str, method: str, found: Residuals, refits: Refits) -> Term:
    """Return the term of a refit: no shift, intervals from rows that refits had not seen."""
    if key == "purity":
        return Term()
    unseen = refits.unseen(key, method, found)
    return Term(widening=widening_of("calibration", unseen, PRIORS[key]))
