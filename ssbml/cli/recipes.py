"""What commands on recipes share: a file or one recipe as options, and rows that are rejected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.vocabulary import VOCABULARIES

if TYPE_CHECKING:
    from ssbml.errors import Problem

SOME_REJECTED = 1
"""Exit status when rows were rejected."""

Command = Callable[..., Any]


def recipe_options(command: Command) -> Command:
    """Add one option per recipe column, from the field table."""
    for name in reversed(RECIPE_FIELDS):
        field = FIELDS[name]
        unit = f" in {field.unit}" if field.unit else ""
        help_text = f"{field.meaning}{unit}"
        if field.kind == "choice":
            help_text += f" [{', '.join(field.choices)}]"
        option = click.option(f"--{name.replace('_', '-')}", name, metavar="VALUE", help=help_text)
        command = option(command)
    return command


def known_options(command: Command) -> Command:
    """Add the options for outcomes measured before impedance."""
    phases = ", ".join(VOCABULARIES["phase_main"])
    command = click.option(
        "--known-phase-main", metavar="VALUE", help=f"Measured main phase [{phases}]"
    )(command)
    return click.option(
        "--known-relative-density-pct", metavar="VALUE", help="Measured relative density, %."
    )(command)


def known_outcomes(density: str | None, phase: str | None) -> dict[str, str]:
    """Return the measured outcomes that were given."""
    cells = {"relative_density_pct": density, "phase_main": phase}
    return {name: cell for name, cell in cells.items() if cell is not None}


def given_recipes(file: Path | None, fields: dict[str, str | None]) -> Any:
    """Return the recipes that a command is asked about: a file, or the fields of one recipe.

    Raises
    ------
    UsageError
        Neither or both, or single fields with a file.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    if (file is None) == ("formula" not in given):
        raise click.UsageError("give either a FILE or --formula")
    if file is not None and given:
        raise click.UsageError(f"--{next(iter(given)).replace('_', '-')} goes with --formula only")
    return file if file is not None else given


def report_rejected(problems: list[Problem], output: Path | None) -> None:
    """Write rejected rows beside the output, or tell about them on stderr."""
    import pandas as pd

    from ssbml.errors import RecipeError
    from ssbml.tables.write import write_table

    target = None if output is None else output.with_name(f"{output.name}.rejected.csv")
    if not problems:
        if target is not None and target.exists():
            target.unlink()
        return
    click.echo(f"ssbml: {RecipeError(problems)}", err=True)
    if target is not None:
        write_table(pd.DataFrame([p.as_dict() for p in problems]), target)
        click.echo(f"rejected rows written to {target}", err=True)
