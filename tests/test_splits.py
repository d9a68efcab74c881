"""Folds: no paper on two sides, about equal, the same every time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.splits import group_folds

names = st.lists(st.sampled_from([f"10.1/{i}" for i in range(25)]), min_size=1, max_size=120)


@given(names, st.integers(2, 6), st.integers(0, 100))
def test_no_group_is_on_two_sides(groups: list[str], n_folds: int, seed: int) -> None:
    array = np.array(groups, dtype=object)
    if len(set(groups)) < n_folds:
        with pytest.raises(ValueError, match="cannot fill"):
            group_folds(array, n_folds, seed)
        return
    folds = group_folds(array, n_folds, seed)
    assert set(folds.tolist()) == set(range(n_folds))
    for name in set(groups):
        assert len(set(folds[array == name].tolist())) == 1
    sizes = np.bincount(folds, minlength=n_folds)
    assert sizes.max() - sizes.min() <= max(groups.count(name) for name in set(groups))


def test_the_order_of_rows_does_not_count(literature: pd.DataFrame) -> None:
    groups = literature["cv_group"].to_numpy(dtype=object)
    folds = group_folds(groups, 10, 1)
    order = np.random.default_rng(0).permutation(len(groups))
    np.testing.assert_array_equal(group_folds(groups[order], 10, 1), folds[order])


def test_deterministic_and_salted(literature: pd.DataFrame) -> None:
    groups = literature["cv_group"].to_numpy(dtype=object)
    np.testing.assert_array_equal(group_folds(groups, 10, 1), group_folds(groups, 10, 1))
    assert (group_folds(groups, 10, 1) != group_folds(groups, 10, 2)).mean() > 0.5
    small = np.array(["a", "b", "c", "d", "e", "f"], dtype=object)
    assert group_folds(small, 3, 7).tolist() == SMALL_FOLDS


SMALL_FOLDS = [2, 2, 0, 1, 1, 0]
"""Pinned: another hash or order would move every published figure."""


def test_copies_and_papers_of_the_data_set_stay_together(literature: pd.DataFrame) -> None:
    folds = group_folds(literature["cv_group"].to_numpy(dtype=object), 10, 1)
    papers = pd.Series(folds, index=literature["paper_key"]).groupby(level=0).nunique()
    assert (papers == 1).all()
