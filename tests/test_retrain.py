"""Retraining: better on the lab's own rows or not promoted, and never fooled by a wrong unit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import ssbml
from ssbml.cli.main import ssbml as command
from ssbml.correction import LabCorrection, Term, kernel
from ssbml.errors import ModelError, TableError
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.report.retraining import write_retraining
from ssbml.retraining.gate import improvement_probability, judge
from ssbml.retraining.information import (
    _varied,
    most_informative,
    teaching_experiments,
    uncertainty,
)
from ssbml.retraining.learning import PRIORS, Prior, fit_term, left_out, widening_of
from ssbml.retraining.rebuild import rebuilder_of
from ssbml.retraining.residuals import Residuals
from ssbml.retraining.retrain import RetrainResult, retrain
from ssbml.retraining.suggest import suggest
from ssbml.versions.check import store_problems
from ssbml.versions.rebuild import rebuild
from ssbml.versions.versions import get_version

RECIPE = {"formula": "Li6.4La3Zr1.4Ta0.6O12", "sintering_temp_c": 1150}
SPACE = {
    "host": "Li7La3Zr2O12",
    "sites": {"Zr": {"Ta": {"from": 0.2, "to": 0.6, "step": 0.1}}},
    "process": {"sintering_temp_c": {"from": 1100, "to": 1200, "step": 25}},
    "fixed": {"sintering_time_h": 8, "atmosphere": "air"},
}


@pytest.fixture(autouse=True)
def lenient_physics(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small model is no match for the physics bench; a test of its own puts it back."""
    monkeypatch.setattr("ssbml.retraining.retrain.strong_failures", lambda _: [])


@pytest.fixture(scope="module")
def make(model: Predictor) -> Callable[..., pd.DataFrame]:
    def rows(n: int, seed: int = 0, shift: float = -0.6) -> pd.DataFrame:
        g = np.random.default_rng(seed)
        x = np.round(g.uniform(0.2, 0.6, n), 2)
        table = pd.DataFrame(
            {
                "formula": [f"Li{7 - a:.2f}La3Zr{2 - a:.2f}Ta{a:.2f}O12" for a in x],
                "sintering_temp_c": g.integers(1060, 1240, n).astype(float),
                "sintering_time_h": g.choice([4.0, 8.0, 12.0], n),
                "atmosphere": "air",
            }
        )
        said = model.predict(table)
        table["sigma_total_s_cm"] = said["conductivity_s_cm"] * 10 ** (shift + g.normal(0, 0.1, n))
        table["relative_density_pct"] = said["relative_density_pct"] + g.normal(-3, 1, n)
        return table

    return rows


@pytest.fixture(scope="module")
def good(
    make: Any, model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[RetrainResult, Path]:
    path = tmp_path_factory.mktemp("retrained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSBML_HOME", str(path))
        patch.setattr("ssbml.retraining.retrain.strong_failures", lambda _: [])
        return retrain(make(20), name="my-lab", base=str(model_folder)), path


@pytest.fixture
def at_home(good: tuple[RetrainResult, Path], monkeypatch: pytest.MonkeyPatch) -> RetrainResult:
    monkeypatch.setenv("SSBML_HOME", str(good[1]))
    return good[0]


def test_a_lab_that_lies_lower_is_learned_and_promoted(
    at_home: RetrainResult, make: Any, model: Predictor
) -> None:
    result = at_home
    assert result.status == "promoted"
    assert result.verdict.probability > 0.9
    fresh = make(12, seed=5)
    measured = np.log10(fresh["sigma_total_s_cm"])

    def error(predictor: Predictor) -> float:
        said = predictor.predict(fresh.drop(columns=["sigma_total_s_cm", "relative_density_pct"]))
        return float(np.abs(measured - np.log10(said["conductivity_s_cm"])).mean())

    assert error(load_model("my-lab")) < 0.5 * error(model)
    found = result.verdict.metrics["conductivity"]
    assert found["error_after"] < 0.5 * found["error_before"]
    assert store_problems() == {"my-lab@1": []}


def test_the_correction_stays_in_the_lab(at_home: RetrainResult, model_folder: Path) -> None:
    bare = replace(at_home.predictor, correction=None).predict([RECIPE])
    pd.testing.assert_frame_equal(bare, Predictor.load(model_folder).predict([RECIPE]))


def test_a_version_is_rebuilt_from_its_folder_to_1e_9(at_home: RetrainResult) -> None:
    version = get_version("my-lab@1")
    assert rebuild(version, rebuilder_of(version)).difference <= 1e-9


def test_intervals_still_hold_the_point_and_nest(at_home: RetrainResult) -> None:
    tables = [at_home.predictor.predict([RECIPE], coverage=c).iloc[0] for c in (0.5, 0.9, 0.99)]
    for name in ("conductivity_s_cm", "relative_density_pct"):
        lows, highs = ([t[f"{name}_{end}"] for t in tables] for end in ("lower", "upper"))
        assert lows == sorted(lows, reverse=True)
        assert highs == sorted(highs)
        assert lows[0] <= tables[0][name] <= highs[0]


def test_poisoned_rows_are_flagged_and_not_promoted(
    home: Path, make: Any, model_folder: Path
) -> None:
    wrong = make(10, seed=1, shift=-0.5)
    wrong.loc[:4, "sigma_total_s_cm"] *= 1000.0
    wrong.loc[5:, "sigma_total_s_cm"] /= 1000.0
    wrong.loc[5:, ["relative_density_pct", "sintering_time_h"]] = wrong.loc[
        5:, ["sintering_time_h", "relative_density_pct"]
    ].to_numpy()
    table = pd.concat([make(10), wrong], ignore_index=True)
    result = retrain(table, name="poisoned", base=str(model_folder))
    assert result.status == "stored"
    assert "suspicious" in result.reason
    caught = set(result.suspicious) | {p.row for p in result.read.problems}
    assert caught >= set(range(12, 22))
    assert not caught & set(range(2, 12))
    with pytest.raises(ModelError, match="ssbml models use poisoned@1"):
        load_model("poisoned")
    forced = retrain(table, name="poisoned", base=str(model_folder), force=True)
    assert forced.status == "forced"
    assert forced.version.record["reason"].startswith("forced although")


def test_a_file_that_is_wrong_throughout_is_not_learned(
    home: Path, make: Any, model_folder: Path
) -> None:
    table = make(12)
    table["sigma_total_s_cm"] *= 1000.0
    assert retrain(table, name="slip", base=str(model_folder)).status == "stored"


def test_one_outlier_is_left_out_and_named(home: Path, make: Any, model_folder: Path) -> None:
    table = make(20)
    table.loc[7, "sigma_total_s_cm"] *= 1000.0
    result = retrain(table, name="one", base=str(model_folder))
    assert list(result.suspicious) == [9]
    assert result.version.record["strategy"]["left_out"] == [7]
    assert result.promoted


def test_noise_is_not_promoted(home: Path, make: Any, model_folder: Path) -> None:
    table = make(14, shift=0.0)
    table["sigma_total_s_cm"] *= 10 ** (0.5 * (-1.0) ** np.arange(14))
    result = retrain(
        table.drop(columns="relative_density_pct"), name="noise", base=str(model_folder)
    )
    assert result.status == "stored"
    assert "falls with probability" in result.reason


def test_few_rows_move_the_offset_only_and_keep_the_intervals(
    home: Path, make: Any, model_folder: Path
) -> None:
    result = retrain(make(6), name="few", base=str(model_folder))
    assert set(result.methods.values()) == {"offset"}
    terms = result.predictor.correction.terms
    assert all(t.widening == 1.0 and len(t.weights) == 0 for t in terms.values())
    assert -0.6 < terms["conductivity"].offset < 0.0
    two = retrain(make(2), name="few", base=str(model_folder))
    assert two.status == "stored"
    assert "too few" in two.reason


def test_replicates_count_once(make: Any, model: Predictor, model_folder: Path, home: Path) -> None:
    table = make(4)
    repeated = pd.concat([table, *([table.iloc[:1]] * 8)], ignore_index=True)
    offsets = [
        retrain(t, name=n, base=str(model_folder)).predictor.correction.terms["density"].offset
        for n, t in (("a", table), ("b", repeated))
    ]
    assert offsets[0] == pytest.approx(offsets[1], abs=0.05)


def test_batches_are_held_out_whole(home: Path, make: Any, model_folder: Path) -> None:
    table = make(12).assign(batch=[f"B{i // 3}" for i in range(12)])
    result = retrain(table, name="batches", base=str(model_folder))
    assert result.lab.holdout_name == "batches"
    assert result.verdict.metrics["conductivity"]["groups"] == 4


def test_new_physics_failures_stop_it(
    home: Path, make: Any, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ssbml.retraining.retrain.strong_failures",
        lambda p: ["oxygen helps"] if p.correction is not None else [],
    )
    result = retrain(make(12), name="odd", base=str(model_folder))
    assert result.status == "stored"
    assert "oxygen helps" in result.reason


def test_nothing_measured_is_said(home: Path, model_folder: Path) -> None:
    with pytest.raises(TableError, match="no usable row with a measured outcome"):
        retrain(pd.DataFrame([RECIPE]), name="empty", base=str(model_folder))


def residuals(error: list[float], group: list[int] | None = None) -> Residuals:
    e = np.array(error)
    n = len(e)
    at = np.arange(n) if group is None else np.array(group)
    zero, one = np.zeros(n), np.ones(n)
    places = np.arange(n, dtype=float)[:, None] * 50.0
    return Residuals(
        np.arange(n), e, zero, -one, one, -2 * one, 2 * one, places, at, at, np.arange(n)
    )


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=12))
def test_an_offset_is_shrunk_by_the_ratio_of_variances(errors: list[float]) -> None:
    prior = Prior(0.5, 0.3, 0.4, 0.0, 10.0)
    term, _ = fit_term("offset", residuals(errors), prior)
    n, ratio = len(errors), (0.4**2 + 0.3**2) / 0.5**2
    assert term.offset == pytest.approx(n * np.mean(errors) / (n + ratio), abs=1e-9)


def test_leaving_out_really_leaves_out() -> None:
    errors = [0.1, 0.2, 0.3, 5.0]
    shift = left_out("offset", residuals(errors), PRIORS["conductivity"])
    changed = left_out("offset", residuals([*errors[:3], -5.0]), PRIORS["conductivity"])
    assert shift[3] == pytest.approx(changed[3])
    assert shift[0] != pytest.approx(changed[0])
    term, _ = fit_term("offset", residuals(errors[:3]), PRIORS["conductivity"])
    assert shift[3] == pytest.approx(term.offset)


def test_the_widening_is_a_conformal_quantile() -> None:
    errors = np.linspace(-0.5, 0.5, 19).tolist()
    assert widening_of("calibration", residuals(errors), PRIORS["conductivity"]) == 0.5
    assert widening_of("calibration", residuals(errors[:9]), PRIORS["conductivity"]) == 1.0


def test_the_bootstrap_draws_groups_not_rows() -> None:
    change = np.array([-1.0] * 50 + [1.0, 1.0])
    groups = np.array([0] * 50 + [1, 2])
    assert improvement_probability(change, groups, 0) < 0.5
    assert improvement_probability(change, np.arange(52), 0) > 0.99
    assert not judge({}, 0.0, ([], []), 0).promoted


def test_information_is_sought_where_nothing_was_measured() -> None:
    prior = PRIORS["conductivity"]
    places = np.array([[0.0], [0.1], [5.0], [5.1], [10.0]])
    anchors = np.array([[0.0]])
    spread = uncertainty(places, anchors, prior)
    assert spread[0] == spread.min()
    assert sorted(places[most_informative(places, anchors, prior, 2), 0].round()) in ([5.0, 10.0],)
    assert kernel(places, places).diagonal() == pytest.approx(1.0)


def test_a_damaged_correction_is_refused() -> None:
    found = LabCorrection(np.zeros(10), {}, {"density": Term(0.1)}).to_arrays("lab")
    assert LabCorrection.from_arrays(found, "lab").terms["density"].offset == 0.1
    assert LabCorrection.from_arrays({}, "lab") is None
    for change in ({"lab.density.numbers": np.array([np.nan, 1.0])}, {"lab.centre": np.zeros(3)}):
        with pytest.raises(ModelError, match="correction"):
            LabCorrection.from_arrays({**found, **change}, "lab")
    with pytest.raises(ModelError, match="correction"):
        LabCorrection.from_arrays({"lab.terms": np.array(["density"])}, "lab")


def test_reports(at_home: RetrainResult, tmp_path: Path) -> None:
    write_retraining(at_home, tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text("utf-8")
    for said in ("my-lab@1: promoted", "parity-conductivity", "Rows to measure again", "teach"):
        assert said in text
    assert "<script src" not in text
    write_retraining(at_home, tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["promoted_by_the_gate"] is True
    assert len(report["teach_most"]) == 5
    assert len(report["moved_most"]) == 10
    with pytest.raises(TableError, match=r"ends in \.html"):
        write_retraining(at_home, tmp_path / "r.pdf")


def test_suggestions_come_back_as_lab_rows(at_home: RetrainResult, tmp_path: Path) -> None:
    batch = suggest(SPACE, batch=4, model="my-lab")
    assert len(batch) == batch["suggestion_id"].nunique() == 4
    pd.testing.assert_frame_equal(batch, suggest(SPACE, batch=4, model="my-lab"))
    filled = batch.assign(sigma_total_s_cm=[1e-4, 2e-4, 3e-4, 4e-4])
    filled.to_excel(tmp_path / "next.xlsx", index=False)
    from ssbml.lab.read import read_lab

    read = read_lab(tmp_path / "next.xlsx")
    assert read.report.problems == []
    assert read.table["suggestion_id"].tolist() == batch["suggestion_id"].tolist()
    result = retrain(tmp_path / "next.xlsx", name="loop", base="my-lab")
    assert result.version.rows()["suggestion_id"].tolist() == batch["suggestion_id"].tolist()


def test_answered_suggestions_are_not_made_again(
    home: Path, make: Any, model_folder: Path, tmp_path: Path
) -> None:
    retrain(make(12), name="asked", base=str(model_folder), force=True)
    first = suggest(SPACE, batch=4, model="asked")
    filled = first.iloc[:3].assign(sigma_total_s_cm=[1e-4, 2e-4, 3e-4])
    retrain(filled, name="asked", base=str(model_folder))
    again = suggest(SPACE, batch=25, model="asked@1")["suggestion_id"]
    assert len(again) == 22
    assert set(again) & set(first["suggestion_id"]) == {first["suggestion_id"].iloc[3]}


def test_a_lab_of_one_composition_is_told_five_experiments(
    home: Path, model: Predictor, make: Any, model_folder: Path
) -> None:
    rows = make(6).assign(formula=RECIPE["formula"])
    lab = retrain(rows, name="one", base=str(model_folder)).lab
    found = teaching_experiments(lab)
    assert len(found) == len(found.drop_duplicates()) == 5
    for name in ("sintering_temp_c", "sintering_time_h"):
        assert set(found[name]) <= set(rows[name])
    done = set(zip(rows["sintering_temp_c"], rows["sintering_time_h"], strict=True))
    assert not done & set(zip(found["sintering_temp_c"], found["sintering_time_h"], strict=True))


def test_numbers_are_exchanged_between_ways_of_the_same_kind() -> None:
    ways = pd.DataFrame(
        {
            "sintering_method": ["conventional", "conventional", "sps"],
            "sintering_temp_c": [1000.0, 1100.0, 900.0],
            "pressure_mpa": [np.nan, np.nan, 50.0],
        }
    )
    assert len(_varied(ways)) == 3
    assert len(_varied(ways.assign(sintering_time_h=[1.0, 2.0, 3.0]))) == 5
    assert len(_varied(ways[["sintering_temp_c"]])) == 3


def test_the_command_line(
    at_home: RetrainResult, make: Any, model_folder: Path, tmp_path: Path
) -> None:
    lab = tmp_path / "lab.csv"
    rows = pd.concat([make(12), pd.DataFrame({"formula": ["Li7Xx"]})])
    rows.rename(columns={"sintering_temp_c": "Sintering T (°C)"}).to_csv(lab, index=False)
    runner = CliRunner()
    words = ["retrain", str(lab), "--name", "cli", "--base", str(model_folder)]
    done = runner.invoke(command, [*words, "--report", str(tmp_path / "r.json")])
    assert done.exit_code == 0, done.output
    assert "cli@1 promoted" in done.output
    assert "is read as sintering_temp_c" in done.output
    assert (tmp_path / "r.json").is_file()
    assert "rows that cannot be used were left out" in done.output
    assert runner.invoke(command, ["models", "rebuild", "cli@1"]).exit_code in (0, None)
    space = tmp_path / "space.yaml"
    space.write_text(json.dumps(SPACE))
    words = ["suggest", str(space), "--batch", "3", "--model", "cli", "-o"]
    done = runner.invoke(command, [*words, str(tmp_path / "next.csv")])
    assert done.exit_code == 0, done.output
    assert len(pd.read_csv(tmp_path / "next.csv")) == 3


def test_it_is_public() -> None:
    assert ssbml.retrain is retrain
