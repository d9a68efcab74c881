"""Composition features: Magpie statistics, element fractions and which dopants are present."""

from __future__ import annotations

import numpy as np

from ssbml.chemistry.elements import FloatArray, element_index, element_table
from ssbml.features.base import FeatureMatrix

STATISTICS = ("minimum", "maximum", "range", "mean", "avg_dev", "mode")
"""Statistics over the elements of a formula, in matminer's order."""

DOPANTS = (
    "H", "B", "N", "F", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "K", "Ca", "Sc", "Ti", "V", "Cr",
    "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Rb", "Sr", "Y", "Zr", "Nb",
    "Mo", "In", "Sn", "Sb", "Te", "I", "Ba", "La", "Ce", "Pr", "Nd", "Sm", "Gd", "Dy", "Yb", "Hf",
    "Ta", "W", "Bi",
)  # fmt: skip
"""Elements other than Li and O whose presence is a feature of its own."""

FRACTION_ELEMENTS = ("Li", "O", *DOPANTS)
"""Elements whose atomic fraction is a feature."""


def magpie_names() -> tuple[str, ...]:
    """Return the 132 names that matminer's ``ElementProperty("magpie")`` gives."""
    return tuple(
        f"MagpieData {statistic} {prop}"
        for prop in element_table().magpie_names
        for statistic in STATISTICS
    )


def magpie_features(compositions: FloatArray) -> FeatureMatrix:
    """Return the Magpie statistics of compositions.

    Source: Ward et al., npj Comput. Mater. 2 (2016) 16028; equal to matminer's
    ``ElementProperty.from_preset("magpie")`` within 1e-9 (tested).

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula; every row holds at least one element.

    Returns
    -------
    FeatureMatrix
        n rows, 132 columns.
    """
    table = element_table().magpie
    n, n_properties = len(compositions), table.shape[1]
    used = np.flatnonzero((compositions > 0).any(axis=0))
    amounts, properties = compositions[:, used], table[used]
    weights = amounts / amounts.sum(axis=1, keepdims=True)
    present = amounts > 0
    top = amounts.max(axis=1, keepdims=True)
    most = np.isclose(amounts, top) & present
    out = np.empty((n, n_properties, len(STATISTICS)))
    for j in range(n_properties):
        value = properties[:, j]
        low = np.where(present, value, np.inf).min(axis=1)
        high = np.where(present, value, -np.inf).max(axis=1)
        mean = weights @ value
        out[:, j, 0] = low
        out[:, j, 1] = high
        out[:, j, 2] = high - low
        out[:, j, 3] = mean
        out[:, j, 4] = (weights * np.abs(value - mean[:, None])).sum(axis=1)
        out[:, j, 5] = np.where(most, value, np.inf).min(axis=1)
    return FeatureMatrix(magpie_names(), out.reshape(n, -1))


def fraction_features(compositions: FloatArray) -> FeatureMatrix:
    """Return atomic fractions of `FRACTION_ELEMENTS`.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula.

    Returns
    -------
    FeatureMatrix
        n rows, one column an element.
    """
    columns = [element_index()[e] for e in FRACTION_ELEMENTS]
    fractions = compositions[:, columns] / compositions.sum(axis=1, keepdims=True)
    return FeatureMatrix(tuple(f"fraction_{e}" for e in FRACTION_ELEMENTS), fractions)


def presence_features(compositions: FloatArray) -> FeatureMatrix:
    """Return 1 for each of `DOPANTS` that a composition holds, else 0.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula.

    Returns
    -------
    FeatureMatrix
        n rows, one column an element.
    """
    columns = [element_index()[e] for e in DOPANTS]
    present = (compositions[:, columns] > 0).astype(float)
    return FeatureMatrix(tuple(f"has_{e}" for e in DOPANTS), present)
