"""The same shortlist from a Dask cluster, with a worker lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ssbml.errors import SettingsError
from ssbml.screening.job import Job
from ssbml.screening.partitions import opened
from ssbml.screening.stream import stream

distributed = pytest.importorskip("distributed", reason="needs ssbml[dask]")
from ssbml.screening.cluster import stream_on_cluster  # noqa: E402

SIZE = 100


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def job(make_job: Any) -> Job:
    return make_job()


def test_a_lost_worker_costs_its_partition_only(
    job: Job, client: Any, assert_same: Any, tmp_path: Path
) -> None:
    """Two processes, one killed after the first partitions; nothing finished is redone."""
    victims = list(client.run(os.getpid).values())
    times: dict[str, int] = {}

    def progress(done: int, total: int) -> None:
        if len(times) == 0:
            times.update({p.name: p.stat().st_mtime_ns for p in tmp_path.glob("*.parquet")})
            os.kill(victims[0], signal.SIGKILL)
            (tmp_path / ".candidates-left-by-it.tmp").touch()

    with opened(job, tmp_path, size=SIZE) as partitions:
        found = stream_on_cluster(job, client, partitions=partitions, progress=progress)
    assert times
    assert len(list(tmp_path.glob("*.parquet"))) == len(partitions.ranges())
    assert not list(tmp_path.glob(".*.tmp"))
    for name, written in times.items():
        assert (tmp_path / name).stat().st_mtime_ns == written
    assert victims[0] not in client.run(os.getpid).values()
    assert_same(found, stream(job))


def test_without_a_folder(job: Job, client: Any, assert_same: Any) -> None:
    told: list[tuple[int, int]] = []
    found = stream_on_cluster(job, client, size=333, progress=lambda *counts: told.append(counts))
    assert_same(found, stream(job))
    assert told[-1] == (len(job), len(job))


def test_a_scheduler_that_is_not_there(job: Job) -> None:
    with pytest.raises(SettingsError, match=r"scheduler tcp://127\.0\.0\.1:1 cannot be reached"):
        stream_on_cluster(job, "tcp://127.0.0.1:1", timeout_s=1)
