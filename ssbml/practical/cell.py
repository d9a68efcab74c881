"""Gravimetric energy density of a cell with the electrolyte as separator and catholyte.

Assumptions of Chem. Soc. Rev. 54 (2025) 8925 section 1.3: lithium anode with 25 % excess,
4.5 mAh/cm2, separator of 95 % relative density, dense composite cathode of 75 vol% active material
and 25 vol% electrolyte, as-processed cell in the charged state. The review prints neither cell
voltage nor collector mass: both are **fitted** here to the eight energies that it prints, which the
sum reproduces within 1 Wh/kg. The printed volumetric energies follow other assumptions and are not
reproduced.
"""

from __future__ import annotations

from dataclasses import dataclass

AREAL_CAPACITY_MAH_CM2 = 4.5
ACTIVE_SHARE_VOL = 0.75
SEPARATOR_DENSITY_PCT = 95.0
LITHIUM_EXCESS = 0.25
LITHIUM_MAH_G = 3860.0
"""Specific capacity of lithium [Chem. Soc. Rev. 54 (2025) 8925 section 6.1.3], mAh/g."""

FITTED_REST_MG_CM2 = 4.3
"""Collectors and everything else: fitted, not stated by the source, mg/cm2."""

PRINTED_DENSITY_G_CM3 = {"LLZO": 5.07, "LLTO": 5.01, "LATP": 2.93, "LAGP": 3.1}
"""Densities that the reviews print, for the sums above only [Chem. Soc. Rev. 54 (2025) 8925
section 1.3; Russ. Chem. Rev. 94 (2025) RCR5171 section 4.2 for LAGP], g/cm3."""

ASSUMPTIONS = (
    "Li anode with 25 % excess, 4.5 mAh/cm2, separator 95 % dense, cathode 75:25 vol% active "
    "material to electrolyte [Chem. Soc. Rev. 54 (2025) 8925 section 1.3]; cell voltage and "
    "collector mass are fitted to the energies printed there, not stated by it"
)


@dataclass(frozen=True, slots=True)
class Cathode:
    """An active material.

    Attributes
    ----------
    name : str
        Name.
    capacity_mah_g : float
        Specific capacity, mAh/g.
    density_g_cm3 : float
        Theoretical density, g/cm3.
    fitted_voltage_v : float
        Mean cell voltage, fitted, V.
    """

    name: str
    capacity_mah_g: float
    density_g_cm3: float
    fitted_voltage_v: float


CATHODES = {
    "NMC811": Cathode("NMC811", 180.0, 4.77, 3.72),
    "LCO": Cathode("LCO", 160.0, 5.05, 3.83),
}
"""Capacities and densities of section 1.3; voltages fitted."""


def energy_wh_kg(density_g_cm3: float, thickness_um: float, cathode: str = "NMC811") -> float:
    """Return the energy of a cell per mass of everything in it.

    Parameters
    ----------
    density_g_cm3 : float
        Theoretical density of the electrolyte.
    thickness_um : float
        Thickness of the separator.
    cathode : {"NMC811", "LCO"}
        Active material.

    Returns
    -------
    float
        Wh/kg.

    Raises
    ------
    ValueError
        Unknown cathode, or a density or thickness that is not above 0.

    Examples
    --------
    >>> round(energy_wh_kg(5.07, 20))
    340
    """
    if cathode not in CATHODES:
        raise ValueError(f"cathode = {cathode!r}: allowed are {', '.join(CATHODES)}")
    if not (density_g_cm3 > 0 and thickness_um > 0):
        raise ValueError(
            f"density = {density_g_cm3:g} g/cm3, thickness = {thickness_um:g} um: both must be "
            "above 0"
        )
    material = CATHODES[cathode]
    energy_mwh = AREAL_CAPACITY_MAH_CM2 * material.fitted_voltage_v
    fixed = _fixed_mg(material, density_g_cm3)
    return energy_mwh / (fixed + _separator_mg(density_g_cm3, thickness_um)) * 1000.0


def thickness_limit_um(
    density_g_cm3: float, target_wh_kg: float, cathode: str = "NMC811"
) -> float | None:
    """Return the thickest separator with which a cell reaches an energy.

    Parameters
    ----------
    density_g_cm3 : float
        Theoretical density of the electrolyte.
    target_wh_kg : float
        Energy wanted, Wh/kg.
    cathode : {"NMC811", "LCO"}
        Active material.

    Returns
    -------
    float or None
        µm; None when no thickness reaches it.
    """
    material = CATHODES[cathode]
    allowed = AREAL_CAPACITY_MAH_CM2 * material.fitted_voltage_v / target_wh_kg * 1000.0
    spare = allowed - _fixed_mg(material, density_g_cm3)
    return spare / _separator_mg(density_g_cm3, 1.0) if spare > 0 else None


def _separator_mg(density_g_cm3: float, thickness_um: float) -> float:
    """Return the mass of the separator, mg/cm2."""
    return thickness_um * 1e-4 * density_g_cm3 * SEPARATOR_DENSITY_PCT / 100.0 * 1000.0


def _fixed_mg(material: Cathode, density_g_cm3: float) -> float:
    """Return the mass of everything but the separator, mg/cm2."""
    active = AREAL_CAPACITY_MAH_CM2 / material.capacity_mah_g * 1000.0
    ratio = (1.0 - ACTIVE_SHARE_VOL) / ACTIVE_SHARE_VOL
    catholyte = active / material.density_g_cm3 * ratio * density_g_cm3
    lithium = AREAL_CAPACITY_MAH_CM2 * (1.0 + LITHIUM_EXCESS) / LITHIUM_MAH_G * 1000.0
    return active + catholyte + lithium + FITTED_REST_MG_CM2
