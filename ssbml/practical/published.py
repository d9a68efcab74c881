"""The nearest published sample of a recipe: where it was reported, how it was made, what it got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssbml.explanation.explainer import Explainer
from ssbml.explanation.precedents import NONE_CLOSE
from ssbml.predictor import Predictor
from ssbml.request import TablePredictor

if TYPE_CHECKING:
    import pandas as pd

PUBLISHED_COLUMNS = ("nearest_published", "nearest_published_source")
"""The sample in words; its DOI, or URL where it has none."""


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
        `PUBLISHED_COLUMNS`, index of ``recipes``; None for a model that knows no samples.
    """
    import pandas as pd

    if not isinstance(predictor, Predictor):
        return pd.DataFrame(None, recipes.index, list(PUBLISHED_COLUMNS), dtype=object)
    found = Explainer.of(predictor).index.nearest(predictor, recipes).drop_duplicates("row")
    rows = []
    for record in found.to_dict("records"):
        parts = [record[name] for name in ("formula", "conditions", "results") if record[name]]
        rows.append(("; ".join(parts) or NONE_CLOSE, record["doi"] or record["url"] or None))
    return pd.DataFrame(rows, recipes.index, list(PUBLISHED_COLUMNS), dtype=object)
