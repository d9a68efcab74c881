"""Predictions of several predictors for the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray

OURS = "ssbml"
"""Name of the model in every table."""

BARE = "ssbml without processing"
"""Name of the same model, fitted to compositions only."""

Kind = Literal["value", "class", "probability"]
"""What is predicted: a number, 0 or 1, or the probability of 1."""


@dataclass(frozen=True, slots=True)
class Scores:
    """One subset of rows, what is true of them and what each predictor says.

    Attributes
    ----------
    task, subset : str
        Where the rows belong.
    kind : {"value", "class", "probability"}
        What is predicted.
    truth : array, shape (n,)
        Numbers (log10 S/cm, points of density), or 0 and 1.
    groups : array of str, shape (n,)
        Paper of each row; papers are what the bootstrap draws.
    predictions : mapping of str to array, shape (n,) or (n, k)
        By predictor; k columns for k seeds or repeats.
    folds : int array, shape (n, k), optional
        Figures are averaged over the folds of each column, where the protocol says so.
    threshold : float, optional
        Numbers from here up count as good; adds the figures of a classifier.
    """

    task: str
    subset: str
    kind: Kind
    truth: FloatArray
    groups: NDArray[np.object_]
    predictions: Mapping[str, FloatArray]
    folds: NDArray[np.intp] | None = None
    threshold: float | None = None

    def __post_init__(self) -> None:
        n = len(self.truth)
        uneven = [name for name, p in self.predictions.items() if len(p) != n]
        if uneven or len(self.groups) != n:
            raise ValueError(f"{self.task}, {self.subset}: {n} rows, but not for {uneven}")

    def __len__(self) -> int:
        return len(self.truth)

    def take(self, mask: NDArray[np.bool_], subset: str) -> Scores:
        """Return the rows of a mask under a name of their own."""
        return replace(
            self,
            subset=subset,
            truth=self.truth[mask],
            groups=self.groups[mask],
            predictions={name: p[mask] for name, p in self.predictions.items()},
            folds=None if self.folds is None else self.folds[mask],
        )

    def losses(self, predictor: str) -> FloatArray:
        """Return the loss of a predictor on each row, averaged over its columns.

        Absolute error of a number, 1 for a wrong class, squared error of a probability.

        Parameters
        ----------
        predictor : str
            A key of `predictions`.

        Returns
        -------
        array, shape (n,)
        """
        prediction = columns_of(self.predictions[predictor])
        gap = np.abs(prediction - self.truth[:, None])
        if self.kind == "class":
            gap = (gap > 0).astype(float)
        elif self.kind == "probability":
            gap = gap**2
        mean: FloatArray = gap.mean(axis=1)
        return mean


def columns_of(prediction: FloatArray) -> FloatArray:
    """Return predictions of shape (n,) or (n, k) as shape (n, k)."""
    return prediction[:, None] if prediction.ndim == 1 else prediction
