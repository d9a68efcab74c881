"""The trade-off plot: Pareto front and ranked recipes with intervals over published samples."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.features.assemble import families_of
from ssbml.report.plots import ACCENT, MUTED, styled
from ssbml.report.words import plain, scientific

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

_Y = "conductivity_s_cm"
_X = "relative_density_pct"
_MEASURED = ("sigma_total_s_cm", "sigma_unspecified_s_cm")
_FRONT = "#c2410c"


def tradeoff(
    ranked: pd.DataFrame, pareto: pd.DataFrame, published: pd.DataFrame
) -> tuple[go.Figure, str]:
    """Return conductivity against relative density, and what is shown in words.

    Parameters
    ----------
    ranked, pareto : DataFrame
        Recipes with predictions and intervals.
    published : DataFrame
        Measured samples of the family (`published_samples`).

    Returns
    -------
    figure : Figure
    caption : str
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_trace(
        go.Scatter(
            x=published[_X], y=published[_Y], mode="markers", name="published",
            marker={"color": MUTED, "size": 5, "opacity": 0.6},
            text=published["label"], hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    rest = pareto[~pareto.index.isin(ranked.index)]
    figure.add_trace(_points(rest, "Pareto front", _FRONT, "diamond", intervals=False))
    figure.add_trace(_points(ranked, "ranked", ACCENT, "circle", intervals=True))
    figure.update_yaxes(type="log", title="conductivity (S/cm)", exponentformat="power", dtick=1)
    figure.update_xaxes(title="relative density (%)")
    caption = (
        f"Conductivity against relative density: {len(ranked)} ranked recipes with their intervals "
        f"(filled: on the Pareto front), {len(rest)} further recipes of the front, and "
        f"{len(published)} published samples of the family for which both were measured (total "
        "conductivity, or as stated where the source does not say which, near room temperature)."
    )
    return styled(figure), caption


def _points(
    table: pd.DataFrame, name: str, color: str, symbol: str, *, intervals: bool
) -> go.Scatter:
    import plotly.graph_objects as go

    on_front = (
        table["pareto"].astype(bool).tolist() if "pareto" in table.columns else [True] * len(table)
    )
    options: dict[str, Any] = {}
    if intervals:
        options = {f"error_{axis}": _error(table, column, color) for axis, column in
                   (("x", _X), ("y", _Y))}  # fmt: skip
    return go.Scatter(
        x=table[_X], y=table[_Y], mode="markers", name=name, text=[_hover(r) for r in
        table.to_dict("records")], hovertemplate="%{text}<extra></extra>",
        marker={"symbol": symbol, "size": 9, "line": {"color": color, "width": 1.5},
                "color": [color if front else "#ffffff" for front in on_front]},
        **options,
    )  # fmt: skip


def _error(table: pd.DataFrame, column: str, color: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": table[f"{column}_upper"] - table[column],
        "arrayminus": table[column] - table[f"{column}_lower"],
        "thickness": 0.8,
        "width": 0,
        "color": _faint(color),
    }


def _faint(color: str) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.25)"


def _hover(record: Any) -> str:
    rank = f"#{record['rank']} " if not is_missing(record.get("rank")) else ""
    return (
        f"{rank}<b>{html.escape(str(record['formula']))}</b><br>"
        f"{scientific(record[_Y])} S/cm ({scientific(record[f'{_Y}_lower'])} to "
        f"{scientific(record[f'{_Y}_upper'])})<br>"
        f"{plain(record[_X])} % dense, P(pure) {plain(record['phase_purity'], 2)}"
    )


def published_samples(literature: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return samples of a family whose conductivity and density were both measured.

    Parameters
    ----------
    literature : DataFrame
        The embedded data set.
    family : str
        Host family.

    Returns
    -------
    DataFrame
        ``conductivity_s_cm``, ``relative_density_pct`` and a ``label`` for hovering.
    """
    import pandas as pd

    mine = literature[[f == family for f in families_of(literature)]]
    temperature = mine["temperature_c"].fillna(25.0)
    mine = mine[temperature.between(15, 40)]
    sigma = mine[_MEASURED[0]].fillna(mine[_MEASURED[1]])
    found = pd.DataFrame({_Y: sigma, _X: mine[_X]})
    found["label"] = [
        f"{html.escape(str(formula))}<br>{scientific(s)} S/cm, {plain(d)} % dense<br>"
        f"{html.escape(str(source or ''))}"
        for formula, s, d, source in zip(
            mine["formula"], sigma, mine[_X], mine["doi"].fillna(mine["title"]), strict=True
        )
    ]
    return found.dropna(subset=[_Y, _X]).reset_index(drop=True)
