"""A check of stored versions: every file, every pointer."""

from __future__ import annotations

from ssbml.errors import ModelError
from ssbml.versions.choice import in_use
from ssbml.versions.names import Reference
from ssbml.versions.pointers import read_pointer
from ssbml.versions.record import RECORD, ROWS
from ssbml.versions.versions import Version, get_version, version_names, versions_of


def version_problems(reference: Reference) -> list[str]:
    """Return what is wrong with a version; an empty list if nothing is.

    Every file is compared with its hash, the model is opened, and the lab rows are read.

    Parameters
    ----------
    reference : Reference
        Name and number.
    """
    try:
        version = get_version(reference)
    except ModelError as error:
        return [str(error)]
    problems = [
        *_attempt(version.open),
        *_rows(version),
        *(p for name in version.record["sha256"] for p in _attempt(version.read_file, name)),
    ]
    listed = {*version.record["sha256"], RECORD}
    found = (p for p in version.path.rglob("*") if not p.is_dir())
    problems += [
        f"{reference} holds {p.name}, which is not in its record"
        for p in found
        if p.relative_to(version.path).as_posix() not in listed
    ]
    return list(dict.fromkeys(problems))


def pointer_problems(name: str) -> list[str]:
    """Return what is wrong with the pointer of a name."""
    try:
        pointer = read_pointer(name)
        known = [r.number for r in versions_of(name)]
    except ModelError as error:
        return [str(error)]
    wanted = {n for n in (pointer.active, *pointer.before) if n is not None}
    return [f"{name}@{n} was active and is missing" for n in sorted(wanted - set(known))]


def store_problems(name: str | None = None) -> dict[str, list[str]]:
    """Return what is wrong with each version and pointer.

    Parameters
    ----------
    name : str, optional
        One model; all by default, and the choice of the model in use.

    Returns
    -------
    dict of str to list of str
        Version to its problems, an empty list for a sound one.

    Raises
    ------
    ModelError
        There is no model of that name.
    """
    found: dict[str, list[str]] = {}
    for model in [name] if name else version_names():
        for reference in versions_of(model):
            found[str(reference)] = version_problems(reference)
        if problems := pointer_problems(model):
            found[f"pointer of {model}"] = problems
    if name is None and (problems := _attempt(in_use)):
        found["model in use"] = problems
    return found


def _rows(version: Version) -> list[str]:
    try:
        n = len(version.rows())
    except ModelError as error:
        return [str(error)]
    stated = version.record["lab"]["rows"]
    return [f"{ROWS} of {version.reference} has {n} rows, not {stated}"] if n != stated else []


def _attempt(action: object, *arguments: object) -> list[str]:
    assert callable(action)
    try:
        action(*arguments)
    except ModelError as error:
        return [str(error)]
    return []
