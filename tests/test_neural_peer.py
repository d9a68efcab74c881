"""The script that puts a neural network beside the suite."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from ssbml.errors import DataError
from ssbml.evaluation.peers.obelix import read_split
from ssbml.evaluation.peers.plan import Findings, Plan
from ssbml.evaluation.peers.scores import OURS, Scores

SCRIPT = Path(__file__).parents[1] / "training" / "neural_peer.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    if not SCRIPT.is_file():
        pytest.skip("the tests do not lie in a checkout")
    try:
        read_split()
    except DataError as error:
        pytest.skip(f"OBELiX cannot be had: {error}")
    spec = importlib.util.spec_from_file_location("neural_peer", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_target_of_a_test_row_is_written(script: ModuleType, tmp_path: Path) -> None:
    assert script.main(["export", str(tmp_path)]) == 0
    train, test = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("train", "test"))
    assert (len(train), len(test)) == (478, 121)
    assert list(test.columns) == ["material_id", "composition"]
    assert not set(train["material_id"]) & set(test["material_id"])
    assert (train["target_floor"] <= train["target_bound"]).all()


def test_what_is_missing_is_said_without_an_error(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["score", str(tmp_path / "none.csv")]) == 0
    assert "skipped: there is no" in capsys.readouterr().out
    few = tmp_path / "few.csv"
    few.write_text("material_id,prediction\nobelix:7cr,-15\n", "utf-8")
    assert script.main(["score", str(few)]) == 0
    assert "lacks 120 of the test rows" in capsys.readouterr().out


def test_predictions_stand_beside_the_suite(
    script: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = read_split()
    test = data[data["test"]]
    truth = test["bound"].to_numpy()
    groups = test["paper_key"].to_numpy(dtype=object)
    scores = Scores("obelix", "bound convention", "value", truth, groups, {OURS: truth + 1})
    plan = Plan([], lambda results: Findings([scores]))
    monkeypatch.setattr(script, "obelix_plan", lambda *arguments: plan)
    monkeypatch.setattr(script, "load_dataset", lambda name: None)
    path = tmp_path / "p.csv"
    shuffled = test.sample(frac=1, random_state=0)
    pd.DataFrame({"material_id": shuffled["sample_id"], "prediction": shuffled["bound"]}).to_csv(
        path, index=False
    )
    assert script.main(["score", str(path), "Roost"]) == 0
    said = capsys.readouterr().out
    assert "Roost" in said
    assert "+1.000 [+1.000, +1.000]" in said
