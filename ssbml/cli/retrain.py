"""``ssbml retrain``."""

from __future__ import annotations

from pathlib import Path

import click

from ssbml.cli.console import progress_bar

_SHOWN = 10


@click.command(
    epilog="""\b
Examples:
  ssbml data template -o lab.xlsx
  ssbml retrain lab.xlsx --name my-lab --report report.html
  ssbml predict --model my-lab --formula Li6.4La3Zr1.4Ta0.6O12 --sintering-temp-c 1150
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Name of the model, such as my-lab.")
@click.option("--base", help="Model to start from; the shipped one by default.")
@click.option(
    "--refit", is_flag=True, help="Also try to fit the base again with the lab's rows (minutes)."
)
@click.option("--force", is_flag=True, help="Promote whatever the gate says; this is recorded.")
@click.option("--report", type=click.Path(path_type=Path), help="Write .html or .json.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of folds and bootstraps.")
def retrain(
    file: Path,
    name: str,
    base: str | None,
    refit: bool,
    force: bool,
    report: Path | None,
    seed: int,
) -> int:
    """Learn from the rows of a lab file.

    FILE holds all rows of the laboratory. The model is stored under NAME; it is promoted, so that
    --model NAME means it, only if it predicts rows better that it has not seen.
    """
    from ssbml.report.page import check_report
    from ssbml.report.retraining import RETRAINING_SUFFIXES, write_retraining
    from ssbml.retraining.retrain import REFIT_STEPS, STEPS
    from ssbml.retraining.retrain import retrain as run

    if report is not None:
        check_report(report, RETRAINING_SUFFIXES)
    with progress_bar("retraining", STEPS + REFIT_STEPS * refit) as step:
        result = run(file, name=name, base=base, refit=refit, force=force, seed=seed, progress=step)
    for line in result.read.lines():
        click.echo(line, err=True)
    if result.read.problems:
        click.echo(
            "rows that cannot be used were left out; for a copy to mend, with a 'problem' column: "
            f"ssbml data validate {file} --lab --corrected mend.xlsx",
            err=True,
        )
    if report is not None:
        write_retraining(result, report)
    for row, why in list(result.suspicious.items())[:_SHOWN]:
        click.echo(f"measure again, row {row}: {why}")
    if len(result.suspicious) > _SHOWN:
        click.echo(f"... and {len(result.suspicious) - _SHOWN} more suspicious rows")
    for key, found in result.verdict.metrics.items():
        click.echo(
            f"{key}: error on unseen rows {found['error_before']:.3f} -> "
            f"{found['error_after']:.3f} ({found['values']} values, {result.methods[key]})"
        )
    for key, found in result.verdict.literature.items():
        click.echo(
            f"{key}: error on published rows {found['error_before']:.3f} -> "
            f"{found['error_after']:.3f} ({found['values']} values of '{found['data']}')"
        )
    reference = result.version.reference
    if result.promoted:
        click.echo(f"{reference} {result.status}: {result.reason}")
    else:
        click.echo(
            f"{reference} stored, not promoted: {result.reason}; to use it all the same: "
            f"ssbml models use {reference}"
        )
    return 0
