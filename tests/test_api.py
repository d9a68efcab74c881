"""``ssbml.predict`` takes recipes in any form and tells what it cannot use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ssbml
from ssbml import Recipe, RecipeError, TableError
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS

LLZTO, LATP = "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"
CELLS = {"sintering_temp_c": 1150.0, "atmosphere": "O2"}
FRAME = pd.DataFrame([{"formula": LLZTO, **CELLS}, {"formula": LATP, "sintering_temp_c": 900.0}])
REJECTED_KEYS = ["row", "index", "column", "value", "reason", "suggestion"]

Predict = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def predict(model: Predictor) -> Predict:
    """`ssbml.predict` with the small model."""

    def call(recipes: Any, **options: Any) -> pd.DataFrame:
        return ssbml.predict(recipes, model=model, **options)

    return call


@pytest.fixture(scope="module")
def expected(predict: Predict) -> pd.DataFrame:
    return predict(FRAME)


def as_csv(folder: Path) -> Path:
    FRAME.to_csv(folder / "r.csv", index=False)
    return folder / "r.csv"


def as_excel(folder: Path) -> Path:
    FRAME.to_excel(folder / "r.xlsx", index=False)
    return folder / "r.xlsx"


def as_parquet(folder: Path) -> Path:
    FRAME.to_parquet(folder / "r.parquet", index=False)
    return folder / "r.parquet"


RECORDS = [{"formula": LLZTO, **CELLS}, {"formula": LATP, "sintering_temp_c": 900.0}]
FORMS: dict[str, Callable[[Path], Any]] = {
    "frame": lambda _: FRAME,
    "list of dicts": lambda _: RECORDS,
    "tuple of dicts": lambda _: tuple(RECORDS),
    "list of recipes": lambda _: [Recipe(**r) for r in RECORDS],
    "csv path": as_csv,
    "csv name": lambda folder: str(as_csv(folder)),
    "xlsx": as_excel,
    "parquet": as_parquet,
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_tables(predict: Predict, expected: pd.DataFrame, tmp_path: Path, form: str) -> None:
    found = predict(FORMS[form](tmp_path))
    pd.testing.assert_frame_equal(found, expected)
    assert found.attrs["rejected"] == []


ONE: dict[str, Callable[[Predict], pd.DataFrame]] = {
    "formula and fields": lambda predict: predict(LLZTO, **CELLS),
    "dict": lambda predict: predict({"formula": LLZTO, **CELLS}),
    "dict and fields": lambda predict: predict({"formula": LLZTO}, **CELLS),
    "recipe": lambda predict: predict(Recipe(LLZTO, **CELLS)),
    "series": lambda predict: predict(dict(FRAME.iloc[0])),
}


@pytest.mark.parametrize("form", sorted(ONE))
def test_one_recipe(predict: Predict, expected: pd.DataFrame, form: str) -> None:
    pd.testing.assert_frame_equal(ONE[form](predict), expected.iloc[:1])


def test_the_method_is_the_function(model: Predictor, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(model.predict(FRAME), expected)


def test_a_list_of_formulas(predict: Predict) -> None:
    pd.testing.assert_frame_equal(predict([LLZTO]), predict(LLZTO))


def test_lists_stand_in_cells(predict: Predict) -> None:
    one = predict(LLZTO, additive=["Li3BO3", "Al2O3"], additive_wt_pct=[1, 0.5])
    other = predict(LLZTO, additive="Li3BO3; Al2O3", additive_wt_pct="1; 0.5")
    pd.testing.assert_frame_equal(one, other)


BAD = [
    {"formula": LLZTO, "atmosphere": "O2"},
    {"formula": "LLZO", "atmosphere": "argon"},
    {"formula": LATP, "atmosphere": "air"},
    {"formula": LLZTO, "sintering_temp_c": "1100 C"},
]


def test_errors_list_every_bad_row(predict: Predict) -> None:
    with pytest.raises(RecipeError) as caught:
        predict(BAD)
    assert isinstance(caught.value, ValueError)
    text = str(caught.value)
    for clue in ("2 rows cannot be used", "row 1, formula", "row 1, atmosphere", "mean Ar?",
                 "row 3, sintering_temp_c = '1100 C'", "write 1100"):  # fmt: skip
        assert clue in text


def test_report_keeps_the_good_rows(predict: Predict) -> None:
    frame = pd.DataFrame(BAD, index=["a", "b", "c", "d"])
    found = predict(frame, errors="report")
    assert found.index.tolist() == ["a", "c"]
    pd.testing.assert_frame_equal(found, predict(frame.loc[["a", "c"]]))
    rejected = found.attrs["rejected"]
    assert [(r["row"], r["index"], r["column"]) for r in rejected] == [
        (1, "b", "formula"),
        (1, "b", "atmosphere"),
        (3, "d", "sintering_temp_c"),
    ]
    assert all(list(r) == REJECTED_KEYS for r in rejected)
    assert rejected[1]["value"] == "argon"
    assert "Ar" in rejected[1]["suggestion"]
    assert all(type(r["row"]) is int for r in rejected)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_rows_of_files_are_spreadsheet_lines(predict: Predict, tmp_path: Path, suffix: str) -> None:
    path, frame = tmp_path / f"r{suffix}", pd.DataFrame(BAD, dtype=object)
    {
        ".csv": lambda: frame.to_csv(path, index=False),
        ".xlsx": lambda: frame.to_excel(path, index=False),
        ".parquet": lambda: frame.astype("string").to_parquet(path, index=False),
    }[suffix]()
    found = predict(path, errors="report")
    assert [r["row"] for r in found.attrs["rejected"]] == [3, 3, 5]
    assert [r["index"] for r in found.attrs["rejected"]] == [1, 1, 3]
    assert found.index.tolist() == [0, 2]


def test_all_rows_bad_gives_an_empty_frame_with_all_columns(predict: Predict) -> None:
    found = predict(["LLZO", ""], errors="report")
    assert found.columns.tolist() == list(PREDICTION_COLUMNS)
    assert len(found) == 0
    assert len(found.attrs["rejected"]) == 2
    kept = predict([{"formula": "LLZO", "form": "film"}], errors="report", keep_input=True)
    assert kept.columns.tolist() == ["formula", "form", *PREDICTION_COLUMNS]


@pytest.mark.parametrize(
    ("fields", "clue"),
    [
        ({"sintering_temp": 1150}, "did you mean sintering_temp_c?"),
        ({"atmosfere": "Ar"}, "did you mean atmosphere?"),
        ({"relative_density_pct": 95}, "known={...}"),
        ({"zzz": 1}, "there is no such recipe field"),
        ({"atmosphere": "argon"}, "did you mean Ar?"),
    ],
)
def test_bad_keywords(predict: Predict, fields: dict[str, Any], clue: str) -> None:
    with pytest.raises(RecipeError) as caught:
        predict(LLZTO, **fields)
    assert clue in str(caught.value)


def test_misspelt_columns_are_noted_and_told(predict: Predict) -> None:
    found = predict([{"formula": LLZTO, "sintering_temp": 1150, "operator": "me"}])
    assert "column 'sintering_temp' is not known" in found["notes"].iloc[0]
    assert "operator" not in found["notes"].iloc[0]
    assert found.attrs["ignored_columns"] == {"sintering_temp": "sintering_temp_c", "operator": ""}


@pytest.mark.parametrize(
    ("recipes", "clue"),
    [
        ([], "an empty list holds no recipes"),
        (7, "recipes of type int are not understood"),
        (None, "recipes of type NoneType are not understood"),
        ([LLZTO, 7], "item 1 of the list is a int"),
        (pd.DataFrame({"composition": [LLZTO]}), "no column 'formula'"),
        (pd.DataFrame([[1, 2]], columns=["formula", "formula"]), "stands more than once"),
        (Path("nowhere.csv"), "does not exist"),
        ("nowhere.csv", "does not exist"),
        (Path(), "is a directory"),
    ],
)
def test_what_is_no_table(predict: Predict, recipes: Any, clue: str) -> None:
    with pytest.raises(TableError, match=clue):
        predict(recipes)


def test_fields_go_with_one_formula(predict: Predict) -> None:
    with pytest.raises(TableError, match="single fields go with a single formula"):
        predict(FRAME, atmosphere="Ar")


def test_an_empty_frame_gives_an_empty_table(predict: Predict) -> None:
    found = predict(FRAME.iloc[:0])
    assert found.columns.tolist() == list(PREDICTION_COLUMNS)
    assert len(found) == 0


@pytest.mark.parametrize("recipes", [[{"form": "film"}], [{}], {"form": "film", "formula": None}])
def test_a_recipe_without_formula(predict: Predict, recipes: Any) -> None:
    with pytest.raises(RecipeError, match="the formula is empty"):
        predict(recipes)


@pytest.mark.parametrize(
    ("options", "clue"),
    [
        ({"errors": "ignore"}, "allowed are 'raise' and 'report'"),
        ({"coverage": 90}, "allowed are 0.5 to 0.99"),
        ({"coverage": 1.0}, "allowed are 0.5 to 0.99"),
    ],
)
def test_bad_options(predict: Predict, options: dict[str, Any], clue: str) -> None:
    with pytest.raises(ValueError, match=clue):
        predict(LLZTO, **options)


@pytest.mark.parametrize(
    ("known", "clue"),
    [
        ({"grain_size_um": 3}, "known takes relative_density_pct and phase_main"),
        ({"relative_density_pct": 150}, "allowed are 10 to 101 %"),
        ({"relative_density_pct": "dense"}, "a plain number is expected"),
        ({"phase_main": "cubik"}, "did you mean cubic?"),
        ({"relative_density_pct": [90.0, 91.0]}, "1 values are needed"),
    ],
)
def test_bad_known(predict: Predict, known: dict[str, Any], clue: str) -> None:
    with pytest.raises(RecipeError) as caught:
        predict(LLZTO, known=known)
    assert clue in str(caught.value)


def test_known_goes_by_row_when_rows_are_rejected(predict: Predict) -> None:
    sigma = "conductivity_s_cm"
    density = [85.0, 50.0, 98.0]
    found = predict(
        [LLZTO, "LLZO", LLZTO], known={"relative_density_pct": density}, errors="report"
    )
    alone = predict(LLZTO, known={"relative_density_pct": 98.0})
    assert found[sigma].iloc[1] == pytest.approx(alone[sigma].iloc[0])
    assert found[sigma].iloc[0] < found[sigma].iloc[1]


@pytest.mark.parametrize("density", [np.float64(96), np.int64(96), np.array([96.0]), (96,)])
def test_known_takes_what_numpy_and_pandas_give(predict: Predict, density: Any) -> None:
    plain = predict(LLZTO, known={"relative_density_pct": 96})
    found = predict(LLZTO, known={"relative_density_pct": density})
    pd.testing.assert_frame_equal(found, plain)


def test_keep_input_names_measured_outcomes(predict: Predict) -> None:
    frame = FRAME.assign(relative_density_pct=[95.0, 90.0], operator="me", notes="mine")
    found = predict(frame, keep_input=True)
    assert found.columns.tolist() == [
        "formula",
        "sintering_temp_c",
        "atmosphere",
        "relative_density_pct_measured",
        "operator",
        "notes_input",
        *PREDICTION_COLUMNS,
    ]
    assert found["relative_density_pct_measured"].tolist() == [95.0, 90.0]
    assert found["notes_input"].tolist() == ["mine", "mine"]
    pd.testing.assert_frame_equal(found[list(PREDICTION_COLUMNS)], predict(frame))


def test_the_shipped_model_is_the_default(shipped_model: Predictor) -> None:
    pd.testing.assert_frame_equal(ssbml.predict(FRAME), shipped_model.predict(FRAME))
