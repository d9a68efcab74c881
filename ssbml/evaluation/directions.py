"""Directions that the two reviews call certain, asked of a fitted model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.predictor import Predictor

GARNETS = (
    "Li6.4La3Zr1.4Ta0.6O12",
    "Li6.25Al0.25La3Zr2O12",
    "Li6.25Ga0.25La3Zr2O12",
    "Li6.6La3Zr1.6Nb0.4O12",
    "Li7La3Zr2O12",
)
"""Recipes over which a direction is averaged."""

_CSR = "Chem. Soc. Rev. 54 (2025) 8925"
_RCR = "Russ. Chem. Rev. 94 (2025) RCR5171"
_NEGLIGIBLE = 1e-3


def directions(predictor: Predictor) -> pd.DataFrame:
    """Return five directional checks with the mean change over `GARNETS`.

    Parameters
    ----------
    predictor : Predictor
        A fitted model.

    Returns
    -------
    DataFrame
        Columns ``check``, ``source``, ``expected``, ``change`` (log10 S/cm or points of density)
        and ``reached`` (the sign is right and the change is not negligible).
    """
    import pandas as pd

    pressed = {"sintering_method": "hot_press", "sintering_temp_c": 1050, "pressure_mpa": 40}
    plain = {"sintering_method": "conventional", "sintering_temp_c": 1050}
    fired = {"sintering_method": "conventional", "sintering_temp_c": 1150, "sintering_time_h": 6}
    rows = (
        (
            "measured density 85 to 98 %: conductivity",
            f"{_RCR} section 2.1; {_CSR} section 2.1",
            _sigma(predictor, {"relative_density_pct": 98})
            - _sigma(predictor, {"relative_density_pct": 85}),
        ),
        (
            "hot pressing 0.5 to 4 h at 1050 °C: density",
            f"{_RCR} section 2.1",
            _density(predictor, {**pressed, "sintering_time_h": 4})
            - _density(predictor, {**pressed, "sintering_time_h": 0.5}),
        ),
        (
            "hot pressed against conventional: density",
            f"{_CSR} section 2.4",
            _density(predictor, pressed) - _density(predictor, plain),
        ),
        (
            "oxygen against air: density",
            f"{_CSR} sections 2.1 and 5.4",
            _density(predictor, {**fired, "atmosphere": "O2"})
            - _density(predictor, {**fired, "atmosphere": "air"}),
        ),
        (
            "measured cubic against tetragonal phase: conductivity",
            f"{_CSR} section 2.1",
            _sigma(predictor, {"phase_main": "cubic"})
            - _sigma(predictor, {"phase_main": "tetragonal"}),
        ),
    )
    return pd.DataFrame(
        {
            "check": check,
            "source": source,
            "expected": "rises",
            "change": change,
            "reached": "yes" if change > _NEGLIGIBLE else "no",
        }
        for check, source, change in rows
    )


def _recipes(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"formula": formula, "form": "pellet", **fields} for formula in GARNETS]


def _sigma(predictor: Predictor, known: dict[str, Any]) -> float:
    table = predictor.predict(_recipes({}), known=known)
    return float(np.log10(table["conductivity_s_cm"]).mean())


def _density(predictor: Predictor, fields: dict[str, Any]) -> float:
    return float(predictor.predict(_recipes(fields))["relative_density_pct"].mean())
