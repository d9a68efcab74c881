"""Task (d): the 403 room-temperature compositions of the Liverpool Ionics Dataset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.liverpool import read_liverpool
from ssbml.datasets.unions import Unions
from ssbml.evaluation.peers.compositions import composition_peers, formulas_of
from ssbml.evaluation.peers.learners import paper_folds, stratified_folds
from ssbml.evaluation.peers.ours import (
    ask,
    fitted,
    training_rows,
    with_their_conductivities,
)
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import BARE, OURS, Scores
from ssbml.evaluation.report import ROOM_C
from ssbml.fitting.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

TASK = "liverpool"
ALONE = "ssbml, conductivities of these rows only"
GOOD = -4.0
"""log10 S/cm from which a composition counts as good: C. J. Hargreaves et al., npj Comput. Mater. 9
(2023) 9."""

FOLDS = 5
REPEATS = 5


@dataclass(frozen=True, slots=True)
class Compositions:
    """Distinct compositions with the rows that they come from.

    Attributes
    ----------
    rows : DataFrame
        Rows at room temperature.
    of_row : int array, shape (n_rows,)
        Composition of each row.
    formulas : list of str
        A formula of each composition, length n.
    target : array, shape (n,)
        Median log10 conductivity, S/cm.
    groups : array of str, shape (n,)
        Connected papers and compositions.
    """

    rows: pd.DataFrame
    of_row: NDArray[np.intp]
    formulas: list[str]
    target: FloatArray
    groups: NDArray[np.object_]

    def rows_of(self, mask: NDArray[np.bool_]) -> pd.DataFrame:
        """Return the rows of the compositions of a mask."""
        return self.rows.loc[mask[self.of_row]]


def read_compositions() -> Compositions:
    """Return the compositions measured at 15-35 °C, equal to 0.0001 in atomic fractions.

    Raises
    ------
    DataError
        The data set cannot be had.
    """
    samples, _ = read_liverpool()
    valued = samples["temperature_c"].between(*ROOM_C) & samples["sigma_unspecified_s_cm"].notna()
    rows = samples.loc[valued].reset_index(drop=True)
    keys = [composition_key(parse_formula(f)) for f in rows["formula"]]
    names, first, of_row = np.unique(keys, return_index=True, return_inverse=True)
    logs = np.log10(rows["sigma_unspecified_s_cm"].to_numpy(dtype=float))
    unions = Unions()
    for key, paper in zip(keys, rows["paper_key"], strict=True):
        unions.join(f"composition {key}", f"paper {paper}")
    return Compositions(
        rows,
        of_row,
        rows["formula"].iloc[first].tolist(),
        np.array([np.median(logs[of_row == i]) for i in range(len(names))]),
        np.array([unions.first(f"composition {key}") for key in names], dtype=object),
    )


def liverpool_plan(table: pd.DataFrame, settings: Settings, repeats: int = REPEATS) -> Plan:
    """Plan five times five stratified folds, and five folds of whole papers.

    Stratified folds put rows of one paper on both sides, as the published protocol does: every
    predictor learns from the other folds of these rows. What our table holds beyond them must share
    neither paper nor composition with the test fold. Folds of papers keep compositions apart too.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.
    repeats : int, default 5
        Repeats of the stratified folds.

    Raises
    ------
    DataError
        The data set cannot be had.
    """
    data = read_compositions()
    classes = (data.target >= GOOD).astype(float)
    stratified = [stratified_folds(classes, FOLDS, seed) for seed in range(repeats)]
    grouped = paper_folds(data.groups, FOLDS)
    jobs: list[Job] = []
    for folds in (*stratified, grouped):
        for fold in range(FOLDS):
            test = folds == fold
            jobs += [
                partial(_ours, table, data, test, settings, True),
                partial(_alone, table, data, test, settings),
                partial(_peers, data, test, settings.seed),
            ]
    jobs += [partial(_ours, table, data, grouped == fold, settings, False) for fold in range(FOLDS)]
    return Plan(jobs, partial(_collect, data, np.column_stack(stratified), grouped))


def _ours(
    table: pd.DataFrame,
    data: Compositions,
    test: NDArray[np.bool_],
    settings: Settings,
    processing: bool,
) -> FloatArray:
    rows = training_rows(table, data.rows_of(test), data.rows_of(~test))
    predictor = fitted(rows, settings, processing=processing)
    return ask(predictor, _asked(data, test), processing=processing).point


def _alone(
    table: pd.DataFrame, data: Compositions, test: NDArray[np.bool_], settings: Settings
) -> FloatArray:
    rows = with_their_conductivities(table, data.rows_of(test), data.rows_of(~test))
    return ask(fitted(rows, settings), _asked(data, test)).point


def _peers(data: Compositions, test: NDArray[np.bool_], seed: int) -> dict[str, FloatArray]:
    formulas = formulas_of(data.formulas, data.target)
    found = composition_peers(formulas.take(~test), formulas.take(test), (seed,))
    return {name: column.reshape(-1) for name, column in found.items()}


def _asked(data: Compositions, test: NDArray[np.bool_]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"formula": [data.formulas[i] for i in np.flatnonzero(test)]})


def _collect(
    data: Compositions,
    stratified: NDArray[np.intp],
    grouped: NDArray[np.intp],
    results: list[Any],
) -> Findings:
    per_fold = [results[i : i + 3] for i in range(0, len(results) - FOLDS, 3)]
    columns: list[dict[str, FloatArray]] = []
    for j, folds in enumerate([*stratified.T, grouped]):
        column: dict[str, FloatArray] = {}
        for fold in range(FOLDS):
            ours, alone, peers = per_fold[j * FOLDS + fold]
            for name, part in {OURS: ours, ALONE: alone, **peers}.items():
                column.setdefault(name, np.full(len(data.target), np.nan))[folds == fold] = part
        columns.append(column)
    bare = np.full(len(data.target), np.nan)
    for fold, part in enumerate(results[len(results) - FOLDS :]):
        bare[grouped == fold] = part
    *repeated, by_paper = columns
    return Findings(
        [
            Scores(
                TASK,
                "stratified",
                "value",
                data.target,
                data.groups,
                {n: np.column_stack([c[n] for c in repeated]) for n in by_paper},
                folds=stratified,
                threshold=GOOD,
            ),
            Scores(
                TASK,
                "grouped by paper",
                "value",
                data.target,
                data.groups,
                {OURS: by_paper[OURS], BARE: bare, **by_paper},
                folds=grouped[:, None],
                threshold=GOOD,
            ),
        ]
    )
