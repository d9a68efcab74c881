"""How a measured density or phase shifts the predicted conductivity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.errors import ModelError

_DENSITY_RIDGE = 200.0
_PHASE_RIDGE = 4.0
_PHASE_REACH = 1.5
_SEPARATOR = "|"

EXPECTED_PHASES: dict[tuple[str, str], float] = {("garnet", "tetragonal"): -4.0}
"""log10(S/cm) of a phase against its family before data speak; 0 for all others.

Tetragonal LLZO lies 4-5 orders below cubic (Chem. Soc. Rev. 54 (2025) 8925 section 2.1). Data weigh
against it as against the others: the prior counts as four samples.
"""


@dataclass(frozen=True, slots=True)
class KnownShift:
    """Shift of log10 conductivity for what was measured before impedance.

    Attributes
    ----------
    per_density : dict of str to float
        log10(S/cm) per point of relative density above the predicted one, per family and pooled
        (``*``); never negative, as a denser pellet of the same kind conducts better
        (Chem. Soc. Rev. 54 (2025) 8925 section 2.1;
        Russ. Chem. Rev. 94 (2025) RCR5171 section 2.1).
    per_phase : dict of (str, str) to float
        log10(S/cm) for a main phase of a family, relative to the mean of the family.
    """

    per_density: dict[str, float]
    per_phase: dict[tuple[str, str], float]

    def shift(
        self,
        families: Sequence[str],
        measured: Mapping[str, Any],
        density: FloatArray,
        phases: tuple[str, ...],
        shares: FloatArray,
    ) -> FloatArray:
        """Return the shift for whatever was measured of n recipes, shape (n,).

        Parameters
        ----------
        families : sequence of str
            Host family of each row.
        measured : mapping
            ``relative_density_pct`` (array, shape (n,), NaN where not measured) and
            ``phase_main`` (list of str or None, length n), where there is any.
        density : array, shape (n,)
            Predicted relative density in %.
        phases : tuple of str
            Phases.
        shares : array, shape (n, n_phases)
            Predicted probability of each.
        """
        shift = np.zeros(len(families))
        if measured.get("relative_density_pct") is not None:
            given = np.asarray(measured["relative_density_pct"], dtype=float)
            shift += self.density_shift(families, given, density)
        if measured.get("phase_main") is not None:
            for i, (family, phase) in enumerate(zip(families, measured["phase_main"], strict=True)):
                expected = dict(zip(phases, shares[i].tolist(), strict=True))
                shift[i] += self.phase_shift(family, phase, expected)
        return shift

    def density_shift(
        self, families: Sequence[str], measured: FloatArray, predicted: FloatArray
    ) -> FloatArray:
        """Return the shift for measured densities; 0 where none was measured.

        Parameters
        ----------
        families : sequence of str
            Host family of each row.
        measured, predicted : arrays, shape (n,)
            Relative density in %, NaN where not measured.
        """
        slope = np.array([self.per_density.get(f, self.per_density["*"]) for f in families])
        return np.nan_to_num(slope * (measured - predicted), nan=0.0)

    def phase_shift(self, family: str, phase: str | None, shares: Mapping[str, float]) -> float:
        """Return the shift for a measured main phase, relative to the phases expected.

        Parameters
        ----------
        family : str
            Host family.
        phase : str or None
            Measured main phase; None gives 0.
        shares : mapping of str to float
            Predicted probability of each phase.
        """
        if phase is None:
            return 0.0
        expected = sum(p * self.per_phase.get((family, name), 0.0) for name, p in shares.items())
        return self.per_phase.get((family, phase), 0.0) - expected

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the shifts as named arrays for an ``.npz`` file."""
        densities, phases = sorted(self.per_density), sorted(self.per_phase)
        return {
            f"{prefix}.density_names": np.array(densities, dtype=np.str_),
            f"{prefix}.density": np.array([self.per_density[n] for n in densities]),
            f"{prefix}.phase_names": np.array([_SEPARATOR.join(p) for p in phases], dtype=np.str_),
            f"{prefix}.phase": np.array([self.per_phase[p] for p in phases], dtype=float),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> KnownShift:
        """Return the shifts stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing.
        """
        try:
            density = dict(
                zip(
                    arrays[f"{prefix}.density_names"].tolist(),
                    arrays[f"{prefix}.density"].tolist(),
                    strict=True,
                )
            )
            names = [tuple(n.split(_SEPARATOR)) for n in arrays[f"{prefix}.phase_names"].tolist()]
            phase = dict(zip(names, arrays[f"{prefix}.phase"].tolist(), strict=True))
        except (KeyError, ValueError) as error:
            raise ModelError(f"the model holds no sound '{prefix}': {error}") from None
        return cls(density, {(n[0], n[1]): v for n, v in phase.items()})


def fit_known_shift(
    residual: FloatArray,
    families: tuple[str, ...],
    density_excess: FloatArray,
    phases: list[str | None],
    weight: FloatArray,
) -> KnownShift:
    """Fit the shifts to out-of-fold residuals.

    A slope in density (pooled, then per family shrunk towards the pooled one), then the mean
    residual per family and phase, shrunk towards `EXPECTED_PHASES`. A residual counts for 1.5
    decades at most, half the median 90 % interval: what lies further off has other reasons.

    Parameters
    ----------
    residual : array, shape (n,)
        Measured minus out-of-fold predicted log10 conductivity.
    families : tuple of str
        Host family of each row.
    density_excess : array, shape (n,)
        Measured minus predicted relative density in %, NaN where not measured.
    phases : list of str or None
        Measured main phase.
    weight : array, shape (n,)
        Weights.

    Returns
    -------
    KnownShift
    """
    labels = np.array(families)
    known = ~np.isnan(density_excess)
    pooled = _slope(residual[known], density_excess[known], weight[known], 0.0)
    per_density = {"*": max(pooled, 0.0)}
    for family in sorted(set(families)):
        rows = known & (labels == family)
        if rows.any():
            slope = _slope(residual[rows], density_excess[rows], weight[rows], pooled)
            per_density[family] = max(slope, 0.0)
    slopes = np.array([per_density.get(f, per_density["*"]) for f in families])
    rest = residual - np.nan_to_num(slopes * density_excess, nan=0.0)
    rest = np.clip(rest, -_PHASE_REACH, _PHASE_REACH)
    per_phase: dict[tuple[str, str], float] = {}
    for family in sorted(set(families)):
        stated = np.array([p is not None for p in phases]) & (labels == family)
        if not stated.any():
            continue
        centre = np.average(rest[stated], weights=weight[stated])
        for phase in sorted({p for p, s in zip(phases, stated, strict=True) if s and p}):
            rows = stated & np.array([p == phase for p in phases])
            total = (weight[rows] * (rest[rows] - centre)).sum()
            total += _PHASE_RIDGE * EXPECTED_PHASES.get((family, phase), 0.0)
            per_phase[family, phase] = float(total / (weight[rows].sum() + _PHASE_RIDGE))
    return KnownShift(per_density, per_phase)


def _slope(y: FloatArray, x: FloatArray, w: FloatArray, towards: float) -> float:
    """Weighted ridge slope of y on x, both centred."""
    if len(y) < 2:
        return towards
    x = x - np.average(x, weights=w)
    y = y - np.average(y, weights=w)
    return float(
        ((w * x * y).sum() + _DENSITY_RIDGE * towards) / ((w * x * x).sum() + _DENSITY_RIDGE)
    )
