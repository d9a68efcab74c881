"""``ssbml.screen``: predict every recipe of a search space and rank the best."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.calibration import DEFAULT_COVERAGE, check_coverage
from ssbml.datasets.load import load_dataset
from ssbml.errors import SpaceError
from ssbml.models import DEFAULT, load_model
from ssbml.predictor import Predictor
from ssbml.screening.diverse import Unlikeness, diverse_batch
from ssbml.screening.goals import Goals, Objective
from ssbml.screening.incumbent import incumbent_values
from ssbml.screening.job import Job, job_of
from ssbml.screening.partitions import opened, stream_to
from ssbml.screening.ranking import predicted_table, with_rank
from ssbml.screening.result import ScreenResult
from ssbml.screening.scalars import count
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Shortlist
from ssbml.screening.stream import Progress, stream
from ssbml.screening.summary import Summary
from ssbml.screening.wishes import parse_goals

if TYPE_CHECKING:
    from ssbml.screening.space import SearchSpace


def screen(
    space: SearchSpace | Mapping[str, Any] | str | Path,
    *,
    top: int | None = None,
    model: str | Path | Predictor | None = None,
    coverage: float = DEFAULT_COVERAGE,
    risk: str | None = None,
    diverse: bool | None = None,
    budget: int | None = None,
    seed: int | None = None,
    keep_all: str | Path | None = None,
    resume: bool = False,
    scheduler: Any = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ScreenResult:
    """Predict every recipe of a search space and rank the best.

    Parameters
    ----------
    space : SearchSpace, mapping, str or Path
        The space, or the dict, YAML text or YAML file that describes it.
    top : int, optional
        Length of the ranked table; the space's own (50 if it says nothing) by default.
    model : str, Path or Predictor, optional
        A model name, folder or opened model; the shipped model by default.
    coverage : float, default 0.9
        Share of new samples from new labs that the intervals should hold, 0.5 to 0.99.
    risk : str, optional
        ``lower`` (count on the conservative end of the interval; the default of a space),
        ``mean``, ``ucb`` (the favourable end), ``expected_improvement`` or ``probability`` (of
        meeting all constraints); see `ssbml.screening.score.Scorer.scores`.
    diverse : bool, optional
        Pick a batch that is spread out in chemistry and processing.
    budget : int, optional
        Sample at most so many recipes of a space that is too large to enumerate.
    seed : int, optional
        Seed of the sampling.
    keep_all : str or Path, optional
        A folder for the predictions of all recipes, as Parquet files of about a million rows.
    resume : bool, default False
        Continue an earlier run in ``keep_all``: finished files are read, not computed again.
    scheduler : str or distributed.Client, optional
        Address of a Dask scheduler, such as ``tcp://host:8786``, whose workers do the work (needs
        ``ssbml[dask]``).
    workers : int, optional
        Threads; by default one for each usable core.
    progress : callable, optional
        Called with the number of recipes finished and the number of all.

    Returns
    -------
    ScreenResult
        ``.ranked`` is empty when no recipe meets the constraints; ``.summary`` says which rules
        out how many.

    Raises
    ------
    SpaceError
        The space cannot be read, holds no recipe, or ``risk`` does not fit its goals.
    ModelError
        The model cannot be found or opened.
    SettingsError
        Dask is missing or its scheduler cannot be reached.
    TableError
        ``keep_all`` cannot be used, or its disk is full.
    ValueError
        ``coverage`` is out of range, or ``resume`` comes without ``keep_all``.
    """
    check_coverage(coverage)
    if resume and keep_all is None:
        raise ValueError("resume needs the folder of the earlier run in keep_all")
    described = as_space(space, budget=budget, seed=seed)
    goals = _goals(described.goals, top=top, risk=risk, diverse=diverse)
    predictor = model if isinstance(model, Predictor) else load_model(model)
    candidates = described.candidates()
    incumbent: dict[str, float] = {}
    if goals.risk == "expected_improvement":
        incumbent = incumbent_values(goals, candidates.family, load_dataset())
    scorer = Scorer(goals, coverage, incumbent)
    began = time.perf_counter()
    job = job_of(candidates, predictor, scorer)
    found = _pass(job, keep_all, resume, scheduler, workers, progress)
    best = (
        diverse_batch(found.numbers, found.scores, found.inside, Unlikeness(candidates), goals.top)
        if goals.diverse
        else np.arange(len(found.numbers), dtype=np.intp)
    )
    frame = predicted_table(
        candidates, predictor, found.numbers[best], found.scores[best], coverage
    )
    ranked = with_rank(frame, goals.objectives, found.front.holds(found.losses[best]))
    front = found.front.best_first()
    pareto = predicted_table(
        candidates, predictor, front.numbers, front.scores, coverage
    ).sort_values("in_domain", ascending=False, kind="stable")
    summary = Summary(
        size=described.size.combinations,
        candidates=len(candidates),
        dropped=dict(candidates.dropped),
        outside_domain=found.outside,
        feasible=found.tally.feasible,
        failed=found.tally.by_constraint(found.tally.failed),
        freed=found.tally.by_constraint(found.tally.freed),
        verdict=found.tally.verdict(),
        ranked=len(ranked),
        groups=int(ranked["group"].max()) if len(ranked) else 0,
        front=len(pareto),
        seconds=time.perf_counter() - began,
        model=_model_name(model),
        coverage=coverage,
        risk=goals.risk,
        diverse=goals.diverse,
        objectives={o.column: _wish(o) for o in goals.objectives},
        incumbent=incumbent,
        warnings=(*described.warnings, *_warnings(found, goals)),
        proposed=described.proposed,
    )
    return ScreenResult(ranked, pareto, summary, goals, candidates, predictor)


def _pass(
    job: Job,
    keep_all: str | Path | None,
    resume: bool,
    scheduler: Any,
    workers: int | None,
    progress: Progress | None,
) -> Shortlist:
    """Look at every candidate, here or on a cluster, keeping all predictions or not."""
    if scheduler is None and keep_all is None:
        return stream(job, workers=workers, progress=progress)
    if scheduler is None:
        assert keep_all is not None
        with opened(job, keep_all, resume=resume) as partitions:
            return stream_to(partitions, workers=workers, progress=progress)
    from ssbml.screening.cluster import stream_on_cluster

    if keep_all is None:
        return stream_on_cluster(job, scheduler, progress=progress)
    with opened(job, keep_all, resume=resume) as partitions:
        return stream_on_cluster(job, scheduler, partitions=partitions, progress=progress)


def as_space(
    space: SearchSpace | Mapping[str, Any] | str | Path,
    *,
    budget: int | None = None,
    seed: int | None = None,
) -> SearchSpace:
    """Return the search space that a dict, a YAML text or a file describes.

    Parameters
    ----------
    space : SearchSpace, mapping, str or Path
    budget, seed : int, optional
        Instead of those of the space.

    Raises
    ------
    SpaceError
        The space cannot be read.
    """
    from ssbml.screening.space import SearchSpace

    if isinstance(space, Mapping):
        space = SearchSpace.from_dict(space)
    elif isinstance(space, (str, Path)):
        space = SearchSpace.from_yaml(space)
    if budget is None and seed is None:
        return space
    return replace(
        space,
        budget=space.budget if budget is None else count(budget, ("budget",)),
        seed=space.seed if seed is None else seed,
    )


def _goals(goals: Goals, **given: Any) -> Goals:
    """Return the goals of the space with what the call says instead."""
    said = {name: value for name, value in given.items() if value is not None}
    checked = parse_goals(said)
    goals = replace(goals, **{name: getattr(checked, name) for name in said})
    if goals.risk == "probability" and not goals.constraints:
        raise SpaceError(
            ("risk",), goals.risk, "the probability of meeting constraints needs constraints"
        )
    return goals


def _wish(objective: Objective) -> str:
    aim = f" {objective.value:g}" if objective.value is not None else ""
    share = f", weight {objective.weight:g}" if objective.weight != 1 else ""
    return f"{objective.goal}{aim}{share}"


def _model_name(model: str | Path | Predictor | None) -> str:
    if isinstance(model, Predictor):
        return "as handed in"
    return DEFAULT if model is None else str(model)


def _warnings(found: Shortlist, goals: Goals) -> list[str]:
    out = []
    if 0 < found.tally.feasible < goals.top:
        out.append(f"only {found.tally.feasible:,} recipes meet the constraints")
    if found.outside == found.tally.seen:
        out.append("every recipe lies outside what the data of the model support")
    return out
