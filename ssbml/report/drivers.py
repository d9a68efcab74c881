"""Why the best recipes are predicted as they are, and what was published nearby."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssbml.explanation.explainer import Explanation, explain
from ssbml.predictor import Predictor
from ssbml.report.markup import Element, element, listed, row
from ssbml.report.words import BLANK
from ssbml.request import TablePredictor

if TYPE_CHECKING:
    import pandas as pd

TOP = 10
"""Recipes that are explained."""

_PROPERTY = "conductivity_s_cm"
_DRIVERS = 8
_RESOLVER = "https://doi.org/"


def explained(recipes: pd.DataFrame, predictor: TablePredictor) -> Explanation | None:
    """Return drivers and precedents of recipes, or None for a model that is no `Predictor`.

    Parameters
    ----------
    recipes : DataFrame
        Recipe columns only.
    predictor : TablePredictor
        The model.
    """
    return explain(recipes, model=predictor) if isinstance(predictor, Predictor) else None


def drivers(ranked: pd.DataFrame, explanation: Explanation) -> Element:
    """Return the section on drivers and precedents of the best recipes.

    Parameters
    ----------
    ranked : DataFrame
        The explained recipes, best first.
    explanation : Explanation
        Outcome of `explained` for them.
    """
    ranks = [str(rank) for rank in ranked["rank"]]
    return element(
        "section",
        element("h2", f"Why: drivers of the top {len(ranked)}"),
        element(
            "p",
            "What each part of a recipe contributes to the predicted conductivity, from the "
            "average published sample over the host to the recipe; the factors of a column "
            "multiply to the prediction.",
        ),
        _matrix(explanation.drivers, ranks),
        _mechanisms(explanation.drivers),
        element("h3", "Nearest published samples"),
        _precedents(explanation.precedents, ranks),
        id="drivers",
    )


def _matrix(table: pd.DataFrame, ranks: list[str]) -> Element:
    mine = table[table["property"] == _PROPERTY]
    sizes = mine[~mine["kind"].isin(["start", "host"])].groupby("driver")["contribution"]
    largest = sizes.agg(lambda c: float(c.abs().max())).sort_values(ascending=False, kind="stable")
    names = [n for n, size in largest.items() if size > 0][:_DRIVERS]
    start = mine[mine["kind"] == "start"]["driver"].unique().tolist()
    host = mine[mine["kind"] == "host"]["driver"].unique().tolist()
    by_cell = {
        (str(d), int(r)): (float(c), str(e))
        for d, r, c, e in zip(
            mine["driver"], mine["row"], mine["contribution"], mine["effect"], strict=True
        )
    }
    body = [
        row([element("th", str(name), scope="row"), *(_cell(by_cell.get((str(name), i)), name
             in start) for i in range(len(ranks)))])
        for name in [*start, *host, *names]
    ]  # fmt: skip
    head = element("tr", element("th", "Driver"), *(element("th", f"#{r}") for r in ranks))
    return element(
        "div",
        element("table", element("thead", head), element("tbody", *body), class_="matrix"),
        class_="scroll",
        tabindex="0",
    )


def _cell(found: tuple[float, str] | None, neutral: bool) -> Element:
    if found is None:
        return element("td", BLANK, class_="number")
    change, effect = found
    strength = min(abs(change), 1.0) * 0.55
    color = "11,110,153" if change > 0 else "194,65,12"
    style = None if neutral else f"background:rgba({color},{strength:.2f})"
    return element("td", effect, class_="number", style=style)


def _mechanisms(table: pd.DataFrame) -> Element | None:
    mine = table[(table["property"] == _PROPERTY) & (table["mechanism"] != "")]
    told = dict.fromkeys(
        f"{d}: {m} [{s}]"
        for d, m, s in zip(mine["driver"], mine["mechanism"], mine["source"], strict=True)
    )
    return listed(told) if told else None


def _precedents(table: pd.DataFrame, ranks: list[str]) -> Element:
    """Return the nearest published sample of each recipe, recipes with the same one together."""
    nearest = table.drop_duplicates("row")
    body = []
    for _, group in nearest.groupby(nearest["sample_id"].fillna(""), sort=False):
        record = group.iloc[0].to_dict()
        source: str | Element = str(record["title"] or BLANK)
        link = f"{_RESOLVER}{record['doi']}" if record["doi"] else str(record["url"])
        if link.startswith(("https://", "http://")):
            source = element("a", str(record["doi"]) or source, href=link)
        recipes = ", ".join(f"#{ranks[int(i)]}" for i in group["row"])
        told = (record[name] or BLANK for name in ("formula", "conditions", "results"))
        body.append(row([recipes, *map(str, told), str(record["differences"] or BLANK), source]))
    heads = ("Recipes", "Published sample", "Made by", "What it got",
             "How it differs from the first of them", "Source")  # fmt: skip
    return element(
        "div",
        element("table", element("thead", row(heads, "th")), element("tbody", *body)),
        class_="scroll",
        tabindex="0",
    )
