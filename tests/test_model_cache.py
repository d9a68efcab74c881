"""Benchmarks fit a model once for the same rows, settings and code."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from ssbml.fitting.settings import Settings
from ssbml.predictor import Predictor

SCRIPT = Path(__file__).parents[1] / "training" / "model_cache.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    if not SCRIPT.is_file():
        pytest.skip("the tests do not lie in a checkout")
    spec = importlib.util.spec_from_file_location("model_cache", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_model_is_fitted_again_only_for_other_rows_or_settings(
    script: ModuleType,
    literature: pd.DataFrame,
    tiny_settings: Settings,
    shipped_model: Predictor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fits: list[int] = []

    def fit(table: pd.DataFrame, settings: Settings, **options: Any) -> Predictor:
        fits.append(len(table))
        return shipped_model

    monkeypatch.setattr(script, "fit", fit)
    few = literature.head(50)
    for _ in range(2):
        found = script.fitted(tmp_path, few, tiny_settings, 1)
    assert fits == [50]
    expected = shipped_model.predict("Li7La3Zr2O12", sintering_temp_c=1150)
    pd.testing.assert_frame_equal(found.predict("Li7La3Zr2O12", sintering_temp_c=1150), expected)
    script.fitted(tmp_path, literature.head(51), tiny_settings, 1)
    script.fitted(tmp_path, few, replace(tiny_settings, seed=1), 1)
    script.fitted(None, few, tiny_settings, 1)
    script.fitted(None, few, tiny_settings, 1)
    assert fits == [50, 51, 50, 50, 50]
    assert len(list(tmp_path.iterdir())) == 3
