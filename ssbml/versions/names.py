"""Names of models and versions, and where they lie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ssbml.datasets.registry import HOME_VARIABLE, home_folder
from ssbml.errors import ModelError

DEFAULT = "default"
"""Name of the shipped model."""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A model name, and the number of a version if one is meant.

    Attributes
    ----------
    name : str
        Such as ``my-lab``.
    number : int or None
        Version, counted from 1; None for whichever is active.
    """

    name: str
    number: int | None = None

    def __str__(self) -> str:
        return self.name if self.number is None else f"{self.name}@{self.number}"


def models_folder() -> Path:
    """Return the folder of a user's own models (below ``SSBML_HOME``)."""
    return home_folder() / "models"


def parse_reference(text: str) -> Reference:
    """Return what ``NAME`` or ``NAME@3`` means.

    Raises
    ------
    ModelError
        The text is no model name.
    """
    name, at, number = text.partition("@")
    if at and not (number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10**8):
        raise ModelError(
            f"'{text}' is no version; write the name, @ and a number from 1, such as my-lab@3"
        )
    if name == DEFAULT:
        if at:
            raise ModelError(f"the shipped model '{DEFAULT}' has no versions; write {DEFAULT}")
        return Reference(DEFAULT)
    check_name(name)
    return Reference(name, int(number) if at else None)


def check_name(name: str) -> None:
    """Raise unless ``name`` can be the name of a user's model.

    Raises
    ------
    ModelError
        With what is allowed.
    """
    if name == DEFAULT:
        raise ModelError(f"'{DEFAULT}' is the shipped model; choose another name")
    if not _NAME.match(name) or name.endswith(".") or _RESERVED.match(name):
        raise ModelError(
            f"{name!r} is no model name: up to 64 letters, digits, '.', '_' and '-' are allowed, "
            "the first a letter or digit, such as my-lab"
        )


def folder_of(name: str) -> Path:
    """Return the folder of all versions of a name.

    Raises
    ------
    ModelError
        The name is not allowed.
    """
    check_name(name)
    return models_folder() / name


def where_to() -> str:
    """Return the advice for a folder that cannot be written to."""
    return f"free some space, or set {HOME_VARIABLE} to a folder that can be written to"
