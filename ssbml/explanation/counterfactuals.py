"""The smallest changes to a recipe that raise a property, each with its cost in the others.

Changes are tried one field at a time over all offered values, then in pairs and triples of fields;
fewer changed fields come first, then smaller changes (Wachter et al., Harvard J. Law Technol. 31
(2018) 841, with sparsity before distance). Every suggestion is predicted again from its recipe.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import is_missing
from ssbml.chemistry.elements import element_index
from ssbml.chemistry.formula import FormulaError
from ssbml.datasets.load import load_dataset
from ssbml.errors import RecipeError, VaryError
from ssbml.explanation.explainer import Explainer
from ssbml.explanation.levers import Allowed, Lever, asked_levers, default_levers
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.players import recipes_of
from ssbml.explanation.support import support_words
from ssbml.explanation.sweeps import columns_of
from ssbml.features.assemble import families_of
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.request import as_table
from ssbml.tables.validate import validate
from ssbml.vocabulary import closest

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_BY: dict[str, float] = dict(zip(OUTPUTS, (2.0, 1.0, 0.02), strict=True))
"""How much is asked for unless said: a factor, points of density, probability."""

_PAIR_VALUES = 6
_BEAM = 40
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class _Trial:
    """A changed recipe."""

    changes: tuple[tuple[Lever, Any], ...]
    recipe: dict[str, Any]

    @property
    def size(self) -> float:
        return sum(lever.size(value) for lever, value in self.changes)

    @property
    def levers(self) -> frozenset[str]:
        return frozenset(lever.name for lever, _ in self.changes)


def improve(
    recipe: Any,
    property: str = "conductivity_s_cm",
    *,
    by: float | None = None,
    allow: Allowed | None = None,
    fix: Iterable[str] = (),
    top: int = 5,
    model: str | Predictor | None = None,
    **fields: Any,
) -> pd.DataFrame:
    """Propose the smallest changes to a recipe that raise a property.

    Parameters
    ----------
    recipe : str, Recipe, dict or table of one row
        The recipe, as in `ssbml.predict`.
    property : str, default "conductivity_s_cm"
        ``conductivity_s_cm``, ``relative_density_pct`` or ``phase_purity``.
    by : float, optional
        A factor (conductivity, default 2), points (density, default 1) or probability (purity,
        default 0.02).
    allow : mapping, optional
        The only fields that may change, each with its range ``(low, high)`` or its values; an
        element symbol stands for the amount of that dopant per formula. By default what the
        recipe states or what matters for its form, where at least 15 published samples of the
        family vary it, over their range.
    fix : iterable of str, optional
        Fields or dopants that may not change.
    top : int, default 5
        Suggestions to return, each changing another set of fields.
    model : str or Predictor, optional
        A model name or an opened model.
    **fields : object
        Recipe columns that go with a formula.

    Returns
    -------
    DataFrame
        Best first, index ``rank``: ``changes`` in words, ``n_changes``, ``size`` (1 is a whole
        range), the three predicted properties, ``conductivity_factor``, ``density_change``,
        ``purity_change`` against the recipe, ``domain_distance``, ``published_samples`` (the field
        with the fewest), ``support``, then the columns of the changed recipe. Empty when nothing
        reaches the goal; ``attrs["best"]`` then tells the most that was found, in words.

    Raises
    ------
    VaryError
        An unknown property or field, an empty or reversed range, a goal that is no improvement, or
        not exactly one recipe.
    RecipeError, TableError, ModelError
        As in `ssbml.predict`.

    Examples
    --------
    >>> better = improve("Li6.4La3Zr1.4Ta0.6O12", by=1.1, sintering_temp_c=1050, form="pellet")
    >>> bool((better["conductivity_factor"] >= 1.1).all())
    True
    """
    output = _output(property)
    amount = _checked_goal(output, DEFAULT_BY[property] if by is None else by)
    raw, first_row = as_table(recipe, fields)
    checked = validate(raw, first_row=first_row)
    if checked.problems:
        raise RecipeError(checked.problems)
    if len(checked.table) != 1:
        raise VaryError(f"one recipe is improved at a time, {len(checked.table)} were given")
    predictor = model if isinstance(model, Predictor) else load_model(model)
    family = families_of(checked.table)[0]
    stated = {n: c for n, c in recipes_of(checked.table)[0].items() if not is_missing(c)}
    counts = Explainer.of(predictor).counts
    if allow is None:
        levers = default_levers(stated, family, property, counts, load_dataset("literature"))
    else:
        levers = asked_levers(allow, stated, family, property, counts)
    held = set(fix)
    _check_fixed(held)
    levers = [lever for lever in levers if lever.name not in held]
    search = _Search(predictor, family, stated, output, amount)
    return search.report(search.run(levers, top), top)


class _Search:
    """Tries changes of one recipe."""

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

    def run(self, levers: list[Lever], top: int) -> list[_Trial]:
        """Return trials that reach the goal, the smallest of each set of fields."""
        reached: list[_Trial] = []
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

    def _trials(self, changes: list[tuple[tuple[Lever, Any], ...]]) -> list[_Trial]:
        """Return the changed recipes that can be made and written down."""
        out = []
        for change in changes:
            made: dict[str, Any] = dict(self.recipe)
            try:
                for lever, value in change:
                    made = lever.put(made, self.family, value)
            except FormulaError:
                continue
            out.append(_Trial(change, made))
        return out

    def _gains(self, trials: list[_Trial]) -> Any:
        """Return the property of trials in the unit of addition, -inf outside the domain."""
        if not trials:
            return np.empty(0)
        found = self.predictor.predict_table(columns_of([t.recipe for t in trials]))
        value = self.output.added(found[self.output.column])
        value = np.where(found["in_domain"].to_numpy(dtype=bool), value, -np.inf)
        top = int(np.argmax(value))
        if value[top] > self.best[0]:
            self.best = float(value[top]), _words(trials[top])
        return value

    def _smallest(self, trials: list[_Trial], gains: Any) -> list[_Trial]:
        """Return the smallest trial that reaches the goal for each set of fields."""
        by_levers: dict[frozenset[str], _Trial] = {}
        for trial, gain in zip(trials, gains, strict=True):
            if gain < self.goal:
                continue
            other = by_levers.get(trial.levers)
            if other is None or trial.size < other.size:
                by_levers[trial.levers] = trial
        return list(by_levers.values())

    def report(self, trials: list[_Trial], top: int) -> pd.DataFrame:
        """Return confirmed trials as a table."""
        import pandas as pd

        rows = []
        for trial in trials:
            after = self._confirmed(trial)
            if after is not None:
                rows.append(self._row(trial, after))
            if len(rows) == top:
                break
        columns = list(dict.fromkeys((*_REPORT, *(n for r in rows for n in r))))
        index = pd.RangeIndex(1, len(rows) + 1, name="rank")
        frame = pd.DataFrame(rows, columns=columns, index=index)
        frame.attrs["best"] = self._best_words()
        return frame

    def _confirmed(self, trial: _Trial) -> pd.Series[Any] | None:
        """Predict a trial again from its recipe alone; None if it does not keep its promise."""
        import pandas as pd

        raw = pd.DataFrame({name: [cell] for name, cell in trial.recipe.items()}, dtype=object)
        checked = validate(raw)
        if checked.problems:
            return None
        after = self.predictor.predict_table(checked.table).iloc[0]
        value = float(self.output.added(after[self.output.column]))
        return after if after["in_domain"] and value >= self.goal - _SLACK else None

    def _row(self, trial: _Trial, after: pd.Series[Any]) -> dict[str, Any]:
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


_REPORT = (
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


def _output(name: str) -> Output:
    if name in OUTPUTS:
        return OUTPUTS[name]
    like = closest(name, OUTPUTS)
    hint = f", did you mean {like}?" if like else ""
    raise VaryError(f"'{name}' is not predicted; known are {', '.join(OUTPUTS)}{hint}")


def _checked_goal(output: Output, by: float) -> float:
    least = 1.0 if output.logarithmic else 0.0
    if not (np.isfinite(by) and by > least):
        what = "a factor above 1" if output.logarithmic else f"a number of {output.unit} above 0"
        raise VaryError(f"by = {by:g}: {output.word} is raised by {what}")
    return float(by)


def _check_fixed(names: set[str]) -> None:
    for name in sorted(names):
        if name not in FIELDS and name not in element_index():
            like = closest(name, RECIPE_FIELDS)
            raise VaryError(
                f"'{name}' cannot be kept: there is no such field"
                + (f", did you mean {like}?" if like else "")
            )


def _thinned(lever: Lever) -> Lever:
    """Return a lever with few of its values, spread over all of them."""
    n = len(lever.values)
    if n <= _PAIR_VALUES:
        return lever
    at = np.unique(np.linspace(0, n - 1, _PAIR_VALUES).round().astype(int))
    values = tuple(lever.values[i] for i in at)
    return replace(lever, values=values)


def _holds_any(change: tuple[tuple[Lever, Any], ...], reached: list[_Trial]) -> bool:
    """Whether a set of changes contains fields that reach the goal by themselves."""
    names = {lever.name for lever, _ in change}
    return any(trial.levers <= names for trial in reached)


def _words(trial: _Trial) -> str:
    return "; ".join(lever.text(value) for lever, value in trial.changes)
