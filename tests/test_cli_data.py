"""The data and models commands."""

from __future__ import annotations

import pytest

from ssbml.cli import main
from ssbml.fields import OUTCOME_FIELDS, RECIPE_FIELDS
from ssbml.tables.read import read_table


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_summary_counts_the_samples(capsys, literature) -> None:
    assert run("data", "summary") == 0
    out = capsys.readouterr().out
    assert f"{len(literature):,} samples" in out
    assert "garnet" in out


def test_summary_of_an_unknown_set_suggests(capsys) -> None:
    assert run("data", "summary", "literatur") == 2
    assert "did you mean literature?" in capsys.readouterr().err


def test_validate_lists_every_bad_cell(capsys, tmp_path) -> None:
    file = tmp_path / "lab.csv"
    file.write_text(
        "formula,sintering_temp_c,atmosphere,relative_density_pct\n"
        "Li7La3Zr2O12,1100 C,argon,95\n"
        "LLZO,1100,air,95\n"
        "Li7La3Zr2O12,1200,air,95\n"
    )
    assert run("data", "validate", str(file)) == 1
    out = capsys.readouterr().out
    for clue in ("row 2", "write 1100", "did you mean Ar?", "row 3", "3 rows, 2 cannot be used"):
        assert clue in out


def test_validate_accepts_the_template_filled_in(capsys, tmp_path) -> None:
    file = tmp_path / "lab.xlsx"
    assert run("data", "template", "-o", str(file)) == 0
    import openpyxl

    book = openpyxl.load_workbook(file)
    header = [cell.value for cell in book["samples"][1]]
    assert set(header) == {
        *RECIPE_FIELDS, *OUTCOME_FIELDS, "batch", "sample_id", "suggestion_id"
    }  # fmt: skip
    book["samples"].append(["Li7La3Zr2O12" if name == "formula" else None for name in header])
    book.save(file)
    assert len(read_table(file)) == 4
    assert run("data", "validate", str(file), "--lab") == 0
    shown = capsys.readouterr().out
    assert "1 row, 1 can be used" in shown
    assert "1 good row holds no measured outcome" in shown
    assert "3 example rows of the template were left out" in shown


def test_the_template_does_not_overwrite_a_file(capsys, tmp_path) -> None:
    file = tmp_path / "lab.csv"
    file.write_text("formula\nLi7La3Zr2O12\n")
    assert run("data", "template", "-o", str(file)) == 2
    assert "exists already and may hold rows of yours" in capsys.readouterr().err
    assert file.read_text() == "formula\nLi7La3Zr2O12\n"


def test_validate_as_lab_file_lists_what_was_done_and_writes_a_copy(capsys, tmp_path) -> None:
    file, copy = tmp_path / "lab.csv", tmp_path / "mend.csv"
    file.write_text(
        "Composition,Sintering T (K),sigma (mS/cm)\nLi7La3Zr2O12,1423,0.1\nLi7La3Zr2O12,=A1,0.1\n"
    )
    assert run("data", "validate", str(file), "--lab", "--corrected", str(copy)) == 1
    out = capsys.readouterr().out
    assert "K to °C in 1 row ('1423' -> 1149.85)" in out
    assert "row 3, Sintering T (K) = '=A1'" in out
    assert copy.read_text("utf-8").startswith("problem,formula,sintering_temp_c")
    assert "'=A1" in copy.read_text("utf-8")


def test_a_corrected_copy_needs_a_lab_file(capsys, tmp_path) -> None:
    assert run("data", "validate", "lab.csv", "--corrected", str(tmp_path / "c.csv")) == 2
    assert "--corrected goes with --lab" in capsys.readouterr().err


def test_fetch_of_an_unknown_set_is_one_line(capsys) -> None:
    assert run("data", "fetch", "obelisk") == 2
    err = capsys.readouterr().err
    assert "obelix" in err
    assert err.count("\n") == 1


def test_models_list_names_the_default(capsys) -> None:
    assert run("models", "list") == 0
    assert "default" in capsys.readouterr().out.split()


def test_models_show_prints_the_card(capsys, shipped_model) -> None:
    assert run("models", "show") == 0
    assert capsys.readouterr().out.startswith("# Model card")


def test_an_unknown_model_is_one_line(capsys) -> None:
    assert run("models", "show", "defualt") == 2
    assert "did you mean default?" in capsys.readouterr().err
