"""Which target of a synthesis a measured composition is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ssbml.chemistry.hosts import ANIONS
from ssbml.datasets.amounts import Target

TOLERANCE = 0.02
"""Largest difference of any element, in atoms per formula unit of the target as written."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Match:
    """How well a composition agrees with the nearest target of a synthesis.

    Attributes
    ----------
    distance : float
        Largest difference over the elements, atoms per formula unit of the target.
    listed : bool
        Whether the text lists the composition, and does not just give a range of a variable.
    """

    distance: float
    listed: bool


def difference(sample: Mapping[str, float], target: Mapping[str, float]) -> float:
    """Return the largest difference over the elements, in atoms per formula unit of the target.

    The sample is brought to the size of the target by the sum of its anions, by the sum of its
    cations without lithium, or by all atoms, whichever agrees best: so neither the lithium content
    nor an oxygen deficit shifts the other elements.

    Parameters
    ----------
    sample, target : mapping of str to float
        Amounts per formula as written.
    """
    elements = {*sample, *target}
    if set(sample) != set(target) and _foreign(sample, target):
        return float("inf")
    best = float("inf")
    for group in _groups(elements):
        ours = sum(sample.get(e, 0.0) for e in group)
        theirs = sum(target.get(e, 0.0) for e in group)
        if ours > 0 and theirs > 0:
            scale = theirs / ours
            worst = max(abs(sample.get(e, 0.0) * scale - target.get(e, 0.0)) for e in elements)
            best = min(best, worst)
    return best


def nearest_target(sample: Mapping[str, float], targets: Iterable[Target]) -> Match | None:
    """Return the agreement with the nearest target, a listed one before points of a range.

    Parameters
    ----------
    sample : mapping of str to float
        Amounts per formula as written.
    targets : iterable of Target

    Returns
    -------
    Match or None
        None when no target is within `TOLERANCE` per element.
    """
    targets = list(targets)
    for listed in (True, False):
        distances = [difference(sample, t.amounts) for t in targets if t.listed is listed]
        nearest = min(distances, default=float("inf"))
        if nearest <= TOLERANCE + _ROUNDING:
            return Match(nearest, listed)
    return None


def _foreign(sample: Mapping[str, float], target: Mapping[str, float]) -> bool:
    """Tell whether one of them holds an element that the other lacks, beyond a trace."""
    sizes = {True: sum(sample.values()), False: sum(target.values())}
    only = [(a, True) for e, a in sample.items() if e not in target]
    only += [(a, False) for e, a in target.items() if e not in sample]
    unit = sizes[False] / sizes[True]
    return any(amount * (unit if ours else 1.0) > TOLERANCE for amount, ours in only)


def _groups(elements: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    everything = sorted(elements)
    anions = [e for e in everything if e in ANIONS]
    cations = [e for e in everything if e not in ANIONS and e != "Li"]
    return anions, cations, everything
