"""Parent structures: the sites of a host composition, what fills them, and what they can hold.

Sites and position counts follow the structures named at each parent: garnet Ia-3d with Li on 24d
and 48g/96h (Awaka et al., Chem. Lett. 40 (2011) 60), NASICON R-3c with Li on 6b and 18e (Arbi et
al., Inorg. Chem. 52 (2013) 9290), perovskite with Li, ions and vacancies on the A site (Stramare et
al., Chem. Mater. 15 (2003) 3974), LISICON gamma-Li3PO4 type (Hong, Mater. Res. Bull. 13 (1978)
117), argyrodite F-43m (Deiseroth et al., Angew. Chem. Int. Ed. 47 (2008) 755), Li10GeP2S12 (Kamaya
et al., Nat. Mater. 10 (2011) 682), trigonal and monoclinic halides (Asano et al., Adv. Mater. 30
(2018) 1803075). Charges follow from the ion, and dopants change Li as in Chem. Soc. Rev. 54 (2025)
8925 section 5.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ssbml.chemistry.charge import usual_charge
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import composition_key, parse_electrolyte
from ssbml.chemistry.hosts import ANIONS, HOSTS, Host

HOST_FAMILIES: dict[str, str] = {
    "Li7La3Zr2O12": "garnet",
    "Li5La3Ta2O12": "garnet",
    "Li5La3Nb2O12": "garnet",
    "LiTi2(PO4)3": "nasicon",
    "LiGe2(PO4)3": "nasicon",
    "LiZr2(PO4)3": "nasicon",
    "Li0.33La0.557TiO3": "perovskite",
    "Li0.375Sr0.4375Ta0.75Zr0.25O3": "perovskite",
    "Li4SiO4": "lisicon",
    "Li3PO4": "lisicon",
    "Li4GeO4": "lisicon",
    "Li3VO4": "lisicon",
    "Li6PS5Cl": "argyrodite",
    "Li6PS5Br": "argyrodite",
    "Li6PS5I": "argyrodite",
    "Li10GeP2S12": "thio-lisicon",
    "Li3YCl6": "halide",
    "Li3InCl6": "halide",
}
"""The hosts that are listed to users, with their families."""

HOST_ALIASES: dict[str, str] = {
    "La2/3-xLi3xTiO3": "Li0.33La0.557TiO3",
    "Li3xLa2/3-xTiO3": "Li0.33La0.557TiO3",
    "Li-Sr-Ta-Zr-O": "Li0.375Sr0.4375Ta0.75Zr0.25O3",
    "Li3/8Sr7/16Ta3/4Zr1/4O3": "Li0.375Sr0.4375Ta0.75Zr0.25O3",
    "Li4SiO4-Li3PO4": "Li4SiO4",
    "Li4GeO4-Li3VO4": "Li4GeO4",
    "Li6PS5X": "Li6PS5Cl",
}
"""Usual names of solid solutions, and the member that stands for them."""

_EXACT_AMOUNTS: dict[str, dict[str, float]] = {
    "Li0.33La0.557TiO3": {"Li": 0.33, "La": 2.0 / 3.0 - 0.11, "Ti": 1.0, "O": 3.0},
}
_UNSITED = ("oxide-glass", "sulfide-glass", "other")
_HALOGENS = ("F", "Cl", "Br", "I")
_ANION_COORDINATION = {"halide": 3, "antiperovskite": 6}
_KNOWN_ANIONS = {
    "O": ("O", "F", "N"),
    "S": ("S", "Se", "O", *_HALOGENS),
    "X": (*_HALOGENS, "O", "S"),
}
_TETRAHEDRAL_SULFUR = 4.0
_FREE_ANIONS = 2.0


@dataclass(frozen=True, slots=True)
class ParentSite:
    """One site of a parent structure.

    Attributes
    ----------
    name : str
        Site name, such as ``Zr`` of garnet or ``M`` of NASICON.
    amounts : dict of str to float
        Host ions and their amounts per formula unit, the main ion first.
    capacity : float
        Positions per formula unit.
    coordination : int
        Coordination number.
    known : tuple of str
        Elements reported on the site.
    charges : dict of str to int
        Charges that differ from the usual ones on this site.
    """

    name: str
    amounts: dict[str, float]
    capacity: float
    coordination: int
    known: tuple[str, ...] = ()
    charges: dict[str, int] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """The ion that holds most of the site, lithium last."""
        return max(self.amounts, key=lambda ion: (ion != "Li", self.amounts[ion]))

    def charge(self, ion: str) -> int:
        """Return the charge of an element on this site (0 if it has no usual one)."""
        return self.charges.get(ion, usual_charge(ion))


@dataclass(frozen=True, slots=True)
class Parent:
    """A host composition with its sites.

    Attributes
    ----------
    formula : str
        How the host is written.
    family : str
        Name in the ``family`` vocabulary.
    sites : tuple of ParentSite
        In the order in which a formula is written; lithium first.
    """

    formula: str
    family: str
    sites: tuple[ParentSite, ...]

    @property
    def units(self) -> float:
        """Formula units of `ssbml.chemistry.hosts.HOSTS` in one formula of this parent."""
        anions = sum(a for s in self.sites for i, a in s.amounts.items() if i in ANIONS)
        return anions / HOSTS[self.family].anions

    @property
    def charge(self) -> float:
        """Net charge of the host as written."""
        return sum(a * s.charge(ion) for s in self.sites for ion, a in s.amounts.items())

    def site(self, key: str) -> ParentSite | None:
        """Return the site with a name, else the first where a host ion sits, else None."""
        named = [s for s in self.sites if s.name == key]
        holding = [s for s in self.sites if key in s.amounts]
        return next(iter((*named, *holding)), None)


def parent_of(formula: str) -> Parent | None:
    """Return the parent structure of a host formula.

    Parameters
    ----------
    formula : str
        A host of `HOST_FAMILIES` or `HOST_ALIASES`, or any other composition of a family whose
        sites are known, with every element known on one of them.

    Returns
    -------
    Parent or None
        None when no sites are known.

    Raises
    ------
    FormulaError
        The formula cannot be read.

    Examples
    --------
    >>> [site.name for site in parent_of("Li7La3Zr2O12").sites]
    ['Li', 'La', 'Zr', 'O']
    """
    name = formula.strip()
    name = HOST_ALIASES.get(name.replace(" ", "").replace("–", "-"), name)
    amounts: Mapping[str, float] = parse_electrolyte(name)
    listed = _listed().get(composition_key(parse_electrolyte(name), 3))
    family = HOST_FAMILIES[listed] if listed else family_of(name)
    if family in _UNSITED:
        return None
    if listed in _EXACT_AMOUNTS:
        amounts = _EXACT_AMOUNTS[listed]
    sites = _placed(amounts, HOSTS[family])
    return Parent(name, family, sites) if sites else None


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    """Return the listed hosts by composition, so that the order of elements does not matter."""
    return {composition_key(parse_electrolyte(name), 3): name for name in HOST_FAMILIES}


def _placed(amounts: Mapping[str, float], host: Host) -> tuple[ParentSite, ...]:
    """Return the sites of a family filled with amounts, none when an element has no place."""
    units = sum(amounts.get(a, 0.0) for a in ANIONS) / host.anions
    left = dict(amounts)
    sites = []
    for site in host.sites:
        here = {ion: left.pop(ion) for ion in tuple(left) if ion in site.ions}
        if not here:
            return ()
        capacity = max(site.capacity * units, sum(here.values()))
        sites.append(
            ParentSite(site.name, here, capacity, site.coordination, site.ions, site.charges)
        )
    if not set(left) <= set(ANIONS):
        return ()
    return (*sites, *_anion_sites(left, host.family, units))


def _anion_sites(left: dict[str, float], family: str, units: float) -> list[ParentSite]:
    """Return the anion sites of a family; argyrodites keep the sulfur of PS4 apart."""
    coordination = _ANION_COORDINATION.get(family, 4)
    if family == "antiperovskite":
        return [ParentSite(a, {a: n}, n, coordination, (a, *_HALOGENS)) for a, n in left.items()]
    if family == "argyrodite" and left.get("S", 0.0) >= _TETRAHEDRAL_SULFUR * units:
        free = {**left, "S": left["S"] - _TETRAHEDRAL_SULFUR * units}
        capacity = max(_FREE_ANIONS * units, sum(free.values()))
        bound = _TETRAHEDRAL_SULFUR * units
        return [
            ParentSite("X", free, capacity, coordination, ("S", "Se", *_HALOGENS)),
            ParentSite("PS4", {"S": bound}, bound, coordination, ("S", "Se", "O")),
        ]
    name = "X" if family == "halide" else max(left, key=lambda a: left[a])
    total = sum(left.values())
    return [ParentSite(name, dict(left), total, coordination, _KNOWN_ANIONS.get(name, ANIONS))]
