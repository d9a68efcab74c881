"""Stored versions fitted again, by the method that their record names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ssbml.datasets.load import load_dataset
from ssbml.errors import ModelError, SettingsError
from ssbml.fitting.fit import fit
from ssbml.fitting.records import samples_of
from ssbml.fitting.settings import settings_from_dict
from ssbml.predictor import Predictor
from ssbml.retraining.learning import PRIORS, as_json
from ssbml.retraining.residuals import lab_of
from ssbml.retraining.retrain import METHOD, corrected
from ssbml.versions.rebuild import Rebuilder
from ssbml.versions.versions import Version

if TYPE_CHECKING:
    import pandas as pd

REFIT = "refit"
"""Method of a version that was fitted to base data and lab rows alike."""


def refit_table(rows: pd.DataFrame, data: str | None) -> pd.DataFrame:
    """Return base data and lab rows as one training table.

    Parameters
    ----------
    rows : DataFrame
        Lab rows with the columns of ``FIELDS``, ``cv_group`` filled.
    data : str or None
        Name of the base data set; None for the lab rows alone.

    Returns
    -------
    DataFrame
        Base rows first, index counted from 0.
    """
    import pandas as pd

    if data is None:
        return rows.reset_index(drop=True)
    base = load_dataset(data).reset_index()
    shared = [name for name in base.columns if name in rows.columns]
    filled = [table.dropna(axis=1, how="all") for table in (base, rows[shared])]
    joined = pd.concat(filled, ignore_index=True).reindex(columns=base.columns)
    return joined.astype(base.dtypes.to_dict())


def refit(version: Version) -> Predictor:
    """Fit a version of method ``refit`` again.

    Raises
    ------
    ModelError
        Its rows or settings are damaged.
    DataError
        The base data cannot be had.
    """
    try:
        settings = settings_from_dict(dict(version.record["settings"]))
    except SettingsError as error:
        raise ModelError(f"the settings of {version.reference} cannot be used: {error}") from None
    table = refit_table(version.rows(), version.record["data"].get("name"))
    return fit(table, settings)


def correct_again(version: Version) -> Predictor:
    """Learn the correction of a version again, on the base that its model holds.

    Raises
    ------
    ModelError
        Its rows, model or strategy are damaged, or it was learned with other priors.
    """
    strategy = version.record["strategy"]
    known = {key: as_json(PRIORS[key]) for key in strategy.get("terms", {}) if key in PRIORS}
    if not known or strategy.get("priors") != known:
        raise ModelError(f"{version.reference} was learned with priors that this ssbml lacks")
    stored = version.open()
    base = replace(stored, correction=None)
    lab = lab_of(base, samples_of(version.rows())).without(set(strategy["left_out"]))
    return corrected(base, lab, dict(strategy["terms"]))


REBUILDERS: dict[str, Rebuilder] = {REFIT: refit, METHOD: correct_again}
"""What fits a version again, by method."""


def rebuilder_of(version: Version) -> Rebuilder:
    """Return what fits a version again.

    Raises
    ------
    ModelError
        Its record names no method that this version of ssbml has.
    """
    method = version.record["strategy"].get("method")
    if method not in REBUILDERS:
        raise ModelError(
            f"{version.reference} was made by the method {str(method)[:40]!r}; known are "
            f"{', '.join(REBUILDERS)}"
        )
    return REBUILDERS[method]
