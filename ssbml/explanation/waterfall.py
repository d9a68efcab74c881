"""Waterfall plots: from the average published sample to the prediction, driver by driver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.explanation.figures import BLUE, GREY, RED, check_figure, save_html, save_image
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.table import START

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10
_MARGIN = 0.25
_FIRST, _LAST = "average published sample", "prediction"


@dataclass(frozen=True, slots=True)
class _Steps:
    """Bars of one waterfall."""

    output: Output
    labels: list[str]
    changes: FloatArray
    texts: list[str]
    start: float


def draw_waterfall(
    drivers: pd.DataFrame,
    path: str | Path,
    row: int = 0,
    column: str = "conductivity_s_cm",
    title: str = "",
) -> None:
    """Draw what drives one prediction.

    Parameters
    ----------
    drivers : DataFrame
        Table of drivers (`ssbml.explain`).
    path : str or Path
        Ends in ``.html``, ``.png``, ``.svg`` or ``.pdf``.
    row : int, default 0
        0-based number of the recipe.
    column : str, default "conductivity_s_cm"
        Property.
    title : str, default ""
        Written above.

    Raises
    ------
    TableError
        The file cannot be written.
    """
    path = check_figure(path)
    steps = _steps(drivers[(drivers["row"] == row) & (drivers["property"] == column)], column)
    (_html if path.suffix.lower() == ".html" else _image)(steps, path, title)


def _steps(rows: pd.DataFrame, column: str) -> _Steps:
    output = OUTPUTS[column]
    start = float(rows.loc[rows["kind"] == START, "contribution"].iloc[0])
    rest = rows[rows["kind"] != START]
    shown, others = rest.iloc[: _SHOWN + 1], rest.iloc[_SHOWN + 1 :]
    labels = [
        f"{name} {value}" if kind in ("field", "known") else str(name)
        for name, value, kind in zip(shown["driver"], shown["value"], shown["kind"], strict=True)
    ]
    changes = shown["contribution"].tolist()
    if len(others):
        labels.append(f"{len(others)} others")
        changes.append(float(others["contribution"].sum()))
    return _Steps(output, labels, np.array(changes), [output.effect(c) for c in changes], start)


def _levels(steps: _Steps) -> FloatArray:
    """Return where each bar starts, and where the last one ends."""
    return np.asarray(steps.start + np.concatenate([[0.0], np.cumsum(steps.changes)]), dtype=float)


def _colours(steps: _Steps) -> list[str]:
    return [BLUE if change >= 0 else RED for change in steps.changes]


def _axis_title(output: Output) -> str:
    return f"{output.word} ({output.unit})"


def _html(steps: _Steps, path: Path, title: str) -> None:
    import plotly.graph_objects as go

    levels = _levels(steps)
    margin = _MARGIN * max(float(np.ptp(levels)), 1e-3)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=steps.labels,
            x=steps.changes,
            base=levels[:-1],
            text=steps.texts,
            textposition="outside",
            marker={"color": _colours(steps)},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=levels[[0, -1]],
            y=[_FIRST, _LAST],
            text=[steps.output.text(float(v)) for v in levels[[0, -1]]],
            textposition="middle right",
            mode="markers+text",
            marker={"color": GREY, "size": 10},
        )
    )
    figure.update_layout(
        title=title,
        template="plotly_white",
        height=160 + 34 * (len(steps.labels) + 2),
        xaxis={
            "title": _axis_title(steps.output),
            "range": [float(levels.min()) - margin, float(levels.max()) + margin],
        },
        yaxis={
            "autorange": "reversed",
            "categoryorder": "array",
            "categoryarray": [_FIRST, *steps.labels, _LAST],
        },
        showlegend=False,
    )
    save_html(figure, path)


def _image(steps: _Steps, path: Path, title: str) -> None:
    from matplotlib.figure import Figure

    levels = _levels(steps)
    labels = [_FIRST, *steps.labels, _LAST]
    figure = Figure(figsize=(8.5, 1.2 + 0.36 * len(labels)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh(
        range(1, len(labels) - 1),
        steps.changes,
        left=levels[:-1],
        color=_colours(steps),
        height=0.6,
    )
    margin = _MARGIN * max(float(np.ptp(levels)), 1e-3)
    for i, text in enumerate(steps.texts):
        right = max(levels[i], levels[i + 1])
        axes.text(right + 0.04 * margin, i + 1, f" {text}", va="center", fontsize=8)
    for y, level in ((0, levels[0]), (len(labels) - 1, levels[-1])):
        axes.plot(level, y, "o", color=GREY)
        axes.text(level, y, f"  {steps.output.text(float(level))}", va="center", fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(float(levels.min()) - margin, float(levels.max()) + 1.6 * margin)
    axes.set_xlabel(_axis_title(steps.output))
    axes.set_title(title, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    save_image(figure, path)
