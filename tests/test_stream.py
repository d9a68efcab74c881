"""One pass over a space: the same shortlist however the work is divided."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.errors import SpaceError
from ssbml.predictor import Predictor
from ssbml.screening.candidates import Candidates
from ssbml.screening.job import Job, job_of
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.space import SearchSpace
from ssbml.screening.stream import stream
from ssbml.tables.validate import validate

SPACE: dict[str, Any] = {
    "host": "Li7La3Zr2O12",
    "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "step": 0.05}}, "Li": {"Al": [0, 0.1, 0.2]}},
    "process": {
        "sintering_method": "conventional",
        "sintering_temp_c": {"from": 1000, "to": 1250, "step": 25},
        "sintering_time_h": [1, 6, 12],
        "atmosphere": ["air", "O2", "Ar"],
    },
    "fixed": {"form": "pellet"},
    "constraints": ["relative_density_pct >= 60", "in_domain"],
    "top": 40,
}


@pytest.fixture(scope="module")
def job(model: Predictor) -> Job:
    space = SearchSpace.from_dict(SPACE)
    return job_of(space.candidates(), model, Scorer(space.goals, 0.9))


@pytest.fixture(scope="module")
def whole(job: Job) -> Shortlist:
    return stream(job, workers=1)


@pytest.mark.parametrize("workers", [1, 2, 4])
@pytest.mark.parametrize("chunk", [97, 1000, 10**6])
def test_division_and_workers_change_nothing(
    job: Job, whole: Shortlist, chunk: int, workers: int, assert_same: Any
) -> None:
    assert_same(stream(job, chunk=chunk, workers=workers), whole)


def test_samples_are_predicted_in_smaller_chunks(job: Job, assert_same: Any) -> None:
    """Their features are written out; of a sample of 131,072 recipes 65,536 rows took 0.8 GB."""
    space = SearchSpace.from_dict({**SPACE, "budget": 40, "seed": 3})
    sample = job_of(space.candidates(), job.predictor, job.scorer)
    assert (sample.chunk, job.chunk) == (8192, 65536)
    assert_same(stream(sample), stream(sample, chunk=7))


def test_it_finds_what_a_table_of_all_recipes_would(job: Job, whole: Shortlist) -> None:
    table = validate(job.candidates.table(np.arange(len(job)))).table
    frame = job.predictor.predict_table(table)
    feasible = (frame["relative_density_pct"] >= 60) & frame["in_domain"]
    columns = {name: frame[name].to_numpy()[feasible] for name in frame.columns}
    scores = pd.Series(job.scorer.scores(columns), index=frame.index[feasible])
    best = scores.sort_values(ascending=False, kind="stable").index[:40]
    assert whole.numbers.tolist() == best.tolist()
    assert whole.tally.feasible == feasible.sum()


def test_progress_is_told_in_order(job: Job) -> None:
    told: list[tuple[int, int]] = []
    stream(job, chunk=500, workers=2, progress=lambda *counts: told.append(counts))
    assert told == sorted(told)
    assert told[-1] == (len(job), len(job))


def test_an_interrupt_ends_the_pass(job: Job) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream(job, chunk=100, workers=2, progress=interrupt)


def test_nothing_to_look_at_is_refused(job: Job) -> None:
    none = Candidates(
        "garnet", job.candidates.compositions[:0], job.candidates.formulas[:0],
        job.candidates.processes, {"no charge balance": 12},
    )  # fmt: skip
    with pytest.raises(SpaceError, match="12 dropped: no charge balance"):
        job_of(none, job.predictor, job.scorer)
