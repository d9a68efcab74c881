"""What cross-validation keeps together: connected components over papers and copies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from ssbml.datasets.copies import find_copies
from ssbml.datasets.merge import merge_samples, same_samples
from ssbml.datasets.papers import normalise_doi, paper_key, same_papers
from ssbml.datasets.unions import Unions

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "cv_groups",
    "find_copies",
    "merge_samples",
    "normalise_doi",
    "paper_key",
    "same_papers",
    "same_samples",
]


def cv_groups(
    frame: pd.DataFrame, known: Iterable[tuple[Hashable, Hashable]] = ()
) -> pd.Series[str]:
    """Return the group of every sample: its paper, joined with the papers that hold copies.

    Parameters
    ----------
    frame : DataFrame
        Samples with ``formula`` and ``paper_key``; the index is unique.
    known : iterable of pairs of labels, optional
        Samples whose papers are known to belong together.

    Returns
    -------
    Series of str
        The alphabetically first paper key of each group, on the index of ``frame``; independent of
        the order of the rows.
    """
    import pandas as pd

    papers = same_papers(frame)
    paper: dict[Hashable, str] = dict(zip(frame.index, papers, strict=True))
    unions = Unions(sorted(set(papers)))
    copies = find_copies(frame)
    for a, b in [*zip(copies["a"], copies["b"], strict=True), *known]:
        unions.join(paper[a], paper[b])
    return pd.Series([unions.first(p) for p in papers], index=frame.index, name="cv_group")
