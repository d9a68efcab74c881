"""``ssbml.screen`` on small spaces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ssbml
from ssbml.errors import SpaceError
from ssbml.fields import RECIPE_FIELDS
from ssbml.practical.shelf import Shelf
from ssbml.predictor import Predictor
from ssbml.request import PREDICTION_COLUMNS
from ssbml.screening.constraints import parse_constraint
from ssbml.screening.digest import common, digest
from ssbml.screening.feasibility import judge
from ssbml.screening.goals import RISKS
from ssbml.screening.job import job_of
from ssbml.screening.result import ScreenResult
from ssbml.screening.score import Scorer
from ssbml.screening.stream import stream

SPACE: dict[str, Any] = {
    "host": "Li7La3Zr2O12",
    "sites": {"Zr": {"Ta": [0, 0.3, 0.6, 0.9]}, "Li": {"Al": [0, 0.2]}},
    "process": [
        {
            "sintering_method": "conventional",
            "sintering_temp_c": [1000, 1100, 1200],
            "sintering_time_h": [1, 12],
            "atmosphere": ["air", "O2"],
        },
        {"sintering_method": "hot_press", "sintering_temp_c": [1000, 1100], "pressure_mpa": 40},
    ],
    "fixed": {"form": "pellet", "route": "solid_state"},
}
N = 8 * 14


def space(**changes: Any) -> ssbml.SearchSpace:
    return ssbml.SearchSpace.from_dict({**SPACE, **changes})


@pytest.fixture(scope="module")
def result(model: Predictor) -> ScreenResult:
    return ssbml.screen(space(), top=N, model=model)


def test_the_table_holds_rank_recipe_predictions_and_score(result: ScreenResult) -> None:
    names = list(result.ranked.columns)
    recipe = names[1 : names.index(PREDICTION_COLUMNS[0])]
    assert names[0] == "rank"
    assert recipe[:2] == ["formula", "family"]
    assert set(recipe) <= set(RECIPE_FIELDS)
    assert set(SPACE["fixed"]) <= set(recipe)
    assert names[1 + len(recipe) :] == [*PREDICTION_COLUMNS, "score", "group", "pareto"]
    assert result.ranked["rank"].tolist() == list(range(1, N + 1))
    assert result.ranked.index.name == "candidate"
    assert sorted(result.ranked.index) == list(range(N))


def test_ranked_rows_are_what_predict_says(result: ScreenResult, model: Predictor) -> None:
    recipes = result.ranked[result.ranked.columns.intersection(RECIPE_FIELDS)]
    expected = model.predict(recipes)
    numbers = expected.select_dtypes("number").columns
    pd.testing.assert_frame_equal(
        result.ranked[numbers], expected[numbers], check_names=False, rtol=1e-9
    )
    assert result.ranked["phase_main"].tolist() == expected["phase_main"].tolist()


def rows_in_order(frame: pd.DataFrame) -> bool:
    outside, scores = ~frame["in_domain"], -frame["score"]
    keys = list(zip(outside.tolist(), scores.tolist(), frame.index, strict=True))
    return keys == sorted(keys)


def test_domain_first_scores_fall_and_ties_go_by_number(model: Predictor) -> None:
    mixed = space(process={"sintering_temp_c": [1100, 1340], "form": "pellet",
                          "sintering_method": "conventional"}, fixed={})  # fmt: skip
    found = ssbml.screen(mixed, model=model)
    assert rows_in_order(found.ranked)
    assert rows_in_order(found.pareto)
    assert found.ranked["in_domain"].value_counts().to_dict() == {True: 8, False: 8}
    batch = ssbml.screen(mixed, model=model, diverse=True, top=5).ranked
    assert batch["in_domain"].all()


def test_scores_lie_between_0_and_1(result: ScreenResult) -> None:
    assert rows_in_order(result.ranked)
    assert result.ranked["score"].between(0, 1).all()


def test_the_pareto_column_by_brute_force(result: ScreenResult) -> None:
    names = [f"{name}_lower" for name in result.summary.objectives]
    values = result.ranked[names].to_numpy()
    values[:, 0] = np.log10(values[:, 0])
    values = np.round(values, 9)
    beaten = [((values >= v).all(axis=1) & (values > v).any(axis=1)).any() for v in values]
    assert result.ranked["pareto"].tolist() == [not b for b in beaten]
    assert set(result.pareto.index) <= set(result.ranked.index[result.ranked["pareto"]])
    assert result.summary.front == len(result.pareto)


def test_conflicting_wishes_make_a_front_in_order_of_scores(model: Predictor) -> None:
    wishes = {"conductivity_s_cm": "maximize", "relative_density_pct": "minimize"}
    front = ssbml.screen(space(objectives=wishes), model=model).pareto
    assert rows_in_order(front)
    assert len(front) > 1


@pytest.mark.parametrize("chunk", [7, 50, 1000])
def test_the_chunk_changes_nothing(model: Predictor, chunk: int) -> None:
    described = space(constraints=["relative_density_pct >= 85"])
    scorer = Scorer(described.goals, 0.9)
    candidates = described.candidates()
    seen: list[tuple[int, int]] = []
    job = job_of(candidates, model, scorer)
    whole = stream(job, chunk=10**6)
    parts = stream(job, chunk=chunk, progress=lambda *c: seen.append(c))
    assert parts.numbers.tolist() == whole.numbers.tolist()
    assert parts.scores.tolist() == whole.scores.tolist()
    assert parts.front.numbers.tolist() == whole.front.numbers.tolist()
    assert parts.tally.failed.tolist() == whole.tally.failed.tolist()
    assert seen[-1] == (len(candidates), len(candidates))


def test_a_dominated_composition_leaves_the_others_in_order(model: Predictor) -> None:
    few = ssbml.screen(space(), top=N, model=model).ranked
    more = space(sites={**SPACE["sites"], "La": {"Ba": [0, 0.1]}})
    many = ssbml.screen(more, top=10 * N, model=model).ranked
    keys = [n for n in few.columns if n in RECIPE_FIELDS]
    merged = many.merge(few[keys], on=keys, how="inner")
    assert len(merged) == len(few)
    assert merged["score"].tolist() == pytest.approx(few["score"].tolist(), abs=1e-9)


@pytest.mark.parametrize("risk", RISKS)
def test_every_attitude_ranks(model: Predictor, risk: str) -> None:
    found = ssbml.screen(
        space(constraints=["relative_density_pct >= 50"]), top=5, model=model, risk=risk
    )
    assert len(found.ranked) == 5
    assert found.summary.risk == risk
    assert (found.ranked["score"] > 0).all()
    assert bool(found.summary.incumbent) == (risk == "expected_improvement")


def test_constraints_hold_in_every_ranked_row(model: Predictor, result: ScreenResult) -> None:
    middle = float(result.ranked["relative_density_pct"].median())
    rules = [f"relative_density_pct > {middle!r}", "in_domain"]
    found = ssbml.screen(space(constraints=rules), top=N, model=model)
    parsed = tuple(map(parse_constraint, rules))
    columns = {name: found.ranked[name].to_numpy() for name in PREDICTION_COLUMNS}
    feasible, _ = judge(columns, parsed, len(found.ranked))
    assert 0 < len(found.ranked) < N
    assert feasible.all()
    assert found.summary.feasible == len(found.ranked)
    assert any("meet the constraints" in text for text in found.summary.warnings)


def test_contradictory_constraints_say_which_rules_out_what(model: Predictor) -> None:
    rules = ["relative_density_pct >= 99.99", "n_missing >= 0"]
    found = ssbml.screen(space(constraints=rules), model=model)
    assert len(found.ranked) == len(found.pareto) == 0
    assert list(found.ranked.columns)[-3:] == ["score", "group", "pareto"]
    assert found.summary.failed == {"relative_density_pct >= 99.99": N, "n_missing >= 0": 0}
    assert f"relative_density_pct >= 99.99 alone rules out all {N}" in found.summary.verdict
    assert "rules out all" in found._repr_html_()


def test_a_diverse_batch_has_more_to_choose_from(model: Predictor) -> None:
    plain = ssbml.screen(space(), top=6, model=model).ranked
    batch = ssbml.screen(space(), top=6, model=model, diverse=True).ranked
    assert len(batch) == 6
    assert batch["score"].iloc[0] == plain["score"].iloc[0]
    assert batch["formula"].nunique() > plain["formula"].nunique()
    assert batch["score"].is_monotonic_decreasing


def test_yaml_text_dict_and_space_give_the_same(model: Predictor, tmp_path: Path) -> None:
    text = "host: Li7La3Zr2O12\nsites: {Zr: {Ta: [0.2, 0.6]}}\nprocess: {sintering_temp_c: 1150}\n"
    path = tmp_path / "space.yaml"
    path.write_text(text)
    given = {"host": "Li7La3Zr2O12", "sites": {"Zr": {"Ta": [0.2, 0.6]}},
             "process": {"sintering_temp_c": 1150}}  # fmt: skip
    tables = [
        ssbml.screen(s, model=model).ranked
        for s in (path, text, given, ssbml.SearchSpace.from_dict(given))
    ]
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])


def test_a_budget_samples_and_a_seed_repeats(model: Predictor) -> None:
    runs = [ssbml.screen(space(), model=model, budget=20, seed=s).ranked for s in (1, 1, 2)]
    assert [len(r) for r in runs] == [20, 20, 20]
    pd.testing.assert_frame_equal(runs[0], runs[1])
    assert set(runs[0]["formula"]) <= set(space().candidates().formulas)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"risk": "brave"}, "risk = 'brave': allowed are lower, mean"),
        ({"risk": "probability"}, "needs constraints"),
        ({"top": 0}, "top = 0: a whole number of at least 1"),
        ({"budget": -5}, "budget = -5: a whole number"),
        ({"coverage": 0.2}, "coverage = 0.2: allowed are 0.5 to 0.99"),
    ],
)
def test_mistakes_are_one_sentence(
    model: Predictor, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ssbml.screen(space(), model=model, **arguments)


def test_an_incumbent_is_needed_where_nothing_is_published(model: Predictor) -> None:
    goals = {"objectives": {"phase_purity": "maximize"}, "risk": "expected_improvement"}
    with pytest.raises(SpaceError, match="nothing to beat"):
        ssbml.screen(space(**goals), model=model)
    found = ssbml.screen(space(**goals, incumbent={"phase_purity": 0.2}), model=model)
    assert found.summary.incumbent == {"phase_purity": 0.2}


def test_the_digest_says_what_differs_and_what_is_common(result: ScreenResult) -> None:
    shown = digest(result.ranked)
    assert common(result.ranked) == "form pellet, route solid_state"
    assert shown["recipe"].tolist() == result.ranked["formula"].tolist()
    hot = shown.loc[result.ranked["sintering_method"] == "hot_press", "made by"].iloc[0]
    assert hot.startswith("hot_press, 1")
    assert hot.endswith("°C, 40 MPa")
    assert "e-0" not in "".join(shown["σ (S/cm)"])


def test_the_digest_says_yes_and_no_in_words(result: ScreenResult) -> None:
    two = result.ranked.head(2)
    assert common(two.assign(mother_powder=True)).endswith("mother powder")
    assert common(two.assign(mother_powder=False)).endswith("no mother powder")
    said = digest(two.assign(mother_powder=[True, False]))["made by"].tolist()
    assert [", no mother powder" in text for text in said] == [False, True]
    assert ["True" in text or "False" in text for text in said] == [False, False]


def test_a_notebook_shows_summary_and_table(result: ScreenResult) -> None:
    text = result._repr_html_()
    assert "<table" in text
    assert f"{N} recipes" in text
    assert f"... and {N - 20} more rows" in text
    assert repr(result).startswith("ScreenResult\n")


def test_a_notebook_gets_what_the_files_hold(result: ScreenResult) -> None:
    few = replace(result, ranked=result.ranked.head(2))
    table = few.enriched(batch_g=20, thickness_um=150)
    assert (table["asr_thickness_um"] == 150).all()
    assert table["weights"].notna().all()
    sheets = few.batches(batch_g=20, shelf=Shelf.from_words(["Li=hydroxide"]))
    assert (sheets["batch_g"] == 20).all()
    assert sheets["precursor"].str.contains("LiOH").sum() == 2


def test_a_summary_is_plain_data(result: ScreenResult) -> None:
    import json

    figures = json.loads(json.dumps(result.summary.as_dict()))
    assert figures["candidates"] == N
    assert figures["objectives"]["conductivity_s_cm"] == "maximize"
