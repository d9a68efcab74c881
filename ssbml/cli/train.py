"""``ssbml train``."""

from __future__ import annotations

from pathlib import Path

import click

from ssbml.cli.console import progress_bar

_FIT_STEPS = 4
_EVALUATION_STEPS = 3


@click.command(
    epilog="""\b
Examples:
  ssbml train -o my-model
  ssbml train --config training/default.toml --data literature --no-evaluate -o quick
"""
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings in TOML.")
@click.option("--data", help="Data set; the one named in the settings by default.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the model; replaced if it is one.",
)
@click.option("--evaluate/--no-evaluate", default=True, help="Cross-validate for the card.")
def train(config: Path | None, data: str | None, output: Path, evaluate: bool) -> int:
    """Train a model and write its folder with trees, calibration, manifest and card."""
    from ssbml.datasets.load import EMBEDDED
    from ssbml.training import OUTER_FOLDS, settings_of
    from ssbml.training import train as run

    settings = settings_of(config)
    steps = _FIT_STEPS + settings.folds
    if evaluate:
        once = OUTER_FOLDS + _EVALUATION_STEPS
        steps += once if (data or settings.data) == EMBEDDED else 2 * once
    with progress_bar("training", steps) as step:
        predictor = run(settings, data=data, evaluate=evaluate, progress=step)
    predictor.save(output)
    click.echo(f"model written to {output}", err=True)
    return 0
