"""Tables and progress on a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd

_PIPE_WIDTH = 130
_MIN_COLUMN = 7


def print_frame(frame: pd.DataFrame, title: str = "") -> None:
    """Print a DataFrame as a table on stdout, wrapped to the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _PIPE_WIDTH)
    table = Table(title=title or None, box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in frame.columns:
        numeric = frame[name].dtype.kind in "fiu"
        longest = max((len(cell_text(v)) for v in frame[name]), default=0)
        table.add_column(
            str(name),
            justify="right" if numeric else "left",
            overflow="fold",
            min_width=min(longest, _MIN_COLUMN),
        )
    for row in frame.itertuples(index=False):
        table.add_row(*(cell_text(v) for v in row))
    console.print(table)


def cell_text(value: Any) -> str:
    """Return a cell for people: blanks empty, floats to three decimals."""
    if value is None or value != value:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def spans(table: pd.DataFrame, name: str, point: str, ends: str) -> list[str]:
    """Return a predicted column with its interval as text, by formats of point and ends."""
    cells = zip(table[name], table[f"{name}_lower"], table[f"{name}_upper"], strict=True)
    return [f"{v:{point}} ({low:{ends}} to {high:{ends}})" for v, low, high in cells]


def print_json(frame: pd.DataFrame) -> None:
    """Print a DataFrame as a list of objects, null for missing."""
    records = [{str(k): _json_cell(v) for k, v in row.items()} for row in frame.to_dict("records")]
    click.echo(json.dumps(records, ensure_ascii=False, indent=1, allow_nan=False))


def _json_cell(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on stderr; the function that it gives counts one step and shows its text."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(title),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)

        def step(text: str) -> None:
            progress.update(task, advance=1, description=text)

        yield step


@contextmanager
def counter_bar(title: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with rate and time left on stderr; what it gives takes count and total.

    An error before anything was counted takes the bar away.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(title),
        BarColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, rate="")

        def reached(count: int, total: int) -> None:
            text = f"{count:,} of {total:,} {unit}"
            progress.update(task, completed=count, total=total, description=text)
            elapsed = progress.tasks[task].elapsed
            if elapsed:
                progress.update(task, rate=f"{count / elapsed:,.0f} /s")

        try:
            yield reached
        except BaseException:
            if progress.tasks[task].total is None:
                progress.live.transient = True
                progress.live.stop()
                progress.disable = True
            raise
