"""Molar mass of a composition."""

from __future__ import annotations

from collections.abc import Mapping

from ssbml.chemistry.elements import element_index, element_table


def molar_mass(composition: Mapping[str, float]) -> float:
    """Return the molar mass of a composition, g/mol."""
    index, mass = element_index(), element_table().mass
    return float(sum(amount * mass[index[symbol]] for symbol, amount in composition.items()))
