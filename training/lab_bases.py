"""Base models that have not seen a paper, for benchmarks that treat papers as laboratories.

Usage: python training/lab_bases.py CACHE [--data full] [--folds 6] [--deal 7]

Papers are dealt to folds; one model is fitted without each fold and kept in the folder CACHE.
Another DEAL is another draw of the folds, kept in a folder of its own in CACHE. The settings are
those of the shipped model with fewer and larger boosting steps and fewer inner folds, which takes a
quarter of the time.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ssbml.datasets.load import load_dataset
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor
from ssbml.splits import group_folds
from ssbml.training import settings_of

FOLDS = 6
SEED = 7


def reduced_settings() -> Settings:
    """Return the shipped settings with 200 boosting steps, 4 inner folds, smaller forests."""
    shipped = settings_of(None)
    sigma, purity, phase = shipped.conductivity, shipped.purity, shipped.phase
    return replace(
        shipped,
        folds=4,
        bound_rounds=1,
        conductivity=replace(
            sigma, boosting=replace(sigma.boosting, iterations=200, learning_rate=0.045)
        ),
        purity=replace(purity, forest=replace(purity.forest, trees=60)),
        phase=replace(phase, forest=replace(phase.forest, trees=15)),
    )


def folds_of(table: pd.DataFrame, n_folds: int = FOLDS, deal: int = SEED) -> NDArray[np.intp]:
    """Return the fold of each sample; a paper and its copies share one."""
    return group_folds(table["cv_group"].to_numpy(dtype=object), n_folds, deal)


def folder_of(cache: Path, deal: int) -> Path:
    """Return the folder of a deal's models."""
    return cache if deal == SEED else cache / f"deal-{deal}"


def base_of(cache: Path, table: pd.DataFrame, folds: NDArray[np.intp], fold: int) -> Predictor:
    """Return the model that has not seen a fold, fitted at the first call."""
    path = cache / f"base-{folds.max() + 1}-{fold}"
    if not path.is_dir():
        fit(table.loc[folds != fold], reduced_settings(), n_jobs=1).save(path)
    return Predictor.load(path)


def main() -> None:
    """Fit what is missing."""
    parser = argparse.ArgumentParser(description="Fit base models without each fold of papers.")
    parser.add_argument("cache", type=Path)
    parser.add_argument("--data", default="full")
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--deal", type=int, default=SEED, help="Draw of the folds.")
    arguments = parser.parse_args()
    table = load_dataset(arguments.data)
    folds = folds_of(table, arguments.folds, arguments.deal)
    cache = folder_of(arguments.cache, arguments.deal)
    for fold in range(arguments.folds):
        base_of(cache, table, folds, fold)
        print(f"fold {fold + 1} of {arguments.folds}", flush=True)


if __name__ == "__main__":
    main()
