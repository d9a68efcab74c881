"""Temperatures at which phases form, decompose and melt."""

from __future__ import annotations

PELLET_LIMITS_C: dict[str, tuple[float, float]] = {
    "garnet": (800.0, 1250.0),
    "perovskite": (750.0, 1350.0),
    "nasicon": (700.0, float("nan")),
}
"""Formation and upper temperature of pellets per family, °C.

Chem. Soc. Rev. 54 (2025) 8925 sections 2.1 and 2.3: garnet appears at 800 °C and gives La2Zr2O7
above 1250 °C; LLTO forms above 750 °C and loses lithium to TiO2 and La2Ti2O7 above 1350 °C; LATP
needs more than 700 °C. No upper limit holds for the phosphates together: zirconium ones are
sintered hotter than titanium ones decompose.
"""

FILM_LIMITS_C: dict[str, tuple[float, float]] = {
    "garnet": (660.0, 850.0),
    "perovskite": (700.0, 900.0),
}
"""The same for films: cubic garnet above 660 °C, La2Zr2O7 above 850 °C; crystalline LLTO between
700 and 900 °C (Chem. Soc. Rev. 54 (2025) 8925 sections 3.4, 4.2.1 and 5.1.3), °C."""

MELTING_POINTS_C: dict[str, float] = {
    "B2O3": 450.0,
    "H3BO3": 450.0,
    "Bi2O3": 817.0,
    "CuO": 1227.0,
    "Al2O3": 2053.0,
    "Ga2O3": 1807.0,
    "GeO2": 1116.0,
    "La2O3": 2304.0,
    "Li2CO3": 732.0,
    "Li2O": 1438.0,
    "Li3BO3": 715.0,
    "LiBO2": 844.0,
    "Li2B4O7": 917.0,
    "LiCl": 610.0,
    "LiF": 848.0,
    "LiI": 469.0,
    "LiNO3": 253.0,
    "LiOH": 473.0,
    "Li2SO4": 860.0,
    "Li3PO4": 1205.0,
    "Li4SiO4": 1258.0,
    "Li2SiO3": 1201.0,
    "MgO": 2825.0,
    "Nb2O5": 1512.0,
    "SiO2": 1722.0,
    "Ta2O5": 1875.0,
    "TiO2": 1843.0,
    "V2O5": 681.0,
    "Y2O3": 2439.0,
    "ZnO": 1974.0,
    "ZrO2": 2710.0,
}
"""Melting points of sintering aids, °C.

CRC Handbook of Chemistry and Physics, table Physical Constants of Inorganic Compounds; Li3BO3 and
Li4SiO4: Li2O-B2O3 and Li2O-SiO2 phase diagrams. Boric acid counts as B2O3, its product in the
furnace.
"""
