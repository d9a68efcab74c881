"""Thermally activated conduction: activation energies, their bases, and lines through points."""

from __future__ import annotations

from typing import Any

import numpy as np

from ssbml.targets import FloatArray

BOLTZMANN_EV = 8.617333262e-5
"""Boltzmann constant in eV/K (CODATA 2018)."""

KELVIN = 273.15
"""0 °C in K."""

REFERENCE_C = 25.0
"""Temperature at which a conductivity model is asked, °C."""

TYPICAL_C = 60.0
"""Middle of the range over which activation energies are mostly fitted (25 to about 100 °C)."""

PLAUSIBLE_LOG10_PREFACTOR = (0.0, 10.0)
"""Range of log10 of sigma T exp(Ea / kT) in S K/cm that can be meant.

Hopping of n ions over a distance a with attempt frequency nu gives n q² a² nu / (6 k): about 3e4
S K/cm for 1e22 cm⁻³, 0.3 nm and 1e13 Hz (derived); the range leaves more than four orders of
magnitude on either side for the entropy of motion. What lies outside is a misprint.
"""


def to_sigma_t(energy: Any, basis: str | None, celsius: float = TYPICAL_C) -> float:
    """Return an activation energy on the basis of ln(sigma T), eV.

    d ln(sigma T) = d ln(sigma) + d ln(T), so that the energy fitted to ln(sigma) is smaller by kT.
    An unknown basis is taken as ln(sigma T): among samples whose conductivities were also measured
    at several temperatures, energies of unknown basis exceed those of ln(sigma) by 0.022 eV and
    fall short of those of ln(sigma T) by 0.007 eV (medians of 27).

    Parameters
    ----------
    energy : float
        Activation energy as stated, eV.
    basis : str or None
        ``sigma``, ``sigma_t`` or ``unknown``.
    celsius : float, default 60
        Middle of the fitted temperatures.
    """
    kt = BOLTZMANN_EV * (celsius + KELVIN) if basis == "sigma" else 0.0
    return float(energy) + kt


def to_sigma(energy: Any, celsius: float = TYPICAL_C) -> FloatArray:
    """Return energies of ln(sigma T) on the basis of ln(sigma), eV; see `to_sigma_t`."""
    return np.asarray(energy, dtype=float) - BOLTZMANN_EV * (celsius + KELVIN)


def log10_factor(energy: Any, celsius: Any) -> FloatArray:
    """Return log10 of sigma(T) / sigma(25 °C) for energies of ln(sigma T).

    Parameters
    ----------
    energy : array
        eV.
    celsius : array
        Temperatures that broadcast with the energies, °C.
    """
    kelvin = np.asarray(celsius, dtype=float) + KELVIN
    reference = REFERENCE_C + KELVIN
    return -np.asarray(energy, dtype=float) * factor_slope(celsius) - np.log10(kelvin / reference)


def factor_slope(celsius: Any) -> FloatArray:
    """Return by how much log10 sigma(T) falls for each eV of activation energy, 1/eV."""
    kelvin = np.asarray(celsius, dtype=float) + KELVIN
    slope = (1.0 / kelvin - 1.0 / (REFERENCE_C + KELVIN)) / (BOLTZMANN_EV * np.log(10.0))
    return np.asarray(slope, dtype=float)


def log10_prefactor(energy: Any, sigma: Any, celsius: Any) -> FloatArray:
    """Return log10 of sigma T exp(Ea / kT), S K/cm, for energies of ln(sigma T)."""
    kelvin = np.asarray(celsius, dtype=float) + KELVIN
    activated = np.asarray(energy, dtype=float) / (BOLTZMANN_EV * kelvin * np.log(10.0))
    return np.asarray(np.log10(np.asarray(sigma, dtype=float) * kelvin) + activated, dtype=float)


def line(celsius: FloatArray, sigma: FloatArray) -> tuple[float, float]:
    """Return activation energy of ln(sigma T), eV, and r² of a straight line through points.

    Parameters
    ----------
    celsius : array, shape (n,)
        At least two different temperatures, °C.
    sigma : array, shape (n,)
        Conductivities, S/cm.
    """
    kelvin = np.asarray(celsius, dtype=float) + KELVIN
    x = 1.0 / (BOLTZMANN_EV * kelvin)
    y = np.log(np.asarray(sigma, dtype=float) * kelvin)
    dx, dy = x - x.mean(), y - y.mean()
    total = float(dy @ dy)
    covariance = float(dx @ dy)
    spread = float(dx @ dx)
    return -covariance / spread, covariance**2 / (spread * total) if total > 0 else 0.0


def at_temperature(
    sigma: tuple[FloatArray, FloatArray, FloatArray],
    energy: tuple[FloatArray, FloatArray, FloatArray],
    celsius: FloatArray,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return point, lower and upper log10 conductivity at a temperature.

    The halves of the interval at 25 °C and of what the energy's interval moves it by are added in
    quadrature, as independent errors are.

    Parameters
    ----------
    sigma : three arrays, shape (n,)
        Point, lower, upper log10 conductivity at 25 °C.
    energy : three arrays, shape (n,)
        Point, lower, upper activation energy of ln(sigma T), eV.
    celsius : array, shape (n,)
        Temperatures, °C.
    """
    point, low, high = sigma
    middle, weak, strong = energy
    moved = point + log10_factor(middle, celsius)
    slope = factor_slope(celsius)
    ends = -slope * (weak - middle), -slope * (strong - middle)
    up, down = np.maximum(*ends), np.minimum(*ends)
    return moved, moved - np.hypot(point - low, down), moved + np.hypot(high - point, up)
