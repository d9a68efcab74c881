"""Put a neural network beside the benchmark suite without installing it here.

Roost, CrabNet and the like pin their own worlds, so they are trained in an environment of their
own. This script writes the rows that they may learn from and those that they must predict (the
official split of OBELiX; nothing but formula and log10 conductivity), and scores what comes back
on the same rows, with the paired bootstrap over papers.

Usage::

    python training/neural_peer.py export FOLDER
    python training/neural_peer.py score PREDICTIONS.csv [NAME]

``export`` writes ``train.csv`` (material_id, composition, target_bound, target_floor) and
``test.csv`` (material_id, composition). ``score`` reads material_id and prediction; without such a
file it says what is missing and stops without an error.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ssbml.cli.console import print_frame, progress_bar
from ssbml.datasets.load import load_dataset
from ssbml.errors import DataError
from ssbml.evaluation.peers.figures import figures_of
from ssbml.evaluation.peers.layout import subset_tables
from ssbml.evaluation.peers.obelix import obelix_plan, read_split
from ssbml.evaluation.peers.run import Runner
from ssbml.evaluation.peers.scores import Scores
from ssbml.training import settings_of

WHOLE = ("floor convention", "bound convention")
HOW = (
    "train it in an environment of its own on train.csv and predict test.csv of "
    "'python training/neural_peer.py export FOLDER'"
)


def export(folder: Path) -> None:
    data = read_split()
    rows = pd.DataFrame({"material_id": data["sample_id"], "composition": data["formula"]})
    train = ~data["test"].to_numpy(dtype=bool)
    folder.mkdir(parents=True, exist_ok=True)
    targets = {"target_bound": data["bound"], "target_floor": data["floor"]}
    rows.assign(**targets)[train].to_csv(folder / "train.csv", index=False)
    rows[~train].to_csv(folder / "test.csv", index=False)
    print(f"{train.sum()} rows to learn from and {(~train).sum()} to predict in {folder}")


def read_predictions(path: Path) -> pd.Series:
    if not path.is_file():
        raise DataError(f"skipped: there is no {path} from a neural network; {HOW}")
    table = pd.read_csv(path)
    if not {"material_id", "prediction"} <= set(table.columns):
        raise DataError(f"skipped: {path.name} needs the columns material_id and prediction")
    data = read_split()
    found = table.set_index("material_id")["prediction"].reindex(
        data.loc[data["test"], "sample_id"]
    )
    if found.isna().any():
        raise DataError(f"skipped: {path.name} lacks {int(found.isna().sum())} of the test rows")
    return found


def score(path: Path, name: str) -> None:
    prediction = read_predictions(path).to_numpy(dtype=float)
    settings = settings_of(None)
    plan = obelix_plan(load_dataset(settings.data), settings)
    found = plan.collect(Runner(bar=progress_bar).run(plan.jobs, "obelix"))
    whole = [with_peer(s, name, prediction) for s in found.scores if s.subset in WHOLE]
    for title, table in subset_tables(figures_of(whole, settings.seed)).items():
        print_frame(table, title)


def with_peer(scores: Scores, name: str, prediction: np.ndarray) -> Scores:
    return replace(scores, predictions={**scores.predictions, name: prediction})


def main(words: list[str]) -> int:
    try:
        match words:
            case ["export", folder]:
                export(Path(folder))
            case ["score", path, *name]:
                score(Path(path), " ".join(name) or "neural network")
            case _:
                print(__doc__)
                return 2
    except DataError as error:
        print(error)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
