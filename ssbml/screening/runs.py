"""Ways of making that contradict themselves, and those that a ceramist should think twice about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import split_list
from ssbml.chemistry.hosts import firing_excess_c

if TYPE_CHECKING:
    import pandas as pd

_BoolArray = NDArray[np.bool_]
_OXIDISING = ("air", "dry_air", "humid_air", "O2")
_CARBON = ("graphite", "glassy_carbon")
_PRESSED_HOT = ("hot_press", "sps")
_WITH_PRESSURE = (*_PRESSED_HOT, "hip", "cold", "uhs")
_MOIST_SENSITIVE = ("argyrodite", "thio-lisicon", "sulfide-glass", "halide", "antiperovskite")

CARBON_BURNS_C = 500.0
"""Carbon burns above this in oxygen: Chem. Soc. Rev. 54 (2025) 8925 section 6.1."""

GOLD_MELTS_C = 1064.0
"""Melting point of gold: CRC Handbook of Chemistry and Physics, fixed point of ITS-90."""

UHS_LONGEST_H = 0.1
"""Ultrafast sintering lasts about ten seconds: Chem. Soc. Rev. 54 (2025) 8925 section 2.4."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a ceramist should think twice about.

    Attributes
    ----------
    text : str
        One sentence.
    applies : callable
        From the table of ways and the family to a bool array, shape (k,).
    """

    text: str
    applies: Callable[[pd.DataFrame, str], _BoolArray]


def _among(table: pd.DataFrame, column: str, choices: tuple[str, ...]) -> _BoolArray:
    found: _BoolArray = table[column].isin(choices).to_numpy(dtype=bool)
    return found


def _above(table: pd.DataFrame, column: str, limit: float) -> _BoolArray:
    found: _BoolArray = table[column].to_numpy(dtype=float) > limit
    return found


def _graphite_die(table: pd.DataFrame, family: str) -> _BoolArray:
    die = _among(table, "crucible", _CARBON) | table["crucible"].isna().to_numpy()
    hot = _above(table, "sintering_temp_c", CARBON_BURNS_C)
    burning = _among(table, "atmosphere", _OXIDISING)
    return _among(table, "sintering_method", _PRESSED_HOT) & die & hot & burning


def _carbon_crucible(table: pd.DataFrame, family: str) -> _BoolArray:
    hot = _above(table, "sintering_temp_c", CARBON_BURNS_C)
    pressed = _among(table, "sintering_method", _PRESSED_HOT)
    carbon = _among(table, "crucible", _CARBON) & _among(table, "atmosphere", _OXIDISING)
    return carbon & hot & ~pressed


def _gold(table: pd.DataFrame, family: str) -> _BoolArray:
    hot = _above(table, "sintering_temp_c", GOLD_MELTS_C)
    return _among(table, "crucible", ("Au",)) & hot


def _pressure_without_press(table: pd.DataFrame, family: str) -> _BoolArray:
    stated = table["sintering_method"].notna().to_numpy()
    under = _above(table, "pressure_mpa", 0.0)
    return under & stated & ~_among(table, "sintering_method", _WITH_PRESSURE)


def _calcined_hotter(table: pd.DataFrame, family: str) -> _BoolArray:
    calcined = table["calcination_temp_c"].to_numpy(dtype=float)
    sintered = table["sintering_temp_c"].to_numpy(dtype=float)
    pressureless = _among(table, "sintering_method", ("conventional", "two_step"))
    found: _BoolArray = (calcined > sintered) & pressureless
    return found


def _long_flash(table: pd.DataFrame, family: str) -> _BoolArray:
    long = _above(table, "sintering_time_h", UHS_LONGEST_H)
    return _among(table, "sintering_method", ("uhs",)) & long


def _moisture(table: pd.DataFrame, family: str) -> _BoolArray:
    wet = _among(table, "atmosphere", _OXIDISING)
    return wet & (family in _MOIST_SENSITIVE)


def _too_hot(table: pd.DataFrame, family: str) -> _BoolArray:
    columns = ["sintering_temp_c", "sintering_method", "route"]
    kinds = table[columns].drop_duplicates()
    hot = [firing_excess_c(t, family, m, r) > 0 for t, m, r in kinds.itertuples(index=False)]
    found: _BoolArray = table.merge(kinds.assign(hot=hot), on=columns, how="left")["hot"].to_numpy()
    return found


DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        "hot pressing or SPS in air or oxygen: a graphite die burns above 500 °C; state another "
        "die as crucible, or press in Ar, N2 or vacuum",
        _graphite_die,
    ),
    Doubt(
        "a carbon crucible burns above 500 °C in air or oxygen",
        _carbon_crucible,
    ),
    Doubt("a gold crucible melts at 1064 °C", _gold),
    Doubt("a die pressure belongs to pressed sintering only", _pressure_without_press),
    Doubt("calcined hotter than sintered", _calcined_hotter),
    Doubt("ultrafast sintering lasts seconds, not hours", _long_flash),
    Doubt("this family decomposes in moist air: fire in dry Ar, N2 or vacuum", _moisture),
    Doubt("sintered hotter than the family and method are believed to stand", _too_hot),
)
"""What is doubtful about a run. Sulfides hydrolyse to H2S (Muramatsu et al., Solid State Ionics 182
(2011) 116)."""


def contradictions(table: pd.DataFrame) -> list[tuple[str, _BoolArray]]:
    """Return which ways contradict themselves.

    Parameters
    ----------
    table : DataFrame
        k ways of making, canonical recipe columns.

    Returns
    -------
    list of (str, bool array of shape (k,))
        Reason and rows.
    """
    amounts = [c for c in ("additive_wt_pct", "additive_mol_pct") if c in table.columns]
    if "additive" not in table.columns or not amounts:
        return []
    none = _among(table, "additive", ("none",))
    stated = table["additive"].notna().to_numpy() & ~none
    some, zero = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    for column in amounts:
        some |= _holds(table[column], lambda amount: amount > 0)
        zero |= _holds(table[column], lambda amount: amount == 0)
    return [
        ("no additive, yet an amount of it", none & some),
        ("an additive of amount 0", stated & zero),
    ]


def doubts(table: pd.DataFrame, family: str) -> list[tuple[str, _BoolArray]]:
    """Return which ways a ceramist should think twice about.

    Parameters
    ----------
    table : DataFrame
        k ways of making, all recipe columns.
    family : str
        Host family.

    Returns
    -------
    list of (str, bool array of shape (k,))
        Sentence and rows; only sentences that apply to some row.
    """
    found = [(doubt.text, doubt.applies(table, family)) for doubt in DOUBTS]
    return [(text, rows) for text, rows in found if rows.any()]


def _holds(column: pd.Series[Any], test: Callable[[float], bool]) -> _BoolArray:
    """Return which cells hold an amount that passes a test."""
    passing = [
        cell
        for cell in column.unique()
        if isinstance(cell, str) and any(test(float(part)) for part in split_list(cell))
    ]
    found: _BoolArray = column.isin(passing).to_numpy(dtype=bool)
    return found
