"""Task (e): which doped LLZO garnets conduct better than the median of their kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import is_missing
from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.compiled import joined, read_csv
from ssbml.datasets.doi import read_paper
from ssbml.datasets.garnets import site_formula
from ssbml.datasets.registry import fetch, public_files
from ssbml.datasets.report import Rejects, finish
from ssbml.errors import DataError
from ssbml.evaluation.peers.learners import (
    classes_forest,
    forest,
    garnet_forest,
    paper_folds,
    support_vectors,
)
from ssbml.evaluation.peers.ours import ask, fitted, training_rows
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.run import Job
from ssbml.evaluation.peers.scores import BARE, OURS, Scores
from ssbml.fitting.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

TASK = "doped garnets"
UNKNOWN_PAPERS = "ssbml, none of these papers seen"
TUNED = "forest of Adhyatma"
FOREST = "forest"
VECTORS = "support vectors"
MAJORITY = "majority"
MEAN = "mean"

GOOD = -3.5727
"""log10 S/cm that splits the 176 rows in halves; ``good_cond`` of the data set."""

FOLDS = 10
_FILE = "llzo_garnets/llzo_dataset_clean.csv"
_ROWS = 176
_DENSITY = "rel_dens_%"
_INPUTS = (
    "li_sto", "la_sto", "zr_sto", "li_dop_sto", "la_dop_sto", "zr_dop_sto",
    "li_dop_ionicrad", "la_dop_ionicrad", "zr_dop_ionicrad",
    "li_dop_enev", "la_dop_enev", "zr_dop_enev",
)  # fmt: skip
_TEXTS = ("li_dopant", "la_dopant", "zr_dopant")
_REGIMES = ("with measured density", "before sintering")


def garnet_plan(table: pd.DataFrame, settings: Settings) -> Plan:
    """Plan to classify the garnets of known density, ten folds of whole papers.

    Both regimes are asked of the same models: with the measured density handed over, and without.
    The model learns from our table without the papers, compositions and copies of the test fold and
    from the other folds; once more it learns without any of these papers and compositions.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.

    Raises
    ------
    DataError
        The data set cannot be had.
    """
    data = read_classes()
    folds = paper_folds(_groups(data, table), FOLDS)
    everything = np.ones(len(data), dtype=bool)
    jobs: list[Job] = [
        partial(_ours, table, data, everything, settings, True),
        partial(_ours, table, data, everything, settings, False),
    ]
    for fold in range(FOLDS):
        jobs += [
            partial(_ours, table, data, folds == fold, settings, True),
            partial(_peers, data, folds == fold, settings.seed),
        ]
    return Plan(jobs, partial(_collect, data, folds))


def read_classes() -> pd.DataFrame:
    """Return the doped garnets whose density is known.

    Returns
    -------
    DataFrame
        Every field of `ssbml.fields.FIELDS`; further the inputs of the published classifiers and
        ``good`` (0 or 1).

    Raises
    ------
    DataError
        The file cannot be had, or a row of it cannot be read.
    """
    import pandas as pd

    wanted = ("source", "conductivity", "good_cond", _DENSITY, *_INPUTS, *_TEXTS)
    records = read_csv(fetch(_FILE), wanted)[:_ROWS]
    records = [record for record in records if not is_missing(record[_DENSITY].strip())]
    rejects = Rejects()
    table, _ = finish("llzo_garnets", [_row(i, r) for i, r in enumerate(records)], rejects)
    if len(rejects):
        raise DataError(f"{_FILE}: {len(rejects)} rows cannot be read; fetch it again")
    numbers = {name: [float(r[name]) for r in records] for name in (_DENSITY, *_INPUTS)}
    good = [float(r["good_cond"]) for r in records]
    return pd.concat([table, pd.DataFrame({**numbers, "good": good})], axis=1)


def _row(position: int, record: dict[str, str]) -> dict[str, Any]:
    paper = read_paper(record["source"])
    cells = {name: None if is_missing(cell) else cell for name, cell in record.items()}
    return {
        "formula": site_formula(cells),
        "family": "garnet",
        "sigma_unspecified_s_cm": record["conductivity"],
        "relative_density_pct": record[_DENSITY],
        "sample_id": f"garnet class:{position}",
        "source": "llzo_garnets",
        "doi": paper.doi,
        "other_dois": joined(paper.others),
        "url": public_files()[_FILE].url,
        "paper_key": paper.key(public_files()[_FILE].url),
    }


def _groups(data: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.object_]:
    """Return the paper of each row, by the name that joins it with its copies in our table."""
    known = dict(zip(table["paper_key"], table["cv_group"], strict=True))
    return np.array([known.get(key, key) for key in data["paper_key"]], dtype=object)


def _ours(
    table: pd.DataFrame,
    data: pd.DataFrame,
    test: NDArray[np.bool_],
    settings: Settings,
    processing: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return points with the measured density handed over, and without."""
    rows = training_rows(table, data.loc[test], data.loc[~test])
    predictor = fitted(rows, settings, processing=processing)
    asked = data.loc[test, ["formula"]]
    density = {"relative_density_pct": data.loc[test, _DENSITY].to_numpy(dtype=float)}
    return (
        ask(predictor, asked, processing=processing, known=density).point,
        ask(predictor, asked, processing=processing).point,
    )


def _peers(data: pd.DataFrame, test: NDArray[np.bool_], seed: int) -> list[dict[str, FloatArray]]:
    """Return the classes, and the log10 conductivity of a forest, in both regimes."""
    good = data["good"].to_numpy(dtype=float)
    sigma = np.log10(data["sigma_unspecified_s_cm"].to_numpy(dtype=float))
    out = []
    for inputs in ((*_INPUTS, _DENSITY), _INPUTS):
        X = data[list(inputs)].to_numpy(dtype=float)
        known, y, asked = X[~test], good[~test], X[test]
        out.append(
            {
                TUNED: garnet_forest(known, y, asked, seed),
                FOREST: classes_forest(known, y, asked, seed),
                VECTORS: support_vectors(known, y, asked),
                MAJORITY: np.full(len(asked), float(np.median(y) >= 0.5)),
                "sigma": forest(known, sigma[~test], asked, seed),
                MEAN: np.full(len(asked), sigma[~test].mean()),
            }
        )
    return out


def _collect(data: pd.DataFrame, folds: NDArray[np.intp], results: list[Any]) -> Findings:
    unseen, bare, *per_fold = results
    good = data["good"].to_numpy(dtype=float)
    sigma = np.log10(data["sigma_unspecified_s_cm"].to_numpy(dtype=float))
    groups = data["paper_key"].to_numpy(dtype=object)
    scores = []
    for regime, subset in enumerate(_REGIMES):
        columns: dict[str, FloatArray] = {}
        for fold in range(FOLDS):
            ours, peers = per_fold[2 * fold : 2 * fold + 2]
            for name, part in {OURS: ours[regime], **peers[regime]}.items():
                columns.setdefault(name, np.full(len(good), np.nan))[folds == fold] = part
        models = {OURS: columns[OURS], UNKNOWN_PAPERS: unseen[regime], BARE: bare[regime]}
        classes = {name: (point >= GOOD).astype(float) for name, point in models.items()}
        classes.update({n: columns[n] for n in (TUNED, FOREST, VECTORS, MAJORITY)})
        values = {**models, FOREST: columns["sigma"], MEAN: columns[MEAN]}
        scores += [
            Scores(TASK, subset, "class", good, groups, classes),
            Scores(TASK, f"{subset}, log10 S/cm", "value", sigma, groups, values),
        ]
    return Findings(scores)
