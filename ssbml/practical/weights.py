"""Precursor weights of a batch: element balance, lithium excess, purity and ignition loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import Composition, parse_electrolyte
from ssbml.errors import WeighingError
from ssbml.practical.batch import Batch, Weighing
from ssbml.practical.mass import molar_mass
from ssbml.practical.precursors import (
    HALOGENS,
    choose_precursors,
    parse_precursor,
    stated_precursors,
)

TOLERANCE = 1e-4
"""Largest relative deviation of an element from the formula after re-adding (0.01 %)."""

_TRACE = 1e-9
_GASES = ("O", "H", "C", "N")
_EXCESS_ON_LITHIUM = ("li_precursor", "mol")
_EXCESS_ON_BATCH = "batch_wt"


def weigh_batch(
    formula: str,
    batch_g: float = 10.0,
    *,
    li_excess_pct: float = 0.0,
    li_excess_basis: str | None = None,
    precursors: Sequence[str] = (),
    choice: Mapping[str, str] | None = None,
    prefer: str | None = None,
    purity_pct: Mapping[str, float] | None = None,
    loss_on_ignition_pct: Mapping[str, float] | None = None,
    aids_wt_pct: Mapping[str, float] | None = None,
) -> Batch:
    """Return what to weigh in for a batch of a composition.

    Parameters
    ----------
    formula : str
        The product, Li excess not included.
    batch_g : float, default 10
        Mass of fired, stoichiometric product, g. The excess lithium is taken to leave.
    li_excess_pct : float, default 0
        Extra lithium source, %.
    li_excess_basis : str, optional
        ``li_precursor`` or ``mol``: of the stoichiometric lithium source; ``batch_wt``: grams of
        lithium source per 100 g of all stoichiometric powder; ``wt``, ``unknown`` or None: counted
        as ``li_precursor``, with a note when there is an excess.
    precursors : sequence of str, optional
        Starting materials; chosen by `ssbml.practical.precursors.choose_precursors` if empty.
    choice, prefer
        As for `choose_precursors`.
    purity_pct : mapping of str to float, optional
        Assay of a precursor, wt% of the dry compound.
    loss_on_ignition_pct : mapping of str to float, optional
        Mass that a precursor as weighed loses on drying or ignition beyond its formula, wt%.
    aids_wt_pct : mapping of str to float, optional
        Sintering aids, wt% of the ceramic.

    Returns
    -------
    Batch

    Raises
    ------
    WeighingError
        An element has no precursor or two, a precursor brings an element that stays, the formula
        cannot be reached (out of charge balance), or a number is out of range.
    FormulaError
        The formula cannot be read.

    Examples
    --------
    >>> print(weigh_batch("Li1.3Al0.3Ti1.7(PO4)3", 10).text())
    Li2CO3 1.2527 g; Al2O3 0.3989 g; TiO2 3.5412 g; NH4H2PO4 9.0003 g
    """
    composition = parse_electrolyte(formula)
    check_mass(batch_g)
    _check_number("the lithium excess", li_excess_pct, 0.0, 500.0, "%")
    names = stated_precursors(precursors) or choose_precursors(composition, choice, prefer)
    amounts = _balance(composition, names)
    masses = np.array([molar_mass(parse_precursor(name)) for name in names])
    moles = amounts * batch_g / molar_mass(composition)
    pure = moles * masses
    excess, notes = _excess(composition, names, pure, li_excess_pct, li_excess_basis)
    factors = _weigh_factors(names, purity_pct or {}, loss_on_ignition_pct or {})
    lines = tuple(
        Weighing(n, "precursor", float(p + e) / m, float(p + e), float((p + e) * f), float(e))
        for n, p, e, m, f in zip(names, pure, excess, masses.tolist(), factors, strict=True)
        if p > _TRACE * batch_g
    )
    worst = _deviation(composition, batch_g, lines, dict(zip(names, factors, strict=True)))
    if worst > TOLERANCE:
        raise WeighingError(
            f"the weights re-add to the formula only within {worst:.2%}",
            "the formula is not charge balanced, or a precursor is missing",
        )
    aids = tuple(_aid(aid, wt_pct, batch_g) for aid, wt_pct in (aids_wt_pct or {}).items())
    basis = li_excess_basis or "li_precursor"
    return Batch(formula, batch_g, lines + aids, li_excess_pct, basis, worst, notes)


def check_mass(batch_g: float) -> None:
    """Raise WeighingError unless the mass of a batch is 1 µg to 1 t."""
    _check_number("the batch", batch_g, 1e-6, 1e6, "g")


def check_assay(name: str, purity_pct: float = 100.0, loss_on_ignition_pct: float = 0.0) -> None:
    """Raise WeighingError unless the purity is 1 to 100 % and the ignition loss 0 to 90 %."""
    _check_number(f"the purity of {name}", purity_pct, 1.0, 100.0, "%")
    _check_number(f"the loss on ignition of {name}", loss_on_ignition_pct, 0.0, 90.0, "%")


def _check_number(what: str, value: float, low: float, high: float, unit: str) -> None:
    if not low <= value <= high:
        raise WeighingError(f"{what} is {value:g} {unit}; allowed are {low:g} to {high:g} {unit}")


def _staying(composition: Composition) -> list[str]:
    """Return the elements that the precursors must bring in the right amount: all but oxygen."""
    return [element for element in composition if element != "O"]


def _balance(composition: Composition, names: Sequence[str]) -> FloatArray:
    """Return moles of each precursor per mole of formula, none negative."""
    parsed = [parse_precursor(name) for name in names]
    staying = _staying(composition)
    leaving = set(_GASES) if "O" in composition else {"H"}
    for name, content in zip(names, parsed, strict=True):
        bad = [e for e in content if e not in composition and e not in leaving]
        if bad:
            raise WeighingError(
                f"{name} brings {', '.join(bad)}, which neither stays in the product nor leaves as "
                "a gas"
            )
    missing = [e for e in staying if not any(e in content for content in parsed)]
    if missing:
        raise WeighingError(
            f"no precursor brings {', '.join(missing)} (given: {', '.join(names)})",
            "name one that does",
        )
    matrix = np.array([[content.get(e, 0.0) for content in parsed] for e in staying])
    if np.linalg.matrix_rank(matrix) < len(names):
        raise WeighingError(
            f"the amounts of {', '.join(names)} are not fixed by the formula: two of them bring "
            "the same elements",
            "leave one out",
        )
    wanted = np.array([composition[e] for e in staying])
    amounts = np.linalg.lstsq(matrix / wanted[:, None], np.ones(len(wanted)), rcond=None)[0]
    shares = (matrix @ amounts) / wanted
    off = int(np.argmax(np.abs(shares - 1.0)))
    if abs(shares[off] - 1.0) > TOLERANCE or amounts.min() < -TOLERANCE:
        raise WeighingError(
            f"no amounts of {', '.join(names)} give the formula; best, {staying[off]} comes out at "
            f"{shares[off]:.1%} of what is needed",
            "check the charge balance of the formula or name other precursors",
        )
    positive: FloatArray = np.clip(amounts, 0.0, None)
    return positive


def _excess(
    composition: Composition,
    names: Sequence[str],
    pure: FloatArray,
    percent: float,
    basis: str | None,
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the extra mass of each pure precursor, and what was assumed."""
    extra = np.zeros(len(names))
    if percent == 0:
        return extra, ()
    source = _lithium_source(composition, names)
    if basis == _EXCESS_ON_BATCH:
        extra[source] = percent / 100.0 * pure.sum()
        return extra, ()
    extra[source] = percent / 100.0 * pure[source]
    if basis in _EXCESS_ON_LITHIUM:
        return extra, ()
    told = "not stated" if basis in (None, "unknown") else f"given as '{basis}'"
    return extra, (f"basis of the Li excess {told}: counted over {names[source]}",)


def _lithium_source(composition: Composition, names: Sequence[str]) -> int:
    """Return the precursor that takes the excess: the one that brings nothing else that stays."""
    anions = {"O", "S", "C", "N", "H"} if "O" not in composition else {*_GASES}
    for allowed in (anions, anions | set(HALOGENS)):
        for i, name in enumerate(names):
            content = parse_precursor(name)
            if "Li" in content and set(content) <= {"Li"} | allowed:
                return i
    raise WeighingError(
        f"a Li excess needs a lithium source that brings nothing else; there is none among "
        f"{', '.join(names)}"
    )


def _weigh_factors(
    names: Sequence[str], purity: Mapping[str, float], loss: Mapping[str, float]
) -> list[float]:
    """Return grams on the balance per gram of pure compound."""
    for given, what in ((purity, "purity"), (loss, "loss on ignition")):
        stray = [name for name in given if name not in names]
        if stray:
            raise WeighingError(
                f"the {what} of {', '.join(stray)} is given, but it is not weighed in; precursors "
                f"are {', '.join(names)}"
            )
    factors = []
    for name in names:
        check_assay(name, purity.get(name, 100.0), loss.get(name, 0.0))
        share = purity.get(name, 100.0) / 100.0 * (1.0 - loss.get(name, 0.0) / 100.0)
        factors.append(1.0 / share)
    return factors


def _deviation(
    composition: Composition,
    batch_g: float,
    lines: Sequence[Weighing],
    factors: Mapping[str, float],
) -> float:
    """Return the worst relative deviation when the weighed grams are added up again."""
    moles: dict[str, float] = {}
    for line in lines:
        content = parse_precursor(line.precursor)
        amount = (line.weigh_g / factors[line.precursor] - line.excess_g) / molar_mass(content)
        for element, count in content.items():
            moles[element] = moles.get(element, 0.0) + amount * count
    per_formula = batch_g / molar_mass(composition)
    return max(
        abs(moles.get(e, 0.0) / (composition[e] * per_formula) - 1.0) for e in _staying(composition)
    )


def _aid(name: str, wt_pct: float, batch_g: float) -> Weighing:
    _check_number(f"the amount of {name}", wt_pct, 0.0, 60.0, "wt%")
    grams = wt_pct / 100.0 * batch_g
    return Weighing(name, "sintering aid", grams / molar_mass(parse_precursor(name)), grams, grams)
