"""Figures of merit of every predictor, and what sets ours apart from each, as tidy rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.evaluation.peers.bootstrap import DRAWS, paired_bootstrap
from ssbml.evaluation.peers.scores import OURS, Scores, columns_of
from ssbml.metrics import auroc, brier_score, mean_absolute_error

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "task", "subset", "predictor", "samples", "papers", "metric", "value", "sd",
    "difference", "lower", "upper", "p_better",
)  # fmt: skip
"""Columns of the table of figures.

``sd`` is the standard deviation over seeds or folds. ``difference`` is the main figure of ours
minus that of the predictor, with its 95 % interval and the share of draws in which ours is better.
"""

MAIN = {"value": "MAE", "class": "accuracy", "probability": "Brier"}
"""The figure that predictors are compared by, for each kind of prediction."""

Metric = Callable[[FloatArray, FloatArray], float]
_SMALLEST = 1e-6


def figures_of(all_scores: Iterable[Scores], seed: int, draws: int = DRAWS) -> pd.DataFrame:
    """Return one row for each subset, predictor and figure.

    Parameters
    ----------
    all_scores : iterable of Scores
        Subsets without rows are left out.
    seed : int
        Random state of the bootstrap.
    draws : int, default 2000
        Bootstrap draws.

    Returns
    -------
    DataFrame
        `COLUMNS`.
    """
    import pandas as pd

    rows = [
        row
        for scores in all_scores
        if len(scores)
        for predictor in scores.predictions
        for row in _rows(scores, predictor, seed, draws)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(scores: Scores, predictor: str, seed: int, draws: int) -> list[dict[str, Any]]:
    head = {
        "task": scores.task,
        "subset": scores.subset,
        "predictor": predictor,
        "samples": len(scores),
        "papers": len(set(scores.groups.tolist())),
    }
    rows = []
    for name, metric in _metrics(scores).items():
        values = _values(scores, predictor, metric)
        spread = float(np.std(values)) if len(values) > 1 else float("nan")
        row = {**head, "metric": name, "value": float(np.mean(values)), "sd": spread}
        if name == MAIN[scores.kind]:
            row.update(_comparison(scores, predictor, seed, draws))
        rows.append(row)
    return rows


def _comparison(scores: Scores, predictor: str, seed: int, draws: int) -> dict[str, float]:
    if predictor == OURS or OURS not in scores.predictions:
        return {}
    paired = paired_bootstrap(
        scores.losses(OURS), scores.losses(predictor), scores.groups, seed, draws
    )
    sign = -1.0 if scores.kind == "class" else 1.0
    ends = sorted((sign * paired.lower, sign * paired.upper))
    return {
        "difference": sign * paired.difference,
        "lower": ends[0],
        "upper": ends[1],
        "p_better": paired.better,
    }


def _values(scores: Scores, predictor: str, metric: Metric) -> list[float]:
    """Return the figure of each column, or of each fold of each column."""
    prediction = columns_of(scores.predictions[predictor])
    if scores.folds is None:
        return [metric(scores.truth, column) for column in prediction.T]
    values = []
    for j, folds in enumerate(scores.folds.T):
        column = prediction[:, min(j, prediction.shape[1] - 1)]
        for fold in np.unique(folds):
            rows = folds == fold
            values.append(metric(scores.truth[rows], column[rows]))
    return values


def _metrics(scores: Scores) -> dict[str, Metric]:
    if scores.kind == "class":
        return {"accuracy": _accuracy, "MCC": _mcc}
    if scores.kind == "probability":
        return {"Brier": brier_score, "AUROC": auroc, "log loss": _log_loss}
    metrics: dict[str, Metric] = {
        "MAE": mean_absolute_error,
        "median error": lambda t, p: float(np.median(np.abs(t - p))),
        "RMSE": lambda t, p: float(np.sqrt(np.mean((t - p) ** 2))),
        "R2": _r2,
        "Spearman": _spearman,
    }
    if scores.threshold is None:
        return metrics
    limit = scores.threshold
    return {
        **metrics,
        "accuracy": lambda t, p: _accuracy(_above(t, limit), _above(p, limit)),
        "MCC": lambda t, p: _mcc(_above(t, limit), _above(p, limit)),
    }


def _above(values: FloatArray, limit: float) -> FloatArray:
    return (values >= limit).astype(float)


def _accuracy(truth: FloatArray, prediction: FloatArray) -> float:
    return float(np.mean(truth == prediction))


def _mcc(truth: FloatArray, prediction: FloatArray) -> float:
    """Return the Matthews correlation of two classes; 0 when one side is constant."""
    spread = truth.std() * prediction.std()
    if spread == 0:
        return 0.0
    return float(np.mean((truth - truth.mean()) * (prediction - prediction.mean())) / spread)


def _r2(truth: FloatArray, prediction: FloatArray) -> float:
    total = float(np.sum((truth - truth.mean()) ** 2))
    return 1.0 - float(np.sum((truth - prediction) ** 2)) / total if total > 0 else float("nan")


def _spearman(truth: FloatArray, prediction: FloatArray) -> float:
    """Return the rank correlation; NaN when one side is constant."""
    import pandas as pd

    first, second = (pd.Series(v).rank().to_numpy() for v in (truth, prediction))
    if first.std() == 0 or second.std() == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])


def _log_loss(outcome: FloatArray, probability: FloatArray) -> float:
    p = np.clip(probability, _SMALLEST, 1.0 - _SMALLEST)
    return float(-np.mean(outcome * np.log(p) + (1.0 - outcome) * np.log(1.0 - p)))
