"""The plane through the best recipe: its dopant against a process column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, composition_matrix, element_table
from ssbml.chemistry.formula import parse_formula

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.report.content import Compositions

AXES = ("sintering_temp_c", "sintering_time_h", "substrate_temp_c", "calcination_temp_c",
        "pressing_pressure_mpa")  # fmt: skip
"""Process columns tried for the horizontal axis, in this order."""

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Plane:
    """Recipes that differ from the best one in a dopant and one process column.

    Attributes
    ----------
    dopant : str
        Element on the vertical axis.
    amounts : array, shape (a,)
        Amounts per formula unit, rising.
    compositions : int array, shape (a,)
        Composition of each amount.
    column : str
        Process column on the horizontal axis.
    values : array, shape (p,)
        Its values, rising.
    processes : int array, shape (p,)
        Process of each value.
    """

    dopant: str
    amounts: FloatArray
    compositions: NDArray[np.intp]
    column: str
    values: FloatArray
    processes: NDArray[np.intp]


def plane_of(candidates: Compositions, best: dict[str, Any]) -> Plane | None:
    """Return the plane through the best recipe, or None if the space has no such plane.

    The dopant is one that the best recipe holds, where it holds any, and of two elements that take
    each other's place the lesser. Compositions on the plane differ from the best one in the dopant,
    the one element it replaces and lithium only; ways of making differ from the best one as little
    as the space allows.
    """
    line = _dopant_line(candidates, str(best["formula"]))
    if line is None:
        return None
    dopant, amounts, compositions = line
    for column in AXES:
        found = _process_line(candidates.processes, best, column)
        if found is not None:
            return Plane(dopant, amounts, compositions, column, *found)
    return None


def _dopant_line(
    candidates: Compositions, formula: str
) -> tuple[str, FloatArray, NDArray[np.intp]] | None:
    amounts = candidates.compositions
    symbols = element_table().symbols
    lithium = np.array([s == "Li" for s in symbols])
    written = np.flatnonzero(candidates.formulas == formula)
    best = amounts[written[0]] if len(written) else composition_matrix([parse_formula(formula)])[0]
    differs = (np.abs(amounts - best) > _SAME) & ~lithium
    lines = []
    for j in np.flatnonzero(differs.any(axis=0)):
        others = differs.copy()
        others[:, j] = False
        rows, partner = _one_partner(others, differs[:, j])
        levels, first = np.unique(np.round(amounts[rows, j], 6), return_index=True)
        if len(levels) > 1:
            held = best[j] > _SAME
            major = partner is not None and best[j] > best[partner]
            order = (not held, major, -len(levels), float(levels.mean()), symbols[j])
            lines.append((order, levels, rows[first]))
    if not lines:
        return None
    order, levels, rows = min(lines, key=lambda line: line[0])
    return order[-1], levels, rows


def _one_partner(
    others: NDArray[np.bool_], moved: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], int | None]:
    """Return compositions in which at most one other element moves, and that element if any."""
    none = ~others.any(axis=1)
    partners = others[moved & (others.sum(axis=1) == 1)].sum(axis=0)
    if not partners.any():
        return np.flatnonzero(none), None
    partner = int(np.argmax(partners))
    only = others.sum(axis=1) == others[:, partner]
    return np.flatnonzero(only & (moved | none)), partner


def _process_line(
    processes: pd.DataFrame, best: dict[str, Any], column: str
) -> tuple[FloatArray, NDArray[np.intp]] | None:
    """Return the values of a process column and, for each, the process most like the best."""
    if column not in processes.columns:
        return None
    values = processes[column].to_numpy(dtype=float)
    unlike = np.zeros(len(processes))
    for name in processes.columns:
        if name != column and name in best:
            mine, theirs = best[name], processes[name]
            same = theirs.isna() if mine is None or mine != mine else theirs == mine
            unlike += ~same.to_numpy(dtype=bool) * (100 if name == "sintering_method" else 1)
    near = np.flatnonzero(~np.isnan(values) & (unlike < 100))
    levels = np.unique(values[near])
    if len(levels) < 2:
        return None
    rows = [near[values[near] == v][np.argmin(unlike[near[values[near] == v]])] for v in levels]
    return levels, np.array(rows, dtype=np.intp)
