"""The lab template: opened, filled and read back as a ceramist would."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ssbml.fields import FIELDS, OUTCOME_FIELDS, RECIPE_FIELDS
from ssbml.lab.read import EXAMPLE_BATCH, read_lab
from ssbml.lab.template import EXAMPLES, template_columns, write_template


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "lab.xlsx")


def test_columns_examples_and_explanations(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["samples", "columns", "lists"]
    sheet = book["samples"]
    assert [c.value for c in sheet[1]] == list(template_columns())
    assert set(template_columns()) == {
        *RECIPE_FIELDS, *OUTCOME_FIELDS, "batch", "sample_id", "suggestion_id"
    }  # fmt: skip
    assert sheet.freeze_panes == "E2"
    assert sheet.max_row == 1 + len(EXAMPLES)
    explained = {row[0] for row in book["columns"].iter_rows(values_only=True)}
    assert set(template_columns()) <= explained
    units = {r[0]: r[2] for r in book["columns"].iter_rows(values_only=True)}
    assert units["sintering_temp_c"] == "°C"


def test_every_closed_column_has_its_drop_down(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    sheet, lists = book["samples"], book["lists"]
    header = {c.value: c.column_letter for c in sheet[1]}
    rules = {str(r.sqref).split("2:")[0]: r for r in sheet.data_validations.dataValidation}
    for name in template_columns():
        field, rule = FIELDS.get(name), rules.get(header[name])
        if field is None or field.kind not in ("choice", "flag", "number"):
            assert rule is None
        elif field.kind == "number":
            assert (float(rule.formula1), float(rule.formula2)) == (field.low, field.high)
        elif rule.formula1.startswith("lists!"):
            cells = lists[rule.formula1.removeprefix("lists!").replace("$", "")]
            assert tuple(c[0].value for c in cells) == field.choices
        else:
            allowed = field.choices or ("true", "false")
            assert tuple(rule.formula1.strip('"').split(",")) == allowed
            assert len(rule.formula1) <= 255


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".parquet"])
def test_untouched_it_holds_no_samples_and_no_problems(tmp_path: Path, suffix: str) -> None:
    lab = read_lab(write_template(tmp_path / f"lab{suffix}"))
    assert (lab.report.n_rows, lab.report.problems, lab.report.warnings) == (0, [], [])
    assert lab.report.ignored == {}
    assert "3 example rows of the template were left out" in lab.report.notes


def test_filled_it_reads_back_as_published(
    template: Path, literature: pd.DataFrame, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(template)
    sheet = book["samples"]
    column = template_columns().index("batch") + 1
    assert {sheet.cell(r, column).value for r in (2, 3, 4)} == {EXAMPLE_BATCH}
    for row in (2, 3, 4):
        sheet.cell(row, column).value = "B1"
    path = tmp_path / "filled.xlsx"
    book.save(path)
    lab = read_lab(path)
    assert (lab.report.n_good, lab.report.problems, lab.report.changes) == (3, [], [])
    for position, name in enumerate(EXAMPLES):
        for field in (*RECIPE_FIELDS, *OUTCOME_FIELDS):
            stored, read = literature.at[name, field], lab.table.at[position, field]
            assert (pd.isna(stored) and pd.isna(read)) or stored == read


def test_example_rows_are_published(literature: pd.DataFrame) -> None:
    rows = literature.loc[list(EXAMPLES)]
    assert rows["doi"].notna().all()
    assert (rows["formula_basis"] != "placeholder").all()
    assert rows["relative_density_pct"].notna().all()
