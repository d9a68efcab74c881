"""Recipes as models see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.describe import count_missing, describers, firing_excess
from ssbml.domain import Domain
from ssbml.features.assemble import assemble, families_of
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import ASKED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Batch:
    """n recipes: their features and what else a prediction asks.

    Attributes
    ----------
    matrix : FeatureMatrix
        Features, n rows, and `ssbml.features.context.ASKED`.
    families : Labels
        Host family of each recipe.
    missing : int array, shape (n,)
        Blank influential fields.
    excess : array, shape (n,)
        How far each recipe is fired above what its family and method allow, °C.
    """

    matrix: FeatureMatrix
    families: Labels
    missing: NDArray[Any]
    excess: FloatArray

    @classmethod
    def of(cls, table: pd.DataFrame) -> Batch:
        """Return the recipes of a valid table."""
        families = Labels.of(families_of(table))
        return cls(
            assemble(table, families, ASKED),
            families,
            count_missing(table),
            firing_excess(table, families),
        )

    def distance(self, domain: Domain) -> FloatArray:
        """Return how far each recipe lies from what the data support, shape (n,); 1 is the edge.

        Firing above the limit lies outside, 100 °C counting as 1.
        """
        beyond = np.where(self.excess > 0, 1.0 + self.excess / 100.0, 0.0)
        return np.maximum(domain.distance(self.matrix, self.families), beyond)

    def describers(self, distance: FloatArray) -> FloatArray:
        """Return the describers of recipes at a distance (`ssbml.describe.describers`)."""
        return describers(self.families, distance, self.missing)
