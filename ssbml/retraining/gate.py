"""Whether a retrained model may take the place of its base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.retraining.residuals import MIN_GROUPS
from ssbml.retraining.trial import MAX_SUSPICIOUS, TYPICAL_ERROR, Trial

MIN_PROBABILITY = 0.9
"""Least probability, by bootstrap over groups, that the error on unseen lab rows falls."""

MIN_COVERAGE = 0.8
"""Least share of unseen lab rows inside the 90 % intervals, unless the base's is lower still."""

MAX_LITERATURE_RISE = 0.02
"""Largest relative rise of the error on published rows, whole papers held out."""

MAX_LITERATURE_LOSS = 0.02
"""Largest loss of coverage of the 90 % intervals on published rows."""

_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found.

    Attributes
    ----------
    promoted : bool
        Whether all conditions are met.
    reasons : tuple of str
        What is not met; what was found if all is.
    probability : float or None
        That the error on unseen lab rows falls.
    metrics : dict
        Figures by property, in JSON.
    literature : dict
        Figures on published rows of each property that was fitted again, in JSON.
    """

    promoted: bool
    reasons: tuple[str, ...]
    probability: float | None
    metrics: dict[str, Any] = field(default_factory=dict)
    literature: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reasons in one sentence."""
        return "; ".join(self.reasons)


def judge(
    trials: Mapping[str, Trial],
    suspicious_share: float,
    failures: tuple[list[str], list[str]],
    seed: int,
    literature: Mapping[str, dict[str, Any]] | None = None,
) -> Verdict:
    """Compare a retrained model with its base.

    Parameters
    ----------
    trials : mapping of str to Trial
        Outer-fold answers; none when there were too few groups.
    suspicious_share : float
        Share of lab rows that are suspicious.
    failures : tuple of (list of str, list of str)
        Strong physics checks that the base and the new model fail.
    seed : int
        Of the bootstrap.
    literature : mapping of str to dict, optional
        Figures on published rows of each property that was fitted again
        (`ssbml.retraining.refitting.Refits.on_literature`). A correction beside the base leaves
        these as they are.

    Returns
    -------
    Verdict
    """
    published = dict(literature or {})
    metrics = {key: _figures(key, trial, seed) for key, trial in trials.items()}
    wrong = []
    if suspicious_share > MAX_SUSPICIOUS:
        wrong.append(
            f"{100 * suspicious_share:.0f} % of the rows are suspicious (at most "
            f"{100 * MAX_SUSPICIOUS:.0f} % may be): check units and columns"
        )
    probability = None
    if not trials:
        wrong.append(
            f"the rows make fewer than {MIN_GROUPS} groups to hold out, too few to tell whether "
            "the error falls"
        )
    else:
        probability = improvement_probability(*_pooled(trials), seed)
        if probability < MIN_PROBABILITY:
            wrong.append(
                f"the error on unseen lab rows falls with probability {probability:.2f}, "
                f"{MIN_PROBABILITY} is needed"
            )
    for key, found in metrics.items():
        now, before = found.get("coverage_after"), found.get("coverage_before")
        if now is not None and before is not None and now < min(MIN_COVERAGE, before):
            wrong.append(f"{key}: the 90 % intervals hold only {100 * now:.0f} % of unseen rows")
    wrong += [said for key, found in published.items() for said in _worse(key, found)]
    before_fails, after_fails = failures
    if len(after_fails) > len(before_fails):
        new = [claim for claim in after_fails if claim not in before_fails]
        wrong.append(f"it contradicts physics that its base does not: {'; '.join(new[:3])}")
    if wrong:
        return Verdict(False, tuple(wrong), probability, metrics, published)
    said = f"the error on unseen lab rows falls with probability {probability:.2f}"
    return Verdict(True, (said,), probability, metrics, published)


def _worse(key: str, found: Mapping[str, Any]) -> list[str]:
    """Return in which way published rows are predicted worse than they may."""
    said = []
    rise = found["error_after"] / found["error_before"] - 1.0
    if rise > MAX_LITERATURE_RISE:
        said.append(
            f"{key}: the error on published rows rises by {100 * rise:.1f} % (at most "
            f"{100 * MAX_LITERATURE_RISE:.0f} % is allowed)"
        )
    loss = found.get("coverage_before", 0.0) - found.get("coverage_after", 0.0)
    if loss > MAX_LITERATURE_LOSS:
        said.append(
            f"{key}: the 90 % intervals hold {100 * loss:.1f} points fewer of the published rows "
            f"(at most {100 * MAX_LITERATURE_LOSS:.0f} are allowed)"
        )
    return said


def improvement_probability(change: FloatArray, groups: NDArray[np.intp], seed: int) -> float:
    """Return the share of bootstrap draws of groups in which the mean change is below 0.

    Parameters
    ----------
    change : array, shape (n,)
        Error after minus error before.
    groups : array, shape (n,)
        What is drawn together.
    seed : int
        Of the draws.
    """
    means = _bootstrap(change, groups, seed)
    return float(np.mean(means < 0.0))


def _bootstrap(values: FloatArray, groups: NDArray[np.intp], seed: int) -> FloatArray:
    """Return bootstrapped means, each group one vote."""
    _, which, counts = np.unique(groups, return_inverse=True, return_counts=True)
    means = np.bincount(which, values) / counts
    generator = np.random.default_rng(seed)
    drawn = generator.integers(0, len(means), (_DRAWS, len(means)))
    return np.asarray(means[drawn].mean(axis=1), dtype=float)


def _pooled(trials: Mapping[str, Trial]) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return the changes of error of all properties, each over its typical error, and groups."""
    change = [(t.error_after - t.error_before) / TYPICAL_ERROR[key] for key, t in trials.items()]
    return np.concatenate(change), np.concatenate([t.found.fold_group for t in trials.values()])


def _figures(key: str, trial: Trial, seed: int) -> dict[str, Any]:
    before, after = trial.error_before, trial.error_after
    means = _bootstrap(after - before, trial.found.fold_group, seed)
    figures: dict[str, Any] = {
        "values": len(before),
        "groups": len(np.unique(trial.found.fold_group)),
        "error_before": float(before.mean()),
        "error_after": float(after.mean()),
        "change_90": [float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))],
        "falls_with_probability": float(np.mean(means < 0.0)),
    }
    if key != "purity":
        figures["coverage_before"] = float(trial.inside_before.mean())
        figures["coverage_after"] = float(trial.inside_after.mean())
    return figures
