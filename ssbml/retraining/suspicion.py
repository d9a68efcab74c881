"""Lab rows that the base and the lab's other rows make hard to believe."""

from __future__ import annotations

import numpy as np

from ssbml.retraining.residuals import Lab, Residuals

UNIT_SLIP = 3.0
"""A unit mistaken by a thousand (mS for S, µm for mm), in decades."""

_SLIP_WIDTH = 0.7
_ORDINARY = 1.5
_FEWEST = 0.25


def centre_of_lab(found: Residuals, ordinary: float = _ORDINARY) -> float:
    """Return the median error of a lab's ordinary values; 0 if few are ordinary.

    Parameters
    ----------
    found : Residuals
        Lab values and the base's answers.
    ordinary : float
        Largest error of an ordinary value, in model units.
    """
    near = found.error[np.abs(found.error) < ordinary]
    return float(np.median(near)) if len(near) >= max(_FEWEST * len(found), 1) else 0.0


def doubts_of(key: str, found: Residuals) -> dict[int, str]:
    """Return why values of one property are hard to believe, by position among them.

    Parameters
    ----------
    key : str
        ``conductivity``, ``density`` or ``purity``.
    found : Residuals
        Lab values and the base's answers.

    Returns
    -------
    dict of int to str
        A value is suspicious if it lies outside the base's 99 % interval moved to the lab's level,
        or, for a conductivity, about a factor of 1000 from that level.
    """
    if key == "purity":
        return {}
    centre = centre_of_lab(found)
    moved = found.truth - centre
    out = {}
    for i in np.flatnonzero((moved < found.least) | (moved > found.most)).tolist():
        side = "below" if moved[i] < found.least[i] else "above"
        out[i] = f"{key} lies {side} the 99 % interval"
    if key == "conductivity":
        error = found.error - centre
        for i in np.flatnonzero(np.abs(np.abs(error) - UNIT_SLIP) < _SLIP_WIDTH).tolist():
            side = "high" if error[i] > 0 else "low"
            out[i] = f"conductivity is about 1000 times too {side}: is the unit right?"
    return out


def suspicious_rows(lab: Lab) -> dict[int, str]:
    """Return why rows should be measured again, by position in the table."""
    out: dict[int, str] = {}
    for key, found in lab.parts.items():
        for i, why in doubts_of(key, found).items():
            row = int(found.rows[i])
            out[row] = f"{out[row]}; {why}" if row in out else why
    return dict(sorted(out.items()))
