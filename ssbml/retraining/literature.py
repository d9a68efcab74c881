"""The rows that a base was trained on, as records that it can be fitted to again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.load import EMBEDDED, load_dataset, table_hash
from ssbml.describe import count_missing, describers
from ssbml.errors import DataError, ModelError, SettingsError
from ssbml.features.context import as_total
from ssbml.fitting.bounds import bounded_targets
from ssbml.fitting.energy import at_reference, energy_records
from ssbml.fitting.records import (
    Records,
    Samples,
    conductivity_records,
    density_records,
    purity_records,
    samples_of,
)
from ssbml.fitting.settings import Settings, settings_from_dict
from ssbml.predictor import Predictor
from ssbml.splits import group_folds

if TYPE_CHECKING:
    import pandas as pd

_BOUND_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Literature:
    """Published rows, ready to be fitted to.

    Attributes
    ----------
    records : dict of str to Records
        ``conductivity`` (log10 S/cm at 25 °C, bounds as targets), ``density`` and ``purity``.
    describe : array, shape (n_samples, k)
        Describers of each sample (`ssbml.describe.describers`).
    settings : Settings
        Those that the base was fitted with.
    name, sha256 : str
        Data set, and hash of its rows.
    samples : int
        How many rows it has.
    whole : bool
        Whether these are the very rows that the base was trained on.
    """

    records: dict[str, Records]
    describe: FloatArray
    settings: Settings
    name: str
    sha256: str
    samples: int
    whole: bool

    def as_dict(self) -> dict[str, Any]:
        """Return which rows these are, for a manifest."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "samples": self.samples,
            "rows_of_the_base": self.whole,
        }


def literature_of(base: Predictor) -> Literature:
    """Return the rows that a base was trained on; the embedded ones if the others are out of reach.

    Parameters
    ----------
    base : Predictor
        Its manifest names the data and holds the settings.

    Raises
    ------
    ModelError
        The manifest does not say what the base was trained on.
    """
    stated = base.manifest.get("data") or {}
    name = stated.get("name")
    try:
        settings = settings_from_dict(dict(base.manifest["settings"]))
        if not isinstance(name, str):
            raise KeyError("data")
        table = load_dataset(name)
    except (KeyError, SettingsError) as error:
        raise ModelError(
            "the base cannot be fitted again: its manifest does not say how it was trained "
            f"({error})"
        ) from None
    except DataError:
        name, table = EMBEDDED, load_dataset(EMBEDDED)
    return literature_from(base, table, settings, name, stated.get("sha256"))


def literature_from(
    base: Predictor,
    table: pd.DataFrame,
    settings: Settings,
    name: str,
    expected: str | None = None,
) -> Literature:
    """Return a training table as `Literature`.

    Parameters
    ----------
    base : Predictor
        Gives activation energies of samples that have none, and the linear parts.
    table : DataFrame
        Samples with ``cv_group`` filled.
    settings : Settings
        Hyper-parameters.
    name : str
        Of the data set.
    expected : str, optional
        Hash of the rows that the base was trained on.
    """
    samples, sha256 = samples_of(table), table_hash(table)
    distance = base.domain.distance(samples.matrix, list(samples.family))
    records = {
        "conductivity": _bounded(at_25(base, samples), settings),
        "density": density_records(samples),
        "purity": purity_records(samples),
    }
    return Literature(
        records,
        describers(list(samples.family), distance, count_missing(samples.table)),
        settings,
        name,
        sha256,
        len(table),
        sha256 == expected,
    )


def at_25(base: Predictor, samples: Samples) -> Records:
    """Return conductivities brought to 25 °C, by a sample's own activation energy or the base's.

    Raises
    ------
    ModelError
        The base was made before activation energies were fitted.
    """
    if base.energy is None:
        raise ModelError("the base has no activation energy; train it again to refit it")
    energies = np.exp(base.energy.blend.predict(as_total(samples.matrix)))
    known = energy_records(samples)
    energies[known.rows] = np.exp(known.target)
    records = conductivity_records(samples)
    celsius = samples.table["temperature_c"].to_numpy(dtype=float)
    target, cool = at_reference(records, celsius, energies)
    return replace(records, target=target).take(cool)


def _bounded(records: Records, settings: Settings) -> Records:
    """Return records whose bounds have become targets (one round on a few folds)."""
    folds: NDArray[np.intp] = group_folds(records.group, _BOUND_FOLDS, settings.seed)
    target = bounded_targets(records, folds, settings.conductivity, 1, settings.seed, n_jobs=1)
    return replace(records, target=target)
