"""Models fitted by benchmarks, kept in a folder so that a second run need not fit them again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd

import ssbml
from ssbml.datasets.load import table_hash
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor

UNUSED_ROOMS = (
    "cli",
    "evaluation",
    "explanation",
    "physics",
    "practical",
    "report",
    "retraining",
    "screening",
)
"""Rooms of the package that no fit passes through; a change there leaves models as they are."""


def fitted(cache: Path | None, table: pd.DataFrame, settings: Settings, n_jobs: int) -> Predictor:
    """Return the model of a training table, fitted unless the cache holds it.

    Parameters
    ----------
    cache : Path or None
        Folder of models, each named by the hash of rows, settings and code; none is kept without.
    table : DataFrame
        Training table.
    settings : Settings
    n_jobs : int
        Processes and threads of a fit.
    """
    if cache is None:
        return fit(table, settings, n_jobs=n_jobs)
    path = cache / _name(table, settings)
    if not path.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        fit(table, settings, n_jobs=n_jobs).save(path)
    return Predictor.load(path)


def _name(table: pd.DataFrame, settings: Settings) -> str:
    digest = hashlib.sha256(table_hash(table).encode())
    digest.update(json.dumps(settings.as_dict(), sort_keys=True).encode())
    package = Path(ssbml.__file__).parent
    for source in sorted(package.rglob("*.py")):
        if source.relative_to(package).parts[0] not in UNUSED_ROOMS:
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
