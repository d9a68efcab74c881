"""Candidate numbers to the tables of a screening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.fields import RECIPE_FIELDS
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS
from ssbml.screening.candidates import Candidates
from ssbml.screening.goals import Objective
from ssbml.screening.groups import groups_of

if TYPE_CHECKING:
    import pandas as pd


def predicted_table(
    candidates: Candidates,
    predictor: Predictor,
    numbers: NDArray[np.int64],
    scores: FloatArray,
    coverage: float,
) -> pd.DataFrame:
    """Return candidates with their recipe, predictions, notes and score.

    Parameters
    ----------
    candidates : Candidates
    predictor : Predictor
    numbers : int array, shape (n,)
        Candidate numbers; they become the index.
    scores : array, shape (n,)
        Their scores.
    coverage : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        The recipe columns that the space states, `PREDICTION_COLUMNS`, ``score``.
    """
    import pandas as pd

    table = candidates.table(numbers)
    predictions = (
        predictor.predict_table(table, coverage=coverage)
        if len(numbers)
        else pd.DataFrame({name: [] for name in PREDICTION_COLUMNS}, index=table.index)
    )
    ways = candidates.processes
    stated = {"formula", "family", *(n for n in ways.columns if ways[n].notna().any())}
    recipe = table[[name for name in RECIPE_FIELDS if name in stated]]
    predictions["notes"] = [
        "; ".join(filter(None, pair))
        for pair in zip(predictions["notes"], candidates.notes(numbers), strict=True)
    ]
    frame = pd.concat([recipe, predictions], axis=1).assign(score=scores)
    frame.index.name = "candidate"
    return frame


def with_rank(
    frame: pd.DataFrame, objectives: tuple[Objective, ...], on_front: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return a predicted table, best first, with ``rank``, ``group`` and ``pareto``.

    Parameters
    ----------
    frame : DataFrame
        Outcome of `predicted_table`, n rows.
    objectives : tuple of Objective
        What groups are told apart by.
    on_front : bool array, shape (n,)
        Whether a recipe lies on the Pareto front.
    """
    columns: dict[str, NDArray[Any]] = {name: frame[name].to_numpy() for name in PREDICTION_COLUMNS}
    ranked = frame.assign(group=groups_of(columns, objectives), pareto=on_front)
    ranked.insert(0, "rank", np.arange(1, len(frame) + 1))
    return ranked
