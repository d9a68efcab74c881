"""Formulas: read as pymatgen reads them, refused with the clue that helps."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymatgen.core import Composition

from ssbml.chemistry.formula import (
    EXAMPLES,
    MAX_CHARACTERS,
    FormulaError,
    composition_key,
    parse_electrolyte,
    parse_formula,
)


def test_plain_formulas_of_the_data_set_agree_with_pymatgen(literature: pd.DataFrame) -> None:
    compared = 0
    for formula in literature["formula"].unique():
        if "-" in formula:
            continue
        theirs = Composition(formula, strict=True).get_el_amt_dict()
        ours = dict(parse_formula(formula))
        assert ours == pytest.approx({k: v for k, v in theirs.items() if v > 0}, abs=1e-12), formula
        compared += 1
    assert compared > 200


def test_mixtures_of_the_data_set_are_the_sum_of_their_terms(literature: pd.DataFrame) -> None:
    mixtures = [f for f in literature["formula"].unique() if "-" in f]
    for formula in mixtures:
        total: dict[str, float] = {}
        for term in formula.split("-"):
            digits = len(term) - len(term.lstrip("0123456789."))
            for symbol, amount in Composition(term[digits:]).get_el_amt_dict().items():
                total[symbol] = total.get(symbol, 0.0) + float(term[:digits]) * amount
        assert dict(parse_formula(formula)) == pytest.approx(total, abs=1e-12), formula


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Li7La3Zr2O12", {"Li": 7, "La": 3, "Zr": 2, "O": 12}),
        ("Li1.3Al0.3Ti1.7(PO4)3", {"Li": 1.3, "Al": 0.3, "Ti": 1.7, "P": 3, "O": 12}),
        ("Li[Ti{PO4}1.5]2", {"Li": 1, "Ti": 2, "P": 3, "O": 12}),
        ("Li₇La₃Zr₂O₁₂", {"Li": 7, "La": 3, "Zr": 2, "O": 12}),
        ("  Li3 P S4 ", {"Li": 3, "P": 1, "S": 4}),
        ("Li.5O", {"Li": 0.5, "O": 1}),
        ("Li7La3Zr2Ta0O12", {"Li": 7, "La": 3, "Zr": 2, "O": 12}),
        ("0.75Li2S-0.25P2S5", {"Li": 1.5, "S": 2.0, "P": 0.5}),
        ("70Li2S·30P2S5", {"Li": 140, "S": 220, "P": 60}),
        ("LiO(OH)2", {"Li": 1, "O": 3, "H": 2}),
    ],
)
def test_read(text: str, amounts: dict[str, float]) -> None:
    assert dict(parse_formula(text)) == pytest.approx(amounts)


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ("LLZO", "an acronym does not fix the amounts (write the composition, for example "
                 "Li7La3Zr2O12)"),
        ("latp", "Li1.3Al0.3Ti1.7(PO4)3"),
        ("LiPON", "Li3.3PO3.8N0.2"),
        ("", "the formula is empty (for example Li7La3Zr2O12)"),
        (" \t", "the formula is empty"),
        ("Li7La3(Zr2O12", "the bracket '(' at character 7 is never closed"),
        ("Li7La3)Zr2O12", "the bracket ')' at character 7 was never opened"),
        ("Li7(La3]", "the bracket ']' at character 8 was never opened"),
        ("Li7()O12", "the bracket '(' at character 4 holds nothing"),
        ("Li" * 5000, f"at most {MAX_CHARACTERS} characters, this one has 10,000"),
        ("Li-7La3Zr2O12", "'-' at character 3: amounts cannot be negative"),
        ("Li7-xLa3Zr2O12", "'x' at character 5: variables need a value"),
        ("Li7La3Zr2O12-δ", "'δ' at character 14: variables need a value"),
        ("Li6,4La3Zr2O12", "',' at character 4: use a point in decimals"),
        ("LI7La3Zr2O12", "'L' at character 1 is not an element (elements with L are La, Li, "
                         "Lr, Lu)"),
        ("Li7Jj3Zr2O12", "'Jj' at character 4 is not an element"),
        ("Li7Xx3Zr2O12", "'Xx' at character 4 is not an element"),
        ("Li7La3Zt2O12", "'Zt' at character 7 is not an element (elements with Z are Zn, Zr)"),
        ("li7la3zr2o12", "'l' at character 1 is not part of a formula"),
        ("Li7La3Zr2O12!", "'!' at character 13 is not part of a formula"),
        ("Li0O0", "all amounts are zero"),
        ("Li1e9", "'e' at character 4 is not part of a formula"),
        ("Li9999999", "the amount 9999999 at character 3 is absurd"),
        ("(3Li)O", "the amount 3 at character 2 follows no element"),
        ("0.5", "a coefficient stands before nothing"),
    ],
)  # fmt: skip
def test_refused_with_the_clue(text: str, clue: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(text)
    assert clue in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("acronym", sorted(EXAMPLES))
def test_every_acronym_is_answered_with_a_formula_that_reads(acronym: str) -> None:
    assert "Li" in parse_electrolyte(EXAMPLES[acronym])
    with pytest.raises(FormulaError, match="an acronym does not fix the amounts"):
        parse_formula(acronym)


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ("La2Zr2O7", "the formula holds no lithium"),
        ("Li0La2Zr2O7", "the formula holds no lithium"),
        ("Li", "lithium metal is not an electrolyte"),
    ],
)
def test_electrolytes_hold_lithium(text: str, clue: str) -> None:
    with pytest.raises(FormulaError, match=clue):
        parse_electrolyte(text)


@given(st.one_of(st.text(max_size=40), st.text("LiOaZr0123456789.()[]-·{}, xδ", max_size=60)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        amounts = parse_formula(text)
    except FormulaError:
        return
    assert amounts
    assert all(0 < amount < float("inf") for amount in amounts.values())


elements = st.sampled_from(["Li", "La", "Zr", "O", "P", "Ti", "Al", "S", "Cl"])
amounts = st.integers(1, 400).map(lambda n: n / 40)
compositions = st.dictionaries(elements, amounts, min_size=1)


@given(compositions)
def test_written_and_read_back(composition: dict[str, float]) -> None:
    text = "".join(f"{symbol}{amount:g}" for symbol, amount in composition.items())
    assert dict(parse_formula(text)) == pytest.approx(composition, rel=1e-5)


@given(compositions, st.sampled_from([0.5, 2.0, 3.0]))
def test_key_sees_neither_multiples_nor_order(composition: dict[str, float], factor: float) -> None:
    other = {s: a * factor for s, a in reversed(composition.items())}
    assert composition_key(composition) == composition_key(other)  # type: ignore[arg-type]


def test_key_tells_compositions_apart() -> None:
    keys = {composition_key(parse_formula(f)) for f in ("Li6.4La3Zr1.4Ta0.6O12", "Li7La3Zr2O12")}
    assert len(keys) == 2
