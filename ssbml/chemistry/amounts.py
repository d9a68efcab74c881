"""The amounts of many formulas as rows of a matrix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, composition_matrix, element_index
from ssbml.chemistry.formula import parse_formula

_COMPILED_FROM_FORMULAS = 400


def amounts_of(formulas: Sequence[str]) -> FloatArray:
    """Return the amounts of each element in formulas.

    Equal to `ssbml.chemistry.formula.parse_formula` formula by formula; many plain formulas are
    read by a compiled loop.

    Parameters
    ----------
    formulas : sequence of str
        Length n.

    Returns
    -------
    array, shape (n, n_elements)
        Amounts per formula as written, columns as in `ssbml.chemistry.elements.element_index`.

    Raises
    ------
    FormulaError
        A formula cannot be used.
    """
    if len(formulas) < _COMPILED_FROM_FORMULAS:
        return composition_matrix([parse_formula(f) for f in formulas])
    from ssbml.chemistry.scanner import scan

    amounts, read = scan(list(formulas))
    rest = np.flatnonzero(~read).tolist()
    if rest:
        amounts[rest] = composition_matrix([parse_formula(formulas[i]) for i in rest])
    return amounts


def plain_electrolytes(formulas: Sequence[str]) -> NDArray[np.bool_]:
    """Return which formulas are certain to be those of lithium electrolytes.

    True only where `ssbml.chemistry.formula.parse_electrolyte` would raise nothing; false where
    that function has to be asked, which includes every table too short for the compiled loop.

    Parameters
    ----------
    formulas : sequence of str
        Length n.

    Returns
    -------
    bool array, shape (n,)
    """
    if len(formulas) < _COMPILED_FROM_FORMULAS:
        return np.zeros(len(formulas), dtype=bool)
    from ssbml.chemistry.scanner import scan

    amounts, read = scan(list(formulas))
    lithium = amounts[:, element_index()["Li"]] > 0
    certain: NDArray[np.bool_] = read & lithium & (np.count_nonzero(amounts, axis=1) > 1)
    return certain
