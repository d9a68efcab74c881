"""What a report of retraining says, as plain tables and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import is_missing
from ssbml.retraining.gate import Verdict
from ssbml.retraining.information import teaching_experiments
from ssbml.retraining.residuals import Lab
from ssbml.retraining.trial import Trial
from ssbml.targets import CONDUCTIVITY, DENSITY, PURITY, Target

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.lab.read import LabFile

PROPERTIES: dict[str, Target] = {
    "conductivity": CONDUCTIVITY,
    "density": DENSITY,
    "purity": PURITY,
}
"""The column that each learned property belongs to."""

MOVED = 10
"""How many of the rows that moved most are shown."""


def parity(lab: Lab, trials: Mapping[str, Trial], lines: list[int]) -> pd.DataFrame:
    """Return measured values beside the answers before and after, for rows not learned from.

    Parameters
    ----------
    lab : Lab
        Lab rows.
    trials : mapping of str to Trial
        Outer-fold answers.
    lines : list of int
        Spreadsheet line of each row.

    Returns
    -------
    DataFrame
        Columns ``line``, ``formula``, ``property``, ``measured``, ``before``, ``after`` (units of
        `PROPERTIES`) and ``moved`` (model units, absolute).
    """
    import pandas as pd

    formulas = lab.samples.table["formula"].tolist()
    parts = []
    for key, trial in trials.items():
        inverse = PROPERTIES[key].inverse
        rows = trial.found.rows.tolist()
        parts.append(
            pd.DataFrame(
                {
                    "line": [lines[r] for r in rows],
                    "formula": [formulas[r] for r in rows],
                    "property": key,
                    "measured": inverse(trial.found.truth),
                    "before": inverse(trial.before),
                    "after": inverse(trial.after),
                    "moved": np.abs(trial.after - trial.before),
                }
            )
        )
    names = ["line", "formula", "property", "measured", "before", "after", "moved"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)


def moved_most(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `parity` whose answers moved most, ties in file order."""
    order = table.sort_values("moved", ascending=False, kind="stable")
    return order.head(MOVED).reset_index(drop=True)


def findings_json(
    verdict: Verdict,
    methods: Mapping[str, str],
    compared: Mapping[str, Mapping[str, float]],
    suspicious: Mapping[int, str],
    file: LabFile,
    lab: Lab,
    trials: Mapping[str, Trial],
) -> bytes:
    """Return the report as JSON."""
    moved = moved_most(parity(lab, trials, file.lines))
    report = {
        "promoted_by_the_gate": verdict.promoted,
        "reason": verdict.reason,
        "falls_with_probability": verdict.probability,
        "held_out": lab.holdout_name,
        "properties": verdict.metrics,
        "published_rows": verdict.literature,
        "methods": dict(methods),
        "compared": compared,
        "suspicious": [{"line": line, "why": why} for line, why in suspicious.items()],
        "moved_most": _records(moved),
        "teach_most": _records(teaching_experiments(lab)),
        "read": file.report.as_dict(),
    }
    return (json.dumps(report, indent=1, allow_nan=False, default=str) + "\n").encode("utf-8")


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(k): _plain(v) for k, v in record.items() if not is_missing(v)}
        for record in table.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
