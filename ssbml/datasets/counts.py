"""How many published samples of a family vary a recipe field, for each predicted property."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ssbml.chemistry.formula import parse_formula
from ssbml.datasets.coverage import SIGMA_BOUNDS, SIGMA_VALUES, stated
from ssbml.fields import RECIPE_FIELDS
from ssbml.targets import CONDUCTIVITY, DENSITY, PURITY

if TYPE_CHECKING:
    import pandas as pd

ENOUGH = 15
"""Published samples below which there is not enough data to advise on a field."""

ALL_SAMPLES = "samples"
"""Key under which all samples of a family are counted."""

OUTCOMES: dict[str, tuple[str, ...]] = {
    CONDUCTIVITY.name: (*SIGMA_VALUES, *SIGMA_BOUNDS),
    DENSITY.name: ("relative_density_pct",),
    PURITY.name: ("phase_pure",),
}
"""Columns any of which states a predicted property."""

KNOWN = ("relative_density_pct", "phase_main")
"""Outcomes that may be handed over as measured, and are counted like recipe fields."""

FieldCounts = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Family, then property, then recipe field, element symbol or `ALL_SAMPLES`, to samples."""


def field_counts(samples: pd.DataFrame, families: list[str]) -> FieldCounts:
    """Return how many samples of each family vary each recipe field (and each of `KNOWN`).

    A sample counts for a property when it states an outcome of it. It varies a field when it states
    it and the family shows at least two values; it varies an element when it contains it.

    Parameters
    ----------
    samples : DataFrame
        n samples with recipe and outcome columns.
    families : list of str
        Host family of each.

    Returns
    -------
    FieldCounts
        Plain nested dicts, so that a model manifest can hold them; zeros are left out.
    """
    import pandas as pd

    label = pd.Series(families, index=samples.index)
    fields = [f for f in (*RECIPE_FIELDS, *KNOWN) if f in samples.columns and f != "formula"]
    out: dict[str, dict[str, dict[str, int]]] = {}
    for name, columns in OUTCOMES.items():
        judged = samples[stated(samples, columns)]
        for family, rows in judged.groupby(label.loc[judged.index]):
            counts = {ALL_SAMPLES: len(rows)}
            counts |= {f: int(rows[f].notna().sum()) for f in fields if rows[f].nunique() > 1}
            for formula in rows["formula"]:
                for element in parse_formula(formula):
                    counts[element] = counts.get(element, 0) + 1
            out.setdefault(str(family), {})[name] = counts
    return out
