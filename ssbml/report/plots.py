"""Plotly figures as parts of a page: one library for all, nothing fetched from a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

HEIGHT_PX = 440
INK = "#1d2733"
ACCENT = "#0b6e99"
MUTED = "#9aa5b1"

_CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage", "resetScale2d"]],
}


def library() -> str:
    """Return the plotting library as JavaScript text."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def part(figure: go.Figure, name: str) -> str:
    """Return a figure as HTML that needs `library` on the same page.

    Parameters
    ----------
    figure : Figure
        The figure.
    name : str
        Identity of its element, letters and hyphens.
    """
    return str(
        figure.to_html(
            full_html=False,
            include_plotlyjs=False,
            div_id=name,
            config=_CONFIG,
            default_width="100%",
            default_height=f"{HEIGHT_PX}px",
        )
    )


def styled(figure: go.Figure, **layout: Any) -> go.Figure:
    """Return a figure in the style of the reports."""
    figure.update_layout(
        template="simple_white",
        font={"family": "system-ui, sans-serif", "size": 13, "color": INK},
        margin={"l": 64, "r": 16, "t": 48, "b": 56},
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        **layout,
    )
    return figure
