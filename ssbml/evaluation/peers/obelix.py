"""Task (c): the official test split of OBELiX, under every convention for its bounds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.compiled import plain_number, read_csv
from ssbml.datasets.obelix import obelix_split, read_obelix
from ssbml.datasets.registry import fetch
from ssbml.evaluation.peers.compositions import (
    MAGPIE,
    NEAREST,
    composition_peers,
    formulas_of,
)
from ssbml.evaluation.peers.coverage import Intervals
from ssbml.evaluation.peers.learners import obelix_forest
from ssbml.evaluation.peers.ours import (
    Answer,
    ask,
    fitted,
    room_temperature_targets,
    training_rows,
    with_their_conductivities,
)
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import BARE, OURS, Scores
from ssbml.fitting.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

TASK = "obelix"
SEEDS = 20
"""Random states of the forests."""

CRYSTAL_FOREST = "OBELiX forest, with space group and lattice"
FLOORED = "ssbml, bounds as 1e-15 in training"
ALONE = "ssbml, conductivities of OBELiX only"
OWN_ROWS = "on the rows of ssbml"

FLOOR_S_CM = 1e-15
"""What OBELiX writes for "<1E-10": F. Therrien et al., arXiv 2502.14234, ``data/processed.csv``."""

COVERAGES = (0.5, 0.8, 0.9)
_FILE = "obelix/processed.csv"
_SIGMA = "Ionic conductivity (S cm-1)"
_LATTICE = ("Space group number", "a", "b", "c", "alpha", "beta", "gamma")
_NO_STRUCTURE = "no match"


def obelix_plan(table: pd.DataFrame, settings: Settings, seeds: int = SEEDS) -> Plan:
    """Plan to predict the official test split from formulas.

    Nothing of the test rows reaches the model: no paper, no composition, no copy in another source.
    The peers learn from the official training rows, with the bound itself or 1e-15 S/cm as target.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.
    seeds : int, default 20
        Random states of the forests.

    Raises
    ------
    DataError
        OBELiX cannot be had.
    """
    data = read_split()
    states = tuple(range(seeds))
    jobs: list[Job] = [
        partial(_ours, table, data, settings, True),
        partial(_ours, table, data, settings, False),
        partial(_ours, with_floor(table), data, settings, True),
        partial(_alone, table, data, settings),
        partial(_on_our_rows, table, data, settings.seed),
        *(partial(_peers, data, data[target].to_numpy(), states) for target in ("bound", "floor")),
    ]
    return Plan(jobs, partial(_collect, data))


def read_split() -> pd.DataFrame:
    """Return the OBELiX samples with split, crystal data and both targets.

    Returns
    -------
    DataFrame
        The columns of `ssbml.datasets.obelix.read_obelix`; further ``test`` and ``structure``
        (bool), ``floor`` and ``bound`` (log10 S/cm), ``written`` (formula of the unit cell) and
        space group and lattice.

    Raises
    ------
    DataError
        OBELiX cannot be had.
    """
    samples, _ = read_obelix()
    split = obelix_split()
    records = {f"obelix:{r['ID'].strip()}": r for r in read_csv(fetch(_FILE), (_SIGMA, *_LATTICE))}
    cells = [records[name] for name in samples["sample_id"]]
    floor = np.log10([float(plain_number(r[_SIGMA])) for r in cells])
    limit = samples["sigma_max_s_cm"].to_numpy(dtype=float)
    return samples.assign(
        test=[split[name] == "test" for name in samples["sample_id"]],
        structure=[r["CIF"].strip().lower() != _NO_STRUCTURE for r in cells],
        written=[r["Composition"] for r in cells],
        floor=floor,
        bound=np.where(np.isnan(limit), floor, np.log10(limit)),
        **{name: [float(r[name]) for r in cells] for name in _LATTICE},
    )


def with_floor(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which every upper bound is a value of 1e-15 S/cm."""
    bounded = table["sigma_max_s_cm"].notna()
    out = table.copy()
    out.loc[bounded, "sigma_unspecified_s_cm"] = FLOOR_S_CM
    out.loc[bounded, "sigma_max_s_cm"] = np.nan
    return out


def _ours(table: pd.DataFrame, data: pd.DataFrame, settings: Settings, processing: bool) -> Answer:
    test = data.loc[data["test"]]
    rows = training_rows(table, test)
    predictor = fitted(rows, settings, processing=processing, intervals=True)
    return ask(predictor, test[["formula"]], processing=processing, coverages=COVERAGES)


def _alone(table: pd.DataFrame, data: pd.DataFrame, settings: Settings) -> FloatArray:
    train, test = data.loc[~data["test"]], data.loc[data["test"]]
    predictor = fitted(with_their_conductivities(table, test, train), settings)
    return ask(predictor, test[["formula"]]).point


def _on_our_rows(table: pd.DataFrame, data: pd.DataFrame, seed: int) -> dict[str, FloatArray]:
    test = data.loc[data["test"]]
    rows = training_rows(table, test)
    target = room_temperature_targets(rows)
    known = formulas_of(rows["formula"].tolist(), target).take(~np.isnan(target))
    asked = formulas_of(test["formula"].tolist(), test["bound"].to_numpy())
    found = composition_peers(known, asked, (seed,))
    return {f"{name} {OWN_ROWS}": found[name] for name in (MAGPIE, NEAREST)}


def _peers(data: pd.DataFrame, target: FloatArray, seeds: tuple[int, ...]) -> dict[str, FloatArray]:
    test = data["test"].to_numpy(dtype=bool)
    formulas = formulas_of(data["formula"].tolist(), target)
    cell = formulas_of(data["written"].tolist(), target).amounts
    crystal = np.column_stack([cell[:, (cell > 0).any(axis=0)], data[list(_LATTICE)].to_numpy()])
    forests = [obelix_forest(crystal[~test], target[~test], crystal[test], s) for s in seeds]
    return {
        CRYSTAL_FOREST: np.column_stack(forests),
        **composition_peers(formulas.take(~test), formulas.take(test), seeds),
    }


def _collect(data: pd.DataFrame, results: list[Any]) -> Findings:
    ours, bare, floored, alone, own_rows, on_bound, on_floor = results
    test = data.loc[data["test"]]
    groups = test["paper_key"].to_numpy(dtype=object)
    models = {OURS: ours.point, BARE: bare.point, ALONE: alone}
    bound = Scores(
        TASK,
        "bound convention",
        "value",
        test["bound"].to_numpy(),
        groups,
        {**models, **own_rows, **on_bound},
    )
    floor = Scores(
        TASK,
        "floor convention",
        "value",
        test["floor"].to_numpy(),
        groups,
        {**models, FLOORED: floored.point, **on_floor},
    )
    valued = test["sigma_max_s_cm"].isna().to_numpy()
    structure = test["structure"].to_numpy(dtype=bool)
    inside: NDArray[np.bool_] = ours.in_domain
    scores = [
        floor,
        bound,
        bound.take(valued, "values only"),
        floor.take(structure, "floor convention, structure known"),
        bound.take(inside, "bound convention, in domain"),
        bound.take(~inside, "bound convention, out of domain"),
    ]
    intervals = Intervals(bound.truth, ours.point, ours.intervals, groups)
    return Findings(scores, intervals.rows(TASK, "values only", valued))
