"""DOIs as they stand in compiled tables, and the identity of a paper."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PREFIX = re.compile(r"^(?:https?://)?(?:dx\.)?(?:doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI = re.compile(r"^10\.\d{4,9}/\S+$")
_NOTE = re.compile(r"\s*\[[^\]]*\]\s*$")
_SUPPLEMENT = re.compile(r"\.s\d{3}$")
_TITLE_CHARACTERS = 70


def normalise_doi(text: str) -> str | None:
    """Return a DOI in its plain lower-case form.

    Address prefixes, spaces, trailing punctuation, a remark in square brackets and the suffix of a
    supplementary file (``.s001``) are taken off.

    Parameters
    ----------
    text : str
        A cell that should hold one DOI.

    Returns
    -------
    str or None
        None when the rest is not a DOI.

    Examples
    --------
    >>> normalise_doi("https://doi.org/10.1021/ACS.inorgchem.8b01785.s001")
    '10.1021/acs.inorgchem.8b01785'
    """
    bare = _PREFIX.sub("", _NOTE.sub("", text.strip()))
    bare = re.sub(r"\s+", "", bare).replace("%2F", "/").rstrip(".,;'\"").lower()
    bare = _SUPPLEMENT.sub("", bare)
    return bare if _DOI.match(bare) else None


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper or papers that a row of a compiled table names.

    Attributes
    ----------
    doi : str or None
        The first DOI.
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

    def key(self, fallback_url: str) -> str:
        """Return ``paper_key``: the DOI, else the citation, else the address of the source."""
        if self.doi:
            return self.doi
        letters = re.sub(r"[\W_]", "", (self.citation or "").lower())
        return f"t:{letters[:_TITLE_CHARACTERS]}" if letters else f"u:{fallback_url}"


def read_paper(cell: str) -> Paper:
    """Return what a reference cell says.

    Parameters
    ----------
    cell : str
        A DOI, several separated by ``|``, another citation, or nothing.
    """
    parts = [part for part in cell.split("|") if part.strip()]
    dois = [doi for part in parts if (doi := normalise_doi(part))]
    if dois:
        unique = tuple(dict.fromkeys(dois))
        flags = ("several_dois",) if len(unique) > 1 else ()
        return Paper(doi=unique[0], others=unique[1:], flags=flags)
    text = cell.strip()
    if not text:
        return Paper()
    looks_like_one = re.search(r"\b10\.|doi", text, re.IGNORECASE) is not None
    return Paper(citation=text, flags=("doi_unreadable",) if looks_like_one else ())
