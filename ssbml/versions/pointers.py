"""Which version of a name is active, and which model is used when none is named."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssbml.errors import ModelError
from ssbml.versions.durable import write_file, writing
from ssbml.versions.names import DEFAULT, Reference, folder_of, models_folder, parse_reference

_ACTIVE = "active.json"
_IN_USE = "in-use.json"
_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Pointer:
    """The active version of a name, and those that were active before.

    Attributes
    ----------
    active : int or None
        None while no version was promoted.
    before : tuple of int
        Earlier active versions, the oldest first.
    """

    active: int | None = None
    before: tuple[int, ...] = ()

    def moved(self, number: int) -> Pointer:
        """Return the pointer moved to a version."""
        if self.active is None or self.active == number:
            return Pointer(number, self.before)
        return Pointer(number, (*self.before, self.active))


def read_pointer(name: str) -> Pointer:
    """Return the pointer of a name.

    Raises
    ------
    ModelError
        The pointer file is damaged.
    """
    found = _read(folder_of(name) / _ACTIVE)
    if found is None:
        return Pointer()
    active, before = found.get("active"), found.get("before")
    if _is_number(active) and isinstance(before, list) and all(map(_is_number, before)):
        assert isinstance(active, int)
        return Pointer(active, tuple(before))
    raise _damaged(folder_of(name) / _ACTIVE, name)


def write_pointer(name: str, pointer: Pointer) -> None:
    """Replace the pointer of a name in one step; the caller holds the lock.

    Raises
    ------
    ModelError
        It cannot be written; the old pointer stands.
    """
    content = {"active": pointer.active, "before": list(pointer.before)}
    _write(folder_of(name) / _ACTIVE, content)


def move_pointer(name: str, number: int) -> None:
    """Make a version the active one; the caller holds the lock.

    A damaged pointer counts as none: its history is lost, the versions are not.

    Raises
    ------
    ModelError
        It cannot be written; the old pointer stands.
    """
    try:
        pointer = read_pointer(name)
    except ModelError:
        pointer = Pointer()
    write_pointer(name, pointer.moved(number))


def read_in_use() -> Reference:
    """Return the model that is meant when none is named.

    Raises
    ------
    ModelError
        The file that says so is damaged.
    """
    found = _read(models_folder() / _IN_USE)
    if found is None:
        return Reference(DEFAULT)
    text = found.get("model")
    if not isinstance(text, str):
        raise _damaged(models_folder() / _IN_USE, DEFAULT)
    return parse_reference(text)


def write_in_use(reference: Reference) -> None:
    """Choose the model that is meant when none is named.

    Raises
    ------
    ModelError
        It cannot be written; the old choice stands.
    """
    folder = models_folder()
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _IN_USE, {"model": str(reference)})


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from None
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _damaged(path, path.parent.name if path.name == _ACTIVE else DEFAULT)
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    with writing(path.parent):
        write_file(path, (json.dumps(content) + "\n").encode("utf-8"))


def _damaged(path: Path, name: str) -> ModelError:
    choice = name if name == DEFAULT else f"{name}@1"
    return ModelError(f"{path} is damaged; choose anew with 'ssbml models use {choice}'")
