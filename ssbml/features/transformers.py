"""Featurisers as scikit-learn transformers, usable in anybody's pipeline."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from ssbml.chemistry.elements import FloatArray, composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import RecipeError
from ssbml.features.assemble import assemble, families_of
from ssbml.features.base import FeatureMatrix, beside
from ssbml.features.composition import fraction_features, magpie_features, magpie_names
from ssbml.features.host import family_features, host_features
from ssbml.features.process import process_features
from ssbml.tables.validate import validate


class _RecipeTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Recipe table in, features out; subclasses write `_features` only."""

    def fit(self, X: Any, y: Any = None) -> _RecipeTransformer:
        """Learn the names of the features.

        Parameters
        ----------
        X : DataFrame or list of dict
            Recipes; only ``formula`` is required.
        y : ignored

        Returns
        -------
        self

        Raises
        ------
        RecipeError
            A recipe cannot be used.
        """
        table = _valid(X)
        self.n_features_in_ = X.shape[1] if isinstance(X, pd.DataFrame) else len(table.columns)
        self.feature_names_ = np.array(self._features(table.iloc[:1]).names, dtype=object)
        return self

    def transform(self, X: Any) -> FloatArray:
        """Return the features, shape (n, d); NaN where the recipe does not say.

        Raises
        ------
        RecipeError
            A recipe cannot be used.
        """
        check_is_fitted(self)
        return self._features(_valid(X)).values

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray[Any, Any]:
        """Return the names of the features."""
        check_is_fitted(self)
        return self.feature_names_

    @abstractmethod
    def _features(self, table: pd.DataFrame) -> FeatureMatrix:
        """Return the features of a valid recipe table."""


class CompositionFeaturizer(_RecipeTransformer):
    """Magpie statistics and element fractions of the formula.

    Parameters
    ----------
    backend : {"arrays", "matminer"}, default "arrays"
        ``arrays`` computes the Magpie statistics from stored element tables, hundreds of times
        faster; ``matminer`` asks matminer, to compare. Both agree within 1e-9.
    fractions : bool, default True
        Add atomic fractions.
    """

    def __init__(self, backend: str = "arrays", fractions: bool = True) -> None:
        self.backend = backend
        self.fractions = fractions

    def _features(self, table: pd.DataFrame) -> FeatureMatrix:
        formulas = table["formula"].tolist()
        compositions = composition_matrix([parse_formula(f) for f in formulas])
        if self.backend == "arrays":
            magpie = magpie_features(compositions)
        elif self.backend == "matminer":
            from ssbml.features.matminer_magpie import matminer_features

            magpie = FeatureMatrix(magpie_names(), matminer_features(formulas))
        else:
            raise ValueError(f"backend = {self.backend!r}: allowed are 'arrays' and 'matminer'")
        return beside(magpie, fraction_features(compositions)) if self.fractions else magpie


class HostFeaturizer(_RecipeTransformer):
    """Family, sites, lithium and vacancies, size mismatch and charge imbalance."""

    def _features(self, table: pd.DataFrame) -> FeatureMatrix:
        families = families_of(table)
        compositions = composition_matrix([parse_formula(f) for f in table["formula"].tolist()])
        return beside(host_features(compositions, families), family_features(families))


class ProcessFeaturizer(_RecipeTransformer):
    """Every processing column as numbers."""

    def _features(self, table: pd.DataFrame) -> FeatureMatrix:
        return process_features(table, families_of(table))


class RecipeFeaturizer(_RecipeTransformer):
    """All features that the shipped model uses."""

    def _features(self, table: pd.DataFrame) -> FeatureMatrix:
        return assemble(table)


def _valid(X: Any) -> pd.DataFrame:
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(list(X), dtype=object)
    checked = validate(frame)
    if checked.problems:
        raise RecipeError(checked.problems)
    return checked.table
