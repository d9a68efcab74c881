"""Dopants taken out and put in: what the host is, and that the charge stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.chemistry.charge import charge_imbalance
from ssbml.chemistry.dopants import dopants_of, with_amounts
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import FormulaError, parse_formula

PARENTS = [
    ("Li6.4La3Zr1.4Ta0.6O12", "garnet", "Li7La3Zr2O12"),
    ("Li6.25Al0.25La3Zr2O12", "garnet", "Li7La3Zr2O12"),
    ("Li6.05Ga0.25La3Zr1.8Ta0.2O12", "garnet", "Li7La3Zr2O12"),
    ("Li7.06La3Zr1.94Y0.06O12", "garnet", "Li7La3Zr2O12"),
    ("Li6.6La2.5Sr0.5Zr1.1Ta0.9O12", "garnet", "Li7La3Zr2O12"),
    ("Li5La3Ta2O12", "garnet", "Li5La3Ta2O12"),
    ("Li1.3Al0.3Ti1.7(PO4)3", "nasicon", "LiTi2P3O12"),
    ("Li1.5Al0.5Ge1.5(PO4)3", "nasicon", "LiGe2P3O12"),
    ("Li0.33La0.557TiO3", "perovskite", "Li0.33La0.557TiO3"),
    ("Li10GeP2S12", "thio-lisicon", "Li9P3S12"),
    ("Li6PS5Cl", "argyrodite", "Li7PS6"),
    ("Li3.5Si0.5P0.5O4", "lisicon", "Li4SiO4"),
    ("Li3OCl", "antiperovskite", "Li3OCl"),
]


@pytest.mark.parametrize(("formula", "family", "parent"), PARENTS)
def test_parents(formula: str, family: str, parent: str) -> None:
    out = {d.element: 0.0 for d in dopants_of(formula, family)}
    assert parse_formula(with_amounts(formula, family, out)) == pytest.approx(
        dict(parse_formula(parent)), abs=1e-6
    )


def test_lithium_per_dopant_follows_the_charge() -> None:
    def lithium(formula: str, family: str) -> dict[str, float]:
        return {d.element: d.lithium for d in dopants_of(formula, family)}

    assert lithium("Li6.25Al0.25La3Zr2O12", "garnet") == {"Al": -3}
    assert lithium("Li6.4La3Zr1.4Ta0.6O12", "garnet") == {"Ta": -1}
    assert lithium("Li6.6La3Zr1.8W0.2O12", "garnet") == {"W": -2}
    assert lithium("Li6.5La3Zr1.5Sb0.5O12", "garnet") == {"Sb": -1}
    assert lithium("Li7.1La2.9Sr0.1Zr2O12", "garnet") == {"Sr": 1}
    assert lithium("Li1.3Al0.3Ti1.7P3O12", "nasicon") == {"Al": 1}


@given(st.floats(0, 1.5), st.floats(0, 0.3))
def test_every_amount_keeps_the_charge(ta: float, al: float) -> None:
    formula = with_amounts("Li6.4La3Zr1.4Ta0.6O12", "garnet", {"Ta": ta, "Al": al})
    imbalance = charge_imbalance(composition_matrix([parse_formula(formula)]))
    assert abs(imbalance[0]) < 1e-4


def test_there_and_back_is_the_same_composition() -> None:
    formula = "Li6.05Ga0.25La3Zr1.8Ta0.2O12"
    bare = with_amounts(formula, "garnet", {"Ga": 0, "Ta": 0})
    again = with_amounts(bare, "garnet", {"Ga": 0.25, "Ta": 0.2})
    assert dict(parse_formula(again)) == pytest.approx(dict(parse_formula(formula)))


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"Ta": 2.5}, "leaves no Zr"),
        ({"Zr": 1.0}, "host ion"),
        ({"Cl": 1.0, "Xe": 1.0}, "Xe has no site"),
        ({"Al": 1.6}, "does not hold"),
    ],
)
def test_what_cannot_be_made_is_said(wanted: dict[str, float], reason: str) -> None:
    with pytest.raises(FormulaError, match=reason):
        with_amounts("Li7La3Zr2O12", "garnet", wanted)


def test_dopants_that_lithium_cannot_follow_are_not_told_apart() -> None:
    assert dopants_of("Li0.1Sr0.45Ta0.95Zr0.05O3", "perovskite")
    assert dopants_of("Li0.1Sr0.3Ba0.15Ta0.6Zr0.4O3", "perovskite") == ()
