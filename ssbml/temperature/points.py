"""Published conductivities of a composition at the temperatures at which they were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ssbml.activation import KELVIN, REFERENCE_C
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.features.assemble import families_of
from ssbml.features.composition import fraction_features

if TYPE_CHECKING:
    import pandas as pd

NEAR = 0.04
"""Compositions count as the same family member when their atomic fractions differ by less in sum.

0.04 is about a tenth of a dopant atom per formula of a garnet either way.
"""

POINT_COLUMNS = ("formula", "temperature_c", "conductivity_s_cm", "kind", "form", "source")
_KINDS = ("total", "bulk", "unspecified")


def published_points(
    samples: pd.DataFrame, formula: str, near: float = NEAR, family: str | None = None
) -> pd.DataFrame:
    """Return published conductivities of a composition and of its close neighbours.

    Parameters
    ----------
    samples : DataFrame
        Samples with the columns of `ssbml.fields.FIELDS` (`ssbml.load_dataset`).
    formula : str
        Composition.
    near : float, default 0.04
        Largest sum of differences in atomic fractions.
    family : str, optional
        Host family; read from the formula by default.

    Returns
    -------
    DataFrame
        Columns ``formula``, ``temperature_c`` (25 where the paper says room temperature),
        ``conductivity_s_cm``, ``kind`` (total, bulk, unspecified), ``form`` and ``source`` (DOI or
        URL), one row a value.
    """
    import pandas as pd

    wanted = family or families_of(pd.DataFrame({"formula": [formula]}))[0]
    exact = (samples["formula_basis"] != "placeholder").to_numpy()
    same = exact & np.array([f == wanted for f in families_of(samples)])
    rows = samples[same]
    if len(rows):
        fractions = fraction_features(
            composition_matrix([parse_formula(f) for f in [formula, *rows["formula"]]])
        ).values
        rows = rows[np.abs(fractions[1:] - fractions[0]).sum(axis=1) <= near]
    parts = [_values(rows, kind) for kind in _KINDS]
    found = pd.concat(parts, ignore_index=True)
    return found.sort_values("temperature_c", kind="stable", ignore_index=True)


def inverse_kelvin(celsius: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    """Return 1000 / T in 1/K of temperatures in °C."""
    return [1000.0 / (float(t) + KELVIN) for t in celsius]


def _values(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    import pandas as pd

    kept = rows[rows[f"sigma_{kind}_s_cm"] > 0]
    return pd.DataFrame(
        {
            "formula": kept["formula"],
            "temperature_c": kept["temperature_c"].fillna(REFERENCE_C),
            "conductivity_s_cm": kept[f"sigma_{kind}_s_cm"],
            "kind": kind,
            "form": kept["form"],
            "source": kept["doi"].where(kept["doi"].notna(), kept["url"]),
        },
        columns=list(POINT_COLUMNS),
    )
