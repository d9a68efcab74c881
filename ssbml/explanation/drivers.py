"""Contributions of recipe fields to predictions.

The players of the game are recipe fields, not features: a coalition is a recipe in which the other
fields are blank and the other dopants are replaced by their host ion, and its value is what the
whole model answers to that recipe. Whatever lies between recipe and answer (derived features, one
model that feeds another, calibration, clipping) is therefore split over the fields, and the
contributions add up to the prediction by construction. The host comes first in every order
(asymmetric Shapley values, Frye et al., NeurIPS 33 (2020) 1229): its contribution is that of the
undoped composition, nothing else stated, against the average published sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.explanation.game import Plan, plan_for
from ssbml.explanation.outputs import evaluate
from ssbml.explanation.players import Roster, blank_table, recipes_of, roster_of
from ssbml.features.assemble import families_of
from ssbml.fields import FIELDS, RECIPE_FIELDS

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.request import TablePredictor

_MAX_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Split:
    """One prediction, split.

    Attributes
    ----------
    roster : Roster
        The drivers.
    start : array, shape (3,)
        Average published sample.
    host : array, shape (3,)
        Contribution of the undoped composition.
    contributions : array, shape (p, 3)
        Contribution of each player; columns in the order of `OUTPUTS`.
    prediction : array, shape (3,)
        ``start + host + contributions.sum(axis=0)``.
    """

    roster: Roster
    start: FloatArray
    host: FloatArray
    contributions: FloatArray
    prediction: FloatArray


def average_sample(predictor: TablePredictor, samples: pd.DataFrame) -> FloatArray:
    """Return the mean prediction of published recipes at 25 °C, the start of every explanation.

    Parameters
    ----------
    predictor : TablePredictor
        The model.
    samples : DataFrame
        Published samples.

    Returns
    -------
    array, shape (3,)
        In the units of `OUTPUTS`.
    """
    recipes = samples[list(RECIPE_FIELDS)].assign(temperature_c=np.nan)
    return np.asarray(evaluate(predictor, recipes).mean(axis=0), dtype=float)


def split_predictions(
    predictor: TablePredictor,
    table: pd.DataFrame,
    start: FloatArray,
    known: Mapping[str, Any] | None = None,
) -> list[Split]:
    """Split the predictions of recipes over what the recipes say.

    Parameters
    ----------
    predictor : TablePredictor
        The model.
    table : DataFrame
        n valid recipes.
    start : array, shape (3,)
        Average published sample.
    known : mapping, optional
        Measured outcomes as in `ssbml.predictor.Predictor.predict_table`.

    Returns
    -------
    list of Split
        Length n, in row order.
    """
    rosters = _rosters(table, known or {})
    plans = [plan_for(len(roster.players)) for roster in rosters]
    out: list[Split] = []
    for part in _parts([len(plan.masks) for plan in plans]):
        values = _coalition_values(predictor, [(rosters[i], plans[i]) for i in part])
        out += [
            _split(rosters[i], plans[i], worth, start)
            for i, worth in zip(part, values, strict=True)
        ]
    return out


def _rosters(table: pd.DataFrame, known: Mapping[str, Any]) -> list[Roster]:
    measured = [
        {name: cells[i] for name, cells in known.items() if cells is not None}
        for i in range(len(table))
    ]
    return [
        roster_of(recipe, family, outcome)
        for recipe, family, outcome in zip(
            recipes_of(table), families_of(table), measured, strict=True
        )
    ]


def _parts(sizes: list[int]) -> Iterator[list[int]]:
    """Group recipes so that each group asks for at most `_MAX_ROWS` coalitions."""
    part: list[int] = []
    rows = 0
    for i, size in enumerate(sizes):
        if part and rows + size > _MAX_ROWS:
            yield part
            part, rows = [], 0
        part.append(i)
        rows += size
    if part:
        yield part


def _coalition_values(
    predictor: TablePredictor, games: Sequence[tuple[Roster, Plan]]
) -> list[FloatArray]:
    """Ask for all coalitions of some recipes at once."""
    columns: dict[str, list[Any]] = {}
    known: dict[str, list[Any]] = {}
    total = 0
    for roster, plan in games:
        cells, measured = roster.tables(plan.masks)
        n = len(plan.masks)
        for target, source in ((columns, cells), (known, measured)):
            for name in target.keys() | source.keys():
                so_far = target.setdefault(name, [None] * total)
                so_far += source.get(name, [None] * n)
        total += n
    arrays = {
        name: np.array(cells, dtype=float) if FIELDS[name].kind == "number" else cells
        for name, cells in known.items()
    }
    values = evaluate(predictor, blank_table(columns, total), arrays or None)
    ends = np.cumsum([len(plan.masks) for _, plan in games])
    return [np.asarray(part, dtype=float) for part in np.split(values, ends[:-1])]


def _split(roster: Roster, plan: Plan, values: FloatArray, start: FloatArray) -> Split:
    return Split(roster, start, values[0] - start, plan.contributions(values), values[-1])
