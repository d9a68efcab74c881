"""Shapley values: axioms, and agreement with the shap library."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.explanation.game import MAX_EXACT, Plan, plan_for

FEW, MANY = 4, MAX_EXACT + 4


def values_of(plan: Plan, seed: int, dummy: int | None = None) -> np.ndarray:
    """A game of single and pair effects; the dummy player has none."""
    rng = np.random.default_rng(seed)
    p = plan.masks.shape[1]
    linear, pairs = rng.normal(size=p), rng.normal(size=(p, p))
    if dummy is not None:
        linear[dummy] = pairs[dummy] = pairs[:, dummy] = 0.0
    mask = plan.masks.astype(float)
    return (mask @ linear + np.einsum("ni,ij,nj->n", mask, pairs, mask))[:, None]


@pytest.mark.parametrize("players", [0, 1, FEW, MANY])
@given(seed=st.integers(0, 10_000))
def test_contributions_add_up(players: int, seed: int) -> None:
    plan = plan_for(players)
    values = values_of(plan, seed) if players else np.array([[1.5]])
    total = plan.contributions(values).sum(axis=0)
    assert total == pytest.approx(values[-1] - values[0], abs=1e-9)


@pytest.mark.parametrize("players", [FEW, MANY])
def test_a_player_without_effect_gets_nothing(players: int) -> None:
    plan = plan_for(players)
    found = plan.contributions(values_of(plan, 1, dummy=2))
    assert found[2, 0] == pytest.approx(0.0, abs=1e-12)
    assert np.abs(np.delete(found[:, 0], 2)).min() > 1e-6


def test_exact_values_are_means_over_all_orders() -> None:
    plan = plan_for(FEW)
    values = np.random.default_rng(0).normal(size=(len(plan.masks), 1))
    value = {tuple(m): v for m, v in zip(plan.masks.tolist(), values[:, 0], strict=True)}
    expected = np.zeros(FEW)
    orders = list(permutations(range(FEW)))
    for order in orders:
        mask = [False] * FEW
        for player in order:
            before = value[tuple(mask)]
            mask[player] = True
            expected[player] += (value[tuple(mask)] - before) / len(orders)
    assert plan.contributions(values)[:, 0] == pytest.approx(expected)


def test_sampled_values_of_pair_effects_are_exact() -> None:
    """A forward and a backward order together split every pair effect in halves."""
    plan = plan_for(MANY)
    rng = np.random.default_rng(3)
    linear, pairs = rng.normal(size=MANY), rng.normal(size=(MANY, MANY))
    mask = plan.masks.astype(float)
    values = (mask @ linear + np.einsum("ni,ij,nj->n", mask, pairs, mask))[:, None]
    expected = linear + np.diag(pairs) + (pairs + pairs.T - 2 * np.diag(np.diag(pairs))).sum(1) / 2
    assert plan.contributions(values)[:, 0] == pytest.approx(expected, abs=1e-9)


def test_agrees_with_shap() -> None:
    shap = pytest.importorskip("shap", reason="the shap library is not installed")
    rng = np.random.default_rng(5)
    background, row = np.zeros((1, FEW)), rng.normal(size=(1, FEW))

    def predict(x: np.ndarray) -> np.ndarray:
        return np.sin(x[:, 0]) * x[:, 1] + np.maximum(x[:, 2], x[:, 3]) * x[:, 0]

    plan = plan_for(FEW)
    values = predict(np.where(plan.masks, row, background))[:, None]
    oracle = shap.explainers.Exact(predict, background)(row).values[0]
    assert plan.contributions(values)[:, 0] == pytest.approx(oracle, abs=1e-9)
