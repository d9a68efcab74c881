"""The nearest published sample of a recipe: where it was reported, how it was made, what it got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssbml.explanation.explainer import Explainer
from ssbml.explanation.precedents import NONE_CLOSE
from ssbml.predictor import Predictor
from ssbml.request import TablePredictor

if TYPE_CHECKING:
    import pandas as pd

PUBLISHED_COLUMNS = (
    "nearest_published",
    "nearest_published_made_by",
    "nearest_published_got",
    "nearest_published_source",
)
"""Composition; how it was made; what was measured; DOI, or URL where there is none."""


def nearest_published(recipes: pd.DataFrame, predictor: TablePredictor) -> pd.DataFrame:
    """Return the nearest published sample of each recipe (`ssbml.explanation.precedents`).

    Parameters
    ----------
    recipes : DataFrame
        Valid recipes, n rows.
    predictor : TablePredictor
        By whose trees recipes are near; one that is no `Predictor` knows no samples.

    Returns
    -------
    DataFrame
        `PUBLISHED_COLUMNS`, index of ``recipes``; None where nothing is known, and for a model that
        knows no samples. The first column says so where no sample is close enough.
    """
    import pandas as pd

    if not isinstance(predictor, Predictor):
        return pd.DataFrame(None, recipes.index, list(PUBLISHED_COLUMNS), dtype=object)
    found = Explainer.of(predictor).index.nearest(predictor, recipes).drop_duplicates("row")
    rows = []
    for record in found.to_dict("records"):
        found_at = record["doi"] or record["url"] or None
        made, got = record["conditions"] or None, record["results"] or None
        rows.append((record["formula"] or NONE_CLOSE, made, got, found_at))
    return pd.DataFrame(rows, recipes.index, list(PUBLISHED_COLUMNS), dtype=object)
