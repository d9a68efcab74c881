"""Samples as plain records, and what two of them have in common."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.chemistry.elements import element_index
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.papers import same_papers
from ssbml.fields import FIELDS

if TYPE_CHECKING:
    import pandas as pd

COMPOSITION_DIGITS = 4
"""Decimals of the atomic fractions that make two compositions the same."""

ROOM_TEMPERATURE_C = 25.0

SIGMA_KINDS = ("total", "unspecified", "bulk")

_TOLERANCES: dict[str, tuple[float, float]] = {
    "sintering_temp_c": (2.0, 0.0),
    "sintering_time_h": (0.02, 0.03),
    "sintering_peak_temp_c": (2.0, 0.0),
    "calcination_temp_c": (2.0, 0.0),
    "calcination_time_h": (0.02, 0.03),
    "post_anneal_temp_c": (2.0, 0.0),
    "substrate_temp_c": (2.0, 0.0),
    "pressure_mpa": (0.1, 0.03),
    "pressing_pressure_mpa": (0.1, 0.03),
    "thickness_um": (0.0, 0.06),
    "li_excess_pct": (0.1, 0.0),
    "particle_size_um": (0.0, 0.06),
    "relative_density_pct": (0.55, 0.0),
    "activation_energy_ev": (0.0101, 0.0),
    "grain_size_um": (0.0, 0.06),
    "temperature_c": (6.0, 0.0),
}
_EXACT = (
    "form",
    "sintering_method",
    "atmosphere",
    "calcination_atmosphere",
    "post_anneal_atmosphere",
    "deposition_atmosphere",
    "mother_powder",
    "crucible",
    "additive",
    "additive_wt_pct",
    "storage",
    "phase_main",
    "phase_pure",
)
COMPARED: tuple[str, ...] = (*_TOLERANCES, *_EXACT)
"""Fields that, stated differently, make two records different samples."""

_REVIEW = "review"
_SYMBOL = re.compile(r"(?<![A-Za-z])[A-Z][a-z]?(?![a-z])")


@dataclass(frozen=True, slots=True)
class Record:
    """One row, ready to be compared.

    Attributes
    ----------
    label : object
        Index label.
    paper : str
        Identity of the paper, see `ssbml.datasets.papers.same_papers`.
    composition : str
        Rounded composition.
    elements : frozenset of str
        Elements of the formula.
    family : str
        Host family, read from the formula: sources label one composition differently.
    placeholder : bool
        Whether the formula lacks its dopant.
    sigma : dict
        Conductivity in S/cm by kind.
    values : dict
        The other compared fields that are stated.
    year : float
        Year of publication, NaN when not stated.
    review : bool
        Whether the row was read in a review.
    source : str
        Data set.
    note : str
        What the formula cannot carry.
    has_doi, has_title : bool
        Whether the paper is known by DOI, by title.
    """

    label: Hashable
    paper: str
    composition: str
    elements: frozenset[str]
    family: str
    placeholder: bool
    sigma: dict[str, float]
    values: dict[str, Any]
    year: float
    review: bool
    source: str
    note: str
    has_doi: bool
    has_title: bool

    @property
    def named_elements(self) -> frozenset[str]:
        """Elements that the dopant note names."""
        words = _SYMBOL.findall(self.note)
        return frozenset(w for w in words if w in element_index())


def records(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a table of samples as records, in order.

    Parameters
    ----------
    frame : DataFrame
        Valid cells; ``formula`` and ``paper_key`` are needed, other fields are used where present.
    """
    papers = same_papers(frame)
    names = [c for c in (*COMPARED, *(f"sigma_{k}_s_cm" for k in SIGMA_KINDS)) if c in frame]
    columns = {c: frame[c].tolist() for c in names}
    extra: dict[str, list[Any]] = {
        c: frame[c].tolist() if c in frame else [None] * len(frame)
        for c in (
            "formula",
            "formula_basis",
            "dopant_note",
            "title",
            "year",
            "found_in",
            "source",
        )
    }
    return [
        Record(
            label=label,
            paper=papers.iloc[i],
            composition=composition_key(parse_formula(extra["formula"][i]), COMPOSITION_DIGITS),
            elements=frozenset(parse_formula(extra["formula"][i])),
            family=family_of(extra["formula"][i]),
            placeholder=extra["formula_basis"][i] == "placeholder",
            sigma={
                k: columns[f"sigma_{k}_s_cm"][i]
                for k in SIGMA_KINDS
                if f"sigma_{k}_s_cm" in columns and not is_missing(columns[f"sigma_{k}_s_cm"][i])
            },
            values={
                c: columns[c][i] for c in COMPARED if c in columns and not is_missing(columns[c][i])
            },
            year=math.nan if is_missing(extra["year"][i]) else float(extra["year"][i]),
            review=extra["found_in"][i] == _REVIEW,
            source=_text(extra["source"][i]),
            note=_text(extra["dopant_note"][i]),
            has_doi=papers.iloc[i].startswith("10."),
            has_title=not is_missing(extra["title"][i]),
        )
        for i, label in enumerate(frame.index)
    ]


def comparable(a: Record, b: Record) -> bool:
    """Return whether two formulas may mean one composition.

    They are equal, or one is a placeholder whose host and named dopants are in the other.
    """
    if a.composition == b.composition:
        return not (a.placeholder and b.placeholder) or _dopants_agree(a, b)
    if a.placeholder and b.placeholder:
        return _dopants_agree(a, b)
    if not (a.placeholder or b.placeholder):
        return False
    base, exact = (a, b) if a.placeholder else (b, a)
    return base.elements | base.named_elements <= exact.elements


def _dopants_agree(a: Record, b: Record) -> bool:
    first, second = a.named_elements, b.named_elements
    return not first or not second or bool(first & second)


def _text(value: Any) -> str:
    return "" if is_missing(value) else str(value)


def digits(value: float) -> int:
    """Return the number of significant digits that a value is written with, at most 5.

    Examples
    --------
    >>> digits(3.38e-4), digits(1e-3)
    (3, 1)
    """
    return len(f"{abs(value):.4e}".split("e")[0].replace(".", "").rstrip("0")) or 1


def rounded_alike(a: float, b: float) -> bool:
    """Return whether two values are equal at the digits of the coarser one.

    Examples
    --------
    >>> rounded_alike(3.38e-4, 3.4e-4), rounded_alike(1e-3, 1.3e-3)
    (True, False)
    """
    coarse, fine = sorted((a, b), key=lambda v: (digits(v), v))
    if coarse == 0 or fine == 0:
        return coarse == fine
    unit = 10.0 ** (math.floor(math.log10(abs(coarse))) - digits(coarse) + 1)
    near = abs(coarse - fine) <= 0.06 * abs(fine)
    return near and abs(coarse - fine) <= 0.5 * unit * (1 + 1e-9)


def shared_sigma_digits(a: Record, b: Record) -> int:
    """Return the digits in which two records agree on a conductivity.

    Kinds must be equal, or one of them not specified.

    Returns
    -------
    int
        0 when they share none, -1 when they state the same kind differently.
    """
    for kind in ("total", "bulk", "unspecified"):
        if kind in a.sigma and kind in b.sigma and not rounded_alike(a.sigma[kind], b.sigma[kind]):
            return -1
    best = 0
    for kind, value in a.sigma.items():
        for other_kind, other in b.sigma.items():
            same_kind = kind == other_kind or "unspecified" in (kind, other_kind)
            if same_kind and rounded_alike(value, other):
                best = max(best, min(digits(value), digits(other)))
    if best == 0 and "unspecified" in {*a.sigma, *b.sigma} and a.sigma and b.sigma:
        return -1
    return best


def differing(a: Record, b: Record) -> tuple[str, ...]:
    """Return the compared fields that both records state, differently."""
    return tuple(
        name
        for name in COMPARED
        if name in a.values
        and name in b.values
        and not equal_values(name, a.values[name], b.values[name])
    ) + _other_temperature(a, b)


def _other_temperature(a: Record, b: Record) -> tuple[str, ...]:
    """Blank means room temperature, if a conductivity was measured at all."""
    stated = ["temperature_c" in r.values for r in (a, b)]
    if all(stated) or not any(stated) or not (a.sigma and b.sigma):
        return ()
    value = (a if stated[0] else b).values["temperature_c"]
    tolerance = _TOLERANCES["temperature_c"][0]
    return ("temperature_c",) if abs(value - ROOM_TEMPERATURE_C) > tolerance else ()


def equal_values(name: str, a: Any, b: Any) -> bool:
    """Return whether two stated values of a field are the same within its tolerance."""
    if FIELDS[name].kind == "number":
        absolute, relative = _TOLERANCES.get(name, (0.0, 0.01))
        return bool(abs(a - b) <= absolute + relative * max(abs(a), abs(b)))
    return str(a).casefold() == str(b).casefold()
