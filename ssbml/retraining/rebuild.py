"""Stored versions fitted again, by the method that their record names."""

from __future__ import annotations

from dataclasses import replace

from ssbml.datasets.load import load_dataset
from ssbml.errors import ModelError, SettingsError
from ssbml.fitting.records import samples_of
from ssbml.fitting.settings import settings_from_dict
from ssbml.predictor import Predictor
from ssbml.retraining.learning import PRIORS, as_json
from ssbml.retraining.literature import literature_from
from ssbml.retraining.refitting import Refits, refits_of
from ssbml.retraining.residuals import Lab, lab_of
from ssbml.retraining.retrain import METHOD
from ssbml.retraining.start import refitted
from ssbml.retraining.strategy import retrained
from ssbml.versions.rebuild import Rebuilder
from ssbml.versions.versions import Version


def learn_again(version: Version) -> Predictor:
    """Learn what a version learned again, on the base that its model holds.

    Trees that were fitted to lab rows are fitted again to the same data; the base's are not needed.

    Raises
    ------
    ModelError
        Its rows, model or strategy are damaged, it was learned with other priors, or the data that
        it was fitted to have changed.
    """
    strategy = version.record["strategy"]
    known = {key: as_json(PRIORS[key]) for key in strategy.get("terms", {}) if key in PRIORS}
    if not known or strategy.get("priors") != known:
        raise ModelError(f"{version.reference} was learned with priors that this ssbml lacks")
    base = replace(version.open(), correction=None)
    lab = lab_of(base, samples_of(version.rows()))
    refits = _refits(version, base, lab) if refitted(strategy) else None
    return retrained(base, lab.without(set(strategy["left_out"])), strategy["terms"], refits)


def _refits(version: Version, base: Predictor, lab: Lab) -> Refits:
    data = version.record["data"]
    try:
        settings = settings_from_dict(dict(version.record["settings"]))
        table = load_dataset(data["name"])
    except SettingsError as error:
        raise ModelError(f"the settings of {version.reference} cannot be used: {error}") from None
    literature = literature_from(base, table, settings, data["name"], data["sha256"])
    if not literature.whole:
        raise ModelError(
            f"{version.reference} was fitted to {data['samples']} rows of '{data['name']}' that "
            f"have changed since: there are {literature.samples} now, not the same; rebuild it "
            f"with ssbml {version.record['ssbml']}, or retrain"
        )
    return refits_of(base, literature, lab)


REBUILDERS: dict[str, Rebuilder] = {METHOD: learn_again}
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
