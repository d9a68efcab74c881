"""``ssbml models``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

SOME_DAMAGED = 1
"""Exit status when a stored version is damaged, or a rebuild does not reproduce it."""


@click.group()
def models() -> None:
    """List, choose, check and exchange models.

    NAME is a model's name (my-lab), NAME@3 one version of it. 'default' is the shipped model.
    """


@models.command("list", epilog="\b\nExamples:\n  ssbml models list\n  ssbml models list --json")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, one per version.")
def list_(as_json: bool) -> int:
    """Print every model and version, and which is active."""
    import pandas as pd

    from ssbml.cli.console import print_frame, print_json

    frame = pd.DataFrame(_rows(), dtype=object)
    if as_json:
        print_json(frame)
        return 0
    print_frame(frame.drop(columns=["reason"]))
    return 0


def _rows() -> list[dict[str, Any]]:
    """Return one row a version, the shipped model first."""
    from ssbml.errors import ModelError
    from ssbml.versions.names import DEFAULT
    from ssbml.versions.pointers import read_in_use, read_pointer
    from ssbml.versions.versions import get_version, version_names, versions_of

    try:
        chosen = str(read_in_use())
    except ModelError:
        chosen = ""
    rows = [_row(DEFAULT, "shipped", True, chosen == DEFAULT)]
    for name in version_names():
        try:
            active = read_pointer(name).active
        except ModelError:
            active = None
        for reference in versions_of(name):
            is_active = reference.number == active
            used = chosen == str(reference) or (is_active and chosen == name)
            try:
                record = get_version(reference).record
            except ModelError:
                rows.append(_row(str(reference), "damaged", is_active, used))
                continue
            rows.append(_row(str(reference), record["status"], is_active, used, record))
    return rows


def _row(
    model: str, status: str, active: bool, used: bool, record: dict[str, Any] | None = None
) -> dict[str, Any]:
    record = record or {}
    return {
        "model": model,
        "status": status,
        "active": "yes" if active else "",
        "in use": "yes" if used else "",
        "lab rows": str(record.get("lab", {}).get("rows", "")),
        "from": str(record.get("parent", "")),
        "made": str(record.get("created", ""))[:16].replace("T", " "),
        "reason": str(record.get("reason", "")),
    }


@models.command(epilog="\b\nExamples:\n  ssbml models show\n  ssbml models show my-lab@2")
@click.argument("name", default="default")
def show(name: str) -> int:
    """Print where a version comes from, and the card of a model."""
    from ssbml.models import load_model
    from ssbml.versions.names import DEFAULT, parse_reference
    from ssbml.versions.versions import get_version

    if "/" not in name and parse_reference(name).name != DEFAULT:
        version = get_version(name)
        record = version.record
        click.echo(f"{version.reference}: {record['status']}, {record['created']}")
        click.echo(f"reason: {record['reason']}")
        click.echo(
            f"from {record['parent']}, lab rows: {record['lab']['rows']}, in {version.path}\n"
        )
    click.echo(load_model(name).card)
    return 0


@models.command(
    epilog="""\b
Examples:
  ssbml models use my-lab      follow the active version of my-lab
  ssbml models use my-lab@2    this version, also when it was not promoted
  ssbml models use default     back to the shipped model
"""
)
@click.argument("name")
def use(name: str) -> int:
    """Choose the model of predictions that name none."""
    from ssbml.versions.choice import use as choose

    click.echo(f"predictions that name no model now use {choose(name)}", err=True)
    return 0


@models.command(epilog="\b\nExample:\n  ssbml models rollback my-lab")
@click.argument("name")
def rollback(name: str) -> int:
    """Go back to the version that was active before.

    Nothing is deleted: 'ssbml models use NAME@3' goes forward again.
    """
    from ssbml.versions.choice import rollback as go_back

    click.echo(f"{go_back(name)} is active again", err=True)
    return 0


@models.command(epilog="\b\nExamples:\n  ssbml models verify\n  ssbml models verify my-lab")
@click.argument("name", required=False)
def verify(name: str | None) -> int:
    """Check every file of stored versions, and that the models open."""
    from ssbml.models import load_model
    from ssbml.versions.check import store_problems
    from ssbml.versions.names import DEFAULT

    if name in (None, DEFAULT):
        load_model(DEFAULT)
        click.echo(f"{DEFAULT}: sound")
    found = {} if name == DEFAULT else store_problems(name)
    for version, problems in found.items():
        for line in problems or ["sound"]:
            click.echo(f"{version}: {line}")
    return SOME_DAMAGED if any(found.values()) else 0


@models.command(
    epilog="""\b
Examples:
  ssbml models export my-lab -o my-lab.zip
  ssbml models export my-lab@2 -o second.zip
"""
)
@click.argument("name")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="The .zip to write."
)
def export(name: str, output: Path) -> int:
    """Write a version, with the lab rows it learned from, as one file."""
    from ssbml.versions.exchange import export_version
    from ssbml.versions.versions import get_version

    version = get_version(name)
    export_version(version, output)
    rows = version.record["lab"]["rows"]
    click.echo(f"{output} written: {version.reference} with its {rows} lab rows", err=True)
    return 0


@models.command(
    "import",
    epilog="""\b
Examples:
  ssbml models import my-lab.zip
  ssbml models import my-lab.zip --name theirs
""",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Name to store it under; the one it was exported from by default.")
def import_(file: Path, name: str | None) -> int:
    """Store an exported version; it is checked, never executed.

    It does not become active: 'ssbml models use' does that.
    """
    from ssbml.versions.exchange import import_version

    found = import_version(file, name).reference
    click.echo(f"stored as {found}; to use it: ssbml models use {found}", err=True)
    return 0


@models.command(epilog="\b\nExample:\n  ssbml models rebuild my-lab@2")
@click.argument("name")
def rebuild(name: str) -> int:
    """Fit a version again and compare the predictions.

    Rows, settings, seed and method come from the folder of the version.
    """
    from ssbml.retraining.rebuild import rebuilder_of
    from ssbml.versions.rebuild import TOLERANCE
    from ssbml.versions.rebuild import rebuild as fit_again
    from ssbml.versions.versions import get_version

    version = get_version(name)
    found = fit_again(version, rebuilder_of(version))
    click.echo(
        f"{version.reference}: predictions of {found.n_recipes} recipes differ by at most "
        f"{found.difference:.1e} (allowed {TOLERANCE:g})"
    )
    if found.reproduced:
        return 0
    for library, (then, now) in found.libraries.items():
        click.echo(f"{library} was {then}, is {now}")
    return SOME_DAMAGED
