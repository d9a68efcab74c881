"""Tidy figures laid out for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = ("R2", "Spearman", "accuracy", "MCC", "AUROC", "log loss")
"""Figures that stand beside the main one."""


def main_figures(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the figure that predictors are compared by: the first of each.

    Parameters
    ----------
    figures : DataFrame
        Tidy figures, see `ssbml.evaluation.peers.figures.COLUMNS`.
    """
    return figures.drop_duplicates(["task", "subset", "predictor"])


def subset_tables(figures: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return one table for each subset, one row a predictor.

    Parameters
    ----------
    figures : DataFrame
        Tidy figures.

    Returns
    -------
    dict of str to DataFrame
        By title: ``predictor``, the main figure, its ``sd``, ``ssbml minus it``, ``p_better`` and
        the other figures.
    """
    tables = {}
    for (task, subset), rows in figures.groupby(["task", "subset"], sort=False):
        first = rows.iloc[0]
        title = f"{task}: {subset} ({first['samples']} samples, {first['papers']} papers)"
        tables[title] = _subset_table(rows)
    return tables


def value_matrix(figures: pd.DataFrame, task: str) -> pd.DataFrame:
    """Return the main figure of a task, one row a subset and one column a predictor."""
    return _matrix(figures, task, lambda row: f"{row['value']:.3f}")


def difference_matrix(figures: pd.DataFrame, task: str) -> pd.DataFrame:
    """Return how our model compares, one row a subset and one column a peer."""
    import pandas as pd

    def cell(row: pd.Series[Any]) -> str:
        return f"{_interval(row)}, {row['p_better']:.2f}" if _interval(row) else ""

    compared = figures[figures["task"].eq(task)].groupby("predictor", sort=False)["difference"]
    peers = [name for name, known in compared.count().items() if known]
    table = _matrix(figures, task, cell)
    return pd.DataFrame(table[[c for c in table.columns if c in ("subset", *peers)]])


def _subset_table(rows: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    main = main_figures(rows).reset_index(drop=True)
    name = str(main["metric"].iloc[0])
    table = pd.DataFrame({"predictor": main["predictor"], name: main["value"]})
    if main["sd"].notna().any():
        table["sd"] = main["sd"]
    table["ssbml minus it"] = [_interval(row) for _, row in main.iterrows()]
    table["p_better"] = main["p_better"]
    others = rows[rows["metric"].isin(_SHOWN) & (rows["metric"] != name)]
    for metric, part in others.groupby("metric", sort=False):
        values = dict(zip(part["predictor"], part["value"], strict=True))
        table[str(metric)] = [values.get(predictor) for predictor in table["predictor"]]
    return table


def _matrix(figures: pd.DataFrame, task: str, cell: Any) -> pd.DataFrame:
    import pandas as pd

    main = main_figures(figures[figures["task"] == task])
    predictors = list(dict.fromkeys(main["predictor"]))
    lines = []
    for subset, rows in main.groupby("subset", sort=False):
        cells = {row["predictor"]: cell(row) for _, row in rows.iterrows()}
        first = rows.iloc[0]
        lines.append(
            {
                "subset": subset,
                "samples": int(first["samples"]),
                "papers": int(first["papers"]),
                "figure": first["metric"],
                **{name: cells.get(name, "") for name in predictors},
            }
        )
    return pd.DataFrame(lines)


def _interval(row: Any) -> str:
    if row["difference"] != row["difference"]:
        return ""
    return f"{row['difference']:+.3f} [{row['lower']:+.3f}, {row['upper']:+.3f}]"
