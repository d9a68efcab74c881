"""Files that figures are written to: HTML by plotly, images by matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.tables.write import check_destination, replaced

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from plotly.graph_objects import Figure as PlotlyFigure

IMAGES = (".png", ".svg", ".pdf")
"""File types drawn by matplotlib."""

SUFFIXES = (".html", *IMAGES)
"""File types of figures."""

BLUE, RED, GREY, PALE = "#2a6f97", "#b5403a", "#6c757d", "#a9d6e5"
"""Colours that every figure uses."""

_DPI = 160


def check_figure(path: str | Path) -> Path:
    """Return the path if a figure can be written there.

    Raises
    ------
    TableError
        Another file type, a directory, or a folder that does not exist.
    """
    return check_destination(path, SUFFIXES, "figures end in")


def save_html(figure: PlotlyFigure, path: Path) -> None:
    """Write a plotly figure as one HTML file that needs no network."""
    with replaced(path) as temporary:
        figure.write_html(temporary, include_plotlyjs=True, full_html=True)


def save_image(figure: Figure, path: Path) -> None:
    """Write a matplotlib figure in the format that the suffix names."""
    with replaced(path) as temporary:
        figure.savefig(temporary, format=path.suffix.lower().removeprefix("."), dpi=_DPI)
