"""``ssbml suggest``."""

from __future__ import annotations

from pathlib import Path

import click

_SHOWN_COLUMNS = (
    "suggestion_id", "formula", "# predicted conductivity_s_cm",
    "# predicted relative_density_pct", "# why",
)  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  ssbml suggest space.yaml --batch 8 --model my-lab -o next.xlsx
  ssbml retrain lab.xlsx --name my-lab      (with the rows of next.xlsx, filled in)
"""
)
@click.argument("space", type=click.Path(path_type=Path))
@click.option("--batch", type=click.IntRange(min=1), default=8, show_default=True)
@click.option("--model", help="Model name; the one in use by default.")
@click.option("--seed", type=int, help="Of the sampling of a large space.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def suggest(
    space: Path, batch: int, model: str | None, seed: int | None, output: Path | None, as_json: bool
) -> int:
    """Propose the next experiments of a search space.

    A batch of recipes that promise to beat the best sample so far, that would teach the model, and
    that differ from one another. The file is a lab file: fill in what was measured, keep
    suggestion_id, and retrain.
    """
    from ssbml.cli.console import counter_bar, print_frame, print_json
    from ssbml.retraining.suggest import suggest as propose
    from ssbml.tables.write import check_target, write_table

    if output is not None:
        check_target(output)
    with counter_bar("looking", "recipes") as finished:
        table = propose(space, batch=batch, model=model, seed=seed, progress=finished)
    if output is not None:
        write_table(table, output)
        click.echo(f"{output} written: {len(table)} experiments", err=True)
    if as_json:
        print_json(table)
    elif output is None:
        print_frame(table[[c for c in _SHOWN_COLUMNS if c in table.columns]])
    return 0 if len(table) else 1
