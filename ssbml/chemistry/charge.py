"""Charge balance with the oxidation states usual in solid electrolytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from ssbml.chemistry.elements import FloatArray, element_table

USUAL_STATES: dict[str, tuple[int, ...]] = {
    "H": (1,), "Li": (1,), "Be": (2,), "B": (3,), "C": (4,), "N": (-3,), "O": (-2,), "F": (-1,),
    "Na": (1,), "Mg": (2,), "Al": (3,), "Si": (4,), "P": (5,), "S": (-2,), "Cl": (-1,),
    "K": (1,), "Ca": (2,), "Sc": (3,), "Ti": (4, 3), "V": (5, 4, 3), "Cr": (3, 6), "Mn": (2, 3, 4),
    "Fe": (3, 2), "Co": (2, 3), "Ni": (2, 3), "Cu": (2, 1), "Zn": (2,), "Ga": (3,), "Ge": (4,),
    "As": (5, 3), "Se": (-2,), "Br": (-1,), "Rb": (1,), "Sr": (2,), "Y": (3,), "Zr": (4,),
    "Nb": (5,), "Mo": (6,), "Ru": (4,), "Rh": (3,), "Pd": (2,), "Ag": (1,), "Cd": (2,),
    "In": (3,), "Sn": (4, 2), "Sb": (5, 3), "Te": (6, 4), "I": (-1,), "Cs": (1,), "Ba": (2,),
    "La": (3,), "Ce": (4, 3), "Pr": (3, 4), "Nd": (3,), "Sm": (3,), "Eu": (3, 2), "Gd": (3,),
    "Tb": (3, 4), "Dy": (3,), "Ho": (3,), "Er": (3,), "Tm": (3,), "Yb": (3, 2), "Lu": (3,),
    "Hf": (4,), "Ta": (5,), "W": (6,), "Re": (7,), "Ir": (4,), "Pt": (4,), "Au": (1, 3),
    "Hg": (2,), "Tl": (1, 3), "Pb": (2, 4), "Bi": (3, 5), "Th": (4,), "U": (6, 4),
}  # fmt: skip
"""Oxidation states met in lithium electrolytes, the usual one first.

A subset of pymatgen's ``Element.oxidation_states``, which a test compares.
"""

_OXYANION_STATES = {"S": 6, "Se": 6}
_OXYANION_RATIO = 2.5
_PHOSPHIDE_STATE = -3

WARN_IMBALANCE = 0.02
"""Imbalance, as a share of the cation charge, from which a prediction carries a warning."""

FAR_IMBALANCE = 0.05
"""Imbalance, as a share of the cation charge, from which a recipe is out of domain."""


@lru_cache(maxsize=1)
def _state_bounds() -> tuple[FloatArray, FloatArray]:
    symbols = element_table().symbols
    low = np.array([min(USUAL_STATES.get(s, (0,))) for s in symbols], dtype=float)
    high = np.array([max(USUAL_STATES.get(s, (0,))) for s in symbols], dtype=float)
    return low, high


def charge_imbalance(compositions: FloatArray) -> FloatArray:
    """Return the net charge that no usual choice of oxidation states removes.

    Elements with several usual states may take any mean state between them (mixed valence). S and
    Se count as 6+ beside at least 2.5 O each, else as 2-; P without any anion counts as 3-.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula as written.

    Returns
    -------
    array, shape (n,)
        Charge per formula as written; 0 when balanced, positive with too little anion.
    """
    low, high = _state_bounds()
    column = {s: i for i, s in enumerate(element_table().symbols)}
    used = set(np.flatnonzero((compositions > 0).any(axis=0)).tolist())
    oxygen = compositions[:, column["O"]]
    bare = compositions[:, column["P"]] > 0
    for symbol in ("O", "S", "Se", "F", "Cl", "Br", "I", "N"):
        bare &= ~(compositions[:, column[symbol]] > 0)
    special = {column["P"]: (bare, _PHOSPHIDE_STATE)}
    for symbol, state in _OXYANION_STATES.items():
        amount = compositions[:, column[symbol]]
        special[column[symbol]] = ((amount > 0) & (oxygen >= _OXYANION_RATIO * amount), state)
    least, most = np.zeros(len(compositions)), np.zeros(len(compositions))
    for i in sorted(used):
        states = (low[i], high[i])
        if i in special:
            rows, state = special[i]
            states = (np.where(rows, state, low[i]), np.where(rows, state, high[i]))
        least += compositions[:, i] * states[0]
        most += compositions[:, i] * states[1]
    return np.where(least > 0, least, np.where(most < 0, most, 0.0))


def relative_imbalance(compositions: FloatArray, net: FloatArray | None = None) -> FloatArray:
    """Return the size of the imbalance as a share of the cation charge.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula as written.
    net : array, shape (n,), optional
        Their `charge_imbalance`, where it is known already.

    Returns
    -------
    array, shape (n,)
        0 when balanced.
    """
    imbalance = charge_imbalance(compositions) if net is None else net
    _, high = _state_bounds()
    cations = np.zeros(len(compositions))
    for i in np.flatnonzero((high > 0) & (compositions > 0).any(axis=0)):
        cations += compositions[:, i] * high[i]
    size: FloatArray = np.abs(imbalance) / np.maximum(cations, 1e-12)
    return size


def usual_charge(symbol: str) -> int:
    """Return the most usual oxidation state of an element (0 if none is listed)."""
    return USUAL_STATES.get(symbol, (0,))[0]


def usual_charges(overrides: Mapping[str, int] | None = None) -> FloatArray:
    """Return the usual charge of every element, in the order of the element table.

    Parameters
    ----------
    overrides : mapping of str to int, optional
        Charges that differ in a given host, such as Bi5+ on the Zr site of garnet.

    Returns
    -------
    array, shape (n_elements,)
    """
    special = overrides or {}
    return np.array([special.get(s, usual_charge(s)) for s in element_table().symbols], dtype=float)
