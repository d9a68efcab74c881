"""What the benchmark suite found, as tables, Markdown and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.evaluation.markdown import markdown_table
from ssbml.evaluation.peers.layout import (
    difference_matrix,
    main_figures,
    subset_tables,
    value_matrix,
)
from ssbml.evaluation.peers.papers import REPORT_SET
from ssbml.evaluation.peers.scores import OURS
from ssbml.tables.write import check_destination, replaced, write_table

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".json", ".csv", ".md")
"""File types that a result can be written to."""

_NOTES = {
    "coverage": "Share of samples inside intervals of the stated coverage, 90 % bootstrap interval "
    "over papers, and the width of one interval for all recipes that would hold as many.",
    "deciles": "Error and coverage by distance from the data (1 is the edge of the domain).",
    "reliability": "Phase purity by stated probability.",
    "noise": "Spread between papers on the same composition: the floor for composition alone.",
    "published": "Published figures of systems that were not run here.",
    "resources": "Time and memory.",
    "skipped": "Tasks that were left out.",
}


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """Tables of the benchmark suite.

    Attributes
    ----------
    about : mapping of str to object
        Version, data, settings and rows of the run.
    figures : DataFrame
        Tidy figures, see `ssbml.evaluation.peers.figures.COLUMNS`.
    tables : mapping of str to DataFrame
        Coverage, deciles, reliability, noise, published, resources, skipped; those that the chosen
        tasks have.
    """

    about: Mapping[str, Any]
    figures: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    def titled(self) -> dict[str, pd.DataFrame]:
        """Return the tables to print by title: one for each subset, then the others."""
        return {**subset_tables(self.figures), **self._others()}

    def _others(self) -> dict[str, pd.DataFrame]:
        return {_NOTES[name]: table for name, table in self.tables.items() if len(table)}

    def report_figures(self) -> dict[str, float]:
        """Return the main figures of our model on the report set; empty when it was not scored."""
        main = main_figures(self.figures)
        seen = main["subset"].str.startswith(REPORT_SET) & (main["predictor"] == OURS)
        rows = main[seen]
        parts = zip(rows["task"], rows["subset"], rows["metric"], rows["value"], strict=True)
        out = {}
        for task, subset, metric, value in parts:
            rest = str(subset).removeprefix(REPORT_SET).lstrip(", ") or "all"
            out[f"{task}, {rest}, {metric}"] = float(value)
        return out

    def to_markdown(self) -> str:
        """Return every table as Markdown for a model card."""
        about = "; ".join(f"{name}: {value}" for name, value in self.about.items())
        parts = [f"Run with {about}."]
        for task in dict.fromkeys(self.figures["task"]):
            parts += [
                f"### Task {task}",
                markdown_table(value_matrix(self.figures, task)),
                "ssbml minus each predictor, with the 95 % interval of a paired bootstrap over "
                "papers and the share of draws in which ssbml is better:",
                markdown_table(difference_matrix(self.figures, task)),
            ]
        for title, table in self._others().items():
            parts += [f"### {title}", markdown_table(table)]
        return "\n\n".join(parts) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain lists and numbers, None for blanks."""
        tables = {"figures": self.figures, **self.tables}
        return {
            "about": dict(self.about),
            **{name: json.loads(table.to_json(orient="records")) for name, table in tables.items()},
        }

    def write(self, path: str | Path) -> None:
        """Write the result: everything as JSON, the figures as CSV, or the tables as Markdown.

        Raises
        ------
        TableError
            The file cannot be written.
        """
        path = check_output(path)
        if path.suffix.lower() == ".csv":
            write_table(self.figures, path)
            return
        text = (
            json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n"
            if path.suffix.lower() == ".json"
            else self.to_markdown()
        )
        with replaced(path) as temporary:
            temporary.write_text(text, "utf-8")


def check_output(path: str | Path) -> Path:
    """Return the path if a result can be written there.

    Raises
    ------
    TableError
        Unknown file type, a directory, or a folder that does not exist.
    """
    return check_destination(path, SUFFIXES, "results are written as")
