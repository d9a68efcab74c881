"""Files to raw tables; one clear sentence for every file that is none."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ssbml.errors import TableError
from ssbml.tables.read import read_table

TEXT = "formula,sintering_temp_c,electrode\nLi7La3Zr2O12,1150,Au\nLi3PS4,,\n"


@pytest.mark.parametrize(
    ("data", "clue"),
    [
        (TEXT.encode("utf-16"), "looks like UTF-16"),
        (TEXT.encode("utf-16-le"), "looks like UTF-16"),
        (TEXT.replace("Au", "Höhe").encode("latin-1"), "line 2: not UTF-8 (byte 0xf6, perhaps Lat"),
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"formula,form\n", "has a header but no rows"),
        (b"formula,form\n,\n , \n", "has a header but no rows"),
        (TEXT.replace(",", ";").encode(), "separated by semicolons, commas are expected"),
        (TEXT.replace(",", "\t").encode(), "separated by tabs, commas are expected"),
        (TEXT.replace(",", "|").encode(), "separated by vertical bars"),
        (b"formula,form,form\nLi3PS4,pellet,film\n", "column form stands more than once"),
        (b"formula,form\nLi3PS4,pellet,film\n", "line 2: 3 cells but 2 columns"),
        (b"composition,form\nLi3PS4,pellet\n", "no column 'formula' (found: composition, form)"),
        (b'formula,form\n"Li3PS4,pellet\n', "not a readable CSV file"),
    ],
)
def test_bad_csv(tmp_path: Path, data: bytes, clue: str) -> None:
    path = tmp_path / "recipes.csv"
    path.write_bytes(data)
    with pytest.raises(TableError) as caught:
        read_table(path)
    assert clue in str(caught.value)
    assert "recipes.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="does not exist"):
        read_table(tmp_path / "recipes.csv")


def test_a_directory(tmp_path: Path) -> None:
    folder = tmp_path / "recipes.csv"
    folder.mkdir()
    with pytest.raises(TableError, match="is a directory"):
        read_table(folder)


def test_another_type(tmp_path: Path) -> None:
    path = tmp_path / "recipes.ods"
    path.write_text(TEXT)
    with pytest.raises(TableError, match=r"\.csv, \.xlsx, \.parquet are read, not '\.ods'"):
        read_table(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_broken_binary_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"recipes{suffix}"
    path.write_bytes(b"PK\x03\x04 this is not it")
    with pytest.raises(TableError, match="not a readable"):
        read_table(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "RECIPES.CSV"
    path.write_bytes((TEXT.replace("\n", newline) + f",,{newline}{newline}").encode(encoding))
    frame = read_table(path)
    assert frame.columns.tolist() == ["formula", "sintering_temp_c", "electrode"]
    assert frame.to_numpy().tolist() == [["Li7La3Zr2O12", "1150", "Au"], ["Li3PS4", "", ""]]


def test_csv_quotes_short_lines_and_blank_lines_inside(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text('formula , electrode\n"Li3PS4","Au, Pt"\n\nLi6PS5Cl\n', "utf-8")
    frame = read_table(path)
    assert frame["electrode"].tolist() == ["Au, Pt", "", ""]
    assert frame["formula"].tolist() == ["Li3PS4", "", "Li6PS5Cl"]


def test_a_formula_column_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("formula\nLi3PS4\n", "utf-8")
    assert read_table(str(path))["formula"].tolist() == ["Li3PS4"]


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_binary_files(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"r{suffix}"
    frame = pd.DataFrame({"formula": ["Li3PS4", "Li6PS5Cl"], "sintering_temp_c": [250.0, None]})
    frame.to_excel(path, index=False) if suffix == ".xlsx" else frame.to_parquet(path)
    found = read_table(path)
    assert found["formula"].tolist() == ["Li3PS4", "Li6PS5Cl"]
    assert found["sintering_temp_c"].iloc[0] == 250.0
    assert pd.isna(found["sintering_temp_c"].iloc[1])


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_binary_files_without_rows_or_formula(tmp_path: Path, suffix: str) -> None:
    for frame, clue in (
        (pd.DataFrame({"formula": []}), "has a header but no rows"),
        (pd.DataFrame({"form": ["pellet"]}), "no column 'formula'"),
    ):
        path = tmp_path / f"r{suffix}"
        frame.to_excel(path, index=False) if suffix == ".xlsx" else frame.to_parquet(path)
        with pytest.raises(TableError, match=clue):
            read_table(path)
