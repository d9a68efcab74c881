"""Replicate noise: how far papers differ on the same composition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.checks import room_temperature_log_sigma
from ssbml.datasets.records import COMPOSITION_DIGITS

if TYPE_CHECKING:
    import pandas as pd

_OUTCOMES = {
    "log10 conductivity": "log10 S/cm",
    "relative density": "%",
}


def replicate_noise(samples: pd.DataFrame) -> pd.DataFrame:
    """Return the spread of each outcome among papers that report the same composition.

    Papers count once for each composition and shape (film or not) with their median; placeholder
    formulas are left out, conductivities are those at 15-35 °C. It is the floor for a model that
    knows the composition only.

    Parameters
    ----------
    samples : DataFrame
        With ``formula``, ``formula_basis``, ``family``, ``form``, ``cv_group`` and outcomes.

    Returns
    -------
    DataFrame
        Columns ``outcome``, ``unit``, ``family`` (``all`` last), ``n_compositions`` with at least
        two papers, ``n_papers`` (summed over compositions), ``std`` (pooled standard deviation
        between papers) and ``median_difference`` (median absolute difference of two papers).
    """
    import pandas as pd

    exact = samples[samples["formula_basis"] != "placeholder"]
    base = pd.DataFrame(
        {
            "family": exact["family"],
            "composition": [
                composition_key(parse_formula(f), COMPOSITION_DIGITS) for f in exact["formula"]
            ],
            "film": (exact["form"] == "film").to_numpy(),
            "paper": exact["cv_group"],
            "log10 conductivity": room_temperature_log_sigma(exact),
            "relative density": pd.to_numeric(exact["relative_density_pct"]),
        }
    )
    rows = []
    for outcome, unit in _OUTCOMES.items():
        known = base.dropna(subset=[outcome])
        papers = known.groupby(["family", "composition", "film", "paper"])[outcome].median()
        by_family = {
            family: [v.to_numpy() for _, v in block.groupby(["composition", "film"]) if len(v) > 1]
            for family, block in papers.groupby(level="family")
        }
        by_family["all"] = [v for values in by_family.values() for v in values]
        rows += [
            (outcome, unit, family, *_spread(values))
            for family, values in by_family.items()
            if values
        ]
    return pd.DataFrame(
        rows,
        columns=[
            "outcome", "unit", "family", "n_compositions", "n_papers", "std", "median_difference",
        ],
    )  # fmt: skip


def _spread(values: list[np.ndarray]) -> tuple[int, int, float, float]:
    """Return compositions, papers, pooled standard deviation, median absolute difference."""
    squares = sum(float(((v - v.mean()) ** 2).sum()) for v in values)
    freedom = sum(len(v) - 1 for v in values)
    differences = [
        abs(v[i] - v[j]) for v in values for i in range(len(v)) for j in range(i + 1, len(v))
    ]
    return (
        len(values),
        sum(len(v) for v in values),
        float(np.sqrt(squares / freedom)),
        float(np.median(differences)),
    )
