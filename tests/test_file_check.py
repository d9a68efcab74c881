"""The check of anybody's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssbml.datasets.checks import contradicts_itself
from ssbml.datasets.validation import FileReport, validate_file
from ssbml.errors import TableError

HEADER = (
    "formula,form,sintering_temp_c,sigma_total_s_cm,relative_density_pct,phase_pure,impurities\n"
)
GOOD = "Li6.4La3Zr1.4Ta0.6O12,pellet,1150,5e-4,95,true,\n"


def report(tmp_path: Path, *lines: str, header: str = HEADER) -> FileReport:
    path = tmp_path / "lab.csv"
    path.write_text(header + "".join(lines), encoding="utf-8")
    return validate_file(path)


def test_a_good_table_has_nothing_to_say(tmp_path: Path) -> None:
    found = report(tmp_path, GOOD, GOOD)
    assert (found.n_rows, found.problems, found.warnings, found.ignored) == (2, [], [], {})
    assert len(found.table) == 2


def test_bad_cells_are_problems_with_their_line(tmp_path: Path) -> None:
    found = report(tmp_path, GOOD, "LLZO,pellet,1150,5e-4,95,true,\n", "Li7La3Zr2O12,disc,,,,,\n")
    assert [(p.row, p.column) for p in found.problems] == [(3, "formula"), (4, "form")]
    assert len(found.table) == 1


def test_outcomes_are_checked_too(tmp_path: Path) -> None:
    found = report(tmp_path, "Li7La3Zr2O12,pellet,,500,95,maybe,\n")
    assert {p.column for p in found.problems} == {"sigma_total_s_cm", "phase_pure"}


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("Li7La3Zr2O,pellet,1150,,95,,\n", "formula", "not charge balanced"),
        ("Li6.4La3Zr1.4Ta0.6O12,pellet,1150,0.5,95,,\n", "sigma_total_s_cm", "mS/cm"),
        ("Li6.4La3Zr1.4Ta0.6O12,pellet,1150,,100.5,,\n", "relative_density_pct", "above 100"),
        ("Li6.4La3Zr1.4Ta0.6O12,pellet,1150,,95,true,La2Zr2O7\n", "phase_pure", "impurities"),
    ],
)
def test_doubts_are_warnings(tmp_path: Path, line: str, column: str, words: str) -> None:
    found = report(tmp_path, GOOD, line)
    assert found.problems == []
    assert [(w.row, w.column) for w in found.warnings] == [(3, column)]
    assert words in found.warnings[0].reason


def test_warnings_name_the_line_after_a_rejected_row(tmp_path: Path) -> None:
    found = report(tmp_path, "LLZO,pellet,,,,,\n", "Li7La3Zr2O,pellet,1150,,95,,\n")
    assert [p.row for p in found.problems] == [2]
    assert [w.row for w in found.warnings] == [3]


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    found = report(tmp_path, "Li7La3Zr2O12,1100\n", header="formula,sintering_temp\n")
    assert found.ignored == {"sintering_temp": "sintering_temp_c"}
    assert found.warnings == []


def test_all_rows_bad(tmp_path: Path) -> None:
    found = report(tmp_path, "LLZO,pellet,,,,,\n")
    assert len(found.table) == 0
    assert found.warnings == []


def test_unreadable_files_raise(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        validate_file(tmp_path / "none.csv")


def test_contradictions() -> None:
    assert contradicts_itself({}) == []
    assert (
        contradicts_itself({"phase_pure": True, "impurities": "La2Zr2O7", "impurity_wt_pct": 1})
        == []
    )
    columns = [
        c
        for c, _ in contradicts_itself(
            {
                "sigma_total_s_cm": 1e-3,
                "sigma_bulk_s_cm": 1e-4,
                "sigma_min_s_cm": 1e-3,
                "sigma_max_s_cm": 1e-4,
                "density_g_cm3": 5.0,
                "theoretical_density_g_cm3": 5.5,
                "relative_density_pct": 97.0,
                "sintering_temp_c": 1200,
                "sintering_peak_temp_c": 1100,
                "phase_pure": True,
                "phase_purity_pct": 80,
            }
        )
    ]
    assert columns == [
        "phase_pure", "sigma_total_s_cm", "sigma_min_s_cm", "relative_density_pct",
        "sintering_peak_temp_c",
    ]  # fmt: skip
