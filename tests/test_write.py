"""Tables to files: whole or not at all, and nothing in them that a spreadsheet would run."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd
import pytest

from ssbml.errors import TableError
from ssbml.tables.read import SUFFIXES, read_table
from ssbml.tables.write import check_target, replaced, write_table

FRAME = pd.DataFrame({"formula": ["Li3PS4", "Li6PS5Cl"], "sintering_temp_c": [250.0, 300.5]})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_written_and_read_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    write_table(FRAME, path)
    found = read_table(path)
    assert found["formula"].tolist() == FRAME["formula"].tolist()
    assert found["sintering_temp_c"].astype(float).tolist() == [250.0, 300.5]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failure_leaves_the_old_file(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"old")

    def broken(_: pd.DataFrame, target: Path, **__: object) -> None:
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    for writer in ("to_csv", "to_excel", "to_parquet"):
        monkeypatch.setattr(pd.DataFrame, writer, broken)
    with pytest.raises(TableError, match=r"cannot write .*No space left on device"):
        write_table(FRAME, path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_the_new_file_takes_its_place_in_one_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    def refused(self: Path, target: Path) -> Path:
        assert self.parent == target.parent
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(TableError, match="Permission denied"):
        write_table(FRAME, path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_any_other_failure_leaves_the_old_file_too(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"old")

    def half() -> None:
        with replaced(path) as temporary:
            temporary.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_files_are_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(FRAME, path)
    beside = tmp_path / "plain"
    beside.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(beside.stat().st_mode)


def test_targets_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, clue in (
        ("out.txt", r"output files end in \.csv, \.xlsx, \.parquet"),
        ("folder.csv", "is a directory"),
        ("missing/out.csv", "the folder .* does not exist"),
    ):
        with pytest.raises(TableError, match=clue):
            check_target(tmp_path / name)
        with pytest.raises(TableError, match=clue):
            write_table(FRAME, tmp_path / name)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "=1+1"])
def test_formulas_of_spreadsheets_are_defused(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"out{suffix}"
    write_table(pd.DataFrame({"formula": [text, "Li3PS4"]}), path)
    assert read_table(path)["formula"].tolist() == [f"'{text}", "Li3PS4"]


def test_negative_numbers_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(pd.DataFrame({"formula": ["Li3PS4"], "temperature_c": [-20.0]}), path)
    assert path.read_text("utf-8") == "formula,temperature_c\nLi3PS4,-20.0\n"


def test_the_frame_is_not_changed(tmp_path: Path) -> None:
    frame = pd.DataFrame({"formula": ["=1+1"]})
    write_table(frame, tmp_path / "out.csv")
    assert frame["formula"].tolist() == ["=1+1"]
