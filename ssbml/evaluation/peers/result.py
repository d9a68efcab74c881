"""What the benchmark suite found, as tables, Markdown and files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.errors import TableError
from ssbml.evaluation.markdown import markdown_table
from ssbml.evaluation.peers.figures import MAIN
from ssbml.evaluation.peers.papers import REPORT_SET
from ssbml.evaluation.peers.scores import OURS
from ssbml.tables.write import replaced, write_table

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".json", ".csv", ".md")
"""File types that a result can be written to."""

_NOTES = {
    "coverage": "Share of samples inside intervals of the stated coverage.",
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
        """Return the tables to print by title, one for each task first."""
        tasks = list(dict.fromkeys(self.figures["task"]))
        shown = {f"Task {task}": task_table(self.figures, task) for task in tasks}
        shown.update({_NOTES[name]: table for name, table in self.tables.items() if len(table)})
        return shown

    def report_figures(self) -> dict[str, float]:
        """Return the main figures of our model on the report set; empty when it was not scored."""
        rows = self.figures[
            self.figures["subset"].str.startswith(REPORT_SET) & (self.figures["predictor"] == OURS)
        ]
        main = rows[rows["metric"].isin(MAIN.values())]
        parts = zip(main["task"], main["subset"], main["metric"], main["value"], strict=True)
        out = {}
        for task, subset, metric, value in parts:
            rest = str(subset).removeprefix(REPORT_SET).lstrip(", ") or "all"
            out[f"{task}, {rest}, {metric}"] = float(value)
        return out

    def to_markdown(self) -> str:
        """Return every table as Markdown for a model card."""
        about = "; ".join(f"{name}: {value}" for name, value in self.about.items())
        parts = [
            f"Run with {about}.",
            "`difference` is the first figure of ssbml minus that of the row, with its 95 % "
            "interval from a paired bootstrap over papers, and `p_better` the share of draws in "
            "which ssbml is better.",
        ]
        for title, table in self.titled().items():
            parts.append(f"### {title}\n\n{markdown_table(table)}")
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
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise TableError(f"{path.name}: results are written as {', '.join(SUFFIXES)}")
    if path.is_dir():
        raise TableError(f"{path} is a directory")
    if not path.parent.is_dir():
        raise TableError(f"the folder {path.parent} does not exist")
    return path


def task_table(figures: pd.DataFrame, task: str) -> pd.DataFrame:
    """Return the figures of a task, one row for each subset and predictor.

    Parameters
    ----------
    figures : DataFrame
        Tidy figures.
    task : str
        A value of the column ``task``.

    Returns
    -------
    DataFrame
        ``subset``, ``predictor``, ``samples``, ``papers``, the main figure with ``sd``,
        ``difference``, ``lower``, ``upper``, ``p_better``, then the other figures.
    """
    import pandas as pd

    keys = ["subset", "predictor", "samples", "papers"]
    mine = figures[figures["task"] == task]
    main = mine[mine["metric"].isin(MAIN.values())].drop_duplicates(keys)
    wide = mine.pivot_table(index=keys, columns="metric", values="value", sort=False)
    names = list(dict.fromkeys(mine["metric"]))
    leading = [name for name in names if name in set(main["metric"])]
    table = main[[*keys, "sd", "difference", "lower", "upper", "p_better"]].merge(
        wide.reset_index(), on=keys, how="left"
    )
    others = [name for name in names if name not in leading and name in table]
    ordered = [*keys, *leading, "sd", "difference", "lower", "upper", "p_better", *others]
    return pd.DataFrame(table[ordered]).dropna(axis=1, how="all")
