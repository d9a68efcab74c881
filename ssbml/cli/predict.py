"""``ssbml predict``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssbml.cli.console import print_frame, print_json, progress_bar, spans
from ssbml.cli.recipes import (
    SOME_REJECTED,
    given_recipes,
    known_options,
    known_outcomes,
    recipe_options,
    report_rejected,
)

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.tables.validate import Validated

_CHUNK = 20_000

_EPILOG = """\b
Examples:
  ssbml predict --formula Li6.4La3Zr1.4Ta0.6O12 --sintering-temp-c 1150 --atmosphere O2
  ssbml predict recipes.csv -o predictions.csv
  ssbml predict recipes.xlsx --coverage 0.8 --keep -o predictions.parquet
  ssbml predict --formula Li7La3Zr2O12 --known-relative-density-pct 96 --json
"""


@click.command(epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--model", help="Model name; the one in use by default.")
@click.option("--coverage", type=float, default=0.9, show_default=True, help="Of the intervals.")
@known_options
@click.option("--keep", is_flag=True, help="Put the input columns before the predictions.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@recipe_options
def predict(
    file: Path | None,
    output: Path | None,
    model: str | None,
    coverage: float,
    known_relative_density_pct: str | None,
    known_phase_main: str | None,
    keep: bool,
    as_json: bool,
    **fields: str | None,
) -> int:
    """Predict conductivity, relative density and phase purity.

    FILE is a table with a column 'formula' (.csv, .xlsx or .parquet); without it, one recipe is
    given by options. Blank cells mean "not stated". Rejected rows go to OUTPUT.rejected.csv, or to
    stderr; the exit status is then 1.
    """
    from ssbml.calibration import check_coverage
    from ssbml.request import as_table
    from ssbml.tables.validate import validate
    from ssbml.tables.write import check_target, write_table

    recipes = given_recipes(file, fields)
    try:
        check_coverage(coverage)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if output is not None:
        check_target(output)
    raw, first_row = as_table(recipes)
    checked = validate(raw, first_row=first_row)
    known = known_outcomes(known_relative_density_pct, known_phase_main)
    result = _predict_in_chunks(checked, raw, model, coverage, known, keep or file is None)
    if output is not None:
        write_table(result if keep else _without_input(result, file), output)
        click.echo(f"{len(result):,} predictions written to {output}", err=True)
    elif as_json:
        print_json(result if keep else _without_input(result, file))
    elif len(result):
        _print(result, raw, checked)
    report_rejected(checked.problems, output)
    return SOME_REJECTED if checked.problems else 0


def _without_input(result: pd.DataFrame, file: Path | None) -> pd.DataFrame:
    from ssbml.request import PREDICTION_COLUMNS

    return result[list(PREDICTION_COLUMNS)] if file is None else result


def _predict_in_chunks(
    checked: Validated,
    raw: pd.DataFrame,
    model: str | None,
    coverage: float,
    known: dict[str, str],
    keep: bool,
) -> pd.DataFrame:
    import pandas as pd

    from ssbml.models import load_model
    from ssbml.request import predict_validated
    from ssbml.tables.validate import Validated

    predictor = load_model(model)

    def part(start: int, stop: int) -> pd.DataFrame:
        piece = Validated(
            checked.table.iloc[start:stop], [], checked.ignored, checked.positions[start:stop]
        )
        return predict_validated(
            predictor, piece, raw, coverage=coverage, known=known, keep_input=keep
        )

    n = len(checked.table)
    if n <= _CHUNK:
        return part(0, n)
    starts = range(0, n, _CHUNK)
    parts = []
    with progress_bar("predicting", len(starts)) as step:
        for start in starts:
            parts.append(part(start, start + _CHUNK))
            step(f"{min(start + _CHUNK, n):,} of {n:,} recipes")
    return pd.concat(parts)


def _print(result: pd.DataFrame, raw: pd.DataFrame, checked: Validated) -> None:
    """Print the predictions compactly, then the notes."""
    import pandas as pd

    formulas = raw["formula"].iloc[checked.positions].tolist()
    shown = pd.DataFrame(
        {
            "recipe": [str(f) for f in formulas],
            "σ (S/cm)": spans(result, "conductivity_s_cm", ".1e", ".0e"),
            "density (%)": spans(result, "relative_density_pct", ".0f", ".0f"),
            "P(pure)": spans(result, "phase_purity", ".2f", ".2f"),
            "phase": result["phase_main"].tolist(),
            "domain": ["in" if v else "OUT" for v in result["in_domain"]],
            "blank": [str(v) for v in result["n_missing"]],
        }
    )
    print_frame(shown)
    for formula, note in zip(formulas, result["notes"], strict=True):
        if note:
            click.echo(f"{formula}: {note}")
