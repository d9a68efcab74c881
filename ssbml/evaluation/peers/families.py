"""Task (b): a host family that the model has never seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.checks import room_temperature_log_sigma
from ssbml.evaluation.peers.compositions import composition_peers, formulas_of
from ssbml.evaluation.peers.ours import ask, fitted, room_temperature_targets, training_rows
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import BARE, OURS, Scores
from ssbml.features.assemble import families_of
from ssbml.fitting.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

TASK = "families"
FEWEST = 30
"""Families with fewer measured samples are never left out."""


def family_plan(table: pd.DataFrame, settings: Settings, fewest: int = FEWEST) -> Plan:
    """Plan to leave out one family at a time, with its papers and compositions.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.
    fewest : int, default 30
        Fewest measured samples of a family.
    """
    table = table.reset_index(drop=True)
    truth = np.array(room_temperature_log_sigma(table), dtype=np.float64)
    truth[(table["formula_basis"] == "placeholder").to_numpy(dtype=bool)] = np.nan
    family = np.array(families_of(table), dtype=object)
    measured = ~np.isnan(truth)
    labels = [
        label
        for label in sorted(set(family.tolist()))
        if (measured & (family == label)).sum() >= fewest
    ]
    jobs: list[Job] = []
    for label in labels:
        held, asked = family == label, measured & (family == label)
        jobs += [
            partial(_ours, table, held, asked, settings, True),
            partial(_ours, table, held, asked, settings, False),
            partial(_peers, table, held, asked, settings.seed),
        ]
    return Plan(jobs, partial(_collect, table, truth, family, labels))


def _ours(
    table: pd.DataFrame,
    held: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    settings: Settings,
    processing: bool,
) -> FloatArray:
    rows = training_rows(table, table.loc[held])
    predictor = fitted(rows, settings, processing=processing)
    return ask(predictor, table.loc[asked], processing=processing).point


def _peers(
    table: pd.DataFrame, held: NDArray[np.bool_], asked: NDArray[np.bool_], seed: int
) -> dict[str, FloatArray]:
    rows = training_rows(table, table.loc[held])
    target = room_temperature_targets(rows)
    known = formulas_of(rows["formula"].tolist(), target).take(~np.isnan(target))
    test = formulas_of(table.loc[asked, "formula"].tolist(), np.full(int(asked.sum()), np.nan))
    found = composition_peers(known, test, (seed,))
    return {name: column.reshape(-1) for name, column in found.items()}


def _collect(
    table: pd.DataFrame,
    truth: FloatArray,
    family: NDArray[np.object_],
    labels: list[str],
    results: list[Any],
) -> Findings:
    parts = []
    for i, label in enumerate(labels):
        ours, bare, peers = results[3 * i : 3 * i + 3]
        rows = ~np.isnan(truth) & (family == label)
        groups = table["cv_group"].to_numpy(dtype=object)[rows]
        predictions = {OURS: ours, BARE: bare, **peers}
        parts.append(Scores(TASK, label, "value", truth[rows], groups, predictions))
    if not parts:
        return Findings([])
    pooled = Scores(
        TASK,
        "all",
        "value",
        np.concatenate([p.truth for p in parts]),
        np.concatenate([p.groups for p in parts]),
        {
            name: np.concatenate([p.predictions[name] for p in parts])
            for name in parts[0].predictions
        },
    )
    return Findings([pooled, *parts])
