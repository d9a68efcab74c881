"""Precursor weights against sums done by hand.

Atomic weights, IUPAC 2021 abridged (Prohaska et al., Pure Appl. Chem. 94 (2022) 573): Li 6.94,
H 1.008, C 12.011, N 14.007, O 15.999, Al 26.982, P 30.974, Ti 47.867, Zr 91.224, La 138.905,
Ta 180.948, S 32.06, Cl 35.45.

Li2CO3  2*6.94 + 12.011 + 3*15.999                = 73.888
La2O3   2*138.905 + 3*15.999                      = 325.807
ZrO2    91.224 + 2*15.999                         = 123.222
Ta2O5   2*180.948 + 5*15.999                      = 441.891
Al2O3   2*26.982 + 3*15.999                       = 101.961
TiO2    47.867 + 2*15.999                         = 79.865
NH4H2PO4  14.007 + 6*1.008 + 30.974 + 4*15.999    = 115.025
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.chemistry.formula import parse_formula
from ssbml.errors import WeighingError
from ssbml.practical.mass import molar_mass
from ssbml.practical.precursors import parse_precursor, precursor_table
from ssbml.practical.weights import Batch, weigh_batch

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
LATP = "Li1.3Al0.3Ti1.7(PO4)3"
LLTO = "Li0.33La0.557TiO3"


def grams(batch: Batch) -> dict[str, float]:
    return {line.precursor: line.weigh_g for line in batch.lines}


def test_llzto_with_ten_percent_lithium_excess() -> None:
    """M = 6.4*6.94 + 3*138.905 + 1.4*91.224 + 0.6*180.948 + 12*15.999
         = 44.416 + 416.715 + 127.7136 + 108.5688 + 191.988 = 889.4014 g/mol.
    20 g are 20 / 889.4014 = 0.02248703 mol.
    Li2CO3  3.2 * 73.888  * 0.02248703 = 5.31687 g, 10 % more = 5.84856 g
    La2O3   1.5 * 325.807 * 0.02248703 = 10.98965 g
    ZrO2    1.4 * 123.222 * 0.02248703 = 3.87926 g
    Ta2O5   0.3 * 441.891 * 0.02248703 = 2.98105 g
    """
    found = grams(weigh_batch(LLZTO, 20, li_excess_pct=10, li_excess_basis="li_precursor"))
    assert found == pytest.approx(
        {"Li2CO3": 5.84856, "La2O3": 10.98965, "ZrO2": 3.87926, "Ta2O5": 2.98105}, rel=1e-4
    )


def test_llzto_excess_counted_over_the_whole_batch() -> None:
    """All stoichiometric powder: 5.31687 + 10.98965 + 3.87926 + 2.98105 = 23.16684 g.
    10 wt% of it as Li2CO3 is 2.31668 g, together 5.31687 + 2.31668 = 7.63355 g.
    """
    found = grams(weigh_batch(LLZTO, 20, li_excess_pct=10, li_excess_basis="batch_wt"))
    assert found["Li2CO3"] == pytest.approx(7.63355, rel=1e-4)
    assert found["La2O3"] == pytest.approx(10.98965, rel=1e-4)


def test_latp() -> None:
    """M = 1.3*6.94 + 0.3*26.982 + 1.7*47.867 + 3*30.974 + 12*15.999
         = 9.022 + 8.0946 + 81.3739 + 92.922 + 191.988 = 383.4005 g/mol.
    10 g are 0.02608239 mol.
    Li2CO3    0.65 * 73.888  * 0.02608239 = 1.25266 g
    Al2O3     0.15 * 101.961 * 0.02608239 = 0.39891 g
    TiO2      1.7  * 79.865  * 0.02608239 = 3.54122 g
    NH4H2PO4  3    * 115.025 * 0.02608239 = 9.00038 g
    """
    assert grams(weigh_batch(LATP, 10)) == pytest.approx(
        {"Li2CO3": 1.25266, "Al2O3": 0.39891, "TiO2": 3.54122, "NH4H2PO4": 9.00038}, rel=1e-4
    )


def test_llto() -> None:
    """M = 0.33*6.94 + 0.557*138.905 + 47.867 + 3*15.999
         = 2.2902 + 77.37009 + 47.867 + 47.997 = 175.5243 g/mol; 5 g are 0.02848609 mol.
    Li2CO3  0.165  * 73.888  * 0.02848609 = 0.34729 g
    La2O3   0.2785 * 325.807 * 0.02848609 = 2.58475 g
    TiO2    1      * 79.865  * 0.02848609 = 2.27504 g
    """
    assert grams(weigh_batch(LLTO, 5)) == pytest.approx(
        {"Li2CO3": 0.34729, "La2O3": 2.58475, "TiO2": 2.27504}, rel=1e-4
    )


def test_argyrodite_from_sulfides() -> None:
    """Li6PS5Cl = 5/2 Li2S + 1/2 P2S5 + LiCl; M = 41.64 + 30.974 + 160.3 + 35.45 = 268.364."""
    found = grams(weigh_batch("Li6PS5Cl", 10))
    mol = 10 / 268.364
    assert found == pytest.approx(
        {"Li2S": 2.5 * 45.94 * mol, "P2S5": 0.5 * 222.248 * mol, "LiCl": 42.39 * mol}, rel=3e-4
    )


def test_wet_route_takes_hydrates() -> None:
    found = weigh_batch("Li6.25Ga0.25La3Zr2O12", 10, prefer="nitrate", choice={"Zr": "oxide"})
    assert set(grams(found)) == {"LiNO3", "Ga2O3", "La(NO3)3·6H2O", "ZrO2"}


def test_purity_and_loss_on_ignition_raise_the_weight() -> None:
    plain = grams(weigh_batch(LLZTO, 20))
    real = grams(
        weigh_batch(LLZTO, 20, purity_pct={"Ta2O5": 99.0}, loss_on_ignition_pct={"La2O3": 4.0})
    )
    assert real["Ta2O5"] == pytest.approx(plain["Ta2O5"] / 0.99)
    assert real["La2O3"] == pytest.approx(plain["La2O3"] / 0.96)
    assert real["ZrO2"] == plain["ZrO2"]


def test_sintering_aid_is_weighed_after_calcination() -> None:
    batch = weigh_batch(LATP, 10, aids_wt_pct={"Li3BO3": 2.0})
    assert batch.lines[-1].role == "sintering aid"
    assert batch.lines[-1].weigh_g == pytest.approx(0.2)
    assert batch.total_g == pytest.approx(sum(grams(weigh_batch(LATP, 10)).values()))


def test_unstated_basis_is_said() -> None:
    batch = weigh_batch(LLZTO, 20, li_excess_pct=10)
    assert "not stated" in batch.notes[0]
    assert weigh_batch(LLZTO, 20, li_excess_pct=10, li_excess_basis="mol").notes == ()


GARNETS = st.tuples(
    st.floats(0, 0.3), st.floats(0, 1.5), st.floats(0, 0.5), st.floats(0.5, 500), st.floats(0, 30)
)


@given(GARNETS)
def test_weights_re_add_to_the_formula(drawn: tuple[float, float, float, float, float]) -> None:
    al, ta, sr, batch_g, excess = drawn
    lithium = 7 - 3 * al - ta + sr
    formula = f"Li{lithium:.4f}Al{al:.4f}La{3 - sr:.4f}Sr{sr:.4f}Zr{2 - ta:.4f}Ta{ta:.4f}O12"
    purity = {"La2O3": 98.5} if sr < 3 else {}
    batch = weigh_batch(
        formula, batch_g, li_excess_pct=excess, li_excess_basis="mol", purity_pct=purity
    )
    composition = parse_formula(formula)
    per_formula = batch_g / molar_mass(composition)
    moles: dict[str, float] = {}
    for line in batch.lines:
        content = parse_precursor(line.precursor)
        dry = line.weigh_g * purity.get(line.precursor, 100.0) / 100.0
        for element, count in content.items():
            moles[element] = moles.get(element, 0.0) + dry / molar_mass(content) * count
    for element, amount in composition.items():
        if element != "O":
            extra = 1 + excess / 100 if element == "Li" else 1.0
            assert moles[element] == pytest.approx(amount * per_formula * extra, rel=1e-4)


@pytest.mark.parametrize(
    ("formula", "options", "message"),
    [
        (LLZTO, {"precursors": ["Li2CO3", "La2O3", "ZrO2"]}, "no precursor brings Ta"),
        (LLZTO, {"precursors": ["Li2CO3", "LiOH", "La2O3", "ZrO2", "Ta2O5"]}, "leave one out"),
        (LLZTO, {"precursors": ["LiCl", "La2O3", "ZrO2", "Ta2O5"]}, "LiCl brings Cl"),
        (LLZTO, {"precursors": ["lanthanum oxide"]}, "is no formula"),
        (LLZTO, {"choice": {"Zr": "nitride"}}, "no kind of precursor of Zr"),
        (LLZTO, {"choice": {"Ta": "nitrate"}}, "no nitrate of Ta is known"),
        (LLZTO, {"choice": {"Zr": "La2O3"}}, "does not hold it"),
        (LLZTO, {"choice": {"Nb": "oxide"}}, "which the formula does not hold"),
        (LLZTO, {"purity_pct": {"Nb2O5": 99}}, "not weighed in"),
        (LLZTO, {"purity_pct": {"La2O3": 0}}, "the purity of La2O3 is 0 %"),
        (LLZTO, {"batch_g": -1}, "the batch is -1 g"),
        (LLZTO, {"li_excess_pct": float("nan")}, "the lithium excess is nan %"),
        ("Li5PS5Cl", {}, "check the charge balance"),
        ("Li3.3PO3.8N0.2", {}, "no precursor of N"),
        ("Li7La3Pu2O12", {}, "Pu"),
        ("LiTi2(PO4)3", {"precursors": ["LiH2PO4", "TiO2", "NH4H2PO4"], "li_excess_pct": 5},
         "a Li excess needs a lithium source"),
    ],
)  # fmt: skip
def test_what_cannot_be_weighed_says_why(formula: str, options: dict, message: str) -> None:
    with pytest.raises(WeighingError, match=message):
        weigh_batch(formula, **{"batch_g": 10, **options})


def test_every_known_precursor_holds_its_element() -> None:
    for element, kinds in precursor_table().items():
        for kind, formula in kinds.items():
            assert element in parse_precursor(formula), (element, kind)


def test_phosphate_as_lithium_and_phosphorus_source() -> None:
    batch = weigh_batch("LiTi2(PO4)3", 10, precursors=["LiH2PO4", "TiO2", "(NH4)2HPO4"])
    assert batch.worst_deviation < 1e-9
    assert set(grams(batch)) == {"LiH2PO4", "TiO2", "(NH4)2HPO4"}
