"""Lab files: every problem at once, every conversion listed, nothing doubtful accepted silently."""

from __future__ import annotations

import datetime
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ssbml.errors import TableError
from ssbml.fields import FIELDS, LAB_FIELDS
from ssbml.lab.corrected import corrected_path, write_corrected
from ssbml.lab.read import LabFile, read_lab
from ssbml.lab.sheet import MAX_ROWS

GARNET = "Li6.4La3Zr1.4Ta0.6O12"


def csv(tmp_path: Path, text: str) -> LabFile:
    path = tmp_path / "lab.csv"
    path.write_text(text, encoding="utf-8")
    return read_lab(path)


def xlsx(tmp_path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / "lab.xlsx"
    book.save(path)
    return path


def only(lab: LabFile, column: str, header: str = "") -> str:
    """Return the reason and hint of the one problem of a file."""
    assert [p.column for p in lab.report.problems] == [header or column]
    assert len(lab.table) == 0
    return f"{lab.report.problems[0].reason} ({lab.report.problems[0].suggestion})"


def test_a_file_as_a_lab_keeps_it(tmp_path: Path) -> None:
    lab = csv(
        tmp_path,
        "Composition,Sintering T (K),Sintering time (min),RD %,sigma (mS/cm),Atmosphere,"
        "Pellet,Furnace\n"
        f"{GARNET},1423.15,360,96.5,0.8,argon,P1,big\n"
        f"{GARNET},1423.15,360,96.5,0.8,Ar,P2,small\n",
    )
    row = lab.table.iloc[0]
    assert row["formula"] == GARNET
    assert (row["sintering_temp_c"], row["sintering_time_h"]) == (1150.0, 6.0)
    assert (row["relative_density_pct"], row["sigma_unspecified_s_cm"]) == (96.5, 8e-4)
    assert (row["atmosphere"], row["sample_id"]) == ("Ar", "P1")
    assert list(lab.table.columns) == [*FIELDS, *LAB_FIELDS]
    assert lab.others["Furnace"].tolist() == ["big", "small"]
    text = "\n".join(lab.report.lines())
    for line in (
        "column 'Sintering T (K)' is read as sintering_temp_c",
        "Sintering T (K): K to °C in 2 rows ('1423.15' -> 1150)",
        "sigma (mS/cm): mS/cm to S/cm in 2 rows ('0.8' -> 0.0008)",
        "Atmosphere: spelling in 1 row ('argon' -> Ar)",
        "column 'Furnace' is kept and ignored",
        "lab.csv: 2 rows, 2 can be used, 0 cannot",
    ):
        assert line in text
    assert json.loads(json.dumps(lab.report.as_dict()))["good"] == 2


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_files_of_countries_with_decimal_commas(tmp_path: Path, delimiter: str) -> None:
    lab = csv(
        tmp_path,
        "formula;sintering_temp_c;RD %;sigma_total_s_cm\n"
        f"{GARNET};1150;96,512;5,2e-4\n{GARNET};1150;96,5;0,00052\n".replace(";", delimiter),
    )
    assert lab.table["relative_density_pct"].tolist() == [96.512, 96.5]
    assert lab.table["sigma_total_s_cm"].tolist() == [5.2e-4, 5.2e-4]
    assert "decimal comma in 2 rows" in "\n".join(lab.report.lines())


def test_a_comma_that_may_group_thousands_is_refused(tmp_path: Path) -> None:
    lab = csv(tmp_path, f'formula,sintering_temp_c\n{GARNET},"1,150"\n')
    assert "'1,150' may be 1150 or 1.150" in only(lab, "sintering_temp_c")


@pytest.mark.parametrize(
    ("cell", "clue"),
    [
        ("=A1*2", "a spreadsheet formula, which is never evaluated"),
        ("=cmd|' /C calc'!A0", "a spreadsheet formula"),
        ("@SUM(A1)", "a spreadsheet formula"),
        ("#DIV/0!", "an error of the spreadsheet program"),
        ("<1e-8", "write the bound in sigma_max_s_cm"),
        (">1e-3", "write the bound in sigma_min_s_cm"),
        ("~5e-4", "write the number alone"),
        ("5e-4-6e-4", "one plain number is expected"),
        ("5e-4 ± 1e-5", "one plain number is expected"),
        ("5e-4 bananas", "'bananas' is no unit of sigma_total_s_cm (S/cm, mS/cm, S/m are"),
        ("5e-4 MPa", "'MPa' is no unit"),
        ("high", "a plain number is expected"),
        ("500", "allowed are 1e-20 to 100 S/cm"),
        ("inf", "a plain number is expected"),
        ("1e999", "a finite number is expected"),
        ("-5e-4", "allowed are 1e-20"),
    ],
)  # fmt: skip
def test_cells_that_are_no_conductivity(tmp_path: Path, cell: str, clue: str) -> None:
    lab = csv(tmp_path, f'formula,sigma_total_s_cm\n{GARNET},"{cell}"\n')
    assert clue in only(lab, "sigma_total_s_cm")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("5e-4", 5e-4),
        ("0.5 mS/cm", 5e-4),
        ("5.2x10^-4", 5.2e-4),
        ("5.2 × 10⁻⁴", 5.2e-4),
        ("5.2·10-4 S/cm", 5.2e-4),
        ("0,00052", 5.2e-4),
        ("−", None),
        ("n.d.", None),
        ("-", None),
    ],
)
def test_cells_that_are_one(tmp_path: Path, cell: str, value: float | None) -> None:
    lab = csv(tmp_path, f'formula,sigma_total_s_cm,form\n{GARNET},"{cell}",pellet\n')
    found = lab.table["sigma_total_s_cm"].iloc[0]
    assert pd.isna(found) if value is None else found == pytest.approx(value, rel=1e-12)


def test_a_conversion_out_of_range_says_what_was_read(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,Sintering T (K)\n{GARNET},5000\n")
    reason = only(lab, "sintering_temp_c", "Sintering T (K)")
    assert "read as 4726.85: allowed are 20 to 3000 °C" in reason
    assert lab.report.problems[0].value == "5000"


def test_kelvin_in_a_celsius_column_is_refused(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,Sintering T (°C),sintering_method\n{GARNET},1523,conventional\n")
    assert "was 1523 K meant?" in only(lab, "sintering_temp_c", "Sintering T (°C)")


def test_every_problem_of_every_row(tmp_path: Path) -> None:
    lab = csv(
        tmp_path,
        "formula,sintering_temp_c,atmosphere,relative_density_pct\n"
        f"LLZO,hot,mars,0.95\n\n{GARNET},1150,O2,95\n{GARNET},1150,O2,=B2\n",
    )
    found = [(p.row, p.column) for p in lab.report.problems]
    assert found == [
        (2, "sintering_temp_c"), (2, "formula"), (2, "atmosphere"), (2, "relative_density_pct"),
        (5, "relative_density_pct"),
    ] or sorted(found) == sorted([
        (2, "sintering_temp_c"), (2, "formula"), (2, "atmosphere"), (2, "relative_density_pct"),
        (5, "relative_density_pct"),
    ])  # fmt: skip
    assert lab.lines == [4]


def test_dates_in_number_columns(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        ["formula", "sintering_time_h", "batch"],
        [GARNET, datetime.datetime(2026, 3, 5), datetime.datetime(2026, 3, 5)],
        [GARNET, datetime.time(5, 30), "B1"],
        [GARNET, datetime.timedelta(hours=30), "B1"],
        [GARNET, 5, datetime.datetime(2026, 3, 5)],
    )
    lab = read_lab(path)
    assert [p.row for p in lab.report.problems] == [2, 3, 4]
    assert "a date or time of day" in lab.report.problems[0].reason
    assert "write 30 for hours" in lab.report.problems[2].suggestion
    assert lab.table["batch"].tolist() == ["2026-03-05"]


def test_formulas_in_workbooks_are_text(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        ["formula", "relative_density_pct", "comment"],
        [GARNET, "=100*5/5.5", "=cmd|' /C calc'!A0"],
        [GARNET, 95, "=HYPERLINK(1)"],
    )
    lab = read_lab(path)
    assert [(p.row, p.column) for p in lab.report.problems] == [(2, "relative_density_pct")]
    assert lab.others["comment"].tolist() == ["=HYPERLINK(1)"]


def test_merged_cells_are_refused_row_by_row(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        ["formula", "sintering_temp_c"],
        [GARNET, 1150], [GARNET, None], [GARNET, 1150],
    )  # fmt: skip
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.save(path)
    lab = read_lab(path)
    assert [p.row for p in lab.report.problems] == [2, 3]
    assert "cells B2:B3 are merged" in lab.report.problems[0].reason
    assert lab.lines == [4]


def test_percent_formats_are_percentages(tmp_path: Path) -> None:
    path = xlsx(tmp_path, ["formula", "RD %"], [GARNET, 0.955], [GARNET, 95.5])
    book = openpyxl.load_workbook(path)
    book.active["B2"].number_format = "0.0%"
    book.save(path)
    lab = read_lab(path)
    assert lab.table["relative_density_pct"].tolist() == [95.5, 95.5]
    assert "percent format in 1 row" in "\n".join(lab.report.lines())


def test_the_first_visible_sheet_with_samples_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "cover"
    book.active["A1"] = "Our best year"
    hidden = book.create_sheet("old")
    hidden.append(["formula"])
    hidden.append(["Li3PS4"])
    hidden.sheet_state = "hidden"
    data = book.create_sheet("data")
    data.append(["Composition"])
    data.append([GARNET])
    data.row_dimensions[2].hidden = True
    path = tmp_path / "lab.xlsx"
    book.save(path)
    lab = read_lab(path)
    assert lab.table["formula"].tolist() == [GARNET]
    assert "sheet 'data' was read, not 'cover', 'old' (hidden)" in lab.report.notes
    assert "1 hidden rows were read too" in lab.report.notes


def test_five_hundred_columns(tmp_path: Path) -> None:
    names = [f"channel {i}" for i in range(498)]
    path = xlsx(tmp_path, ["formula", "RD %", *names], [GARNET, 95, *range(498)])
    lab = read_lab(path)
    assert lab.table["relative_density_pct"].tolist() == [95.0]
    assert lab.others.shape == (1, 498)
    assert len(lab.report.lines()) < 40


def swell(path: Path, dimension: str) -> None:
    """Give a workbook a false dimension, as spreadsheets formatted to the bottom have."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<dimension ref="A1:A2"', dimension.encode())
    assert b"1048576" in parts[sheet]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_a_million_rows_are_refused_from_the_dimension(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path, ["formula"], [GARNET])
    swell(path, '<dimension ref="A1:A1048576"')

    def loaded(*_: object) -> None:
        raise AssertionError("rows were loaded")

    monkeypatch.setattr("ssbml.lab.workbook._sheet", loaded)
    with pytest.raises(TableError, match=r"'Sheet' has 1,048,575 rows.*delete the empty rows"):
        read_lab(path)


def test_rows_are_counted_where_the_dimension_is_missing_or_false(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = xlsx(tmp_path, ["formula"], *[[GARNET]] * 12)
    monkeypatch.setattr("ssbml.lab.workbook.MAX_ROWS", 10)
    for stated in (b"", b'<dimension ref="A1:A2"/>'):
        with zipfile.ZipFile(path) as archive:
            parts = {n: archive.read(n) for n in archive.namelist()}
        name = "xl/worksheets/sheet1.xml"
        parts[name] = re.sub(rb"<dimension[^>]*>", stated, parts[name])
        with zipfile.ZipFile(path, "w") as archive:
            for part, data in parts.items():
                archive.writestr(part, data)
        with pytest.raises(TableError, match=r"has 1\d rows, a lab file may have 50,000"):
            read_lab(path)
        path = xlsx(tmp_path, ["formula"], *[[GARNET]] * 12)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lab.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 2**20))
    with pytest.raises(TableError, match="unpacks to 101 MB"):
        read_lab(path)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_too_many_rows_in_other_files(tmp_path: Path, suffix: str) -> None:
    frame = pd.DataFrame({"formula": ["Li3PS4"] * (2 * MAX_ROWS + 10)})
    path = tmp_path / f"lab{suffix}"
    frame.to_csv(path, index=False) if suffix == ".csv" else frame.to_parquet(path)
    with pytest.raises(TableError, match="a lab file may have 50,000"):
        read_lab(path)


def test_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"formula": [GARNET], "Sintering T (K)": [1423.15], "RD %": [95]})
    frame.to_parquet(tmp_path / "lab.parquet")
    lab = read_lab(tmp_path / "lab.parquet")
    assert lab.table["sintering_temp_c"].tolist() == [1150.0]


def test_lists_in_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"formula": [GARNET], "precursors": [["Li2CO3", "La2O3"]], "RD %": [[95]]})
    frame.to_parquet(tmp_path / "lab.parquet")
    lab = read_lab(tmp_path / "lab.parquet")
    assert [p.column for p in lab.report.problems] == ["RD %"]
    assert lab.corrected["precursors"].tolist() == [["Li2CO3", "La2O3"]]


@pytest.mark.parametrize(
    "header", ["(" * 5000, "T (" + "9" * 5000 + ")", "m" + "9" * 9000, "a" * 300]
)
def test_absurd_headers_are_ignored_at_once(tmp_path: Path, header: str) -> None:
    lab = csv(tmp_path, f"formula,{header}\n{GARNET},1\n")
    assert list(lab.report.ignored.values()) == ["its name is too long"]


def test_absurd_units_and_columns_are_refused(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,RD %\n{GARNET},95 m{'9' * 1500}\n")
    assert "is no unit" in only(lab, "relative_density_pct", "RD %")
    with pytest.raises(TableError, match="has 1 rows of 2,001 columns"):
        csv(tmp_path, "formula" + ",x" * 2000 + f"\n{GARNET}\n")


def test_headers_that_are_formulas_are_defused(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,=cmd|x\n{GARNET},1\n")
    assert (
        write_corrected(lab, tmp_path / "c.csv")
        .read_text("utf-8")
        .startswith("problem,formula,'=cmd")
    )


def test_predictions_beside_measurements_survive_the_corrected_copy(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,RD %,relative_density_pct_lower\n{GARNET},95,88\n")
    assert lab.report.ignored == {"relative_density_pct_lower": "a prediction, not a measurement"}
    again = read_lab(write_corrected(lab, tmp_path / "copy.csv"))
    assert again.table["relative_density_pct"].tolist() == [95.0]
    assert again.others["# relative_density_pct_lower"].tolist() == ["88"]


def test_li_excess_basis_from_the_header(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,Li excess (wt%)\n{GARNET},10\n{GARNET},\n")
    assert lab.table["li_excess_basis"].tolist() == ["wt", None]


def test_doubts_name_the_line_and_header(tmp_path: Path) -> None:
    lab = csv(tmp_path, f"formula,sigma_total (S/cm),form\nLLZO,,\n{GARNET},0.5,pellet\n")
    assert [(w.row, w.column) for w in lab.report.warnings] == [(3, "sigma_total (S/cm)")]
    assert "mS/cm read as S/cm?" in lab.report.warnings[0].reason


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_corrected_copy_is_safe_and_reads_back(tmp_path: Path, suffix: str) -> None:
    lab = csv(
        tmp_path,
        "formula,Sintering T (K),comment\n"
        f"{GARNET},1423.15,=cmd|' /C calc'!A0\n{GARNET},=B2,+cmd\n{GARNET},9999,-2+3+cmd\n",
    )
    path = write_corrected(lab, tmp_path / f"copy{suffix}")
    again = read_lab(path)
    pd.testing.assert_frame_equal(again.table, lab.table)
    assert [p.row for p in again.report.problems] == [3, 4]
    if suffix == ".xlsx":
        cells = [c for row in openpyxl.load_workbook(path).active.iter_rows() for c in row]
        assert not [c.coordinate for c in cells if c.data_type == "f"]
        assert {"'=B2", "9999 K"} <= {c.value for c in cells}
    else:
        text = path.read_text("utf-8")
        assert not [c for c in text.replace("\n", ",").split(",") if c[:1] in "=+@" and c]
        assert "9999 K" in text


def test_where_the_corrected_copy_goes() -> None:
    assert corrected_path("a/lab.xlsx") == Path("a/lab.corrected.xlsx")
    assert corrected_path("lab.parquet") == Path("lab.corrected.csv")


def test_unreadable_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "lab.xlsx"
    path.write_bytes(b"PK\x03\x04 no")
    with pytest.raises(TableError, match="not a readable"):
        read_lab(path)
    with pytest.raises(TableError, match="has a header but no rows"):
        read_lab(xlsx(tmp_path, ["formula"]))
    with pytest.raises(TableError, match=r"has a header|is empty"):
        read_lab(xlsx(tmp_path))
