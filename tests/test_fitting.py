"""Records, settings and out-of-fold predictions: bounds are bounds, papers stay apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.errors import SettingsError
from ssbml.features.base import FeatureMatrix, stacked
from ssbml.fitting.blends import fit_blend, held_out, out_of_fold, usable_features
from ssbml.fitting.bounds import bounded_targets, without_bounds
from ssbml.fitting.records import (
    CONFIDENCE_WEIGHT,
    Records,
    Samples,
    conductivity_records,
    density_records,
    phase_records,
    purity_records,
    samples_of,
)
from ssbml.fitting.settings import (
    BoostingSettings,
    ForestSettings,
    PropertySettings,
    Settings,
    load_settings,
    settings_from_dict,
)
from ssbml.location import shipped
from ssbml.targets import CONDUCTIVITY, DENSITY, PURITY, TARGETS, Target

QUICK = PropertySettings(ForestSettings(trees=10), BoostingSettings(weight=0.0))


@pytest.fixture(scope="module")
def samples(literature: pd.DataFrame) -> Samples:
    return samples_of(literature)


@pytest.fixture(scope="module")
def bounded(literature: pd.DataFrame) -> pd.DataFrame:
    """The data set with some conductivities turned into bounds."""
    table = literature.copy()
    values = table["sigma_unspecified_s_cm"]
    stated = np.flatnonzero(values.notna())
    for name, rows in (("sigma_max_s_cm", stated[:9]), ("sigma_min_s_cm", stated[9:14])):
        at = table.index[rows]
        table.loc[at, name] = values[at]
        table.loc[at, "sigma_unspecified_s_cm"] = np.nan
    return table


def column(records: Records, name: str) -> np.ndarray:
    return records.matrix.select((name,))[:, 0]


def test_every_conductivity_and_bound_is_a_record(
    bounded: pd.DataFrame,
) -> None:
    records = conductivity_records(samples_of(bounded))
    counts = {
        (kind, bound): int(bounded[f"sigma_{name}_s_cm"].notna().sum())
        for name, kind, bound in (
            ("total", (1.0, 0.0), 0),
            ("bulk", (0.0, 1.0), 0),
            ("unspecified", (0.0, 0.0), 0),
            ("max", (0.0, 0.0), -1),
            ("min", (0.0, 0.0), 1),
        )
    }
    for (kind, bound), n in counts.items():
        mine = (
            (column(records, "kind_total") == kind[0])
            & (column(records, "kind_bulk") == kind[1])
            & (records.bound == bound)
        )
        assert mine.sum() == n
    assert len(records) == sum(counts.values())
    upper = records.take(records.bound < 0)
    assert len(upper) >= 9
    limits = bounded["sigma_max_s_cm"].to_numpy()[upper.rows]
    np.testing.assert_array_equal(upper.target, np.log10(limits))


def test_densities_and_phases(samples: Samples, literature: pd.DataFrame) -> None:
    density = density_records(samples)
    stated = literature["relative_density_pct"].dropna().to_numpy()
    np.testing.assert_allclose(DENSITY.inverse(density.target), np.minimum(stated, 100.0))
    purity = purity_records(samples)
    assert len(purity) == literature["phase_pure"].notna().sum()
    assert purity.target.mean() == pytest.approx(literature["phase_pure"].dropna().mean())
    phases, names = phase_records(samples)
    stated_phases = literature["phase_main"].dropna().tolist()
    assert [names[int(t)] for t in phases.target] == stated_phases


def test_the_stage_is_told_or_blank(samples: Samples, literature: pd.DataFrame) -> None:
    records = purity_records(samples)
    stages = literature["phase_stage"].to_numpy(dtype=object)[records.rows]
    calcined = column(records, "stage_calcined")
    np.testing.assert_array_equal(calcined == 1.0, stages == "calcined")
    np.testing.assert_array_equal(np.isnan(calcined), pd.isna(stages))


def test_weights_and_placeholders(samples: Samples, literature: pd.DataFrame) -> None:
    records = conductivity_records(samples)
    confidence = literature["confidence"].to_numpy(dtype=object)[records.rows]
    assert records.weight.tolist() == [CONFIDENCE_WEIGHT.get(c, 0.8) for c in confidence]
    basis = literature["formula_basis"].to_numpy(dtype=object)[records.rows]
    np.testing.assert_array_equal(records.placeholder, basis == "placeholder")
    assert np.isnan(column(records, "fraction_Li")[records.placeholder]).all()
    part = records.take(records.placeholder)
    assert part.placeholder.all()
    assert len(part.family) == len(part) == len(part.matrix.values)


def test_no_outcome_is_a_feature(samples: Samples, literature: pd.DataFrame) -> None:
    shuffled = literature.copy()
    for name in ("relative_density_pct", "sigma_total_s_cm", "phase_main", "doi", "year"):
        shuffled[name] = shuffled[name].to_numpy()[::-1]
    np.testing.assert_array_equal(samples_of(shuffled).matrix.values, samples.matrix.values)


def leak(n_groups: int = 30) -> tuple[Records, np.ndarray]:
    """Records whose only feature names the paper, and whose target is a number of the paper."""
    generator = np.random.default_rng(0)
    group = np.repeat(np.arange(n_groups), 4)
    target = generator.normal(size=n_groups)[group]
    n = len(group)
    records = Records(
        np.arange(n),
        FeatureMatrix(("paper",), generator.permutation(n_groups)[group][:, None].astype(float)),
        target,
        np.zeros(n, dtype=np.int8),
        np.ones(n),
        group.astype(str).astype(object),
        ("garnet",) * n,
        np.zeros(n, dtype=bool),
    )
    return records, group


def test_out_of_fold_predictions_have_not_seen_the_paper() -> None:
    records, group = leak()
    seen, _ = fit_blend(records, QUICK, 1).predict_with_spread(records.matrix)
    assert np.abs(seen - records.target).mean() < 0.2
    by_paper, _ = out_of_fold(records, group % 5, QUICK, 1)
    split_papers, _ = out_of_fold(records, np.arange(len(group)) % 4, QUICK, 1)
    assert np.abs(by_paper - records.target).mean() > 0.5
    assert np.abs(split_papers - records.target).mean() < 0.2


def test_recipes_beside_the_records_are_predicted_without_their_paper() -> None:
    records, group = leak()
    folds = group % 5
    doubled = stacked(records.matrix, records.matrix)
    both, _ = held_out(records, folds, doubled, np.concatenate([folds, folds]), QUICK, 1)
    alone, _ = out_of_fold(records, folds, QUICK, 1)
    np.testing.assert_array_equal(both, np.concatenate([alone, alone]))
    seen = (folds + 1) % 5
    leaked, _ = held_out(records, folds, records.matrix, seen, QUICK, 1)
    assert np.abs(leaked - records.target).mean() < 0.2


def test_a_narrow_fair_loss_heeds_outliers_less() -> None:
    x = np.repeat(np.arange(6.0), 20)
    target = np.where(np.arange(120) % 20 < 3, 9.0, 0.0)
    records = replace(
        leak()[0],
        rows=np.arange(120),
        matrix=FeatureMatrix(("x",), x[:, None]),
        target=target,
    )
    wide, narrow = (
        PropertySettings(
            ForestSettings(trees=0),
            BoostingSettings("fair", width, weight=1.0, iterations=300, l2_regularization=0.0),
        )
        for width in (30.0, 1.0)
    )
    means = [fit_blend(records, s, 1).predict(records.matrix).mean() for s in (wide, narrow)]
    assert abs(means[1]) < 0.5 * abs(means[0])


def test_fitting_is_deterministic(samples: Samples) -> None:
    records = density_records(samples)
    settings = replace(QUICK, boosting=BoostingSettings(weight=0.5, iterations=3))
    one, two = (fit_blend(records, settings, 3).predict(records.matrix) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    other = fit_blend(records, settings, 4).predict(records.matrix)
    assert not np.array_equal(one, other)


def test_constant_and_nearly_empty_features_are_left_out() -> None:
    records, _ = leak()
    n = len(records)
    rare = np.full(n, np.nan)
    rare[:3] = [1.0, 2.0, 3.0]
    half = np.where(np.arange(n) % 2, 1.0, np.nan)
    columns = {"constant": np.ones(n), "rare": rare, "stated": half, "good": np.arange(n) * 1.0}
    matrix = FeatureMatrix(tuple(columns), np.column_stack(list(columns.values())))
    wider = replace(records, matrix=matrix)
    assert usable_features(wider) == ("stated", "good")
    assert usable_features(wider, ("good", "constant")) == ("good",)


@pytest.mark.parametrize(
    ("bound", "prediction", "target"),
    [(0, -9.0, -5.0), (-1, -9.0, -9.0), (-1, -3.0, -5.0), (1, -9.0, -5.0), (1, -3.0, -3.0)],
)
def test_a_bound_that_is_respected_is_no_error(
    bound: int, prediction: float, target: float
) -> None:
    records = replace(leak()[0].take(np.array([0])), target=np.array([-5.0]))
    records = replace(records, bound=np.array([bound], dtype=np.int8))
    assert without_bounds(records, np.array([prediction])).tolist() == [target]


def test_bounded_targets_never_break_a_bound(bounded: pd.DataFrame) -> None:
    records = conductivity_records(samples_of(bounded))
    folds = np.arange(len(records)) % 3
    target = bounded_targets(records, folds, QUICK, 1, 1)
    free = records.bound == 0
    np.testing.assert_array_equal(target[free], records.target[free])
    assert (target[records.bound < 0] <= records.target[records.bound < 0]).all()
    assert (target[records.bound > 0] >= records.target[records.bound > 0]).all()


@pytest.mark.parametrize("target", list(TARGETS.values()), ids=list(TARGETS))
def test_targets_go_there_and_back(target: Target) -> None:
    values = {"conductivity_s_cm": [1e-12, 1e-4], "phase_purity": [0.0, 0.4, 1.0]}.get(
        target.name, [10.0, 60.0, 99.0, 100.0]
    )
    there = target.forward(values)
    np.testing.assert_allclose(target.inverse(there), values, rtol=1e-12)
    assert (np.diff(there) > 0).all()


def test_targets_by_hand() -> None:
    assert CONDUCTIVITY.forward(1e-4) == pytest.approx(-4.0)
    assert DENSITY.forward(100.0) == pytest.approx(0.0)
    assert DENSITY.forward(101.0) == pytest.approx(0.0)
    assert (PURITY.low, PURITY.high) == (0.0, 1.0)


def test_settings_of_the_shipped_model_are_read() -> None:
    settings = load_settings(shipped("training/default.toml"))
    assert settings.conductivity.boosting.iterations >= 100
    assert settings_from_dict(settings.as_dict()) == settings


@pytest.mark.parametrize(
    ("data", "clue"),
    [
        ({"sed": 1}, "unknown setting 'sed'; did you mean seed?"),
        ({"zzzz": 1}, "unknown setting 'zzzz'; known are data, seed"),
        ({"density": {"forest": {"tree": 5}}}, "settings.density.forest: unknown setting 'tree'"),
        ({"seed": "x"}, "settings.seed = 'x': a value like"),
        ({"seed": True}, "settings.seed = True"),
        ({"seed": 1.5}, "settings.seed = 1.5"),
        ({"density": 5}, "settings.density: a table of settings is expected"),
        ({"density": {"forest": {"max_features": "all"}}}, "a value like 0.4"),
    ],
)
def test_bad_settings(data: dict[str, Any], clue: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from_dict(data)
    assert clue in str(caught.value)


def test_whole_numbers_stand_for_decimals() -> None:
    assert settings_from_dict({"density": {"boosting": {"weight": 1}}}).density.boosting.weight == 1
    assert settings_from_dict({}) == Settings()


FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda path: None, "cannot read"),
    "syntax": (lambda path: path.write_text("= 1"), "is not valid TOML"),
    "encoding": (lambda path: path.write_bytes(b"\xff\xfe="), "is not valid TOML"),
    "directory": (lambda path: path.mkdir(), "cannot read"),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_bad_settings_files(tmp_path: Path, kind: str) -> None:
    make, clue = FILES[kind]
    make(tmp_path / "s.toml")
    with pytest.raises(SettingsError, match=clue):
        load_settings(tmp_path / "s.toml")
