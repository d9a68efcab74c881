"""Plots of the benchmark suite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.evaluation.peers.layout import main_figures
from ssbml.evaluation.peers.result import SuiteResult
from ssbml.evaluation.peers.scores import OURS

if TYPE_CHECKING:
    import pandas as pd

_OURS_COLOUR = "#0b6e4f"
_OTHER_COLOUR = "#b8bcc2"
_LINE_COLOUR = "#3a3f47"
_DPI = 150
_PANELS = (
    ("papers", "15-35 °C, firing temperature known", "log10 conductivity, firing known: MAE"),
    ("papers", "15-35 °C, garnets, firing temperature known", "garnets, firing known: MAE"),
    ("replicates", "all", "same composition, other papers: MAE"),
    ("families", "all", "family never seen: MAE"),
    ("obelix", "bound convention", "OBELiX test, bound: MAE"),
    ("liverpool", "grouped by paper", "Liverpool, by paper: MAE"),
    ("density", "all", "relative density: MAE, points"),
    ("purity", "all", "phase purity: Brier score"),
    ("doped garnets", "before sintering", "garnets before sintering: accuracy"),
)


def write_plots(result: SuiteResult, folder: str | Path) -> list[Path]:
    """Write the plots of a result as PNG files.

    Parameters
    ----------
    result : SuiteResult
        From `ssbml.evaluation.peers.suite.run_suite`.
    folder : str or Path
        Made if it does not exist.

    Returns
    -------
    list of Path
        ``errors.png``, ``distance.png``, ``purity.png`` and ``coverage.png``; those that the tasks
        of the result allow.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {
        "errors": _errors(result.figures),
        "distance": _distance(result.tables.get("deciles")),
        "purity": _purity(result.tables.get("reliability")),
        "coverage": _coverage(result.tables.get("coverage")),
    }
    paths = []
    for name, figure in drawn.items():
        if figure is not None:
            figure.savefig(folder / f"{name}.png", dpi=_DPI)
            paths.append(folder / f"{name}.png")
    return paths


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _plain(axes: Any) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _errors(figures: pd.DataFrame) -> Any:
    """Bars of the main figure, ours in colour, one panel a task."""
    main = main_figures(figures)
    panels = []
    for task, subset, title in _PANELS:
        rows = main[(main["task"] == task) & (main["subset"] == subset)]
        if len(rows):
            panels.append((title, rows))
    if not panels:
        return None
    lines = (len(panels) + 2) // 3
    figure = _figure(16, 3.4 * lines)
    for i, (title, rows) in enumerate(panels):
        axes = figure.add_subplot(lines, 3, i + 1)
        colours = [_OURS_COLOUR if p == OURS else _OTHER_COLOUR for p in rows["predictor"]]
        bars = axes.barh(rows["predictor"], rows["value"], color=colours)
        axes.bar_label(bars, fmt="%.2f", fontsize=7, padding=2)
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_title(f"{title}\nn = {rows['samples'].iloc[0]}", fontsize=9, loc="left")
        _plain(axes)
    return figure


def _distance(deciles: pd.DataFrame | None) -> Any:
    """Error and coverage by decile of the distance from the data."""
    if deciles is None or deciles.empty:
        return None
    tasks = list(dict.fromkeys(deciles["task"]))
    figure = _figure(9, 3.2 * len(tasks))
    for i, task in enumerate(tasks):
        rows = deciles[deciles["task"] == task]
        error = figure.add_subplot(len(tasks), 2, 2 * i + 1)
        error.plot(rows["decile"], rows["MAE"], "o-", color=_OURS_COLOUR, label=OURS)
        error.plot(
            rows["decile"],
            rows["MAE without processing"],
            "o--",
            color=_OTHER_COLOUR,
            label="without processing",
        )
        error.set_ylim(bottom=0)
        error.set_ylabel(f"{task}: MAE", fontsize=9)
        error.legend(frameon=False, fontsize=8)
        covered = figure.add_subplot(len(tasks), 2, 2 * i + 2)
        for stated, style in (("90%", "o-"), ("50%", "s-")):
            covered.plot(rows["decile"], rows[f"covered {stated}"], style, color=_OURS_COLOUR)
            covered.axhline(float(stated[:-1]) / 100, color=_LINE_COLOUR, lw=0.8, ls=":")
        covered.set_ylim(0, 1.02)
        covered.set_ylabel("share inside the 90 % and 50 % intervals", fontsize=9)
        for axes in (error, covered):
            axes.set_xlabel("decile of the distance from the data", fontsize=9)
            axes.set_xticks(rows["decile"])
            _plain(axes)
    return figure


def _purity(reliability: pd.DataFrame | None) -> Any:
    """Share of pure samples against the probability that was stated."""
    if reliability is None or reliability.empty:
        return None
    figure = _figure(4.5, 4.2)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color=_LINE_COLOUR, lw=0.8, ls=":")
    axes.hlines(
        reliability["pure"],
        reliability["range low"],
        reliability["range high"],
        color=_OTHER_COLOUR,
        label="stated range",
    )
    axes.plot(reliability["stated"], reliability["pure"], "o-", color=_OURS_COLOUR, label=OURS)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="stated probability", ylabel="share that was pure")
    axes.legend(frameon=False, fontsize=8)
    _plain(axes)
    return figure


def _coverage(coverage: pd.DataFrame | None) -> Any:
    """Share inside the intervals by task and family, with its bootstrap interval over papers."""
    if coverage is None or coverage.empty:
        return None
    names = [
        f"{r.task}, {r.subset} (n = {r.samples})"
        for r in coverage[coverage["stated"] == 0.9].itertuples()
    ]
    figure = _figure(6.5, 0.8 + 0.26 * len(names))
    axes = figure.add_subplot()
    for stated, marker in ((0.9, "o"), (0.5, "s")):
        rows = coverage[coverage["stated"] == stated]
        axes.hlines(range(len(rows)), rows["from"], rows["to"], color=_OTHER_COLOUR, lw=2)
        axes.plot(rows["covered"], range(len(rows)), marker, color=_OURS_COLOUR)
        axes.axvline(stated, color=_LINE_COLOUR, lw=0.8, ls=":")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.02), xlabel="share inside the 90 % and 50 % intervals")
    _plain(axes)
    return figure
