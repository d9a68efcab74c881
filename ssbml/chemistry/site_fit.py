"""Which ions a site can take, from charge and Shannon radius, and why.

An ion replaces another readily when their radii differ by less than about 15 % (Goldschmidt,
Naturwissenschaften 14 (1926) 477) and their charges by little. Dopants in use stretch that: Ba2+ on
the La site of garnet is 22 % larger, Al3+ on its Li site 34 % smaller than the host ion (radii of
Shannon, Acta Cryst. A32 (1976) 751; dopants of Chem. Soc. Rev. 54 (2025) 8925 section 5.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ssbml.chemistry.charge import USUAL_STATES
from ssbml.chemistry.elements import shannon_radius_a
from ssbml.chemistry.hosts import ANIONS
from ssbml.chemistry.parents import Parent, ParentSite

MAX_CHARGE_STEP = 2
"""Largest difference in charge of an ion that is not known on the site."""

MAX_RADIUS_STEP = 0.20
"""Largest difference in radius, as a share of the host ion's, of an ion not known on the site."""

PROPOSED_RADIUS_STEP = 0.25
PROPOSED_LITHIUM_STEP = 0.36
PROPOSED_PER_SITE = 8
_NEVER_PROPOSED = ("H", "C", "N", "Ru", "Rh", "Pd", "Ag", "Cd", "Hg", "Tl", "Pb", "Th")
"""Not weighed in as a powder, precious, or poisonous."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An ion proposed for a site.

    Attributes
    ----------
    site : str
        The host ion that it replaces.
    ion : str
        Element symbol.
    charge : int
        Charge on the site.
    reason : str
        Radius and charge against the host ion, and what follows for lithium.
    """

    site: str
    ion: str
    charge: int
    reason: str


def ion_name(symbol: str, charge: int) -> str:
    """Return an ion as chemists write it.

    Examples
    --------
    >>> ion_name("Zr", 4), ion_name("O", -2)
    ('Zr4+', 'O2-')
    """
    size = "" if abs(charge) == 1 else str(abs(charge))
    return f"{symbol}{size}{'+' if charge > 0 else '-'}"


def radius_step(site: ParentSite, host: str, ion: str, charge: int) -> float:
    """Return how much larger an ion is than a host ion, as a share of the latter (NaN unknown)."""
    ours = shannon_radius_a(ion, charge, site.coordination)
    theirs = shannon_radius_a(host, site.charge(host), site.coordination)
    return ours / theirs - 1.0


def misfit(parent: Parent, site: ParentSite, host: str, ion: str, charge: int) -> str:
    """Return why an ion cannot take the place of a host ion, empty when it can.

    Parameters
    ----------
    parent : Parent
        The host, which says where else the ion is known.
    site : ParentSite
        The site.
    host : str
        Host ion that would be replaced.
    ion : str
        Element symbol of the dopant.
    charge : int
        Its charge.
    """
    ours, theirs = ion_name(ion, charge), ion_name(host, site.charge(host))
    if (charge < 0) != (site.charge(host) < 0):
        kind = "an anion" if charge < 0 else "a cation"
        return f"{ours} is {kind}, {theirs} is not"
    if ion in site.known:
        return ""
    reasons = []
    if abs(charge - site.charge(host)) > MAX_CHARGE_STEP:
        reasons.append(f"its charge differs from that of {theirs} by more than {MAX_CHARGE_STEP}")
    step = radius_step(site, host, ion, charge)
    if math.isnan(step):
        reasons.append("its radius is not tabulated")
    elif abs(step) > MAX_RADIUS_STEP:
        reasons.append(f"its radius is {_compared(site, host, ion, charge)} than {theirs}")
    if not reasons:
        return ""
    elsewhere = [s.main for s in parent.sites if ion in s.known and s is not site]
    where = f"; {ion} is known on the {' and '.join(elsewhere)} site" if elsewhere else ""
    return f"{ours} does not fit: {' and '.join(reasons)}{where}"


def propose(parent: Parent, balance: str = "Li") -> tuple[Proposal, ...]:
    """Return ions that fit the sites of a host, the best first on each site.

    Only ions of one usual charge are proposed: those of several conduct electrons when they mix.
    Every host ion with at least a tenth of its site is a place to put one.

    Parameters
    ----------
    parent : Parent
        The host.
    balance : str, default "Li"
        The ion that makes up for charge, named in the reasons.
    """
    found: list[Proposal] = []
    for site in parent.sites:
        for host, amount in site.amounts.items():
            shared_lithium = host == "Li" and len(site.amounts) > 1
            scarce = amount < 0.1 * sum(site.amounts.values())
            if shared_lithium or scarce or parent.site(host) is not site:
                continue
            found.extend(_proposals(parent, site, host, balance))
    return tuple(found)


def _proposals(parent: Parent, site: ParentSite, host: str, balance: str) -> list[Proposal]:
    limit = PROPOSED_LITHIUM_STEP if host == "Li" else PROPOSED_RADIUS_STEP
    present = {ion for s in parent.sites for ion in s.amounts}
    ranked = []
    for ion, states in USUAL_STATES.items():
        charge = site.charge(ion)
        settled = len(states) == 1 or ion in site.charges
        same_kind = (ion in ANIONS) == (host in ANIONS)
        if ion in present or ion in _NEVER_PROPOSED or not settled or not same_kind:
            continue
        step = radius_step(site, host, ion, charge)
        known = ion in site.known
        far = abs(charge - site.charge(host)) > MAX_CHARGE_STEP
        if not known or math.isnan(step) or abs(step) > limit or far:
            continue
        ranked.append((abs(step), ion, charge))
    return [
        Proposal(host, ion, charge, _reason(site, host, ion, charge, balance))
        for _, ion, charge in sorted(ranked)[:PROPOSED_PER_SITE]
    ]


def _reason(site: ParentSite, host: str, ion: str, charge: int, balance: str) -> str:
    change = site.charge(host) - charge
    if host == balance:
        then = f"{balance} falls by {charge} per {ion} (one place filled, {charge - 1} left empty)"
    elif change == 0:
        then = f"{balance} stays"
    else:
        then = f"{balance} {'rises' if change > 0 else 'falls'} by {abs(change)} per {ion}"
    return (
        f"{ion_name(ion, charge)} for {ion_name(host, site.charge(host))}: "
        f"{_compared(site, host, ion, charge)}; {then}"
    )


def _compared(site: ParentSite, host: str, ion: str, charge: int) -> str:
    ours = shannon_radius_a(ion, charge, site.coordination)
    theirs = shannon_radius_a(host, site.charge(host), site.coordination)
    step = ours / theirs - 1.0
    if abs(step) < 0.005:
        return f"{ours:.2f} Å, the same radius"
    side = "larger" if step > 0 else "smaller"
    return f"{ours:.2f} Å against {theirs:.2f} Å, {abs(step):.0%} {side}"
