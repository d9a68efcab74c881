"""Host families read from compositions."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.chemistry.families import family_of
from ssbml.chemistry.hosts import HOSTS, firing_excess_c, firing_limit_c
from ssbml.vocabulary import VOCABULARIES

EXAMPLES = {
    "garnet": ["Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "Li6.25Al0.25La3Zr2O12", "Li5La3Ta2O12",
               "Li5.8Ga0.4La3Zr2O12", "Li6BaLa2Ta2O12", "Li3Nd3Te2O12", "Li7La2.8Ag0.2Zr2O12"],
    "nasicon": ["Li1.3Al0.3Ti1.7(PO4)3", "Li1.5Al0.5Ge1.5(PO4)3", "LiZr2(PO4)3", "LiTi2P3O12",
                "Li1.5Al0.5Ge1.5P2.9Si0.1O12"],
    "perovskite": ["Li0.33La0.557TiO3", "Li0.375Sr0.4375Ta0.75Zr0.25O3"],
    "lisicon": ["Li3.5Si0.5P0.5O4", "Li14ZnGe4O16", "Li3.5Ge0.5V0.5O4"],
    "lipon": ["Li3.3PO3.8N0.2", "Li2.9PO3.3N0.46"],
    "argyrodite": ["Li6PS5Cl", "Li5.5PS4.5Cl1.5", "Li6.6P0.4Ge0.6S5I",
                   "Li6.9P0.7Cu0.3S4.7Cl1.3", "Li5.4Al0.2PS5Cl"],
    "thio-lisicon": ["Li10GeP2S12", "Li3PS4", "Li3.25Ge0.25P0.75S4", "Li9.54Si1.74P1.44S11.7Cl0.3",
                     "Li10TiP2S12"],
    "sulfide-glass": ["0.70Li2S-0.30P2S5", "Li7P3S11", "Li2P2S6"],
    "halide": ["Li3YCl6", "Li3InCl6", "Li2ZrCl6", "Li3YBr6"],
    "antiperovskite": ["Li3OCl", "Li2OHCl", "Li2OHBr"],
    "oxide-glass": ["Li3BO3", "0.5Li2O-0.5B2O3"],
    "other": ["Li3N", "LiCl", "LiCoO2"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "family"), [(f, family) for family, names in EXAMPLES.items() for f in names]
)
def test_by_hand(formula: str, family: str) -> None:
    assert family_of(formula) == family


def test_every_family_has_a_host_and_examples() -> None:
    assert set(HOSTS) == set(VOCABULARIES["family"]) == set(EXAMPLES)


def test_agrees_with_the_data_set(literature: pd.DataFrame) -> None:
    rows = literature[
        literature["family"].notna()
        & ~literature["family"].isin(["other", "lipon"])
        & (literature["formula_basis"] != "placeholder")
    ]
    agrees = [family_of(f) == k for f, k in zip(rows["formula"], rows["family"], strict=True)]
    assert len(agrees) > 300
    assert sum(agrees) / len(agrees) >= 0.95


@given(
    st.sampled_from([f for names in EXAMPLES.values() for f in names if "-" not in f]),
    st.sampled_from([2, 3, 0.5]),
)
def test_multiples_stay_in_the_family(formula: str, factor: float) -> None:
    assert family_of(f"({formula}){factor}") == family_of(formula)


@pytest.mark.parametrize(
    ("family", "method", "route", "limit"),
    [
        ("garnet", "conventional", None, 1350.0),
        ("garnet", None, None, 1350.0),
        ("garnet", "hot_press", None, 1350.0),
        ("garnet", "uhs", None, 3000.0),
        ("garnet", "laser", None, 3000.0),
        ("garnet", "flash", None, 1600.0),
        ("garnet", "cold", None, 500.0),
        ("garnet", None, "plasma_spray", 3000.0),
        ("nasicon", "conventional", None, 1400.0),
        ("argyrodite", None, None, 750.0),
    ],
)
def test_firing_limits(family: str, method: str | None, route: str | None, limit: float) -> None:
    assert firing_limit_c(family, method, route) == limit
    assert firing_excess_c(limit + 100.0, family, method, route) == pytest.approx(100.0)
    assert firing_excess_c(limit, family, method, route) == 0.0
    assert firing_excess_c(float("nan"), family, method, route) == 0.0
