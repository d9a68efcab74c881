"""What a table of samples holds: counts per family, property and process field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SIGMA_VALUES = ("sigma_total_s_cm", "sigma_bulk_s_cm", "sigma_unspecified_s_cm")
SIGMA_BOUNDS = ("sigma_max_s_cm", "sigma_min_s_cm")

PROPERTIES: dict[str, tuple[str, ...]] = {
    "conductivity": SIGMA_VALUES,
    "relative density": ("relative_density_pct",),
    "phase purity": ("phase_pure",),
}
"""The predicted properties and the columns any of which states them."""

PROCESS: dict[str, tuple[str, ...]] = {
    "form": ("form",),
    "route": ("route",),
    "method": ("sintering_method",),
    "sintering °C": ("sintering_temp_c",),
    "time": ("sintering_time_h",),
    "atmosphere": ("atmosphere",),
    "calcination °C": ("calcination_temp_c",),
    "Li excess": ("li_excess_pct",),
    "additive": ("additive",),
    "pressure": ("pressure_mpa", "pressing_pressure_mpa"),
    "thickness": ("thickness_um",),
    "crucible": ("crucible",),
    "mother powder": ("mother_powder",),
    "precursors": ("precursors",),
}
"""Process fields by short name and the columns any of which states them."""

OUTCOMES: dict[str, tuple[str, ...]] = {
    "total": ("sigma_total_s_cm",),
    "bulk": ("sigma_bulk_s_cm",),
    "unspecified": ("sigma_unspecified_s_cm",),
    "any conductivity": SIGMA_VALUES,
    "bound only": SIGMA_BOUNDS,
    "activation energy": ("activation_energy_ev",),
    "density": ("relative_density_pct",),
    "main phase": ("phase_main",),
    "purity": ("phase_pure",),
}
"""Outcomes by short name and the columns any of which states them."""


def stated(
    samples: pd.DataFrame, columns: tuple[str, ...]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return whether any of the columns is filled, for each sample."""
    known = [c for c in columns if c in samples.columns]
    return np.asarray(samples[known].notna().any(axis=1), dtype=bool)


def families(samples: pd.DataFrame) -> list[str]:
    """Return the families, those with most samples first."""
    counts = samples["family"].value_counts()
    return sorted(counts.index, key=lambda f: (-int(counts[f]), f))


def coverage(samples: pd.DataFrame, fields: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Return how many samples of each family state each field.

    Parameters
    ----------
    samples : DataFrame
        Samples with ``family``.
    fields : dict
        Short name to columns, such as `PROCESS`.

    Returns
    -------
    DataFrame
        Index family (``all`` last), first column ``samples``, then one column for each field.
    """
    import pandas as pd

    marks = pd.DataFrame(
        {name: stated(samples, columns) for name, columns in fields.items()}, index=samples.index
    )
    marks.insert(0, "samples", True)
    table = marks.groupby(samples["family"]).sum().loc[families(samples)]
    table.loc["all"] = marks.sum()
    return table.astype(int)
