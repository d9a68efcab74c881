"""The benchmark suite: tasks, chosen and run side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssbml.datasets.noise import replicate_noise
from ssbml.errors import DataError
from ssbml.evaluation.peers.blanks import blank_scores
from ssbml.evaluation.peers.bootstrap import DRAWS
from ssbml.evaluation.peers.families import FEWEST, family_plan
from ssbml.evaluation.peers.figures import figures_of
from ssbml.evaluation.peers.garnets import garnet_plan
from ssbml.evaluation.peers.held_out import HeldOut, held_out
from ssbml.evaluation.peers.liverpool import REPEATS, liverpool_plan
from ssbml.evaluation.peers.obelix import SEEDS, obelix_plan
from ssbml.evaluation.peers.outcomes import outcome_scores
from ssbml.evaluation.peers.papers import paper_scores
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.published import published_figures
from ssbml.evaluation.peers.replicates import replicate_scores
from ssbml.evaluation.peers.result import SuiteResult
from ssbml.evaluation.peers.run import Bar, Runner, no_bar
from ssbml.evaluation.peers.scores import Scores
from ssbml.evaluation.peers.trust import coverage_of_papers, distance_deciles, purity_reliability
from ssbml.evaluation.report_set import development as outside_report_set
from ssbml.evaluation.report_set import settings_hash
from ssbml.fitting.settings import Settings
from ssbml.version import __version__

if TYPE_CHECKING:
    import pandas as pd

HELD_OUT_TASKS: dict[str, Callable[[HeldOut], list[Scores]]] = {
    "papers": paper_scores,
    "outcomes": outcome_scores,
    "replicates": replicate_scores,
    "blanks": blank_scores,
}
"""Tasks on our own table with whole papers held out; they share one run."""

PLANNED_TASKS = ("families", "obelix", "liverpool", "garnets")
"""Tasks with models of their own."""

TASKS = ("papers", "families", "obelix", "liverpool", "garnets", "outcomes", "replicates", "blanks")
"""Every task, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much work the suite does.

    Attributes
    ----------
    folds : int
        Outer folds over papers.
    repeats : int
        Repeats of the stratified folds of the Liverpool task.
    seeds : int
        Random states of the forests of the OBELiX task.
    draws : int
        Bootstrap draws.
    family : int
        Fewest measured samples of a family that is left out.
    """

    folds: int = 10
    repeats: int = REPEATS
    seeds: int = SEEDS
    draws: int = DRAWS
    family: int = FEWEST


def run_suite(
    table: pd.DataFrame,
    settings: Settings,
    tasks: Sequence[str] = (),
    *,
    development: bool = False,
    size: Size | None = None,
    bar: Bar = no_bar,
    n_jobs: int = -1,
) -> SuiteResult:
    """Run the model beside its peers, on the same rows and folds.

    Parameters
    ----------
    table : DataFrame
        Samples with ``cv_group``.
    settings : Settings
        Hyper-parameters of the model.
    tasks : sequence of str
        Some of `TASKS`; all by default, those whose data cannot be had left out.
    development : bool, default False
        Leave the papers of the report set out of everything that is fitted to or scored on the
        table.
    size : Size, optional
        How much work to do.
    bar : callable, optional
        Opens a progress bar for each stage.
    n_jobs : int, default -1
        Processes; no result depends on it.

    Returns
    -------
    SuiteResult

    Raises
    ------
    DataError
        The data of a task that was asked for by name cannot be had.
    ValueError
        There is no such task.
    """
    unknown = [task for task in tasks if task not in TASKS]
    if unknown:
        raise ValueError(f"there is no task {', '.join(unknown)}; known are {', '.join(TASKS)}")
    size = size or Size()
    rows = outside_report_set(table) if development else table
    wanted = [task for task in TASKS if task in (tasks or TASKS)]
    runner = Runner(n_jobs, bar)
    plans, skipped = _plans(rows, settings, wanted, size, strict=bool(tasks))
    found = None
    if set(wanted) & set(HELD_OUT_TASKS):
        found = held_out(rows, settings, size.folds, runner)
    findings = _run_plans(plans, runner)
    scores: list[Scores] = []
    for task in wanted:
        if task in HELD_OUT_TASKS and found is not None:
            scores += HELD_OUT_TASKS[task](found)
        elif task in findings:
            scores += findings[task].scores
    tables = _tables(rows, found, wanted, findings, skipped)
    tables["resources"] = runner.record()
    return SuiteResult(
        about=_about(rows, settings, development),
        figures=figures_of(scores, settings.seed, size.draws),
        tables=tables,
    )


def _plans(
    table: pd.DataFrame, settings: Settings, wanted: Sequence[str], size: Size, *, strict: bool
) -> tuple[dict[str, Plan], list[dict[str, str]]]:
    makers: dict[str, Callable[[], Plan]] = {
        "families": lambda: family_plan(table, settings, size.family),
        "obelix": lambda: obelix_plan(table, settings, size.seeds),
        "liverpool": lambda: liverpool_plan(table, settings, size.repeats),
        "garnets": lambda: garnet_plan(table, settings),
    }
    plans, skipped = {}, []
    for task in wanted:
        if task not in makers:
            continue
        try:
            plans[task] = makers[task]()
        except DataError as error:
            if strict:
                raise
            skipped.append({"task": task, "reason": str(error)})
    return plans, skipped


def _run_plans(plans: dict[str, Plan], runner: Runner) -> dict[str, Findings]:
    jobs = [job for plan in plans.values() for job in plan.jobs]
    if not jobs:
        return {}
    results = runner.run(jobs, ", ".join(plans))
    findings, start = {}, 0
    for task, plan in plans.items():
        findings[task] = plan.collect(results[start : start + len(plan.jobs)])
        start += len(plan.jobs)
    return findings


def _tables(
    table: pd.DataFrame,
    found: HeldOut | None,
    wanted: Sequence[str],
    findings: dict[str, Findings],
    skipped: list[dict[str, str]],
) -> dict[str, pd.DataFrame]:
    import pandas as pd

    coverage: list[dict[str, Any]] = [r for f in findings.values() for r in f.coverage]
    tables: dict[str, pd.DataFrame] = {}
    if found is not None:
        coverage = [*coverage_of_papers(found), *coverage]
        tables["deciles"] = distance_deciles(found)
        tables["reliability"] = purity_reliability(found)
        tables["noise"] = replicate_noise(table)
    tables["coverage"] = pd.DataFrame(coverage)
    tables["published"] = published_figures(tuple(wanted))
    tables["skipped"] = pd.DataFrame(skipped, columns=["task", "reason"])
    return tables


def _about(table: pd.DataFrame, settings: Settings, development: bool) -> dict[str, Any]:
    return {
        "ssbml": __version__,
        "samples": len(table),
        "papers": int(table["paper_key"].nunique()),
        "rows": "without the report set" if development else "all",
        "settings_sha256": settings_hash(settings.as_dict()),
    }
