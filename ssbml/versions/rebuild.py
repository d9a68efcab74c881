"""A version fitted again from its own folder, and how far it is from what was stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError
from ssbml.location import shipped
from ssbml.predictor import Predictor
from ssbml.versions.record import library_versions
from ssbml.versions.versions import Version

TOLERANCE = 1e-9
"""Largest relative difference of a prediction that counts as reproduced."""

Rebuilder = Callable[[Version], Predictor]
"""What fits a version again from its rows, settings, seed and strategy alone."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Outcome of a rebuild.

    Attributes
    ----------
    predictor : Predictor
        As fitted again.
    difference : float
        Largest relative difference of any predicted number.
    n_recipes : int
        Recipes compared: the lab rows, and the examples that travel with ssbml.
    libraries : dict of str to (str, str)
        Libraries whose version differs: then, now.
    """

    predictor: Predictor
    difference: float
    n_recipes: int
    libraries: dict[str, tuple[str, str]]

    @property
    def reproduced(self) -> bool:
        """Whether every predicted number agrees to `TOLERANCE`."""
        return self.difference <= TOLERANCE


def rebuild(version: Version, rebuilder: Rebuilder) -> Rebuilt:
    """Fit a version again and compare its predictions with those of the stored model.

    Parameters
    ----------
    version : Version
        Every file of it is checked.
    rebuilder : callable
        Gives the predictor from the version.

    Returns
    -------
    Rebuilt

    Raises
    ------
    ModelError
        The version is damaged, or the rebuilder cannot make one like it.
    """
    for name in version.record["sha256"]:
        version.read_file(name)
    stored, again = version.open(), rebuilder(version)
    difference, n = _difference(stored, again, version.rows())
    examples = shipped("datasets") / "examples" / "recipes.csv"
    if examples.is_file():
        found, more = _difference(stored, again, examples)
        difference, n = max(difference, found), n + more
    then = version.record.get("libraries", {})
    libraries = {
        name: (str(then.get(name, "unknown")), now)
        for name, now in library_versions().items()
        if then.get(name) != now
    }
    return Rebuilt(again, difference, n, libraries)


def _difference(stored: Predictor, again: Predictor, recipes: object) -> tuple[float, int]:
    """Return the largest relative difference of two models on recipes, and how many those are."""
    first, second = stored.predict(recipes), again.predict(recipes)
    words = [c for c in first.columns if first[c].dtype.kind not in "fiu"]
    if not first[words].equals(second[words]):
        return float("inf"), len(first)
    numbers = [c for c in first.columns if c not in words]
    a, b = first[numbers].to_numpy(dtype=float), second[numbers].to_numpy(dtype=float)
    if a.size == 0:
        raise ModelError("there are no recipes to compare a rebuilt model on")
    if not np.array_equal(np.isnan(a), np.isnan(b)):
        return float("inf"), len(first)
    return relative_difference(a, b), len(first)


def relative_difference(first: FloatArray, second: FloatArray) -> float:
    """Return the largest difference of two arrays over the larger of the two numbers.

    Parameters
    ----------
    first, second : arrays, equal shapes
        Blanks (NaN) at the same places, which count as equal.

    Returns
    -------
    float
        0 to 2; 0 where both are 0.
    """
    scale = np.maximum(np.abs(first), np.abs(second))
    known = scale > 0.0
    if not known.any():
        return 0.0
    return float(np.max(np.abs(first[known] / scale[known] - second[known] / scale[known])))
