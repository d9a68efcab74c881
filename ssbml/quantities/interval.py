"""The model of one number and its calibrated interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import IntervalCalibrator
from ssbml.chemistry.elements import FloatArray
from ssbml.describe import of_estimate
from ssbml.difficulty import Difficulty
from ssbml.estimators.blend import Blend
from ssbml.estimators.tendencies import NO_TENDENCIES, Tendencies
from ssbml.features.base import FeatureMatrix


@dataclass(frozen=True, slots=True)
class Interval:
    """Point model, difficulty and calibrated interval of one number."""

    blend: Blend
    difficulty: Difficulty
    calibrator: IntervalCalibrator
    tendencies: Tendencies = NO_TENDENCIES

    def predict(
        self,
        matrix: FeatureMatrix,
        families: Sequence[str],
        describe: FloatArray,
        coverage: float,
        shift: FloatArray | float = 0.0,
    ) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.bool_]]:
        """Return point, lower, upper (model units) and whether the interval is the pooled one.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes, those of the property included.
        families : sequence of str
            Host family of each row.
        describe : array, shape (n, k)
            Describers (`ssbml.describe.describers`).
        coverage : float
            Coverage of the interval.
        shift : array, shape (n,), or float, default 0
            Added to the point.
        """
        point, spread = self.blend.predict_with_spread(matrix)
        point = point + self.tendencies.shift(matrix)
        size = self.difficulty.predict(describe, of_estimate(point, spread))
        point = point + shift
        low, high, pooled = self.calibrator.interval(point, size, families, coverage)
        return point, low, high, pooled

    def tree_arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the trees as named arrays for an ``.npz`` file."""
        return self.blend.to_arrays(name)

    def calibration_arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what stands beside the trees as named arrays for an ``.npz`` file."""
        return {
            f"{name}.difficulty": self.difficulty.to_array(),
            **self.calibrator.to_arrays(name),
            **self.tendencies.to_arrays(name),
        }

    @classmethod
    def from_arrays(
        cls,
        trees: Mapping[str, NDArray[Any]],
        calibration: Mapping[str, NDArray[Any]],
        name: str,
    ) -> Interval:
        """Return the model stored under ``name``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        return cls(
            Blend.from_arrays(trees, name),
            Difficulty.from_arrays(calibration, f"{name}.difficulty"),
            IntervalCalibrator.from_arrays(calibration, name),
            Tendencies.from_arrays(calibration, name),
        )
