"""Many formulas at once mean what they mean one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ssbml.chemistry.amounts import amounts_of, plain_electrolytes
from ssbml.chemistry.elements import FloatArray, composition_matrix
from ssbml.chemistry.families import families_of_amounts, family_of
from ssbml.chemistry.formula import EXAMPLES, FormulaError, parse_electrolyte, parse_formula

MANY = 400
FILLER = ["Li7La3Zr2O12"] * MANY

texts = st.text(alphabet="LiLaZrOPST()[]{}0123456789.- ·₂x,", min_size=1, max_size=24)
plain = st.lists(
    st.tuples(
        st.sampled_from(["Li", "La", "Zr", "O", "P", "S", "Cl", "(PO4)", "[Zr(SO4)2]"]),
        st.decimals(0, 999, places=4).map(str) | st.just("") | st.just("0.1") | st.just("3."),
    ),
    min_size=1,
    max_size=6,
).map(lambda parts: "".join(a + n for a, n in parts))


def outcome(read: Callable[[list[str]], FloatArray], formulas: list[str]) -> Any:
    """Return the amounts as nested lists, or the words of the refusal."""
    try:
        return read(formulas).tolist()
    except FormulaError as error:
        return str(error)


def one_by_one(formulas: list[str]) -> FloatArray:
    return composition_matrix([parse_formula(f) for f in formulas])


def among_many(formulas: list[str]) -> FloatArray:
    return amounts_of([*FILLER, *formulas])[MANY:]


@given(st.lists(plain | texts, min_size=1, max_size=8))
def test_any_text_is_read_as_by_the_parser_or_refused_with_its_words(found: list[str]) -> None:
    assert outcome(among_many, found) == outcome(one_by_one, found)


@given(st.lists(plain | texts, min_size=1, max_size=8))
def test_what_is_called_plain_is_accepted(found: list[str]) -> None:
    for formula, sure in zip(found, plain_electrolytes([*found, *FILLER]), strict=False):
        if sure:
            assert parse_electrolyte(formula)


def test_acronyms_are_left_to_the_parser() -> None:
    assert not plain_electrolytes([*EXAMPLES, *FILLER])[: len(EXAMPLES)].any()


def test_published_formulas_need_no_second_look(literature: pd.DataFrame) -> None:
    formulas = list(dict.fromkeys(literature["formula"]))
    assert plain_electrolytes(formulas).mean() > 0.95
    assert np.array_equal(amounts_of(formulas), one_by_one(formulas))


def test_families_do_not_depend_on_company(literature: pd.DataFrame) -> None:
    formulas = list(dict.fromkeys(literature["formula"]))
    together = families_of_amounts(amounts_of(formulas)).tolist()
    assert together == [family_of(f) for f in formulas]
    assert len(set(together)) > 8
