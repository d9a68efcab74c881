"""``ssbml arrhenius``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ssbml.cli.console import print_frame, print_json
from ssbml.cli.recipes import given_recipes, recipe_options
from ssbml.errors import VaryError

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.temperature.curve import Curve

_PLOT = ".html"


@click.command(
    epilog="""\b
Examples:
  ssbml arrhenius --formula Li6.4La3Zr1.4Ta0.6O12 --thickness-um 30 -o plot.html
  ssbml arrhenius --formula "Li1.3Al0.3Ti1.7(PO4)3" --sintering-temp-c 950 --range -20:100:10
""",
    context_settings={"max_content_width": 100},
)
@click.option("--range", "span", default="-20:100:5", show_default=True, help="START:STOP:STEP, °C")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write .html, .csv, .xlsx, .parquet"
)
@click.option("--data", default="literature", show_default=True, help="Set of published points.")
@click.option("--model", help="Model name; the shipped model by default.")
@click.option("--coverage", type=float, default=0.9, show_default=True, help="Of the intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@recipe_options
def arrhenius(
    span: str,
    output: Path | None,
    data: str,
    model: str | None,
    coverage: float,
    as_json: bool,
    **fields: str | None,
) -> int:
    """Predict conductivity over temperature, with activation energy.

    With --thickness-um also the resistance of the layer, and the temperatures at which it meets
    3.75 ohm cm². A plot (.html) shows published points of the composition.
    """
    from ssbml.calibration import check_coverage
    from ssbml.temperature.curve import arrhenius as run

    recipe = given_recipes(None, fields)
    temperatures = _temperatures(span)
    try:
        check_coverage(coverage)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if output is not None:
        _check(output)
    curve = run(recipe, model=model, temperatures_c=temperatures, coverage=coverage)
    if output is not None:
        _write(curve, output, data)
        click.echo(f"written to {output}", err=True)
    if as_json:
        print_json(curve.table)
    elif output is None:
        print_frame(_shown(curve))
    for line in _sentences(curve):
        click.echo(line, err=as_json)
    return 0


def _temperatures(span: str) -> list[float]:
    """Return the temperatures of START:STOP:STEP, both ends included."""
    import numpy as np

    from ssbml.activation import KELVIN

    try:
        start, stop, step = (float(part) for part in span.split(":"))
    except ValueError:
        raise click.UsageError(f"--range {span}: START:STOP:STEP in °C, -20:100:5") from None
    if not (step > 0 and stop >= start):
        raise click.UsageError(f"--range {span}: STOP must not be below START, STEP above 0")
    if start <= -KELVIN:
        raise VaryError(f"--range {span}: {start:g} °C is not above absolute zero, -273.15 °C")
    count = int((stop - start) / step + 1e-9) + 1
    return [float(t) for t in start + step * np.arange(count)]


def _check(output: Path) -> None:
    from ssbml.tables.read import SUFFIXES
    from ssbml.tables.write import check_destination

    check_destination(output, (_PLOT, *SUFFIXES), "output files end in")


def _write(curve: Curve, output: Path, data: str) -> None:
    from ssbml.datasets.load import load_dataset
    from ssbml.explanation.figures import save_html
    from ssbml.tables.write import write_table
    from ssbml.temperature.plot import arrhenius_figure
    from ssbml.temperature.points import published_points

    if output.suffix.lower() != _PLOT:
        write_table(curve.table, output)
        return
    points = published_points(load_dataset(data), curve.formula, family=curve.family)
    save_html(arrhenius_figure(curve, points), output)


def _shown(curve: Curve) -> pd.DataFrame:
    """Return the curve compactly."""
    import pandas as pd

    table = curve.table
    cells = zip(
        table["conductivity_s_cm"],
        table["conductivity_s_cm_lower"],
        table["conductivity_s_cm_upper"],
        strict=True,
    )
    shown = {
        "T (°C)": [f"{t:g}" for t in table["temperature_c"]],
        "σ (S/cm)": [f"{v:.1e} ({low:.0e} to {high:.0e})" for v, low, high in cells],
    }
    if curve.window is not None:
        shown["R (ohm cm²)"] = [f"{r:.3g}" for r in table["asr_ohm_cm2"]]
    return pd.DataFrame(shown)


def _sentences(curve: Curve) -> list[str]:
    point, low, high = curve.activation_energy_ev
    lines = [
        f"{curve.formula}: activation energy {point:.2f} eV ({low:.2f} to {high:.2f}) of ln(σT), "
        f"{curve.energy_of_ln_sigma_ev:.2f} of ln(σ)"
    ]
    note = str(curve.table["asr_notes"].iloc[0])
    if curve.window is not None:
        lines.append(curve.window.sentence())
        if note:
            lines.append(note)
    if not curve.in_domain:
        lines.append("out of domain: the data do not support this recipe")
    elif not curve.table["in_domain"].all():
        inside = curve.table.loc[curve.table["in_domain"], "temperature_c"]
        lines.append(
            f"published measurements of the family support {inside.min():g} to "
            f"{inside.max():g} °C; the rest is extrapolated"
        )
    if not curve.table["in_range"].all():
        start, stop = curve.valid_c
        lines.append(f"a straight line is meant from {start:g} to {stop:g} °C only")
    return lines
