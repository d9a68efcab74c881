"""Nested scores, the report and the card that is written from them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ssbml
from ssbml.datasets.load import table_hash
from ssbml.evaluation import nested
from ssbml.evaluation.card import write_card
from ssbml.evaluation.nested import COVERAGES, Scored, nested_scores
from ssbml.evaluation.report import Report, report_of
from ssbml.features.process import making_names
from ssbml.fitting.fit import fit
from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor
from ssbml.targets import TARGETS
from ssbml.training import train

FOLDS = 2


@pytest.fixture(scope="module")
def scores(
    literature: pd.DataFrame, tiny_settings: Settings
) -> tuple[dict[str, Scored], list[tuple[frozenset[str], frozenset[str]]]]:
    """Nested scores, and the papers of every training table beside those that were held out."""
    seen: list[tuple[frozenset[str], frozenset[str]]] = []
    everything = frozenset(literature["cv_group"])

    def watched(table: pd.DataFrame, settings: Settings, **options: object) -> Predictor:
        inside = frozenset(table["cv_group"])
        seen.append((inside, everything - inside))
        return fit(table, settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nested, "fit", watched)
        return nested_scores(literature, replace(tiny_settings, folds=2), FOLDS, n_jobs=1), seen


@pytest.fixture(scope="module")
def report(literature: pd.DataFrame, scores: tuple[dict[str, Scored], object]) -> Report:
    return report_of(literature, scores[0])


def test_outer_papers_are_never_fitted(scores: tuple[dict[str, Scored], list]) -> None:  # type: ignore[type-arg]
    found, seen = scores
    assert len(seen) == FOLDS
    held_out = [outside for _, outside in seen]
    assert not held_out[0] & held_out[1]
    for name, scored in found.items():
        assert set(scored.records.group) <= held_out[0] | held_out[1], name


def test_every_record_is_predicted_once(scores: tuple[dict[str, Scored], object]) -> None:
    assert list(scores[0]) == list(TARGETS)
    for scored in scores[0].values():
        n = len(scored.records)
        keys = list(zip(scored.records.rows.tolist(), scored.records.target, strict=True))
        assert len(scored.prediction) == len(scored.truth) == len(scored.distance) == n
        assert len(set(keys)) > 0.9 * n
        for low, high in scored.intervals.values():
            assert (low <= scored.prediction + 1e-9).all()
            assert (scored.prediction <= high + 1e-9).all()
        assert set(scored.baselines) == {"without processing", "family median", "global median"}
        assert all(np.isfinite(b).all() for b in scored.baselines.values())


def test_processing_columns_are_many() -> None:
    assert {"sintering_temp_c", "atmosphere_O2", "li_excess_pct"} <= set(making_names())


def test_the_report_scores_neither_bounds_nor_placeholders(
    literature: pd.DataFrame, report: Report, scores: tuple[dict[str, Scored], object]
) -> None:
    written = literature[literature["formula_basis"] != "placeholder"]
    values = written[["sigma_total_s_cm", "sigma_bulk_s_cm", "sigma_unspecified_s_cm"]]
    errors = report.errors.set_index(["property", "subset"])
    row = errors.loc[("conductivity (log10 S/cm)", "all")]
    assert row["samples"] == values.notna().to_numpy().sum()
    density = errors.loc[("relative density (points)", "all")]
    assert density["samples"] == written["relative_density_pct"].notna().sum()
    sigma = scores[0]["conductivity_s_cm"]
    valued = (sigma.records.bound == 0) & ~sigma.records.placeholder
    expected = np.abs(sigma.truth - sigma.prediction)[valued].mean()
    assert row["model"] == pytest.approx(expected)


def test_the_model_beats_the_global_median(report: Report) -> None:
    row = report.errors.iloc[0]
    assert row["model"] < row["global median"]


def test_coverage_is_reported_for_both_levels(report: Report) -> None:
    for coverage in COVERAGES:
        assert report.coverage[f"coverage {coverage:.0%}"].between(0.2, 1.0).all()
    assert (report.coverage["median width 90%"] > report.coverage["median width 50%"]).all()
    assert report.coverage["coverage 90%"].min() > 0.7


def test_purity_stands_beside_its_baselines(report: Report) -> None:
    assert report.purity["predictor"].tolist() == [
        "model",
        "without processing",
        "family rate",
        "base rate",
    ]
    assert report.purity["Brier skill"].iloc[-1] == 0.0
    assert report.purity["AUROC"].dropna().between(0, 1).all()


def test_the_report_is_plain_json(report: Report) -> None:
    again = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert set(again) == {"errors", "purity", "coverage", "families"}
    assert len(again["errors"]) == len(report.errors)


@pytest.mark.parametrize("evaluated", [True, False])
def test_the_card_is_written_from_the_figures(
    literature: pd.DataFrame, model: Predictor, report: Report, evaluated: bool
) -> None:
    manifest = {"ssbml": "9.9", "data": {"name": "literature", "samples": 1234, "papers": 56}}
    card = write_card(literature, model, manifest, report if evaluated else None)
    placeholders = int((literature["formula_basis"] == "placeholder").sum())
    confirmed = int(literature["sigma_total_s_cm"].notna().sum())
    assert "ssbml 9.9 from the data set `literature` (1,234 samples, 56 papers)" in card
    assert f"{placeholders} samples have a placeholder formula" in card
    assert f"| confirmed total conductivities | {confirmed} |" in card
    assert ("Not evaluated" in card) != evaluated
    if evaluated:
        assert f"{report.errors['model'].iloc[0]:.3f}" in card
        assert f"{report.coverage['coverage 90%'].iloc[0]:.3f}" in card


def test_no_skill_is_said(literature: pd.DataFrame, model: Predictor, report: Report) -> None:
    manifest = {"ssbml": "9.9", "data": {"name": "x", "samples": 1, "papers": 1}}
    worse, better = report.purity.copy(), report.purity.copy()
    worse.loc[0, "Brier skill"], better.loc[0, "Brier skill"] = -0.1, 0.2
    said = "Phase purity: no skill yet"
    assert said in write_card(literature, model, manifest, replace(report, purity=worse))
    assert said not in write_card(literature, model, manifest, replace(report, purity=better))


def test_train_states_what_it_was_made_from(
    literature: pd.DataFrame, model: Predictor, tiny_settings: Settings, tmp_path: Path
) -> None:
    found = train(tiny_settings, data=literature, evaluate=False)
    assert found.manifest["ssbml"] == ssbml.__version__
    assert found.manifest["settings"] == tiny_settings.as_dict()
    assert found.manifest["data"]["samples"] == len(literature)
    assert found.manifest["data"]["sha256"] == table_hash(literature)
    found.save(tmp_path / "m")
    assert ssbml.load_model(tmp_path / "m").card == found.card
    recipes = literature[["formula"]].iloc[:20]
    pd.testing.assert_frame_equal(found.predict(recipes), model.predict(recipes), check_exact=True)


def test_the_hash_sees_every_cell(literature: pd.DataFrame) -> None:
    changed = literature.copy()
    changed.iloc[-1, changed.columns.get_loc("sintering_temp_c")] = 1.0
    assert table_hash(changed) != table_hash(literature)
    assert table_hash(literature.copy()) == table_hash(literature)
