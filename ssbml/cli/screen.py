"""``ssbml screen``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssbml.cli.console import counter_bar, print_frame, print_json
from ssbml.screening.goals import RISKS

if TYPE_CHECKING:
    from ssbml.practical.shelf import Shelf
    from ssbml.screening.result import ScreenResult

NOTHING_FEASIBLE = 1
"""Exit status when no candidate meets the constraints."""

_SHOWN = 20
_FOLDER = click.Path(path_type=Path, file_okay=False)

_EPILOG = """\b
Examples:
  ssbml screen space.yaml --dry-run
  ssbml screen space.yaml --top 50 -o ranked.csv --report report.html
  ssbml screen space.yaml --risk mean --diverse --top 12 -o ranked.xlsx --batches weigh.xlsx
  ssbml screen space.yaml -o ranked.csv --precursor Li=hydroxide --purity La2O3=99.5
  ssbml screen huge.yaml --budget 200000 --seed 1 -o ranked.parquet
  ssbml screen million.yaml --all predictions/ -o ranked.csv
  ssbml screen million.yaml --resume predictions/ --scheduler tcp://host:8786 -o ranked.csv
"""


@click.command(epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("space", type=click.Path(path_type=Path))
@click.option("--top", type=click.IntRange(min=1), help="Length of the ranked table.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--report", type=click.Path(path_type=Path), help="Write an HTML report.")
@click.option("--batches", type=click.Path(path_type=Path), help="Batch sheets (.csv, .xlsx ...).")
@click.option("--batch-g", type=float, default=10.0, show_default=True, help="Product a batch, g.")
@click.option(
    "--precursor", multiple=True, metavar="ELEMENT=KIND", help="Such as Li=hydroxide; repeatable."
)
@click.option(
    "--purity", multiple=True, metavar="FORMULA=PCT", help="Such as La2O3=99.5; repeatable."
)
@click.option(
    "--loss-on-ignition", multiple=True, metavar="FORMULA=PCT", help="Such as La2O3=3; repeatable."
)
@click.option(
    "--thickness-um",
    type=click.FloatRange(min=0, min_open=True),
    help="Layer for the resistance in -o, µm; each recipe's own by default.",
)
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--coverage", type=float, default=0.9, show_default=True, help="Of the intervals.")
@click.option("--risk", type=click.Choice(RISKS), help="What to count on; the space's by default.")
@click.option("--diverse/--no-diverse", default=None, help="Pick recipes that differ.")
@click.option("--budget", type=click.IntRange(min=1), help="Sample so many of a large space.")
@click.option("--seed", type=int, help="Of the sampling.")
@click.option("--all", "keep_all", type=_FOLDER, metavar="DIR", help="Keep all predictions there.")
@click.option("--resume", type=_FOLDER, metavar="DIR", help="Continue a run made with --all.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler, such as tcp://host:8786.")
@click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default.")
@click.option("--dry-run", is_flag=True, help="Say how large the space is and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def screen(
    space: Path,
    top: int | None,
    output: Path | None,
    report: Path | None,
    batches: Path | None,
    batch_g: float,
    precursor: tuple[str, ...],
    purity: tuple[str, ...],
    loss_on_ignition: tuple[str, ...],
    thickness_um: float | None,
    model: str | None,
    coverage: float,
    risk: str | None,
    diverse: bool | None,
    budget: int | None,
    seed: int | None,
    keep_all: Path | None,
    resume: Path | None,
    scheduler: str | None,
    workers: int | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Rank the recipes of a search space.

    SPACE is a YAML file: host, dopants, processing, objectives and constraints. The table of -o
    also holds precursor weights, element cost, layer resistance, cell energy and stability against
    lithium of every ranked recipe. The exit status is 1 when no recipe meets the constraints; the
    files are written all the same.
    """
    from ssbml.calibration import check_coverage
    from ssbml.practical.shelf import Shelf
    from ssbml.practical.weights import check_mass
    from ssbml.screening.run import as_space
    from ssbml.screening.run import screen as run
    from ssbml.screening.summary import space_lines
    from ssbml.tables.write import check_target, write_table

    try:
        check_coverage(coverage)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if keep_all is not None and resume is not None:
        raise click.UsageError("--resume continues in its own folder; leave out --all")
    check_mass(batch_g)
    shelf = Shelf.from_words(precursor, purity, loss_on_ignition)
    for target in filter(None, (output, batches)):
        check_target(target)
    described = as_space(space, budget=budget, seed=seed)
    if dry_run:
        found = described.candidates()
        lines = space_lines(
            described.size.combinations,
            len(found),
            found.dropped,
            described.warnings,
            described.proposed,
        )
        click.echo("\n".join(lines))
        return 0
    before = [
        str(described.size),
        *(f"proposed: {text}" for text in described.proposed),
        *(f"warning: {text}" for text in described.warnings),
    ]
    click.echo("\n".join(before), err=True)
    with counter_bar("screening", "recipes") as finished:
        result = run(
            described,
            top=top,
            model=model,
            coverage=coverage,
            risk=risk,
            diverse=diverse,
            keep_all=keep_all or resume,
            resume=resume is not None,
            scheduler=scheduler,
            workers=workers,
            progress=finished,
        )
    if output is not None:
        _write_ranked(result, output, batch_g, thickness_um, shelf)
    if as_json:
        print_json(result.ranked)
    elif output is None and len(result.ranked):
        _print(result)
    click.echo("\n".join(x for x in result.summary.lines() if x not in before), err=True)
    if batches is not None:
        write_table(result.batches(batch_g=batch_g, shelf=shelf), batches)
        click.echo(f"batches of {batch_g:g} g written to {batches}", err=True)
    if report is not None:
        result.to_html(report, batch_g=batch_g, shelf=shelf)
        click.echo(f"report written to {report}", err=True)
    return 0 if len(result.ranked) else NOTHING_FEASIBLE


def _print(result: ScreenResult) -> None:
    from ssbml.screening.digest import common, digest

    shared = common(result.ranked)
    if shared:
        click.echo(f"all: {shared}")
    print_frame(digest(result.ranked.head(_SHOWN)))
    if len(result.ranked) > _SHOWN:
        click.echo(f"... and {len(result.ranked) - _SHOWN:,} more; write all of them with -o")


def _write_ranked(
    result: ScreenResult, output: Path, batch_g: float, thickness_um: float | None, shelf: Shelf
) -> None:
    """Write the ranked table; where weights cannot be had, without them and then raise."""
    from ssbml.tables.write import write_table

    frame = result.ranked
    try:
        frame = result.enriched(batch_g=batch_g, thickness_um=thickness_um, shelf=shelf)
    finally:
        write_table(frame, output)
        _write_summary(result, output)
    click.echo(f"{len(frame):,} recipes written to {output}", err=True)


def _write_summary(result: ScreenResult, output: Path) -> None:
    from ssbml.tables.write import replaced

    path = output.with_name(f"{output.name}.summary.json")
    with replaced(path) as temporary:
        text = json.dumps(result.summary.as_dict(), indent=1, ensure_ascii=False)
        temporary.write_text(f"{text}\n", "utf-8")
