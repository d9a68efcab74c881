"""The hosts of a search space: by formula, or written out site by site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssbml.chemistry.charge import FAR_IMBALANCE
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import FormulaError, parse_electrolyte
from ssbml.chemistry.hosts import ANIONS
from ssbml.chemistry.parents import HOST_ALIASES, HOST_FAMILIES, Parent, ParentSite, parent_of
from ssbml.errors import SpaceError
from ssbml.screening.ions import parse_ion
from ssbml.screening.scalars import KeyPath, finite
from ssbml.vocabulary import VOCABULARIES, closest

TYPED_IMBALANCE = 0.01
"""Net charge per formula unit that comes from rounding the amounts of a typed host."""

_SITE_KEYS = ("ions", "capacity", "coordination")
_WRITTEN = "write the sites out: {sites: {Li: {Li: 7}, La: {La: 3}, Zr: {Zr: 2}, O: {O: 12}}}"
_CATION_COORDINATION = 6
_ANION_COORDINATION = 4
_PATH: KeyPath = ("host",)


def read_hosts(given: Any) -> tuple[tuple[Parent, ...], list[str]]:
    """Return the hosts that a search space names, and what is odd about them.

    Parameters
    ----------
    given : str, mapping, or list of these
        Formulas, or hosts written out site by site.

    Raises
    ------
    SpaceError
        An unknown host, one that is far from neutral, or hosts of several families.
    """
    items = given if isinstance(given, (list, tuple)) else [given]
    if not items:
        raise SpaceError(_PATH, given, "a host is needed", "for example Li7La3Zr2O12")
    parents = []
    for i, item in enumerate(items):
        path: KeyPath = (*_PATH, i) if isinstance(given, (list, tuple)) else _PATH
        parents.append(
            _written_out(item, path) if isinstance(item, Mapping) else _named(item, path)
        )
    families = list(dict.fromkeys(p.family for p in parents))
    if len(families) > 1:
        raise SpaceError(
            _PATH,
            None,
            f"the hosts are of several families ({', '.join(families)}), whose sites differ",
            "write one search space for each family",
        )
    return tuple(parents), [text for parent in parents for text in _neutral(parent)]


def _named(given: Any, path: KeyPath) -> Parent:
    if not isinstance(given, str):
        raise SpaceError(path, given, "a formula is expected", "for example Li7La3Zr2O12")
    try:
        parent = parent_of(given)
    except FormulaError as error:
        raise SpaceError(path, given, error.reason, error.suggestion or _like(given)) from None
    if parent is None:
        raise SpaceError(
            path,
            given,
            f"its sites are not known; known hosts are {', '.join(HOST_FAMILIES)}",
            "; or ".join(p for p in (_like(given), _WRITTEN) if p),
        )
    return parent


def _like(text: str) -> str:
    """Return the known host most like a formula: same elements first, then same spelling."""
    try:
        elements = set(parse_electrolyte(text))
    except FormulaError:
        elements = set()
    shared = {
        host: len(elements & set(parse_electrolyte(host)))
        - len(elements ^ set(parse_electrolyte(host)))
        for host in HOST_FAMILIES
    }
    best = max(shared, key=lambda host: shared[host])
    like = best if shared[best] > 0 else closest(text, (*HOST_FAMILIES, *HOST_ALIASES))
    return f"did you mean {like}?" if like else ""


def _written_out(given: Mapping[str, Any], path: KeyPath) -> Parent:
    unknown = [k for k in given if k not in ("sites", "family")]
    if unknown or not isinstance(given.get("sites"), Mapping) or not given["sites"]:
        raise SpaceError(
            path,
            None,
            "a host written out has 'sites', and 'family' if it belongs to one",
            _WRITTEN,
        )
    sites = tuple(
        _site(str(name), site, (*path, "sites", str(name))) for name, site in given["sites"].items()
    )
    amounts: dict[str, float] = {}
    for site in sites:
        for ion, amount in site.amounts.items():
            amounts[ion] = amounts.get(ion, 0.0) + amount
    formula = "".join(f"{ion}{amount:g}" if amount != 1 else ion for ion, amount in amounts.items())
    if amounts.get("Li", 0.0) <= 0:
        raise SpaceError((*path, "sites"), None, "no site holds lithium", _WRITTEN)
    if not set(amounts) & set(ANIONS):
        raise SpaceError((*path, "sites"), None, "no site holds an anion", _WRITTEN)
    family = given.get("family", family_of(formula))
    if family not in VOCABULARIES["family"]:
        like = closest(str(family), VOCABULARIES["family"])
        raise SpaceError(
            (*path, "family"),
            family,
            f"allowed are {', '.join(VOCABULARIES['family'])}",
            f"did you mean {like}?" if like else "",
        )
    return Parent(formula, str(family), tuple(sorted(sites, key=lambda s: "Li" not in s.amounts)))


def _site(name: str, given: Any, path: KeyPath) -> ParentSite:
    if not isinstance(given, Mapping) or not given:
        raise SpaceError(path, given, "ions with their amounts are expected", "write {La: 3}")
    long = bool(set(given) & set(_SITE_KEYS))
    parts = dict(given) if long else {"ions": given}
    for key in parts:
        if key not in _SITE_KEYS:
            like = closest(str(key), _SITE_KEYS)
            raise SpaceError(
                (*path, str(key)),
                None,
                f"a site has {', '.join(_SITE_KEYS)}",
                f"did you mean {like}?" if like else "",
            )
    ions = parts.get("ions")
    if not isinstance(ions, Mapping) or not ions:
        raise SpaceError((*path, "ions"), ions, "ions with their amounts are expected", "{La: 3}")
    amounts: dict[str, float] = {}
    charges: dict[str, int] = {}
    blank = ParentSite(name, {}, 0.0, _CATION_COORDINATION)
    for text, amount in ions.items():
        where = (*path, "ions", str(text)) if long else (*path, str(text))
        ion, charge = parse_ion(text, blank, where, force=True)
        amounts[ion] = finite(amount, where)
        charges[ion] = charge
        if amounts[ion] <= 0:
            raise SpaceError(where, amount, "a host ion has an amount above 0")
    total = sum(amounts.values())
    capacity = finite(parts.get("capacity", total), (*path, "capacity"))
    if capacity < total - 1e-9:
        raise SpaceError((*path, "capacity"), capacity, f"the ions already take up {total:g}")
    usual = _ANION_COORDINATION if set(amounts) <= set(ANIONS) else _CATION_COORDINATION
    coordination = int(finite(parts.get("coordination", usual), (*path, "coordination")))
    return ParentSite(name, amounts, capacity, coordination, (), charges)


def _neutral(parent: Parent) -> list[str]:
    """Return a warning when rounding left a charge; raise when the host cannot be meant."""
    cations = sum(
        a * s.charge(ion) for s in parent.sites for ion, a in s.amounts.items() if s.charge(ion) > 0
    )
    if abs(parent.charge) > FAR_IMBALANCE * cations:
        raise SpaceError(
            _PATH,
            parent.formula,
            f"the host carries a net charge of {parent.charge:+.2f} per formula unit",
            _like(parent.formula) or "check the amounts; ions of unusual charge are written Fe2+",
        )
    if abs(parent.charge) <= TYPED_IMBALANCE:
        return []
    return [
        f"{parent.formula} as written carries a net charge of {parent.charge:+.3f}; every "
        "composition is solved to be neutral, so its amounts differ by as much"
    ]
