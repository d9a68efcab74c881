"""What is written down about a version, and the check that nothing of it was altered."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from ssbml.errors import ModelError
from ssbml.fields import SCHEMA_VERSION
from ssbml.predictor import Predictor
from ssbml.store import MODEL_FILES, ModelFolder, folder_files
from ssbml.version import __version__
from ssbml.versions.rows import rows_to_csv

if TYPE_CHECKING:
    import pandas as pd

VERSION_FORMAT = 1
"""Version of the layout of a version folder.

To change it: keep the old reader, register it by number, and add a test that opens an old folder.
"""

RECORD = "version.json"
ROWS = "lab.csv"
MODEL = "model"
REPORTS = ("report.html", "report.json")
"""Reports that may be kept with a version."""

MODEL_PATHS = tuple(f"{MODEL}/{name}" for name in MODEL_FILES)
REQUIRED = (ROWS, *MODEL_PATHS)
"""Files of every version folder, beside its record."""

Status = Literal["promoted", "stored", "forced"]
STATUSES: tuple[Status, ...] = ("promoted", "stored", "forced")
LIBRARIES = ("numpy", "pandas", "scikit-learn", "lightgbm")
"""Libraries whose versions may change what a fit gives."""

_SELF = "record_sha256"


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be.

    Attributes
    ----------
    predictor : Predictor
        The model.
    lab : DataFrame
        Lab rows that it learned from, columns of ``FIELDS`` and ``LAB_FIELDS``.
    status : {"promoted", "stored", "forced"}
        What the gate decided; all but ``stored`` make the version the active one of its name.
    reason : str
        Why, in a sentence.
    parent : str
        Model that it started from, such as ``default`` or ``my-lab@2``.
    strategy : dict
        How it was made, in JSON: everything that a rebuild needs besides rows and settings;
        ``strategy["method"]`` names it.
    settings : dict
        Hyper-parameters of the fit.
    seed : int
        Random state.
    data : dict
        Base data: ``name`` and ``sha256``.
    metrics : dict
        Figures of the gate, in JSON.
    others : DataFrame, optional
        Columns of the lab file that are kept and ignored.
    reports : dict of str to bytes
        Files among ``REPORTS``.
    """

    predictor: Predictor
    lab: pd.DataFrame
    status: Status
    reason: str
    parent: str = "default"
    strategy: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    others: pd.DataFrame | None = None
    reports: Mapping[str, bytes] = field(default_factory=dict)


def draft_files(draft: Draft, name: str, number: int, created: str) -> dict[str, bytes]:
    """Return every file of a version folder by relative path.

    Parameters
    ----------
    draft : Draft
        What to store.
    name : str
        Model name.
    number : int
        Version.
    created : str
        Time, ISO 8601.

    Raises
    ------
    ModelError
        The status, a report name or a column of the rows is not allowed, or something cannot be
        written as JSON.
    """
    if draft.status not in STATUSES:
        raise ModelError(f"status {draft.status!r}: allowed are {', '.join(STATUSES)}")
    strange = sorted(set(draft.reports) - set(REPORTS))
    if strange:
        raise ModelError(f"reports may be called {', '.join(REPORTS)}, not {strange[0]!r}")
    model = draft.predictor
    folder = ModelFolder(*model.to_arrays(), model.manifest, model.card)
    files = {f"{MODEL}/{part}": data for part, data in folder_files(folder).items()}
    files[ROWS] = rows_to_csv(draft.lab, draft.others)
    files.update(draft.reports)
    record = {
        "format": VERSION_FORMAT,
        "schema": SCHEMA_VERSION,
        "name": name,
        "number": number,
        "created": created,
        "ssbml": __version__,
        "python": platform.python_version(),
        "libraries": library_versions(),
        "parent": draft.parent,
        "status": draft.status,
        "reason": draft.reason,
        "strategy": dict(draft.strategy),
        "settings": dict(draft.settings),
        "seed": draft.seed,
        "data": dict(draft.data),
        "metrics": dict(draft.metrics),
        "lab": {"rows": len(draft.lab), "sha256": sha256(files[ROWS])},
        "sha256": {path: sha256(data) for path, data in sorted(files.items())},
    }
    try:
        record[_SELF] = _self_hash(record)
        files[RECORD] = (json.dumps(record, indent=1, sort_keys=True) + "\n").encode("utf-8")
    except (TypeError, ValueError) as error:
        raise ModelError(f"the record of {name}@{number} is no JSON: {error}") from None
    return files


def read_record(data: bytes, where: str) -> dict[str, Any]:
    """Return a record whose own hash, format and list of files are right.

    Parameters
    ----------
    data : bytes
        Content of ``version.json``.
    where : str
        Version or file, for messages.

    Raises
    ------
    ModelError
        Damaged, altered, of another format, or it lists files that no version has.
    """
    try:
        record = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{RECORD} of {where} is damaged: {error}") from None
    if not isinstance(record, dict) or "format" not in record:
        raise ModelError(f"{RECORD} of {where} is damaged: it is no record of a version")
    if record["format"] != VERSION_FORMAT or record.get("schema") != SCHEMA_VERSION:
        raise ModelError(
            f"{where} was written by ssbml {str(record.get('ssbml'))[:20]} (version format "
            f"{str(record['format'])[:20]}, field table {str(record.get('schema'))[:20]}); ssbml "
            f"{__version__} reads format {VERSION_FORMAT}, field table {SCHEMA_VERSION}: update "
            "ssbml, or retrain from its lab.csv"
        )
    if record.get(_SELF) != _self_hash({k: v for k, v in record.items() if k != _SELF}):
        raise ModelError(f"{RECORD} of {where} was altered or cut short")
    files = record.get("sha256")
    if not isinstance(files, dict) or not set(REQUIRED) <= set(files) <= {*REQUIRED, *REPORTS}:
        raise ModelError(f"{RECORD} of {where} does not list the files of a version")
    return record


def library_versions() -> dict[str, str]:
    """Return the installed versions of the libraries that fit."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _self_hash(record: Mapping[str, Any]) -> str:
    return sha256(json.dumps(record, sort_keys=True, allow_nan=False).encode("utf-8"))
