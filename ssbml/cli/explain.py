"""``ssbml explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from ssbml.cli.console import print_frame, print_json
from ssbml.cli.recipes import (
    SOME_REJECTED,
    given_recipes,
    known_options,
    known_outcomes,
    recipe_options,
    report_rejected,
)
from ssbml.targets import TARGETS

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.explanation.drivers import Split
    from ssbml.explanation.explainer import Explainer, Explanation
    from ssbml.tables.validate import Validated

_EPILOG = """\b
Examples:
  ssbml explain --formula Li6.4La3Zr1.4Ta0.6O12 --sintering-temp-c 1150 --atmosphere O2
  ssbml explain recipes.csv --row 3 --plot drivers.png
  ssbml explain recipes.csv -o drivers.csv
  ssbml explain --formula Li1.3Al0.3Ti1.7(PO4)3 --property relative_density_pct --json
"""


@click.command(epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write drivers as .csv, .xlsx or .parquet, and precedents beside them.",
)
@click.option("--row", type=int, help="Explain one line of FILE (the header is line 1).")
@click.option(
    "--property",
    "column",
    type=click.Choice(list(TARGETS)),
    help="Explain one property; all by default.",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    help="Draw a waterfall of one recipe: .html, .png, .svg or .pdf.",
)
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the drivers as a list of objects.")
@known_options
@recipe_options
def explain(
    file: Path | None,
    output: Path | None,
    row: int | None,
    column: str | None,
    plot: Path | None,
    model: str | None,
    as_json: bool,
    known_relative_density_pct: str | None,
    known_phase_main: str | None,
    **fields: str | None,
) -> int:
    """Say what drives a prediction and which published samples are nearest to the recipe.

    FILE is a table with a column 'formula'; without it, one recipe is given by options.
    Contributions start at the average published sample and add up to the prediction. Below 15
    published samples that vary a field there is not enough data to advise on it.
    """
    from ssbml.explanation.explainer import Explainer, Explanation
    from ssbml.explanation.figures import check_figure
    from ssbml.explanation.table import drivers_table
    from ssbml.models import load_model
    from ssbml.request import as_table, measured_of_rows
    from ssbml.tables.validate import validate
    from ssbml.tables.write import check_target

    recipes = given_recipes(file, fields)
    if row is not None and file is None:
        raise click.UsageError("--row goes with a FILE")
    if output is not None:
        check_target(output)
    if plot is not None:
        check_figure(plot)
    raw, first_row = as_table(recipes)
    checked = validate(raw, first_row=first_row)
    known = known_outcomes(known_relative_density_pct, known_phase_main)
    if row is not None:
        checked = _only(checked, row, first_row, len(raw))
        if checked.problems:
            click.echo(_rejected_words(checked, row), err=True)
            return SOME_REJECTED
    measured = measured_of_rows(known, len(raw), checked.positions)
    if plot is not None and len(checked.table) != 1:
        raise click.UsageError(
            f"--plot draws one recipe, {len(checked.table)} can be explained; choose one with --row"
        )
    explainer = Explainer.of(load_model(model))
    splits = explainer.split(checked.table, measured)
    drivers = drivers_table(splits, explainer.counts, checked.table.index)
    if column is not None:
        drivers = drivers[drivers["property"] == column]
    explanation = Explanation(drivers, explainer.index.nearest(explainer.predictor, checked.table))
    if plot is not None:
        _plot(explanation, checked, plot, column)
    if output is not None:
        _write(explanation, output)
    elif as_json:
        print_json(explanation.drivers)
    else:
        _print(explanation, explainer, checked, splits, column)
    report_rejected(checked.problems, output)
    return SOME_REJECTED if checked.problems else 0


def _only(checked: Validated, row: int, first_row: int, n: int) -> Validated:
    """Return one line of a validated file."""
    from ssbml.tables.validate import Validated

    if not first_row <= row < first_row + n:
        raise click.UsageError(
            f"--row {row}: the file has recipes in lines {first_row} to {first_row + n - 1}"
        )
    at = np.flatnonzero(checked.positions == row - first_row)
    return Validated(
        checked.table.iloc[at],
        [p for p in checked.problems if p.row == row],
        checked.ignored,
        checked.positions[at],
    )


def _rejected_words(checked: Validated, row: int) -> str:
    reasons = "; ".join(p.sentence().partition(", ")[2] for p in checked.problems)
    return f"ssbml: row {row} was rejected and cannot be explained: {reasons}"


def _plot(explanation: Explanation, checked: Validated, path: Path, column: str | None) -> None:
    from ssbml.explanation.waterfall import draw_waterfall

    title = str(checked.table["formula"].iloc[0])
    draw_waterfall(explanation.drivers, path, column=column or next(iter(TARGETS)), title=title)
    click.echo(f"plot written to {path}", err=True)


def _write(explanation: Explanation, output: Path) -> None:
    from ssbml.tables.write import write_table

    beside = output.with_name(f"{output.stem}.precedents{output.suffix}")
    write_table(explanation.drivers, output)
    write_table(explanation.precedents, beside)
    click.echo(f"drivers written to {output}, precedents to {beside}", err=True)


def _print(
    explanation: Explanation,
    explainer: Explainer,
    checked: Validated,
    splits: list[Split],
    column: str | None,
) -> None:
    from ssbml.explanation.sentences import sentence

    columns = (column,) if column is not None else tuple(TARGETS)
    formulas = checked.table["formula"].tolist()
    for number, (formula, split) in enumerate(zip(formulas, splits, strict=True)):
        click.echo(f"{formula}: {sentence(split, explainer.counts, columns)}")
        drivers = explanation.drivers[explanation.drivers["row"] == number]
        print_frame(_effects(drivers), f"What drives {formula}")
        found = explanation.precedents[explanation.precedents["row"] == number]
        if (found["rank"] == 0).all():
            click.echo(f"Precedents: {found['differences'].iloc[0]}.\n")
        else:
            print_frame(_nearest(found), "Nearest published samples")


def _effects(drivers: pd.DataFrame) -> pd.DataFrame:
    """Return one line a driver with its effect on each property."""
    import pandas as pd

    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for _, line in drivers.iterrows():
        cells = lines.setdefault((line["driver"], line["value"]), {})
        cells[line["property"]] = line["effect"]
        cells.setdefault("support", line["support"])
    shown = {name: name.split("_")[0] for name in TARGETS} | {
        "relative_density_pct": "density",
        "phase_purity": "P(pure)",
    }
    return pd.DataFrame(
        {
            "driver": f"{driver} {value}".strip(),
            **{shown[name]: cells[name] for name in TARGETS if name in cells},
            "published data": cells["support"],
        }
        for (driver, value), cells in lines.items()
    )


def _nearest(found: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    source = [d or u for d, u in zip(found["doi"], found["url"], strict=True)]
    return pd.DataFrame(
        {
            "alike": [f"{s:.0%}" for s in found["similarity"]],
            "formula": found["formula"].tolist(),
            "results": found["results"].tolist(),
            "differs": found["differences"].tolist(),
            "DOI or URL": source,
        }
    )
