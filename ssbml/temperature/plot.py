"""An Arrhenius plot: predicted line with band, published points, needed conductivity."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ssbml.explanation.figures import BLUE, GREY, PALE, RED
from ssbml.temperature.curve import Curve
from ssbml.temperature.points import inverse_kelvin

if TYPE_CHECKING:
    import pandas as pd

_SYMBOLS = {"total": "circle", "bulk": "diamond", "unspecified": "circle-open"}


def arrhenius_figure(curve: Curve, points: pd.DataFrame | None = None) -> Any:
    """Return an Arrhenius plot, log10 of the conductivity over 1000 / T.

    Parameters
    ----------
    curve : Curve
        From `ssbml.temperature.arrhenius`.
    points : DataFrame, optional
        From `ssbml.temperature.points.published_points`.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    import plotly.graph_objects as go

    table = curve.table.sort_values("temperature_c")
    x = inverse_kelvin(table["temperature_c"].to_numpy(dtype=float))
    figure = go.Figure()
    band = [*table["conductivity_s_cm_upper"], *table["conductivity_s_cm_lower"][::-1]]
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=band,
        fill="toself",
        fillcolor=PALE,
        opacity=0.6,
        line={"width": 0},
        hoverinfo="skip",
        name=f"{curve.coverage:.0%} interval",
    )
    figure.add_scatter(
        x=x,
        y=table["conductivity_s_cm"],
        mode="lines",
        line={"color": BLUE},
        customdata=table["temperature_c"],
        hovertemplate="%{customdata:g} °C: %{y:.2e} S/cm",
        name=_line_name(curve),
    )
    if points is not None:
        _add_points(figure, points)
    if curve.window is not None:
        figure.add_scatter(
            x=[x[0], x[-1]],
            y=[curve.window.needed_s_cm] * 2,
            mode="lines",
            line={"dash": "dash", "color": RED},
            name=f"needed at {curve.window.thickness_um:g} µm",
        )
    _add_range(figure, curve)
    energy, low, high = curve.activation_energy_ev
    figure.update_layout(
        template="plotly_white",
        title=f"{escape(curve.formula)}: {energy:.2f} eV ({low:.2f} to {high:.2f}), ln(σT)"
        f"<br><sup>{escape(_forms(curve, points))}</sup>",
        xaxis_title="1000 / T (1/K)",
        yaxis={"type": "log", "title": "conductivity (S/cm)", "exponentformat": "power"},
        legend={"orientation": "h", "yanchor": "top", "y": -0.12, "x": 0},
    )
    return figure


def _line_name(curve: Curve) -> str:
    """Say in which form the line is predicted; a thickness can make it another than asked for."""
    layer = f" of {curve.window.thickness_um:g} µm" if curve.window is not None else ""
    return f"predicted, {curve.table['form'].iloc[0]}{layer}"


def _forms(curve: Curve, points: pd.DataFrame | None) -> str:
    """Say what the line and the points are measured on."""
    line = f"line: {_line_name(curve)}"
    if points is None or points.empty:
        return line
    forms = points["form"].where(points["form"].notna(), "form not stated").value_counts()
    told = ", ".join(f"{number} {form}" for form, number in forms.items())
    return f"{line}; published points: {told}"


def _add_points(figure: Any, points: pd.DataFrame) -> None:
    for kind, rows in points.groupby("kind", sort=True):
        celsius = rows["temperature_c"].to_numpy(dtype=float)
        texts = [
            f"{escape(str(row.formula))}, {row.temperature_c:g} °C, "
            f"{escape(str(row.form or 'form not stated'))}, {escape(str(row.source))}"
            for row in rows.itertuples()
        ]
        figure.add_scatter(
            x=inverse_kelvin(celsius),
            y=rows["conductivity_s_cm"],
            mode="markers",
            marker={"symbol": _SYMBOLS[str(kind)], "color": GREY, "size": 7},
            text=texts,
            hovertemplate="%{text}: %{y:.2e} S/cm<extra></extra>",
            name=f"published, {kind}",
        )


def _add_range(figure: Any, curve: Curve) -> None:
    """Grey out where a straight line is not meant."""
    import numpy as np

    celsius = curve.table["temperature_c"]
    low, high = curve.valid_c
    for start, end in ((float(celsius.min()), low), (high, float(celsius.max()))):
        if start < end:
            x0, x1 = inverse_kelvin(np.array([end, start]))
            figure.add_vrect(x0=x0, x1=x1, fillcolor=GREY, opacity=0.12, line_width=0)
