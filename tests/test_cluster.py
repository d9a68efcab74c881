"""The same shortlist from a Dask cluster, with a worker lost on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ssbml.errors import SettingsError
from ssbml.predictor import Predictor
from ssbml.screening.job import Job, job_of
from ssbml.screening.partitions import opened
from ssbml.screening.score import Scorer
from ssbml.screening.space import SearchSpace
from ssbml.screening.stream import stream

distributed = pytest.importorskip("distributed", reason="needs ssbml[dask]")
from ssbml.screening.cluster import stream_on_cluster  # noqa: E402

SIZE = 100
SPACE: dict[str, Any] = {
    "host": "Li7La3Zr2O12",
    "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "step": 0.05}}},
    "process": {
        "sintering_temp_c": {"from": 1000, "to": 1250, "step": 25},
        "sintering_time_h": [1, 6, 12],
        "atmosphere": ["air", "O2", "Ar"],
    },
    "fixed": {"form": "pellet"},
    "top": 30,
}


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
def job(model: Predictor) -> Job:
    space = SearchSpace.from_dict(SPACE)
    return job_of(space.candidates(), model, Scorer(space.goals, 0.9))


def assert_same(found: Any, expected: Any) -> None:
    assert np.array_equal(found.numbers, expected.numbers)
    assert np.array_equal(found.scores, expected.scores)
    assert np.array_equal(found.front.numbers, expected.front.numbers)
    assert found.tally.seen == expected.tally.seen


def test_a_lost_worker_costs_its_partition_only(job: Job, client: Any, tmp_path: Path) -> None:
    """Two processes, one killed after the first partitions; nothing finished is redone."""
    victims = list(client.run(os.getpid).values())
    times: dict[str, int] = {}

    def progress(done: int, total: int) -> None:
        if len(times) == 0:
            times.update({p.name: p.stat().st_mtime_ns for p in tmp_path.glob("*.parquet")})
            os.kill(victims[0], signal.SIGKILL)

    with opened(job, tmp_path, size=SIZE) as partitions:
        found = stream_on_cluster(job, client, partitions=partitions, progress=progress)
    assert times
    assert len(list(tmp_path.glob("*.parquet"))) == len(partitions.ranges())
    for name, written in times.items():
        assert (tmp_path / name).stat().st_mtime_ns == written
    assert victims[0] not in client.run(os.getpid).values()
    assert_same(found, stream(job))


def test_without_a_folder(job: Job, client: Any) -> None:
    told: list[tuple[int, int]] = []
    found = stream_on_cluster(job, client, size=333, progress=lambda *counts: told.append(counts))
    assert_same(found, stream(job))
    assert told[-1] == (len(job), len(job))


def test_a_scheduler_that_is_not_there(job: Job) -> None:
    with pytest.raises(SettingsError, match=r"scheduler tcp://127\.0\.0\.1:1 cannot be reached"):
        stream_on_cluster(job, "tcp://127.0.0.1:1", timeout_s=1)
