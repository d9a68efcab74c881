"""``ssbml data``."""

from __future__ import annotations

from pathlib import Path

import click

from ssbml.cli.console import print_frame

SOME_REJECTED = 1
"""Exit status when a file has cells that cannot be used."""

_OUTCOME_LABELS = {
    "conductivity": (
        "sigma_total_s_cm",
        "sigma_bulk_s_cm",
        "sigma_unspecified_s_cm",
    ),
    "bound": ("sigma_max_s_cm", "sigma_min_s_cm"),
    "density": ("relative_density_pct",),
    "purity": ("phase_pure",),
    "main phase": ("phase_main",),
    "Ea": ("activation_energy_ev",),
    "firing T": ("sintering_temp_c",),
    "firing time": ("sintering_time_h",),
    "atmosphere": ("atmosphere",),
    "Li excess": ("li_excess_pct",),
}


@click.group()
def data() -> None:
    """Look at, check and fetch data sets."""


@data.command(
    epilog="""\b
Examples:
  ssbml data summary
  ssbml data summary full
"""
)
@click.argument("name", default="literature")
def summary(name: str) -> int:
    """Print what a data set holds per family."""
    import pandas as pd

    from ssbml.datasets.load import load_dataset
    from ssbml.features.assemble import families_of

    table = load_dataset(name)
    family = pd.Series(families_of(table), index=table.index)
    columns = {
        "samples": family.value_counts(),
        "papers": table.groupby(family)["paper_key"].nunique(),
    }
    for label, fields in _OUTCOME_LABELS.items():
        stated = table[list(fields)].notna().any(axis=1)
        columns[label] = family[stated].value_counts()
    frame = pd.DataFrame(columns).fillna(0).astype(int).sort_values("samples", ascending=False)
    frame.loc["all"] = frame.sum()
    frame.loc["all", "papers"] = int(table["paper_key"].nunique())
    print_frame(frame.reset_index(names="family"), f"{name}: {len(table):,} samples")
    return 0


@data.command(
    epilog="""\b
Examples:
  ssbml data validate recipes.csv
  ssbml data validate lab.xlsx --lab
  ssbml data validate lab.xlsx --lab --corrected mend-me.xlsx
"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lab",
    is_flag=True,
    help="Read it as 'ssbml retrain' does: headers with units are understood and converted, and "
    "what was done is listed.",
)
@click.option(
    "--corrected",
    type=click.Path(path_type=Path),
    help="With --lab: write a copy with a 'problem' column (.xlsx or .csv).",
)
def validate(file: Path, lab: bool, corrected: Path | None) -> int:
    """Check a table of samples: every cell that cannot be used, and doubts about the others."""
    if corrected is not None and not lab:
        raise click.UsageError("--corrected goes with --lab")
    return _validate_lab(file, corrected) if lab else _validate_strictly(file)


def _validate_lab(file: Path, corrected: Path | None) -> int:
    from ssbml.lab.corrected import write_corrected
    from ssbml.lab.read import read_lab

    found = read_lab(file)
    for line in found.report.lines():
        click.echo(line)
    if corrected is not None:
        click.echo(f"{write_corrected(found, corrected)} written", err=True)
    return SOME_REJECTED if found.report.problems else 0


def _validate_strictly(file: Path) -> int:
    from ssbml.datasets.validation import validate_file

    report = validate_file(file)
    for name, like in report.ignored.items():
        hint = f", did you mean {like}?" if like else ""
        click.echo(f"column '{name}' is not known and is ignored{hint}")
    for problem in report.problems:
        click.echo(problem.sentence())
    for warning in report.warnings:
        click.echo(f"doubt: {warning.sentence()}")
    bad = len({p.row for p in report.problems})
    click.echo(
        f"{file.name}: {report.n_rows:,} rows, {bad:,} cannot be used, "
        f"{len(report.warnings):,} doubts"
    )
    return SOME_REJECTED if report.problems else 0


@data.command(
    epilog="""\b
Examples:
  ssbml data fetch obelix
  SSBML_DATA=/my/copies ssbml data fetch liverpool
"""
)
@click.argument("name")
def fetch(name: str) -> int:
    """Download the files of a public data set, or check those that SSBML_DATA names."""
    from ssbml.datasets.registry import fetch as fetch_file
    from ssbml.datasets.registry import files_of

    files = files_of(name)
    for file in files:
        click.echo(str(fetch_file(file.name)))
    click.echo(f"licence: {files[0].licence}; cite: {files[0].citation}")
    return 0


@data.command(
    epilog="""\b
Example:
  ssbml data template -o lab.xlsx
"""
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Write .xlsx (with drop-downs), .csv or .parquet.",
)
def template(output: Path) -> int:
    """Write a spreadsheet for lab data: every column, its allowed values, three examples.

    A file that exists is never overwritten: it may hold rows of the lab.
    """
    from ssbml.errors import TableError
    from ssbml.lab.template import write_template

    if output.exists():
        raise TableError(
            f"{output} exists already and may hold rows of yours; give another name, or delete it "
            "first"
        )
    write_template(output)
    click.echo(
        f"{output} written; 'formula' is the only column that must be filled, and rows of the "
        "batch 'example' are left out when it is read",
        err=True,
    )
    return 0
