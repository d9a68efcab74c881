"""Batch sheets as a table: one line per starting material of each ranked recipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssbml.errors import WeighingError
from ssbml.practical.shelf import Shelf

if TYPE_CHECKING:
    import pandas as pd

SHEET_COLUMNS = (
    "rank",
    "formula",
    "batch_g",
    "precursor",
    "role",
    "weigh_g",
    "excess_g",
    "moles",
    "notes",
)


def batch_table(
    ranked: pd.DataFrame, batch_g: float = 10.0, shelf: Shelf | None = None
) -> pd.DataFrame:
    """Return the batch sheets of ranked recipes as one long table.

    Parameters
    ----------
    ranked : DataFrame
        Ranked recipes; ``rank`` counts from 1 if there is none.
    batch_g : float, default 10
        Mass of product of a batch, g.
    shelf : Shelf, optional
        Choice, purity and ignition loss of starting materials.

    Returns
    -------
    DataFrame
        `SHEET_COLUMNS`; a recipe that cannot be weighed in has one row whose ``notes`` say why.
    """
    import pandas as pd

    shelf = shelf or Shelf()
    rows: list[dict[str, Any]] = []
    for position, record in enumerate(ranked.to_dict("records"), start=1):
        recipe = {str(k): v for k, v in record.items()}
        head = {"rank": record.get("rank", position), "formula": recipe["formula"],
                "batch_g": batch_g}  # fmt: skip
        try:
            batch = shelf.batch(recipe, batch_g)
        except WeighingError as error:
            rows.append({**head, "notes": str(error)})
            continue
        rows += [
            {**head, "precursor": line.precursor, "role": line.role, "weigh_g": line.weigh_g,
             "excess_g": line.excess_g, "moles": line.moles, "notes": "; ".join(batch.notes)}
            for line in batch.lines
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(SHEET_COLUMNS))
