"""What an interval says about a property: two halves of a normal distribution, joined.

The median is the predicted point; each half has the width that puts the end of the interval where
its coverage says. On the scale of the models (`ssbml.targets`), so log10 for conductivity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.targets import Target

_NODES = np.linspace(-8.0, 8.0, 161)
_WEIGHTS = np.exp(-0.5 * _NODES**2) / np.exp(-0.5 * _NODES**2).sum()
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SplitNormal:
    """Distributions of one property of n recipes.

    Attributes
    ----------
    target : Target
        The property.
    point : array, shape (n,)
        Median, in model units.
    below, above : arrays, shape (n,)
        Standard deviation of either half, in model units, >= 0.
    """

    target: Target
    point: FloatArray
    below: FloatArray
    above: FloatArray

    def probability(self, low: float, high: float) -> FloatArray:
        """Return the probability of a value between two limits, both in the unit of the column.

        Parameters
        ----------
        low, high : float
            Limits; infinite where there is none.

        Returns
        -------
        array, shape (n,)
        """
        share = self._at_most(high) - self._at_most(low)
        return np.asarray(np.clip(share, 0.0, 1.0), dtype=float)

    def _at_most(self, limit: float) -> FloatArray:
        from scipy.special import ndtr

        if limit >= self.target.high:
            return np.ones(len(self.point))
        if limit <= self.target.low:
            return np.zeros(len(self.point))
        gap = self.target.forward(limit) - self.point
        width = np.maximum(np.where(gap < 0, self.below, self.above), 1e-12)
        return np.asarray(ndtr(gap / width), dtype=float)

    def expected(self, function: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return the expectation of a function of the property.

        Parameters
        ----------
        function : callable
            Takes and returns an array, in the unit of the column, of shape (m, n_nodes).

        Returns
        -------
        array, shape (n,)
        """
        out = np.empty(len(self.point))
        for start in range(0, len(out), _BLOCK):
            part = slice(start, start + _BLOCK)
            width = np.where(_NODES < 0, self.below[part, None], self.above[part, None])
            y = self.target.inverse(self.point[part, None] + width * _NODES)
            values = function(np.clip(y, self.target.low, self.target.high))
            out[part] = (values * _WEIGHTS).sum(axis=1)
        return out


def split_normal(
    target: Target, columns: Mapping[str, NDArray[Any]], coverage: float
) -> SplitNormal:
    """Return the distributions that intervals stand for.

    Parameters
    ----------
    target : Target
        The property.
    columns : mapping of str to array, shape (n,)
        Prediction columns: the property and its ``_lower`` and ``_upper``.
    coverage : float
        Coverage of the intervals.

    Returns
    -------
    SplitNormal
    """
    low, point, high = (
        target.forward(columns[f"{target.name}{end}"]) for end in ("_lower", "", "_upper")
    )
    z = NormalDist().inv_cdf((1.0 + coverage) / 2.0)
    return SplitNormal(target, point, (point - low) / z, (high - point) / z)
