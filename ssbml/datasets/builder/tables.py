"""The files of the embedded data set, written byte by byte the same each time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.datasets.builder.corrections import cell_text
from ssbml.errors import Problem
from ssbml.fields import FIELDS
from ssbml.tables.write import replaced

if TYPE_CHECKING:
    import pandas as pd


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV file: UTF-8, comma, line feed, blanks empty, flags true and false."""
    with (
        replaced(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([cell_text(cell) for cell in row] for row in rows)


def write_samples(samples: pd.DataFrame, path: Path) -> None:
    """Write the samples: the fields that are ever filled, in the order of the field table.

    Parameters
    ----------
    samples : DataFrame
        Index ``sample_id``.
    path : Path
        Target file.
    """
    table = samples.assign(sample_id=samples.index)
    always = ("sample_id", "source", "flags", "conflicts", "cv_group")
    names = [n for n in FIELDS if n in table and (n in always or table[n].notna().any())]
    write_rows(path, names, table[names].itertuples(index=False, name=None))


def write_rejects(problems: Iterable[Problem], path: Path) -> None:
    """Write rejected cells: row name, column, value, reason."""
    rows = [(p.index, p.column, p.value, p.reason) for p in problems]
    write_rows(path, ("row", "column", "value", "reason"), rows)


def write_columns(path: Path, names: Iterable[str] = tuple(FIELDS)) -> None:
    """Write the column dictionary from the field table."""
    header = ("name", "role", "kind", "unit", "low", "high", "allowed", "meaning")
    fields = [FIELDS[n] for n in names]
    rows = [(f.name, f.role, f.kind, f.unit, f.low, f.high, f.allowed, f.meaning) for f in fields]
    write_rows(path, header, rows)


def write_sources(samples: pd.DataFrame, path: Path) -> None:
    """Write one line for each paper: key, DOI, title, year, address, number of samples."""
    rows = []
    for key, block in samples.groupby("paper_key", sort=True):
        first = {c: next(iter(block[c].dropna()), None) for c in ("doi", "title", "year", "url")}
        rows.append((key, first["doi"], first["title"], first["year"], first["url"], len(block)))
    write_rows(path, ("paper_key", "doi", "title", "year", "url", "n_samples"), rows)
