"""What if: predictions of a recipe over a range of one or two of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

from ssbml.calibration import DEFAULT_COVERAGE, check_coverage
from ssbml.errors import RecipeError, VaryError
from ssbml.explanation.axes import MAX_POINTS, Axis, Vary, check_stated, parse_axes
from ssbml.explanation.players import blank_table, recipes_of
from ssbml.features.assemble import families_of
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.request import as_table
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd


def sweep(
    recipes: Any,
    vary: Vary,
    *,
    model: str | Predictor | None = None,
    coverage: float = DEFAULT_COVERAGE,
    **fields: Any,
) -> pd.DataFrame:
    """Predict recipes over a range of one or two of their fields.

    Parameters
    ----------
    recipes, model, coverage, **fields
        As in `ssbml.predict`.
    vary : str, sequence of str or mapping
        ``"sintering_temp_c=1000:1250:10"`` or ``{"sintering_temp_c": [1000, 1100, 1200]}``, one or
        two fields; both ends of a range are included. An element symbol varies the amount of that
        dopant, its host ion and lithium following by charge balance.

    Returns
    -------
    DataFrame
        One row a recipe and point: ``recipe`` (label of the recipe in the input), ``formula``, the
        varied fields, then the columns of ``ssbml.request.PREDICTION_COLUMNS``. ``attrs["axes"]``
        holds the names of the varied fields.

    Raises
    ------
    VaryError
        The range or field cannot be varied, or a recipe does not state it.
    RecipeError, TableError, ModelError, ValueError
        As in `ssbml.predict`.

    Examples
    --------
    >>> table = sweep("Li7La3Zr2O12", "sintering_temp_c=1100:1200:50", sintering_temp_c=1150)
    >>> table["sintering_temp_c"].tolist()
    [1100.0, 1150.0, 1200.0]
    """
    axes = parse_axes(vary)
    check_coverage(coverage)
    raw, first_row = as_table(recipes, fields)
    checked = validate(raw, first_row=first_row)
    if checked.problems:
        raise RecipeError(checked.problems)
    for axis in axes:
        check_stated(axis, checked.table)
    predictor = model if isinstance(model, Predictor) else load_model(model)
    return sweep_table(predictor, checked.table, axes, coverage)


def sweep_table(
    predictor: Predictor,
    table: pd.DataFrame,
    axes: tuple[Axis, ...],
    coverage: float = DEFAULT_COVERAGE,
) -> pd.DataFrame:
    """Predict valid recipes over all combinations of the values of axes, see `sweep`.

    Raises
    ------
    VaryError
        Too many points, or an amount of a dopant that a host cannot hold.
    """
    points = list(product(*(axis.values for axis in axes)))
    if len(points) * len(table) > MAX_POINTS:
        raise VaryError(
            f"{len(table):,} recipes at {len(points):,} points each; at most {MAX_POINTS:,} "
            "predictions are made, widen the step"
        )
    rows: list[dict[str, Any]] = []
    for recipe, family in zip(recipes_of(table), families_of(table), strict=True):
        for point in points:
            changed = {**recipe, "family": family}
            for axis, value in zip(axes, point, strict=True):
                changed = axis.put(changed, family, value)
            rows.append(changed)
    predictions = predictor.predict_table(columns_of(rows), coverage=coverage)
    for axis, values in zip(axes, zip(*points, strict=True), strict=True):
        predictions.insert(0, axis.name, list(values) * len(table))
    predictions.insert(0, "formula", [row["formula"] for row in rows])
    predictions.insert(0, "recipe", table.index.repeat(len(points)))
    names = [axis.name for axis in axes]
    ordered = ["recipe", "formula", *names]
    out = predictions[[*ordered, *(c for c in predictions.columns if c not in ordered)]]
    out.attrs["axes"] = names
    return out


def columns_of(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return valid recipes given as dicts as a recipe table."""
    columns: Mapping[str, list[Any]] = {
        name: [row.get(name) for row in rows] for name in dict.fromkeys(n for r in rows for n in r)
    }
    return blank_table(columns, len(rows))
