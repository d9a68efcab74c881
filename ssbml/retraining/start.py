"""The model that learning starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ssbml.models import DEFAULT, load_model
from ssbml.predictor import Predictor
from ssbml.retraining.refitting import REFITS
from ssbml.versions.names import parse_reference
from ssbml.versions.versions import get_version


def start_of(base: str) -> tuple[str, Predictor]:
    """Return the model that is learned from, and its name.

    A correction is taken off. A version whose trees were fitted to lab rows is passed over for the
    one that it started from.

    Parameters
    ----------
    base : str
        Name or folder.

    Raises
    ------
    ModelError
        There is no such model, or it cannot be opened.
    """
    model = load_model(base)
    if base != DEFAULT and "/" not in base and "\\" not in base:
        record = get_version(parse_reference(base)).record
        if refitted(record["strategy"]):
            return start_of(record["parent"])
    return base, replace(model, correction=None)


def refitted(strategy: Mapping[str, Any]) -> bool:
    """Return whether a recorded strategy fitted any property again."""
    return not REFITS.keys().isdisjoint(strategy.get("terms", {}).values())
