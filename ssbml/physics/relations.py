"""What it means that a series rises, saturates, peaks or stays: numbers to yes or no."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.physics.checks import Check

_NOTHING = 1e-3
_TURN_BACK = 0.25
"""Share of the whole change by which a single step of a series may go the other way."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of one check.

    Attributes
    ----------
    passed : bool
        Whether the model does what is expected.
    value : float
        The change that was judged (for ``peak`` the smaller of the two flanks, for ``outside`` the
        share of recipes out of domain).
    expected : str
        What it had to be.
    """

    passed: bool
    value: float
    expected: str

    @property
    def outcome(self) -> str:
        """``met``, ``no effect`` (the model does not move at all), or ``not met``."""
        if self.passed:
            return "met"
        return "no effect" if abs(self.value) < _NOTHING else "not met"


def judge(check: Check, values: FloatArray) -> Verdict:
    """Return whether the means of the steps do what a check expects.

    A change smaller than ``at_least`` is a tie, and a tie is not what was expected.

    Parameters
    ----------
    check : Check
        The expectation.
    values : array, shape (n_steps,)
        Mean of the quantity at each step: log10 S/cm, %, probability, or share in domain.

    Returns
    -------
    Verdict
    """
    if check.relation == "outside":
        share = float(1.0 - values.mean())
        return Verdict(share == 1.0, share, "= 1")
    if check.relation == "no_gap":
        change = float(values[-1] - values[0])
        most = check.at_most or 0.0
        return Verdict(abs(change) <= most, change, f"within ±{most:g}")
    if check.relation == "peak":
        inside = values[1:-1].max()
        flank = float(min(inside - values[0], inside - values[-1]))
        return Verdict(flank >= check.at_least, flank, f">= {check.at_least:g} on both sides")
    if check.relation == "saturates":
        early, late = np.diff(values)[0], np.diff(values)[-1]
        saturated = early >= check.at_least and early > late
        return Verdict(bool(saturated), float(early - late), "> 0, the first gain too")
    return _directed(check, values)


def _directed(check: Check, values: FloatArray) -> Verdict:
    sign = 1.0 if check.relation == "rises" else -1.0
    change = float(values[-1] - values[0])
    size = sign * change
    steady = bool((sign * np.diff(values) >= -_TURN_BACK * abs(size)).all())
    small = check.at_most is None or size <= check.at_most
    expected = f">= {check.at_least:g}" if sign > 0 else f"<= {-check.at_least:g}"
    if check.at_most is not None:
        ends = sorted((sign * check.at_least, sign * check.at_most))
        expected = f"{ends[0]:g} to {ends[1]:g}"
    return Verdict(size >= check.at_least and small and steady, change, expected)
