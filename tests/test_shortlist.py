"""What a pass over candidates keeps does not depend on how the pass is cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.screening.constraints import parse_constraint
from ssbml.screening.goals import Goals, Objective
from ssbml.screening.groups import groups_of
from ssbml.screening.pareto import front_of
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Limits, Shortlist, shortlist_of

OBJECTIVES = (
    Objective("conductivity_s_cm", "maximize"),
    Objective("relative_density_pct", "maximize", weight=2.0),
)
Columns = dict[str, np.ndarray[Any, Any]]


def columns_of(sigma: np.ndarray[Any, Any], density: np.ndarray[Any, Any]) -> Columns:
    """Prediction columns of recipes with symmetric intervals."""
    return {
        "conductivity_s_cm": sigma,
        "conductivity_s_cm_lower": sigma / 3,
        "conductivity_s_cm_upper": sigma * 3,
        "relative_density_pct": density,
        "relative_density_pct_lower": density - 4,
        "relative_density_pct_upper": np.minimum(density + 2, 100),
        "in_domain": sigma > 2e-5,
    }


@st.composite
def batches(draw: st.DrawFn, smallest: int = 1) -> Columns:
    """Recipes on a coarse grid, so that ties are common."""
    n = draw(st.integers(smallest, 40))
    steps = st.lists(st.integers(0, 6), min_size=n, max_size=n)
    sigma = 10.0 ** (-6 + 0.5 * np.array(draw(steps)))
    return columns_of(sigma, 80.0 + 2.0 * np.array(draw(steps)))


def shortlist(columns: Columns, numbers: np.ndarray[Any, Any], limits: Limits) -> Shortlist:
    part = {name: values[numbers] for name, values in columns.items()}
    numbers = numbers.astype(np.int64)
    scorer = Scorer(Goals(OBJECTIVES, (parse_constraint("relative_density_pct >= 84"),)), 0.9)
    return shortlist_of(numbers, numbers // 5, part, scorer, limits)


def contents(found: Shortlist) -> tuple[Any, ...]:
    return (
        found.numbers.tolist(),
        found.compositions.tolist(),
        found.inside.tolist(),
        found.scores.tolist(),
        found.losses.tolist(),
        found.front.numbers.tolist(),
        found.front.losses.tolist(),
        found.tally.seen,
        found.tally.feasible,
        found.tally.failed.tolist(),
        found.tally.freed.tolist(),
        found.outside,
    )


@given(batches(), st.integers(1, 12), st.integers(1, 4), st.data())
def test_any_cut_and_any_order_of_parts_gives_the_same(
    columns: Columns, keep: int, cap: int, data: st.DataObject
) -> None:
    n = len(columns["in_domain"])
    limits = Limits(keep, cap)
    whole = shortlist(columns, np.arange(n), limits)
    cuts = sorted(set(data.draw(st.lists(st.integers(0, n), max_size=5))) | {0, n})
    pieces = [np.arange(a, b) for a, b in pairwise(cuts)]
    first, *rest = [shortlist(columns, p, limits) for p in data.draw(st.permutations(pieces))]
    for part in rest:
        first = first.merge(part)
    assert contents(first) == contents(whole)


@given(batches(smallest=2), st.data())
def test_a_dominated_candidate_changes_nothing_for_the_others(
    columns: Columns, data: st.DataObject
) -> None:
    n = len(columns["in_domain"])
    at = data.draw(st.integers(0, n - 1))
    worse = columns_of(
        np.append(columns["conductivity_s_cm"], columns["conductivity_s_cm"][at] / 2),
        np.append(columns["relative_density_pct"], columns["relative_density_pct"][at] - 1),
    )
    limits = Limits(2 * n)
    before = shortlist(columns, np.arange(n), limits)
    after = shortlist(worse, np.arange(n + 1), limits)
    others = after.numbers != n
    assert after.numbers[others].tolist() == before.numbers.tolist()
    assert after.scores[others].tolist() == before.scores.tolist()
    assert after.front.numbers.tolist() == before.front.numbers.tolist()


@given(batches())
def test_domain_first_then_best_first_ties_by_number(columns: Columns) -> None:
    n = len(columns["in_domain"])
    found = shortlist(columns, np.arange(n), Limits(n))
    order = ((~found.inside).tolist(), (-found.scores).tolist(), found.numbers.tolist())
    keys = list(zip(*order, strict=True))
    assert keys == sorted(keys)
    assert found.inside.tolist() == columns["in_domain"][found.numbers].tolist()
    feasible = columns["relative_density_pct"] >= 84
    assert sorted(found.numbers.tolist()) == np.flatnonzero(feasible).tolist()


def test_a_better_score_outside_the_domain_comes_after_every_one_inside() -> None:
    columns = columns_of(np.array([1e-3, 1e-4, 5e-4, 2e-4]), np.full(4, 95.0))
    columns["in_domain"] = np.array([False, True, False, True])
    assert shortlist(columns, np.arange(4), Limits(3)).numbers.tolist() == [3, 1, 0]


@given(batches())
def test_no_composition_takes_more_than_its_share(columns: Columns) -> None:
    n = len(columns["in_domain"])
    found = shortlist(columns, np.arange(n), Limits(n, 2))
    everything = shortlist(columns, np.arange(n), Limits(n))
    for composition in range(n // 5 + 1):
        mine = [i for i in everything.numbers.tolist() if i // 5 == composition]
        kept = [i for i in found.numbers.tolist() if i // 5 == composition]
        assert kept == mine[:2]


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@given(data=st.data())
def test_the_front_equals_brute_force(width: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))
    cells = st.lists(st.integers(0, 5), min_size=n * width, max_size=n * width)
    losses = np.array(data.draw(cells), dtype=float).reshape(n, width)
    numbers = np.array(data.draw(st.permutations(range(n))), dtype=np.int64)
    found = front_of(numbers, losses, losses.sum(axis=1))

    def beaten(i: int) -> bool:
        better = (losses <= losses[i]).all(axis=1) & (losses < losses[i]).any(axis=1)
        same = (losses == losses[i]).all(axis=1) & (numbers < numbers[i])
        return bool((better | same).any())

    expected = sorted(int(numbers[i]) for i in range(n) if not beaten(i))
    assert found.numbers.tolist() == expected
    dominated = [bool(((losses <= x).all(axis=1) & (losses < x).any(axis=1)).any()) for x in losses]
    assert found.holds(losses).tolist() == [not d for d in dominated]


def test_no_recipe_at_all_is_a_shortlist_too() -> None:
    columns = columns_of(np.array([1e-9]), np.array([50.0]))
    found = shortlist(columns, np.array([0]), Limits(5))
    assert len(found.numbers) == len(found.front.numbers) == 0
    assert found.losses.shape == (0, 2)
    assert found.tally.seen == 1


def test_recipes_that_intervals_cannot_tell_apart_are_one_group() -> None:
    columns = columns_of(
        np.array([9e-4, 4e-4, 1e-4, 1.1e-4, 8e-4]), np.array([95.0, 94, 94, 95, 88])
    )
    assert groups_of(columns, OBJECTIVES).tolist() == [1, 1, 2, 2, 3]


def test_being_told_apart_takes_one_interval_only() -> None:
    """A narrow and a wide interval: the point of the wide one lies outside the narrow one."""
    columns = columns_of(np.array([1e-3, 2e-4]), np.array([95.0, 95.0]))
    columns["conductivity_s_cm_upper"][1] = 1e-2
    assert groups_of(columns, OBJECTIVES).tolist() == [1, 2]
