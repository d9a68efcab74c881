"""Run the checks on a model: one prediction call, one verdict a check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.features.assemble import assemble, families_of
from ssbml.features.context import as_sintered
from ssbml.physics.checks import STRENGTHS, Check, shipped_checks
from ssbml.physics.relations import judge, likely_reason
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.predictor import Predictor

SCORE_COLUMNS = (
    "check",
    "group",
    "strength",
    "quantity",
    "claim",
    "passed",
    "outcome",
    "value",
    "expected",
    "steps",
    "source",
    "reason",
    "likely_reason",
)
"""Columns of the score card."""

_KNOWN = ("relative_density_pct", "phase_main")


def check_physics(predictor: Predictor, checks: Sequence[Check] | None = None) -> pd.DataFrame:
    """Ask a model for the directions that two reviews report.

    Parameters
    ----------
    predictor : Predictor
        Any fitted model.
    checks : sequence of Check, optional
        Those that travel with the package by default.

    Returns
    -------
    DataFrame
        One row a check, columns `SCORE_COLUMNS`: ``passed``; ``outcome`` (met, no effect, not
        met); ``value``, the change that was judged
        (log10 S/cm, points of density, probability, share out of domain); ``expected``; ``steps``,
        the means of the quantity at each step; ``reason``, the physics; ``likely_reason``, why the
        model fails, blank where it passes.
    """
    import pandas as pd

    chosen = shipped_checks() if checks is None else tuple(checks)
    rows = []
    for check, values in zip(chosen, _means(predictor, chosen), strict=True):
        verdict = judge(check, values)
        rows.append(
            (
                check.id,
                check.group,
                check.strength,
                check.quantity,
                check.claim,
                verdict.passed,
                verdict.outcome,
                verdict.value,
                verdict.expected,
                ", ".join(f"{v:.4g}" for v in values),
                check.source,
                check.reason,
                likely_reason(check, verdict),
            )
        )
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def strong_failures(predictor: Predictor) -> list[str]:
    """Return the claims of the strong checks that a model does not meet, for a gate."""
    score = check_physics(predictor, [c for c in shipped_checks() if c.strength == "strong"])
    return [str(claim) for claim in score.loc[~score["passed"], "claim"]]


def shares(score: pd.DataFrame) -> pd.DataFrame:
    """Return how many checks of each strength, and of all, a score card passed.

    Parameters
    ----------
    score : DataFrame
        From `check_physics`.

    Returns
    -------
    DataFrame
        Columns ``strength``, ``checks``, ``passed`` and ``share``.
    """
    import pandas as pd

    present = [s for s in STRENGTHS if (score["strength"] == s).any()]
    groups = [(s, score["passed"][score["strength"] == s]) for s in present]
    groups.append(("all", score["passed"]))
    return pd.DataFrame(
        {"strength": name, "checks": len(p), "passed": int(p.sum()), "share": float(p.mean())}
        for name, p in groups
    )


def _means(predictor: Predictor, checks: tuple[Check, ...]) -> list[FloatArray]:
    """Return the mean of each check's quantity at each of its steps, from one prediction."""
    recipes: list[dict[str, Any]] = []
    spans: list[list[slice]] = []
    for check in checks:
        steps = []
        for step in check.recipes():
            steps.append(slice(len(recipes), len(recipes) + len(step)))
            recipes.extend(step)
        spans.append(steps)
    known = {name: [_known(recipe, name) for recipe in recipes] for name in _KNOWN}
    plain = [{k: v for k, v in recipe.items() if k != "known"} for recipe in recipes]
    table = predictor.predict(plain, known=known)
    phases = _phase_probabilities(predictor, plain) if any(c.phase for c in checks) else {}
    out = []
    for check, steps in zip(checks, spans, strict=True):
        values = _values(check, table, phases)
        out.append(np.array([values[step].mean() for step in steps]))
    return out


def _known(recipe: dict[str, Any], name: str) -> Any:
    return recipe.get("known", {}).get(name)


def _values(check: Check, table: pd.DataFrame, phases: dict[str, FloatArray]) -> FloatArray:
    if check.phase is not None:
        return phases.get(check.phase, np.zeros(len(table)))
    values = table[check.quantity].to_numpy(dtype=float)
    return np.log10(values) if check.quantity == "conductivity_s_cm" else values


def _phase_probabilities(
    predictor: Predictor, recipes: list[dict[str, Any]]
) -> dict[str, FloatArray]:
    import pandas as pd

    table = validate(pd.DataFrame(recipes, dtype=object)).table
    shares = predictor.phases.probabilities(as_sintered(assemble(table)), families_of(table))
    return dict(zip(predictor.phases.names, shares.T, strict=True))
