"""Formulas of many compositions at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.screening.substitutions import Substitutions

DECIMALS = 6
"""Decimals of the amounts; what is cut off changes the charge by less than 1e-4."""

_NASICON_GROUP = {"P": 3.0, "O": 12.0}


def write_formulas(substitutions: Substitutions, compositions: FloatArray) -> NDArray[np.object_]:
    """Return compositions as text.

    Elements follow the sites of the host, lithium first and each dopant behind the ion that it
    replaces, as in ``Li6.25Al0.25La3Zr2O12``; whole phosphate groups are written ``(PO4)3``.

    Parameters
    ----------
    substitutions : Substitutions
        Host and dopants, which give the order.
    compositions : array, shape (m, n_elements)
        Amounts per formula unit.

    Returns
    -------
    array of str, shape (m,)
    """
    index = element_index()
    order = list(dict.fromkeys(s.element for s in substitutions.species))
    parts = {symbol: _texts(symbol, compositions[:, index[symbol]]) for symbol in order}
    grouped = np.zeros(len(compositions), dtype=bool)
    if substitutions.parent.family == "nasicon" and set(order) >= set(_NASICON_GROUP):
        grouped = np.all(
            [np.isclose(compositions[:, index[s]], n) for s, n in _NASICON_GROUP.items()], axis=0
        )
        after_p = order[order.index("P") + 1 :]
        others = [index[s] for s in after_p if s != "O"]
        grouped &= ~(compositions[:, others] > 0).any(axis=1)
        parts["P"] = np.where(grouped, "(PO4)3", parts["P"])
        parts["O"] = np.where(grouped, "", parts["O"])
    whole = np.full(len(compositions), "", dtype=object)
    for symbol in order:
        whole = whole + parts[symbol]
    return whole


def _texts(symbol: str, amounts: FloatArray) -> NDArray[np.object_]:
    import pandas as pd

    codes, values = pd.factorize(np.round(amounts, DECIMALS))
    texts = np.array([_text(symbol, float(v)) for v in values], dtype=object)
    return texts[codes] if len(texts) else np.empty(0, dtype=object)


def _text(symbol: str, amount: float) -> str:
    if amount == 0:
        return ""
    number = f"{amount:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return symbol if number == "1" else f"{symbol}{number}"
