"""``ssbml improve``: the smallest changes to a recipe that raise a property, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.chemistry.elements import element_index
from ssbml.datasets.counts import ENOUGH
from ssbml.datasets.load import load_dataset
from ssbml.errors import RecipeError, VaryError
from ssbml.explanation.levers import Allowed, asked_levers, default_levers
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.players import recipes_of
from ssbml.explanation.search import Search
from ssbml.explanation.support import counts_for, support_words
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
        reaches the goal; ``attrs["best"]`` then tells the most that was found, in words, and
        ``attrs["best_gain"]`` in the unit in which contributions add up, None if nothing was.

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
    counts = counts_for(predictor)
    if allow is None:
        levers = default_levers(stated, family, property, counts, load_dataset("literature"))
    else:
        levers = asked_levers(allow, stated, family, property, counts)
    held = set(fix)
    _check_fixed(held)
    levers = [lever for lever in levers if lever.name not in held]
    search = Search(predictor, family, stated, output, amount)
    found = search.report(search.run(levers, top), top)
    if not levers:
        found.attrs["best"] = _nothing_to_change(family, asked=allow is not None or bool(held))
    return found


def _nothing_to_change(family: str, *, asked: bool) -> str:
    if asked:
        return "nothing is left that may change"
    told = support_words(ENOUGH, family, "vary any field that may change")
    return f"not enough data to advise: fewer than {told}"


def _output(name: str) -> Output:
    if name in OUTPUTS:
        return OUTPUTS[name]
    like = closest(name, OUTPUTS)
    hint = f", did you mean {like}?" if like else ""
    raise VaryError(f"'{name}' is not predicted; known are {', '.join(OUTPUTS)}{hint}")


def _checked_goal(output: Output, by: float) -> float:
    least = 1.0 if output.logarithmic else 0.0
    if not (isfinite(by) and by > least):
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
