"""Element and ion tables as arrays, and compositions as rows of a matrix.

The tables are written by ``training/build_element_tables.py`` from matminer (Magpie element data,
Ward et al., npj Comput. Mater. 2 (2016) 16028) and pymatgen (Shannon, Acta Cryst. A32 (1976) 751).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ElementTable:
    """Properties of the first 103 elements.

    Attributes
    ----------
    symbols : tuple of str
        Element symbols by atomic number.
    mass : array, shape (n_elements,)
        Standard atomic mass in g/mol.
    electronegativity : array, shape (n_elements,)
        Pauling electronegativity; NaN where there is none.
    magpie_names : tuple of str
        The 22 Magpie properties.
    magpie : array, shape (n_elements, 22)
        Their values, blanks imputed as matminer does.
    """

    symbols: tuple[str, ...]
    mass: FloatArray
    electronegativity: FloatArray
    magpie_names: tuple[str, ...]
    magpie: FloatArray


def _rows(name: str) -> tuple[list[str], list[list[str]]]:
    text = files("ssbml.chemistry").joinpath(name).read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    return header, rows


@lru_cache(maxsize=1)
def element_table() -> ElementTable:
    """Return the element table (read once)."""
    header, rows = _rows("elements.csv")
    values = np.array([[float(cell or "nan") for cell in row[1:]] for row in rows])
    return ElementTable(
        symbols=tuple(row[0] for row in rows),
        mass=values[:, 0],
        electronegativity=values[:, 1],
        magpie_names=tuple(header[3:]),
        magpie=values[:, 2:],
    )


@lru_cache(maxsize=1)
def element_index() -> dict[str, int]:
    """Return the column of each element symbol in a composition matrix."""
    return {symbol: i for i, symbol in enumerate(element_table().symbols)}


@lru_cache(maxsize=1)
def _radii() -> dict[tuple[str, int], dict[int, float]]:
    table: dict[tuple[str, int], dict[int, float]] = {}
    for symbol, charge, coordination, radius in _rows("ions.csv")[1]:
        table.setdefault((symbol, int(charge)), {})[int(coordination)] = float(radius)
    return table


def shannon_radius_a(symbol: str, charge: int, coordination: int) -> float:
    """Return the Shannon ionic radius in Å (high spin).

    Parameters
    ----------
    symbol : str
        Element symbol.
    charge : int
        Ionic charge.
    coordination : int
        Coordination number; the nearest tabulated one is used.

    Returns
    -------
    float
        Radius in Å; NaN if the ion is not tabulated.
    """
    by_coordination = _radii().get((symbol, charge))
    if not by_coordination:
        return float("nan")
    nearest = min(by_coordination, key=lambda n: (abs(n - coordination), n))
    return by_coordination[nearest]


def composition_matrix(compositions: Sequence[Mapping[str, float]]) -> FloatArray:
    """Return amounts as a matrix.

    Parameters
    ----------
    compositions : sequence of mapping
        Amount of each element per formula, length n.

    Returns
    -------
    array, shape (n, n_elements)
        Amounts per formula as written.
    """
    index = element_index()
    matrix = np.zeros((len(compositions), len(index)))
    for row, composition in enumerate(compositions):
        for symbol, amount in composition.items():
            matrix[row, index[symbol]] = amount
    return matrix
