"""Theoretical density of a composition from published unit cells.

Density is Z M / (N_A V). The volume of a formula unit is interpolated linearly between published
end members over the ions of one site (Vegard): the Zr site of garnets, the M site of NASICON, the
halogen of argyrodites. Cells and DOIs are in ``lattice.csv``, taken from the OBELiX data set
(CC BY 4.0). Ions without an end member (Al, W, Y, ...) and those on other sites leave the volume
as it is, which holds within 5 % for the published cells of these families (tested).
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS, HOSTS
from ssbml.practical.mass import molar_mass

_AVOGADRO_PER_A3 = 0.602214076
"""Avogadro constant (SI 2019) times 1e-24 cm3/A3."""

_SITE = {"garnet": 2, "nasicon": 1, "perovskite": 1}
"""Position, among the sites of a host, of the one that the end members differ in."""

_MIN_KNOWN_SHARE = 0.6
_MIN_SULFUR = 3.5


@dataclass(frozen=True, slots=True)
class Density:
    """Theoretical density.

    Attributes
    ----------
    g_cm3 : float or None
        None when no unit cell is known for the composition.
    basis : str
        Where it comes from, or why it is unknown.
    """

    g_cm3: float | None
    basis: str


@lru_cache(maxsize=1)
def _cells() -> dict[str, dict[str, tuple[float, str]]]:
    """Return volume of the formula unit in A3 and DOI by family and ion."""
    text = files("ssbml.practical").joinpath("lattice.csv").read_text(encoding="utf-8")
    cells: dict[str, dict[str, tuple[float, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        a, c = float(row["a_angstrom"]), float(row["c_angstrom"])
        volume = a * a * c * math.sin(math.radians(float(row["gamma_deg"])))
        cells.setdefault(row["family"], {})[row["ion"]] = (volume / int(row["z"]), row["doi"])
    return cells


def theoretical_density(formula: str, family: str | None = None) -> Density:
    """Return the theoretical density of a composition.

    Parameters
    ----------
    formula : str
        The composition.
    family : str, optional
        Host family; read from the formula when None.

    Returns
    -------
    Density

    Examples
    --------
    >>> round(theoretical_density("Li6.4La3Zr1.4Ta0.6O12").g_cm3, 1)
    5.5
    """
    composition = parse_formula(formula)
    name = family or family_of(formula)
    ends = _cells().get(name)
    if ends is None:
        return Density(None, f"no unit cell of the {name} family is on file")
    present = {ion: composition[ion] for ion in ends if ion in composition}
    if not present or not _enough(composition, name, sum(present.values())):
        return Density(
            None, f"no unit cell on file for this {name} composition (known: {', '.join(ends)})"
        )
    units = sum(composition.get(a, 0.0) for a in ANIONS) / HOSTS[name].anions
    total = sum(present.values())
    volume = sum(amount / total * ends[ion][0] for ion, amount in present.items())
    dois = ", ".join(ends[ion][1] for ion in present)
    return Density(
        molar_mass(composition) / units / (volume * _AVOGADRO_PER_A3),
        f"Z M / (N_A V), volume of {', '.join(present)} end members ({dois})",
    )


def _enough(composition: Mapping[str, float], family: str, known: float) -> bool:
    """Return whether the end members stand for this composition."""
    if family == "argyrodite":
        return composition.get("S", 0.0) >= _MIN_SULFUR * composition.get("P", 0.0) > 0
    site = HOSTS[family].sites[_SITE[family]]
    held = sum(composition.get(ion, 0.0) for ion in site.ions)
    return known >= _MIN_KNOWN_SHARE * held
