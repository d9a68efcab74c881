"""A prediction request: recipes in any form, what is known of them, and the table that answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ssbml.calibration import DEFAULT_COVERAGE, check_coverage
from ssbml.cells import CellError, coerce, is_missing
from ssbml.errors import Problem, RecipeError, TableError
from ssbml.fields import FIELDS, OUTCOME_FIELDS
from ssbml.recipe import Recipe, check_field_name
from ssbml.tables.read import FIRST_FILE_ROW, SUFFIXES, read_table
from ssbml.tables.validate import Validated, validate

if TYPE_CHECKING:
    import pandas as pd

PREDICTION_COLUMNS = (
    "conductivity_s_cm",
    "conductivity_s_cm_lower",
    "conductivity_s_cm_upper",
    "relative_density_pct",
    "relative_density_pct_lower",
    "relative_density_pct_upper",
    "phase_purity",
    "phase_purity_lower",
    "phase_purity_upper",
    "phase_main",
    "phase_main_probability",
    "in_domain",
    "domain_distance",
    "n_missing",
    "notes",
)
"""Columns of the prediction table, in order."""

KNOWN_FIELDS = ("relative_density_pct", "phase_main")
"""Outcomes that may be handed over as measured before impedance."""


class TablePredictor(Protocol):
    """Something that predicts a valid recipe table."""

    def predict_table(
        self, table: pd.DataFrame, *, coverage: float, known: Mapping[str, Any] | None
    ) -> pd.DataFrame:
        """Return `PREDICTION_COLUMNS` for n valid recipes, with their index."""
        ...


def answer(
    predictor: TablePredictor,
    recipes: Any,
    *,
    coverage: float = DEFAULT_COVERAGE,
    known: Mapping[str, Any] | None = None,
    errors: str = "raise",
    keep_input: bool = False,
    **fields: Any,
) -> pd.DataFrame:
    """Return the predictions of recipes in any accepted form.

    Parameters
    ----------
    predictor : TablePredictor
        What predicts the valid rows.
    recipes, coverage, known, errors, keep_input, **fields
        As in `ssbml.predict`.

    Returns
    -------
    DataFrame
        One row a good recipe; ``attrs`` hold ``rejected`` and ``ignored_columns``.

    Raises
    ------
    RecipeError, TableError, ValueError
        As in `ssbml.predict`.
    """
    if errors not in ("raise", "report"):
        raise ValueError(f"errors = {errors!r}: allowed are 'raise' and 'report'")
    check_coverage(coverage)
    raw, first_row = as_table(recipes, fields)
    checked = validate(raw, first_row=first_row)
    if checked.problems and errors == "raise":
        raise RecipeError(checked.problems)
    result = predict_validated(
        predictor, checked, raw, coverage=coverage, known=known, keep_input=keep_input
    )
    result.attrs["rejected"] = [p.as_dict() for p in checked.problems]
    result.attrs["ignored_columns"] = checked.ignored
    return result


def predict_validated(
    predictor: TablePredictor,
    checked: Validated,
    raw: pd.DataFrame,
    *,
    coverage: float = DEFAULT_COVERAGE,
    known: Mapping[str, Any] | None = None,
    keep_input: bool = False,
) -> pd.DataFrame:
    """Predict the good rows of a validated table.

    Parameters
    ----------
    predictor : TablePredictor
        What predicts the valid rows.
    checked : Validated
        Outcome of `ssbml.tables.validate.validate`.
    raw : DataFrame
        The table as handed in.
    coverage, known, keep_input
        As in `ssbml.predict`.

    Returns
    -------
    DataFrame

    Raises
    ------
    RecipeError
        ``known`` holds a bad value.
    """
    import pandas as pd

    measured = measured_of_rows(known, len(raw), checked.positions)
    if len(checked.table) == 0:
        result = pd.DataFrame(
            {name: pd.Series(dtype=object) for name in PREDICTION_COLUMNS},
            index=checked.table.index,
        )
    else:
        result = predictor.predict_table(checked.table, coverage=coverage, known=measured)
        _note_ignored(result, checked.ignored)
    if not keep_input:
        return result
    kept = raw.iloc[checked.positions].copy()
    kept.columns = [
        f"{c}_measured" if c in OUTCOME_FIELDS else str(c) for c in map(str, kept.columns)
    ]
    clash = [c for c in kept.columns if c in result.columns]
    kept = kept.rename(columns={c: f"{c}_input" for c in clash})
    return pd.concat([kept, result], axis=1)


def as_table(recipes: Any, fields: Mapping[str, Any] | None = None) -> tuple[pd.DataFrame, int]:
    """Return recipes in any accepted form as a raw table, and the number of its first row.

    Raises
    ------
    TableError
        The object is no table of recipes.
    RecipeError
        A field given by keyword does not exist.
    """
    import pandas as pd

    fields = dict(fields or {})
    problems = [p for name, value in fields.items() if (p := _name_problem(name, value))]
    if problems:
        raise RecipeError(problems)
    if _is_file(recipes):
        _no_fields(fields)
        return read_table(recipes), FIRST_FILE_ROW
    if isinstance(recipes, str):
        return pd.DataFrame({k: _cell(v) for k, v in {"formula": recipes, **fields}.items()}), 0
    if isinstance(recipes, Mapping):
        merged = {**recipes, **fields}
        return pd.DataFrame({k: _cell(v) for k, v in merged.items()}), 0
    _no_fields(fields)
    if isinstance(recipes, pd.DataFrame):
        return recipes, 0
    if isinstance(recipes, (list, tuple)) and len(recipes) == 0:
        raise TableError("an empty list holds no recipes")
    if isinstance(recipes, (list, tuple)):
        return _from_list(list(recipes)), 0
    raise TableError(
        f"recipes of type {type(recipes).__name__} are not understood; hand over a formula, a "
        "Recipe, a dict, a DataFrame, a list of those, or a file"
    )


def _from_list(recipes: list[Any]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for position, recipe in enumerate(recipes):
        if isinstance(recipe, (Recipe, Mapping)):
            rows.append(dict(recipe))
        elif isinstance(recipe, str):
            rows.append({"formula": recipe})
        else:
            raise TableError(
                f"item {position} of the list is a {type(recipe).__name__}; a dict, a Recipe or a "
                "formula is expected"
            )
    frame = pd.DataFrame(rows, dtype=object)
    return frame if "formula" in frame.columns else frame.assign(formula=None)


def _is_file(recipes: Any) -> bool:
    if isinstance(recipes, Path):
        return True
    return isinstance(recipes, str) and recipes.lower().endswith(SUFFIXES)


def _cell(value: Any) -> np.ndarray[Any, np.dtype[Any]]:
    out = np.empty(1, dtype=object)
    out[0] = value
    return out


def _no_fields(fields: Mapping[str, Any]) -> None:
    if fields:
        raise TableError(
            f"{', '.join(fields)}: single fields go with a single formula, not with a table"
        )


def _name_problem(name: str, value: Any) -> Problem | None:
    try:
        check_field_name(name)
    except CellError as error:
        return Problem(0, 0, name, value, error.reason, error.suggestion)
    return None


def measured_of_rows(
    known: Mapping[str, Any] | None, n: int, positions: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Return the known outcomes of the good rows of a table.

    Parameters
    ----------
    known : mapping, optional
        As in `ssbml.predict`.
    n : int
        Rows of the table as handed in.
    positions : int array
        Positions of the good rows.

    Returns
    -------
    dict
        ``relative_density_pct`` as an array (NaN where blank), ``phase_main`` as a list.

    Raises
    ------
    RecipeError
        A value cannot be used, or there are too few or too many.
    """
    out: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in (known or {}).items():
        if name not in KNOWN_FIELDS:
            problems.append(Problem(0, 0, name, given, f"known takes {' and '.join(KNOWN_FIELDS)}"))
            continue
        one_for_all = np.ndim(given) == 0
        cells = [given] if one_for_all else list(given)
        if not one_for_all and len(cells) != n:
            problems.append(Problem(0, 0, name, len(cells), f"{n} values are needed, one a recipe"))
            continue
        values: list[Any] = []
        for row, cell in enumerate(cells):
            try:
                values.append(None if is_missing(cell) else coerce(FIELDS[name], cell))
            except CellError as error:
                problems.append(Problem(row, row, name, cell, error.reason, error.suggestion))
        if len(values) == len(cells):
            kept = values * len(positions) if one_for_all else [values[i] for i in positions]
            numeric = FIELDS[name].kind == "number"
            out[name] = np.array([np.nan if v is None else v for v in kept]) if numeric else kept
    if problems:
        raise RecipeError(problems)
    return out


def _note_ignored(result: pd.DataFrame, ignored: Mapping[str, str]) -> None:
    """Tell every row about columns that look like misspelt fields."""
    texts = [
        f"column '{name}' is not known and was ignored, did you mean {like}?"
        for name, like in ignored.items()
        if like
    ]
    if texts:
        extra = "; ".join(texts)
        result["notes"] = [f"{n}; {extra}" if n else extra for n in result["notes"]]
