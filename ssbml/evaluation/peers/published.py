"""Figures of others that cannot be run here, as they were published."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def published_figures(tasks: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return published figures with what the systems see and where the figure was read.

    Parameters
    ----------
    tasks : tuple of str, optional
        Tasks that are wanted; all by default.

    Returns
    -------
    DataFrame
        Columns ``task``, ``subset``, ``predictor``, ``metric``, ``value``, ``inputs``, ``source``
        and ``read_in``. A subset that the suite does not run cannot be compared row by row.
    """
    import pandas as pd

    table = pd.read_csv(Path(__file__).with_suffix(".csv"))
    return table if tasks is None else table[table["task"].isin(tasks)].reset_index(drop=True)
