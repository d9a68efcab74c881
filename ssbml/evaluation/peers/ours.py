"""The model as its user would have it, fitted without what is held out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.checks import room_temperature_log_sigma
from ssbml.datasets.holdout import composition_keys, paper_names, without_samples
from ssbml.errors import DataError
from ssbml.fields import FIELDS, OUTCOME_FIELDS, RECIPE_FIELDS
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor

if TYPE_CHECKING:
    import pandas as pd

KEPT_FIELDS = ("formula", "formula_basis", "dopant_note", "family", "temperature_c")
"""Recipe fields that say what a sample is and how it is measured, not how it is made."""

POINT_FOLDS = 3
"""Inner folds of fits whose intervals are not looked at."""

INTERVAL_FOLDS = 5
"""Inner folds of the others, as in nested cross-validation."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says of n recipes.

    Attributes
    ----------
    point : array, shape (n,)
        log10 S/cm.
    intervals : dict of float to (array, array)
        Ends by coverage, log10 S/cm.
    in_domain : bool array, shape (n,)
        Whether the data support each.
    """

    point: FloatArray
    intervals: dict[float, tuple[FloatArray, FloatArray]]
    in_domain: NDArray[np.bool_]


def without_processing(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which nothing says how a sample was made.

    Parameters
    ----------
    table : DataFrame
        Samples or recipes; every recipe field but `KEPT_FIELDS` is blanked.
    """
    bare = table.copy()
    for name in RECIPE_FIELDS:
        if name in bare.columns and name not in KEPT_FIELDS:
            bare[name] = np.nan if bare[name].dtype.kind == "f" else None
    return bare


def training_rows(
    table: pd.DataFrame,
    held: pd.DataFrame,
    added: pd.DataFrame | None = None,
    *,
    doubled: bool = False,
) -> pd.DataFrame:
    """Return what the model may learn from when rows are held out.

    Parameters
    ----------
    table : DataFrame
        Everything there is.
    held : DataFrame
        Held-out samples: their papers, compositions and copies go, see
        `ssbml.datasets.holdout.without_samples`.
    added : DataFrame, optional
        Samples that the protocol of a task gives to every predictor, although they may share a
        paper or a composition with held-out ones.
    doubled : bool, default False
        Add those, too, that are still there.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    rows = without_samples(table, held)
    check_apart(rows, held)
    if added is None or added.empty:
        return rows
    there = {
        (paper, key)
        for papers, key in zip(paper_names(rows), composition_keys(rows["formula"]), strict=True)
        for paper in papers
    }
    new = [
        doubled or not any((paper, key) in there for paper in papers)
        for papers, key in zip(paper_names(added), composition_keys(added["formula"]), strict=True)
    ]
    extra = added.assign(cv_group=added["paper_key"]).loc[new]
    extra = extra[[c for c in rows.columns if c in extra.columns]].set_axis(
        [f"added:{i}" for i in range(sum(new))]
    )
    return pd.concat([rows, extra]) if len(extra) else rows


def with_their_conductivities(
    table: pd.DataFrame, held: pd.DataFrame, added: pd.DataFrame
) -> pd.DataFrame:
    """Return training rows whose conductivities are those that every predictor learns from.

    Parameters
    ----------
    table : DataFrame
        Everything there is: gives densities and phases only.
    held : DataFrame
        Held-out samples, as in `training_rows`.
    added : DataFrame
        Samples that the protocol of a task gives to every predictor.
    """
    silent = table.copy()
    silent[[name for name in OUTCOME_FIELDS if name.startswith("sigma_")]] = np.nan
    return training_rows(silent, held, added, doubled=True)


def room_temperature_targets(table: pd.DataFrame) -> FloatArray:
    """Return one log10 conductivity (S/cm) a sample for peers that know neither bounds nor kinds.

    Parameters
    ----------
    table : DataFrame
        Samples.

    Returns
    -------
    array, shape (n,)
        At 15-35 °C: total, else unspecified, else bulk, else the bound itself; NaN elsewhere and
        for placeholder formulas.
    """
    values = room_temperature_log_sigma(table)
    for name in ("sigma_max_s_cm", "sigma_min_s_cm"):
        bound = table.assign(sigma_total_s_cm=table[name])
        bound[["sigma_unspecified_s_cm", "sigma_bulk_s_cm"]] = np.nan
        values = values.fillna(room_temperature_log_sigma(bound))
    return np.asarray(values.where(table["formula_basis"] != "placeholder"), dtype=np.float64)


def check_apart(rows: pd.DataFrame, held: pd.DataFrame) -> None:
    """Raise unless training and held-out rows share no paper, composition or group.

    Raises
    ------
    DataError
        With what they share.
    """
    papers = set().union(*paper_names(rows)) & set().union(*paper_names(held))
    keys = set(composition_keys(rows["formula"])) & set(composition_keys(held["formula"]))
    groups = set(rows["cv_group"].dropna()) & set(held["cv_group"].dropna())
    shared = sorted(papers | keys | groups)
    if shared:
        raise DataError(f"training rows share {', '.join(shared[:3])} with held-out rows")


def fitted(
    rows: pd.DataFrame, settings: Settings, *, processing: bool = True, intervals: bool = False
) -> Predictor:
    """Fit the model.

    Parameters
    ----------
    rows : DataFrame
        Training samples.
    settings : Settings
        Hyper-parameters; without intervals fewer inner folds are enough.
    processing : bool, default True
        Whether the model may see how samples are made.
    intervals : bool, default False
        Whether intervals are going to be looked at.

    Returns
    -------
    Predictor
    """
    folds = INTERVAL_FOLDS if intervals else POINT_FOLDS
    settings = replace(settings, folds=min(settings.folds, folds))
    return fit(rows if processing else without_processing(rows), settings, n_jobs=1)


def ask(
    predictor: Predictor,
    recipes: pd.DataFrame,
    *,
    processing: bool = True,
    coverages: tuple[float, ...] = (),
    known: Mapping[str, Any] | None = None,
) -> Answer:
    """Ask a fitted model for conductivities.

    Parameters
    ----------
    predictor : Predictor
        From `fitted`.
    recipes : DataFrame
        n recipes; columns that are no recipe fields are not looked at.
    processing : bool, default True
        Whether the model may see how they are made.
    coverages : tuple of float
        Intervals to ask for.
    known : mapping, optional
        Measured outcomes, as for `ssbml.predictor.Predictor.predict_table`.

    Returns
    -------
    Answer
    """
    shown = recipes if processing else without_processing(recipes)
    shown = _recipes_of(shown)
    tables = {
        coverage: predictor.predict_table(shown, coverage=coverage, known=known)
        for coverage in coverages or (DEFAULT_COVERAGE,)
    }
    first = next(iter(tables.values()))
    return Answer(
        point=_log(first["conductivity_s_cm"]),
        intervals={
            coverage: (
                _log(table["conductivity_s_cm_lower"]),
                _log(table["conductivity_s_cm_upper"]),
            )
            for coverage, table in tables.items()
        },
        in_domain=first["in_domain"].to_numpy(dtype=bool),
    )


def _recipes_of(table: pd.DataFrame) -> pd.DataFrame:
    """Return every recipe field, blank where the table lacks it."""
    import pandas as pd

    blank = {
        name: np.full(len(table), np.nan)
        if FIELDS[name].kind == "number"
        else np.full(len(table), None, dtype=object)
        for name in RECIPE_FIELDS
    }
    there = {name: table[name] for name in RECIPE_FIELDS if name in table.columns}
    return pd.DataFrame({**blank, **there}, index=table.index)


def _log(values: pd.Series[float]) -> FloatArray:
    logs: FloatArray = np.log10(values.to_numpy(dtype=float))
    return logs
