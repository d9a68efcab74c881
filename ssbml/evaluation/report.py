"""Held-out predictions to tables of figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.evaluation.nested import Scored
from ssbml.metrics import auroc, brier_score, coverage_of, mean_absolute_error

if TYPE_CHECKING:
    import pandas as pd

ROOM_C = (15.0, 35.0)
"""Measurement temperatures that count as room temperature (blank counts too), °C."""

WARM_C = (60.0, 100.0)
"""Measurement temperatures that count as warm, °C."""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures on papers that the models have not seen.

    Attributes
    ----------
    errors : DataFrame
        One row per subset: number of samples and papers, mean absolute error of the model and of
        each baseline (log10 S/cm, or points of relative density).
    purity : DataFrame
        Brier score, Brier skill against the base rate, AUROC.
    coverage : DataFrame
        Share of samples inside the intervals and their median width.
    families : DataFrame
        Errors and coverage per host family.
    """

    errors: pd.DataFrame
    purity: pd.DataFrame
    coverage: pd.DataFrame
    families: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return the tables as lists of records with plain numbers."""
        return {
            name: _plain(getattr(self, name))
            for name in ("errors", "purity", "coverage", "families")
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables under the titles they are printed with."""
        return {
            "Mean absolute error on unseen papers": self.errors,
            "Phase purity on unseen papers": self.purity,
            "Intervals, nested": self.coverage,
            "Conductivity and density per family": self.families,
        }


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _plain_cell(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _plain_cell(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return None if np.isnan(value) else round(value, 6)


def report_of(table: pd.DataFrame, scores: dict[str, Scored]) -> Report:
    """Return the report of held-out predictions.

    Placeholder formulas and bounds are never scored.

    Parameters
    ----------
    table : DataFrame
        The table that was scored.
    scores : dict of str to Scored
        From `ssbml.evaluation.nested.nested_scores`.

    Returns
    -------
    Report
    """
    import pandas as pd

    sigma, density = scores["conductivity_s_cm"], scores["relative_density_pct"]
    purity = scores["phase_purity"]
    subsets = conductivity_subsets(table, sigma)
    errors = [
        _error_row("conductivity (log10 S/cm)", name, sigma, mask) for name, mask in subsets.items()
    ]
    written = ~density.records.placeholder
    errors.append(_error_row("relative density (points)", "all", density, written))
    fired = table["sintering_temp_c"].notna().to_numpy()[density.records.rows]
    errors.append(
        _error_row(
            "relative density (points)", "firing temperature known", density, written & fired
        )
    )
    coverage = [
        _coverage_row(name, scored, subset)
        for name, scored, subset in (
            ("conductivity", sigma, subsets["all"]),
            ("relative density", density, written),
        )
    ]
    families = [
        row
        for name, scored, subset in (
            ("conductivity (log10 S/cm)", sigma, subsets["all"]),
            ("relative density (points)", density, written),
        )
        for row in _family_rows(name, scored, subset)
    ]
    return Report(
        pd.DataFrame(errors),
        pd.DataFrame(_purity_rows(purity)),
        pd.DataFrame(coverage),
        pd.DataFrame(families),
    )


def conductivity_subsets(table: pd.DataFrame, scored: Scored) -> dict[str, NDArray[np.bool_]]:
    """Return which held-out conductivities belong to each subset that is reported.

    Parameters
    ----------
    table : DataFrame
        The table that was scored.
    scored : Scored
        Held-out conductivities, n records.

    Returns
    -------
    dict of str to bool array, shape (n,)
        Bounds and placeholder formulas are in none.
    """
    rows = scored.records.rows
    valued = (scored.records.bound == 0) & ~scored.records.placeholder
    celsius = table["temperature_c"].to_numpy(dtype=float)[rows]
    room = np.isnan(celsius) | ((celsius >= ROOM_C[0]) & (celsius <= ROOM_C[1]))
    warm = (celsius >= WARM_C[0]) & (celsius <= WARM_C[1])
    fired = table["sintering_temp_c"].notna().to_numpy()[rows]
    family = np.array(scored.records.family)
    total = scored.records.matrix.select(("kind_total",))[:, 0] == 1.0
    return {
        "all": valued,
        "15-35 °C": valued & room,
        "60-100 °C": valued & warm,
        "15-35 °C, firing temperature known": valued & room & fired,
        "15-35 °C, garnets": valued & room & (family == "garnet"),
        "15-35 °C, garnets, firing temperature known": valued & room & fired & (family == "garnet"),
        "15-35 °C, stated as total": valued & room & total,
        "15-35 °C, stated as total, garnets": valued & room & total & (family == "garnet"),
        "15-35 °C, stated as total, perovskites": valued & room & total & (family == "perovskite"),
    }


def _error_row(name: str, subset: str, scored: Scored, mask: NDArray[np.bool_]) -> dict[str, Any]:
    truth = scored.truth[mask]
    row: dict[str, Any] = {
        "property": name,
        "subset": subset,
        "samples": int(mask.sum()),
        "papers": len(set(scored.records.group[mask])),
        "model": mean_absolute_error(truth, scored.prediction[mask]),
    }
    for baseline, prediction in scored.baselines.items():
        row[baseline] = mean_absolute_error(truth, prediction[mask])
    return row


def _coverage_row(name: str, scored: Scored, mask: NDArray[np.bool_]) -> dict[str, Any]:
    row: dict[str, Any] = {"property": name, "samples": int(mask.sum())}
    for coverage, (low, high) in scored.intervals.items():
        row[f"coverage {coverage:.0%}"] = coverage_of(scored.truth[mask], low[mask], high[mask])
        row[f"median width {coverage:.0%}"] = float(np.median((high - low)[mask]))
    return row


def _family_rows(name: str, scored: Scored, mask: NDArray[np.bool_]) -> list[dict[str, Any]]:
    family = np.array(scored.records.family)
    rows = []
    for label in sorted(set(family[mask].tolist())):
        mine = mask & (family == label)
        low, high = scored.intervals[0.9]
        row = _error_row(name, label, scored, mine)
        row["coverage 90%"] = coverage_of(scored.truth[mine], low[mine], high[mine])
        row["family"] = row.pop("subset")
        rows.append({"property": name, "family": label, **row})
    return rows


def _purity_rows(scored: Scored) -> list[dict[str, Any]]:
    outcome = scored.truth
    base = brier_score(outcome, scored.baselines["global median"])
    rows = []
    for label, probability in (
        ("model", scored.prediction),
        ("without processing", scored.baselines["without processing"]),
        ("family rate", scored.baselines["family median"]),
        ("base rate", scored.baselines["global median"]),
    ):
        brier = brier_score(outcome, probability)
        rows.append(
            {
                "predictor": label,
                "samples": len(outcome),
                "papers": len(set(scored.records.group)),
                "pure": float(outcome.mean()),
                "Brier": brier,
                "Brier skill": 1.0 - brier / base,
                "AUROC": auroc(outcome, probability),
            }
        )
    return rows
