"""Put a trained model folder into ``models/default`` with a card that holds every measurement.

``python training/release.py FOLDER [--benchmark benchmark.md --plots DIR]``: the card gains the
feature ablation (``training/ablation.csv``), the benchmark suite, its plots (copied to
``docs/figures``) and the looks at the report set.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd

import ssbml
from ssbml.evaluation.card import write_card
from ssbml.evaluation.markdown import markdown_table
from ssbml.evaluation.report import Report
from ssbml.evaluation.report_set import read_looks
from ssbml.predictor import Predictor

HERE = Path(__file__).parent
TRIED = HERE / "tried.md"
FIGURES = HERE.parent / "docs" / "figures"
PLOTS = {
    "errors": "Errors of ssbml and of its peers",
    "distance": "Error and coverage by distance from the data",
    "coverage": "Share of samples inside the intervals, with its interval over papers",
    "purity": "Share that was pure by stated probability",
}
"""Plots of ``ssbml evaluate --against peers`` that the card shows."""


def main() -> None:
    """Write the card and save the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--benchmark", type=Path, help="Markdown written by ssbml evaluate")
    parser.add_argument("--plots", type=Path, help="folder of plots written by ssbml evaluate")
    chosen = parser.parse_args()
    predictor = Predictor.load(chosen.folder)
    manifest = predictor.manifest
    sections = {"Choices": TRIED.read_text("utf-8").strip()}
    ablation = HERE / "ablation.csv"
    if ablation.is_file():
        sections["What each group of features is worth"] = (
            "Development papers only, five folds of whole papers, mean absolute error in "
            "log10 S/cm with and without the group, and a paired bootstrap over papers. Groups "
            "overlap, and others can stand in for what is left out.\n\n"
            + markdown_table(pd.read_csv(ablation))
        )
    if chosen.benchmark is not None:
        text = _nested_headings(chosen.benchmark.read_text("utf-8"))
        sections["Benchmark suite"] = f"{_shown(chosen.plots)}{text}"
    log = HERE / "report_looks.csv"
    if log.is_file():
        sections["Looks at the report set"] = markdown_table(read_looks(log))
    card = write_card(
        ssbml.load_dataset(manifest["data"]["name"]),
        predictor,
        manifest,
        _report(manifest["metrics"]),
        _report(manifest["metrics_embedded"]),
        sections,
    )
    replace(predictor, card=card).save(HERE.parent / "models" / "default")


def _report(metrics: dict[str, list[dict[str, object]]] | None) -> Report | None:
    return None if metrics is None else Report(**{k: pd.DataFrame(v) for k, v in metrics.items()})


def _shown(folder: Path | None) -> str:
    """Copy the plots to the documentation and return the lines that show them."""
    if folder is None:
        return ""
    for name in PLOTS:
        shutil.copyfile(folder / f"{name}.png", FIGURES / f"benchmark_{name}.png")
    links = (
        f"![{words}](../../docs/figures/benchmark_{name}.png)" for name, words in PLOTS.items()
    )
    return "\n\n".join(links) + "\n\n"


def _nested_headings(text: str) -> str:
    lines = (f"##{line}" if line.startswith("#") else line for line in text.splitlines())
    return "\n".join(lines)


if __name__ == "__main__":
    main()
