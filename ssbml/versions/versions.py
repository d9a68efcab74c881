"""The versions of retrained models: added whole, opened checked, chosen by one pointer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import ModelError
from ssbml.predictor import Predictor
from ssbml.versions.durable import locked, sweep, write_tree, writing
from ssbml.versions.names import DEFAULT, Reference, folder_of, models_folder, parse_reference
from ssbml.versions.pointers import move_pointer, read_pointer
from ssbml.versions.record import MODEL, RECORD, ROWS, Draft, draft_files, read_record, sha256
from ssbml.versions.rows import rows_from_csv
from ssbml.vocabulary import closest

if TYPE_CHECKING:
    import pandas as pd

MAX_FILE_BYTES = 128 * 1024 * 1024
"""Largest file of a version that is read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version.

    Attributes
    ----------
    reference : Reference
        Name and number.
    path : Path
        Its folder; never changed.
    record : dict
        What ``version.json`` says, its hash checked.
    """

    reference: Reference
    path: Path
    record: dict[str, Any]

    def open(self) -> Predictor:
        """Return the model, every file checked against the record first.

        Raises
        ------
        ModelError
            A file is missing, altered or damaged.
        """
        self.read_file(f"{MODEL}/manifest.json")
        return Predictor.load(self.path / MODEL)

    def rows(self) -> pd.DataFrame:
        """Return the lab rows that it learned from, every field as a column.

        Raises
        ------
        ModelError
            The file is missing, altered or damaged.
        """
        return rows_from_csv(self.read_file(ROWS))

    def read_file(self, name: str) -> bytes:
        """Return one of its files, checked against the record.

        Raises
        ------
        ModelError
            It is missing, altered or not in the record.
        """
        expected = self.record["sha256"].get(name)
        if expected is None:
            raise ModelError(f"{self.reference} has no {name}")
        data = _bytes(self.path.joinpath(*name.split("/")))
        if sha256(data) != expected:
            raise ModelError(f"{name} of {self.reference} was altered or cut short")
        return data


def add_version(name: str, draft: Draft) -> Version:
    """Store a version, whole or not at all, and make it active unless it is only ``stored``.

    Parameters
    ----------
    name : str
        Model name.
    draft : Draft
        What to store.

    Returns
    -------
    Version
        With the next free number.

    Raises
    ------
    ModelError
        The name is not allowed, another writer does not finish, or the disk refuses; versions and
        pointer are then as before.
    """
    folder = folder_of(name)
    _refuse_lookalike(name)
    with locked(folder):
        sweep(folder)
        number = max(numbers_in(folder), default=0) + 1
        created = datetime.now(UTC).isoformat(timespec="seconds")
        store_files(folder / str(number), draft_files(draft, name, number, created))
        found = get_version(Reference(name, number))
        if draft.status != "stored":
            move_pointer(name, number)
    return found


def store_files(path: Path, files: dict[str, bytes]) -> None:
    """Write a version folder; the caller holds the lock.

    Raises
    ------
    ModelError
        The disk refuses; nothing was changed.
    """
    with writing(path.parent):
        write_tree(path, files)


def get_version(reference: Reference | str) -> Version:
    """Return a version by ``NAME`` (the active one) or ``NAME@3``.

    Raises
    ------
    ModelError
        There is no such model or version, none was promoted, or its record is damaged.
    """
    wanted = parse_reference(reference) if isinstance(reference, str) else reference
    if wanted.name == DEFAULT:
        raise ModelError(f"'{DEFAULT}' is the shipped model and has no versions")
    number = wanted.number or _active(wanted.name)
    folder = folder_of(wanted.name)
    known = numbers_in(folder)
    if number not in known:
        if not known:
            raise unknown_model(wanted.name)
        raise ModelError(f"{wanted.name} has no version {number}; {spoken(wanted.name, known)}")
    found = Reference(wanted.name, number)
    path = folder / str(number)
    return Version(found, path, read_record(_bytes(path / RECORD), str(found)))


def version_names() -> list[str]:
    """Return the names that have versions, sorted."""
    with suppress(OSError):
        return sorted(p.name for p in models_folder().iterdir() if _is_model(p))
    return []


def versions_of(name: str) -> list[Reference]:
    """Return the versions of a name, the oldest first.

    Raises
    ------
    ModelError
        There is no model of that name.
    """
    numbers = numbers_in(folder_of(name))
    if not numbers:
        raise unknown_model(name)
    return [Reference(name, number) for number in numbers]


def _active(name: str) -> int:
    numbers = numbers_in(folder_of(name))
    if not numbers:
        raise unknown_model(name)
    active = read_pointer(name).active
    if active is None:
        latest = numbers[-1]
        raise ModelError(
            f"no version of {name} was promoted; to use one all the same: "
            f"ssbml models use {name}@{latest}"
        )
    return active


def numbers_in(folder: Path) -> list[int]:
    """Return the numbers of the versions in the folder of a name, sorted."""
    with suppress(OSError):
        return sorted(_version_numbers(folder))
    return []


def _version_numbers(folder: Path) -> Iterator[int]:
    for path in folder.iterdir():
        if path.name.isascii() and path.name.isdigit() and path.name[0] != "0" and path.is_dir():
            yield int(path.name)


def _is_model(path: Path) -> bool:
    return path.is_dir() and bool(numbers_in(path))


def _refuse_lookalike(name: str) -> None:
    """Refuse a name that another file system could not tell from one that exists."""
    for known in version_names():
        if known != name and known.casefold() == name.casefold():
            raise ModelError(f"there is a model '{known}' already; write its name like that")


def unknown_model(name: str) -> ModelError:
    """Return the error for a name that has no versions, with the nearest that has."""
    known = [DEFAULT, *version_names()]
    like = closest(name, known)
    return ModelError(
        f"there is no model '{name}'; known are {', '.join(known)}"
        + (f" (did you mean {like}?)" if like else "")
    )


def spoken(name: str, numbers: list[int]) -> str:
    """Return the versions of a name in words, the latest five."""
    shown = ", ".join(f"{name}@{n}" for n in numbers[-5:])
    return f"stored: {'..., ' if len(numbers) > 5 else ''}{shown}"


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ModelError(f"cannot read {path}: {error.strerror}") from None
    if len(data) > MAX_FILE_BYTES:
        raise ModelError(f"{path} is larger than any file of a version")
    return data
