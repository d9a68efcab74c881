"""What it means that a series rises, saturates, peaks or stays: numbers to yes or no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.physics.checks import Check

_SIGNED = {"rises": 1.0, "falls": -1.0}
_Judged = tuple[bool, float, str]
_NOTHING = 1e-3
_TURN_BACK = 0.25
"""Share of the whole change by which a single step of a series may go the other way."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of one check.

    Attributes
    ----------
    outcome : str
        ``met``, ``no effect`` (the steps are all alike to the model) or ``not met``.
    value : float
        The change that was judged (for ``peak`` the smaller of the two flanks, for ``outside`` the
        share of recipes out of domain).
    expected : str
        What it had to be.
    """

    outcome: str
    value: float
    expected: str

    @property
    def passed(self) -> bool:
        """Whether the model does what is expected."""
        return self.outcome == "met"


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
    passed, value, expected = _RELATIONS[check.relation](check, values)
    still = len(values) > 1 and float(np.ptp(values)) < _NOTHING
    return Verdict("met" if passed else "no effect" if still else "not met", value, expected)


def likely_reason(check: Check, verdict: Verdict) -> str:
    """Return why a model is likely to fail a check; blank where it passes.

    What the samples say comes first (`Check.if_failed`), else what the outcome itself tells.
    """
    if verdict.passed:
        return ""
    if check.if_failed:
        return check.if_failed
    if verdict.outcome == "no effect":
        return "The model does not see what is varied: too few papers vary it."
    if check.relation in _SIGNED and verdict.value * _SIGNED[check.relation] > 0:
        return "The direction is right, the size is not what was reported."
    return "Other differences between the papers outweigh the effect in the published samples."


def _outside(check: Check, values: FloatArray) -> _Judged:
    share = float(1.0 - values.mean())
    return share == 1.0, share, "= 1"


def _no_gap(check: Check, values: FloatArray) -> _Judged:
    change = float(values[-1] - values[0])
    most = check.at_most or 0.0
    return abs(change) <= most, change, f"within ±{most:g}"


def _peak(check: Check, values: FloatArray) -> _Judged:
    inside = values[1:-1].max()
    flank = float(min(inside - values[0], inside - values[-1]))
    return flank >= check.at_least, flank, f">= {check.at_least:g} on both sides"


def _saturates(check: Check, values: FloatArray) -> _Judged:
    gains = np.diff(values)
    early, late = float(gains[0]), float(gains[-1])
    return early >= check.at_least and early > late, early - late, "> 0, the first gain too"


def _directed(check: Check, values: FloatArray) -> _Judged:
    sign = 1.0 if check.relation == "rises" else -1.0
    change = float(values[-1] - values[0])
    size = sign * change
    steady = bool((sign * np.diff(values) >= -_TURN_BACK * abs(size)).all())
    small = check.at_most is None or size <= check.at_most
    expected = f">= {check.at_least:g}" if sign > 0 else f"<= {-check.at_least:g}"
    if check.at_most is not None:
        ends = sorted((sign * check.at_least, sign * check.at_most))
        expected = f"{ends[0]:g} to {ends[1]:g}"
    return size >= check.at_least and small and steady, change, expected


_RELATIONS: dict[str, Callable[[Check, FloatArray], _Judged]] = {
    "rises": _directed,
    "falls": _directed,
    "saturates": _saturates,
    "peak": _peak,
    "no_gap": _no_gap,
    "outside": _outside,
}
