"""Draw the plots of the data card into docs/figures.

Usage: ``python training/plot_dataset.py [SAMPLES.csv]``; the default is the embedded data set.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from pymatgen.core import Element

from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS
from ssbml.datasets.checks import room_temperature_log_sigma
from ssbml.datasets.coverage import OUTCOMES, PROCESS, coverage, families
from ssbml.datasets.load import load_dataset, read_samples

mpl.use("Agg")

FIGURES = Path(__file__).resolve().parents[1] / "docs" / "figures"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HOST_ELEMENTS = {
    "garnet": {"Li", "La", "Zr"},
    "nasicon": {"Li", "P", "Ti", "Ge"},
    "perovskite": {"Li", "La", "Ti"},
}
MORE_SHOWN = 6
STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e6e6",
    "savefig.dpi": 160,
    "savefig.bbox": "tight",
}


def save(figure: plt.Figure, name: str) -> None:
    figure.savefig(FIGURES / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def plot_coverage(samples: pd.DataFrame) -> None:
    fields = {**OUTCOMES, **PROCESS}
    table = coverage(samples, fields)
    counts = table[list(fields)].to_numpy()
    share = 100 * counts / table[["samples"]].to_numpy()
    figure, axes = plt.subplots(figsize=(11, 5.2))
    image = axes.imshow(share, cmap="YlGnBu", vmin=0, vmax=100, aspect="auto")
    for (row, column), n in np.ndenumerate(counts):
        colour = "white" if share[row, column] > 60 else "#333333"
        axes.text(column, row, n or "·", ha="center", va="center", fontsize=7.5, color=colour)
    axes.set_xticks(range(len(fields)), list(fields), rotation=40, ha="right")
    axes.set_yticks(range(len(table)), [f"{f} ({n})" for f, n in table["samples"].items()])
    axes.axvline(len(OUTCOMES) - 0.5, color="white", linewidth=3)
    axes.axhline(len(table) - 1.5, color="white", linewidth=3)
    axes.text((len(OUTCOMES) - 1) / 2, -0.8, "measured", ha="center", weight="bold")
    centre = len(OUTCOMES) + (len(PROCESS) - 1) / 2
    axes.text(centre, -0.8, "processing", ha="center", weight="bold")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    bar = figure.colorbar(image, ax=axes, pad=0.015, fraction=0.03)
    bar.set_label("share of the family's samples / %")
    bar.outline.set_visible(False)
    save(figure, "coverage")


def plot_density(samples: pd.DataFrame) -> None:
    data = samples.assign(log=room_temperature_log_sigma(samples))
    data = data.dropna(subset=["log", "relative_density_pct"])
    figure, axes = plt.subplots(figsize=(6.4, 4.4))
    shown = [f for f in families(data) if f != "other" and (data["family"] == f).sum() > 2]
    for i, family in enumerate(shown[:MORE_SHOWN]):
        block = data[data["family"] == family]
        _scatter(axes, block["relative_density_pct"], block["log"], i, f"{family} ({len(block)})")
    rest = data[~data["family"].isin(shown[:MORE_SHOWN])]
    if len(rest):
        _scatter(axes, rest["relative_density_pct"], rest["log"], 6, f"all others ({len(rest)})")
    axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(steps=[1, 2, 5, 10]))
    axes.set_xlabel("relative density / %")
    _log_axis(axes)
    axes.set_title(f"{len(data)} samples with both values, near room temperature", loc="left")
    _legend(axes, "family")
    save(figure, "conductivity_density")


def plot_garnet_temperature(samples: pd.DataFrame) -> None:
    data = samples.assign(log=room_temperature_log_sigma(samples))
    data = data[(data["family"] == "garnet") & (data["form"] != "film")]
    data = data.dropna(subset=["log", "sintering_temp_c"])
    method = data["sintering_method"].fillna("not stated")
    figure, axes = plt.subplots(figsize=(6.4, 4.4))
    order = [m for m, _ in Counter(method).most_common()]
    for i, name in enumerate(order[: len(COLOURS)]):
        block = data[method == name]
        label = f"{name.replace('_', ' ')} ({len(block)})"
        _scatter(axes, block["sintering_temp_c"], block["log"], i, label)
    axes.set_xlabel("sintering temperature / °C")
    _log_axis(axes)
    axes.set_title(f"{len(data)} bulk garnets, near room temperature", loc="left")
    _legend(axes, "sintering method")
    save(figure, "garnet_conductivity_temperature")


def plot_dopants(samples: pd.DataFrame) -> None:
    counts: Counter[str] = Counter()
    samples = samples[samples["formula_basis"] != "placeholder"]
    for formula, family in zip(samples["formula"], samples["family"], strict=True):
        if family in HOST_ELEMENTS:
            counts.update(set(parse_formula(formula)) - HOST_ELEMENTS[family] - set(ANIONS))
    figure, axes = plt.subplots(figsize=(10, 5.4))
    norm = mpl.colors.LogNorm(vmin=1, vmax=max(counts.values()))
    colours = mpl.colormaps["YlGnBu"]
    for z in range(1, 104):
        element = Element.from_Z(z)
        lanthanoid = 57 <= z <= 70 or 89 <= z <= 102
        row = element.row + 2.3 if lanthanoid else element.row
        column = (z - 57 if z < 89 else z - 89) + 3 if lanthanoid else element.group
        n = counts.get(element.symbol, 0)
        face = colours(norm(n)) if n else "#f4f4f4"
        axes.add_patch(plt.Rectangle((column - 0.47, -row - 0.47), 0.94, 0.94, facecolor=face))
        dark = n and norm(n) > 0.6
        colour = "white" if dark else "#222222" if n else "#b5b5b5"
        axes.text(column, -row + 0.1, element.symbol, ha="center", va="center", color=colour)
        if n:
            axes.text(column, -row - 0.28, n, ha="center", va="center", color=colour, fontsize=6.5)
    axes.set(xlim=(0.3, 18.7), ylim=(-10, -0.3), aspect="equal")
    axes.axis("off")
    text = (
        "garnets, NASICON types and perovskites: samples with the\n"
        "element beyond the host (Li La Zr; Li P Ti Ge; Li La Ti).\n"
        "Placeholder formulas (dopant without amount) are left out."
    )
    axes.text(3.4, -1.75, text, fontsize=8.5, va="center")
    bar = figure.colorbar(
        mpl.cm.ScalarMappable(norm, colours), ax=axes, fraction=0.025, pad=0.01, shrink=0.7
    )
    bar.set_label("samples")
    bar.outline.set_visible(False)
    save(figure, "dopants")


def _scatter(axes: plt.Axes, x: pd.Series, y: pd.Series, i: int, label: str) -> None:
    axes.scatter(
        x, y, s=26, c=COLOURS[i], marker=MARKERS[i], alpha=0.75, edgecolors="white",
        linewidths=0.5, label=label,
    )  # fmt: skip


def _legend(axes: plt.Axes, title: str) -> None:
    axes.legend(
        frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0), title=title,
        title_fontsize=8.5, alignment="left",
    )  # fmt: skip


def _log_axis(axes: plt.Axes) -> None:
    axes.yaxis.set_major_formatter(lambda value, _: f"$10^{{{value:g}}}$")
    axes.yaxis.set_major_locator(mpl.ticker.MultipleLocator(1))
    axes.set_ylabel("conductivity / S cm$^{-1}$")


def main() -> None:
    samples = read_samples(Path(sys.argv[1])) if len(sys.argv) > 1 else load_dataset()
    FIGURES.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context(STYLE):
        plot_coverage(samples)
        plot_density(samples)
        plot_garnet_temperature(samples)
        plot_dopants(samples)


if __name__ == "__main__":
    main()
