"""The model that travels with the package, judged by what a sceptical ceramist would ask."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ssbml
from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import DataError
from ssbml.evaluation.directions import directions
from ssbml.features.composition import fraction_features
from ssbml.location import shipped
from ssbml.predictor import Predictor

EXAMPLES = shipped("datasets") / "examples" / "recipes.csv"


@pytest.fixture(scope="module")
def examples(shipped_model: Predictor) -> pd.DataFrame:
    return shipped_model.predict(EXAMPLES, keep_input=True)


def test_examples_are_answered(examples: pd.DataFrame) -> None:
    assert len(examples) >= 12
    assert examples["in_domain"].mean() >= 0.8
    low, high = examples["conductivity_s_cm_lower"], examples["conductivity_s_cm_upper"]
    assert ((low < examples["conductivity_s_cm"]) & (examples["conductivity_s_cm"] < high)).all()


def test_order_of_magnitude_of_well_known_electrolytes(shipped_model: Predictor) -> None:
    known = {
        "Li6.4La3Zr1.4Ta0.6O12": (1e-4, 2e-3),
        "Li1.3Al0.3Ti1.7(PO4)3": (3e-5, 2e-3),
        "Li1.5Al0.5Ge1.5(PO4)3": (3e-5, 2e-3),
        "Li6PS5Cl": (3e-4, 1e-2),
        "Li10GeP2S12": (1e-3, 3e-2),
        "Li3YCl6": (3e-5, 2e-3),
    }
    table = shipped_model.predict([{"formula": f, "form": "pellet"} for f in known])
    for value, (formula, (low, high)) in zip(
        table["conductivity_s_cm"], known.items(), strict=True
    ):
        assert low < value < high, f"{formula}: {value:.1e}"


@pytest.fixture(scope="module")
def checks(shipped_model: Predictor) -> pd.DataFrame:
    return directions(shipped_model).set_index("check")


@pytest.mark.parametrize(
    ("clue", "least"),
    [
        ("measured density 85 to 98", 0.5),
        ("hot pressed against conventional", 0.5),
        ("measured cubic against tetragonal", 0.3),
    ],
)
def test_strong_directions_hold(checks: pd.DataFrame, clue: str, least: float) -> None:
    (name,) = [name for name in checks.index if name.startswith(clue)]
    assert checks.loc[name, "change"] > least


def test_no_direction_is_wrong_and_the_card_lists_those_not_reached(
    checks: pd.DataFrame, shipped_model: Predictor
) -> None:
    assert len(checks) == 5
    assert (checks["change"] >= -1e-9).all()
    for name, row in checks.iterrows():
        line = next(x for x in shipped_model.card.splitlines() if x.startswith(f"| {name} "))
        assert line.endswith(f"| {row['reached']} |")


def test_imbalanced_formula_is_answered_out_of_domain(shipped_model: Predictor) -> None:
    row = shipped_model.predict("Li7La3Zr2O").iloc[0]
    assert not row["in_domain"]
    assert "charge imbalance of +22.00" in row["notes"]


def test_reported_coverage_and_gain_hold(shipped_model: Predictor) -> None:
    metrics = shipped_model.manifest["metrics"]
    sigma = next(r for r in metrics["coverage"] if r["property"] == "conductivity")
    assert 0.86 <= sigma["coverage 90%"] <= 0.94
    fired = next(
        r for r in metrics["errors"] if r["subset"] == "15-35 °C, firing temperature known"
    )
    assert fired["model"] <= 0.9 * fired["without processing"]
    assert fired["model"] < fired["family median"]


def test_card_says_where_there_is_no_skill(shipped_model: Predictor) -> None:
    metrics = shipped_model.manifest["metrics"]
    no_skill = metrics["purity"][0]["Brier skill"] <= 0
    assert ("Phase purity: no skill yet" in shipped_model.card) == no_skill
    dense = next(r for r in metrics["errors"] if r["property"].startswith("relative density"))
    assert ("Relative density: no skill yet" in shipped_model.card) == (
        dense["model"] >= dense["family median"]
    )


def test_model_folder_is_small() -> None:
    folder = shipped("models")
    assert sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) < 10_000_000


def test_domain_holds_redistributable_compositions_only(shipped_model: Predictor) -> None:
    from ssbml.datasets.obelix import read_obelix

    try:
        obelix, _ = read_obelix()
    except DataError as error:
        pytest.skip(f"OBELiX cannot be had: {error}")
    formulas = [*ssbml.load_dataset("literature")["formula"], *obelix["formula"]]
    compositions = composition_matrix([parse_formula(f) for f in formulas])
    allowed = fraction_features(compositions).values
    for row in shipped_model.domain.fractions.astype(float):
        assert np.abs(allowed - row).sum(axis=1).min() < 1e-3


def test_no_shipped_file_holds_text_of_restricted_sets() -> None:
    names = ("liverpool:", "laskowski:", "llzo_garnets:")
    for folder in (shipped("datasets"), shipped("models")):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix in (".csv", ".jsonl", ".json", ".md", ".npz"):
                data = path.read_bytes()
                assert not any(name.encode() in data for name in names), path


def test_predictions_are_the_golden_ones(examples: pd.DataFrame) -> None:
    golden = pd.read_csv(Path(__file__).with_name("golden_examples.csv"))
    assert list(golden["formula"]) == list(examples["formula"])
    for column in golden.columns.drop("formula"):
        np.testing.assert_allclose(
            examples[column].astype(float), golden[column].astype(float), rtol=1e-6, atol=1e-12
        )
