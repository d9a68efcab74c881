"""Element cost of a composition and which of its elements are critical raw materials.

Prices are those of the elements in the form in which they are traded, from one table with a year
and a primary source for each element: "Prices of chemical elements", Wikipedia, version of
8 September 2020. They are not the prices of battery-grade precursors, and they move: lithium went
from 20 to about 82 USD/kg between January 2017 and December 2022 [Chem. Soc. Rev. 54 (2025) 8925
section 1.4]. Critical raw materials: European Commission COM(2020) 474 (30 materials, the list of
that section) and Regulation (EU) 2024/1252, Annex II (34 materials). An element counts as listed
when it or the mineral that it is won from is: bauxite for Al, baryte for Ba, borate for B,
fluorspar for F, the groups of rare earths and platinum metals.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ssbml.chemistry.formula import parse_formula
from ssbml.practical.mass import molar_mass

PRICE_SOURCE = "https://en.wikipedia.org/wiki/Prices_of_chemical_elements (8 September 2020)"
EU_2020_SOURCE = "COM(2020) 474"
EU_2024_SOURCE = "Regulation (EU) 2024/1252, Annex II"


@dataclass(frozen=True, slots=True)
class Market:
    """Price and criticality of one element.

    Attributes
    ----------
    symbol : str
        Element.
    low_usd_kg, high_usd_kg : float or None
        Price range, USD per kg of element; None when the table has none.
    year : int or None
        Year of the price.
    traded_as : str
        Form and grade of the price.
    price_source : str
        Primary source of the price.
    eu_2020, eu_2024 : str
        Listed raw material that the element belongs to, empty when not listed.
    """

    symbol: str
    low_usd_kg: float | None
    high_usd_kg: float | None
    year: int | None
    traded_as: str
    price_source: str
    eu_2020: str
    eu_2024: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Element cost of a composition.

    Attributes
    ----------
    usd_per_kg : float or None
        Cost of the priced elements in 1 kg of product, middle of the price ranges; None when no
        element has a price.
    low_usd_per_kg, high_usd_per_kg : float or None
        The same with the low and the high prices.
    share_unknown : float
        Mass fraction of the product whose elements have no price.
    unknown : tuple of str
        Those elements.
    dearest : str
        Element that costs most, empty when no element has a price.
    years : tuple of int
        Years of the prices used, ascending.
    critical_2020, critical_2024 : tuple of str
        Elements on the EU lists.
    """

    usd_per_kg: float | None
    low_usd_per_kg: float | None
    high_usd_per_kg: float | None
    share_unknown: float
    unknown: tuple[str, ...]
    dearest: str
    years: tuple[int, ...]
    critical_2020: tuple[str, ...]
    critical_2024: tuple[str, ...]


@lru_cache(maxsize=1)
def market() -> dict[str, Market]:
    """Return price and criticality by element symbol."""
    text = files("ssbml.practical").joinpath("market.csv").read_text(encoding="utf-8")
    return {
        row["symbol"]: Market(
            row["symbol"],
            float(row["low_usd_kg"]) if row["low_usd_kg"] else None,
            float(row["high_usd_kg"]) if row["high_usd_kg"] else None,
            int(row["year"]) if row["year"] else None,
            row["traded_as"],
            row["price_source"],
            row["eu_2020"],
            row["eu_2024"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def element_cost(formula: str) -> Cost:
    """Return what the elements of 1 kg of a product cost, and which are critical.

    Parameters
    ----------
    formula : str
        The product.

    Returns
    -------
    Cost

    Examples
    --------
    >>> element_cost("Li6.4La3Zr1.4Ta0.6O12").dearest
    'Ta'
    """
    composition = parse_formula(formula)
    total = molar_mass(composition)
    low = high = unknown_mass = 0.0
    unknown: list[str] = []
    spent: dict[str, float] = {}
    years: set[int] = set()
    for symbol, amount in composition.items():
        share = molar_mass({symbol: amount}) / total
        entry = market().get(symbol)
        if entry is None or entry.low_usd_kg is None or entry.high_usd_kg is None:
            unknown.append(symbol)
            unknown_mass += share
            continue
        low += share * entry.low_usd_kg
        high += share * entry.high_usd_kg
        spent[symbol] = share * (entry.low_usd_kg + entry.high_usd_kg) / 2
        if entry.year is not None:
            years.add(entry.year)
    return Cost(
        usd_per_kg=sum(spent.values()) if spent else None,
        low_usd_per_kg=low if spent else None,
        high_usd_per_kg=high if spent else None,
        share_unknown=unknown_mass,
        unknown=tuple(unknown),
        dearest=max(spent, key=lambda s: spent[s], default=""),
        years=tuple(sorted(years)),
        critical_2020=tuple(s for s in composition if _listed(s, "eu_2020")),
        critical_2024=tuple(s for s in composition if _listed(s, "eu_2024")),
    )


def _listed(symbol: str, edition: str) -> bool:
    entry = market().get(symbol)
    return bool(entry and getattr(entry, edition))
