"""The partitions of a search space on a Dask cluster: one machine or many.

Retries, lost workers and scheduling are Dask's. A partition is a task described by two integers;
the model and the space are sent to each worker once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssbml.errors import SettingsError
from ssbml.screening.job import Job
from ssbml.screening.partitions import PARTITION, Partitions
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.stream import Progress, stream
from ssbml.workers import parts_of

if TYPE_CHECKING:
    from pathlib import Path

_RETRIES = 3


def stream_on_cluster(
    job: Job,
    scheduler: Any,
    *,
    partitions: Partitions | None = None,
    size: int = PARTITION,
    progress: Progress | None = None,
) -> Shortlist:
    """Predict candidates on a Dask cluster and return what is worth keeping.

    A partition whose worker is lost is computed again elsewhere, and no other. Equal to
    `ssbml.screening.stream.stream` in every bit.

    Parameters
    ----------
    job : Job
        Candidates, model and goals.
    scheduler : str or distributed.Client
        Address such as ``tcp://host:8786``, or a client.
    partitions : Partitions, optional
        A folder that all workers see, to hold all predictions; what is finished is not redone.
    size : int, default 2**20
        Candidates in a partition where there is no folder.
    progress : callable, optional
        Called with the number of recipes finished and the number of all.

    Returns
    -------
    Shortlist

    Raises
    ------
    SettingsError
        Dask is not installed, the scheduler cannot be reached, or a partition keeps losing its
        workers.
    TableError
        A file cannot be written or read.
    """
    try:
        import distributed
    except ImportError:
        raise SettingsError(
            "a scheduler needs Dask; install it with: pip install 'ssbml[dask]'"
        ) from None
    if not isinstance(scheduler, str):
        return _gather(scheduler, job, partitions, size, progress)
    try:
        make: Any = distributed.Client
        client = make(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise SettingsError(f"the scheduler {scheduler} cannot be reached: {error}") from None
    with client:
        return _gather(client, job, partitions, size, progress)


def _gather(
    client: Any, job: Job, partitions: Partitions | None, size: int, progress: Progress | None
) -> Shortlist:
    import distributed

    as_completed: Any = distributed.as_completed
    finished = set(partitions.finished()) if partitions is not None else set()
    folder = partitions.folder if partitions is not None else None
    size = partitions.size if partitions is not None else size
    ranges = [part for part in parts_of(0, len(job), size) if part not in finished]
    sent = client.scatter(job, broadcast=True, hash=False)
    futures = client.map(
        _one, *zip(*ranges, strict=True), job=sent, folder=folder, size=size, pure=False,
        retries=_RETRIES,
    ) if ranges else []  # fmt: skip
    found = [partitions.read(*part) for part in sorted(finished)] if partitions else []
    done = sum(stop - start for start, stop in finished)
    try:
        for future in as_completed(futures):
            found.append(future.result())
            done += found[-1].tally.seen
            if progress is not None:
                progress(done, len(job))
    except distributed.KilledWorker as error:
        raise SettingsError(f"the workers of the scheduler keep dying: {error}") from None
    finally:
        client.cancel(futures)
    total = found[0]
    for part in found[1:]:
        total = total.merge(part)
    return total


def _one(start: int, stop: int, job: Job, folder: Path | None, size: int) -> Shortlist:
    """Run one partition, on a worker."""
    if folder is None:
        return stream(job, start, stop, workers=1)
    partitions = Partitions(job, folder, size)
    if partitions.path(start, stop).is_file():
        return partitions.read(start, stop)
    return partitions.fill(start, stop, workers=1)
