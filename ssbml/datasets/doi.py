"""Reference cells of compiled tables: one DOI, several, another citation, or a slip of the pen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ssbml.datasets.papers import normalise_doi, paper_key

_REMARK = re.compile(r"\s*\[[^\]]*\]\s*$")


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper or papers that a row of a compiled table names.

    Attributes
    ----------
    doi : str or None
        The first DOI, normalised.
    others : tuple of str
        Further DOIs of the same cell.
    citation : str or None
        The cell as it stands when it holds no DOI.
    flags : tuple of str
        ``several_dois``, or ``doi_unreadable`` for something that starts like a DOI but is none.
    """

    doi: str | None = None
    others: tuple[str, ...] = ()
    citation: str | None = None
    flags: tuple[str, ...] = ()

    def key(self, url: str) -> str:
        """Return ``paper_key``: the DOI, else the citation, else ``url``."""
        return paper_key(self.doi, self.citation, url)


def read_paper(cell: str) -> Paper:
    """Return what a reference cell says.

    Parameters
    ----------
    cell : str
        A DOI (spaces inside and a remark in square brackets behind it are forgiven), several
        separated by ``|``, another citation, or nothing.

    Examples
    --------
    >>> read_paper("10.1002/anie.201700741 [thin pellet]").doi
    '10.1002/anie.201700741'
    """
    parts = [re.sub(r"\s+", "", _REMARK.sub("", part)) for part in cell.split("|")]
    dois = tuple(dict.fromkeys(doi for part in parts if (doi := normalise_doi(part))))
    if dois:
        return Paper(dois[0], dois[1:], flags=("several_dois",) if len(dois) > 1 else ())
    text = cell.strip()
    looks_like_one = re.search(r"\b10[.,]\s?\d|doi", text, re.IGNORECASE) is not None
    return Paper(citation=text or None, flags=("doi_unreadable",) if looks_like_one else ())
