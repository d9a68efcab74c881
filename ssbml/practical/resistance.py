"""Area-specific resistance of a recipe over the working range of a cell.

Resistance is thickness over conductivity; the target of 3.75 ohm cm2 is that of a 25 um separator
soaked in liquid electrolyte and should hold from about -10 to 50 °C [Chem. Soc. Rev. 54 (2025) 8925
section 1.3]. Conductivities are predicted at each temperature for the recipe in its own form. A
pellet cannot be handled below about 100 um, and thin layers conduct worse than pellets [Russ. Chem.
Rev. 94 (2025) RCR5171 section 4.2], so a thinner layer of a pellet recipe is predicted anew as a
tape, below 20 um (free-standing sheets end there, section 1.3 above) as a film; nothing is carried
over from the pellet. Interfaces to the electrodes are not included.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.fields import DEFAULT_FORM
from ssbml.request import TablePredictor

if TYPE_CHECKING:
    import pandas as pd

TARGET_OHM_CM2 = 3.75
"""Target [Chem. Soc. Rev. 54 (2025) 8925 section 1.3]."""

WORKING_RANGE_C = (-10.0, 0.0, 10.0, 25.0, 40.0, 50.0)
"""Temperatures at which the resistance is given, °C."""

THINNEST_PELLET_UM = 100.0
THINNEST_TAPE_UM = 20.0
USUAL_PELLET_UM = 300.0
"""Counted for a bulk recipe that states no thickness: the thinnest of the usual pellets, 300 um to
1 mm [Chem. Soc. Rev. 54 (2025) 8925 sections 2.1, 6]."""

_BULK = ("pellet", "powder", "glass", "glass-ceramic", "single_crystal")
_UM_TO_CM = 1e-4

FILM_ROUTES = frozenset(
    {"solution_coating", "sol_gel", "sputtering", "pld", "cvd", "ald", "evaporation",
     "aerosol_deposition", "plasma_spray", "electrophoretic", "spray_pyrolysis"}
)  # fmt: skip
"""Routes that give a film."""

RESISTANCE_COLUMNS = (
    "temperature_c",
    "form",
    "thickness_um",
    "conductivity_s_cm",
    "conductivity_s_cm_lower",
    "conductivity_s_cm_upper",
    "asr_ohm_cm2",
    "asr_ohm_cm2_lower",
    "asr_ohm_cm2_upper",
    "meets_target",
    "thickest_um",
    "in_domain",
    "asr_notes",
)


def form_at_thickness(form: str | None, thickness_um: float) -> str:
    """Return the form in which a recipe is predicted at a thickness.

    Parameters
    ----------
    form : str or None
        Form of the recipe; None counts as a pellet.
    thickness_um : float
        Thickness, µm; NaN when not stated.

    Returns
    -------
    str
        The own form; for a pellet or another bulk form thinner than 100 µm ``tape``, for those and
        tapes thinner than 20 µm ``film``.

    Examples
    --------
    >>> form_at_thickness("pellet", 500), form_at_thickness("pellet", 30)
    ('pellet', 'tape')
    """
    own = form or DEFAULT_FORM
    if own in _BULK and thickness_um < THINNEST_PELLET_UM:
        return "tape" if thickness_um >= THINNEST_TAPE_UM else "film"
    return "film" if own == "tape" and thickness_um < THINNEST_TAPE_UM else own


def area_resistance(
    table: pd.DataFrame,
    predictor: TablePredictor,
    *,
    thickness_um: float | None = None,
    temperatures_c: Sequence[float] = WORKING_RANGE_C,
    coverage: float = DEFAULT_COVERAGE,
) -> pd.DataFrame:
    """Return the area-specific resistance of recipes over temperature.

    Parameters
    ----------
    table : DataFrame
        Valid recipes, n rows with distinct index labels.
    predictor : TablePredictor
        What predicts conductivity.
    thickness_um : float, optional
        Thickness for all; each recipe's own when None. A bulk recipe without thickness counts with
        `USUAL_PELLET_UM`, which is said; the resistance of a tape or film without one is NaN.
    temperatures_c : sequence of float, default -10 to 50
        Temperatures, °C.
    coverage : float, default 0.9
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        n times k rows, index of ``table`` repeated, `RESISTANCE_COLUMNS`. ``meets_target`` compares
        the point; ``thickest_um`` is the layer that just meets the target, NaN where it would be
        too thin for the form in which the recipe is predicted; ``in_domain`` is that of the recipe
        as predicted here.

    Raises
    ------
    ValueError
        ``thickness_um`` is not above 0.
    """
    import pandas as pd

    if thickness_um is not None and not 0 < thickness_um < np.inf:
        raise ValueError(f"thickness_um = {thickness_um:g}: it must be above 0 µm")

    recipes = table.copy()
    own = _column(table, "thickness_um").to_numpy(dtype=float)
    thick = own if thickness_um is None else np.full(len(table), float(thickness_um))
    forms = [f if isinstance(f, str) else None for f in _column(table, "form").tolist()]
    assumed = np.isnan(thick) & np.array([(f or DEFAULT_FORM) in _BULK for f in forms], dtype=bool)
    predicted = [form_at_thickness(f, t) for f, t in zip(forms, thick.tolist(), strict=True)]
    recipes["form"] = [
        new if new != (old or DEFAULT_FORM) else old
        for old, new in zip(forms, predicted, strict=True)
    ]
    recipes["thickness_um"] = thick
    k = len(temperatures_c)
    stacked = recipes.iloc[np.repeat(np.arange(len(recipes)), k)].copy()
    stacked["temperature_c"] = np.tile(np.asarray(temperatures_c, dtype=float), len(recipes))
    labels = stacked.index
    stacked.index = pd.RangeIndex(len(stacked))
    found = predictor.predict_table(stacked, coverage=coverage, known=None)
    rows = list(zip(forms, predicted, _routes(table), strict=True))
    believable = np.array([_believable(*row) for row in rows], dtype=bool)
    notes = np.array([_note(*row, t) for row, t in zip(rows, thick.tolist(), strict=True)], object)
    layer = np.repeat(np.where(assumed, USUAL_PELLET_UM, thick), k)
    return _columns(found, stacked, layer, np.repeat(believable, k), np.repeat(notes, k), labels)


def _columns(
    found: pd.DataFrame,
    stacked: pd.DataFrame,
    layer: FloatArray,
    believable: Any,
    notes: Any,
    labels: pd.Index,
) -> pd.DataFrame:
    import pandas as pd

    cm = layer * _UM_TO_CM
    sigma, low, high = (
        found[name].to_numpy(dtype=float)
        for name in ("conductivity_s_cm", "conductivity_s_cm_lower", "conductivity_s_cm_upper")
    )
    asr: FloatArray = cm / sigma
    forms = [f if isinstance(f, str) else DEFAULT_FORM for f in stacked["form"]]
    thickest: FloatArray = sigma * TARGET_OHM_CM2 / _UM_TO_CM
    too_thin = [form_at_thickness(f, t) != f for f, t in zip(forms, thickest.tolist(), strict=True)]
    columns = {
        "temperature_c": stacked["temperature_c"].to_numpy(),
        "form": forms,
        "thickness_um": layer,
        "conductivity_s_cm": sigma,
        "conductivity_s_cm_lower": low,
        "conductivity_s_cm_upper": high,
        "asr_ohm_cm2": asr,
        "asr_ohm_cm2_lower": cm / high,
        "asr_ohm_cm2_upper": cm / low,
        "meets_target": asr <= TARGET_OHM_CM2,
        "thickest_um": np.where(too_thin, np.nan, thickest),
        "in_domain": found["in_domain"].to_numpy(dtype=bool) & believable,
        "asr_notes": notes,
    }
    return pd.DataFrame(columns, index=labels, columns=list(RESISTANCE_COLUMNS))


def _column(table: pd.DataFrame, name: str) -> pd.Series[Any]:
    import pandas as pd

    return table[name] if name in table.columns else pd.Series(np.nan, index=table.index)


def _routes(table: pd.DataFrame) -> list[str | None]:
    return [r if isinstance(r, str) else None for r in _column(table, "route").tolist()]


def _believable(own: str | None, predicted: str, route: str | None) -> bool:
    """Return whether a recipe can give the form in which it is predicted."""
    changed = predicted != (own or DEFAULT_FORM)
    return not (changed and predicted == "film") or route in FILM_ROUTES


def _note(own: str | None, predicted: str, route: str | None, thickness: float) -> str:
    if thickness != thickness:
        if (own or DEFAULT_FORM) in _BULK:
            return f"thickness not stated: counted as {USUAL_PELLET_UM:g} µm"
        return "thickness not stated, so no resistance"
    if predicted == (own or DEFAULT_FORM):
        return ""
    text = f"{own or DEFAULT_FORM} recipe at {thickness:g} µm: predicted anew as a {predicted}"
    if _believable(own, predicted, route):
        return text
    return f"{text}; {route or 'a route that is not stated'} gives no film, so out of domain"
