"""What changes the model store, on a small model: material of the crash test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ssbml.datasets.load import load_dataset
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings, settings_from_dict
from ssbml.lab.read import read_lab
from ssbml.predictor import Predictor
from ssbml.retraining.retrain import retrain
from ssbml.versions.choice import rollback, use
from ssbml.versions.exchange import export_version, import_version
from ssbml.versions.pointers import read_pointer
from ssbml.versions.record import Draft, Status
from ssbml.versions.versions import add_version

NAME = "lab"
THEIRS = "theirs"
RECIPES = ["Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"]
_FOREST = {"forest": {"trees": 3}, "boosting": {"weight": 0.0}}


@dataclass(frozen=True)
class Bench:
    """What the operations work with."""

    model: Predictor
    rows: pd.DataFrame
    archive: Path
    base: Path
    lab: Path


def tiny_settings() -> Settings:
    """Return settings that fit in about a second."""
    parts = ("conductivity", "density", "purity", "phase")
    return settings_from_dict({"folds": 2, "bound_rounds": 0, **dict.fromkeys(parts, _FOREST)})


def make_bench(folder: Path) -> Bench:
    """Fit a small model, read a lab file, and give the store three versions."""
    settings = tiny_settings()
    table = load_dataset("literature")
    told = ("relative_density_pct", "phase_pure", "phase_main", "sigma_total_s_cm")
    kept = [table.index[table[name].notna()][:60] for name in told]
    table = table.loc[kept[0].union(kept[1]).union(kept[2]).union(kept[3])]
    model = fit(table, settings, n_jobs=1)
    lab = folder / "lab.csv"
    lab.write_text(
        "formula,sintering_temp_c,sigma_total_s_cm,batch\n"
        + "".join(f"{RECIPES[0]},{1100 + i},{1 + i}e-4,B{i % 3}\n" for i in range(60)),
        encoding="utf-8",
    )
    rows = read_lab(lab, doubts=False).table
    model.save(folder / "base")
    bench = Bench(model, rows, folder / "lab.zip", folder / "base", lab)
    for _ in range(3):
        add_version(NAME, promoted(bench))
    return bench


def promoted(bench: Bench, status: Status = "promoted") -> Draft:
    """Return what a version is made of."""
    return Draft(bench.model, bench.rows, status, "crash test")


def _retrain(bench: Bench) -> None:
    retrain(bench.lab, name=NAME, base=str(bench.base), force=True)


def _rollback(_: Bench) -> None:
    rollback(NAME)


OPERATIONS: dict[str, Callable[[Bench], object]] = {
    "retrain": _retrain,
    "promote": lambda bench: add_version(NAME, promoted(bench)),
    "store": lambda bench: add_version(NAME, promoted(bench, "stored")),
    "rollback": _rollback,
    "use": lambda _: use(f"{NAME}@2"),
    "import": lambda bench: import_version(bench.archive, THEIRS),
}


def prepare(bench: Bench, name: str) -> None:
    """Give an operation something to do: a version to go back to, an archive that is new."""
    if name == "rollback" and not read_pointer(NAME).before:
        add_version(NAME, promoted(bench))
    if name == "import":
        export_version(add_version(NAME, promoted(bench, "stored")), bench.archive)
