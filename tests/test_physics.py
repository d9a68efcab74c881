"""The bench of directional checks: its data, its relations, its gate."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from ssbml.cli.physics import check_physics as command
from ssbml.errors import SettingsError
from ssbml.physics.checks import Check, read_checks, shipped_checks
from ssbml.physics.relations import judge, likely_reason
from ssbml.physics.scorecard import SCORE_COLUMNS, check_physics, shares, strong_failures
from ssbml.predictor import Predictor
from ssbml.tables.validate import validate

CONTRADICTED = ("LiTiO4", "Li2TaPO8", "Ge0.2Ti1.4")
GROUPS = {
    "known density",
    "known phase",
    "sintering method",
    "sintering temperature",
    "sintering time",
    "domain",
    "atmosphere",
    "Li excess",
    "additive",
    "dopant",
    "chemistry",
    "film",
    "thickness",
    "powder",
    "measurement temperature",
}


def rising(**changes: object) -> Check:
    """A check that asks log10 conductivity to rise by 0.5 to 2.5."""
    check = next(c for c in shipped_checks() if c.id == "known-density-garnet")
    return replace(check, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def score(model: Predictor) -> pd.DataFrame:
    return check_physics(model)


def test_the_bench_is_broad_and_says_where_it_is_written() -> None:
    checks = shipped_checks()
    assert len(checks) >= 40
    assert {c.group for c in checks} == GROUPS
    assert sum(c.strength == "strong" for c in checks) >= 30
    assert all(c.source and c.claim and c.reason.endswith(".") for c in checks)
    assert sum("10.59761/RCR5171" in c.source for c in checks) >= 20
    assert not any(word in str(c) for c in checks for word in CONTRADICTED)


def test_every_recipe_of_the_bench_is_valid() -> None:
    recipes = [r for c in shipped_checks() for step in c.recipes() for r in step]
    plain = [{k: v for k, v in r.items() if k != "known"} for r in recipes]
    checked = validate(pd.DataFrame(plain, dtype=object))
    assert checked.problems == []
    assert checked.ignored == {}


def test_a_step_changes_something() -> None:
    for check in shipped_checks():
        steps = check.recipes()
        assert all(a != b for a, b in pairwise(steps)), check.id


@pytest.mark.parametrize(
    ("relation", "values", "passed"),
    [
        ("rises", [-4.0, -3.0], True),
        ("rises", [-4.0, -4.0], False),
        ("rises", [-4.0, -3.9], False),
        ("rises", [-4.0, -1.0], False),
        ("rises", [-3.0, -4.0], False),
        ("rises", [-4.0, -4.1, -3.0], True),
        ("rises", [-4.0, -5.0, -3.0], False),
        ("falls", [-3.0, -4.0], True),
        ("falls", [-3.0, -3.0], False),
        ("no_gap", [-3.0, -3.0], True),
        ("no_gap", [-3.0, -6.0], False),
        ("saturates", [80.0, 90.0, 92.0], True),
        ("saturates", [80.0, 82.0, 90.0], False),
        ("saturates", [80.0, 80.0, 80.0], False),
        ("peak", [-5.0, -4.0, -5.0], True),
        ("peak", [-5.0, -4.0, -4.0], False),
        ("peak", [-4.0, -4.0, -4.0], False),
        ("outside", [0.0], True),
        ("outside", [0.25], False),
    ],
)
def test_relations(relation: str, values: list[float], passed: bool) -> None:
    assert judge(rising(relation=relation), np.array(values)).passed is passed


def test_a_tie_is_no_effect_and_a_wrong_sign_is_not_met() -> None:
    assert judge(rising(), np.array([-4.0, -4.0])).outcome == "no effect"
    assert judge(rising(), np.array([-3.0, -4.0])).outcome == "not met"
    assert judge(rising(), np.array([-4.0, -3.0])).outcome == "met"


def test_what_fails_has_a_likely_reason_and_what_passes_has_none(score: pd.DataFrame) -> None:
    assert (score["likely_reason"] == "").equals(score["passed"])
    assert not score["passed"].all()


@pytest.mark.parametrize(
    ("values", "changes", "clue"),
    [
        ([-4.0, -3.0], {}, ""),
        ([-4.0, -4.0], {}, "does not see"),
        ([-4.0, -3.9], {}, "direction is right"),
        ([-3.0, -4.0], {}, "outweigh"),
        ([-3.0, -4.0], {"if_failed": "Nobody tried."}, "Nobody tried."),
        ([-3.0, -2.9], {"relation": "falls"}, "outweigh"),
    ],
)
def test_a_likely_reason_follows_the_outcome(
    values: list[float], changes: dict[str, object], clue: str
) -> None:
    check = rising(**changes)
    found = likely_reason(check, judge(check, np.array(values)))
    assert clue in found if clue else found == ""


def test_score_card_has_one_row_a_check(score: pd.DataFrame) -> None:
    assert tuple(score.columns) == SCORE_COLUMNS
    assert list(score["check"]) == [c.id for c in shipped_checks()]
    assert score["value"].notna().all()
    counted = shares(score).set_index("strength")
    assert counted.loc["all", "checks"] == len(score)
    assert counted.loc["all", "passed"] == score["passed"].sum()


def test_value_is_the_change_of_the_prediction(model: Predictor, score: pd.DataFrame) -> None:
    row = score.set_index("check").loc["argyrodite-chlorine"]
    pair = [{"formula": f, "form": "pellet"} for f in ("Li6PS5Cl", "Li5.5PS4.5Cl1.5")]
    sigma = np.log10(model.predict(pair)["conductivity_s_cm"].to_numpy())
    assert row["value"] == pytest.approx(sigma[1] - sigma[0], abs=1e-12)


def test_gate_lists_the_strong_checks_that_fail(model: Predictor, score: pd.DataFrame) -> None:
    failed = score[(score["strength"] == "strong") & ~score["passed"]]
    assert strong_failures(model) == list(failed["claim"])


def test_a_model_turned_upside_down_fails(model: Predictor, score: pd.DataFrame) -> None:
    upside_down = replace(model, known=replace(model.known, per_density={"*": -0.05}), manifest={})
    names = ["known-density-nasicon", "known-density-perovskite"]
    worse = check_physics(upside_down, [c for c in shipped_checks() if c.id in names])
    assert not worse["passed"].any()
    assert score.set_index("check").loc[names, "passed"].all()


@pytest.mark.parametrize(
    ("text", "clue"),
    [
        ('[[check]]\nid = "a"\nrelaton = "rises"', "did you mean relation"),
        ('[[check]]\nid = "a"\nover = "garnet"', "no set 'garnet'"),
        ('[[check]]\nid = "a"\nrelation = "rises"', "check a"),
        ("no toml", "holds no checks"),
        ("", "no check"),
    ],
)
def test_bad_checks_are_named(tmp_path: Path, text: str, clue: str) -> None:
    path = tmp_path / "checks.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=clue):
        read_checks(path)


def test_command_prints_shares_and_tells_by_its_status(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch, model: Predictor
) -> None:
    monkeypatch.setattr("ssbml.models.load_model", lambda name=None: Predictor.load(model_folder))
    result = CliRunner().invoke(command, ["--failed"], standalone_mode=False)
    assert result.return_value == (1 if strong_failures(model) else 0)
    assert "strong" in result.output
    assert "known-density-garnet-series" not in result.output
