"""Activation energies of samples: stated ones, and lines through several temperatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.activation import (
    PLAUSIBLE_LOG10_PREFACTOR,
    REFERENCE_C,
    TYPICAL_C,
    line,
    log10_prefactor,
    to_sigma_t,
)
from ssbml.chemistry.elements import FloatArray

if TYPE_CHECKING:
    import pandas as pd

_KINDS = ("total", "bulk", "unspecified")
_SAME = (
    "formula",
    "cv_group",
    "paper_key",
    "form",
    "route",
    "sintering_method",
    "sintering_temp_c",
    "sintering_time_h",
    "atmosphere",
    "additive",
    "phase_main",
    "thickness_um",
    "storage",
)
_RANGE_C = (-60.0, 200.0)
_MIN_SPAN_C = 30.0
_MIN_R2 = 0.97
_ENERGY_RANGE = (0.1, 1.5)


def energy_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the activation energies of a table of samples, all on the basis of ln(sigma T).

    An energy is the stated one, else the slope of a straight line through conductivities of one
    kind that one paper reports for the same sample at two or more temperatures (at least 30 K
    apart, -60 to 200 °C, r² of 0.97 or more). An energy that with the sample's own conductivity
    needs a prefactor outside `ssbml.activation.PLAUSIBLE_LOG10_PREFACTOR` is left out.

    Parameters
    ----------
    table : DataFrame
        Samples with the columns of `ssbml.fields.FIELDS`, index 0 to n - 1.

    Returns
    -------
    DataFrame
        ``row`` (position in the table), ``energy_ev``, ``basis`` (as stated; ``sigma_t`` of
        lines), ``origin`` (``stated`` or ``line``), ``kind`` (total, bulk, unspecified) and
        ``celsius`` (middle of the temperatures, 60 where only an energy is stated).
    """
    import pandas as pd

    kinds, sigma = _measured(table)
    celsius = table["temperature_c"].fillna(REFERENCE_C).to_numpy(dtype=float)
    rows = _stated(table, kinds)
    stated = {(table["formula"].iat[r["row"]], table["cv_group"].iat[r["row"]]) for r in rows}
    rows.extend(_lines(table, kinds, sigma, celsius, stated))
    columns = ("row", "energy_ev", "basis", "origin", "kind", "celsius")
    found = pd.DataFrame(rows, columns=list(columns))
    at = found["row"].to_numpy(dtype=int)
    prefactor = log10_prefactor(found["energy_ev"].to_numpy(dtype=float), sigma[at], celsius[at])
    low, high = PLAUSIBLE_LOG10_PREFACTOR
    return found[~((prefactor < low) | (prefactor > high))].reset_index(drop=True)


def _measured(table: pd.DataFrame) -> tuple[list[str], FloatArray]:
    """Return which conductivity each sample has (total before bulk), and its value."""
    columns = [table[f"sigma_{kind}_s_cm"].to_numpy(dtype=float) for kind in _KINDS]
    first = [next((i for i, c in enumerate(columns) if c[r] > 0), -1) for r in range(len(table))]
    kinds = [_KINDS[i] for i in first]
    values = [columns[i][r] if i >= 0 else np.nan for r, i in enumerate(first)]
    return kinds, np.array(values, dtype=float)


def _stated(table: pd.DataFrame, kinds: list[str]) -> list[dict[str, Any]]:
    energies = table["activation_energy_ev"].to_numpy(dtype=float)
    bases = table["activation_energy_basis"].tolist()
    out = []
    for row in np.flatnonzero(~np.isnan(energies)):
        basis = bases[row] if isinstance(bases[row], str) else "unknown"
        energy = to_sigma_t(energies[row], basis)
        out.append(_entry(int(row), energy, basis, "stated", kinds[row], TYPICAL_C))
    return out


def _lines(
    table: pd.DataFrame,
    kinds: list[str],
    sigma: FloatArray,
    celsius: FloatArray,
    stated: set[tuple[Any, Any]],
) -> list[dict[str, Any]]:
    usable = (sigma > 0) & (celsius >= _RANGE_C[0]) & (celsius <= _RANGE_C[1])
    cells = [table[name].astype(object).where(table[name].notna(), "").tolist() for name in _SAME]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for row in np.flatnonzero(usable):
        key = (kinds[row], *(column[row] for column in cells))
        groups.setdefault(key, []).append(int(row))
    out = []
    for key, members in groups.items():
        t = celsius[members]
        if key[1:3] in stated or float(np.ptp(t)) < _MIN_SPAN_C:
            continue
        energy, r2 = line(t, sigma[members])
        if r2 >= _MIN_R2 and _ENERGY_RANGE[0] <= energy <= _ENERGY_RANGE[1]:
            nearest = members[int(np.argmin(np.abs(t - REFERENCE_C)))]
            middle = float(t.min() + t.max()) / 2
            out.append(_entry(nearest, energy, "sigma_t", "line", kinds[nearest], middle))
    return out


def _entry(
    row: int, energy: float, basis: str, origin: str, kind: str, celsius: float
) -> dict[str, Any]:
    return {
        "row": row,
        "energy_ev": energy,
        "basis": basis,
        "origin": origin,
        "kind": kind,
        "celsius": celsius,
    }
