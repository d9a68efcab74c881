"""``ssbml.explain``: what drives predictions, and the published samples nearest to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.counts import FieldCounts
from ssbml.datasets.load import load_dataset
from ssbml.errors import RecipeError
from ssbml.explanation.drivers import Split, average_sample, split_predictions
from ssbml.explanation.precedents import PrecedentIndex, sources_text
from ssbml.explanation.sentences import sentence
from ssbml.explanation.support import counts_for
from ssbml.explanation.table import drivers_table
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.request import as_table, measured_of_rows
from ssbml.tables.validate import Validated, validate

if TYPE_CHECKING:
    import pandas as pd

EXPLAINED_COLUMNS = ("drivers", "precedents")
"""Columns that ``predict(..., explain=True)`` adds."""

_MAX_CACHED = 4
_explainers: dict[int, Explainer] = {}


class Explanation(NamedTuple):
    """What drives predictions and what they rest on.

    Attributes
    ----------
    drivers : DataFrame
        One row a recipe, property and driver; see `ssbml.explanation.table.drivers_table`. The
        ``contribution`` of the rows of one recipe and property add up to its prediction.
    precedents : DataFrame
        The nearest published samples; see `ssbml.explanation.precedents.PRECEDENT_COLUMNS`.
    """

    drivers: pd.DataFrame
    precedents: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Explainer:
    """A model together with the published samples that explain it.

    Attributes
    ----------
    predictor : Predictor
        The model.
    start : array, shape (3,)
        Prediction of the average published sample, in the units of
        `ssbml.explanation.outputs.OUTPUTS`.
    counts : FieldCounts
        Published samples that vary each field.
    index : PrecedentIndex
        Published samples by what the model has learned.
    """

    predictor: Predictor
    start: FloatArray
    counts: FieldCounts
    index: PrecedentIndex

    @classmethod
    def of(cls, predictor: Predictor) -> Explainer:
        """Return the explainer of a model; that of a model used lately is kept."""
        kept = _explainers.get(id(predictor))
        if kept is not None and kept.predictor is predictor:
            return kept
        samples = load_dataset("literature")
        made = cls(
            predictor,
            average_sample(predictor, samples),
            counts_for(predictor),
            PrecedentIndex.of(predictor, samples),
        )
        while len(_explainers) >= _MAX_CACHED:
            _explainers.pop(next(iter(_explainers)))
        _explainers[id(predictor)] = made
        return made

    def split(self, table: pd.DataFrame, known: Mapping[str, Any] | None = None) -> list[Split]:
        """Return the split predictions of n valid recipes."""
        return split_predictions(self.predictor, table, self.start, known)

    def predict_table(
        self,
        table: pd.DataFrame,
        *,
        coverage: float = DEFAULT_COVERAGE,
        known: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Predict a valid recipe table, with `EXPLAINED_COLUMNS`."""
        result = self.predictor.predict_table(table, coverage=coverage, known=known)
        precedents = self.index.nearest(self.predictor, table)
        result["drivers"] = [sentence(split, self.counts) for split in self.split(table, known)]
        groups = precedents.groupby("row", sort=True)
        result["precedents"] = [sources_text(group) for _, group in groups]
        return result


def explain(
    recipes: Any,
    *,
    model: str | Predictor | None = None,
    known: Mapping[str, Any] | None = None,
    errors: str = "raise",
    **fields: Any,
) -> Explanation:
    """Explain predictions: what drives them, and the published samples nearest to the recipes.

    Parameters
    ----------
    recipes, model, known, errors, **fields
        As in `ssbml.predict`.

    Returns
    -------
    Explanation
        ``drivers`` and ``precedents``, two long tables whose index holds the labels of the recipes;
        with ``errors="report"`` ``drivers.attrs["rejected"]`` lists bad cells.

    Raises
    ------
    RecipeError
        One or more recipes cannot be used; lists every bad cell.
    TableError
        The file or table cannot be read as recipes at all.
    ModelError
        The model cannot be found or opened.
    ValueError
        ``errors`` is out of range.

    Examples
    --------
    >>> drivers, precedents = explain("Li6.4La3Zr1.4Ta0.6O12", sintering_temp_c=1150)
    >>> drivers.query("property == 'conductivity_s_cm'")["driver"].tolist()[:3]
    ['average published sample', 'host Li7La3Zr2O12', 'Ta']
    """
    if errors not in ("raise", "report"):
        raise ValueError(f"errors = {errors!r}: allowed are 'raise' and 'report'")
    raw, first_row = as_table(recipes, fields)
    checked = validate(raw, first_row=first_row)
    if checked.problems and errors == "raise":
        raise RecipeError(checked.problems)
    predictor = model if isinstance(model, Predictor) else load_model(model)
    measured = measured_of_rows(known, len(raw), checked.positions)
    explanation = explain_validated(Explainer.of(predictor), checked, measured)
    explanation.drivers.attrs["rejected"] = [p.as_dict() for p in checked.problems]
    return explanation


def explain_validated(
    explainer: Explainer, checked: Validated, measured: Mapping[str, Any] | None = None
) -> Explanation:
    """Explain the good rows of a validated table.

    Parameters
    ----------
    explainer : Explainer
        The model and its published samples.
    checked : Validated
        Outcome of `ssbml.tables.validate.validate`.
    measured : mapping, optional
        Measured outcomes as in `ssbml.predictor.Predictor.predict_table`.
    """
    table = checked.table
    drivers = drivers_table(explainer.split(table, measured), explainer.counts, table.index)
    return Explanation(drivers, explainer.index.nearest(explainer.predictor, table))
