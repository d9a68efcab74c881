"""The heat map: amount of the best recipe's dopant against sintering temperature."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import parse_formula
from ssbml.fields import FIELDS
from ssbml.report.plane import Plane
from ssbml.report.plots import INK, styled
from ssbml.report.words import scientific
from ssbml.tables.validate import validate
from ssbml.wording import label

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from ssbml.report.content import Compositions
    from ssbml.request import TablePredictor


def heatmap(
    plane: Plane, candidates: Compositions, predictor: TablePredictor, best: dict[str, Any]
) -> tuple[go.Figure, str]:
    """Return predicted conductivity on a plane, and what is shown in words.

    Parameters
    ----------
    plane : Plane
        Outcome of `ssbml.report.plane.plane_of`.
    candidates : Compositions
        The recipes of the space.
    predictor : TablePredictor
        What predicts them.
    best : dict
        The best recipe.

    Returns
    -------
    figure : Figure
    caption : str
    """
    import plotly.graph_objects as go

    predicted = predictor.predict_table(
        _recipes(plane, candidates), coverage=DEFAULT_COVERAGE, known=None
    )
    shape = (len(plane.amounts), len(plane.values))
    sigma: FloatArray = predicted["conductivity_s_cm"].to_numpy(dtype=float).reshape(shape)
    inside = predicted["in_domain"].to_numpy(dtype=bool).reshape(shape)
    figure = go.Figure(
        go.Heatmap(
            z=np.log10(sigma),
            x=plane.values,
            y=plane.amounts,
            text=_hover(plane, candidates, sigma, inside),
            colorscale="Viridis",
            hovertemplate="%{text}<extra></extra>",
            colorbar={"title": {"text": "log₁₀ σ"}, "thickness": 14},
        )
    )
    figure.add_trace(_crosses(plane, inside))
    figure.add_trace(_star(plane, best))
    name, unit = label(plane.column), FIELDS[plane.column].unit
    figure.update_xaxes(title=f"{name} ({unit})")
    figure.update_yaxes(title=f"{plane.dopant} per formula unit")
    caption = (
        f"Predicted conductivity of recipe #1 ({best['formula']}) with other amounts of "
        f"{plane.dopant} and another {name}, all else as similar as the space allows"
        f"{'' if inside.all() else '; crosses lie outside what the data support'}."
    )
    return styled(figure), caption


def _hover(
    plane: Plane, candidates: Compositions, sigma: FloatArray, inside: NDArray[np.bool_]
) -> list[list[str]]:
    name, unit = label(plane.column), FIELDS[plane.column].unit
    return [
        [
            f"{html.escape(str(candidates.formulas[composition]))}<br>{name} {value:g} {unit}<br>"
            f"{scientific(sigma[i, j])} S/cm{'' if inside[i, j] else '<br>out of domain'}"
            for j, value in enumerate(plane.values)
        ]
        for i, composition in enumerate(plane.compositions)
    ]


def _crosses(plane: Plane, inside: NDArray[np.bool_]) -> go.Scatter:
    import plotly.graph_objects as go

    rows, columns = np.nonzero(~inside)
    return go.Scatter(
        x=plane.values[columns],
        y=plane.amounts[rows],
        mode="markers",
        marker={"symbol": "x-thin", "size": 7, "line": {"color": "#ffffff", "width": 1}},
        hoverinfo="skip",
        showlegend=False,
    )


def _star(plane: Plane, best: dict[str, Any]) -> go.Scatter:
    import plotly.graph_objects as go

    amount = parse_formula(str(best["formula"])).get(plane.dopant, 0.0)
    return go.Scatter(
        x=[best.get(plane.column)],
        y=[amount],
        mode="markers",
        name="recipe #1",
        showlegend=True,
        hoverinfo="name",
        marker={
            "symbol": "star",
            "size": 14,
            "color": "#ffffff",
            "line": {"color": INK, "width": 1.5},
        },
    )


def _recipes(plane: Plane, candidates: Compositions) -> pd.DataFrame:
    import pandas as pd

    k = len(plane.values)
    table = candidates.processes.iloc[np.tile(plane.processes, len(plane.amounts))].copy()
    table.insert(0, "formula", candidates.formulas[np.repeat(plane.compositions, k)])
    table.insert(1, "family", candidates.family)
    table.index = pd.RangeIndex(len(table))
    return validate(table).table
