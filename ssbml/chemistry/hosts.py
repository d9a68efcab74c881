"""Host structures: sites, the ions that sit on them, and firing limits.

Site assignments follow the dopant rules collected from Chem. Soc. Rev. 54 (2025) 8925 section 5.3
and Russ. Chem. Rev. 94 (2025) RCR5171 section 2.1; coordination numbers are those of the parent
structures (garnet Ia-3d, NASICON R-3c, perovskite Pm-3m).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ssbml.chemistry.elements import FloatArray

LANTHANIDES = (
    "La", "Ce", "Pr", "Nd", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu",
)  # fmt: skip
ANIONS = ("O", "S", "Se", "F", "Cl", "Br", "I", "N")


@dataclass(frozen=True, slots=True)
class Site:
    """One cation site of a host.

    Attributes
    ----------
    name : str
        Site name as the field writes it.
    ions : tuple of str
        Elements that sit here, the host ion first.
    coordination : int
        Coordination number.
    capacity : float
        Positions per formula unit.
    charges : dict
        Charges that differ from the usual ones on this site.
    """

    name: str
    ions: tuple[str, ...]
    coordination: int
    capacity: float
    charges: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Host:
    """A host family.

    Attributes
    ----------
    family : str
        Name in the ``family`` vocabulary.
    anions : float
        Anions per formula unit, which fixes the formula unit.
    sites : tuple of Site
        Lithium site first.
    max_firing_c : float
        Hottest furnace, hot-press or SPS hold that is plausible, °C.
    needed_firing_c : tuple of float
        Window in which the family is usually sintered, °C.
    lithium_range : tuple of float
        Li per formula unit that the structure can hold.
    """

    family: str
    anions: float
    sites: tuple[Site, ...]
    max_firing_c: float
    needed_firing_c: tuple[float, float]
    lithium_range: tuple[float, float]


_GARNET = Host(
    "garnet",
    12.0,
    (
        Site("Li", ("Li", "Al", "Ga", "Fe", "Zn", "Mg", "B", "Be", "H", "Cu", "Co", "Ni"), 4, 9.0),
        Site("La", (*LANTHANIDES, "Sr", "Ba", "Ca", "Rb", "K", "Na", "Pb", "Cs"), 8, 3.0),
        Site(
            "Zr",
            ("Zr", "Ta", "Nb", "Hf", "W", "Mo", "Te", "Sb", "Bi", "Sn", "Ti", "Ge", "Si", "Y",
             "Sc", "In", "Cr", "V", "Ru", "Mn", "P"),
            6,
            2.0,
            {"Bi": 5, "Sb": 5, "Te": 6, "Mn": 4},
        ),
    ),
    1350.0,
    (1050.0, 1250.0),
    (2.5, 7.5),
)  # fmt: skip

_NASICON = Host(
    "nasicon",
    12.0,
    (
        Site("Li", ("Li", "Na", "K", "Ag", "H"), 6, 4.0),
        Site(
            "M",
            ("Ti", "Ge", "Zr", "Hf", "Sn", "Al", "Ga", "In", "Sc", "Y", "Cr", "Fe", "V", "Nb",
             "Ta", "W", "Mo", "Mg", "Ca", "Sr", "Ba", "Zn", "Co", "Ni", "Mn", "Te", "Bi", "Cu",
             *LANTHANIDES),
            6,
            2.0,
        ),
        Site("P", ("P", "Si", "As", "S", "B", "Se"), 4, 3.0, {"S": 6, "Se": 6}),
    ),
    1400.0,
    (800.0, 1100.0),
    (0.0, 4.0),
)  # fmt: skip

_PEROVSKITE = Host(
    "perovskite",
    3.0,
    (
        Site("A", ("La", "Li", "Sr", "Ca", "Ba", "Na", "K", "Rb", "Cs", "Ag", "Pb", "Tl", "Y", "Bi",
                   *LANTHANIDES[1:]), 12, 1.0),
        Site("B", ("Ti", "Zr", "Hf", "Nb", "Ta", "Sn", "Al", "Ga", "Ge", "Si", "In", "Sc", "Cr",
                   "Mn", "Fe", "Co", "Ni", "Cu", "Mg", "Zn", "W", "Mo", "V", "Sb", "Te", "Ru"),
             6, 1.0, {"Mn": 4}),
    ),
    1500.0,
    (1100.0, 1350.0),
    (0.0, 0.75),
)  # fmt: skip

_TETRAHEDRAL = ("P", "Si", "Ge", "Sn", "Sb", "As", "Al", "Ga", "B", "Zn", "V", "W", "Ti", "Zr")

_LISICON = Host(
    "lisicon",
    4.0,
    (
        Site("Li", ("Li", "Na", "Zn", "Mg", "K", "H"), 4, 5.0),
        Site("M", ("Si", "Ge", "P", "V", "As", "S", "Al", "Ti", "Ga", "Cr", "Mo", "Se", "B", "Sn",
                   "Ta", "Nb", "Zr", "W"), 4, 1.0, {"S": 6, "Se": 6, "Cr": 6}),
    ),
    1300.0,
    (700.0, 1100.0),
    (1.5, 4.5),
)  # fmt: skip

_THIO_LISICON = Host(
    "thio-lisicon",
    4.0,
    (
        Site("Li", ("Li", "Na", "K", "Mg", "Ca", "H"), 4, 5.0),
        Site("M", _TETRAHEDRAL, 4, 1.0),
    ),
    750.0,
    (250.0, 600.0),
    (1.0, 4.5),
)

_ARGYRODITE = Host(
    "argyrodite",
    6.0,
    (
        Site("Li", ("Li", "Na", "K", "Mg", "Ca", "Cu", "Ag"), 4, 12.0),
        Site("M", _TETRAHEDRAL, 4, 1.0),
    ),
    750.0,
    (300.0, 600.0),
    (4.5, 7.5),
)

_HALIDE = Host(
    "halide",
    6.0,
    (
        Site("Li", ("Li", "Na", "K", "Cs", "Ag"), 6, 6.0),
        Site("M", ("Y", "In", "Sc", "Zr", "Hf", *LANTHANIDES, "Ta", "Nb", "Al", "Ga", "Fe", "Cr",
                   "Mn", "Mg", "Ca", "Sr", "Ba", "Zn", "Cd", "Co", "Ni", "Ti", "V", "Sn", "Pb",
                   "Bi", "Sb", "Cu", "W"), 6, 3.0),
    ),
    750.0,
    (150.0, 550.0),
    (0.2, 6.0),
)  # fmt: skip

_ANTIPEROVSKITE = Host(
    "antiperovskite",
    2.0,
    (Site("Li", ("Li", "H", "Na", "Ba", "Ca", "Mg", "Sr", "Al"), 2, 3.0),),
    750.0,
    (200.0, 400.0),
    (1.5, 3.0),
)

_LIPON = Host(
    "lipon",
    4.0,
    (Site("Li", ("Li", "H", "Na"), 4, 4.0), Site("P", ("P", "Si", "Al", "B"), 4, 1.0)),
    1000.0,
    (20.0, 500.0),
    (0.5, 4.0),
)

_UNSITED = tuple(
    Host(family, anions, (Site("Li", ("Li",), 4, capacity),), ceiling, window, (0.0, 8.0))
    for family, anions, capacity, ceiling, window in (
        ("oxide-glass", 4.0, 4.0, 1600.0, (300.0, 1000.0)),
        ("sulfide-glass", 4.0, 4.0, 1000.0, (150.0, 400.0)),
        ("other", 4.0, 5.0, 1700.0, (600.0, 1200.0)),
    )
)

HOSTS: dict[str, Host] = {
    host.family: host
    for host in (
        _GARNET,
        _NASICON,
        _PEROVSKITE,
        _LISICON,
        _LIPON,
        _ARGYRODITE,
        _THIO_LISICON,
        _HALIDE,
        _ANTIPEROVSKITE,
        *_UNSITED,
    )
}
"""Host of every family."""

METHOD_LIMITS_C: dict[str, float] = {"cold": 500.0, "uhs": 3000.0, "laser": 3000.0, "flash": 1600.0}
"""Hottest plausible hold of the methods that do not follow the family, °C."""


def firing_limit_c(family: str, method: str | None, route: str | None) -> float:
    """Return the hottest plausible sintering temperature.

    Parameters
    ----------
    family : str
        Host family.
    method, route : str or None
        Sintering method and synthesis route; a blank method counts as conventional.

    Returns
    -------
    float
        °C.
    """
    if route == "plasma_spray":
        return METHOD_LIMITS_C["laser"]
    if method in METHOD_LIMITS_C:
        return METHOD_LIMITS_C[method]
    return HOSTS[family].max_firing_c


def firing_limits(
    families: Sequence[str], methods: Sequence[str | None], routes: Sequence[str | None]
) -> FloatArray:
    """Return `firing_limit_c` of n recipes, °C, shape (n,); each combination is looked up once."""
    keys = list(zip(families, methods, routes, strict=True))
    limits = {key: firing_limit_c(*key) for key in set(keys)}
    return np.array([limits[key] for key in keys], dtype=float)


def firing_excess_c(
    temperature: float, family: str, method: str | None, route: str | None
) -> float:
    """Return how far a sintering temperature lies above `firing_limit_c`, °C (0 when blank)."""
    if not temperature > min(HOSTS[family].max_firing_c, METHOD_LIMITS_C["cold"]):
        return 0.0
    return max(temperature - firing_limit_c(family, method, route), 0.0)
