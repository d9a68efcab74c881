"""Batch sheets of the best recipes, to print and take to the bench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.errors import WeighingError
from ssbml.practical.batch import Batch
from ssbml.practical.shelf import Shelf
from ssbml.report.markup import Element, element, row
from ssbml.report.words import plain, process_of, scientific
from ssbml.wording import label

if TYPE_CHECKING:
    import pandas as pd

_BASES = {
    "li_precursor": " of the lithium source",
    "mol": " of the lithium",
    "batch_wt": " of all powder by weight",
}

TOP = 10
"""Recipes with a sheet in the report; files hold all."""


def batches(ranked: pd.DataFrame, batch_g: float, shelf: Shelf) -> Element:
    """Return the section of batch sheets.

    Parameters
    ----------
    ranked : DataFrame
        Ranked recipes, best first.
    batch_g : float
        Mass of product, g.
    shelf : Shelf
        Starting materials.
    """
    records = [{str(k): v for k, v in r.items()} for r in ranked.head(TOP).to_dict("records")]
    return element(
        "section",
        element("h2", "Batch sheets"),
        element(
            "p",
            f"Weights for {plain(batch_g)} g of fired product; the excess lithium is taken to "
            "leave. Check the water content of hydrates and the ignition loss of rare-earth "
            "oxides before weighing.",
            class_="small",
        ),
        *(_sheet(record, batch_g, shelf) for record in records),
        id="batches",
    )


def _sheet(record: dict[str, Any], batch_g: float, shelf: Shelf) -> Element:
    return element(
        "article",
        element("h3", f"#{record['rank']}  {record['formula']}"),
        element("p", _expected(record)),
        _weights(record, batch_g, shelf),
        _steps(record),
        element("p", _remarks(record), class_="small") if _remarks(record) else None,
        element(
            "p",
            *(element("span", word, class_="line") for word in ("Batch no.", "Date", "Name")),
            class_="sign",
        ),
        class_="sheet",
    )


def _expected(record: Mapping[str, Any]) -> str:
    def span(name: str, text: Any) -> str:
        low, high = record.get(f"{name}_lower"), record.get(f"{name}_upper")
        return f"{text(record[name])} ({text(low)} to {text(high)})"

    return (
        f"Predicted: {span('conductivity_s_cm', scientific)} S/cm, "
        f"{span('relative_density_pct', plain)} % dense, phase-pure with probability "
        f"{plain(record['phase_purity'], 2)}."
    )


def _weights(record: Mapping[str, Any], batch_g: float, shelf: Shelf) -> Element:
    try:
        batch = shelf.batch(record, batch_g)
    except WeighingError as error:
        return element("p", f"No weights: {error}.", class_="warning")
    body = [
        row(
            [
                line.precursor + (" (after calcination)" if line.role != "precursor" else ""),
                element("td", f"{line.weigh_g:.4f}", class_="number"),
                element("td", f"{line.excess_g:.4f}" if line.excess_g else "", class_="number"),
                element("td", class_="blank"),
            ]
        )
        for line in batch.lines
    ]
    body.append(
        row(
            [
                element("th", "Total before calcination", scope="row"),
                element("td", f"{batch.total_g:.4f}", class_="number"),
                element("td"),
                element("td", class_="blank"),
            ]
        )
    )
    head = row(("Starting material", "Weigh (g)", "of which Li excess (g)", "Weighed (g)"), "th")
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *body)),
        element("p", _assumed(batch), class_="small"),
    )


def _assumed(batch: Batch) -> str:
    excess = (
        f"Li excess {plain(batch.li_excess_pct)} %{_BASES.get(batch.li_excess_basis, '')}. "
        if batch.li_excess_pct
        else "No Li excess. "
    )
    notes = "".join(f"{note[:1].upper()}{note[1:]}. " for note in batch.notes)
    return f"{excess}{notes}Added up again: off by {100 * batch.worst_deviation:.4f} %."


def _steps(record: Mapping[str, Any]) -> Element:
    steps = [
        element("li", f"{label(name)}: {value}")
        for name, value in process_of(record).items()
        if name not in ("li_excess_pct", "li_excess_basis", "precursors")
    ]
    return element("ul", *steps, class_="steps")


def _remarks(record: Mapping[str, Any]) -> str:
    parts = []
    if not is_missing(record.get("crucible")) and record["crucible"] == "Al2O3":
        parts.append("An alumina crucible gives aluminium to garnets.")
    if not is_missing(record.get("notes")) and record["notes"]:
        parts.append(f"{record['notes']}.")
    if not is_missing(record.get("asr_notes")) and record["asr_notes"]:
        parts.append(f"Resistance: {record['asr_notes']}.")
    if not is_missing(record.get("lithium_metal_reason")):
        parts.append(f"Lithium metal: {record['lithium_metal_reason']}.")
    return " ".join(parts)
