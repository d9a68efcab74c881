"""A base fitted again to what it was trained on and to the rows of a laboratory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.estimators.blend import Blend
from ssbml.features.base import FeatureMatrix
from ssbml.features.context import TEMPERATURE_COLUMN
from ssbml.fitting.blends import fit_blend
from ssbml.fitting.records import Records, density_records, purity_records
from ssbml.fitting.settings import PropertySettings
from ssbml.metrics import coverage_of, mean_absolute_error
from ssbml.predictor import Predictor
from ssbml.retraining.literature import Literature, at_25
from ssbml.retraining.residuals import Lab, Residuals, joined
from ssbml.splits import group_folds

REFITS: dict[str, float] = {"refit": 1.0, "weighted refit": 10.0}
"""Methods that fit the base again, and the weight of an experiment of the lab beside that of a
published sample."""

INNER_FOLDS = 3
"""Folds of the lab's groups in which methods are compared."""

LITERATURE_FOLDS = 5
"""Folds of papers in which a refit is compared with its base."""

_QUICKER = 3


@dataclass(frozen=True, slots=True)
class Refits:
    """What refits of one base with the rows of one laboratory share.

    Attributes
    ----------
    base : Predictor
        Without a correction. A refit takes the place of the trees of a property; linear part,
        intervals, probabilities, activation energy and domain stay the base's.
    literature : Literature
        Rows that the base was trained on.
    lab : Lab
        All rows of the lab.
    records : dict of str to Records
        The lab's values; every experiment counts as one sample, however often it was measured.
    """

    base: Predictor
    literature: Literature
    lab: Lab
    records: dict[str, Records]

    def model(self, key: str, method: str, rows: NDArray[np.intp], *, quick: bool) -> Predictor:
        """Return the base with the trees of one property fitted again.

        Parameters
        ----------
        key : str
            ``conductivity``, ``density`` or ``purity``.
        method : str
            One of `REFITS`.
        rows : int array
            Lab rows to learn from.
        quick : bool
            Boost in a third of the steps, each three times as large; for comparisons.
        """
        records = _beside(self.literature.records[key], self._own(key, method, rows))
        return with_trees(self.base, key, self._fitted(key, records, quick=quick))

    def unseen(self, key: str, method: str, found: Residuals) -> Residuals:
        """Return values beside the answers of refits that have not seen their group.

        Parameters
        ----------
        key, method : str
            As for `model`.
        found : Residuals
            Lab values to learn from, in three groups at least.
        """
        folds = inner_folds(found)
        answered = [
            self.lab.answered(
                self.model(key, method, np.unique(found.rows[folds != fold]), quick=True),
                key,
                found.take(folds == fold),
            )
            for fold in np.unique(folds)
        ]
        return joined(answered)

    def on_literature(self, key: str, method: str, rows: NDArray[np.intp]) -> dict[str, Any]:
        """Return error and coverage on published rows, before and after, whole papers held out.

        Where the rows at hand are not those that the base was trained on, the base stands as it is:
        it has seen what it is asked, which can only make the comparison stricter.

        Parameters
        ----------
        key, method, rows
            As for `model`.
        """
        records = self.literature.records[key]
        folds = group_folds(records.group, LITERATURE_FOLDS, self.literature.settings.seed)
        own = self._own(key, method, rows)
        answers = np.empty((2, 3, len(records)))
        for fold in np.unique(folds):
            test, train = folds == fold, records.take(folds != fold)
            asked = records.take(test)
            before = self.base
            if self.literature.whole:
                before = with_trees(self.base, key, self._fitted(key, train, quick=True))
            blend = self._fitted(key, _beside(train, own), quick=True)
            for i, model in enumerate((before, with_trees(self.base, key, blend))):
                answers[i][:, test] = self._answers(model, key, asked)
        scored = (records.bound == 0) & ~records.placeholder
        figures: dict[str, Any] = {
            "data": self.literature.name,
            "rows_of_the_base": self.literature.whole,
            "values": int(scored.sum()),
            "papers": len(np.unique(records.group[scored])),
        }
        for name, (point, low, high) in zip(("before", "after"), answers, strict=True):
            truth = records.target[scored]
            figures[f"error_{name}"] = mean_absolute_error(truth, point[scored])
            if key != "purity":
                figures[f"coverage_{name}"] = coverage_of(truth, low[scored], high[scored])
        return figures

    def _own(self, key: str, method: str, rows: NDArray[np.intp]) -> Records:
        own = self.records[key]
        own = own.take(np.isin(own.rows, rows))
        return replace(own, weight=own.weight * REFITS[method])

    def _answers(
        self, model: Predictor, key: str, records: Records
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        if key == "purity":
            return model.purity.probability(records.matrix, 0.9)
        interval = model.conductivity if key == "conductivity" else model.density
        describe = self.literature.describe[records.rows]
        point, low, high, _ = interval.predict(records.matrix, list(records.family), describe, 0.9)
        return point, low, high

    def _fitted(self, key: str, records: Records, *, quick: bool) -> Blend:
        settings: PropertySettings = getattr(self.literature.settings, key)
        if quick and settings.boosting.weight > 0:
            settings = replace(
                settings,
                boosting=replace(
                    settings.boosting,
                    iterations=-(-settings.boosting.iterations // _QUICKER),
                    learning_rate=settings.boosting.learning_rate * _QUICKER,
                ),
            )
        names, target = None, records.target
        if key == "conductivity":
            names = tuple(n for n in records.matrix.names if n != TEMPERATURE_COLUMN)
        if key == "density":
            target = target - self.base.density.tendencies.shift(records.matrix)
        return fit_blend(records, settings, self.literature.settings.seed, names, target, n_jobs=1)


def refits_of(base: Predictor, literature: Literature, lab: Lab) -> Refits:
    """Return what refits of a base with lab rows share.

    Parameters
    ----------
    base : Predictor
        Without a correction.
    literature : Literature
        Rows that it was trained on.
    lab : Lab
        All rows of the lab.
    """
    own = {
        "conductivity": at_25(base, lab.samples),
        "density": density_records(lab.samples),
        "purity": purity_records(lab.samples),
    }
    return Refits(base, literature, lab, {key: _as_lab(own[key], lab) for key in lab.parts})


def with_trees(base: Predictor, key: str, blend: Blend) -> Predictor:
    """Return a predictor with other trees for one property."""
    if key == "purity":
        return replace(base, purity=replace(base.purity, blend=blend))
    if key == "density":
        return replace(base, density=replace(base.density, blend=blend))
    return replace(base, conductivity=replace(base.conductivity, blend=blend))


def inner_folds(found: Residuals) -> NDArray[np.intp]:
    """Return the inner fold of each value, groups together."""
    groups = found.fold_group.astype(str).astype(object)
    return group_folds(groups, INNER_FOLDS, 0)


def _as_lab(records: Records, lab: Lab) -> Records:
    """Return values of the lab: no bounds, an experiment one vote, held-out groups as papers."""
    kept = records.take(records.bound == 0)
    _, which, counts = np.unique(lab.experiment[kept.rows], return_inverse=True, return_counts=True)
    groups = np.array([f"lab {g}" for g in lab.holdout[kept.rows].tolist()], dtype=object)
    return replace(kept, weight=1.0 / counts[which], group=groups)


def _beside(first: Records, second: Records) -> Records:
    """Return the records of both; rows of the second are positions in another table."""
    assert first.matrix.names == second.matrix.names
    values = np.vstack([first.matrix.values, second.matrix.values])
    return Records(
        np.concatenate([first.rows, second.rows]),
        FeatureMatrix(first.matrix.names, values),
        np.concatenate([first.target, second.target]),
        np.concatenate([first.bound, second.bound]),
        np.concatenate([first.weight, second.weight]),
        np.concatenate([first.group, second.group]),
        (*first.family, *second.family),
        np.concatenate([first.placeholder, second.placeholder]),
    )
