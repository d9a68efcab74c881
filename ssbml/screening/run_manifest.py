"""What the predictions in a folder belong to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from ssbml.errors import TableError
from ssbml.screening.job import Job
from ssbml.tables.write import replaced
from ssbml.version import __version__

_NAME = "run.json"
_FORMAT = 1


def write_manifest(folder: Path, job: Job, size: int) -> None:
    """Write down space, model, coverage and length of a partition.

    Raises
    ------
    TableError
        The file cannot be written.
    """
    content = {**_identity(job), "partition": size, "ssbml": __version__}
    with replaced(folder / _NAME) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def partition_size(folder: Path, job: Job) -> int:
    """Return the length of the partitions in a folder that belongs to a job.

    The goals do not count: finished predictions may be ranked by other ones.

    Raises
    ------
    TableError
        The folder holds no run, or one of another space, model or coverage.
    """
    try:
        content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TableError(f"{folder} holds no run that could be continued") from None
    except (OSError, ValueError) as error:
        raise TableError(f"{folder / _NAME} cannot be read: {error}") from None
    for name, value in _identity(job).items():
        if content.get(name) != value:
            raise TableError(
                f"{folder} belongs to another {name} ({content.get(name)}, now {value}); name "
                "another folder"
            )
    return int(content["partition"])


def _identity(job: Job) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "candidates": len(job),
        "coverage": job.scorer.coverage,
        "space": _space_hash(job),
        "model": _model_hash(job),
    }


def _space_hash(job: Job) -> str:
    candidates = job.candidates
    digest = hashlib.sha256(candidates.family.encode())
    digest.update(np.ascontiguousarray(candidates.compositions).tobytes())
    digest.update("\n".join(candidates.formulas.tolist()).encode())
    digest.update(candidates.processes.to_csv(index=False).encode())
    if candidates.chosen is not None:
        digest.update(candidates.chosen.astype(np.int64).tobytes())
    return digest.hexdigest()[:16]


def _model_hash(job: Job) -> str:
    digest = hashlib.sha256()
    for arrays in job.predictor.to_arrays():
        for name in sorted(arrays):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()[:16]
