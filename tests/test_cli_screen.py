"""``ssbml screen``: files, streams, exit statuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ssbml.cli import main
from ssbml.errors import TableError
from ssbml.practical.enrich import PRACTICAL_COLUMNS
from ssbml.request import PREDICTION_COLUMNS
from ssbml.screening.result import ScreenResult

DONE, NOTHING, WRONG = 0, 1, 2
SPACE = """\
host: Li7La3Zr2O12
sites: {Zr: {Ta: {from: 0, to: 0.8, step: 0.2}}}
process:
  - {sintering_method: conventional, sintering_temp_c: [1050, 1150], atmosphere: [air, O2]}
  - {sintering_method: hot_press, sintering_temp_c: 1100, pressure_mpa: 40, atmosphere: Ar}
fixed: {form: pellet}
"""
N = 25
IMPOSSIBLE = SPACE + 'constraints: ["relative_density_pct >= 99.99", in_domain]\n'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], model_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:  # fmt: skip
    """Run ``ssbml screen`` with the small model in a folder that holds space.yaml."""
    monkeypatch.chdir(tmp_path)
    Path("space.yaml").write_text(SPACE)

    def call(*words: str) -> tuple[int, str, str]:
        extra = () if "--model" in words else ("--model", str(model_folder))
        with pytest.raises(SystemExit) as caught:
            main(["screen", *words, *extra])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return call


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Put a plain page in place of the report; return the paths that were asked for."""
    asked: list[Path] = []

    def write(self: ScreenResult, path: str | Path, **options: Any) -> None:
        asked.append(Path(path))
        try:
            Path(path).write_text(f"{len(self.ranked)} recipes")
        except OSError as error:
            raise TableError(f"cannot write {path}: {error.strerror}") from None

    monkeypatch.setattr(ScreenResult, "to_html", write)
    return asked


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_space_to_table(run: Run, suffix: str) -> None:
    status, out, err = run("space.yaml", "--top", "7", "-o", f"ranked{suffix}")
    assert (status, out) == (DONE, "")
    assert "5 combinations of amounts x 5 ways of making = 25 recipes" in err
    assert "7 recipes written to ranked" in err
    readers: dict[str, Callable[[Path], Any]] = {
        ".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet,
    }  # fmt: skip
    ranked = readers[suffix](Path(f"ranked{suffix}"))
    assert ranked["rank"].tolist() == list(range(1, 8))
    assert set(PREDICTION_COLUMNS) <= set(ranked.columns)
    assert {"formula", "pressure_mpa", "score", "group", "pareto"} <= set(ranked.columns)
    assert list(ranked.columns)[-len(PRACTICAL_COLUMNS) :] == list(PRACTICAL_COLUMNS)
    assert ranked["weights"].str.startswith("Li2CO3 ").all()
    assert (ranked["asr_ohm_cm2"] > 0).all()


def test_a_thinner_layer_resists_less_and_a_larger_batch_weighs_more(run: Run) -> None:
    run("space.yaml", "--top", "3", "-o", "usual.csv")
    run("space.yaml", "--top", "3", "-o", "other.csv", "--thickness-um", "150", "--batch-g", "20")
    usual, other = pd.read_csv("usual.csv"), pd.read_csv("other.csv")
    assert (usual["asr_thickness_um"] == 300).all()
    assert (other["asr_thickness_um"] == 150).all()
    assert other["asr_ohm_cm2"].tolist() == pytest.approx((usual["asr_ohm_cm2"] / 2).tolist())
    grams = [
        t["weights"].str.extract(r"Li2CO3 ([\d.]+) g")[0].astype(float) for t in (usual, other)
    ]
    assert grams[1].tolist() == pytest.approx((2 * grams[0]).tolist(), abs=2e-4)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_batch_sheets_hold_what_goes_on_the_balance(run: Run, suffix: str) -> None:
    path = f"weigh{suffix}"
    status, _, err = run("space.yaml", "--top", "3", "--batches", path, "--batch-g", "25")
    assert status == DONE
    assert f"batches of 25 g written to {path}" in err
    sheet = pd.read_csv(path) if suffix == ".csv" else pd.read_excel(path)
    assert sorted(sheet["rank"].unique()) == [1, 2, 3]
    assert (sheet["batch_g"] == 25).all()
    assert sheet.groupby("rank")["weigh_g"].sum().between(25, 40).all()


def test_the_shelf_of_the_laboratory(run: Run) -> None:
    run("space.yaml", "--top", "2", "-o", "usual.csv")
    run("space.yaml", "--top", "2", "-o", "ours.csv", "--precursor", "Li=hydroxide_monohydrate",
        "--purity", "La2O3=99", "--loss-on-ignition", "La2O3=4")  # fmt: skip
    usual, ours = pd.read_csv("usual.csv")["weights"], pd.read_csv("ours.csv")["weights"]
    grams = [t.str.extract(r"La2O3 ([\d.]+) g")[0].astype(float) for t in (usual, ours)]
    assert ours.str.startswith("LiOH·H2O ").all()
    assert grams[1].tolist() == pytest.approx((grams[0] / 0.99 / 0.96).tolist(), abs=2e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--precursor", "hydroxide"), "'hydroxide' is no NAME=VALUE"),
        (("--precursor", "Lo=oxide"), "'Lo' is no element (did you mean "),
        (("--precursor", "Li=carbonat"), "'carbonat' is no kind of precursor of Li; known are "),
        (("--precursor", "Zr=hydroxide"), "no hydroxide of Zr is known; known are oxide (ZrO2)"),
        (("--precursor", "Ta=La2O3"), "the precursor La2O3 chosen for Ta does not hold it"),
        (("--purity", "La2O3=pure"), "'pure' of La2O3 is no number"),
        (("--purity", "La2O3=nan"), "the purity of La2O3 is nan %; allowed are 1 to 100 %"),
        (("--loss-on-ignition", "La2O3=95"), "allowed are 0 to 90 %"),
        (("--purity", "La2O3=99", "--purity", "La2O3=98"), "La2O3 is given twice"),
    ],
)
def test_a_shelf_that_cannot_be_read_stops_before_the_run(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    status, _, err = run("space.yaml", "-o", "ranked.csv", *words)
    assert status == WRONG
    assert said in err
    assert not Path("ranked.csv").exists()


def test_a_purity_of_what_no_recipe_needs_costs_no_results(run: Run) -> None:
    status, _, err = run("space.yaml", "--top", "3", "-o", "ranked.csv", "--purity", "MgO=99")
    assert status == WRONG
    assert "MgO has a purity or an ignition loss but is weighed in for no recipe" in err
    assert len(pd.read_csv("ranked.csv")) == 3


def test_ions_that_auto_proposes_come_with_reasons(run: Run) -> None:
    space = SPACE.split("sites:")[0] + "sites: auto\nmax_dopants: 1\n"
    Path("auto.yaml").write_text(space + "process: {sintering_temp_c: 1150}\n")
    status, out, _ = run("auto.yaml", "--dry-run")
    assert status == DONE
    assert (
        "proposed: Ta5+ for Zr4+: 0.64 Å against 0.72 Å, 11% smaller; Li falls by 1 per Ta" in out
    )
    _, _, err = run("auto.yaml", "-o", "ranked.csv")
    assert err.count("proposed: Ta5+") == 1
    assert any("Ta5+" in p for p in json.loads(
        Path("ranked.csv.summary.json").read_text())["proposed"])  # fmt: skip


def test_settings_and_counts_are_written_beside_the_table(run: Run) -> None:
    run("space.yaml", "-o", "ranked.csv", "--coverage", "0.8", "--risk", "mean", "--diverse")
    figures = json.loads(Path("ranked.csv.summary.json").read_text())
    assert figures["candidates"] == figures["feasible"] == N
    assert (figures["coverage"], figures["risk"], figures["diverse"]) == (0.8, "mean", True)
    assert figures["seconds"] > 0


def test_without_output_the_best_are_printed_for_people(run: Run) -> None:
    status, out, err = run("space.yaml", "--top", "22")
    assert status == DONE
    assert "all: form pellet" in out
    assert "hot_press, 1100 °C, 40 MPa, Ar" in " ".join(out.split())
    assert "... and 2 more; write all of them with -o" in out
    assert "25 of 25 recipes meet the constraints" in err
    assert err.count("warning:") == 0


def test_warnings_come_once_and_before_the_run(run: Run) -> None:
    Path("space.yaml").write_text(SPACE.replace("atmosphere: Ar", "atmosphere: O2"))
    err = run("space.yaml", "--top", "2")[2]
    assert err.count("graphite die burns") == 1
    assert err.index("graphite die burns") < err.index("meet the constraints")


def test_the_table_fits_80_columns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(Console, "is_terminal", True)
    out = re.sub(r"\x1b\[[\d;]*m", "", run("space.yaml", "--top", "5")[1])
    assert max(map(len, out.splitlines())) <= 80
    assert "group" in out


def test_json_is_a_list_of_objects_in_order(run: Run) -> None:
    status, out, _ = run("space.yaml", "--top", "3", "--json")
    rows = json.loads(out)
    assert status == DONE
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert None in {row.get("pressure_mpa") for row in json.loads(run("space.yaml", "--json")[1])}
    assert all(isinstance(row["pareto"], bool) for row in rows)


def test_a_dry_run_says_the_size_and_predicts_nothing(run: Run) -> None:
    status, out, err = run("space.yaml", "--dry-run", "-o", "ranked.csv", "--model", "./nowhere")
    assert (status, err) == (DONE, "")
    assert "25 combinations, 25 recipes" in out
    assert not Path("ranked.csv").exists()


def test_a_budget_samples(run: Run) -> None:
    status, out, _ = run("space.yaml", "--budget", "9", "--seed", "3", "--json")
    assert status == DONE
    assert len(json.loads(out)) == 9
    assert run("space.yaml", "--budget", "9", "--seed", "3", "--json")[1] == out


def test_no_candidate_meets_the_constraints(run: Run, reports: list[Path]) -> None:
    Path("space.yaml").write_text(IMPOSSIBLE)
    status, out, err = run("space.yaml", "-o", "ranked.csv", "--report", "report.html")
    assert (status, out) == (NOTHING, "")
    assert f"relative_density_pct >= 99.99 alone rules out all {N}, the highest predicted" in err
    assert len(pd.read_csv("ranked.csv")) == 0
    assert {"rank", "formula", "score"} <= set(pd.read_csv("ranked.csv").columns)
    assert reports == [Path("report.html")]
    assert run("space.yaml", "--json")[:2] == (NOTHING, "[]\n")


def test_a_report_that_cannot_be_written_leaves_the_results(run: Run, reports: list[Path]) -> None:
    status, _, err = run("space.yaml", "-o", "ranked.csv", "--report", "missing/report.html")
    assert status == WRONG
    assert "cannot write missing/report.html" in err
    assert len(pd.read_csv("ranked.csv")) == N
    assert reports


MISTAKES: dict[str, tuple[tuple[str, ...], str]] = {
    "no file": (("nowhere.yaml",), "nowhere.yaml"),
    "no space": ((), "Missing argument"),
    "suffix": (("space.yaml", "-o", "ranked.txt"), "output files end in"),
    "folder": (("space.yaml", "-o", "missing/ranked.csv"), "does not exist"),
    "batches": (("space.yaml", "--batches", "weigh.txt"), "output files end in"),
    "batch": (("space.yaml", "-o", "ranked.csv", "--batch-g", "0"), "batch"),
    "thickness": (("space.yaml", "--thickness-um", "0"), "0 is not in the range"),
    "coverage": (("space.yaml", "--coverage", "0.1"), "allowed are 0.5 to 0.99"),
    "risk": (("space.yaml", "--risk", "brave"), "'brave' is not one of"),
    "probability": (("space.yaml", "--risk", "probability"), "needs constraints"),
    "top": (("space.yaml", "--top", "0"), "0 is not in the range"),
    "budget": (("space.yaml", "--budget", "none"), "not a valid integer"),
    "model": (("space.yaml", "--model", "defualt"), "did you mean default?"),
}


@pytest.mark.parametrize("mistake", sorted(MISTAKES))
def test_every_mistake_is_one_sentence(run: Run, mistake: str) -> None:
    words, clue = MISTAKES[mistake]
    status, out, err = run(*words)
    assert (status, out) == (WRONG, "")
    assert clue in err
    assert [p.name for p in Path().iterdir()] == ["space.yaml"]
