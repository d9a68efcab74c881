"""The benchmark suite as a whole: real fits on a small table, tables, files, the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from ssbml.cli import evaluate as command
from ssbml.cli.evaluate import evaluate
from ssbml.errors import DataError, TableError
from ssbml.evaluation import report_set
from ssbml.evaluation.peers import suite
from ssbml.evaluation.peers.compositions import MEDIAN
from ssbml.evaluation.peers.figures import COLUMNS
from ssbml.evaluation.peers.held_out import BLANKS
from ssbml.evaluation.peers.plots import write_plots
from ssbml.evaluation.peers.published import published_figures
from ssbml.evaluation.peers.replicates import FLOOR
from ssbml.evaluation.peers.result import SuiteResult
from ssbml.evaluation.peers.scores import BARE, OURS
from ssbml.evaluation.peers.suite import TASKS, Size, run_suite
from ssbml.evaluation.report_set import development, read_looks
from ssbml.fitting.settings import Settings, settings_from_dict

HELD_OUT = ("papers", "outcomes", "replicates", "blanks")


@pytest.fixture(scope="module")
def small() -> Settings:
    """Settings that fit in a moment."""
    part = {"forest": {"trees": 4}, "boosting": {"weight": 0.0}}
    names = ("conductivity", "density", "purity", "phase")
    return settings_from_dict({"folds": 2, "bound_rounds": 1, **dict.fromkeys(names, part)})


@pytest.fixture(scope="module")
def table(literature: pd.DataFrame) -> pd.DataFrame:
    return literature.iloc[::3]


@pytest.fixture(scope="module")
def result(table: pd.DataFrame, small: Settings) -> SuiteResult:
    return run_suite(table, small, HELD_OUT, size=Size(folds=2, draws=50), n_jobs=1)


def test_every_predictor_answers_the_same_rows(result: SuiteResult, table: pd.DataFrame) -> None:
    figures = result.figures
    assert tuple(figures.columns) == COLUMNS
    assert set(figures["task"]) == {"papers", "density", "purity", "replicates", "blanks"}
    for _, rows in figures.groupby(["task", "subset"]):
        assert rows[["samples", "papers"]].drop_duplicates().shape[0] == 1
        assert OURS in set(rows["predictor"])
    assert np.isfinite(figures.loc[figures["metric"].isin(["MAE", "Brier"]), "value"]).all()
    compared = figures[figures["metric"].isin(["MAE", "Brier"]) & (figures["predictor"] != OURS)]
    assert compared["p_better"].between(0, 1).all()
    assert (compared["lower"] <= compared["difference"] + 1e-12).all()
    assert (compared["difference"] <= compared["upper"] + 1e-12).all()
    by_task = figures.groupby("task")["predictor"].agg(set)
    assert {BARE, MEDIAN} < by_task["papers"]
    assert FLOOR in by_task["replicates"]
    assert BLANKS in by_task["blanks"]
    density = figures[(figures["task"] == "density") & (figures["subset"] == "all")]
    written = table[table["formula_basis"] != "placeholder"]
    assert density["samples"].iloc[0] == written["relative_density_pct"].notna().sum()


def test_trust_has_its_tables(result: SuiteResult) -> None:
    deciles = result.tables["deciles"]
    for _, rows in deciles.groupby("task"):
        assert (rows["from"].to_numpy()[1:] >= rows["to"].to_numpy()[:-1] - 1e-9).all()
        assert rows["samples"].max() - rows["samples"].min() <= 1
    reliability = result.tables["reliability"]
    assert reliability["stated"].is_monotonic_increasing
    assert reliability["pure"].between(0, 1).all()
    coverage = result.tables["coverage"]
    assert coverage["covered"].between(0, 1).all()
    record = result.tables["resources"].set_index("what")["value"]
    assert record["all: time"] > 0
    assert record["peak memory of the main process"] > 10


def test_report_rows_are_scored_unless_developing(
    result: SuiteResult, table: pd.DataFrame, small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "papers, all, MAE" in result.report_figures()
    seen: list[pd.DataFrame] = []

    def stop(rows: pd.DataFrame, *others: object) -> Any:
        seen.append(rows)
        raise DataError("enough")

    monkeypatch.setattr(suite, "held_out", stop)
    with pytest.raises(DataError, match="enough"):
        run_suite(table, small, ["papers"], development=True)
    pd.testing.assert_frame_equal(seen[0], development(table))
    assert not report_set.in_report_set(seen[0]["cv_group"].tolist()).any()


def test_results_are_written_in_three_ways(result: SuiteResult, tmp_path: Path) -> None:
    for name in ("r.json", "r.csv", "r.md"):
        result.write(tmp_path / name)
    content = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert len(content["figures"]) == len(result.figures)
    assert {"deciles", "reliability", "coverage", "noise", "resources"} < set(content)
    again = pd.read_csv(tmp_path / "r.csv")
    assert again["value"].to_numpy() == pytest.approx(result.figures["value"], nan_ok=True)
    text = (tmp_path / "r.md").read_text("utf-8")
    value = result.figures["value"].iloc[0]
    assert "### Task papers" in text
    assert f"{value:.3f}" in text
    with pytest.raises(TableError, match=r"\.json, \.csv, \.md"):
        result.write(tmp_path / "r.xlsx")
    with pytest.raises(TableError, match="does not exist"):
        result.write(tmp_path / "none" / "r.md")


def test_plots_are_pictures(result: SuiteResult, tmp_path: Path) -> None:
    paths = write_plots(result, tmp_path / "plots")
    assert [p.name for p in paths] == ["errors.png", "distance.png", "purity.png", "coverage.png"]
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in paths)


def test_tasks_without_data_are_skipped_with_the_reason(
    table: pd.DataFrame, small: Settings, monkeypatch: pytest.MonkeyPatch, result: SuiteResult
) -> None:
    def missing(*arguments: object) -> Any:
        raise DataError("no network")

    def none(*arguments: object) -> Any:
        return suite.Plan([], lambda results: suite.Findings([]))

    for name in ("obelix_plan", "liverpool_plan", "garnet_plan"):
        monkeypatch.setattr(suite, name, missing)
    monkeypatch.setattr(suite, "family_plan", none)
    monkeypatch.setattr(suite, "HELD_OUT_TASKS", {})
    found = run_suite(table, small, n_jobs=1)
    assert found.tables["skipped"]["task"].tolist() == ["obelix", "liverpool", "garnets"]
    assert set(found.tables["skipped"]["reason"]) == {"no network"}
    with pytest.raises(DataError, match="no network"):
        run_suite(table, small, ["obelix"])
    with pytest.raises(ValueError, match="there is no task paper"):
        run_suite(table, small, ["paper"])


def test_published_figures_say_where_they_come_from() -> None:
    found = published_figures(("obelix",))
    assert set(found["task"]) == {"obelix"}
    assert found.notna().all().all()
    forest = found[(found["predictor"] == "OBELiX random forest")]
    assert forest["value"].tolist() == [1.59, 1.85]


Run = Callable[..., Result]


@pytest.fixture
def ssbml_evaluate(monkeypatch: pytest.MonkeyPatch, result: SuiteResult) -> Run:
    monkeypatch.setattr(suite, "run_suite", lambda *a, **k: result)

    def run(*words: str) -> Result:
        return CliRunner().invoke(evaluate, words)

    return run


def test_the_command_prints_writes_and_logs(
    ssbml_evaluate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "looks.csv"
    monkeypatch.setattr(report_set, "log_path", lambda: log)
    words = ("--against", "peers", "--data", "literature", "-o", str(tmp_path / "r.csv"))
    found = ssbml_evaluate(*words, "--plots", str(tmp_path / "plots"))
    assert found.exit_code == 0, found.output
    assert "nearest composition" in found.output
    assert (tmp_path / "r.csv").is_file()
    assert (tmp_path / "plots" / "errors.png").is_file()
    looks = read_looks(log)
    assert len(looks) == 1
    assert looks["papers, all, MAE"].notna().all()
    assert ssbml_evaluate(*words, "--development").exit_code == 0
    assert len(read_looks(log)) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--task", "papers"), "go with --against peers"),
        (("-o", "x.json"), "go with --against peers"),
        (("--against", "peers", "--report", "x.json"), "use -o FILE"),
        (("--against", "peers", "--task", "paper"), "is not one of"),
        (("--against", "everybody"), "is not 'peers'"),
    ],
)
def test_wrong_usage_is_said(ssbml_evaluate: Run, words: tuple[str, ...], message: str) -> None:
    found = ssbml_evaluate(*words)
    assert found.exit_code == 2
    assert message in found.output


def test_a_wrong_target_is_said_before_the_hour_is_spent(
    ssbml_evaluate: Run, tmp_path: Path
) -> None:
    found = ssbml_evaluate("--against", "peers", "-o", str(tmp_path / "r.docx"))
    assert isinstance(found.exception, TableError)


def test_the_command_knows_every_task() -> None:
    assert command._TASKS == TASKS
