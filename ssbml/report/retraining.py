"""The report of a retraining: one HTML file that opens from disk, or JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssbml.report.markup import Element, element, html, listed, row
from ssbml.report.page import PAGE_SUFFIXES, asset, check_report, page, script, write_report
from ssbml.report.plots import ACCENT, INK, MUTED, library, part, styled
from ssbml.report.words import BLANK, plain, scientific
from ssbml.retraining.findings import PROPERTIES, moved_most, parity
from ssbml.retraining.gate import MAX_LITERATURE_LOSS, MAX_LITERATURE_RISE
from ssbml.retraining.information import teaching_experiments
from ssbml.version import __version__

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from ssbml.retraining.retrain import RetrainResult

RETRAINING_SUFFIXES = (*PAGE_SUFFIXES, ".json")
"""Endings of a report of a retraining."""

_UNITS = {"conductivity": "decades", "density": "ln(porosity)", "purity": "probability"}
_SAID = {
    "none": "nothing",
    "calibration": "intervals only",
    "offset": "an offset of the lab",
    "local": "an offset, and deviations near its recipes",
    "refit": "fitted again with the lab's rows among the published ones",
    "weighted refit": "fitted again with the lab's rows at ten times the weight of published ones",
}


def write_retraining(result: RetrainResult, path: str | Path) -> None:
    """Write the report of a retraining.

    Parameters
    ----------
    result : RetrainResult
        Outcome of ``ssbml.retrain``.
    path : str or Path
        An ``.html`` or ``.json`` file, written beside its place and renamed.

    Raises
    ------
    TableError
        The file cannot be written.
    """
    path = check_report(path, RETRAINING_SUFFIXES)
    if path.suffix.lower() == ".json":
        text = result.version.read_file("report.json").decode("utf-8")
    else:
        text = retraining_page(result)
    write_report(text, path)


def retraining_page(result: RetrainResult) -> str:
    """Return the report of a retraining as HTML text."""
    table = parity(result.lab, result.trials, result.lines)
    body = [
        html(_head(result), _before_after(result), _compared(result), _published(result)),
        _plots(table),
    ]
    body.append(html(_moved(table), _suspicious(result), _teach(result)))
    return page(f"Retraining of {result.version.reference}", body, [asset("page.js")])


def _head(result: RetrainResult) -> Element:
    learned = (f"{key}: {_SAID[m]}" for key, m in result.methods.items())
    return element(
        "header",
        element("h1", f"{result.version.reference}: {result.status}"),
        element("p", result.reason, class_=None if result.promoted else "warning"),
        element(
            "p",
            f"{result.read.summary}. Learned: {'; '.join(learned)}. ssbml {__version__}, base "
            f"{result.version.record['parent']}.",
        ),
        listed(result.read.conversions()) if result.read.changes else None,
    )


def _before_after(result: RetrainResult) -> Element:
    metrics = result.verdict.metrics
    if not metrics:
        return element("section", element("p", "Too few groups to hold out; nothing compared."))
    head = ("property", "values", "groups", "error before", "error after",
            "change, 90 % interval", "falls with probability", "coverage")  # fmt: skip
    lines = [
        row(
            (
                f"{key}, {_UNITS[key]}",
                str(found["values"]),
                str(found["groups"]),
                plain(found["error_before"]),
                plain(found["error_after"]),
                " to ".join(f"{v:+.3f}" for v in found["change_90"]),
                f"{found['falls_with_probability']:.2f}",
                _coverage(found),
            )
        )
        for key, found in metrics.items()
    ]
    return element(
        "section",
        element("h2", "Rows that the learning had not seen"),
        element("p", f"Held out together: {result.lab.holdout_name}.", class_="small"),
        _table(head, lines),
    )


def _compared(result: RetrainResult) -> Element:
    """Return the error of each strategy inside the rows learned from."""
    errors = result.version.record["metrics"]["compared"]
    lines = [
        row((f"{key}, {_UNITS[key]}", _SAID[method], plain(error)))
        for key, found in errors.items()
        for method, error in sorted(found.items(), key=lambda item: item[1])
    ]
    title = element("h2", "Strategies compared")
    if not lines:
        said = "Too few values for a choice: the lab's offset is learned, and nothing else."
        return element("section", title, element("p", said))
    return element(
        "section",
        title,
        element("p", "Among the rows learned from, each predicted without its group; the best of "
                     "each property was taken.", class_="small"),
        _table(("property", "strategy", "error"), lines),
    )  # fmt: skip


def _published(result: RetrainResult) -> Element:
    """Return how published rows fare, whole papers held out."""
    title = element("h2", "Published rows")
    found = result.verdict.literature
    if not found:
        said = "As the base predicts them: what was learned applies under this model alone."
        return element("section", title, element("p", said))
    lines = [
        row(
            (
                f"{key}, {_UNITS[key]}",
                f"{part['values']} ({part['data']})",
                str(part["papers"]),
                plain(part["error_before"]),
                plain(part["error_after"]),
                _coverage(part),
            )
        )
        for key, part in found.items()
    ]
    allowed = (
        f"Fitted again, whole papers held out. Allowed are {100 * MAX_LITERATURE_RISE:.0f} % more "
        f"error and {100 * MAX_LITERATURE_LOSS:.0f} points less coverage."
    )
    if not all(part["rows_of_the_base"] for part in found.values()):
        allowed += (
            " The data that the base was trained on could not be had; it is compared as it is, "
            "having seen these rows."
        )
    head = ("property", "values", "papers", "error before", "error after", "coverage")
    return element("section", title, element("p", allowed, class_="small"), _table(head, lines))


def _coverage(found: dict[str, Any]) -> str:
    if "coverage_after" not in found:
        return "–"
    return f"{100 * found['coverage_before']:.0f} → {100 * found['coverage_after']:.0f} %"


def _plots(table: pd.DataFrame) -> str:
    keys = [key for key in ("conductivity", "density") if (table["property"] == key).any()]
    if not keys:
        return ""
    parts = [
        f"<figure>{part(_parity(table[table['property'] == key], key), f'parity-{key}')}</figure>"
        for key in keys
    ]
    return (
        f"<section><h2>Measured and predicted</h2>{script(library())}"
        f'<div class="plots">{"".join(parts)}</div></section>'
    )


def _parity(table: pd.DataFrame, key: str) -> go.Figure:
    import plotly.graph_objects as go

    target = PROPERTIES[key]
    words = [f"row {line}: {f}" for line, f in zip(table["line"], table["formula"], strict=True)]
    figure = go.Figure()
    for name, colour, symbol in (("before", MUTED, "circle-open"), ("after", ACCENT, "circle")):
        figure.add_scatter(
            x=table["measured"], y=table[name], mode="markers", name=name, text=words,
            marker={"color": colour, "symbol": symbol, "size": 8},
        )  # fmt: skip
    values = table[["measured", "before", "after"]].to_numpy(dtype=float)
    ends = [float(values.min()), float(values.max())]
    axis: dict[str, Any] = {"type": "linear"}
    if key == "conductivity":
        decades = [math.floor(math.log10(ends[0])), math.ceil(math.log10(ends[1]))]
        ends = [10.0**decade for decade in decades]
        axis = {
            "type": "log",
            "exponentformat": "power",
            "dtick": 1,
            "range": decades,
            "ticklabeloverflow": "allow",
        }
    figure.add_scatter(
        x=ends, y=ends, mode="lines", line={"color": INK, "width": 1}, showlegend=False
    )
    return styled(
        figure,
        xaxis={"title": f"measured {key}, {target.unit}", **axis},
        yaxis={"title": f"predicted, {target.unit}", **axis},
    )


def _moved(table: pd.DataFrame) -> Element:
    lines = [
        row((str(r["line"]), r["formula"], r["property"], *(
            scientific(r[c]) if r["property"] == "conductivity" else plain(r[c])
            for c in ("measured", "before", "after"))))
        for r in moved_most(table).to_dict("records")
    ]  # fmt: skip
    return element(
        "section",
        element("h2", "Rows whose prediction moved most"),
        _table(("row", "formula", "property", "measured", "before", "after"), lines),
    )


def _suspicious(result: RetrainResult) -> Element:
    found = [f"row {line}: {why}" for line, why in result.suspicious.items()]
    return element(
        "section",
        element("h2", "Rows to measure again"),
        listed(found) if found else element("p", "None is suspicious."),
        element("p", "Suspicious rows are left out of the learning while they are few; they count "
                     "in the comparison.", class_="small"),
    )  # fmt: skip


def _teach(result: RetrainResult) -> Element:
    table = teaching_experiments(result.lab)
    if len(table) == 0:
        said = "Every crossing of the lab's compositions and ways of making was measured."
        return element("section", element("h2", "What to measure next"), element("p", said))
    lines = [
        row(plain(v, 6) if isinstance(v, float) else str(v or BLANK) for v in record.values())
        for record in table.to_dict("records")
    ]
    return element(
        "section",
        element("h2", "Experiments that would teach the model most"),
        element("p", "Crossings of the lab's compositions and ways; 'ssbml suggest' looks at a "
                     "whole search space.", class_="small"),
        _table(tuple(str(c) for c in table.columns), lines),
    )  # fmt: skip


def _table(head: tuple[str, ...], lines: list[Element]) -> Element:
    body = element("table", element("thead", row(head, "th")), element("tbody", *lines))
    return element("div", body, class_="scroll")
