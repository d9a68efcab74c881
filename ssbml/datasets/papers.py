"""The identity of papers: DOIs, keys, and papers that go by two names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssbml.cells import is_missing
from ssbml.datasets.unions import Unions

if TYPE_CHECKING:
    import pandas as pd

_DOI = re.compile(r"10\.\d{4,9}/[^\s|]+")
_SUPPLEMENT = re.compile(r"\.s\d{3}$")
_TITLE_CHARACTERS = 70
_SHORTEST_KEY = 20
_SAME_TITLE = 0.85
_SHORTEST_TITLE = 5
_PAPERS_OF_AN_ADDRESS = 3
_NOT_PRINTED = re.compile(r"^\[[^\]]*\]\s*")


def normalise_doi(value: object) -> str | None:
    """Return the first DOI in a text in lower case without prefix or supplement, or None.

    Parameters
    ----------
    value : object
        A DOI, a DOI address, ``doi: ...``, or a blank.

    Examples
    --------
    >>> normalise_doi("https://doi.org/10.1039/D5CS00358J.")
    '10.1039/d5cs00358j'
    """
    return next(iter(_dois(value)), None)


def _dois(value: object) -> list[str]:
    """Return all DOIs in a text, normalised."""
    if is_missing(value):
        return []
    found = []
    for text in _DOI.findall(str(value).replace("%2F", "/")):
        doi = _SUPPLEMENT.sub("", text.lower().rstrip(".,;\"'"))
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1]
        found.append(doi)
    return found


def paper_key(doi: object, title: object, url: object) -> str:
    """Return the identity of a paper.

    Parameters
    ----------
    doi, title, url : str or blank
        What is known of the paper.

    Returns
    -------
    str
        The lower-case DOI, else ``t:`` and the first 70 letters a-z and digits of the lower-case
        title, else ``u:`` and the address; empty when all three are blank. A title with fewer than
        20 of them (most are in another script) gives way to the address.
    """
    known = normalise_doi(doi)
    if known:
        return known
    letters = "" if is_missing(title) else re.sub(r"[^a-z0-9]", "", str(title).lower())
    address = "" if is_missing(url) else f"u:{str(url).strip()}"
    if letters and (len(letters) >= _SHORTEST_KEY or not address):
        return f"t:{letters[:_TITLE_CHARACTERS]}"
    return address


def title_words(title: object) -> frozenset[str]:
    """Return the words of a title, without a bracketed remark in front."""
    if is_missing(title):
        return frozenset()
    return frozenset(re.findall(r"[^\W_]+", _NOT_PRINTED.sub("", str(title)).lower()))


def same_papers(frame: pd.DataFrame) -> pd.Series[str]:
    """Return one name for every paper, whatever keys it goes by.

    Rows belong to the same paper when they share ``paper_key`` or a DOI, when their titles are
    nearly equal (same numbers, words 85 % alike) and the years are at most one apart, or when they
    were read at the same address that holds at most 3 papers, not more than one with a DOI.

    Parameters
    ----------
    frame : DataFrame
        With ``paper_key`` and, where known, ``doi``, ``other_dois``, ``title``, ``year`` and
        ``url``.

    Returns
    -------
    Series of str
        The alphabetically first key of each paper, on the index of ``frame``.
    """
    import pandas as pd

    keys = frame["paper_key"].astype(str).tolist()
    unions = Unions(sorted(set(keys)))
    dois = _column(frame, "doi")
    others = _column(frame, "other_dois")
    for key, *cells in zip(keys, dois, others, strict=True):
        for known in [*_dois(cells[0]), *_dois(cells[1])]:
            unions.join(key, known)
    _join_titles(unions, keys, _column(frame, "title"), _column(frame, "year"))
    _join_addresses(unions, keys, _column(frame, "url"))
    return pd.Series([unions.first(k) for k in keys], index=frame.index, dtype=object)


def _column(frame: pd.DataFrame, name: str) -> list[object]:
    return frame[name].tolist() if name in frame.columns else [None] * len(frame)


def _join_titles(
    unions: Unions, keys: Sequence[str], titles: Sequence[object], years: Sequence[object]
) -> None:
    """Join papers with nearly equal titles."""
    import numpy as np
    from scipy.sparse import csr_matrix

    known: dict[tuple[str, frozenset[str]], float] = {}
    for key, title, year in zip(keys, titles, years, strict=True):
        words = title_words(title)
        if len(words) >= _SHORTEST_TITLE:
            known[key, words] = float("nan") if is_missing(year) else float(str(year))
    entries = sorted(known, key=lambda e: (e[0], sorted(e[1])))
    if not entries:
        return
    vocabulary = {w: i for i, w in enumerate(sorted(set().union(*(e[1] for e in entries))))}
    rows = [i for i, e in enumerate(entries) for _ in e[1]]
    columns = [vocabulary[w] for e in entries for w in e[1]]
    table = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(entries), len(vocabulary)))
    shared = (table @ table.T).tocoo()
    sizes = np.array([len(e[1]) for e in entries])
    likeness = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    for a, b in zip(
        shared.row[likeness >= _SAME_TITLE], shared.col[likeness >= _SAME_TITLE], strict=True
    ):
        if a < b and _may_be_same(entries[a], entries[b], known):
            unions.join(entries[a][0], entries[b][0])


def _may_be_same(
    a: tuple[str, frozenset[str]],
    b: tuple[str, frozenset[str]],
    years: dict[tuple[str, frozenset[str]], float],
) -> bool:
    numbers = [{w for w in words if any(c.isdigit() for c in w)} for _, words in (a, b)]
    apart = abs(years[a] - years[b]) > 1
    return numbers[0] == numbers[1] and not apart


def _join_addresses(unions: Unions, keys: Sequence[str], urls: Sequence[object]) -> None:
    """Join the few papers that were read at one address."""
    read_at: dict[str, set[str]] = {}
    for key, url in zip(keys, urls, strict=True):
        if not is_missing(url):
            read_at.setdefault(str(url).strip(), set()).add(key)
    for papers in read_at.values():
        dois = [p for p in papers if p.startswith("10.")]
        if len(papers) <= _PAPERS_OF_AN_ADDRESS and len(dois) <= 1:
            for paper in papers:
                unions.join(paper, min(papers))
