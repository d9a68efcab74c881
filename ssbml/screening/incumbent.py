"""The best sample so far: the user's own, or the best published values of the family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ssbml.errors import SpaceError
from ssbml.screening.goals import Goals, Objective
from ssbml.screening.risk import loss
from ssbml.targets import CONDUCTIVITY, DENSITY, TARGETS

if TYPE_CHECKING:
    import pandas as pd

_ROOM_C = (15.0, 35.0)
_MEASURED = {
    CONDUCTIVITY.name: ("sigma_total_s_cm", "sigma_unspecified_s_cm"),
    DENSITY.name: ("relative_density_pct",),
}


def incumbent_values(goals: Goals, family: str, published: pd.DataFrame) -> dict[str, float]:
    """Return what each objective has to beat.

    Parameters
    ----------
    goals : Goals
        Its ``incumbent`` comes before published values.
    family : str
        Host family of the candidates.
    published : DataFrame
        Samples as `ssbml.load_dataset` gives them. Conductivities count at 15 to 35 °C or where no
        temperature is stated. Purity has no best value to beat: a pure sample is pure.

    Returns
    -------
    dict of str to float
        For each objective that has one.

    Raises
    ------
    SpaceError
        No objective has a value to beat.
    """
    given = {o.column: goals.incumbent[o.column] for o in goals.objectives
             if o.column in goals.incumbent}  # fmt: skip
    found = {
        o.column: best
        for o in goals.objectives
        if o.column in _MEASURED and o.column not in given
        if (best := _best(o, family, published)) is not None
    }
    if not given and not found:
        raise SpaceError(
            ("incumbent",),
            None,
            f"expected_improvement has nothing to beat: no published {family} sample states "
            f"{' or '.join(o.column for o in goals.objectives)}",
            f"give values of your best sample: {', '.join(TARGETS)}",
        )
    return given | found


def _best(objective: Objective, family: str, published: pd.DataFrame) -> float | None:
    from ssbml.features.assemble import families_of

    rows = np.array([f == family for f in families_of(published)])
    first, *rest = _MEASURED[objective.column]
    values = published[first].to_numpy(dtype=float)
    for column in rest:
        values = np.where(np.isnan(values), published[column].to_numpy(dtype=float), values)
    if objective.column == CONDUCTIVITY.name:
        celsius = published["temperature_c"].to_numpy(dtype=float)
        rows &= np.isnan(celsius) | ((celsius >= _ROOM_C[0]) & (celsius <= _ROOM_C[1]))
        rows &= ~(values <= 0)
    known = values[rows & ~np.isnan(values)]
    if len(known) == 0:
        return None
    return float(known[loss(known, objective).argmin()])
