"""The search for changes of one recipe that reach a goal, and what they cost.

Changes are tried one field at a time over all offered values, then in pairs and triples of fields;
fewer changed fields come first, then smaller changes (Wachter et al., Harvard J. Law Technol. 31
(2018) 841, with sparsity before distance). Every suggestion is predicted again from its recipe.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.formula import FormulaError
from ssbml.explanation.levers import Lever
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.support import support_words
from ssbml.explanation.sweeps import columns_of
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.predictor import Predictor

_PAIR_VALUES = 6
_BEAM = 40
_SLACK = 1e-9

REPORT_COLUMNS = (
    "changes",
    "n_changes",
    "size",
    *OUTPUTS,
    "conductivity_factor",
    "density_change",
    "purity_change",
    "domain_distance",
    "published_samples",
    "support",
)
"""Columns of a report, before those of the changed recipe."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A changed recipe.

    Attributes
    ----------
    changes : tuple of (Lever, value)
        What is changed, and to what.
    recipe : dict
        The recipe after the changes, stated fields only.
    """

    changes: tuple[tuple[Lever, Any], ...]
    recipe: dict[str, Any]

    @property
    def size(self) -> float:
        """How large the changes are, see `ssbml.explanation.levers.Lever.size`."""
        return sum(lever.size(value) for lever, value in self.changes)

    @property
    def levers(self) -> frozenset[str]:
        """Names of what is changed."""
        return frozenset(lever.name for lever, _ in self.changes)


class Search:
    """Tries changes of one recipe.

    Parameters
    ----------
    predictor : Predictor
        The model.
    family : str
        Host family of the recipe.
    recipe : dict
        Stated fields.
    output : Output
        Property to raise.
    amount : float
        A factor for a logarithmic property, else an amount in its unit.
    """

    def __init__(
        self,
        predictor: Predictor,
        family: str,
        recipe: dict[str, Any],
        output: Output,
        amount: float,
    ) -> None:
        self.predictor = predictor
        self.family = family
        self.recipe = recipe
        self.output = output
        self.before = predictor.predict_table(columns_of([recipe])).iloc[0]
        step = np.log10(amount) if output.logarithmic else amount
        self.start = float(output.added(self.before[output.column]))
        self.goal = self.start + float(step)
        self.best: tuple[float, str] = (-np.inf, "")

    def run(self, levers: list[Lever], top: int) -> list[Trial]:
        """Return trials that reach the goal, the smallest of each set of fields."""
        reached: list[Trial] = []
        level = self._trials([((lever, value),) for lever in levers for value in lever.values])
        gains = self._gains(level)
        reached += self._smallest(level, gains)
        few = [_thinned(lever) for lever in levers]
        pairs = [
            ((one, a), (two, b))
            for one, two in combinations(few, 2)
            for a, b in product(one.values, two.values)
        ]
        if len(reached) < top:
            level = self._trials([c for c in pairs if not _holds_any(c, reached)])
            gains = self._gains(level)
            reached += self._smallest(level, gains)
        if len(reached) < top and len(level):
            beam = [level[i] for i in np.argsort(-gains, kind="stable")[:_BEAM]]
            triples = {
                tuple(sorted(((*t.changes, (lever, v))), key=lambda c: c[0].name))
                for t in beam
                for lever in few
                if lever.name not in t.levers
                for v in lever.values
            }
            level = self._trials(
                [c for c in sorted(triples, key=str) if not _holds_any(c, reached)]
            )
            reached += self._smallest(level, self._gains(level))
        return sorted(reached, key=lambda t: (len(t.changes), t.size, str(t.changes)))

    def _trials(self, changes: list[tuple[tuple[Lever, Any], ...]]) -> list[Trial]:
        """Return the changed recipes that can be made and written down."""
        out = []
        for change in changes:
            made: dict[str, Any] = dict(self.recipe)
            try:
                for lever, value in change:
                    made = lever.put(made, self.family, value)
            except FormulaError:
                continue
            out.append(Trial(change, made))
        return out

    def _gains(self, trials: list[Trial]) -> FloatArray:
        """Return the property of trials in the unit of addition, -inf outside the domain."""
        if not trials:
            return np.empty(0)
        found = self.predictor.predict_table(columns_of([t.recipe for t in trials]))
        value = self.output.added(found[self.output.column])
        value = np.where(found["in_domain"].to_numpy(dtype=bool), value, -np.inf).astype(float)
        top = int(np.argmax(value))
        if value[top] > self.best[0]:
            self.best = float(value[top]), _words(trials[top])
        return value

    def _smallest(self, trials: list[Trial], gains: FloatArray) -> list[Trial]:
        """Return the smallest trial that reaches the goal for each set of fields."""
        by_levers: dict[frozenset[str], Trial] = {}
        for trial, gain in zip(trials, gains, strict=True):
            if gain < self.goal:
                continue
            other = by_levers.get(trial.levers)
            if other is None or trial.size < other.size:
                by_levers[trial.levers] = trial
        return list(by_levers.values())

    def report(self, trials: list[Trial], top: int) -> pd.DataFrame:
        """Return confirmed trials as a table."""
        import pandas as pd

        rows = []
        for trial in trials:
            after = self._confirmed(trial)
            if after is not None:
                rows.append(self._row(trial, after))
            if len(rows) == top:
                break
        columns = list(dict.fromkeys((*REPORT_COLUMNS, *(n for r in rows for n in r))))
        index = pd.RangeIndex(1, len(rows) + 1, name="rank")
        frame = pd.DataFrame(rows, columns=columns, index=index)
        frame.attrs["best"] = self._best_words()
        frame.attrs["best_gain"] = self.best[0] - self.start if np.isfinite(self.best[0]) else None
        return frame

    def _confirmed(self, trial: Trial) -> pd.Series[Any] | None:
        """Predict a trial again from its recipe alone; None if it does not keep its promise."""
        import pandas as pd

        raw = pd.DataFrame({name: [cell] for name, cell in trial.recipe.items()}, dtype=object)
        checked = validate(raw)
        if checked.problems:
            return None
        after = self.predictor.predict_table(checked.table).iloc[0]
        value = float(self.output.added(after[self.output.column]))
        return after if after["in_domain"] and value >= self.goal - _SLACK else None

    def _row(self, trial: Trial, after: pd.Series[Any]) -> dict[str, Any]:
        number = min(lever.published for lever, _ in trial.changes)
        sigma, density, purity = OUTPUTS
        return {
            "changes": _words(trial),
            "n_changes": len(trial.changes),
            "size": trial.size,
            **{column: after[column] for column in OUTPUTS},
            "conductivity_factor": after[sigma] / self.before[sigma],
            "density_change": after[density] - self.before[density],
            "purity_change": after[purity] - self.before[purity],
            "domain_distance": after["domain_distance"],
            "published_samples": number,
            "support": support_words(number, self.family),
            **trial.recipe,
        }

    def _best_words(self) -> str:
        value, words = self.best
        if not np.isfinite(value):
            return "nothing that may change stays in the domain"
        return f"{self.output.effect(value - self.start)} by {words}"


def _thinned(lever: Lever) -> Lever:
    """Return a lever with few of its values, spread over all of them."""
    n = len(lever.values)
    if n <= _PAIR_VALUES:
        return lever
    at = np.unique(np.linspace(0, n - 1, _PAIR_VALUES).round().astype(int))
    values = tuple(lever.values[i] for i in at)
    return replace(lever, values=values)


def _holds_any(change: tuple[tuple[Lever, Any], ...], reached: list[Trial]) -> bool:
    """Whether a set of changes contains fields that reach the goal by themselves."""
    names = {lever.name for lever, _ in change}
    return any(trial.levers <= names for trial in reached)


def _words(trial: Trial) -> str:
    return "; ".join(lever.text(value) for lever, value in trial.changes)
