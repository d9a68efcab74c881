"""The head of a report: what was looked at, what was dropped and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ssbml.report.content import Figures
from ssbml.report.markup import Element, element, listed, row


def overview(summary: Figures) -> Element:
    """Return the section that says what was looked at, dropped and ruled out."""
    tiles = (
        (summary.size, "combinations"),
        (summary.candidates, "recipes predicted"),
        (summary.feasible, "meet the constraints"),
    )
    return element(
        "section",
        element("h2", "What was looked at"),
        element(
            "div",
            *(
                element("div", element("b", f"{number:,}"), f" {text}", class_="tile")
                for number, text in tiles
            ),
            class_="tiles",
        ),
        _objectives(summary.objectives),
        _dropped(summary.dropped, sum(summary.dropped.values()) > summary.size),
        _constraints(summary),
        listed(line for line in summary.lines()[1:] if not line.startswith("dropped ")),
        id="overview",
    )


def _objectives(objectives: Mapping[str, str]) -> Element | None:
    if not objectives:
        return None
    words = "; ".join(f"{column}: {wish}" for column, wish in objectives.items())
    return element("p", element("b", "Objectives. "), words)


def _dropped(dropped: Mapping[str, int], beyond: bool) -> Element:
    """Return the table of dropped combinations; ``beyond``: they are more than the size says."""
    counted = {reason: n for reason, n in dropped.items() if n}
    if not counted:
        return element("p", "No combination was dropped while the recipes were built.")
    return element(
        "div",
        element("h3", "Dropped before prediction"),
        _table(("Why", "Combinations"), [(r, f"{n:,}") for r, n in counted.items()]),
        element(
            "p", "Those of too many dopants are not among the combinations above.", class_="small"
        )
        if beyond
        else None,
    )


def _constraints(summary: Figures) -> Element | None:
    if not summary.failed:
        return None
    rows = [
        (constraint, f"{n:,}", f"{summary.freed.get(constraint, 0):,}")
        for constraint, n in summary.failed.items()
    ]
    return element(
        "div",
        element("h3", "Ruled out by constraints"),
        _table(("Constraint", "Recipes that miss it", "that miss nothing else"), rows),
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Element:
    body = (
        row([first, *(element("td", cell, class_="number") for cell in rest)])
        for first, *rest in rows
    )
    return element(
        "div",
        element("table", element("thead", row(head, "th")), element("tbody", *body)),
        class_="scroll",
    )
