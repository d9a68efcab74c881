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

_COMPILED_FROM_ROWS = 400


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
    n = len(compositions)
    out = np.empty((n, table.shape[1], len(STATISTICS)))
    if n < _COMPILED_FROM_ROWS:
        _statistics(compositions, table, out)
    else:
        from ssbml.features.statistics import statistics

        statistics(compositions, table, out)
    return FeatureMatrix(magpie_names(), out.reshape(n, -1))


def _statistics(compositions: FloatArray, table: FloatArray, out: FloatArray) -> None:
    """Fill in the statistics element by element, adding in the order of the compiled loop."""
    used = np.flatnonzero((compositions > 0).any(axis=0))
    amounts = compositions[:, used]
    present = (amounts > 0)[:, :, None]
    total = np.zeros(len(amounts))
    for j in range(len(used)):
        total += amounts[:, j]
    weights = (amounts / total[:, None])[:, :, None]
    most = (np.isclose(amounts, amounts.max(axis=1, keepdims=True)))[:, :, None] & present
    values = table[used]
    low, high = np.full(out.shape[:2], np.inf), np.full(out.shape[:2], -np.inf)
    mean, deviation, mode = np.zeros(out.shape[:2]), np.zeros(out.shape[:2]), low
    for j, value in enumerate(values):
        low = np.where(present[:, j], np.minimum(low, value), low)
        high = np.where(present[:, j], np.maximum(high, value), high)
        mode = np.where(most[:, j], np.minimum(mode, value), mode)
        mean += weights[:, j] * value
    for j, value in enumerate(values):
        deviation += weights[:, j] * np.abs(value - mean)
    for position, part in enumerate((low, high, high - low, mean, deviation, mode)):
        out[:, :, position] = part


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
