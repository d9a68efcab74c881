"""Ways of making as a valid recipe table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.parents import Parent
from ssbml.errors import SpaceError
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.screening.enumeration import Tally
from ssbml.screening.processes import Processes
from ssbml.screening.runs import contradictions, doubts
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd

TWICE = "the same way of making twice"

_CHECKED_TOGETHER = (
    "sintering_method",
    "route",
    "sintering_temp_c",
    "sintering_peak_temp_c",
    "additive",
    "additive_wt_pct",
    "additive_mol_pct",
)
"""Fields that `ssbml.tables.validate.validate` checks against one another; all others were checked
one by one when they were read."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Valid ways of making.

    Attributes
    ----------
    table : DataFrame
        k ways, all recipe columns but ``formula`` and ``family``.
    notes : array of str, shape (k,)
        What to think twice about in each, empty where there is nothing.
    doubtful : dict of str to int
        Ways by what is doubtful about them.
    dropped : dict of str to int
        Ways that were left out, by reason.
    """

    table: pd.DataFrame
    notes: NDArray[np.object_]
    doubtful: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)


def list_ways(processes: Processes, parent: Parent) -> Ways:
    """Return all ways of making that do not contradict themselves, each once.

    Raises
    ------
    SpaceError
        Fields of a way do not go together.
    """
    raw = processes.table()
    tally = Tally()
    kept = tally.keep(contradictions(raw), len(raw))
    again = raw[kept].duplicated().to_numpy() if len(raw.columns) else np.zeros(len(raw), bool)
    tally.count(TWICE, int(again.sum()))
    return valid_ways(raw[kept][~again], parent, processes, tally.dropped)


def valid_ways(
    raw: pd.DataFrame,
    parent: Parent,
    processes: Processes | None = None,
    dropped: dict[str, int] | None = None,
) -> Ways:
    """Return ways of making as a checked recipe table.

    Parameters
    ----------
    raw : DataFrame
        k ways; the index holds their numbers.
    parent : Parent
        A host, as a stand-in for the compositions.
    processes : Processes, optional
        Where the ways are listed, so that messages name the block.
    dropped : dict, optional
        What was left out before.

    Raises
    ------
    SpaceError
        Fields of a way do not go together.
    """
    together = [name for name in _CHECKED_TOGETHER if name in raw.columns]
    kinds = raw[together].drop_duplicates() if together else raw.iloc[:1]
    checked = validate(kinds.assign(formula=parent.formula, family=parent.family))
    if checked.problems:
        problem = checked.problems[0]
        path = ("process",) if processes is None else processes.path_of(int(problem.index))
        raise SpaceError((*path, problem.column), problem.value, problem.reason, problem.suggestion)
    table = _complete(raw.reset_index(drop=True))
    notes = np.full(len(table), "", dtype=object)
    doubtful = {}
    for text, rows in doubts(table, parent.family):
        doubtful[text] = int(rows.sum())
        notes[rows] = np.where(notes[rows] == "", text, notes[rows] + "; " + text)
    return Ways(table, notes, doubtful, dropped or {})


def _complete(raw: pd.DataFrame) -> pd.DataFrame:
    """Return canonical cells with every recipe column but those of the composition."""
    import pandas as pd

    columns = {}
    for name in RECIPE_FIELDS:
        if name in raw.columns:
            columns[name] = raw[name].to_numpy()
        elif name not in ("formula", "family"):
            number = FIELDS[name].kind == "number"
            columns[name] = np.full(len(raw), np.nan if number else None)
    return pd.DataFrame(columns, index=raw.index)
