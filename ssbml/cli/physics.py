"""``ssbml check-physics``."""

from __future__ import annotations

from pathlib import Path

import click

from ssbml.cli.console import print_frame, print_json

STRONG_FAILED = 1
"""Exit status when a strong check failed."""


@click.command(
    "check-physics",
    epilog="""\b
Examples:
  ssbml check-physics
  ssbml check-physics --model my-lab --failed
  ssbml check-physics -o score.csv
""",
)
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--failed", is_flag=True, help="Show only what failed.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def check_physics(model: str | None, failed: bool, output: Path | None, as_json: bool) -> int:
    """Ask a model for the directions that two reviews report.

    Each check is a pair or series of recipes with an expected sign, size, optimum or "out of
    domain", and the sections of the reviews that say so. The exit status is 1 when a check marked
    strong fails.
    """
    from ssbml.models import load_model
    from ssbml.physics.scorecard import check_physics as run
    from ssbml.physics.scorecard import shares
    from ssbml.tables.write import check_target, write_table

    if output is not None:
        check_target(output)
    score = run(load_model(model))
    shown = score[~score["passed"]] if failed else score
    if output is not None:
        write_table(shown, output)
        click.echo(f"{len(shown)} checks written to {output}", err=True)
    if as_json:
        print_json(shown)
    elif output is None:
        print_frame(shown[["check", "strength", "outcome", "value", "expected", "claim"]])
        for name, why in shown.loc[~shown["passed"], ["check", "likely_reason"]].to_numpy():
            click.echo(f"{name}: {why}")
    if not as_json:
        print_frame(shares(score))
    strong = score["strength"] == "strong"
    return STRONG_FAILED if (strong & ~score["passed"]).any() else 0
