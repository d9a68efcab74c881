"""Compositions with more, less or none of a dopant, lithium following by charge balance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from ssbml.chemistry.charge import usual_charge
from ssbml.chemistry.formula import FormulaError, parse_formula
from ssbml.chemistry.hosts import ANIONS, HOSTS, Site

_ONE_ANION_LATTICE = (
    "garnet", "nasicon", "perovskite", "lisicon", "lipon", "argyrodite", "thio-lisicon", "halide",
)  # fmt: skip
_DIGITS = 6
_NOTHING = 1e-6
_PHOSPHATE = {"P": 3.0, "O": 12.0}


@dataclass(frozen=True, slots=True)
class Dopant:
    """An element that stands on a site in the place of the host ion.

    Attributes
    ----------
    element : str
        The dopant.
    host : str
        The ion that it replaces; ``Li`` on the lithium site.
    site : str
        Name of the site, ``anion`` for anions.
    amount : float
        Amount per formula as written.
    lithium : float
        Change of Li per dopant atom that keeps the charge: -3 for Al3+ on the Li site of garnet,
        -1 for Ta5+ on its Zr site, +1 for Al3+ on the Ti site of NASICON
        (Chem. Soc. Rev. 54 (2025) 8925 section 5.3, and charge balance).
    """

    element: str
    host: str
    site: str
    amount: float
    lithium: float


def dopants_of(formula: str, family: str) -> tuple[Dopant, ...]:
    """Return the dopants of a composition, in the order of its sites.

    The host ion of a site is Li on the lithium site, else the ion with the largest amount (the
    first in the host's list when two are equal). Where the composition without its dopants could
    not hold the lithium that charge balance asks for, nothing is told apart.

    Parameters
    ----------
    formula : str
        A formula that `ssbml.chemistry.formula.parse_formula` accepts.
    family : str
        Host family.

    Returns
    -------
    tuple of Dopant
        Empty for an undoped composition.

    Examples
    --------
    >>> [(d.element, d.host) for d in dopants_of("Li6.4La3Zr1.4Ta0.6O12", "garnet")]
    [('Ta', 'Zr')]
    """
    amounts = parse_formula(formula)
    found = tuple(
        Dopant(ion, host, site.name, amounts[ion], _lithium(site, ion, host))
        for site in _sites(family)
        if (host := _host_ion(site, amounts)) is not None
        for ion in site.ions
        if ion in amounts and ion not in (host, "Li")
    )
    changes = [-d.amount * d.lithium for d in found]
    reach = sum(c for c in changes if c < 0), sum(c for c in changes if c > 0)
    return found if all(_holds(amounts, family, change) for change in reach) else ()


def with_amounts(formula: str, family: str, wanted: Mapping[str, float]) -> str:
    """Return the composition with other amounts of some dopants.

    The host ion of the site makes room or fills up; lithium keeps the net charge as it was.

    Parameters
    ----------
    formula : str
        A formula that `ssbml.chemistry.formula.parse_formula` accepts.
    family : str
        Host family.
    wanted : mapping of str to float
        New amount per formula as written of each dopant; 0 takes it out.

    Returns
    -------
    str

    Raises
    ------
    FormulaError
        An element has no site in the host, is a host ion itself, leaves no host ion, or asks for
        lithium that the structure cannot hold.

    Examples
    --------
    >>> with_amounts("Li6.4La3Zr1.4Ta0.6O12", "garnet", {"Ta": 0})
    'Li7La3Zr2O12'
    """
    amounts = dict(parse_formula(formula))
    before = dict(amounts)
    for element, amount in wanted.items():
        site, host = _place(element, family, before)
        gained = amount - before.get(element, 0.0)
        amounts[element] = amount
        amounts["Li"] = amounts.get("Li", 0.0) + gained * _lithium(site, element, host)
        if host != "Li":
            amounts[host] -= gained
            if amounts[host] < -_NOTHING:
                raise FormulaError(f"{amount:g} {element} leaves no {host} on its site")
    if not _holds(before, family, amounts["Li"] - before.get("Li", 0.0)):
        raise FormulaError(
            f"charge balance asks for {amounts['Li']:.3g} Li, which a {family} does not hold"
        )
    return written(amounts)


def written(amounts: Mapping[str, float]) -> str:
    """Return amounts as a formula, elements in the order given, those of amount 0 left out.

    Three whole phosphate groups are written ``(PO4)3``.
    """
    rounded = {symbol: round(amount, _DIGITS) for symbol, amount in amounts.items()}
    phosphate = ""
    if {s: a for s, a in rounded.items() if s in ("P", "O")} == _PHOSPHATE:
        rounded = {s: a for s, a in rounded.items() if s not in _PHOSPHATE}
        phosphate = "(PO4)3"
    plain = "".join(
        symbol if amount == 1 else f"{symbol}{amount:.{_DIGITS}f}".rstrip("0").rstrip(".")
        for symbol, amount in rounded.items()
        if amount > 0
    )
    return plain + phosphate


def _sites(family: str) -> Iterator[Site]:
    yield from HOSTS[family].sites
    if family in _ONE_ANION_LATTICE:
        yield Site("anion", ANIONS, 6, HOSTS[family].anions)


def _host_ion(site: Site, amounts: Mapping[str, float]) -> str | None:
    if site.ions[0] == "Li":
        return "Li"
    present = [ion for ion in site.ions if ion in amounts and ion != "Li"]
    return max(present, key=lambda ion: amounts[ion]) if present else None


def _place(element: str, family: str, amounts: Mapping[str, float]) -> tuple[Site, str]:
    """Return the site of a dopant and the host ion there."""
    for site in _sites(family):
        host = _host_ion(site, amounts)
        if element in site.ions and host is not None and element != "Li":
            if element == host:
                raise FormulaError(f"{element} is the host ion of its site, not a dopant")
            return site, host
    known = chain.from_iterable(site.ions for site in HOSTS[family].sites)
    raise FormulaError(
        f"{element} has no site in a {family}", f"known are {', '.join(dict.fromkeys(known))}"
    )


def _charge(site: Site, ion: str) -> int:
    return site.charges.get(ion, usual_charge(ion))


def _lithium(site: Site, ion: str, host: str) -> float:
    if host == "Li":
        return float(-_charge(site, ion))
    return float(_charge(site, host) - _charge(site, ion))


def _holds(amounts: Mapping[str, float], family: str, change: float) -> bool:
    """Whether the structure holds the lithium after a change; what it holds already counts."""
    host = HOSTS[family]
    anions = sum(amounts.get(a, 0.0) for a in ANIONS)
    if anions == 0:
        return abs(change) < _NOTHING
    unit = host.anions / anions
    present = amounts.get("Li", 0.0) * unit
    low, high = host.lithium_range
    after = present + change * unit
    return max(_NOTHING, min(low, present) - _NOTHING) < after <= max(high, present) + _NOTHING
