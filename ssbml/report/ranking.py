"""The ranked recipes as a table that sorts when a heading is clicked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.fields import FIELDS
from ssbml.report.markup import Element, element, row
from ssbml.report.words import BLANK, UNKNOWN, plain, scientific, varying
from ssbml.wording import label, value_text

if TYPE_CHECKING:
    import pandas as pd


_WORDY = ("notes", "nearest_published")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table.

    Attributes
    ----------
    title : str
        Heading.
    name : str
        Column of the ranked table, by which it sorts.
    show : callable
        Row to text.
    hint : str
        What the column means.
    below : callable
        Row to the small text on a second line.
    """

    title: str
    name: str
    show: Callable[[dict[str, Any]], str]
    hint: str = ""
    below: Callable[[dict[str, Any]], str] = lambda _: ""


def ranking(ranked: pd.DataFrame) -> Element:
    """Return the section with the table of ranked recipes.

    Parameters
    ----------
    ranked : DataFrame
        Ranked recipes with the columns of `ssbml.practical.enrich.enrich`.
    """
    title = element("h2", "Ranked recipes")
    if len(ranked) == 0:
        said = "No recipe meets the constraints; the table above says which rules out how many."
        return element("section", title, element("p", said), id="ranking")
    differing, common = varying(ranked)
    columns = [
        c
        for c in _columns(differing)
        if c.name in ranked.columns and not ranked[c.name].map(is_missing).all()
    ]
    body = (
        row(_cell(column, record) for column in columns)
        for record in ({str(k): v for k, v in r.items()} for r in ranked.to_dict("records"))
    )
    return element(
        "section",
        title,
        element("p", f"All of them: {common}.") if common else None,
        element(
            "p",
            "Click a heading to sort. Ranges are prediction intervals for a new sample from a new "
            "laboratory; recipes of one group cannot be told apart by them. The resistance is that "
            "of the layer alone, without its interfaces.",
            class_="small",
        ),
        element(
            "div",
            element(
                "table",
                element("thead", element("tr", *(_heading(column) for column in columns))),
                element("tbody", *body),
                class_="sortable",
            ),
            class_="scroll",
            tabindex="0",
        ),
        id="ranking",
    )


def _heading(column: Column) -> Element:
    button = element("button", column.title, type="button", title=column.hint or None)
    return element("th", button, scope="col", class_=_kind(column, numeric=False))


def _cell(column: Column, record: dict[str, Any]) -> Element:
    value = record.get(column.name)
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    key = "" if is_missing(value) else str(value)
    return element(
        "td",
        column.show(record),
        element("small", below) if (below := column.below(record)) else None,
        class_=_kind(column, numeric=numeric),
        data_sort=key,
    )


def _kind(column: Column, *, numeric: bool) -> str | None:
    return "number" if numeric else "notes" if column.name in _WORDY else None


def _columns(differing: list[str]) -> list[Column]:
    return [
        Column("#", "rank", lambda r: str(r["rank"])),
        Column("Composition", "formula", lambda r: str(r["formula"])),
        _span("σ, S/cm", "conductivity_s_cm", scientific),
        _span("Density, %", "relative_density_pct", lambda v: plain(v, 3)),
        _span("P(phase-pure)", "phase_purity", lambda v: plain(v, 2)),
        *(_process(name) for name in differing),
        Column("Group", "group", lambda r: str(r["group"]),
               "recipes the intervals cannot tell apart"),
        Column("In domain", "in_domain", lambda r: "yes" if r["in_domain"] else "no",
               "whether the data support the recipe"),
        Column("Layer, µm", "asr_thickness_um", lambda r: plain(r["asr_thickness_um"]),
               "thickness of the resistance; pellets that state none count as 300 µm"),
        _span("Layer, Ω cm²", "asr_ohm_cm2", lambda v: plain(v, 2),
              "thickness over conductivity at 25 °C, against 3.75 Ω cm²"),
        Column("Layer in domain", "asr_in_domain",
               lambda r: "yes" if r["asr_in_domain"] else "no",
               "whether the data support the recipe in the form of this layer"),
        Column("≤ 3.75 Ω cm²", "asr_meets_target", lambda r: _or(r["asr_meets_target"], BLANK),
               "part of -10 to 50 °C over which the point meets the target"),
        Column("Cell, Wh/kg", "cell_wh_kg", lambda r: plain(r["cell_wh_kg"], 3),
               "Li, 20 µm, NMC811; voltage and collector mass are fitted"),
        Column("Elements, $/kg", "element_cost_usd_kg",
               lambda r: plain(r["element_cost_usd_kg"], 2),
               "cost of the elements in 1 kg of product", below=_unpriced),
        Column("EU-critical 2024", "critical_eu_2024", lambda r: _or(r["critical_eu_2024"], BLANK),
               "Regulation (EU) 2024/1252"),
        Column("Li metal", "lithium_metal", lambda r: _or(r["lithium_metal"], UNKNOWN),
               "as stated in the reviews"),
        Column("Nearest published", "nearest_published",
               lambda r: ": ".join(
                   str(r[n]) for n in ("nearest_published", "nearest_published_got")
                   if not is_missing(r[n])),
               "what is nearest by what the model has learned, and what it got",
               below=lambda r: _or(r["nearest_published_source"], "")),
        Column("Notes", "notes", lambda r: _or(r["notes"], "")),
    ]  # fmt: skip


def _process(name: str) -> Column:
    field = FIELDS[name]
    words = label(name)
    title = words[0].upper() + words[1:]
    if field.kind == "number":
        unit = f", {field.unit}" if field.unit else ""
        return Column(title + unit, name, lambda r: plain(r[name], 4), field.meaning)
    return Column(
        title,
        name,
        lambda r: BLANK if is_missing(r[name]) else value_text(name, r[name]),
        field.meaning,
    )


def _span(title: str, name: str, text: Callable[[Any], str], hint: str = "") -> Column:
    def ends(record: dict[str, Any]) -> str:
        if is_missing(record[name]):
            return ""
        return f"{text(record.get(f'{name}_lower'))} to {text(record.get(f'{name}_upper'))}"

    return Column(title, name, lambda r: text(r[name]), hint, below=ends)


def _or(value: Any, otherwise: str) -> str:
    return otherwise if is_missing(value) else str(value)


def _unpriced(record: dict[str, Any]) -> str:
    share = record.get("element_cost_unknown_share")
    if is_missing(share) or not share:
        return ""
    return f"{100 * float(share):.0f} wt% without a price"
