"""Source rows and corrections to the embedded data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing, split_list
from ssbml.chemistry.families import family_of
from ssbml.datasets.builder.card import data_card
from ssbml.datasets.builder.corrections import (
    apply_corrections,
    read_corrections,
    read_known_pairs,
)
from ssbml.datasets.builder.flags import MEASURED, add_flags
from ssbml.datasets.builder.source import read_source
from ssbml.datasets.builder.tables import (
    write_columns,
    write_rejects,
    write_rows,
    write_samples,
    write_sources,
)
from ssbml.datasets.groups import cv_groups, find_copies, merge_samples, same_samples
from ssbml.errors import Problem
from ssbml.fields import FIELDS
from ssbml.tables.validate import validate
from ssbml.tables.write import replaced

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Built:
    """The parts of a built data set.

    Attributes
    ----------
    samples : DataFrame
        One row per sample, index ``sample_id``, every field as a column.
    n_rows : int
        Source rows that were read.
    rejects : list of Problem
        Cells that spoilt a source row.
    merged : DataFrame
        Records that went into another row: ``row`` and ``sample_id``.
    copies : DataFrame
        Suspected copies in other papers: ``a``, ``b``, ``points``, ``shared``.
    """

    samples: pd.DataFrame
    n_rows: int
    rejects: list[Problem]
    merged: pd.DataFrame
    copies: pd.DataFrame


def build(folder: Path) -> Built:
    """Return the data set of a folder with ``source/*.jsonl`` and ``corrections.csv``.

    Raises
    ------
    DataError
        A source file or the corrections cannot be read, or do not fit each other.
    """
    raw = read_source(folder / "source")
    raw = apply_corrections(raw, read_corrections(folder / "corrections.csv"))
    names = [name for name in FIELDS if name != "sample_id"]
    checked = validate(raw, columns=names)
    table = checked.table.copy()
    incomplete = _incomplete(table)
    table = table.drop(index=[p.index for p in incomplete])
    table["family"] = [
        family_of(formula) if is_missing(family) else family
        for formula, family in zip(table["formula"], table["family"], strict=True)
    ]
    pairs = read_known_pairs(folder / "same.csv", "sample")
    twins = [pair for pair in pairs if set(pair) <= set(table.index)]
    target = same_samples(table, twins)
    gone = target[target != target.index]
    samples = merge_samples(table, twins)
    copies = find_copies(samples)
    pairs = read_known_pairs(folder / "same.csv", "paper")
    related = [(target[a], target[b]) for a, b in pairs if {a, b} <= set(table.index)]
    samples["cv_group"] = cv_groups(samples, related)
    suspected = {*copies["a"], *copies["b"]}
    samples["flags"] = [
        "; ".join([*split_list(flags), *(["copy_suspected"] if label in suspected else [])])
        for label, flags in samples["flags"].items()
    ]
    return Built(
        samples=add_flags(samples),
        n_rows=len(raw),
        rejects=[*checked.problems, *incomplete],
        merged=gone.rename("sample_id").rename_axis("row").reset_index(),
        copies=copies,
    )


def write(built: Built, folder: Path, card: Path) -> None:
    """Write the files of a built data set beside its source rows, and its data card."""
    write_samples(built.samples, folder / "samples.csv")
    write_rejects(built.rejects, folder / "rejects.csv")
    write_columns(folder / "columns.csv")
    write_sources(built.samples, folder / "sources.csv")
    write_rows(folder / "merged.csv", ("row", "sample_id"), _rows(built.merged))
    write_rows(folder / "copies.csv", tuple(built.copies.columns), _rows(built.copies))
    text = data_card(
        built.samples, built.n_rows, built.rejects, len(built.merged), len(built.copies)
    )
    with replaced(card) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


def _incomplete(table: pd.DataFrame) -> list[Problem]:
    """Return rows without a source, without evidence or without anything measured."""
    problems = []
    for position, (label, row) in enumerate(table.iterrows()):
        if is_missing(row["doi"]) and is_missing(row["url"]):
            problems.append(Problem(position, label, "url", None, "neither DOI nor address"))
        elif is_missing(row["evidence"]):
            problems.append(Problem(position, label, "evidence", None, "no evidence"))
        elif all(is_missing(row[name]) for name in MEASURED):
            reason = "nothing measured is left (see corrections.csv)"
            problems.append(Problem(position, label, "formula", row["formula"], reason))
    return problems
