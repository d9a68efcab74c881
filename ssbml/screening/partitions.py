"""All predictions of a search space as a folder of Parquet files, one a partition.

A partition is two integers, the first candidate and the one after the last, and so is the name of
its file. A file stands under its name when it is complete, never before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.errors import TableError
from ssbml.screening.columns import Columns
from ssbml.screening.job import CHUNK, Job
from ssbml.screening.lock import locked
from ssbml.screening.run_manifest import partition_size, write_manifest
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.stream import Progress
from ssbml.tables.write import replaced
from ssbml.workers import in_order, parts_of

if TYPE_CHECKING:
    import pyarrow as pa

PARTITION = 2**20
"""Candidates in a partition."""


@dataclass(frozen=True, slots=True)
class Partitions:
    """The predictions of a job in a folder.

    Attributes
    ----------
    job : Job
        Candidates, model and goals.
    folder : Path
        Where the files stand.
    size : int
        Candidates in a partition.
    """

    job: Job
    folder: Path
    size: int

    def ranges(self) -> list[tuple[int, int]]:
        """Return all partitions."""
        return list(parts_of(0, len(self.job), self.size))

    def path(self, start: int, stop: int) -> Path:
        """Return the file of a partition."""
        return self.folder / f"candidates-{start:015d}-{stop:015d}.parquet"

    def finished(self) -> list[tuple[int, int]]:
        """Return the partitions whose file is there."""
        return [part for part in self.ranges() if self.path(*part).is_file()]

    def fill(
        self, start: int, stop: int, *, chunk: int | None = None, workers: int | None = None
    ) -> Shortlist:
        """Predict a partition, write its file and return what is worth keeping.

        Raises
        ------
        TableError
            The file cannot be written (disk full).
        """
        from pyarrow.parquet import ParquetWriter

        def part(low: int, high: int) -> tuple[Shortlist, pa.Table]:
            columns = self.job.columns(low, high)
            return self.job.shortlist(low, columns), self._table(low, high, columns)

        found: list[Shortlist] = []
        try:
            with replaced(self.path(start, stop)) as temporary:
                writer: Any = None
                try:
                    size = chunk or self.job.chunk
                    for short, table in in_order(part, start, stop, size, workers):
                        if writer is None:
                            writer = ParquetWriter(temporary, table.schema, compression="zstd")
                        writer.write_table(table)
                        found.append(short)
                finally:
                    if writer is not None:
                        writer.close()
        except TableError as error:
            raise TableError(
                f"{error}; {len(self.finished())} of {len(self.ranges())} files are complete and "
                f"usable, make room and continue with --resume {self.folder}"
            ) from None
        return reduce(Shortlist.merge, found)

    def read(self, start: int, stop: int) -> Shortlist:
        """Return what is worth keeping of a finished partition, from its file.

        Raises
        ------
        TableError
            The file is damaged.
        """
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile

        path, at, found = self.path(start, stop), start, []
        try:
            with ParquetFile(path) as file:
                for batch in file.iter_batches(CHUNK):
                    columns = {
                        name: batch.column(name).to_numpy(zero_copy_only=False)
                        for name in batch.schema.names
                    }
                    found.append(self.job.shortlist(at, columns))
                    at += batch.num_rows
        except (OSError, ArrowException, KeyError) as error:
            raise TableError(f"{path} cannot be read ({error}); delete it and go on") from None
        if at != stop:
            raise TableError(f"{path} holds {at - start:,} rows; delete it and go on")
        return reduce(Shortlist.merge, found)

    def tidy(self) -> None:
        """Remove what a run, or a worker of a cluster, left half-written when it was killed."""
        for path in self.folder.glob(".*.tmp"):
            path.unlink(missing_ok=True)

    def _table(self, start: int, stop: int, columns: Columns) -> pa.Table:
        """Return candidates as an Arrow table: recipe and predictions, repeats stored once."""
        import pyarrow as pa

        candidates = self.job.candidates
        composition, way = candidates.pairs(np.arange(start, stop))
        different, rows = np.unique(composition, return_inverse=True)
        formulas = pa.array(candidates.formulas[different].tolist(), pa.string())
        table: dict[str, Any] = {
            "candidate": np.arange(start, stop),
            "formula": pa.DictionaryArray.from_arrays(rows.astype(np.int32), formulas),
        }
        ways = candidates.processes
        for name in ways.columns:
            values = pa.array(ways[name], from_pandas=True)
            if values.null_count < len(values):
                table[name] = values.take(pa.array(way))
        table["family"] = pa.repeat(candidates.family, stop - start)
        table.update(columns)
        return pa.table(table)


@contextmanager
def opened(
    job: Job, folder: str | Path, *, resume: bool = False, size: int = PARTITION
) -> Iterator[Partitions]:
    """Hold a folder for the predictions of a job while they are made.

    Parameters
    ----------
    job : Job
        Candidates, model and goals; a run may be continued with other goals.
    folder : str or Path
        A folder that is empty or does not exist; with ``resume``, that of an earlier run.
    resume : bool, default False
        Continue a run.
    size : int, default 2**20
        Candidates in a partition of a new run.

    Raises
    ------
    TableError
        The folder is not empty (or, with ``resume``, holds no run of this space and model),
        another run writes to it, or it cannot be written to.
    """
    folder = Path(folder)
    if not resume:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TableError(f"cannot make the folder {folder}: {error.strerror}") from None
    elif not folder.is_dir():
        raise TableError(f"there is no folder {folder} to continue in")
    with locked(folder):
        if resume:
            size = partition_size(folder, job)
        elif any(not path.name.startswith(".") for path in folder.iterdir()):
            raise TableError(
                f"{folder} is not empty; name another folder, or continue its run with "
                f"--resume {folder}"
            )
        else:
            write_manifest(folder, job, size)
        partitions = Partitions(job, folder, size)
        partitions.tidy()
        yield partitions
        partitions.tidy()


def stream_to(
    partitions: Partitions,
    *,
    chunk: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Shortlist:
    """Fill a folder and return what is worth keeping; finished partitions are only read.

    Parameters
    ----------
    partitions : Partitions
        From `opened`.
    chunk, workers, progress
        As in `ssbml.screening.stream.stream`.

    Raises
    ------
    TableError
        A file cannot be written or read; finished ones stay.
    """
    finished = set(partitions.finished())
    found: list[Shortlist] = []
    for start, stop in partitions.ranges():
        if (start, stop) in finished:
            found.append(partitions.read(start, stop))
        else:
            found.append(partitions.fill(start, stop, chunk=chunk, workers=workers))
        if progress is not None:
            progress(stop, len(partitions.job))
    return reduce(Shortlist.merge, found)
