"""Fitting a base again with lab rows: offered, judged on published rows, and rebuilt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.datasets.load import table_hash
from ssbml.errors import DataError, ModelError
from ssbml.fitting.records import samples_of
from ssbml.fitting.settings import Settings
from ssbml.lab.read import read_lab
from ssbml.predictor import Predictor
from ssbml.report.retraining import retraining_page
from ssbml.retraining import literature as published
from ssbml.retraining.gate import judge
from ssbml.retraining.literature import literature_of
from ssbml.retraining.rebuild import rebuilder_of
from ssbml.retraining.refitting import REFITS, Refits, inner_folds, refits_of
from ssbml.retraining.residuals import lab_of
from ssbml.retraining.retrain import retrain
from ssbml.retraining.start import start_of
from ssbml.retraining.strategy import OFFERED, chosen_methods, inner_errors
from ssbml.versions.rebuild import rebuild, relative_difference


@pytest.fixture(autouse=True)
def lenient_physics(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small model is no match for the physics bench."""
    monkeypatch.setattr("ssbml.retraining.retrain.strong_failures", lambda _: [])


@pytest.fixture(scope="module")
def base(model: Predictor, tiny_settings: Settings, literature: pd.DataFrame) -> Predictor:
    stated = {"name": "literature", "sha256": table_hash(literature)}
    return replace(model, manifest={"settings": tiny_settings.as_dict(), "data": stated})


@pytest.fixture(scope="module")
def folder(base: Predictor, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("models") / "base"
    base.save(path)
    return str(path)


def lab_rows(n: int = 12, seed: int = 0) -> pd.DataFrame:
    """A laboratory whose garnets conduct far less than published ones."""
    generator = np.random.default_rng(seed)
    x = np.round(np.linspace(0.2, 0.6, n), 3)
    return pd.DataFrame(
        {
            "formula": [f"Li{7 - a:.3f}La3Zr{2 - a:.3f}Ta{a:.3f}O12" for a in x],
            "sintering_temp_c": generator.integers(1060, 1240, n).astype(float),
            "sigma_total_s_cm": 1e-6 * 10 ** generator.normal(0, 0.1, n),
            "relative_density_pct": np.round(generator.normal(90, 1, n), 2),
        }
    )


@pytest.fixture(scope="module")
def refits(base: Predictor, tmp_path_factory: pytest.TempPathFactory) -> Refits:
    path = tmp_path_factory.mktemp("lab") / "lab.csv"
    lab_rows().to_csv(path, index=False)
    lab = lab_of(base, samples_of(read_lab(path).table))
    return refits_of(base, literature_of(base), lab)


def test_a_refit_follows_the_lab_and_its_weight(refits: Refits) -> None:
    found = refits.lab.parts["conductivity"]
    errors = [np.abs(found.error).mean()]
    for method in REFITS:
        model = refits.model("conductivity", method, found.rows, quick=False)
        assert model.density is refits.base.density
        errors.append(np.abs(refits.lab.answered(model, "conductivity", found).error).mean())
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.5 * errors[0]


def test_a_group_that_is_left_out_is_not_seen(refits: Refits) -> None:
    found = refits.lab.parts["conductivity"]
    left_out = inner_folds(found) == 0
    own = refits.records["conductivity"]
    altered = np.where(np.isin(own.rows, found.rows[left_out]), own.target - 3.0, own.target)
    other = replace(refits, records={"conductivity": replace(own, target=altered)})
    one, two = (r.unseen("conductivity", "weighted refit", found).error for r in (refits, other))
    np.testing.assert_array_equal(one[left_out], two[left_out])
    assert (one[~left_out] != two[~left_out]).any()


def test_all_methods_are_compared_on_the_same_folds(refits: Refits) -> None:
    errors = inner_errors("conductivity", refits.lab.parts["conductivity"], refits)
    assert set(errors) == set(OFFERED) - {"none"}
    chosen = chosen_methods(refits.lab, refits)["conductivity"]
    assert errors[chosen] == min(errors.values())


def test_published_rows_are_predicted_before_and_after(refits: Refits) -> None:
    rows = refits.lab.parts["density"].rows
    found = refits.on_literature("density", "weighted refit", rows)
    assert found["values"] > 100
    assert found["rows_of_the_base"] is True
    assert found["error_before"] != found["error_after"]
    assert 0.5 < found["coverage_after"] <= 1.0
    none = refits.on_literature("density", "refit", rows[:0])
    assert none["error_before"] == none["error_after"]


@pytest.mark.parametrize(
    ("after", "coverage", "clue"),
    [(0.811, 0.9, ""), (0.82, 0.9, "rises by 2.5 %"), (0.8, 0.87, "3.0 points fewer")],
)
def test_the_gate_limits_what_published_rows_may_lose(
    after: float, coverage: float, clue: str
) -> None:
    figures = {"error_before": 0.8, "error_after": after,
               "coverage_before": 0.9, "coverage_after": coverage}  # fmt: skip
    reason = judge({}, 0.0, ([], []), 0, {"conductivity": figures}).reason
    assert ("published rows" in reason) == bool(clue)
    assert clue in reason


@pytest.fixture
def forced_refit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    def run(folder: str, **more: Any) -> Any:
        monkeypatch.setattr(
            "ssbml.retraining.retrain.best_of_each",
            lambda errors: dict.fromkeys(errors, "weighted refit"),
        )
        monkeypatch.setattr("ssbml.retraining.trial.chosen_methods", lambda *_: {})
        return retrain(lab_rows(), name="again", base=folder, refit=True, force=True, **more)

    return run


def test_a_refitted_version_is_rebuilt_and_passed_over_as_a_base(
    home: Path, folder: str, forced_refit: Callable[..., Any]
) -> None:
    result = forced_refit(folder)
    record = result.version.record
    assert record["strategy"]["offered"] == list(OFFERED)
    assert record["data"]["name"] == "literature"
    assert record["data"]["rows_of_the_base"] is True
    assert set(record["metrics"]["literature"]["fitted_again"]) == {"conductivity", "density"}
    again = rebuild(result.version, rebuilder_of(result.version))
    assert again.difference <= 1e-9
    page = retraining_page(result)
    assert "whole papers held out" in page
    assert "at ten times the weight" in page
    assert set(record["metrics"]["compared"]["density"]) == set(OFFERED) - {"none"}
    assert start_of("again@1")[0] == folder


def test_changed_data_are_said_when_a_version_is_rebuilt(
    home: Path,
    folder: str,
    forced_refit: Callable[..., Any],
    literature: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = forced_refit(folder).version
    monkeypatch.setattr(
        "ssbml.retraining.rebuild.load_dataset", lambda _: literature.iloc[:-1].copy()
    )
    with pytest.raises(ModelError, match="have changed since"):
        rebuild(version, rebuilder_of(version))


def test_embedded_rows_serve_where_the_others_are_out_of_reach(
    base: Predictor, monkeypatch: pytest.MonkeyPatch, literature: pd.DataFrame
) -> None:
    def load(name: str) -> pd.DataFrame:
        if name == "full":
            raise DataError("no network")
        return literature

    monkeypatch.setattr(published, "load_dataset", load)
    stated = {"name": "full", "sha256": "0"}
    found = literature_of(replace(base, manifest={**base.manifest, "data": stated}))
    assert (found.name, found.whole, found.samples) == ("literature", False, len(literature))
    with pytest.raises(ModelError, match="does not say how it was trained"):
        literature_of(replace(base, manifest={}))


def test_differences_are_relative_and_never_overflow() -> None:
    first = np.array([1.0, 0.0, 5e-324, np.nan, 1e308])
    second = np.array([1.0, 0.0, 1.0, np.nan, 1e308])
    with np.errstate(all="raise", under="ignore"):
        assert relative_difference(first, second) == 1.0
        assert relative_difference(first, first) == 0.0
        assert relative_difference(np.array([1e308]), np.array([-1e308])) == 2.0
    assert relative_difference(np.array([2.0]), np.array([1.0])) == 0.5
