"""``ssbml.train`` and ``ssbml.evaluate``: a data set to a model with a card, and honest figures."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.datasets.load import EMBEDDED, load_dataset, table_hash
from ssbml.evaluation.card import write_card
from ssbml.evaluation.nested import nested_scores
from ssbml.evaluation.report import Report, report_of
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings, load_settings
from ssbml.location import shipped
from ssbml.predictor import Predictor
from ssbml.version import __version__

if TYPE_CHECKING:
    import pandas as pd

_LIBRARIES = ("numpy", "pandas", "scikit-learn")
OUTER_FOLDS = 10
"""Folds of papers in `evaluate`."""

Progress = Callable[[str], None]


def train(
    settings: Settings | str | Path | None = None,
    *,
    data: str | pd.DataFrame | None = None,
    evaluate: bool = True,
    progress: Progress | None = None,
) -> Predictor:
    """Train a model.

    Parameters
    ----------
    settings : Settings, str or Path, optional
        Settings or a TOML file; those of the shipped model by default.
    data : str or DataFrame, optional
        Data set name or training table; the one named in the settings by default.
    evaluate : bool, default True
        Also cross-validate (minutes) and write the figures into the card and the manifest, for the
        embedded rows alone as well.
    progress : callable, optional
        Called with a short text after each step.

    Returns
    -------
    Predictor
        Reproducible: the same data, settings and library versions give the same model.

    Raises
    ------
    SettingsError
        The settings cannot be read.
    DataError
        The data cannot be had.
    """
    chosen = settings_of(settings)
    table = _table(chosen, data)
    predictor = fit(table, chosen, progress=progress)
    report, embedded = None, None
    if evaluate:
        report = report_of(table, nested_scores(table, chosen, OUTER_FOLDS, progress))
        embedded = _embedded_report(chosen, data, progress)
    manifest = {
        "ssbml": __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "settings": chosen.as_dict(),
        "data": {
            "name": _data_name(chosen, data),
            "samples": len(table),
            "papers": int(table["paper_key"].nunique()),
            "sha256": table_hash(table),
        },
        "metrics": report.as_dict() if report else None,
        "metrics_embedded": embedded.as_dict() if embedded else None,
    }
    card = write_card(table, predictor, manifest, report, embedded)
    return replace(predictor, manifest=manifest, card=card)


def evaluate(
    settings: Settings | str | Path | None = None,
    *,
    data: str | pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> Report:
    """Cross-validate with whole papers held out.

    Parameters
    ----------
    settings, data, progress
        As in `train`.

    Returns
    -------
    Report
        Tables of errors beside baselines, and of interval coverage, as DataFrames.

    Raises
    ------
    SettingsError, DataError
        As in `train`.
    """
    chosen = settings_of(settings)
    table = _table(chosen, data)
    return report_of(table, nested_scores(table, chosen, OUTER_FOLDS, progress))


def _embedded_report(settings: Settings, data: Any, progress: Progress | None) -> Report | None:
    """Return the figures of a model of the embedded rows alone; None when those are the data."""
    if _data_name(settings, data) == EMBEDDED or not isinstance(data, str | None):
        return None
    table = _table(settings, EMBEDDED)
    return report_of(table, nested_scores(table, settings, OUTER_FOLDS, progress))


def _data_name(settings: Settings, data: Any) -> str:
    if data is None:
        return settings.data
    return data if isinstance(data, str) else "a table handed in"


def settings_of(settings: Settings | str | Path | None) -> Settings:
    """Return settings as they are, from a TOML file, or those of the shipped model.

    Raises
    ------
    SettingsError
        The file cannot be read.
    """
    if isinstance(settings, Settings):
        return settings
    return load_settings(settings if settings is not None else shipped("training/default.toml"))


def _table(settings: Settings, data: Any) -> pd.DataFrame:
    if data is not None and not isinstance(data, str):
        table: pd.DataFrame = data
        return table
    return load_dataset(data or settings.data)
