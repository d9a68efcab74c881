"""Which host family a composition belongs to, read from its anions and cation ratios."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.amounts import amounts_of
from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.chemistry.hosts import ANIONS, HOSTS

BoolArray = NDArray[np.bool_]

_HALOGENS = ("F", "Cl", "Br", "I")
_CHALCOGENS = ("S", "Se")
_BLOCK = 8192
_MOST_UNPLACED = 0.3
"""Cations per formula unit that no site of the host is known to take, such as Ag in a garnet."""


@lru_cache(maxsize=65536)
def family_of(formula: str) -> str:
    """Return the host family that a formula looks like.

    Parameters
    ----------
    formula : str
        A formula that `ssbml.chemistry.formula.parse_formula` accepts.

    Returns
    -------
    str
        A value of the ``family`` vocabulary; ``other`` when nothing fits.

    Examples
    --------
    >>> family_of("Li6.4La3Zr1.4Ta0.6O12")
    'garnet'
    """
    return str(families_of_amounts(amounts_of([formula]))[0])


def families_of_amounts(compositions: FloatArray) -> NDArray[np.object_]:
    """Return the host family that each composition looks like.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula, columns as in `ssbml.chemistry.elements.element_index`.

    Returns
    -------
    array of str, shape (n,)
        Values of the ``family`` vocabulary; ``other`` where nothing fits.
    """
    out = np.full(len(compositions), "other", dtype=object)
    for start in range(0, len(compositions), _BLOCK):
        out[start : start + _BLOCK] = _families(_Amounts(compositions[start : start + _BLOCK]))
    return out


class _Amounts:
    """Amounts by element symbol, those of absent elements left out."""

    def __init__(self, compositions: FloatArray) -> None:
        self.zero: FloatArray = np.zeros(len(compositions))
        self.none: BoolArray = self.zero > 0
        self._columns = {
            symbol: np.ascontiguousarray(compositions[:, column])
            for symbol, column in element_index().items()
            if compositions[:, column].any()
        }
        self._present = {symbol: column > 0 for symbol, column in self._columns.items()}

    def of(self, symbol: str) -> FloatArray:
        return self._columns.get(symbol, self.zero)

    def has(self, symbol: str) -> BoolArray:
        return self._present.get(symbol, self.none)

    def total(self, symbols: Iterable[str]) -> FloatArray:
        out = self.zero
        for symbol in symbols:
            if symbol in self._columns:
                out = out + self._columns[symbol]
        return out

    def any_of(self, symbols: Iterable[str]) -> BoolArray:
        out = self.none
        for symbol in symbols:
            out = out | self.has(symbol)
        return out

    def total_but(self, symbols: Iterable[str]) -> FloatArray:
        """Return the amount of all elements that are not listed."""
        return self.total(set(self._columns) - set(symbols))

    def other_than(self, symbols: Iterable[str]) -> BoolArray:
        """Return which compositions hold an element that is not listed."""
        return self.any_of(set(self._columns) - set(symbols))


def _families(amounts: _Amounts) -> NDArray[np.object_]:
    anions = amounts.total(ANIONS)
    known = anions > 0
    safe = np.where(known, anions, 1.0)
    share = {a: amounts.of(a) / safe for a in ANIONS}
    halogen = share["F"] + share["Cl"] + share["Br"] + share["I"]
    chalcogen = share["S"] + share["Se"]
    oxygen = share["O"]
    sulfide = known & (chalcogen > 0.5 - oxygen) & (chalcogen > oxygen) & (halogen < 0.5)
    rich = known & ~sulfide & (halogen > 0.3)
    oxide = known & ~sulfide & ~rich
    out = np.full(len(anions), "other", dtype=object)
    for kind, names in (
        (sulfide, _sulfides(amounts, halogen)),
        (rich, _halogen_rich(amounts, oxygen)),
        (oxide, _oxides(amounts, share["N"], safe)),
    ):
        left = kind.copy()
        for family, fits in names:
            out[left & fits] = family
            left &= ~fits
    return out


def _sulfides(amounts: _Amounts, halogen: FloatArray) -> list[tuple[str, BoolArray]]:
    former = amounts.total(("P", "Si", "Ge", "Sn", "Sb", "As"))
    metals = amounts.total_but((*ANIONS, "Li", "H", "Na", "K", "Ag", "B"))
    on_lithium_sites = metals - former <= _MOST_UNPLACED * former
    rich = _argyrodite(amounts, metals) | (_argyrodite(amounts, former) & on_lithium_sites)
    sulfur = amounts.total(_CHALCOGENS) / np.where(former > 0, former, 1.0)
    only_lps = ~amounts.other_than(("Li", "P", "S", "O", "I", "N"))
    return [
        ("other", former == 0),
        ("argyrodite", rich),
        ("sulfide-glass", only_lps & (halogen == 0) & (sulfur < 3.95)),
        ("thio-lisicon", ~amounts.none),
    ]


def _argyrodite(amounts: _Amounts, central: FloatArray) -> BoolArray:
    """Return what is rich in sulfur and lithium for the atoms in its tetrahedra."""
    safe = np.where(central > 0, central, 1.0)
    return _within(amounts.total(_CHALCOGENS) / safe, 3.5, 6.2) & (amounts.of("Li") / safe >= 5)


def _halogen_rich(amounts: _Amounts, oxygen: FloatArray) -> list[tuple[str, BoolArray]]:
    beside = (*ANIONS, "Li", "H", "Na", "K")
    metals = amounts.other_than(beside)
    alkaline = ~amounts.other_than((*beside, "Ba", "Ca", "Mg", "Sr"))
    formers = ~amounts.other_than((*beside, "B", "P"))
    return [
        ("antiperovskite", ~metals & amounts.has("O")),
        ("antiperovskite", alkaline & (oxygen >= 0.4)),
        ("halide", metals & ~formers),
    ]


def _oxides(
    amounts: _Amounts, nitrogen: FloatArray, anions: FloatArray
) -> list[tuple[str, BoolArray]]:
    lipon = amounts.has("P") & (nitrogen > 0)
    lipon &= ~amounts.other_than(("Li", "P", "O", "N", "Si", "H", "B"))
    glass = ~amounts.other_than((*ANIONS, "Li", "B", "Si", "P", "Al", "Ge"))
    return [
        ("lipon", lipon),
        ("garnet", _garnet(amounts, anions)),
        ("nasicon", _nasicon(amounts, anions)),
        ("perovskite", _perovskite(amounts, anions)),
        ("lisicon", _lisicon(amounts, anions)),
        ("oxide-glass", glass & amounts.has("B") & amounts.has("O")),
    ]


def _per_unit(
    amounts: _Amounts, family: str, anions: FloatArray
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Return the total on each site per formula unit, and where next to nothing fits no site."""
    host = HOSTS[family]
    scale = host.anions / anions
    totals = {site.name: scale * amounts.total(site.ions) for site in host.sites}
    placed = {ion for site in host.sites for ion in site.ions}
    return totals, scale * amounts.total_but(placed | set(ANIONS)) <= _MOST_UNPLACED


def _within(values: FloatArray, low: float, high: float) -> BoolArray:
    return (values >= low) & (values <= high)


def _garnet(amounts: _Amounts, anions: FloatArray) -> BoolArray:
    totals, placed = _per_unit(amounts, "garnet", anions)
    enough = amounts.of("Li") / anions * 12 >= 2.4
    return placed & _within(totals["La"], 2.2, 3.6) & _within(totals["Zr"], 1.4, 2.6) & enough


def _nasicon(amounts: _Amounts, anions: FloatArray) -> BoolArray:
    totals, placed = _per_unit(amounts, "nasicon", anions)
    return placed & _within(totals["P"], 2.55, 3.4) & _within(totals["M"], 1.4, 2.6)


def _perovskite(amounts: _Amounts, anions: FloatArray) -> BoolArray:
    totals, placed = _per_unit(amounts, "perovskite", anions)
    large = ("La", "Sr", "Ca", "Ba", "Na", "K", "Nd", "Pr", "Sm", "Gd", "Eu", "Y", "Ag", "Ce")
    sites = _within(totals["A"], 0.2, 1.15) & _within(totals["B"], 0.85, 1.15)
    return placed & amounts.any_of(large) & sites


def _lisicon(amounts: _Amounts, anions: FloatArray) -> BoolArray:
    totals, placed = _per_unit(amounts, "lisicon", anions)
    formers = sum(amounts.has(f).astype(int) for f in ("Si", "Ge", "P", "V", "As"))
    mixed = (formers > 1) | amounts.any_of(("Ge", "Zn", "S"))
    return placed & mixed & _within(totals["M"], 0.85, 1.15) & _within(totals["Li"], 2.3, 4.3)
