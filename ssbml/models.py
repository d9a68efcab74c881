"""Models by name: the shipped one, or a folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ssbml.errors import ModelError
from ssbml.location import shipped
from ssbml.predictor import Predictor
from ssbml.vocabulary import closest

DEFAULT = "default"
"""Name of the shipped model."""


def load_model(name: str | Path | None = None) -> Predictor:
    """Open a model.

    Parameters
    ----------
    name : str or Path, optional
        ``"default"`` (the shipped model), or the folder of a saved model as a Path or a text with
        a slash. None means the default.

    Returns
    -------
    Predictor
        Opened once per process for the shipped model.

    Raises
    ------
    ModelError
        No such model, or it cannot be opened or trusted.
    """
    if name is None or name == DEFAULT:
        return _shipped()
    if isinstance(name, Path) or "/" in name or "\\" in name:
        return Predictor.load(name)
    known = list_models()
    like = closest(name, known)
    raise ModelError(
        f"there is no model '{name}'; known are {', '.join(known)}"
        + (f" (did you mean {like}?)" if like else "")
    )


def list_models() -> list[str]:
    """Return the names of the models that `load_model` opens."""
    return [DEFAULT]


@lru_cache(maxsize=1)
def _shipped() -> Predictor:
    return Predictor.load(shipped("models") / DEFAULT)
