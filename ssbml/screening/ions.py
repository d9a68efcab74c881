"""Ions as people write them in a search space: ``Al``, ``Al3+``, ``Fe2+``."""

from __future__ import annotations

import re
from typing import Any

from ssbml.chemistry.charge import USUAL_STATES
from ssbml.chemistry.elements import element_index
from ssbml.chemistry.parents import ParentSite
from ssbml.chemistry.site_fit import ion_name
from ssbml.errors import SpaceError
from ssbml.screening.scalars import KeyPath
from ssbml.vocabulary import closest

_ION = re.compile(r"^([A-Z][a-z]?)(?:(\d?)([+-]))?$")


def parse_ion(text: Any, site: ParentSite, path: KeyPath, *, force: bool) -> tuple[str, int]:
    """Return the element and charge of an ion on a site.

    Parameters
    ----------
    text : str
        An element, whose charge on the site is the usual one, or an ion with its charge.
    site : ParentSite
        The site, which may give a charge of its own.
    path : tuple
        Where the ion stands, for messages.
    force : bool
        Whether unusual charges are taken as stated.

    Raises
    ------
    SpaceError
        The text is no ion, or the charge is not among the usual ones.
    """
    match = _ION.match(str(text).strip())
    if match is None or match.group(1) not in element_index():
        like = _nearest(str(text))
        raise SpaceError(
            path,
            None,
            f"'{text}' is not an element or an ion such as Al or Al3+",
            f"did you mean {like}?" if like else "",
        )
    symbol, size, sign = match.groups()
    usual = tuple(dict.fromkeys((site.charge(symbol), *USUAL_STATES.get(symbol, ()))))
    if sign is None:
        if not site.charge(symbol):
            raise SpaceError(
                path, None, f"{symbol} has no usual charge in an electrolyte", f"write {symbol}1+"
            )
        return symbol, site.charge(symbol)
    charge = int(size or 1) * (1 if sign == "+" else -1)
    if charge not in usual and not force:
        shown = " or ".join(ion_name(symbol, q) for q in usual if q)
        raise SpaceError(
            path,
            None,
            f"{ion_name(symbol, charge)} is unusual; {symbol} is met as {shown}",
            "write force: true to use it all the same",
        )
    return symbol, charge


def _nearest(text: str) -> str:
    """Return the elements spelt most like a text, known ones first."""
    letters = re.sub(r"[^A-Za-z]", "", text).capitalize()
    if letters[:2] in USUAL_STATES:
        return letters[:2]
    like = closest(letters, USUAL_STATES)
    if like:
        return like
    same = [s for s in USUAL_STATES if letters and s[0] == letters[0]]
    return ", ".join(same)
