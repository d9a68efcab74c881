"""The report of a screening: one HTML file that opens from disk and prints on A4."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.datasets.load import load_dataset
from ssbml.fields import RECIPE_FIELDS
from ssbml.practical.cell import ASSUMPTIONS
from ssbml.practical.cost import EU_2020_SOURCE, EU_2024_SOURCE, PRICE_SOURCE
from ssbml.practical.enrich import enrich
from ssbml.practical.shelf import Shelf
from ssbml.report.batches import batches
from ssbml.report.content import Screening
from ssbml.report.drivers import TOP, drivers, explained
from ssbml.report.heatmap import heatmap
from ssbml.report.markup import Element, element, html, listed
from ssbml.report.overview import overview
from ssbml.report.page import asset, check_report, page, script, write_report
from ssbml.report.plane import plane_of
from ssbml.report.plots import library, part
from ssbml.report.ranking import ranking
from ssbml.report.tradeoff import published_samples, tradeoff
from ssbml.version import __version__

if TYPE_CHECKING:
    import pandas as pd


def write_screening(
    result: Screening,
    path: str | Path,
    *,
    batch_g: float = 10.0,
    literature: pd.DataFrame | None = None,
    shelf: Shelf | None = None,
) -> None:
    """Write the report of a screening.

    Parameters
    ----------
    result : Screening
        Outcome of ``ssbml.screen``.
    path : str or Path
        An ``.html`` file, written beside its place and renamed.
    batch_g : float, default 10
        Mass of product of a batch, g.
    literature : DataFrame, optional
        Published samples; the embedded data set by default.
    shelf : Shelf, optional
        Choice, purity and ignition loss of starting materials.

    Raises
    ------
    TableError
        The file cannot be written.
    WeighingError
        ``batch_g`` is out of range, or the shelf names what no recipe needs.
    """
    path = check_report(path)
    write_report(screening_page(result, batch_g=batch_g, literature=literature, shelf=shelf), path)


def screening_page(
    result: Screening,
    *,
    batch_g: float = 10.0,
    literature: pd.DataFrame | None = None,
    shelf: Shelf | None = None,
) -> str:
    """Return the report of a screening as HTML text; parameters as for `write_screening`."""
    shelf = shelf or Shelf()
    ranked = enrich(result.ranked, result.predictor, batch_g=batch_g, shelf=shelf)
    title = f"Screening of {len(ranked)} recipes, {result.candidates.family}"
    body = [html(_head(result, ranked), overview(result.summary), ranking(ranked))]
    if len(ranked):
        published = literature if literature is not None else load_dataset("literature")
        body.append(_plots(result, ranked, published))
        body += [html(section) for section in _why(result, ranked)]
        body.append(html(batches(ranked, batch_g, shelf)))
    body.append(html(_sources()))
    return page(title, body, [asset("page.js")])


def _head(result: Screening, ranked: pd.DataFrame) -> Element:
    best = f" Best: {ranked['formula'].iloc[0]}." if len(ranked) else ""
    return element(
        "header",
        element("h1", "What to make next"),
        element(
            "p",
            f"{result.candidates.family.capitalize()} electrolytes, "
            f"{result.summary.candidates:,} recipes predicted and ranked with ssbml {__version__}."
            f"{best}",
        ),
    )


def _plots(result: Screening, ranked: pd.DataFrame, literature: pd.DataFrame) -> str:
    best = {str(k): v for k, v in ranked.iloc[0].to_dict().items()}
    family = result.candidates.family
    figures = {"tradeoff": tradeoff(ranked, result.pareto, published_samples(literature, family))}
    plane = plane_of(result.candidates, best)
    missing = ""
    if plane is None:
        said = "No heat map: the space varies no dopant of recipe #1 together with a temperature."
        missing = html(element("p", said, class_="small"))
    else:
        figures["heatmap"] = heatmap(plane, result.candidates, result.predictor, best)
    parts = [
        f"<figure>{part(figure, name)}{html(element('figcaption', caption))}</figure>"
        for name, (figure, caption) in figures.items()
    ]
    return (
        f'<section id="plots"><h2>Trade-offs</h2>{script(library())}'
        f'<div class="plots">{"".join(parts)}</div>{missing}</section>'
    )


def _why(result: Screening, ranked: pd.DataFrame) -> list[Element]:
    top = ranked.head(TOP)
    recipes = top[[c for c in RECIPE_FIELDS if c in top.columns]]
    explanation = explained(recipes, result.predictor)
    return [] if explanation is None else [drivers(top, explanation)]


def _sources() -> Element:
    return element(
        "section",
        element("h2", "Sources and assumptions"),
        listed(
            (
                "Intervals hold for a new sample from a new laboratory. Recipes out of domain are "
                "guesses.",
                "Area-specific resistance: thickness over conductivity, target 3.75 Ω cm² from -10 "
                "to 50 °C [Chem. Soc. Rev. 54 (2025) 8925 section 1.3]; interfaces are not "
                "included. Pellet recipes thinner than 100 µm are predicted anew as tape or film.",
                f"Cell energy at 20 µm: {ASSUMPTIONS}. Theoretical densities Z M / (N_A V) from "
                "published unit cells (OBELiX, CC BY 4.0).",
                f"Element prices: {PRICE_SOURCE}, each with its own year and primary source "
                "(2001 to 2020); not precursor prices. Critical raw materials: "
                f"{EU_2020_SOURCE} and {EU_2024_SOURCE}.",
                "Stability against lithium metal: as stated in Chem. Soc. Rev. 54 (2025) 8925 and "
                "Russ. Chem. Rev. 94 (2025) RCR5171; what they do not state is unknown.",
            )
        ),
        id="sources",
    )
