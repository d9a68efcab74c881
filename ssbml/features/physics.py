"""Features that carry physics: lithium balance, phase windows, liquid phases, framework size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import split_list
from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.chemistry.phases import FILM_LIMITS_C, MELTING_POINTS_C, PELLET_LIMITS_C
from ssbml.features.base import FeatureMatrix, from_columns

if TYPE_CHECKING:
    import pandas as pd

_KELVIN = 273.15
_GAS_CONSTANT = 8.314462618e-3
_HOURS = 6.0
_LOST_HOT = (1350.0, 0.23)
_LOST_COOL = (1100.0, 0.01)
_PELLET_UM = 1000.0

LITHIUM_LOSS_KJ_MOL = float(
    _GAS_CONSTANT
    * np.log(_LOST_HOT[1] / _LOST_COOL[1])
    / (1.0 / (_LOST_COOL[0] + _KELVIN) - 1.0 / (_LOST_HOT[0] + _KELVIN))
)
"""Apparent activation energy of lithium evaporation, about 230 kJ/mol.

From two points of Chem. Soc. Rev. 54 (2025) 8925 section 2.3: 23 % of the lithium of a titanate
perovskite is lost at 1350 °C, a negligible part (taken as 1 %) at 1100 °C.
"""


def lithium_loss(
    temperature_c: FloatArray, hours: FloatArray, thickness_um: FloatArray
) -> FloatArray:
    """Return the share of lithium that an unprotected sample is expected to lose, 0 to 1.

    First order in time, thermally activated (`LITHIUM_LOSS_KJ_MOL`), and inverse in thickness
    below 1 mm, since thin samples lose more (Chem. Soc. Rev. 54 (2025) 8925 sections 2.2, 4.2).
    The hold of the anchor points is not printed; 6 h, the middle of the usual range, is assumed.

    Parameters
    ----------
    temperature_c, hours, thickness_um : arrays, shape (n,)
        Sintering temperature and hold (NaN gives NaN); thickness, NaN counts as a 1 mm pellet.
    """
    hot = _LOST_HOT[0] + _KELVIN
    kelvin = np.maximum(temperature_c + _KELVIN, 1.0)
    rate = -np.log1p(-_LOST_HOT[1]) / _HOURS
    rate = rate * np.exp(LITHIUM_LOSS_KJ_MOL / _GAS_CONSTANT * (1.0 / hot - 1.0 / kelvin))
    thin = _PELLET_UM / np.clip(np.nan_to_num(thickness_um, nan=_PELLET_UM), 1.0, _PELLET_UM)
    return np.asarray(-np.expm1(-rate * hours * thin), dtype=float)


def firing_features(
    table: pd.DataFrame, families: Sequence[str], process: FeatureMatrix
) -> FeatureMatrix:
    """Return features that several fields of a recipe's making give; NaN where one is blank.

    ``lithium_loss``: `lithium_loss`. ``lithium_balance_pct``: Li excess less the loss.
    ``above_formation_c``, ``above_decomposition_c``: firing temperature above the temperature at
    which the phase forms and above that at which it decomposes, for films those of films
    (`ssbml.chemistry.phases`). ``aid_melting_c``, ``above_aid_melting_c``: melting point of the
    sintering aid that melts first, and firing temperature above it.

    Parameters
    ----------
    table : DataFrame
        A valid recipe table, n rows.
    families : sequence of str
        Host family of each row.
    process : FeatureMatrix
        Features of the single fields of the same rows.

    Returns
    -------
    FeatureMatrix
        n rows.
    """
    temperature, hours, thickness, excess, film = process.select(
        (
            "sintering_temp_c",
            "log10_sintering_time_h",
            "log10_thickness_um",
            "li_excess_pct",
            "form_film",
        )
    ).T
    loss = lithium_loss(temperature, 10.0**hours, 10.0**thickness)
    limits = phase_limits_c(families, film == 1.0)
    melting = aid_melting_c(table)
    return from_columns(
        {
            "lithium_loss": loss,
            "lithium_balance_pct": excess - 100.0 * loss,
            "above_formation_c": temperature - limits[:, 0],
            "above_decomposition_c": temperature - limits[:, 1],
            "aid_melting_c": melting,
            "above_aid_melting_c": temperature - melting,
        }
    )


def framework_features(host: FeatureMatrix) -> FeatureMatrix:
    """Return what the host leaves to lithium.

    ``framework_radius_a``: mean Shannon radius of the ions beside lithium, a proxy of the
    bottlenecks that lithium passes (larger Sr, Ba or Sc widen them, Chem. Soc. Rev. 54 (2025) 8925
    section 5.3). ``lithium_vacancies``: share of lithium positions left empty (same section).

    Parameters
    ----------
    host : FeatureMatrix
        `ssbml.features.host.host_features`, n rows.

    Returns
    -------
    FeatureMatrix
        n rows.
    """
    return from_columns(
        {"framework_radius_a": _framework_radius(host), "lithium_vacancies": _vacancies(host)}
    )


def phase_limits_c(families: Sequence[str], film: NDArray[np.bool_]) -> FloatArray:
    """Return formation and upper temperature of each row's phase, °C.

    Parameters
    ----------
    families : sequence of str
        Host family of each row, length n.
    film : bool array, shape (n,)
        Whether the sample is a film.

    Returns
    -------
    array, shape (n, 2)
        NaN where the reviews give no limits.
    """
    labels = Labels.of(families)
    blank = (np.nan, np.nan)
    pellets, films = (
        np.array([limits.get(name, blank) for name in labels.names]).reshape(-1, 2)[labels.codes]
        for limits in (PELLET_LIMITS_C, FILM_LIMITS_C)
    )
    return np.where(film[:, None], films, pellets)


def aid_melting_c(table: pd.DataFrame) -> FloatArray:
    """Return the lowest melting point of each recipe's sintering aids, °C.

    Parameters
    ----------
    table : DataFrame
        A valid recipe table, n rows.

    Returns
    -------
    array, shape (n,)
        NaN without an aid, or when none of the aids is in
        `ssbml.chemistry.phases.MELTING_POINTS_C`.
    """
    if "additive" not in table.columns or table["additive"].isna().all():
        return np.full(len(table), np.nan)
    texts = table["additive"].tolist()
    known = {text: _lowest(text) for text in set(texts) if isinstance(text, str)}
    return np.array([known.get(text, np.nan) for text in texts], dtype=float)


def _lowest(text: str) -> float:
    points: list[Any] = [MELTING_POINTS_C[p] for p in split_list(text) if p in MELTING_POINTS_C]
    return float(min(points, default=np.nan))


def _framework_radius(host: FeatureMatrix) -> FloatArray:
    """Mean radius over the sites after the first, weighted by their occupancy."""
    totals, radii = (
        host.select(tuple(f"site{i}_{name}" for i in (1, 2))) for name in ("total", "mean_radius_a")
    )
    known = ~np.isnan(radii) & ~np.isnan(totals)
    weight = np.where(known, totals, 0.0)
    whole = weight.sum(axis=1)
    return np.asarray(
        (weight * np.nan_to_num(radii)).sum(axis=1) / np.where(whole > 0, whole, np.nan)
    )


def _vacancies(host: FeatureMatrix) -> FloatArray:
    empty, filled = host.select(("site0_vacancies", "site0_total")).T
    return np.asarray(empty / np.where(empty + filled > 0, empty + filled, np.nan))
