"""Counting, numbering and sampling of combinations against brute force."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ssbml.screening.combinations import Choice, Combinations, grid
from ssbml.screening.distinct import distinct_rows

choices = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any).map(lambda c: Choice(*c)),
    min_size=0,
    max_size=5,
)


def brute_force(combinations: Combinations) -> set[tuple[int, ...]]:
    ranges = [range(c.size) for c in combinations.choices]
    free = [c.free for c in combinations.choices]
    most = len(free) if combinations.most is None else combinations.most
    return {
        picked
        for picked in itertools.product(*ranges)
        if sum(p >= f for p, f in zip(picked, free, strict=True)) <= most
    }


@given(choices, st.none() | st.integers(0, 5))
def test_every_allowed_combination_has_one_number(listed: list[Choice], most: int | None) -> None:
    combinations = Combinations(tuple(listed), most)
    wanted = brute_force(combinations)
    assert combinations.size == len(wanted)
    decoded = combinations.decode(np.arange(combinations.size))
    assert {tuple(row) for row in decoded.tolist()} == wanted


@given(choices, st.none() | st.integers(0, 5), st.integers(0, 100))
def test_points_fall_on_allowed_combinations(
    listed: list[Choice], most: int | None, seed: int
) -> None:
    combinations = Combinations(tuple(listed), most)
    wanted = brute_force(combinations)
    if not wanted:
        return
    points = np.random.default_rng(seed).random((50, len(listed)))
    assert {tuple(row) for row in combinations.place(points).tolist()} <= wanted


def test_points_spread_evenly_over_combinations() -> None:
    combinations = Combinations((Choice(1, 3), Choice(0, 2), Choice(1, 4), Choice(3, 0)), 2)
    points = np.random.default_rng(0).random((48_000, 4))
    kinds, counts = np.unique(combinations.place(points), axis=0, return_counts=True)
    assert len(kinds) == combinations.size == 48
    assert counts.min() > 850
    assert counts.max() < 1150


def test_sizes_are_exact_however_large() -> None:
    assert Combinations(tuple(Choice(1, 20) for _ in range(40)), None).size == 21**40
    pairs = Combinations(tuple(Choice(1, 20) for _ in range(40)), 2)
    assert pairs.size == 1 + 40 * 20 + 780 * 400
    assert pairs.product == 21**40
    assert grid([]).size == 1


@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), max_size=40))
def test_equal_rows_are_found(rows: list[tuple[int, int]]) -> None:
    first, kind = distinct_rows(np.array(rows, dtype=np.int64).reshape(-1, 2))
    assert [rows[i] for i in first] == list(dict.fromkeys(rows))
    assert [rows[first[k]] for k in kind] == rows
