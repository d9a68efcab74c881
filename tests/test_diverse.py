"""A diverse batch: good, and different in chemistry and in processing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.elements import composition_matrix
from ssbml.screening.candidates import Candidates
from ssbml.screening.diverse import Unlikeness, diverse_batch, spread_out


def candidates() -> Candidates:
    """Five tantalum contents in six ways, two of them under pressure."""
    amounts = [
        {"Li": 7 - x, "La": 3.0, "Zr": 2 - x, "Ta": x, "O": 12.0}
        for x in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    processes = pd.DataFrame(
        {
            "sintering_method": ["conventional"] * 4 + ["hot_press"] * 2,
            "sintering_temp_c": [1000.0, 1100.0, 1200.0, 1200.0, 1000.0, 1100.0],
            "pressure_mpa": [np.nan] * 4 + [40.0, 40.0],
            "atmosphere": ["air", "air", "air", "O2", "Ar", "Ar"],
            "form": ["pellet"] * 6,
            "mother_powder": [None] * 6,
        }
    )
    return Candidates(
        "garnet",
        composition_matrix(amounts),
        np.array([f"Ta {i}" for i in range(5)], dtype=object),
        processes,
    )


def test_unlikeness_by_hand() -> None:
    found = Unlikeness(candidates()).between(0, np.array([0, 1, 3, 4, 24]))
    temperature = 100 / 200
    assert found == pytest.approx(
        [
            0.0,
            temperature / 4 / 2,
            (1 + 0 + 0 + 1) / 4 / 2,
            (0 + 1 + 1 + 1) / 4 / 2,
            1.0 / 2,
        ]
    )


def test_unlikeness_is_symmetric_and_bounded() -> None:
    unlike = Unlikeness(candidates())
    every = np.arange(30)
    table = np.array([unlike.between(i, every) for i in range(30)])
    assert np.array_equal(table, table.T)
    assert (np.diag(table) == 0).all()
    assert (table <= 1).all()


def test_a_batch_spreads_over_dopants_and_methods() -> None:
    numbers = np.arange(30)
    scores = np.linspace(0.9, 0.8, 30)
    batch = numbers[spread_out(numbers, scores, Unlikeness(candidates()), 6)]
    assert batch[0] == 0
    assert len(set((batch // 6).tolist())) >= 4
    assert {b % 6 >= 4 for b in batch.tolist()} == {True, False}
    nearest = [
        np.delete(Unlikeness(candidates()).between(int(b), batch), i).min()
        for i, b in enumerate(batch)
    ]
    top = [np.delete(Unlikeness(candidates()).between(i, numbers[:6]), i).min() for i in range(6)]
    assert min(nearest) > min(top)


def test_quality_still_counts() -> None:
    numbers = np.arange(30)
    scores = np.where(numbers < 15, 0.8, 0.01)
    batch = numbers[spread_out(numbers, scores, Unlikeness(candidates()), 5)]
    assert (batch < 15).all()


def test_the_batch_is_deterministic_and_in_the_order_of_scores() -> None:
    numbers = np.arange(30)[::-1].copy()
    runs = [spread_out(numbers, np.full(30, 0.5), Unlikeness(candidates()), 8) for _ in range(2)]
    assert runs[0].tolist() == runs[1].tolist() == sorted(runs[0].tolist())
    assert runs[0][0] == 0


@pytest.mark.parametrize("supported", [0, 3, 6, 30])
def test_recipes_outside_the_domain_only_fill_up_a_batch(supported: int) -> None:
    numbers = np.arange(30)
    inside = numbers < supported
    scores = np.where(inside, 0.3, 0.9)
    batch = diverse_batch(numbers, scores, inside, Unlikeness(candidates()), 6)
    assert len(set(batch.tolist())) == 6
    assert (batch < supported).sum() == min(supported, 6)


def test_a_small_pool_is_the_batch() -> None:
    assert spread_out(np.arange(3), np.ones(3), Unlikeness(candidates()), 5).tolist() == [0, 1, 2]


def test_one_composition_and_one_process_differ_by_nothing() -> None:
    whole = candidates()
    single = Candidates(
        whole.family, whole.compositions[:1], whole.formulas[:1], whole.processes.iloc[:1]
    )
    assert Unlikeness(single).between(0, np.array([0])).tolist() == [0.0]
