"""Doubts about a row, made visible."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing, split_list
from ssbml.chemistry.charge import WARN_IMBALANCE, relative_imbalance
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.datasets.checks import contradicts_itself, sigma_outliers
from ssbml.datasets.records import COMPARED

if TYPE_CHECKING:
    import pandas as pd

FLAGS: dict[str, str] = {
    "charge_imbalance": "the formula as written is off charge balance by more than 2 % of the "
    "cation charge",
    "placeholder": "the dopant or its amount is not in the formula (base formula given)",
    "bound": "a number of the row is a bound, or was entered from one",
    "range_value": "a number stands for a published range (midpoint or geometric mean)",
    "low_confidence": "the reading is uncertain",
    "sigma_outlier": "conductivity far from its neighbours: a factor 100 for the composition, 1000 "
    "for the family",
    "contradiction": "the source contradicts itself or another source",
    "indistinct_recipe": "another row of the paper states the same recipe but another outcome",
    "crucible_al": "garnet without aluminium in the formula, fired in an alumina crucible",
    "composite": "a second phase is part of the sample and not in the formula",
    "guideline": "a general statement of a review, not one sample",
    "review_slip": "printed wrongly or contradictory in a review; see evidence",
    "copy_suspected": "probably the same sample as a row of another paper",
}
"""Every flag with its meaning."""

_PATTERNS: dict[str, re.Pattern[str]] = {
    "bound": re.compile(r"\bbounds?\b", re.IGNORECASE),
    "range_value": re.compile(
        r"\(range\b|geometric mean|midpoint|\branges?:|\brange \d|\bas a range\b", re.IGNORECASE
    ),
    "contradiction": re.compile(r"\bCONFLICT\b|\bcontradict", re.IGNORECASE),
}
MEASURED = (
    "sigma_total_s_cm",
    "sigma_bulk_s_cm",
    "sigma_gb_s_cm",
    "sigma_unspecified_s_cm",
    "sigma_max_s_cm",
    "sigma_min_s_cm",
    "sigma_electronic_s_cm",
    "activation_energy_ev",
    "relative_density_pct",
    "density_g_cm3",
    "phase_main",
    "phase_pure",
    "impurities",
    "impurity_wt_pct",
    "phase_purity_pct",
    "grain_size_um",
)
"""Columns of which a sample needs at least one."""


def add_flags(samples: pd.DataFrame) -> pd.DataFrame:
    """Return the samples with ``flags`` filled in.

    Parameters
    ----------
    samples : DataFrame
        Valid samples; flags already set (by a correction) stay.

    Returns
    -------
    DataFrame
        A copy; flags in the order of `FLAGS`, separated by ``; ``.
    """
    found: dict[str, set[Any]] = defaultdict(set)
    compositions = composition_matrix([parse_formula(f) for f in samples["formula"]])
    off = relative_imbalance(compositions) > WARN_IMBALANCE
    found["charge_imbalance"] = set(samples.index[off])
    tests: dict[str, Callable[[pd.Series[Any]], bool]] = {
        "placeholder": lambda r: r["formula_basis"] == "placeholder",
        "bound": lambda r: (
            not (is_missing(r["sigma_max_s_cm"]) and is_missing(r["sigma_min_s_cm"]))
        ),
        "low_confidence": lambda r: r["confidence"] == "low",
        "contradiction": lambda r: bool(contradicts_itself(r)),
        "crucible_al": lambda r: (
            r["crucible"] == "Al2O3"
            and r["family"] == "garnet"
            and "Al" not in parse_formula(r["formula"])
        ),
    }
    for label, row in samples.iterrows():
        for flag, test in tests.items():
            if test(row):
                found[flag].add(label)
        for flag, pattern in _PATTERNS.items():
            if pattern.search(row["evidence"] or ""):
                found[flag].add(label)
        for flag in split_list(row["flags"]):
            found[flag].add(label)
    found["sigma_outlier"] |= set(sigma_outliers(samples))
    found["indistinct_recipe"] |= _indistinct(samples)
    out = samples.copy()
    order = [*FLAGS, *sorted(set(found) - set(FLAGS))]
    out["flags"] = ["; ".join(f for f in order if label in found[f]) or None for label in out.index]
    return out


def _indistinct(samples: pd.DataFrame) -> set[Any]:
    """Return rows of one paper with the same recipe, cell by cell, but another outcome."""
    recipe = [
        c
        for c in samples.columns
        if c in COMPARED and c not in ("phase_main", "phase_pure", "relative_density_pct",
                                       "activation_energy_ev", "grain_size_um")
    ]  # fmt: skip
    recipe += [
        c for c in ("formula", "dopant_note", "route", "substrate", "precursors") if c in samples
    ]
    outcomes = [c for c in MEASURED if c in samples and c != "impurities"]
    seen: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for label, row in samples.iterrows():
        seen[(row["paper_key"], *(str(row[c]) for c in recipe))].append(label)
    found: set[Any] = set()
    for labels in seen.values():
        if len(labels) > 1:
            table = samples.loc[labels, outcomes]
            if any(table[c].dropna().nunique() > 1 for c in outcomes):
                found.update(labels)
    return found
