"""Plots of sweeps: curves with intervals over one field, maps over two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import element_index
from ssbml.errors import VaryError
from ssbml.explanation.axes import Axis
from ssbml.explanation.figures import BLUE, GREY, PALE, RED, check_figure, save_html, save_image
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.targets import CONDUCTIVITY

if TYPE_CHECKING:
    import pandas as pd

MAX_CURVES = 6
"""Recipes drawn into one plot."""

_COLOURS = (BLUE, RED, "#3a7d44", "#8f5d9b", "#c58b1b", GREY)
_UNITS = {CONDUCTIVITY.name: "S/cm", "relative_density_pct": "%", "phase_purity": "probability"}


def draw_sweep(table: pd.DataFrame, path: str | Path) -> None:
    """Draw a sweep.

    Parameters
    ----------
    table : DataFrame
        From `ssbml.explanation.sweep`.
    path : str or Path
        Ends in ``.html``, ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    VaryError
        Too many recipes for one plot: `MAX_CURVES` over one field, one over two fields.
    TableError
        The file cannot be written.
    """
    path = check_figure(path)
    names: list[str] = table.attrs["axes"]
    recipes = [part for _, part in table.groupby("recipe", sort=False)]
    most = MAX_CURVES if len(names) == 1 else 1
    if len(recipes) > most:
        raise VaryError(
            f"{len(recipes)} recipes over {len(names)} field{'s' * (len(names) > 1)} do not fit "
            f"into one plot, at most {most}; write the table instead"
        )
    html = path.suffix.lower() == ".html"
    if len(names) == 1:
        (_curves_html if html else _curves_image)(recipes, names[0], path)
    else:
        (_maps_html if html else _maps_image)(recipes[0], names, path)


def _title(output: Output) -> str:
    return f"{output.word} ({_UNITS[output.column]})"


def _axis_title(name: str) -> str:
    return Axis(name, ()).title


def _label(part: pd.DataFrame, names: list[str]) -> str:
    if any(name in element_index() for name in names):
        return f"recipe {part['recipe'].iloc[0]}"
    return str(part["formula"].iloc[0])


def _curves_html(recipes: list[pd.DataFrame], name: str, path: Path) -> None:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure = make_subplots(rows=len(OUTPUTS), cols=1, shared_xaxes=True, vertical_spacing=0.04)
    for colour, part in zip(_COLOURS, recipes, strict=False):
        for row, (column, output) in enumerate(OUTPUTS.items(), start=1):
            x, label = part[name], _label(part, [name])
            shared: dict[str, Any] = {"legendgroup": label, "line": {"width": 0}}
            edge = {**shared, "mode": "lines", "showlegend": False, "hoverinfo": "skip"}
            figure.add_trace(go.Scatter(x=x, y=part[f"{column}_upper"], **edge), row, 1)
            figure.add_trace(
                go.Scatter(
                    x=x,
                    y=part[f"{column}_lower"],
                    fill="tonexty",
                    fillcolor=_faint(colour),
                    **edge,
                ),
                row,
                1,
            )
            figure.add_trace(
                go.Scatter(
                    x=x,
                    y=part[column],
                    mode="lines",
                    line={"color": colour},
                    name=label,
                    legendgroup=label,
                    showlegend=row == 1,
                ),
                row,
                1,
            )
            outside = part[~part["in_domain"].astype(bool)]
            if len(outside):
                figure.add_trace(
                    go.Scatter(
                        x=outside[name],
                        y=outside[column],
                        mode="markers",
                        marker={"symbol": "x", "color": colour},
                        name="outside the domain",
                        showlegend=row == 1,
                    ),
                    row,
                    1,
                )
            figure.update_yaxes(
                title_text=_title(output), type="log" if output.logarithmic else "linear", row=row
            )
    figure.update_xaxes(title_text=_axis_title(name), row=len(OUTPUTS))
    figure.update_layout(template="plotly_white", height=900)
    save_html(figure, path)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"


def _curves_image(recipes: list[pd.DataFrame], name: str, path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 8.5), layout="constrained")
    panels = figure.subplots(len(OUTPUTS), 1, sharex=True)
    for axes, (column, output) in zip(panels, OUTPUTS.items(), strict=True):
        for colour, part in zip(_COLOURS, recipes, strict=False):
            x = part[name]
            axes.fill_between(
                x, part[f"{column}_lower"], part[f"{column}_upper"], color=colour, alpha=0.15, lw=0
            )
            axes.plot(x, part[column], color=colour, label=_label(part, [name]))
            outside = part[~part["in_domain"].astype(bool)]
            axes.plot(outside[name], outside[column], "x", color=colour, ms=4)
        axes.set_ylabel(_title(output))
        if output.logarithmic:
            axes.set_yscale("log")
    panels[0].legend(fontsize=8, frameon=False)
    panels[-1].set_xlabel(f"{_axis_title(name)}; crosses: outside the domain")
    save_image(figure, path)


def _grid(part: pd.DataFrame, names: list[str], column: str) -> pd.DataFrame:
    return part.pivot_table(index=names[1], columns=names[0], values=column, aggfunc="first")


def _maps_html(part: pd.DataFrame, names: list[str], path: Path) -> None:
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    titles = [o.word + (" (log10 S/cm)" if o.logarithmic else "") for o in OUTPUTS.values()]
    figure = make_subplots(rows=len(OUTPUTS), cols=1, subplot_titles=titles, vertical_spacing=0.08)
    for row, (column, output) in enumerate(OUTPUTS.items(), start=1):
        grid = _grid(part, names, column)
        outside = ~_grid(part, names, "in_domain").to_numpy(dtype=bool)
        bar = {"len": 0.27, "y": 1.0 - (row - 0.5) / len(OUTPUTS)}
        figure.add_trace(
            go.Heatmap(
                x=grid.columns,
                y=grid.index,
                z=output.added(grid.to_numpy()),
                text=np.where(outside, "×", ""),
                texttemplate="%{text}",
                colorscale="Viridis",
                colorbar=bar,
            ),
            row,
            1,
        )
        figure.update_yaxes(title_text=_axis_title(names[1]), row=row)
    figure.update_xaxes(title_text=_axis_title(names[0]), row=len(OUTPUTS))
    figure.update_layout(
        template="plotly_white", height=1100, title=f"{_label(part, names)}; ×: outside the domain"
    )
    save_html(figure, path)


def _maps_image(part: pd.DataFrame, names: list[str], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 10), layout="constrained")
    panels = figure.subplots(len(OUTPUTS), 1, sharex=True)
    for axes, (column, output) in zip(panels, OUTPUTS.items(), strict=True):
        grid = _grid(part, names, column)
        mesh = axes.pcolormesh(grid.columns, grid.index, output.added(grid.to_numpy()))
        unit = "log10 S/cm" if output.logarithmic else _UNITS[column]
        figure.colorbar(mesh, ax=axes, label=f"{output.word} ({unit})")
        inside = _grid(part, names, "in_domain").to_numpy(dtype=float)
        if inside.min() < inside.max():
            axes.contour(grid.columns, grid.index, inside, levels=[0.5], colors=PALE)
        axes.set_ylabel(_axis_title(names[1]))
    panels[0].set_title(_label(part, names), fontsize=9)
    panels[-1].set_xlabel(f"{_axis_title(names[0])}; line: edge of the domain")
    save_image(figure, path)
