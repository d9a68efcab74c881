"""What a screening did, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of one screening.

    Attributes
    ----------
    size : int
        Combinations that the space describes.
    candidates : int
        Recipes that left enumeration and were predicted.
    dropped : mapping of str to int
        Combinations that did not become recipes, by reason.
    outside_domain : int
        Recipes outside what the data of the model support.
    feasible : int
        Recipes that meet every constraint.
    failed : mapping of str to int
        Recipes that miss each constraint.
    freed : mapping of str to int
        Recipes that miss that constraint only.
    verdict : str
        Which constraint rules out how many, in words.
    ranked, groups, front : int
        Recipes in the ranked table, groups among them, recipes on the Pareto front.
    seconds : float
        Time for predicting and ranking.
    model : str
        Name of the model.
    coverage : float
        Coverage of the intervals.
    risk : str
        Attitude to uncertainty.
    diverse : bool
        Whether the ranked recipes were picked to differ.
    objectives : mapping of str to str
        What is wanted of each column.
    incumbent : mapping of str to float
        What ``expected_improvement`` had to beat.
    warnings : tuple of str
        What to keep in mind.
    proposed : tuple of str
        Ions that ``sites: auto`` proposed, with reasons.
    """

    size: int
    candidates: int
    dropped: Mapping[str, int]
    outside_domain: int
    feasible: int
    failed: Mapping[str, int]
    freed: Mapping[str, int]
    verdict: str
    ranked: int
    groups: int
    front: int
    seconds: float
    model: str
    coverage: float
    risk: str
    diverse: bool
    objectives: Mapping[str, str]
    incumbent: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        lists = {"warnings": list(self.warnings), "proposed": list(self.proposed)}
        return {**asdict(self), **lists}

    def lines(self) -> list[str]:
        """Return the summary in sentences."""
        space = space_lines(self.size, self.candidates, self.dropped, self.warnings, self.proposed)
        return space + self.outcome_lines()

    def outcome_lines(self) -> list[str]:
        """Return in sentences what came of the recipes."""
        fit = f"{self.feasible:,} of {self.candidates:,} recipes meet the constraints"
        if self.failed:
            fit += f": {self.verdict}"
        kind = "diverse batch, " if self.diverse else ""
        return [
            fit,
            f"{self.outside_domain:,} lie outside the domain of the model",
            f"{self.ranked:,} ranked in {self.groups:,} group{'s' * (self.groups != 1)} that the "
            f"intervals can tell apart, {self.front:,} on the Pareto front",
            f"model {self.model}, {kind}risk {self.risk}, coverage {self.coverage:g}, "
            f"{self.seconds:.1f} s",
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())


def space_lines(
    size: int,
    candidates: int,
    dropped: Mapping[str, int],
    warnings: Sequence[str],
    proposed: Sequence[str] = (),
) -> list[str]:
    """Return in sentences how large a space is, what was dropped and what is doubtful.

    Parameters
    ----------
    size : int
        Combinations.
    candidates : int
        Recipes among them.
    dropped : mapping of str to int
        Combinations that are no recipes, by reason.
    warnings : sequence of str
    proposed : sequence of str
        Ions that ``sites: auto`` proposed, with reasons.
    """
    by_count = sorted(dropped.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"{size:,} combinations, {candidates:,} recipes",
        *(f"proposed: {text}" for text in proposed),
        *(f"dropped {count:,}: {reason}" for reason, count in by_count),
        *(f"warning: {text}" for text in warnings),
    ]
