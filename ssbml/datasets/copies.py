"""Copies: records in different papers that are probably one sample."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ssbml.datasets.records import (
    Record,
    comparable,
    differing,
    digits,
    records,
    shared_sigma_digits,
)

if TYPE_CHECKING:
    import pandas as pd

ENOUGH_POINTS = 2
"""Points from which two records of the same composition count as copies."""

ENOUGH_POINTS_PLACEHOLDER = 3
"""The same when one formula lacks its dopant."""

RARE_PAPERS = 5
"""A composition is rare when at most this many papers report it."""

_BRACKET = 1.065


def find_copies(frame: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of records from different papers that are probably the same sample.

    A single round number proves nothing (1e-3 S/cm for Li7La3Zr2O12), so agreement is counted in
    points: significant digits of a shared conductivity beyond the first (at most 2), a shared
    relative density (1, with a decimal 2), a shared activation energy (1), shared sintering
    temperature and time (1), a rare composition (1), the same year where one row was read in a
    review (1), a paper known by its title only beside one known by its DOI only, which may be the
    same paper (1). Papers more than a year apart cost a point. Any stated condition that differs,
    and any conductivity of the same kind that differs, rules the pair out.

    Parameters
    ----------
    frame : DataFrame
        Samples with ``formula`` and ``paper_key``; the index is unique.

    Returns
    -------
    DataFrame
        Columns ``a`` and ``b`` (index labels), ``points`` and ``shared`` (what they share in
        words); ordered by labels.
    """
    import pandas as pd

    rows = records(frame)
    papers: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        papers[row.composition].add(row.paper)
    found = []
    for a, b in _candidates(rows):
        first, second = sorted((a, b), key=lambda r: str(r.label))
        points, shared = _score(first, second, len(papers[first.composition]) <= RARE_PAPERS)
        needed = (
            ENOUGH_POINTS
            if first.composition == second.composition and not (a.placeholder or b.placeholder)
            else ENOUGH_POINTS_PLACEHOLDER
        )
        if points >= needed:
            found.append((first.label, second.label, points, "; ".join(shared)))
    found.sort(key=lambda pair: (str(pair[0]), str(pair[1])))
    return pd.DataFrame(found, columns=["a", "b", "points", "shared"])


def _candidates(rows: list[Record]) -> Iterator[tuple[Record, Record]]:
    """Give pairs from different papers with comparable composition and a value in common."""
    seen: set[tuple[int, int]] = set()
    position = {id(row): i for i, row in enumerate(rows)}
    blocks: dict[tuple[str, str], list[tuple[float, Record]]] = defaultdict(list)
    for row in rows:
        for value in row.sigma.values():
            blocks["sigma", row.family].append((value, row))
        if "relative_density_pct" in row.values:
            density = float(row.values["relative_density_pct"])
            blocks["density", row.composition].append((density, row))
    for (kind, _), members in blocks.items():
        members.sort(key=lambda m: (m[0], position[id(m[1])]))
        for i, (value, a) in enumerate(members):
            limit = value * _BRACKET if kind == "sigma" else value + 0.55
            for other, b in members[i + 1 :]:
                if other > limit:
                    break
                pair = tuple(sorted((position[id(a)], position[id(b)])))
                if a.paper != b.paper and pair not in seen and comparable(a, b):
                    seen.add(pair)  # type: ignore[arg-type]
                    yield a, b


def _score(a: Record, b: Record, rare: bool) -> tuple[int, list[str]]:
    """Count what two records share; 0 when anything contradicts or no outcome is shared."""
    sigma = shared_sigma_digits(a, b)
    if sigma < 0 or differing(a, b):
        return 0, []
    unusual = rare and a.composition == b.composition
    points = min(max(sigma - 1, 0), 2)
    shared = [f"conductivity to {sigma} digits"] if points or (sigma and unusual) else []
    if "relative_density_pct" in a.values and "relative_density_pct" in b.values:
        density = a.values["relative_density_pct"]
        other = b.values["relative_density_pct"]
        if density == other and sigma != 0:
            points += 2 if digits(density) > 2 else 1
            shared.append("relative density")
    if a.values.get("activation_energy_ev", 0) == b.values.get("activation_energy_ev", 1):
        points += 1
        shared.append("activation energy")
    if not shared:
        return 0, []
    firing = ("sintering_temp_c", "sintering_time_h")
    if all(n in a.values and n in b.values for n in firing):
        points += 1
        shared.append("firing")
    if unusual:
        points += 1
        shared.append("rare composition")
    if (a.review or b.review) and a.year == b.year:
        points += 1
        shared.append("year of a review's reference")
    if not (a.has_doi or b.has_title) or not (b.has_doi or a.has_title):
        points += 1
        shared.append("perhaps one paper, by title here and by DOI there")
    return points - (abs(a.year - b.year) > 1), shared
