"""``ssbml explain``, ``sweep`` and ``improve``: exit statuses, files and one line per mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import ssbml
from ssbml.cli import main
from ssbml.explanation.table import DRIVER_COLUMNS
from ssbml.predictor import Predictor

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"
ONE = f"formula,form,sintering_temp_c,sintering_time_h,atmosphere\n{LLZTO},pellet,1150,6,O2\n"
MIXED = ONE + "LLZO,pellet,1100,5,air\n"

DONE, REJECTED, WRONG = 0, 1, 2

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], model_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Run ``ssbml`` with the small model in a folder of two recipe files."""
    monkeypatch.chdir(tmp_path)
    Path("one.csv").write_text(ONE)
    Path("mixed.csv").write_text(MIXED)

    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([*words, "--model", str(model_folder)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return call


def test_explain_one_recipe(run: Run) -> None:
    status, out, err = run("explain", "--formula", LLZTO, "--sintering-temp-c", "1150")
    assert (status, err) == (DONE, "")
    for word in ("average published sample", "host Li7La3Zr2O12", "Ta", "Nearest published"):
        assert word in out
    assert "garnet samples vary it" in " ".join(out.split())


def test_explain_equals_the_function(run: Run, model: Predictor) -> None:
    status, out, _ = run("explain", "one.csv", "--property", "conductivity_s_cm", "--json")
    assert status == DONE
    expected = ssbml.explain(Path("one.csv"), model=model).drivers
    expected = expected[expected["property"] == "conductivity_s_cm"]
    found = pd.DataFrame(json.loads(out))
    assert list(found.columns) == list(DRIVER_COLUMNS)
    assert found["contribution"].tolist() == pytest.approx(expected["contribution"].tolist())


def test_explain_to_files(run: Run) -> None:
    status, out, err = run("explain", "mixed.csv", "-o", "drivers.csv")
    assert (status, out) == (REJECTED, "")
    assert "acronym" in err
    assert set(pd.read_csv("drivers.csv")["row"]) == {0}
    assert len(pd.read_csv("drivers.precedents.csv")) >= 1
    assert pd.read_csv("drivers.csv.rejected.csv")["value"].tolist() == ["LLZO"]


@pytest.mark.parametrize("suffix", [".png", ".html"])
def test_explain_draws_a_waterfall(run: Run, suffix: str) -> None:
    status, _, err = run("explain", "mixed.csv", "--row", "2", "--plot", f"w{suffix}")
    assert status == DONE
    assert f"plot written to w{suffix}" in err
    assert Path(f"w{suffix}").stat().st_size > 5000


def test_a_rejected_row_cannot_be_explained(run: Run) -> None:
    status, out, err = run("explain", "mixed.csv", "--row", "3")
    assert (status, out) == (REJECTED, "")
    (line,) = err.splitlines()
    assert "row 3 was rejected and cannot be explained: formula = 'LLZO'" in line
    assert run("explain", "--formula", "LLZO")[0] == REJECTED


def test_measured_outcomes_are_explained(run: Run) -> None:
    words = ("explain", "--formula", LLZTO, "--known-relative-density-pct", "80", "--json")
    drivers = {row["driver"] for row in json.loads(run(*words)[1])}
    assert "measured relative_density_pct" in drivers


def test_sweep_prints_writes_and_draws(run: Run) -> None:
    vary = ("--vary", "sintering_temp_c=1000:1200:100")
    status, out, _ = run("sweep", "one.csv", *vary)
    assert status == DONE
    assert "1100" in out
    status, out, err = run("sweep", "mixed.csv", *vary, "-o", "s.csv", "--plot", "s.png")
    assert (status, out) == (REJECTED, "")
    assert "acronym" in err
    assert pd.read_csv("s.csv")["sintering_temp_c"].tolist() == [1000, 1100, 1200]
    assert Path("s.png").exists()
    table = json.loads(run("sweep", "one.csv", *vary, "--vary", "Ta=0:1:0.5", "--json")[1])
    assert len(table) == 9


def test_improve_prints_and_writes(run: Run, model: Predictor) -> None:
    Path("plain.csv").write_text(ONE.replace(LLZTO, "Li7La3Zr2O12").replace("1150", "1050"))
    words = ("improve", "plain.csv", "--by", "1.05", "--allow", "Ta=0.1:1", "--allow",
             "sintering_temp_c=1000:1250")  # fmt: skip
    status, out, _ = run(*words)
    assert status == DONE
    assert "published garnet samples" in " ".join(out.split())
    assert run(*words, "-o", "better.csv")[0] == DONE
    better = pd.read_csv("better.csv")
    again = model.predict(better[["formula", "form", "sintering_temp_c", "sintering_time_h",
                                  "atmosphere"]])  # fmt: skip
    assert again["conductivity_s_cm"].tolist() == pytest.approx(
        better["conductivity_s_cm"].tolist()
    )


def test_improve_says_when_nothing_helps(run: Run) -> None:
    status, out, err = run("improve", "one.csv", "--by", "1e9")
    assert (status, out) == (REJECTED, "")
    assert "the most is ×" in err


MISTAKES = {
    "vocabulary": (("sweep", "one.csv", "--vary", "atmosphere=1:2:1"), "takes words"),
    "reversed": (("sweep", "one.csv", "--vary", "sintering_temp_c=1200:1000:10"), "reversed"),
    "empty": (("sweep", "one.csv", "--vary", "sintering_temp_c=1000:1000:10"), "is empty"),
    "unknown": (("sweep", "one.csv", "--vary", "sinter_temp=1:2:1"), "did you mean"),
    "not stated": (("sweep", "one.csv", "--vary", "thickness_um=1:2:1"), "has no thickness_um"),
    "too cold": (("sweep", "one.csv", "--vary", "temperature_c=-300:0:10"), "absolute zero"),
    "nothing varied": (("sweep", "one.csv"), "--vary"),
    "nothing given": (("explain",), "give either a FILE or --formula"),
    "no such row": (("explain", "one.csv", "--row", "9"), "lines 2 to 2"),
    "row of nothing": (("explain", "--formula", LLZTO, "--row", "2"), "--row goes with"),
    "plot type": (("explain", "one.csv", "--plot", "w.bmp"), "figures end in"),
    "plot folder": (("explain", "one.csv", "--plot", "no/w.png"), "does not exist"),
    "coverage": (("sweep", "one.csv", "--vary", "Ta=0:1:1", "--coverage", "2"), "coverage"),
    "property": (("improve", "one.csv", "--property", "colour"), "colour"),
    "goal": (("improve", "one.csv", "--by", "0.5"), "a factor above 1"),
    "allow": (("improve", "one.csv", "--allow", "Ta"), "write a range"),
    "allow word": (("improve", "one.csv", "--allow", "atmosphere=argon"), "did you mean Ar"),
    "allow number": (("improve", "one.csv", "--allow", "Ta=a:b"), "is not a number"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(MISTAKES))
def test_mistakes_get_one_clear_line(run: Run, name: str) -> None:
    words, reason = MISTAKES[name]
    status, out, err = run(*words)
    assert (status, out) == (WRONG, "")
    assert reason in err


@pytest.mark.parametrize("command", ["explain", "sweep", "improve"])
def test_help_shows_real_examples(run: Run, command: str) -> None:
    status, out, _ = run(command, "--help")
    assert status == DONE
    assert f"ssbml {command} --formula" in out
