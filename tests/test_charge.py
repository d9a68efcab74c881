"""Charge balance against pymatgen's oxidation states and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pymatgen.core import Composition, Element

from ssbml.chemistry.charge import (
    FAR_IMBALANCE,
    USUAL_STATES,
    charge_imbalance,
    relative_imbalance,
    usual_charge,
    usual_charges,
)
from ssbml.chemistry.elements import composition_matrix, element_table, shannon_radius_a
from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS


def imbalance(formula: str) -> float:
    return float(charge_imbalance(composition_matrix([parse_formula(formula)]))[0])


def share(formula: str) -> float:
    return float(relative_imbalance(composition_matrix([parse_formula(formula)]))[0])


@pytest.mark.parametrize("symbol", sorted(USUAL_STATES))
def test_states_are_known_to_pymatgen(symbol: str) -> None:
    assert set(USUAL_STATES[symbol]) <= set(Element(symbol).oxidation_states)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("Li7La3Zr2O12", 0.0),
        ("Li6.4La3Zr1.4Ta0.6O12", 0.0),
        ("Li6.25Al0.25La3Zr2O12", 0.0),
        ("Li1.3Al0.3Ti1.7(PO4)3", 0.0),
        ("Li6PS5Cl", 0.0),
        ("Li10GeP2S12", 0.0),
        ("Li3YCl6", 0.0),
        ("Li2SO4", 0.0),
        ("LiFeO2", 0.0),
        ("Li3P", 0.0),
        ("Li7La3Zr2O", 22.0),
        ("Li7La3Zr2O13", -2.0),
        ("Li8La3Zr2O12", 1.0),
        ("LiO", -1.0),
    ],
)
def test_by_hand(formula: str, expected: float) -> None:
    assert imbalance(formula) == pytest.approx(expected, abs=1e-9)


def test_share_of_the_cation_charge() -> None:
    assert share("Li7La3Zr2O") == pytest.approx(22 / 24)
    assert share("Li7La3Zr2O") > FAR_IMBALANCE
    assert share("Li7La3Zr2O12") == 0.0


def test_balanced_where_pymatgen_finds_usual_states(literature: pd.DataFrame) -> None:
    compared = 0
    for formula in literature["formula"].unique():
        amounts = parse_formula(formula)
        composition = Composition(dict(amounts))
        whole = all(abs(a - round(a)) < 1e-9 for a in amounts.values())
        if not whole or len(amounts) > 5 or sum(amounts.values()) > 60:
            continue
        states = {s: USUAL_STATES[s] for s in amounts}
        if "S" in amounts and amounts.get("O", 0.0) >= 2.5 * amounts["S"]:
            states["S"] = (6,)
        if "P" in amounts and not set(amounts) & set(ANIONS):
            states["P"] = (-3,)
        guesses = composition.oxi_state_guesses(oxi_states_override=states)
        assert (abs(imbalance(formula)) < 1e-9) == bool(guesses), formula
        compared += 1
    assert compared > 20


def test_a_mixed_valence_is_no_imbalance() -> None:
    assert imbalance("Li4Ti5O12") == 0.0
    assert imbalance("Li7Ti5O12") == 0.0
    assert imbalance("Li13Ti5O12") > 0.0


def test_charges_of_sites_can_differ() -> None:
    symbols = element_table().symbols
    assert usual_charge("Bi") == 3
    assert usual_charges({"Bi": 5})[symbols.index("Bi")] == 5
    assert usual_charges()[symbols.index("Bi")] == 3
    assert usual_charge("He") == 0


@pytest.mark.parametrize(
    ("symbol", "charge", "coordination"),
    [("Li", 1, 4), ("Li", 1, 6), ("La", 3, 8), ("La", 3, 12), ("Zr", 4, 6), ("Ta", 5, 6),
     ("Ti", 4, 6), ("Ge", 4, 6), ("Al", 3, 4), ("Al", 3, 6), ("Ga", 3, 4)],
)  # fmt: skip
def test_radii_are_shannons(symbol: str, charge: int, coordination: int) -> None:
    roman = {4: "IV", 6: "VI", 8: "VIII", 12: "XII"}[coordination]
    theirs = Element(symbol).data["Shannon radii"][str(charge)][roman][""]["ionic_radius"]
    assert shannon_radius_a(symbol, charge, coordination) == pytest.approx(theirs)


def test_radius_of_the_nearest_coordination_or_nan() -> None:
    assert shannon_radius_a("Ta", 5, 4) == pytest.approx(shannon_radius_a("Ta", 5, 6))
    assert np.isnan(shannon_radius_a("Li", 3, 4))
