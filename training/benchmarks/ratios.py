"""ssbml against matminer and scikit-learn on the same rows, in one run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from clock import Timing, timed
from rows import WAYS, different_recipes, screening
from sklearn.ensemble import RandomForestRegressor

import ssbml
from ssbml.chemistry.amounts import amounts_of
from ssbml.datasets.load import load_dataset
from ssbml.features.composition import magpie_features
from ssbml.features.matminer_magpie import matminer_features
from ssbml.features.process import process_features
from ssbml.predictor import Predictor
from ssbml.screening.stream import stream
from ssbml.tables.validate import validate

_TREES = 300
_TARGETS = ("sigma_unspecified_s_cm", "relative_density_pct", "phase_pure")

Ratio = tuple[str, Timing, Timing]
"""What is compared, the timing of matminer (and forests), that of ssbml."""


def _matminer(formulas: list[str]) -> np.ndarray:
    """Return Magpie features, a formula at a time as a list of recipes comes."""
    from matminer.featurizers.composition import ElementProperty
    from pymatgen.core.composition import Composition

    featurizer = ElementProperty.from_preset("magpie")
    featurizer.set_n_jobs(1)
    compositions = [Composition(f) for f in formulas]
    return np.array(featurizer.featurize_many(compositions, ignore_errors=False, pbar=False))


def _processing(table: pd.DataFrame) -> np.ndarray:
    values = process_features(table, ["garnet"] * len(table)).values
    return np.nan_to_num(values, nan=-1.0)


def forests() -> list[RandomForestRegressor]:
    """Return one forest of scikit-learn for each property, fitted to the embedded data."""
    data = load_dataset("literature")
    data = data[data["formula_basis"] != "placeholder"]
    X = np.hstack([matminer_features(data["formula"].tolist()), _processing(data)])
    fitted = []
    for name in _TARGETS:
        y = pd.to_numeric(data[name], errors="coerce").to_numpy(dtype=float)
        known = ~np.isnan(y)
        forest = RandomForestRegressor(_TREES, random_state=0, n_jobs=1)
        fitted.append(forest.fit(X[known], y[known]))
    return fitted


def ratios(model: Predictor, n_rows: int, table_rows: int) -> tuple[list[Ratio], float]:
    """Return timings of both on the same rows, and the largest difference of the features.

    The table of different formulas has ``table_rows`` rows for both; features and search space have
    ``n_rows``.
    """
    formulas = different_recipes(n_rows)["formula"].tolist()
    ours = magpie_features(amounts_of(formulas)).values
    theirs: list[np.ndarray] = []
    slow = timed(n_rows, lambda: theirs.append(_matminer(formulas)))
    fast = timed(n_rows, lambda: magpie_features(amounts_of(formulas)), repeats=7)
    difference = float(np.abs(ours - theirs[0]).max())
    found: list[Ratio] = [("132 Magpie features of formula strings", slow, fast)]
    trees = forests()

    def baseline(features: Callable[[], np.ndarray], rows: pd.DataFrame) -> None:
        X = np.hstack([features(), _processing(rows)])
        for forest in trees:
            forest.predict(X)

    recipes = different_recipes(table_rows)
    table = validate(recipes).table
    strings = recipes["formula"].tolist()
    ssbml.predict(recipes.head(500), model=model)
    found.append(
        (
            "table of different formula strings: three properties, intervals, domain, notes",
            timed(table_rows, lambda: baseline(lambda: _matminer(strings), table)),
            timed(table_rows, lambda: ssbml.predict(recipes, model=model), repeats=5),
        )
    )
    job = screening(model, n_rows)
    size = n_rows - n_rows % WAYS
    grid = validate(job.candidates.table(np.arange(size))).table
    names = grid["formula"].tolist()
    different = list(dict.fromkeys(names))
    stream(job, 0, size)
    fast = timed(size, lambda: stream(job, 0, size), repeats=5)
    found.append(
        (
            "search space: three properties, intervals, domain, ranking",
            timed(size, lambda: baseline(lambda: _matminer(names), grid)),
            fast,
        )
    )

    def once() -> np.ndarray:
        values = dict(zip(different, _matminer(different), strict=True))
        return np.array([values[name] for name in names])

    found.append(
        (
            "the same, matminer asked once a formula",
            timed(size, lambda: baseline(once, grid)),
            fast,
        )
    )
    return found, difference
