"""The three predicted properties: names, units, transforms, bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Target:
    """One predicted property.

    Attributes
    ----------
    name : str
        Column of the prediction table.
    unit : str
        Unit of the column.
    model_unit : str
        Unit in which models work.
    forward, inverse : callable
        From column to model unit and back.
    low, high : float
        Physical bounds of the column.
    """

    name: str
    unit: str
    model_unit: str
    forward: Callable[[Any], FloatArray]
    inverse: Callable[[Any], FloatArray]
    low: float
    high: float


def _log10(x: Any) -> FloatArray:
    return np.asarray(np.log10(np.asarray(x, dtype=float)), dtype=float)


def _power10(x: Any) -> FloatArray:
    return np.asarray(np.power(10.0, np.asarray(x, dtype=float)), dtype=float)


def _porosity_log(x: Any) -> FloatArray:
    porosity = 100.0 - np.asarray(x, dtype=float)
    return np.asarray(-np.log(np.clip(porosity, 0.0, 100.0) + 1.0), dtype=float)


def _porosity_exp(y: Any) -> FloatArray:
    return np.asarray(100.0 - (np.exp(-np.asarray(y, dtype=float)) - 1.0), dtype=float)


def _same(x: Any) -> FloatArray:
    return np.asarray(x, dtype=float)


CONDUCTIVITY = Target("conductivity_s_cm", "S/cm", "log10 S/cm", _log10, _power10, 1e-20, 10.0)
DENSITY = Target(
    "relative_density_pct",
    "%",
    "-ln(porosity % + 1)",
    _porosity_log,
    _porosity_exp,
    0.0,
    100.0,
)
PURITY = Target("phase_purity", "", "probability", _same, _same, 0.0, 1.0)

TARGETS: dict[str, Target] = {t.name: t for t in (CONDUCTIVITY, DENSITY, PURITY)}
"""The predicted properties by column name."""
