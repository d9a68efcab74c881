"""Measure ssbml against matminer and scikit-learn, and how it scales.

Usage: ``python training/benchmarks/run.py [--rows N] [--table N] [--largest N] [--write]``.
Everything is measured in one run (about ten minutes, most of them matminer's); ``--write`` puts the
tables into docs/performance.md and the plot into docs/figures/performance.png.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import matplotlib as mpl
from cores import Cores, cores
from hotspots import hotspots
from machine import described, load
from matplotlib import pyplot as plt
from ratios import Ratio, ratios
from scaling import Run, run
from startup import startup

from ssbml.models import load_model

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10**4, 10**5, 10**6, 10**7)
_BUSY = " Other work kept the cores busy meanwhile."
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio_table(found: list[Ratio]) -> str:
    rows = [
        (
            name, f"{slow.rows:,}", f"{slow.microseconds:,.0f}", f"{fast.microseconds:,.2f}",
            f"**{slow.processor / fast.processor:,.0f}**", f"{slow.wall / fast.wall:,.0f}",
        )
        for name, slow, fast in found
    ]  # fmt: skip
    header = (
        "same rows, same run", "rows", "matminer (+ forests), µs a row", "ssbml, µs a row",
        "ratio", "ratio of elapsed time",
    )  # fmt: skip
    return table(header, rows)


def scaling_table(runs: list[Run]) -> str:
    rows = [
        (
            f"{r.recipes:,}", str(r.workers), f"{r.wall:.1f}", f"{r.processor:.1f}",
            f"{r.processor / r.recipes * 1e6:.2f}", f"{r.memory:,.0f}",
        )
        for r in runs
    ]  # fmt: skip
    header = ("recipes", "threads", "elapsed, s", "processor, s", "µs a recipe", "peak memory, MB")
    return table(header, rows)


def cores_text(found: Cores, repeats: int, busy: bool) -> str:
    one, two = found.one, found.two
    return (
        f"Two threads against one at {found.recipes:,} recipes: **{found.ratio:.2f}** times as "
        f"fast ({one[0]:.2f} s and {two[0]:.2f} s elapsed, {one[1]:.2f} s and {two[1]:.2f} s of "
        f"processor time; best of {repeats} runs in turn). Two processes that share nothing but "
        f"the machine do {found.ceiling:.2f} times as much as one.{_BUSY if busy else ''}"
    )


def plot(runs: list[Run], path: Path) -> None:
    """Draw time and memory against the number of recipes."""
    mpl.use("Agg")
    most = max(r.workers for r in runs)
    shown = [r for r in runs if r.workers == most]
    sizes = [r.recipes for r in shown]
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    left.loglog(sizes, [r.wall for r in shown], "o-", label=f"elapsed, {most} threads")
    left.loglog(sizes, [r.processor for r in shown], "s--", label="processor")
    left.set(xlabel="recipes", ylabel="seconds")
    left.legend(frameon=False)
    right.semilogx(sizes, [r.memory for r in shown], "o-")
    right.axhline(1536, color="grey", linestyle=":")
    right.text(sizes[0], 1536, "1.5 GB", color="grey", va="bottom")
    right.set(xlabel="recipes", ylabel="peak memory, MB", ylim=(0, 1700))
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.3)
    figure.savefig(path, dpi=150)


def measured(rows: int, table_rows: int, largest: int) -> tuple[str, list[Run]]:
    """Return everything as Markdown, and the runs of growing size."""
    model = load_model()
    first = load()
    found, difference = ratios(model, rows, table_rows)
    blocks = [
        ratio_table(found),
        f"Largest difference between the features: {difference:.1e}.",
    ]
    sizes = [n for n in SIZES if n <= largest]
    with tempfile.TemporaryDirectory() as out:
        runs = [run(n, 2, Path(out)) for n in sizes]
        middle = min(10**6, sizes[-1])
        single = run(middle, 1, Path(out))
    blocks.append(scaling_table([*runs, single]))
    blocks += [
        cores_text(cores(n, repeats), repeats, busy=first > 1)
        for n, repeats in {middle: 5, sizes[-1]: 3}.items()
    ]
    starts = startup(model)
    blocks.append(
        table(
            ("start", "elapsed, s", "processor, s"),
            [(name, f"{wall:.3f}", f"{used:.3f}") for name, (wall, used) in starts.items()],
        )
    )
    shares = hotspots(model, min(2 * 10**5, sizes[-1]))
    blocks.append(
        table(
            ("where the time of a screening goes", "share"),
            [(name, f"{s:.0%}") for name, s in sorted(shares.items(), key=lambda x: -x[1])],
        )
    )
    blocks.append(
        f"Machine: {described()}. Processes wanting to run on its cores: {first:.1f} when the "
        f"measurement began, {load():.1f} when it ended."
    )
    return "\n\n".join(blocks), [*runs, single]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=4000, help="rows that matminer sees")
    parser.add_argument(
        "--table", type=int, default=10**5, help="rows of the table of different formulas"
    )
    parser.add_argument("--largest", type=int, default=10**7, help="largest screening")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    text, runs = measured(options.rows, options.table, options.largest)
    print(text)
    if options.write:
        page = ROOT / "docs" / "performance.md"
        before, rest = page.read_text("utf-8").split(BEGIN)
        after = rest.split(END)[1]
        page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")
        plot(runs, ROOT / "docs" / "figures" / "performance.png")


if __name__ == "__main__":
    main()
