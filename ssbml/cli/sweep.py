"""``ssbml sweep``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssbml.cli.console import print_frame, print_json, spans
from ssbml.cli.recipes import SOME_REJECTED, given_recipes, recipe_options, report_rejected

if TYPE_CHECKING:
    import pandas as pd

_EPILOG = """\b
Examples:
  ssbml sweep recipe.csv --vary sintering_temp_c=1000:1250:10 --plot sweep.html
  ssbml sweep recipe.csv --vary sintering_temp_c=1000:1250:25 --vary Ta=0:1:0.1 -o s.csv
  ssbml sweep --formula Li6.4La3Zr1.4Ta0.6O12 --vary Ta=0.1:1:0.1 --sintering-temp-c 1150
  ssbml sweep --formula Li6.4La3Zr1.4Ta0.6O12 --vary temperature_c=-20:100:10 --plot sigma.png
"""


@click.command(epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="FIELD=START:STOP:STEP",
    help="Field or dopant to vary, ends included; twice for two.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw .html, .png, .svg or .pdf.")
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--coverage", type=float, default=0.9, show_default=True, help="Of the intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@recipe_options
def sweep(
    file: Path | None,
    vary: tuple[str, ...],
    output: Path | None,
    plot: Path | None,
    model: str | None,
    coverage: float,
    as_json: bool,
    **fields: str | None,
) -> int:
    """Predict recipes over a range of one or two of their fields.

    FILE is a table with a column 'formula'; without it, one recipe is given by options. A recipe
    must state the field that is varied; an element symbol varies the amount of that dopant.
    """
    from ssbml.calibration import check_coverage
    from ssbml.explanation.axes import check_stated, parse_axes
    from ssbml.explanation.figures import check_figure
    from ssbml.explanation.sweep_plot import draw_sweep
    from ssbml.explanation.sweeps import sweep_table
    from ssbml.models import load_model
    from ssbml.request import as_table
    from ssbml.tables.validate import validate
    from ssbml.tables.write import check_target, write_table

    recipes = given_recipes(file, fields)
    axes = parse_axes(vary)
    try:
        check_coverage(coverage)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if output is not None:
        check_target(output)
    if plot is not None:
        check_figure(plot)
    raw, first_row = as_table(recipes)
    checked = validate(raw, first_row=first_row)
    for axis in axes:
        check_stated(axis, checked.table)
    if len(checked.table):
        table = sweep_table(load_model(model), checked.table, axes, coverage)
        if plot is not None:
            draw_sweep(table, plot)
            click.echo(f"plot written to {plot}", err=True)
        if output is not None:
            write_table(table, output)
            click.echo(f"{len(table):,} predictions written to {output}", err=True)
        elif as_json:
            print_json(table)
        elif plot is None:
            print_frame(_shown(table, [axis.name for axis in axes]))
    report_rejected(checked.problems, output)
    return SOME_REJECTED if checked.problems else 0


def _shown(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "recipe": table["formula"],
            **{name: [f"{v:g}" for v in table[name]] for name in names},
            "σ (S/cm)": spans(table, "conductivity_s_cm", ".1e", ".0e"),
            "density (%)": spans(table, "relative_density_pct", ".1f", ".0f"),
            "P(pure)": spans(table, "phase_purity", ".2f", ".2f"),
            "domain": ["in" if v else "OUT" for v in table["in_domain"]],
        }
    )
