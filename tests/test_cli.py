"""The command line: exit statuses, files, streams, and one sentence for every mistake."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import ssbml
from ssbml.cli import main
from ssbml.cli.main import _COMMANDS
from ssbml.fields import RECIPE_FIELDS
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS

LLZTO, LATP = "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"
GOOD = f"formula,sintering_temp_c,atmosphere\n{LLZTO},1150,O2\n{LATP},900,air\n"
MIXED = GOOD + f"LLZO,1150,argon\n{LLZTO},1100 C,Ar\n"

DONE, REJECTED, WRONG = 0, 1, 2

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], model_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Run ``ssbml`` with the small model in an empty folder; return status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, with_model: bool = True) -> tuple[int, str, str]:
        extra = ("--model", str(model_folder)) if with_model and words[:1] == ("predict",) else ()
        with pytest.raises(SystemExit) as caught:
            main([*words, *extra])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return call


def test_one_recipe(run: Run) -> None:
    status, out, err = run(
        "predict", "--formula", LLZTO, "--sintering-temp-c", "1150", "--atmosphere", "o2"
    )
    assert status == DONE
    assert "Li6.4La3Zr1.4Ta" in out
    assert "S/cm" in out
    assert err == ""


def test_json_of_one_recipe_equals_the_function(run: Run, model: Predictor) -> None:
    status, out, _ = run("predict", "--formula", LLZTO, "--sintering-temp-c", "1150", "--json")
    assert status == DONE
    (found,) = json.loads(out)
    expected = model.predict(LLZTO, sintering_temp_c=1150).iloc[0]
    assert list(found) == list(PREDICTION_COLUMNS)
    assert found["conductivity_s_cm"] == pytest.approx(expected["conductivity_s_cm"])
    assert found["in_domain"] is True
    assert isinstance(found["n_missing"], int)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_file_to_file(run: Run, model: Predictor, suffix: str) -> None:
    Path("r.csv").write_text(GOOD)
    status, out, err = run("predict", "r.csv", "-o", f"p{suffix}")
    assert (status, out) == (DONE, "")
    assert "2 predictions written" in err
    path = Path(f"p{suffix}")
    readers = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}
    found = readers[suffix](path)
    expected = model.predict(Path("r.csv"))
    assert found.columns.tolist() == list(PREDICTION_COLUMNS)
    numbers = expected.select_dtypes("number")
    pd.testing.assert_frame_equal(found[numbers.columns], numbers, check_dtype=False)
    assert not Path(f"p{suffix}.rejected.csv").exists()


def test_rejected_rows_go_to_a_second_file(run: Run) -> None:
    Path("r.csv").write_text(MIXED)
    status, out, err = run("predict", "r.csv", "-o", "p.csv")
    assert (status, out) == (REJECTED, "")
    assert "2 rows cannot be used" in err
    assert len(pd.read_csv("p.csv")) == 2
    rejected = pd.read_csv("p.csv.rejected.csv")
    assert rejected.columns.tolist() == ["row", "index", "column", "value", "reason", "suggestion"]
    assert list(zip(rejected["row"], rejected["column"], strict=True)) == [
        (4, "formula"),
        (4, "atmosphere"),
        (5, "sintering_temp_c"),
    ]
    assert rejected["value"].tolist() == ["LLZO", "argon", "1100 C"]


def test_a_clean_run_removes_old_rejects(run: Run) -> None:
    Path("r.csv").write_text(MIXED)
    run("predict", "r.csv", "-o", "p.csv")
    Path("r.csv").write_text(GOOD)
    assert run("predict", "r.csv", "-o", "p.csv")[0] == DONE
    assert not Path("p.csv.rejected.csv").exists()


def test_without_output_rejects_go_to_stderr(run: Run) -> None:
    Path("r.csv").write_text(MIXED)
    status, out, err = run("predict", "r.csv", "--json")
    assert status == REJECTED
    assert len(json.loads(out)) == 2
    assert "row 5, sintering_temp_c = '1100 C'" in err
    assert [p.name for p in Path().iterdir()] == ["r.csv"]


def test_all_rows_rejected_still_writes_both_files(run: Run) -> None:
    Path("r.csv").write_text("formula\nLLZO\nLATP\n")
    assert run("predict", "r.csv", "-o", "p.csv")[0] == REJECTED
    assert pd.read_csv("p.csv").columns.tolist() == list(PREDICTION_COLUMNS)
    assert len(pd.read_csv("p.csv")) == 0
    assert len(pd.read_csv("p.csv.rejected.csv")) == 2


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_bad_single_recipe_is_a_rejected_row(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run("predict", "--formula", "LLZO", *words)
    assert status == REJECTED
    assert "an acronym does not fix the amounts" in err
    assert out.strip() in ("", "[]")


def test_keep_puts_the_input_first(run: Run) -> None:
    Path("r.csv").write_text(GOOD.replace("atmosphere", "relative_density_pct").replace("O2", "95")
                             .replace("air", "90"))  # fmt: skip
    assert run("predict", "r.csv", "--keep", "-o", "p.csv")[0] == DONE
    columns = pd.read_csv("p.csv").columns.tolist()
    assert columns[:3] == ["formula", "sintering_temp_c", "relative_density_pct_measured"]
    assert columns[3:] == list(PREDICTION_COLUMNS)


def test_known_values_shift_the_conductivity(run: Run) -> None:
    found = [
        json.loads(
            run("predict", "--formula", LLZTO, "--json", "--known-relative-density-pct", d)[1]
        )
        for d in ("85", "98")
    ]
    assert found[1][0]["conductivity_s_cm"] > found[0][0]["conductivity_s_cm"]


def test_coverage_widens_the_interval(run: Run) -> None:
    found = [
        json.loads(run("predict", "--formula", LLZTO, "--json", "--coverage", c)[1])[0]
        for c in ("0.5", "0.95")
    ]
    assert found[1]["conductivity_s_cm_upper"] > found[0]["conductivity_s_cm_upper"]


def write(name: str, data: bytes) -> Callable[[], None]:
    return lambda: Path(name).write_bytes(data) and None


MISTAKES: dict[str, tuple[tuple[str, ...], Callable[[], None] | None, str]] = {
    "nothing": (("predict",), None, "give either a FILE or --formula"),
    "both": (("predict", "r.csv", "--formula", LLZTO), None, "give either a FILE or --formula"),
    "options with a file": (("predict", "r.csv", "--form", "film"), None, "--form goes with"),
    "no file": (("predict", "nowhere.csv"), None, "nowhere.csv does not exist"),
    "directory": (("predict", "."), None, "is a directory"),
    "another type": (("predict", "r.ods"), write("r.ods", b"x"), "files ending in .csv"),
    "empty": (("predict", "r.csv"), write("r.csv", b""), "r.csv is empty"),
    "header": (("predict", "r.csv"), write("r.csv", b"formula\n"), "a header but no rows"),
    "UTF-16": (("predict", "r.csv"), write("r.csv", GOOD.encode("utf-16")), "UTF-16"),
    "Latin-1": (("predict", "r.csv"), write("r.csv", b"formula,electrode\nLi3PS4,H\xf6\n"),
                "line 2: not UTF-8"),
    "semicolons": (("predict", "r.csv"), write("r.csv", GOOD.replace(",", ";").encode()),
                   "semicolons"),
    "twice": (("predict", "r.csv"), write("r.csv", b"formula,form,form\na,b,c\n"),
              "more than once"),
    "no formula": (("predict", "r.csv"), write("r.csv", b"a,b\n1,2\n"), "no column 'formula'"),
    "coverage": (("predict", "--formula", LLZTO, "--coverage", "90"), None, "0.5 to 0.99"),
    "coverage text": (("predict", "--formula", LLZTO, "--coverage", "x"), None, "--coverage"),
    "output type": (("predict", "--formula", LLZTO, "-o", "p.txt"), None, "output files end in"),
    "output folder": (("predict", "--formula", LLZTO, "-o", "no/p.csv"), None, "does not exist"),
    "known phase": (("predict", "--formula", LLZTO, "--known-phase-main", "cubik"), None,
                    "did you mean cubic?"),
    "known density": (("predict", "--formula", LLZTO, "--known-relative-density-pct", "high"), None,
                      "a plain number is expected"),
    "option": (("predict", "--sintering-temp", "1150"), None, "--sintering-temp"),
    "command": (("predikt",), None, "No such command"),
    "settings": (("train", "--config", "no.toml", "-o", "m"), None, "cannot read no.toml"),
    "settings key": (("train", "--config", "s.toml", "-o", "m"), write("s.toml", b"sed = 1\n"),
                     "did you mean seed?"),
    "settings type": (("train", "--config", "s.toml", "-o", "m"), write("s.toml", b"seed = 'x'\n"),
                      "a value like"),
    "settings syntax": (("evaluate", "--config", "s.toml"), write("s.toml", b"= 1"), "not valid"),
    "data set": (("train", "--data", "literatur", "--no-evaluate", "-o", "m"), None,
                 "did you mean literature?"),
    "card": (("models", "show", "defualt"), None, "did you mean default?"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_every_mistake_is_one_sentence(run: Run, mistake: str) -> None:
    words, prepare, clue = MISTAKES[mistake]
    if prepare is not None:
        prepare()
    before = sorted(p.name for p in Path().iterdir())
    status, out, err = run(*words)
    assert status == WRONG
    assert clue in err
    assert out == ""
    assert sorted(p.name for p in Path().iterdir()) == before


@pytest.mark.parametrize("name", ["defualt", "./nowhere"])
def test_a_model_that_is_none(run: Run, name: str) -> None:
    status, _, err = run("predict", "--formula", LLZTO, "--model", name, with_model=False)
    assert status == WRONG
    assert "model" in err


@pytest.mark.parametrize(
    "words",
    [("--help",), ("-h",), ("--version",), ("models", "list"), *((c, "--help") for c in _COMMANDS)],
)
def test_help_and_lists(run: Run, words: tuple[str, ...]) -> None:
    status, out, err = run(*words, with_model=False)
    assert (status, err) == (DONE, "")
    assert out


def test_help_has_every_recipe_column(run: Run) -> None:
    out = run("predict", "--help", with_model=False)[1]
    for name in RECIPE_FIELDS:
        assert f"--{name.replace('_', '-')} " in out


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_is_fast_and_light(words: tuple[str, ...]) -> None:
    home = Path(ssbml.__file__).parents[1]
    script = (
        f"import sys; sys.path.insert(0, {str(home)!r})\n"
        "from ssbml.cli import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        seconds.append(time.perf_counter() - start)
    loaded = {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert not loaded & {"numpy", "pandas", "sklearn", "pymatgen", "matminer", "numba", "rich"}
    assert min(seconds) < 0.5


def test_the_shipped_model_answers(shipped_model: Predictor, run: Run) -> None:
    del shipped_model
    status, out, _ = run("predict", "--formula", LLZTO, "--json", with_model=False)
    assert status == DONE
    assert len(json.loads(out)) == 1
