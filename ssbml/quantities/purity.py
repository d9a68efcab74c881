"""The model of phase purity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.blend import Blend
from ssbml.estimators.tendencies import NO_TENDENCIES, Tendencies
from ssbml.features.base import FeatureMatrix
from ssbml.probability import ProbabilityCalibrator


@dataclass(frozen=True, slots=True)
class Purity:
    """Score and calibrated probability of a phase-pure product."""

    blend: Blend
    calibrator: ProbabilityCalibrator
    tendencies: Tendencies = NO_TENDENCIES

    def probability(
        self, matrix: FeatureMatrix, coverage: float, shift: float = 0.0
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the probability of a phase-pure product and the range of its uncertainty.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of n recipes, the stage included.
        coverage : float
            Share of the uncertainty that the range holds.
        shift : float, default 0
            Added to the log-odds.
        """
        return self.calibrator.probability(
            self.blend.predict(matrix), coverage, self.tendencies.shift(matrix) + shift
        )

    def tree_arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the trees as named arrays for an ``.npz`` file."""
        return self.blend.to_arrays(name)

    def calibration_arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what stands beside the trees as named arrays for an ``.npz`` file."""
        return {**self.calibrator.to_arrays(name), **self.tendencies.to_arrays(name)}

    @classmethod
    def from_arrays(
        cls,
        trees: Mapping[str, NDArray[Any]],
        calibration: Mapping[str, NDArray[Any]],
        name: str,
    ) -> Purity:
        """Return the model stored under ``name``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        return cls(
            Blend.from_arrays(trees, name),
            ProbabilityCalibrator.from_arrays(calibration, name),
            Tendencies.from_arrays(calibration, name),
        )
