"""Which host family a composition belongs to, read from its anions and cation ratios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS, HOSTS, Host

_HALOGENS = ("F", "Cl", "Br", "I")
_CHALCOGENS = ("S", "Se")


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
    amounts = parse_formula(formula)
    anions = sum(amounts.get(a, 0.0) for a in ANIONS)
    if anions == 0:
        return "other"
    share = {a: amounts.get(a, 0.0) / anions for a in ANIONS}
    halogen = sum(share[h] for h in _HALOGENS)
    chalcogen = sum(share[c] for c in _CHALCOGENS)
    if chalcogen > 0.5 - share["O"] and chalcogen > share["O"] and halogen < 0.5:
        return _sulfide(amounts, halogen)
    if halogen > 0.3:
        return _halogen_rich(amounts, share["O"])
    return _oxide(amounts, share["N"])


def _sulfide(amounts: Mapping[str, float], halogen: float) -> str:
    former = sum(amounts.get(m, 0.0) for m in ("P", "Si", "Ge", "Sn", "Sb", "As"))
    sulfur = sum(amounts.get(c, 0.0) for c in _CHALCOGENS)
    lithium = amounts.get("Li", 0.0)
    if former == 0:
        return "other"
    if 3.5 <= sulfur / former <= 6.2 and lithium / former >= 5:
        return "argyrodite"
    only_lps = set(amounts) <= {"Li", "P", "S", "O", "I", "N"}
    if only_lps and halogen == 0 and sulfur / former < 3.95:
        return "sulfide-glass"
    return "thio-lisicon"


def _halogen_rich(amounts: Mapping[str, float], oxygen: float) -> str:
    metals = set(amounts) - {*ANIONS, "Li", "H", "Na", "K"}
    if not metals and "O" in amounts:
        return "antiperovskite"
    if metals <= {"Ba", "Ca", "Mg", "Sr"} and oxygen >= 0.4:
        return "antiperovskite"
    return "halide" if metals and not metals <= {"B", "P"} else "other"


def _oxide(amounts: Mapping[str, float], nitrogen: float) -> str:
    if "P" in amounts and nitrogen > 0 and set(amounts) <= {"Li", "P", "O", "N", "Si", "H", "B"}:
        return "lipon"
    tests: tuple[tuple[str, Callable[[Mapping[str, float]], bool]], ...] = (
        ("garnet", _is_garnet),
        ("nasicon", _is_nasicon),
        ("perovskite", _is_perovskite),
        ("lisicon", _is_lisicon),
    )
    for family, fits in tests:
        if fits(amounts):
            return family
    cations = set(amounts) - {*ANIONS, "Li"}
    glass = {"B", "Si", "P", "Al", "Ge"}
    return "oxide-glass" if cations <= glass and "B" in cations and "O" in amounts else "other"


def _per_unit(amounts: Mapping[str, float], host: Host) -> tuple[dict[str, float], set[str]]:
    """Return the total on each site per formula unit, and the elements that fit no site."""
    anions = sum(amounts.get(a, 0.0) for a in ANIONS)
    scale = host.anions / anions
    totals = {
        site.name: scale * sum(amounts.get(ion, 0.0) for ion in site.ions) for site in host.sites
    }
    placed = {ion for site in host.sites for ion in site.ions}
    return totals, set(amounts) - placed - set(ANIONS)


def _is_garnet(amounts: Mapping[str, float]) -> bool:
    totals, stray = _per_unit(amounts, HOSTS["garnet"])
    lithium = (
        amounts["Li"] / sum(amounts.get(a, 0.0) for a in ANIONS) * 12 if "Li" in amounts else 0
    )
    return (
        not stray and 2.2 <= totals["La"] <= 3.6 and 1.4 <= totals["Zr"] <= 2.6 and lithium >= 2.4
    )


def _is_nasicon(amounts: Mapping[str, float]) -> bool:
    totals, stray = _per_unit(amounts, HOSTS["nasicon"])
    return not stray and 2.55 <= totals["P"] <= 3.4 and 1.4 <= totals["M"] <= 2.6


def _is_perovskite(amounts: Mapping[str, float]) -> bool:
    totals, stray = _per_unit(amounts, HOSTS["perovskite"])
    large = {"La", "Sr", "Ca", "Ba", "Na", "K", "Nd", "Pr", "Sm", "Gd", "Eu", "Y", "Ag", "Ce"}
    return (
        not stray
        and bool(large & set(amounts))
        and 0.2 <= totals["A"] <= 1.15
        and 0.85 <= totals["B"] <= 1.15
    )


def _is_lisicon(amounts: Mapping[str, float]) -> bool:
    totals, stray = _per_unit(amounts, HOSTS["lisicon"])
    former = {"Si", "Ge", "P", "V", "As"} & set(amounts)
    return (
        not stray
        and (len(former) > 1 or "Ge" in former or "Zn" in amounts or "S" in amounts)
        and 0.85 <= totals["M"] <= 1.15
        and 2.3 <= totals["Li"] <= 4.3
    )
