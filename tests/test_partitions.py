"""A folder of predictions survives what happens to long runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.errors import TableError
from ssbml.predictor import Predictor
from ssbml.screening.job import Job
from ssbml.screening.partitions import opened, stream_to
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.stream import stream
from ssbml.tables.validate import validate

SIZE = 400


@pytest.fixture(scope="module")
def job(make_job: Any) -> Job:
    return make_job()


@pytest.fixture(scope="module")
def whole(job: Job) -> Shortlist:
    return stream(job)


def run(job: Job, folder: Path, **options: Any) -> Shortlist:
    with opened(job, folder, size=SIZE, **options) as partitions:
        return stream_to(partitions)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.suffix == ".parquet")


def test_the_files_hold_every_recipe_and_prediction(
    job: Job, whole: Shortlist, tmp_path: Path, assert_same: Any
) -> None:
    assert_same(run(job, tmp_path / "run"), whole)
    stored = pd.concat(
        pd.read_parquet(path) for path in sorted((tmp_path / "run").glob("*.parquet"))
    )
    table = validate(job.candidates.table(np.arange(len(job)))).table
    expected = job.predictor.predict_table(table)
    assert stored["candidate"].tolist() == list(range(len(job)))
    for name in ("formula", "sintering_temp_c", "sintering_time_h", "atmosphere", "family"):
        assert stored[name].tolist() == table[name].tolist()
    for name in set(expected.columns) - {"notes"}:
        assert stored[name].tolist() == expected[name].tolist()
    assert len(files(tmp_path / "run")) == -(-len(job) // SIZE)
    assert files(tmp_path / "run")[1] == "candidates-000000000000400-000000000000800.parquet"


def test_a_finished_partition_is_read_not_redone(
    job: Job, whole: Shortlist, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assert_same: Any
) -> None:
    run(job, tmp_path)
    path = sorted(tmp_path.glob("*.parquet"))[2]
    path.unlink()
    asked: list[int] = []
    columns = Job.columns

    def watched(self: Job, start: int, stop: int) -> Any:
        asked.append(start)
        return columns(self, start, stop)

    monkeypatch.setattr(Job, "columns", watched)
    (tmp_path / ".candidates-x.tmp").write_text("half")
    assert_same(run(job, tmp_path, resume=True), whole)
    assert asked == [2 * SIZE]
    assert not list(tmp_path.glob(".*.tmp"))


def test_stored_predictions_can_be_ranked_by_other_goals(
    model: Predictor, job: Job, tmp_path: Path, make_job: Any, assert_same: Any
) -> None:
    run(job, tmp_path)
    other = make_job(objectives={"relative_density_pct": "maximize"}, top=7)
    found = run(other, tmp_path, resume=True)
    assert_same(found, stream(other))
    assert len(found.numbers) == 7


def test_a_used_folder_is_not_written_over(job: Job, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(TableError, match="is not empty; name another folder, or continue"):
        run(job, tmp_path)
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["notes.txt"]


def test_resume_needs_the_same_space_and_model(
    model: Predictor, job: Job, tmp_path: Path, make_job: Any
) -> None:
    with pytest.raises(TableError, match="there is no folder"):
        run(job, tmp_path / "none", resume=True)
    with pytest.raises(TableError, match="holds no run"):
        run(job, tmp_path, resume=True)
    run(job, tmp_path / "run")
    other = make_job(fixed={"form": "tape"})
    with pytest.raises(TableError, match="belongs to another space"):
        run(other, tmp_path / "run", resume=True)
    (tmp_path / "run" / "_run.json").write_text("{")
    with pytest.raises(TableError, match="cannot be read"):
        run(job, tmp_path / "run", resume=True)


def test_two_runs_into_one_folder(job: Job, tmp_path: Path) -> None:
    with (
        opened(job, tmp_path, size=SIZE),
        pytest.raises(TableError, match="another run is writing"),
        opened(job, tmp_path, resume=True),
    ):
        pass


def test_a_damaged_file_is_named(job: Job, tmp_path: Path) -> None:
    run(job, tmp_path)
    path = sorted(tmp_path.glob("*.parquet"))[0]
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(TableError, match=r"candidates-0+-0+400\.parquet cannot be read"):
        run(job, tmp_path, resume=True)


RUN = """
import resource, sys, time
from pathlib import Path
from ssbml.models import load_model
from ssbml.errors import SsbmlError
from ssbml.predictor import Predictor
from ssbml.screening.job import Job, job_of
from ssbml.screening.partitions import opened, stream_to
from ssbml.screening.score import Scorer
from ssbml.screening.space import SearchSpace
import json
model, folder, space, limit, pause = sys.argv[1:]
space = SearchSpace.from_dict(json.loads(space))
job = job_of(space.candidates(), Predictor.load(model), Scorer(space.goals, 0.9))
columns = Job.columns
def slow(self, start, stop):
    if start >= 400:
        time.sleep(float(pause))
        if int(limit):
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    return columns(self, start, stop)
Job.columns = slow
def progress(done, total):
    print(done, flush=True)
try:
    with opened(job, folder, size=400) as partitions:
        stream_to(partitions, workers=2, chunk=100, progress=progress)
except SsbmlError as error:
    sys.exit(str(error))
except KeyboardInterrupt:
    sys.exit(130)
"""


def start(model_folder: Path, folder: Path, space: Any, limit: int = 0, pause: float = 0.0) -> Any:
    command = [sys.executable, "-c", RUN, str(model_folder), str(folder), json.dumps(space)]
    return subprocess.Popen(
        [*command, str(limit), str(pause)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def test_ctrl_c_leaves_complete_files_and_a_run_to_continue(
    model_folder: Path,
    model: Predictor,
    whole: Shortlist,
    tmp_path: Path,
    garnets: Any,
    make_job: Any,
    assert_same: Any,
) -> None:
    process = start(model_folder, tmp_path, garnets, pause=0.3)
    assert process.stdout.readline() == "400\n"
    time.sleep(float(np.random.default_rng().uniform(0, 1.0)))
    process.send_signal(signal.SIGINT)
    asked = time.monotonic()
    assert process.wait(timeout=60) == 130
    assert time.monotonic() - asked < 15
    left = files(tmp_path)
    assert 1 <= len(left) < 6
    assert all(len(pd.read_parquet(tmp_path / name)) > 0 for name in left)
    assert not list(tmp_path.glob(".*.tmp"))
    assert_same(run(make_job(Predictor.load(model_folder)), tmp_path, resume=True), whole)


def test_a_kill_costs_the_partition_under_way_only(
    model_folder: Path,
    whole: Shortlist,
    tmp_path: Path,
    garnets: Any,
    make_job: Any,
    assert_same: Any,
) -> None:
    process = start(model_folder, tmp_path, garnets, pause=0.5)
    assert process.stdout.readline() == "400\n"
    process.kill()
    process.wait(timeout=60)
    assert files(tmp_path)[0] == "candidates-000000000000000-000000000000400.parquet"
    assert_same(run(make_job(Predictor.load(model_folder)), tmp_path, resume=True), whole)


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_full_disk_is_said_and_keeps_what_is_finished(
    model_folder: Path,
    whole: Shortlist,
    tmp_path: Path,
    garnets: Any,
    make_job: Any,
    assert_same: Any,
) -> None:
    process = start(model_folder, tmp_path, garnets, limit=4096)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert "1 of 6 files are complete and usable, make room and continue with --resume" in errors
    assert "File too large" in errors
    assert len(files(tmp_path)) == 1
    assert not list(tmp_path.glob(".*.tmp"))
    assert_same(run(make_job(Predictor.load(model_folder)), tmp_path, resume=True), whole)
