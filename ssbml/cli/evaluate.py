"""``ssbml evaluate``: alone, or against peers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssbml.cli.console import print_frame, progress_bar
from ssbml.errors import DataError

if TYPE_CHECKING:
    from ssbml.evaluation.peers.result import SuiteResult

_STEPS = 3
_TASKS = (
    "papers",
    "families",
    "obelix",
    "liverpool",
    "garnets",
    "outcomes",
    "replicates",
    "blanks",
)


@click.command(
    epilog="""\b
Examples:
  ssbml evaluate
  ssbml evaluate --data literature --report figures.json
  ssbml evaluate --against peers --plots figures -o benchmark.json -o benchmark.md
  ssbml evaluate --against peers --development --task papers --task replicates
"""
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings in TOML.")
@click.option("--data", help="Data set; the one named in the settings by default.")
@click.option("--report", type=click.Path(path_type=Path), help="Also write the figures as JSON.")
@click.option(
    "--against",
    type=click.Choice(["peers"]),
    help="Run published models and simple rules beside ours, on the same rows (up to an hour).",
)
@click.option(
    "--task", "tasks", multiple=True, type=click.Choice(_TASKS), help="Only this task; repeatable."
)
@click.option(
    "--development",
    is_flag=True,
    help="Leave the papers of the report set out; otherwise the look at them is logged.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write .json (everything), .csv (figures) or .md (tables); repeatable.",
)
@click.option("--plots", type=click.Path(path_type=Path), help="Folder for plots (PNG).")
@click.option("--jobs", type=int, default=-1, show_default=True, help="Processes; -1 for all.")
def evaluate(
    config: Path | None,
    data: str | None,
    report: Path | None,
    against: str | None,
    tasks: tuple[str, ...],
    development: bool,
    outputs: tuple[Path, ...],
    plots: Path | None,
    jobs: int,
) -> int:
    """Cross-validate with whole papers held out, baselines beside the model (minutes)."""
    if against is not None:
        if report is not None:
            raise click.UsageError("--report goes without --against; use -o FILE")
        return _against_peers(config, data, tasks, development, outputs, plots, jobs)
    if tasks or development or outputs or plots is not None or jobs != -1:
        raise click.UsageError(
            "--task, --development, -o, --plots and --jobs go with --against peers"
        )
    return _alone(config, data, report)


def _alone(config: Path | None, data: str | None, report: Path | None) -> int:
    from ssbml.training import OUTER_FOLDS
    from ssbml.training import evaluate as run

    with progress_bar("evaluating", OUTER_FOLDS + _STEPS) as step:
        figures = run(config, data=data, progress=step)
    for title, frame in figures.tables().items():
        print_frame(frame, title)
    if report is not None:
        _write_json(figures.as_dict(), report)
    return 0


def _against_peers(
    config: Path | None,
    data: str | None,
    tasks: tuple[str, ...],
    development: bool,
    outputs: tuple[Path, ...],
    plots: Path | None,
    jobs: int,
) -> int:
    from ssbml.datasets.load import load_dataset, table_hash
    from ssbml.evaluation.peers.result import check_output
    from ssbml.evaluation.peers.suite import run_suite
    from ssbml.training import settings_of

    for path in outputs:
        check_output(path)
    settings = settings_of(config)
    table = load_dataset(data or settings.data)
    result = run_suite(
        table, settings, tasks, development=development, bar=progress_bar, n_jobs=jobs
    )
    for title, frame in result.titled().items():
        print_frame(frame, title)
    for path in outputs:
        result.write(path)
    if plots is not None:
        from ssbml.evaluation.peers.plots import write_plots

        for path in write_plots(result, plots):
            click.echo(f"{path} written", err=True)
    if not development:
        _log(result, table_hash(table))
    return 0


def _log(result: SuiteResult, data_hash: str) -> None:
    """Note the look at the report set where there is a checkout to keep it in."""
    from ssbml.evaluation.report_set import Look, log_look, log_path

    figures = result.report_figures()
    if not figures:
        return
    about = result.about
    try:
        path = log_path()
    except DataError:
        click.echo("the look at the report set is not logged: this is no checkout", err=True)
        return
    log_look(Look(about["ssbml"], data_hash, about["settings_sha256"], figures), path)
    click.echo(f"the look at the report set is logged in {path}", err=True)


def _write_json(figures: dict[str, Any], path: Path) -> None:
    import json

    from ssbml.tables.write import replaced

    with replaced(path) as temporary:
        temporary.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
