"""Starting materials: which ones are weighed in for a composition."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

from ssbml.chemistry.formula import Composition, FormulaError, parse_formula
from ssbml.errors import WeighingError
from ssbml.vocabulary import closest

HALOGENS = ("F", "Cl", "Br", "I")

_HYDRATE = re.compile(r"^(?P<salt>.+?)\s*[·•*]\s*(?P<n>\d*\.?\d*)\s*H2O$")
_HALIDES = {"F": "fluoride", "Cl": "chloride", "Br": "bromide", "I": "iodide"}
_OXIDE_ORDER = ("oxide", "carbonate", "hydroxide", "ammonium_phosphate")
_PREFERRED: dict[str, str] = {"P": "ammonium_phosphate", "Ca": "carbonate", "Li": "carbonate",
                              "B": "hydroxide"}  # fmt: skip


@lru_cache(maxsize=1)
def precursor_table() -> dict[str, dict[str, str]]:
    """Return the known starting materials: element, kind, formula."""
    text = files("ssbml.practical").joinpath("precursors.csv").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        table.setdefault(row["element"], {})[row["kind"]] = row["formula"]
    return table


@lru_cache(maxsize=4096)
def parse_precursor(text: str) -> Composition:
    """Return the amounts of each element in a starting material.

    Parameters
    ----------
    text : str
        A formula, crystal water after a point: ``La(NO3)3·6H2O``.

    Returns
    -------
    mapping of str to float

    Raises
    ------
    WeighingError
        The text is no formula.

    Examples
    --------
    >>> parse_precursor("LiOH·H2O")["H"]
    3.0
    """
    hydrate = _HYDRATE.match(text.strip())
    formula = f"{hydrate['salt']}(H2O){hydrate['n'] or 1}" if hydrate else text
    try:
        return parse_formula(formula)
    except FormulaError as error:
        raise WeighingError(
            f"the precursor '{text}' is no formula: {error.reason}", "for example La2O3 or LiOH·H2O"
        ) from error


def choose_precursors(
    composition: Composition, choice: Mapping[str, str] | None = None, prefer: str | None = None
) -> tuple[str, ...]:
    """Return one starting material for each element that a gas cannot bring.

    Oxides are made from Li2CO3, oxides, carbonates of Ca, Sr, Ba and the alkali metals, boric acid
    and NH4H2PO4, fluorine and other halogens in them from the lithium halide; sulfides from Li2S,
    the sulfides of the other metals and lithium halides; halides from lithium and metal halides.

    Parameters
    ----------
    composition : mapping of str to float
        Amounts per formula of the product.
    choice : mapping of str to str, optional
        Element to kind (``carbonate``, ``hydroxide``, ``hydroxide_monohydrate``, ``nitrate``,
        ``oxide``, ``ammonium_phosphate``, ...) or to a formula.
    prefer : str, optional
        Kind taken for every element that has one, such as ``nitrate`` for wet routes.

    Returns
    -------
    tuple of str
        Formulas, lithium first.

    Raises
    ------
    WeighingError
        An element has no known starting material, or the choice names one that it does not have.
    """
    choice = dict(choice or {})
    stray = [element for element in choice if element not in composition]
    if stray:
        raise WeighingError(
            f"a precursor is chosen for {', '.join(stray)}, which the formula does not hold"
        )
    if "N" in composition and "N" not in choice:
        raise WeighingError(
            "no precursor of N is known", "the nitrogen of a sputtered film comes from the gas"
        )
    halogens = [h for h in HALOGENS if h in composition]
    oxide, sulfide = "O" in composition, "S" in composition and "O" not in composition
    chosen: list[str] = []
    lithium = "carbonate" if oxide else "sulfide" if sulfide else ""
    if lithium or not halogens or "Li" in choice:
        chosen.append(_source("Li", lithium, choice, prefer if oxide else None))
    chosen += [_source("Li", _HALIDES[h], {}, None) for h in halogens]
    if oxide and "S" in composition:
        chosen.append(_source("S", "sulfate", choice, None))
    anions = {"O", "S", "N", "H", "C", *HALOGENS}
    for element in composition:
        if element in anions or element == "Li":
            continue
        if oxide:
            chosen.append(_source(element, _oxide_kind(element), choice, prefer))
        elif sulfide:
            chosen.append(_source(element, "sulfide", choice, None))
        else:
            main = max(halogens, key=lambda h: composition[h], default="")
            chosen.append(_source(element, _HALIDES.get(main, "oxide"), choice, None))
    return tuple(dict.fromkeys(chosen))


def check_choice(choice: Mapping[str, str]) -> None:
    """Raise WeighingError unless every element has the starting material chosen for it.

    Parameters
    ----------
    choice : mapping of str to str
        As for `choose_precursors`.
    """
    for element in choice:
        _source(element, "", choice, None)


def _oxide_kind(element: str) -> str:
    kinds = precursor_table().get(element, {})
    wanted = _PREFERRED.get(element, "oxide")
    return wanted if wanted in kinds else next((k for k in _OXIDE_ORDER if k in kinds), "oxide")


def _source(element: str, kind: str, choice: Mapping[str, str], prefer: str | None) -> str:
    """Return the starting material of one element as chosen, else as preferred, else usual."""
    kinds = precursor_table().get(element, {})
    wanted = choice.get(element)
    if wanted is not None and wanted not in kinds:
        if wanted in _all_kinds():
            raise WeighingError(
                f"no {wanted} of {element} is known; known are {_listed(kinds)}",
                "write the formula of the precursor instead",
            )
        if wanted.islower():
            like = closest(wanted, kinds) or ""
            raise WeighingError(
                f"'{wanted}' is no kind of precursor of {element}; known are {_listed(kinds)}",
                f"did you mean {like}?" if like else "",
            )
        if element not in parse_precursor(wanted):
            raise WeighingError(f"the precursor {wanted} chosen for {element} does not hold it")
        return wanted
    found = wanted or (prefer if prefer in kinds else kind)
    if found not in kinds:
        raise WeighingError(
            f"no {found or 'starting material'} of {element} is known"
            + (f"; known are {_listed(kinds)}" if kinds else ""),
            f"name one, for example {{'{element}': 'FORMULA'}}",
        )
    return kinds[found]


@lru_cache(maxsize=1)
def _all_kinds() -> frozenset[str]:
    return frozenset(kind for kinds in precursor_table().values() for kind in kinds)


def _listed(kinds: Mapping[str, str]) -> str:
    return ", ".join(f"{kind} ({formula})" for kind, formula in kinds.items()) or "none"


def stated_precursors(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the starting materials that a recipe names, duplicates removed.

    Raises
    ------
    WeighingError
        One of them is no formula.
    """
    for text in texts:
        parse_precursor(text)
    return tuple(dict.fromkeys(text.strip() for text in texts))
