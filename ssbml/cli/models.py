"""``ssbml models``."""

from __future__ import annotations

import click


@click.group()
def models() -> None:
    """List and show models."""


@models.command("list")
def list_() -> int:
    """Print the names of the models."""
    from ssbml.models import list_models

    for name in list_models():
        click.echo(name)
    return 0


@models.command()
@click.argument("name", default="default")
def show(name: str) -> int:
    """Print the card of a model."""
    from ssbml.models import load_model

    click.echo(load_model(name).card)
    return 0
