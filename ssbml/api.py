"""``ssbml.predict``: anything that holds recipes in, a prediction table out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.request import answer

if TYPE_CHECKING:
    import pandas as pd


def predict(
    recipes: Any,
    *,
    model: str | Predictor | None = None,
    coverage: float = DEFAULT_COVERAGE,
    known: Mapping[str, Any] | None = None,
    errors: str = "raise",
    keep_input: bool = False,
    explain: bool = False,
    **fields: Any,
) -> pd.DataFrame:
    """Predict conductivity, relative density and phase purity.

    Parameters
    ----------
    recipes : str, Path, Recipe, dict, DataFrame or list of dict or Recipe
        A formula (the other columns as keyword arguments), a file ending in ``.csv``, ``.xlsx`` or
        ``.parquet``, or a table with a ``formula`` column. Only ``formula`` is required; None, NaN,
        NA and the empty string mean "not stated".
    model : str or Predictor, optional
        A model name (``"my-lab"``, ``"my-lab@3"``, ``"default"``) or an opened model; by default
        what ``ssbml models use`` chose, else the shipped model.
    coverage : float, default 0.9
        Share of new samples from new labs that the intervals should hold, 0.5 to 0.99.
    known : mapping, optional
        Measured ``relative_density_pct`` (%) and ``phase_main``: one value for all recipes, or one
        each. Shifts the conductivity.
    errors : {"raise", "report"}, default "raise"
        With ``"report"`` the good rows are predicted and the bad cells are listed in
        ``result.attrs["rejected"]``.
    keep_input : bool, default False
        Put the input columns before the predictions; measured outcomes come back as ``*_measured``.
    explain : bool, default False
        Add the text columns ``drivers`` (what drives each property, in sentences) and
        ``precedents`` (DOI or URL of the nearest published samples); `ssbml.explain` gives both as
        tables.
    **fields : object
        Recipe columns that go with a formula.

    Returns
    -------
    DataFrame
        One row a recipe, index of the input, the columns of
        ``ssbml.request.PREDICTION_COLUMNS``, then those of ``explain``.

    Raises
    ------
    RecipeError
        One or more recipes cannot be used; lists every bad cell.
    TableError
        The file or table cannot be read as recipes at all.
    ModelError
        The model cannot be found or opened.
    ValueError
        ``coverage`` or ``errors`` is out of range.

    Examples
    --------
    >>> import ssbml
    >>> table = ssbml.predict("Li6.4La3Zr1.4Ta0.6O12", sintering_temp_c=1150, atmosphere="O2")
    >>> bool(table["conductivity_s_cm_lower"].iloc[0] < table["conductivity_s_cm"].iloc[0])
    True
    """
    predictor = model if isinstance(model, Predictor) else load_model(model)
    if not explain:
        return predictor.predict(
            recipes, coverage=coverage, known=known, errors=errors, keep_input=keep_input, **fields
        )
    from ssbml.explanation.explainer import EXPLAINED_COLUMNS, Explainer

    result = answer(
        Explainer.of(predictor),
        recipes,
        coverage=coverage,
        known=known,
        errors=errors,
        keep_input=keep_input,
        **fields,
    )
    absent = [name for name in EXPLAINED_COLUMNS if name not in result.columns]
    return result.assign(**dict.fromkeys(absent, "")) if absent else result
