"""Figures of merit."""

from __future__ import annotations

import numpy as np

from ssbml.chemistry.elements import FloatArray


def mean_absolute_error(truth: FloatArray, prediction: FloatArray) -> float:
    """Return the mean absolute error; NaN for no rows."""
    return float(np.mean(np.abs(truth - prediction))) if len(truth) else float("nan")


def coverage_of(truth: FloatArray, lower: FloatArray, upper: FloatArray) -> float:
    """Return the share of truths inside their intervals; NaN for no rows."""
    return float(np.mean((truth >= lower) & (truth <= upper))) if len(truth) else float("nan")


def brier_score(outcome: FloatArray, probability: FloatArray) -> float:
    """Return the mean squared difference of probability and outcome."""
    return float(np.mean((outcome - probability) ** 2)) if len(outcome) else float("nan")


def auroc(outcome: FloatArray, score: FloatArray) -> float:
    """Return the area under the ROC curve (ties count half); NaN without both classes."""
    positive, negative = score[outcome == 1], score[outcome == 0]
    if len(positive) == 0 or len(negative) == 0:
        return float("nan")
    gaps = positive[:, None] - negative[None, :]
    return float(np.mean((gaps > 0) + 0.5 * (gaps == 0)))
