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

    from ssbml.practical.shelf import Shelf

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

    def enriched(
        self,
        *,
        batch_g: float = 10.0,
        thickness_um: float | None = None,
        shelf: Shelf | None = None,
    ) -> pd.DataFrame:
        """Return the ranked recipes with weights, cost, resistance and what was published nearby.

        Parameters
        ----------
        batch_g, thickness_um, shelf
            As for `ssbml.practical.enrich.enrich`.

        Raises
        ------
        WeighingError
            ``batch_g`` is out of range, or the shelf names what no recipe needs.
        ValueError
            ``thickness_um`` is not above 0.
        """
        from ssbml.practical.enrich import enrich

        return enrich(
            self.ranked, self.predictor, batch_g=batch_g, thickness_um=thickness_um, shelf=shelf
        )

    def batches(self, *, batch_g: float = 10.0, shelf: Shelf | None = None) -> pd.DataFrame:
        """Return the batch sheets of all ranked recipes, one row a starting material.

        Parameters
        ----------
        batch_g, shelf
            As for `ssbml.report.sheets.batch_table`.
        """
        from ssbml.report.sheets import batch_table

        return batch_table(self.ranked, batch_g, shelf)

    def to_html(
        self, path: str | Path, *, batch_g: float = 10.0, shelf: Shelf | None = None
    ) -> None:
        """Write the self-contained HTML report.

        Parameters
        ----------
        path : str or Path
            The file.
        batch_g : float, default 10
            Mass of product of a batch on the batch sheets, g.
        shelf : Shelf, optional
            Choice, purity and ignition loss of starting materials.

        Raises
        ------
        TableError
            The file cannot be written.
        WeighingError
            ``batch_g`` is out of range, or the shelf names what no recipe needs.
        """
        from ssbml.report.screening import write_screening

        write_screening(self, Path(path), batch_g=batch_g, shelf=shelf)

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
