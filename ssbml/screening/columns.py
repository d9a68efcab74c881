"""Predictions of candidates as columns, without a recipe table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.describe import count_missing, firing_excess
from ssbml.errors import SettingsError
from ssbml.features.assemble import chemistry_features
from ssbml.features.base import FeatureMatrix, beside
from ssbml.features.context import ASKED
from ssbml.features.host import family_features
from ssbml.features.pairs import PairedMatrix, Ways
from ssbml.features.process import process_features
from ssbml.predictor import Predictor
from ssbml.quantities.batch import Batch
from ssbml.screening.candidates import Candidates
from ssbml.tables.validate import validate

FEW_WAYS = 4
"""Below so many ways a composition, trees are walked faster row by row."""

Columns = dict[str, NDArray[Any]]
"""Prediction columns of n candidates, each of shape (n,)."""


@dataclass(frozen=True, slots=True)
class PreparedSpace:
    """Candidates with everything that depends on the way alone worked out once.

    Attributes
    ----------
    candidates : Candidates
        The space.
    ways : Ways
        Features of the k ways.
    missing : int array, shape (k,)
        Blank influential fields of each way.
    excess : array, shape (k,)
        How far each way is fired above what family and method allow, °C.
    """

    candidates: Candidates
    ways: Ways
    missing: NDArray[np.int64]
    excess: FloatArray

    def matrix(self, composition: NDArray[np.int64], way: NDArray[np.int64]) -> FeatureMatrix:
        """Return the features of candidates.

        Parameters
        ----------
        composition, way : int arrays, shape (n,)
            What they are made of, as from ``candidates.pairs``.

        Returns
        -------
        FeatureMatrix
            n rows, kept as pairs where that makes predictions faster.
        """
        different, rows = np.unique(composition, return_inverse=True)
        amounts = self.candidates.compositions[different]
        families = Labels.repeated(self.candidates.family, len(amounts))
        chemistry = beside(chemistry_features(amounts, families), family_features(families))
        paired = PairedMatrix(chemistry, self.ways, rows, way)
        if len(rows) < FEW_WAYS * len(different):
            return FeatureMatrix(paired.names, paired.values)
        return paired


def prepare(candidates: Candidates) -> PreparedSpace:
    """Work out what depends on the way alone.

    Parameters
    ----------
    candidates : Candidates
        The space; at least one composition and one way.

    Returns
    -------
    PreparedSpace

    Raises
    ------
    SettingsError
        A way holds a value that no recipe can hold, or asks for a placeholder formula.
    """
    raw = candidates.processes.assign(formula=candidates.formulas[0], family=candidates.family)
    checked = validate(raw)
    if checked.problems:
        raise SettingsError(f"the search space cannot be made: {checked.problems[0].sentence()}")
    table = checked.table
    if (table["formula_basis"] == "placeholder").any():
        raise SettingsError("formula_basis = placeholder: candidates have stated amounts")
    families = Labels.repeated(candidates.family, len(table))
    return PreparedSpace(
        candidates,
        Ways(process_features(table, families)),
        count_missing(table),
        firing_excess(table, families),
    )


def predict_pairs(
    predictor: Predictor,
    space: PreparedSpace,
    start: int,
    stop: int,
    *,
    coverage: float = DEFAULT_COVERAGE,
) -> Columns:
    """Predict consecutive candidates of a space.

    Equal in every bit to the prediction of their recipe table, and to any other division of the
    space into parts.

    Parameters
    ----------
    predictor : Predictor
        The model.
    space : PreparedSpace
        The candidates (`prepare`).
    start, stop : int
        Numbers of the candidates to predict, ``stop`` not included.
    coverage : float, default 0.9
        Coverage of the intervals, 0.5 to 0.99.

    Returns
    -------
    dict of str to array
        The columns of `ssbml.predictor.Predictor.predict_features`, each of shape
        (stop - start,).
    """
    composition, way = space.candidates.pairs(np.arange(start, stop))
    batch = Batch(
        space.matrix(composition, way).with_constants(ASKED),
        Labels.repeated(space.candidates.family, stop - start),
        space.missing[way],
        space.excess[way],
    )
    columns, _ = predictor.predict_features(batch, coverage=coverage)
    return columns
