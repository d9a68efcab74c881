"""Training tables that hold nothing of a test set, in any disguise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ssbml.cells import split_list
from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.obelix import obelix_split, read_obelix
from ssbml.datasets.papers import normalise_doi

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 3


def without_samples(table: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the held-out samples, their papers, compositions and copies.

    Parameters
    ----------
    table : DataFrame
        Samples with ``formula``, ``doi``, ``other_dois``, ``paper_key`` and ``cv_group``.
    held : DataFrame
        Held-out samples with ``formula``, ``doi``, ``other_dois`` and ``paper_key``.

    Returns
    -------
    DataFrame
        The rows that share neither a paper, nor a composition (to 0.001 in atomic fractions), nor a
        ``cv_group`` with a held-out sample.
    """
    papers = set().union(*paper_names(held))
    compositions = set(composition_keys(held["formula"]))
    tied = [
        bool(names & papers) or key in compositions
        for names, key in zip(paper_names(table), composition_keys(table["formula"]), strict=True)
    ]
    groups = set(table.loc[tied, "cv_group"])
    return table.loc[~table["cv_group"].isin(groups)]


def without_obelix_test(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table that nothing of the official OBELiX test split has reached.

    Raises
    ------
    DataError
        OBELiX cannot be had.
    """
    samples, _ = read_obelix()
    split = obelix_split()
    test = [split.get(name) == "test" for name in samples["sample_id"]]
    return without_samples(table, samples.loc[test])


def composition_keys(formulas: Iterable[str]) -> list[str]:
    """Return the composition of each formula, to 0.001 in atomic fractions."""
    return [composition_key(parse_formula(f), _DIGITS) for f in formulas]


def paper_names(table: pd.DataFrame) -> list[set[str]]:
    """Return every name of the papers of each row: key, DOI and further DOIs.

    Parameters
    ----------
    table : DataFrame
        Samples with ``paper_key``, ``doi`` and ``other_dois``.
    """
    out = []
    for key, doi, others in zip(table["paper_key"], table["doi"], table["other_dois"], strict=True):
        names = {normalise_doi(d) for d in (doi, *split_list(others))} | {key}
        out.append({name for name in names if isinstance(name, str)})
    return out
