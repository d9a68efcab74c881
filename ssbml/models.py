"""Models by name: the shipped one, a version of one's own, or a folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ssbml.location import shipped
from ssbml.predictor import Predictor
from ssbml.versions.choice import in_use
from ssbml.versions.names import DEFAULT, parse_reference
from ssbml.versions.versions import get_version, version_names

__all__ = ["DEFAULT", "list_models", "load_model"]


def load_model(name: str | Path | None = None) -> Predictor:
    """Open a model.

    Parameters
    ----------
    name : str or Path, optional
        ``"default"`` (the shipped model), ``"my-lab"`` (the active version of a retrained model),
        ``"my-lab@3"`` (a version), or the folder of a saved model as a Path or a text with a
        slash. None means what ``ssbml models use`` chose, else the default.

    Returns
    -------
    Predictor
        Opened once per process for the shipped model and for stored versions.

    Raises
    ------
    ModelError
        No such model, none of its versions was promoted, or it cannot be opened or trusted.
    """
    if isinstance(name, Path) or (name is not None and ("/" in name or "\\" in name)):
        return Predictor.load(name)
    reference = in_use() if name is None else parse_reference(name)
    if reference.name == DEFAULT:
        return _shipped()
    version = get_version(reference)
    return _stored(version.path, version.record["record_sha256"])


def list_models() -> list[str]:
    """Return the names of the models that there are, the shipped one first."""
    return [DEFAULT, *version_names()]


@lru_cache(maxsize=1)
def _shipped() -> Predictor:
    return Predictor.load(shipped("models") / DEFAULT)


@lru_cache(maxsize=4)
def _stored(path: Path, record: str) -> Predictor:
    """Open a version; its record's hash keeps a folder that was replaced from being served."""
    from ssbml.versions.names import Reference

    return get_version(Reference(path.parent.name, int(path.name))).open()
