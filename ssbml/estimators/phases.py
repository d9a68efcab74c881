"""Which main phase a recipe most probably gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.errors import ModelError
from ssbml.estimators.blend import Blend
from ssbml.features.base import FeatureMatrix

_SHRINK = 3.0


@dataclass(frozen=True, slots=True)
class PhaseModel:
    """Probability of each main phase: one blend a phase, times what the family has shown.

    Attributes
    ----------
    names : tuple of str
        Phases, alphabetical.
    blends : tuple of Blend
        Score of each phase.
    shares : dict of str to array, shape (n_phases,)
        How often each phase was reported for a family; 0 for phases it never shows.
    """

    names: tuple[str, ...]
    blends: tuple[Blend, ...]
    shares: dict[str, FloatArray]

    def probabilities(self, matrix: FeatureMatrix, families: Sequence[str]) -> FloatArray:
        """Return the probability of each phase.

        A phase that has never been reported for a family gets 0, and is not asked for where no
        row belongs to a family that shows it.

        Parameters
        ----------
        matrix : FeatureMatrix
            Features, n rows.
        families : sequence of str
            Host family of each row.

        Returns
        -------
        array, shape (n, n_phases)
            Rows add up to 1.
        """
        pooled: FloatArray = np.mean(list(self.shares.values()), axis=0)
        labels = Labels.of(families)
        seen = np.stack([self.shares.get(name, pooled) for name in labels.names])
        scores = np.zeros((len(self.names), len(matrix)))
        for score, blend, shares in zip(scores, self.blends, seen.T, strict=True):
            if not shares.any():
                continue
            share = shares[labels.codes]
            np.clip(blend.predict(matrix), 0.0, 1.0, out=score)
            score += 0.02 * share
            score[share <= 0] = 0.0
        scores /= scores.sum(axis=0)
        return scores.T

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the model as named arrays for an ``.npz`` file."""
        families = sorted(self.shares)
        arrays: dict[str, NDArray[Any]] = {
            f"{prefix}.names": np.array(self.names, dtype=np.str_),
            f"{prefix}.families": np.array(families, dtype=np.str_),
            f"{prefix}.shares": np.stack([self.shares[f] for f in families]),
        }
        for i, blend in enumerate(self.blends):
            arrays.update(blend.to_arrays(f"{prefix}.{i}"))
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> PhaseModel:
        """Return the model stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        try:
            names = tuple(arrays[f"{prefix}.names"].tolist())
            families = arrays[f"{prefix}.families"].tolist()
            shares = arrays[f"{prefix}.shares"]
        except KeyError as error:
            raise ModelError(f"the model holds no phases {error}") from None
        if shares.shape != (len(families), len(names)):
            raise ModelError("the phases of the model are damaged")
        blends = tuple(Blend.from_arrays(arrays, f"{prefix}.{i}") for i in range(len(names)))
        return cls(names, blends, dict(zip(families, shares, strict=True)))


def phase_shares(
    families: tuple[str, ...], target: FloatArray, n_phases: int
) -> dict[str, FloatArray]:
    """Return how often each phase was reported for each family.

    Parameters
    ----------
    families : tuple of str
        Host family of each record.
    target : array, shape (n,)
        Position of the phase.
    n_phases : int
        Number of phases.
    """
    labels = np.array(families)
    out: dict[str, FloatArray] = {}
    for family in sorted(set(families)):
        counts = np.bincount(target[labels == family].astype(int), minlength=n_phases)
        out[family] = counts / (counts.sum() + _SHRINK)
    return out
