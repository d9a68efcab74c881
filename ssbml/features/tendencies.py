"""Directions that the two reviews report, as bounded terms with which models start.

Each term is 0 where a recipe says nothing about it or where it is at its usual value, and about 1
where the effect is as large as reviews describe it. Which terms a model uses, and how much one is
worth before data speak, stands in the training settings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.features.base import FeatureMatrix, from_columns
from ssbml.features.physics import phase_limits_c

PREFIX = "term_"
"""How the names of terms begin; trees do not see them."""

_DENSE_C = {"garnet": 1200.0, "nasicon": 900.0, "perovskite": 1250.0}
_REACTED_C = {"garnet": 1050.0, "nasicon": 800.0, "perovskite": 1050.0}
_PRESSED_LOWER_C = 150.0
_WET_LOWER_C = 200.0
_PRESSED_HOURS = 1.0


def tendency_features(families: Sequence[str], process: FeatureMatrix) -> FeatureMatrix:
    """Return the terms of n recipes.

    Sections are those of Chem. Soc. Rev. 54 (2025) 8925 (A) and Russ. Chem. Rev. 94 (2025) RCR5171
    (B).

    - ``underfired``: pellet temperature below that of full density (garnet 1200 °C, LATP 900 °C,
      LLTO 1250 °C, 150 °C less under pressure), in 200 °C (A 2.1, 2.3, 2.4, 5.1.2).
    - ``overfired``: temperature above that at which the phase decomposes, in 100 °C; for films
      theirs; not for fast methods, which end before lithium is lost (A 2.3, 2.4, 5.1.2, 5.1.3).
    - ``unreacted``: hottest step of an oxide below that at which the phase is free of precursors
      and intermediates, in 150 °C; solution routes need 200 °C less (A 2.1, 5.1.1).
    - ``dwell``: time under pressure, 1 - exp(-t / 1 h), less its value at 1 h (A 2.4; B 2.1: 85,
      95, 96, 98 % after 0.5, 1, 1.5, 4 h).
    - ``pressed``: hot press, hot isostatic press or SPS (A 2.4; B 2.1).
    - ``oxygen``: sintered in oxygen (A 2.1, 5.4).
    - ``aid``: a sintering aid is used, twice its worth where it melts below the firing temperature
      (A 2.4; B 2.2.2.2). ``aid_dose``: rises to 1 at 6 wt%, falls beyond (A 2.4).
    - ``li_surplus``: Li excess above 15 % in a pellet, in 50 % (A 3.2, 5.3). ``li_off_optimum``:
      distance of the excess from 10-15 % in pellets and 10-30 % in films, in 25 % (A 5.3; B
      2.2.2.2).
    - ``fine_powder``: decades of particle size below 10 um, less below 0.1 um (A 2.1, 5.2).
    - ``mother_powder``: buried in it (A 2.3). ``wet_route``: solution route (A 5.1.1).
    - ``oxygen_pressure``: film deposited at more than 1 mbar, in decades over 2.3 (A 4.1.1, 4.2.1).
    - ``air_exposed``: kept in air (A 2.1, 5.4). ``ald``: film by atomic layer deposition (A 4.2,
      6.2; B 2.2).

    Parameters
    ----------
    families : sequence of str
        Host family of each row, length n.
    process : FeatureMatrix
        Processing features of the same rows, `ssbml.features.physics.firing_features` included.

    Returns
    -------
    FeatureMatrix
        n rows, names begin with `PREFIX`; no cell is NaN.
    """

    def get(name: str) -> FloatArray:
        return process.select((name,))[:, 0]

    def yes(name: str) -> FloatArray:
        return np.nan_to_num(get(name))

    temperature, hottest = get("sintering_temp_c"), get("hottest_step_c")
    hours = 10.0 ** get("log10_sintering_time_h")
    film, pressed, wet = yes("form_film"), yes("pressure_assisted"), yes("wet_route")
    slow = 1.0 - np.maximum(yes("fast_heating"), yes("sintering_method_cold"))
    ceramic = (1.0 - film) * np.maximum(slow, pressed)
    dense, reacted = (_by_family(families, values) for values in (_DENSE_C, _REACTED_C))
    upper = phase_limits_c(families, film == 1.0)[:, 1]
    excess, decades = get("li_excess_pct"), 1.0 - get("log10_particle_size_um")
    over_optimum = excess - np.where(film == 1.0, 30.0, 15.0)
    below_optimum = 10.0 - excess
    dose = np.where(yes("additive_used") == 1.0, get("additive_wt_pct"), 0.0) / 6.0
    molten = yes("additive_used") * np.nan_to_num(get("above_aid_melting_c") > 0)
    terms = {
        "underfired": _part(ceramic * (dense - _PRESSED_LOWER_C * pressed - temperature) / 200, 2),
        "overfired": _part(slow * (temperature - upper) / 100, 2),
        "unreacted": _part((1.0 - film) * (reacted - _WET_LOWER_C * wet - hottest) / 150, 2),
        "dwell": pressed * np.nan_to_num(np.exp(-1.0) - np.exp(-hours / _PRESSED_HOURS)),
        "pressed": pressed,
        "oxygen": yes("atmosphere_O2"),
        "aid": yes("additive_used") + molten,
        "aid_dose": np.nan_to_num(np.minimum(dose, 1.0) - np.clip(dose - 1.0, 0.0, 1.5)),
        "li_surplus": (1.0 - film) * _part((excess - 15) / 50, 1),
        "li_off_optimum": _part(np.maximum(over_optimum, below_optimum) / 25, 1.5),
        "fine_powder": np.nan_to_num(
            np.clip(decades, 0.0, 1.7) - 2.0 * np.clip(decades - 2.0, 0, 2)
        ),
        "mother_powder": yes("mother_powder"),
        "wet_route": wet * (1.0 - film),
        "oxygen_pressure": film
        * np.nan_to_num(np.clip(get("log10_deposition_pressure_mbar") / 2.3, -1.0, 1.0)),
        "air_exposed": yes("air_exposed"),
        "ald": yes("route_ald"),
    }
    return from_columns({PREFIX + name: values for name, values in terms.items()})


def _by_family(families: Sequence[str], values: dict[str, float]) -> FloatArray:
    return Labels.of(families).mapped(lambda family: values.get(family, np.nan))


def _part(values: FloatArray, top: float) -> FloatArray:
    """Return values clipped to 0 and ``top``; 0 where blank."""
    return np.asarray(np.nan_to_num(np.clip(values, 0.0, top)), dtype=float)
