"""Whole papers held out of our own table: the model, peers and rules on the same rows and folds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.evaluation.nested import Scored, nested_scores, outer_folds
from ssbml.evaluation.peers.compositions import (
    Centre,
    Formulas,
    composition_peers,
    formulas_of,
    nearest,
)
from ssbml.evaluation.peers.learners import forest
from ssbml.evaluation.peers.ours import KEPT_FIELDS
from ssbml.evaluation.peers.run import Runner
from ssbml.evaluation.peers.scores import BARE, OURS, Kind, Scores
from ssbml.evaluation.report import ROOM_C
from ssbml.features.process import making_names
from ssbml.fields import RECIPE_FIELDS
from ssbml.fitting.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

COLUMNS_FOREST = "forest on all columns"
PROCESS_FOREST = "forest on processing only"
PROCESS_NEAREST = "nearest composition and firing"
BLANKS = "forest on blanks only"

_KINDS: dict[str, Kind] = {
    "conductivity_s_cm": "value",
    "relative_density_pct": "value",
    "phase_purity": "probability",
}
_BASELINE_STEPS = 3


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Held-out predictions of our own table.

    Attributes
    ----------
    table : DataFrame
        The table, index from 0.
    scored : dict of str to Scored
        By property, as `ssbml.evaluation.nested.nested_scores` gives them.
    scores : dict of str to Scores
        Every predictor on the records of each property that are scored: no bounds, conductivities
        at 15-35 °C, conductivities and densities without placeholder formulas.
    records : dict of str to int array
        Which records of ``scored`` those are.
    """

    table: pd.DataFrame
    scored: dict[str, Scored]
    scores: dict[str, Scores]
    records: dict[str, NDArray[np.intp]]

    def rows(self, name: str) -> NDArray[np.intp]:
        """Return the position in the table of each row of ``scores[name]``."""
        return self.scored[name].records.rows[self.records[name]]


def held_out(
    table: pd.DataFrame,
    settings: Settings,
    n_folds: int,
    runner: Runner,
) -> HeldOut:
    """Predict our own table, whole papers held out, by the model and by every peer.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.
    n_folds : int
        Outer folds.
    runner : Runner
        Runs the jobs.

    Returns
    -------
    HeldOut
    """
    table = table.reset_index(drop=True)
    with runner.stage("whole papers held out", n_folds + _BASELINE_STEPS) as step:
        scored = nested_scores(table, settings, n_folds, step, runner.n_jobs)
    groups = table["cv_group"].to_numpy(dtype=object)
    folds = outer_folds(groups, settings, n_folds)
    room = _at_room_temperature(table)
    records, jobs, masks = {}, [], {}
    for name, found in scored.items():
        rows = found.records.rows
        usable = _usable(name, found, room)
        valued = usable & (found.records.bound == 0)
        records[name] = np.flatnonzero(valued)
        for fold in range(n_folds):
            test = valued & (folds[rows] == fold)
            masks[name, fold] = test[valued]
            if test.any():
                known = usable & (folds[rows] != fold)
                jobs.append(partial(_peers, name, table, found, known, test, settings.seed))
            else:
                jobs.append(partial(dict))
    answers = runner.run(jobs, "peers on the same folds")
    scores = {}
    for name, found in scored.items():
        mine = [
            (masks[key], part) for key, part in zip(masks, answers, strict=True) if key[0] == name
        ]
        scores[name] = _scores(name, found, records[name], mine)
    return HeldOut(table, scored, scores, records)


def _usable(name: str, found: Scored, room: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the records that peers learn from; a placeholder still has a phase."""
    if name == "phase_purity":
        return np.ones(len(found.records), dtype=bool)
    written = ~found.records.placeholder
    return written & room[found.records.rows] if name == "conductivity_s_cm" else written


def _at_room_temperature(table: pd.DataFrame) -> NDArray[np.bool_]:
    celsius = table["temperature_c"].to_numpy(dtype=float)
    room: NDArray[np.bool_] = np.isnan(celsius) | ((celsius >= ROOM_C[0]) & (celsius <= ROOM_C[1]))
    return room


def _scores(
    name: str,
    found: Scored,
    records: NDArray[np.intp],
    parts: list[tuple[NDArray[np.bool_], dict[str, FloatArray]]],
) -> Scores:
    predictions = {
        OURS: found.prediction[records],
        BARE: found.baselines["without processing"][records],
    }
    for mask, part in parts:
        for peer, prediction in part.items():
            column = predictions.setdefault(peer, np.full(len(records), np.nan))
            column[mask] = prediction
    return Scores(
        task="papers",
        subset="all",
        kind=_KINDS[name],
        truth=found.truth[records],
        groups=found.records.group[records],
        predictions=predictions,
    )


def _peers(
    name: str,
    table: pd.DataFrame,
    found: Scored,
    known: NDArray[np.bool_],
    test: NDArray[np.bool_],
    seed: int,
) -> dict[str, FloatArray]:
    """Return what every peer predicts for the records of a fold."""
    rows = found.records.rows
    formulas = formulas_of([table["formula"].iloc[i] for i in rows], found.truth)
    centre: Centre = np.mean if name == "phase_purity" else np.median
    out = composition_peers(formulas.take(known), formulas.take(test), (seed,), centre)
    out = {peer: column.reshape(-1) for peer, column in out.items()}
    y = found.truth
    seen = {BLANKS: _blanks(table)[rows]}
    if name != "conductivity_s_cm":
        matrix = found.records.matrix
        making = tuple(n for n in making_names() if n in matrix.names)
        seen |= {COLUMNS_FOREST: matrix.values, PROCESS_FOREST: matrix.select(making)}
        fired = _firing(table, formulas, rows, known)
        out[PROCESS_NEAREST] = nearest(fired[known], y[known], fired[test])
    for peer, X in seen.items():
        out[peer] = forest(X[known], y[known], X[test], seed)
    return out


def _blanks(table: pd.DataFrame) -> FloatArray:
    """Return 1 where a recipe field that says how a sample is made is blank."""
    names = [n for n in RECIPE_FIELDS if n in table.columns and n not in KEPT_FIELDS]
    return table[names].isna().to_numpy(dtype=float)


def _firing(
    table: pd.DataFrame, formulas: Formulas, rows: NDArray[np.intp], known: NDArray[np.bool_]
) -> FloatArray:
    """Return fractions, firing temperature in 1000 °C and log10 of the hours.

    Blanks become the median of the training records.
    """
    columns = [
        table["sintering_temp_c"].to_numpy(dtype=float)[rows] / 1000.0,
        np.log10(np.maximum(table["sintering_time_h"].to_numpy(dtype=float)[rows], 1e-2)),
    ]
    filled = []
    for column in columns:
        seen = column[known & ~np.isnan(column)]
        filled.append(np.where(np.isnan(column), np.median(seen) if len(seen) else 0.0, column))
    return np.column_stack([formulas.fractions, *filled])
