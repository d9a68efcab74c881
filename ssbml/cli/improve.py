"""``ssbml improve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssbml.cli.console import print_frame, print_json
from ssbml.cli.recipes import SOME_REJECTED, given_recipes, recipe_options, report_rejected
from ssbml.targets import TARGETS

if TYPE_CHECKING:
    import pandas as pd

NOTHING_FOUND = 1
"""Exit status when no change within the allowed ranges reaches the goal."""

_EPILOG = """\b
Examples:
  ssbml improve --formula Li6.25Al0.25La3Zr2O12 --form pellet --sintering-temp-c 1100
  ssbml improve recipe.csv --by 1.5 --allow sintering_temp_c=1050:1200 --allow atmosphere=O2,Ar
  ssbml improve --formula Li6.4La3Zr1.4Ta0.6O12 --allow Ta=0.1:1 --property relative_density_pct
  ssbml improve recipe.csv --fix sintering_method --fix crucible -o suggestions.csv
"""


@click.command(epilog=_EPILOG, context_settings={"max_content_width": 100})
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--property",
    "column",
    type=click.Choice(list(TARGETS)),
    default=next(iter(TARGETS)),
    show_default=True,
    help="What to raise.",
)
@click.option(
    "--by",
    type=float,
    help="A factor (conductivity, 2), points (density, 1) or probability (0.02).",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="FIELD=RANGE",
    help="Change only these: sintering_temp_c=1000:1200, atmosphere=O2,Ar or Ta=0:1.",
)
@click.option("--fix", multiple=True, metavar="FIELD", help="Never change this field or dopant.")
@click.option(
    "--top", type=click.IntRange(1, 50), default=5, show_default=True, help="Suggestions."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write .csv, .xlsx, .parquet")
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@recipe_options
def improve(
    file: Path | None,
    column: str,
    by: float | None,
    allow: tuple[str, ...],
    fix: tuple[str, ...],
    top: int,
    output: Path | None,
    model: str | None,
    as_json: bool,
    **fields: str | None,
) -> int:
    """Propose the smallest changes to a recipe that raise a property, with what they cost.

    FILE holds one recipe; without it, the recipe is given by options. Unless --allow says what may
    change, this is what the recipe states or what matters for its form, where at least 15 published
    samples of the family vary it, over their range. Exit status 1: nothing reaches the goal.
    """
    from ssbml.errors import RecipeError
    from ssbml.explanation.counterfactuals import improve as find
    from ssbml.tables.write import check_target, write_table

    recipes = given_recipes(file, fields)
    if output is not None:
        check_target(output)
    allowed = dict(_allowed(text) for text in allow) or None
    try:
        found = find(recipes, column, by=by, allow=allowed, fix=fix, top=top, model=model)
    except RecipeError as error:
        report_rejected(error.problems, output)
        return SOME_REJECTED
    if output is not None:
        write_table(found.reset_index(), output)
        click.echo(f"{len(found)} suggestions written to {output}", err=True)
    elif as_json:
        print_json(found.reset_index())
    elif len(found):
        print_frame(_shown(found))
    if found.empty:
        most = "" if found.attrs["best_gain"] is None else "the most is "
        click.echo(
            f"nothing within the allowed ranges raises {column} so far; "
            f"{most}{found.attrs['best']}",
            err=True,
        )
        return NOTHING_FOUND
    return 0


def _allowed(text: str) -> tuple[str, Any]:
    name, sign, values = text.partition("=")
    if not sign or not values.strip():
        raise click.UsageError(
            f"--allow '{text}': write a range such as Ta=0:1, or values such as atmosphere=O2,Ar"
        )
    if ":" in values:
        return name.strip(), tuple(part.strip() for part in values.split(":"))
    return name.strip(), [part.strip() for part in values.split(",")]


def _shown(found: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "rank": found.index,
            "change": found["changes"],
            "σ (S/cm)": [
                f"{s:.1e} (×{f:.2g})"
                for s, f in zip(
                    found["conductivity_s_cm"], found["conductivity_factor"], strict=True
                )
            ],
            "density (%)": [
                f"{d:.1f} ({c:+.1f})"
                for d, c in zip(found["relative_density_pct"], found["density_change"], strict=True)
            ],
            "P(pure)": [
                f"{p:.2f} ({c:+.2f})"
                for p, c in zip(found["phase_purity"], found["purity_change"], strict=True)
            ],
            "published data": found["support"],
        }
    )
