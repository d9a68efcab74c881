"""The outcome of a screening."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssbml.predictor import Predictor
from ssbml.screening.candidates import Candidates
from ssbml.screening.digest import common, digest
from ssbml.screening.goals import Goals
from ssbml.screening.summary import Summary

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False)
class ScreenResult:
    """Ranked recipes of a search space.

    Attributes
    ----------
    ranked : DataFrame
        The best recipes: ``rank``, the recipe columns, the columns of ``ssbml.predict``, ``score``,
        ``group`` (recipes that the intervals cannot tell apart) and ``pareto`` (no feasible recipe
        of the space is better in every objective). The index is the candidate number.
    pareto : DataFrame
        The Pareto front of all feasible recipes, best score first, same columns without ``rank``
        and ``group``; of recipes with equal predictions the one with the lowest number.
    summary : Summary
        What was looked at, dropped and ruled out.
    goals : Goals
        Objectives, constraints and attitude to risk that were applied.
    candidates : Candidates
        All recipes of the space.
    predictor : Predictor
        The model that was used.
    """

    ranked: pd.DataFrame
    pareto: pd.DataFrame
    summary: Summary
    goals: Goals
    candidates: Candidates
    predictor: Predictor

    def to_html(self, path: str | Path, *, batch_g: float = 10.0) -> None:
        """Write the self-contained HTML report.

        Parameters
        ----------
        path : str or Path
            The file.
        batch_g : float, default 10
            Mass of product of a batch on the batch sheets, g.

        Raises
        ------
        TableError
            The file cannot be written.
        WeighingError
            ``batch_g`` is out of range.
        """
        from ssbml.report.screening import write_screening

        write_screening(self, Path(path), batch_g=batch_g)

    def __repr__(self) -> str:
        return f"ScreenResult\n{self.summary}"

    def _repr_html_(self) -> str:
        shown = digest(self.ranked.head(_SHOWN))
        shared = common(self.ranked)
        parts = [
            f"<p>{'<br>'.join(html.escape(line) for line in self.summary.lines())}</p>",
            f"<p>all: {html.escape(shared)}</p>" if shared else "",
            shown.to_html(index=False, border=0),
        ]
        if len(self.ranked) > _SHOWN:
            parts.append(f"<p>... and {len(self.ranked) - _SHOWN:,} more rows in .ranked</p>")
        return "".join(parts)
