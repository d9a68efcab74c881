"""Tables: every bad cell at once, with what to do; good rows untouched."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssbml.cells import CellError, coerce, is_missing, split_list
from ssbml.errors import RecipeError, TableError
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.tables.validate import validate

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
LATP = "Li1.3Al0.3Ti1.7(PO4)3"


def problems(**cells: Any) -> list[Any]:
    return validate(pd.DataFrame([{"formula": LLZTO, **cells}], dtype=object)).problems


@pytest.mark.parametrize(
    ("column", "value", "reason", "suggestion"),
    [
        ("formula", "LLZO", "an acronym", "Li7La3Zr2O12"),
        ("formula", "Li7La3(Zr2O12", "bracket '(' at character 7", ""),
        ("formula", "", "the formula is empty", "Li7La3Zr2O12"),
        ("formula", None, "the formula is empty", "Li7La3Zr2O12"),
        ("formula", 7.0, "a chemical formula in text is expected", "Li7La3Zr2O12"),
        ("formula", "Li" * 5000, "at most 300 characters", ""),
        ("formula", "La2Zr2O7", "holds no lithium", ""),
        ("formula", "Li-7La3Zr2O12", "cannot be negative", ""),
        ("sintering_temp_c", "1100 C", "a plain number is expected, 20 to 3000 °C", "write 1100;"),
        ("sintering_temp_c", "1100°C", "a plain number is expected", "write 1100;"),
        ("sintering_temp_c", "1100,5", "a plain number is expected", "write 1100.5"),
        ("sintering_temp_c", "hot", "a plain number is expected", "leave it blank"),
        ("sintering_temp_c", True, "a number is expected", ""),
        ("sintering_temp_c", math.inf, "a finite number is expected", ""),
        ("sintering_temp_c", -5, "allowed are 20 to 3000 °C", ""),
        ("sintering_temp_c", 1e9, "allowed are 20 to 3000 °C", ""),
        ("sintering_time_h", -1, "allowed are 0 to 500 h", ""),
        ("atmosphere", "argon", "not a known atmosphere; allowed are air, ", "did you mean Ar?"),
        ("atmosphere", "oxigen", "not a known atmosphere", ""),
        ("sintering_method", "hot pressing", "not a known", "did you mean hot_press?"),
        ("sintering_method", "convential", "not a known", "did you mean conventional?"),
        ("route", "sol-gel", "not a known", "did you mean sol_gel?"),
        ("mother_powder", "maybe", "allowed are true and false", ""),
        ("mother_powder", 2, "allowed are true and false", ""),
        ("additive_wt_pct", "1; x", "a plain number is expected", ""),
        ("additive_wt_pct", "1; 99", "allowed are 0 to 60 wt%", ""),
        ("temperature_c", -300, "allowed are -273.15 to 1000 °C", ""),
        ("precursors", "x" * 3000, "at most 2000 characters", ""),
    ],
)
def test_bad_cells(column: str, value: Any, reason: str, suggestion: str) -> None:
    (problem,) = problems(**{column: value})
    assert (problem.row, problem.index, problem.column) == (0, 0, column)
    assert reason in problem.reason
    assert suggestion in problem.suggestion
    assert len(problem.sentence()) < 500


@pytest.mark.parametrize(
    ("column", "value", "cell"),
    [
        ("sintering_temp_c", "1100", 1100.0),
        ("sintering_temp_c", " 1.1e3 ", 1100.0),
        ("sintering_temp_c", np.int64(1100), 1100.0),
        ("atmosphere", "o2", "O2"),
        ("mother_powder", "Yes", True),
        ("mother_powder", 0, False),
        ("mother_powder", 1.0, True),
        ("mother_powder", np.bool_(False), False),
        ("additive", ["Li3BO3", "Al2O3"], "Li3BO3; Al2O3"),
        ("additive", "none", "none"),
        ("additive_wt_pct", "1;2.50", "1; 2.5"),
        ("additive_wt_pct", 1.5, "1.5"),
        ("precursors", "Li2CO3;La2O3 ; ", "Li2CO3; La2O3"),
        ("sintering_method", "NONE", "none"),
        ("electrode", " Au ", "Au"),
    ],
)
def test_good_cells(column: str, value: Any, cell: Any) -> None:
    found = coerce(FIELDS[column], value)
    assert found == cell
    assert type(found) is type(cell)


@pytest.mark.parametrize(
    "blank",
    [None, "", "  ", "NA", "N/A", "NaN", "nan", "None", "null", math.nan, pd.NA, pd.NaT, []],
)
def test_blanks_mean_not_stated(blank: Any) -> None:
    assert is_missing(blank)
    assert coerce(FIELDS["sintering_method"], blank) is None
    checked = validate(pd.DataFrame({"formula": [LLZTO], "sintering_temp_c": [blank]}))
    assert checked.problems == []
    assert np.isnan(checked.table["sintering_temp_c"].iloc[0])


@pytest.mark.parametrize("value", ["none", 0, False, "0", "false"])
def test_not_done_is_a_value(value: Any) -> None:
    assert not is_missing(value)


def test_lists_are_split() -> None:
    assert split_list("Li3BO3; Al2O3") == ("Li3BO3", "Al2O3")
    assert split_list(None) == ()


@pytest.mark.parametrize(
    ("formula", "cells", "clue"),
    [
        (LLZTO, {"sintering_temp_c": 1423}, "was 1423 K meant? write 1150"),
        (LLZTO, {"sintering_temp_c": 1423, "sintering_method": "conventional"}, "1350 °C"),
        (LLZTO, {"sintering_temp_c": 1423, "sintering_method": "hot_press"}, "write 1150"),
        ("Li6PS5Cl", {"sintering_temp_c": 900}, "of argyrodite electrolytes is believed up to"),
        (LLZTO, {"sintering_temp_c": 1150, "sintering_peak_temp_c": 1523}, "write 1250"),
        (LLZTO, {"sintering_temp_c": 1423, "family": "garnet"}, "garnet"),
        ("Li6PS5Cl", {"sintering_temp_c": 823}, "argyrodite"),
        (LLZTO, {"sintering_temp_c": 1500, "sintering_method": "uhs"}, None),
        (LLZTO, {"sintering_temp_c": 1500, "sintering_method": "laser"}, None),
        (LLZTO, {"sintering_temp_c": 1423, "sintering_method": "flash"}, None),
        (LLZTO, {"sintering_temp_c": 1423, "route": "plasma_spray"}, None),
        (LLZTO, {"sintering_temp_c": 1350}, None),
        (LLZTO, {"sintering_temp_c": 1800}, None),
        (LATP, {"sintering_temp_c": 1073, "sintering_method": "conventional"}, None),
        ("Li0.33La0.557TiO3", {"sintering_temp_c": 1350}, None),
    ],
)
def test_kelvin_by_mistake(formula: str, cells: dict[str, Any], clue: str | None) -> None:
    found = validate(pd.DataFrame([{"formula": formula, **cells}])).problems
    if clue is None:
        assert found == []
    else:
        (problem,) = found
        assert clue in f"{problem.reason} {problem.suggestion}"
        assert "sintering" in problem.column


def test_amounts_go_with_additives() -> None:
    (problem,) = problems(additive="Li3BO3; Al2O3", additive_wt_pct="1")
    assert "1 amounts for 2 additives" in problem.reason
    assert problems(additive="Li3BO3; Al2O3", additive_wt_pct="1; 2") == []
    assert problems(additive="none", additive_wt_pct="0; 0") == []


def test_every_bad_row_is_listed_at_once() -> None:
    raw = pd.DataFrame(
        {
            "formula": [LLZTO, "LLZO", LATP, "Li7La3(Zr2O12", LLZTO],
            "atmosphere": ["O2", "argon", "air", "Ar", "steam"],
            "sintering_temp_c": ["1150", "1100 C", "900", "", "1423"],
        },
        index=["a", "b", "c", "d", "e"],
    )
    checked = validate(raw, first_row=2)
    assert [(p.row, p.index, p.column) for p in checked.problems] == [
        (3, "b", "formula"),
        (3, "b", "sintering_temp_c"),
        (3, "b", "atmosphere"),
        (5, "d", "formula"),
        (6, "e", "atmosphere"),
    ]
    assert checked.table.index.tolist() == ["a", "c"]
    assert checked.positions.tolist() == [0, 2]
    message = str(RecipeError(checked.problems))
    assert message.startswith("3 rows cannot be used:")
    assert "row 3, sintering_temp_c = '1100 C'" in message


def test_a_long_list_of_problems_is_cut_and_counted() -> None:
    raw = pd.DataFrame({"formula": ["LLZO"] * 1000})
    error = RecipeError(validate(raw).problems)
    assert len(error.problems) == 1000
    assert "and 980 more problems" in str(error)
    assert len(str(error).splitlines()) == 22


def test_large_tables_are_checked_in_seconds() -> None:
    n = 200_000
    raw = pd.DataFrame(
        {
            "formula": [LLZTO, LATP] * (n // 2),
            "sintering_temp_c": ["1000"] * n,
            "atmosphere": ["O2"] * n,
        },
        dtype=object,
    )
    raw.loc[17, "formula"] = "LLZO"
    raw.loc[99_999, "sintering_temp_c"] = "1100 C"
    raw.loc[n - 1, "atmosphere"] = "argon"
    start = time.perf_counter()
    checked = validate(raw, first_row=2)
    seconds = time.perf_counter() - start
    assert [(p.row, p.column) for p in checked.problems] == [
        (19, "formula"),
        (100_001, "sintering_temp_c"),
        (200_001, "atmosphere"),
    ]
    assert len(checked.table) == n - 3
    assert seconds < 5.0, f"{seconds:.1f} s"


def test_index_order_and_dtypes() -> None:
    raw = pd.DataFrame(
        {"formula": [LLZTO, LATP, LLZTO], "mother_powder": [True, None, "no"]}, index=[7, 7, 3]
    )
    table = validate(raw).table
    assert table.index.tolist() == [7, 7, 3]
    assert table["formula"].tolist() == [LLZTO, LATP, LLZTO]
    assert table.columns.tolist() == list(RECIPE_FIELDS)
    assert table["sintering_temp_c"].dtype == float
    assert table["mother_powder"].tolist() == [True, None, False]


def test_outcomes_are_left_out_and_unknown_columns_told() -> None:
    raw = pd.DataFrame(
        {"formula": [LLZTO], "relative_density_pct": [95], "sinter_temp_c": [1], "operator": ["x"]}
    )
    checked = validate(raw)
    assert "relative_density_pct" not in checked.table.columns
    assert checked.ignored == {"sinter_temp_c": "sintering_temp_c", "operator": ""}


@pytest.mark.parametrize(
    ("columns", "clue"),
    [
        (["formula", "form", "form"], "column form stands more than once"),
        (["composition", "form"], "no column 'formula' .found: composition, form"),
    ],
)
def test_tables_that_are_none(columns: list[str], clue: str) -> None:
    with pytest.raises(TableError, match=clue):
        validate(pd.DataFrame([["a"] * len(columns)], columns=columns))


def test_the_raw_table_is_not_changed() -> None:
    raw = pd.DataFrame({"formula": [LLZTO, "LLZO"], "atmosphere": ["o2", "argon"]}, index=[1, 2])
    before = raw.copy(deep=True)
    validate(raw)
    pd.testing.assert_frame_equal(raw, before)


def cells_of(name: str) -> st.SearchStrategy[Any]:
    field = FIELDS[name]
    if field.kind == "formula":
        return st.sampled_from([LLZTO, LATP, "Li6PS5Cl", "0.75Li2S-0.25P2S5"])
    if field.kind == "number":
        return st.one_of(st.none(), st.floats(field.low, field.high))
    if field.kind == "flag":
        return st.sampled_from([None, True, False, "yes", 0])
    if field.kind == "choice":
        return st.one_of(st.none(), st.sampled_from(field.choices).map(str.upper))
    if field.kind == "numbers":
        return st.one_of(st.none(), st.floats(0, 60))
    return st.sampled_from([None, "Li2CO3", ["Li2CO3", "ZrO2"], " a ;b"])


rows = st.fixed_dictionaries({name: cells_of(name) for name in RECIPE_FIELDS})


@given(st.lists(rows, min_size=1, max_size=3))
def test_a_valid_table_stays_as_it_is(recipes: list[dict[str, Any]]) -> None:
    once = validate(pd.DataFrame(recipes, dtype=object))
    again = validate(once.table)
    assert again.problems == []
    pd.testing.assert_frame_equal(again.table, once.table, check_exact=True)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=4),
)


@given(st.sampled_from(sorted(FIELDS)), st.one_of(scalars, st.lists(scalars, max_size=3)))
def test_any_cell_is_taken_or_refused(name: str, value: Any) -> None:
    try:
        coerce(FIELDS[name], value)
    except CellError:
        return
