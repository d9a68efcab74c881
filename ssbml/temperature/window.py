"""The temperatures at which the resistance of a layer is low enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.practical.resistance import TARGET_OHM_CM2

if TYPE_CHECKING:
    import pandas as pd

_CM_PER_UM = 1e-4


@dataclass(frozen=True, slots=True)
class Window:
    """From which temperature on a layer meets the target resistance.

    Attributes
    ----------
    thickness_um : float
        Thickness of the layer, µm.
    needed_s_cm : float
        Conductivity that it needs, S/cm.
    from_c, surely_from_c, possibly_from_c : float or None
        Lowest temperature at which the prediction, its lower and its upper bound meet the target;
        None where it is not met in the range looked at.
    range_c : tuple of float
        The range looked at, °C.
    """

    thickness_um: float
    needed_s_cm: float
    from_c: float | None
    surely_from_c: float | None
    possibly_from_c: float | None
    range_c: tuple[float, float]

    def sentence(self) -> str:
        """Return the window in words."""
        return (
            f"{self.thickness_um:g} µm need {self.needed_s_cm:.1e} S/cm for {TARGET_OHM_CM2:g} "
            f"ohm cm²: met {self._from(self.from_c)} as predicted, "
            f"{self._from(self.surely_from_c)} at the lower end of the interval"
        )

    def _from(self, celsius: float | None) -> str:
        low, high = self.range_c
        if celsius is None:
            return f"nowhere up to {high:g} °C"
        return f"from {low:g} °C or below" if celsius <= low else f"from {celsius:.0f} °C"


def operating_window(table: pd.DataFrame, thickness_um: float) -> Window:
    """Return from which temperature on a layer meets the target resistance.

    Parameters
    ----------
    table : DataFrame
        ``temperature_c`` and ``conductivity_s_cm`` with ``_lower`` and ``_upper``.
    thickness_um : float
        Thickness, µm.
    """
    celsius = table["temperature_c"].to_numpy(dtype=float)
    needed = thickness_um * _CM_PER_UM / TARGET_OHM_CM2
    order = np.argsort(celsius)

    def first(column: str) -> float | None:
        return _first(celsius[order], table[column].to_numpy(dtype=float)[order], needed)

    return Window(
        thickness_um=thickness_um,
        needed_s_cm=needed,
        from_c=first("conductivity_s_cm"),
        surely_from_c=first("conductivity_s_cm_lower"),
        possibly_from_c=first("conductivity_s_cm_upper"),
        range_c=(float(celsius.min()), float(celsius.max())),
    )


def _first(celsius: FloatArray, sigma: FloatArray, needed: float) -> float | None:
    """Return the temperature at which a rising curve reaches a value, straight in log10."""
    above = np.flatnonzero(sigma >= needed)
    if len(above) == 0:
        return None
    i = int(above[0])
    if i == 0:
        return float(celsius[0])
    x = np.log10(sigma[i - 1 : i + 1])
    return float(np.interp(np.log10(needed), x, celsius[i - 1 : i + 1]))
