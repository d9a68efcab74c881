"""The tasks of the benchmark suite cannot leak: fits share nothing with the test rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.formula import composition_key, parse_formula
from ssbml.datasets.garnets import read_garnets
from ssbml.datasets.holdout import composition_keys, paper_names
from ssbml.datasets.liverpool import read_liverpool
from ssbml.datasets.obelix import read_obelix
from ssbml.errors import DataError
from ssbml.evaluation.peers import garnets, held_out, liverpool, obelix, ours
from ssbml.evaluation.peers.families import family_plan
from ssbml.evaluation.peers.learners import paper_folds, stratified_folds
from ssbml.evaluation.peers.plan import Plan
from ssbml.evaluation.peers.run import Runner
from ssbml.evaluation.peers.scores import BARE, OURS
from ssbml.fields import OUTCOME_FIELDS
from ssbml.fitting.settings import Settings

Fits = list[pd.DataFrame]
Calls = list[tuple[pd.DataFrame, Any]]


class Stub:
    """A predictor that always says the same and keeps what it was asked."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls

    def predict_table(
        self, table: pd.DataFrame, *, coverage: float = 0.9, known: Any = None
    ) -> pd.DataFrame:
        self.calls.append((table, known))
        n = len(table)
        return pd.DataFrame(
            {
                "conductivity_s_cm": np.full(n, 1e-4),
                "conductivity_s_cm_lower": np.full(n, 1e-6),
                "conductivity_s_cm_upper": np.full(n, 1e-2),
                "in_domain": np.arange(n) % 2 == 0,
            },
            index=table.index,
        )


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> tuple[Fits, Calls]:
    """Training tables of every fit, and what was asked afterwards."""
    fits: Fits = []
    calls: Calls = []

    def fit(table: pd.DataFrame, settings: Settings, **options: object) -> Stub:
        fits.append(table)
        return Stub(calls)

    monkeypatch.setattr(ours, "fit", fit)
    return fits, calls


@pytest.fixture(scope="module")
def everything() -> pd.DataFrame:
    """All public samples, the test rows of every task among them."""
    try:
        tables = [read()[0] for read in (read_obelix, read_liverpool, read_garnets)]
    except DataError as error:
        pytest.skip(f"the public data sets cannot be had: {error}")
    table = pd.concat(tables, ignore_index=True)
    return table.assign(cv_group=table["paper_key"])


def run_models(plan: Plan) -> list[Any]:
    """Run the jobs that fit our model."""
    jobs = [job for job in plan.jobs if name_of(job) in ("_ours", "_alone")]
    return [job() for job in jobs]


def name_of(job: Callable[[], Any]) -> str:
    assert isinstance(job, partial)
    return str(job.func.__name__)


def papers(table: pd.DataFrame) -> set[str]:
    return set().union(*paper_names(table))


def test_obelix_test_rows_reach_no_fit(
    everything: pd.DataFrame, watched: tuple[Fits, Calls]
) -> None:
    data = obelix.read_split()
    test = data[data["test"]]
    assert (len(test), len(data)) == (121, 599)
    assert test["structure"].sum() == 67
    assert (test["floor"] <= -15).sum() == 9
    results = run_models(obelix.obelix_plan(everything, Settings(), seeds=1))
    fits, calls = watched
    assert len(fits) == len(results) == 4
    for rows in fits:
        assert len(rows) > 400
        assert not papers(rows) & papers(test)
        assert not set(rows["cv_group"]) & set(test["paper_key"])
    for rows in fits[:3]:
        assert not set(composition_keys(rows["formula"])) & set(composition_keys(test["formula"]))
    assert fits[1]["form"].isna().all()
    assert (fits[2]["sigma_unspecified_s_cm"] == obelix.FLOOR_S_CM).sum() >= 20
    assert fits[2]["sigma_max_s_cm"].isna().all()
    for asked, _ in calls:
        assert asked.drop(columns="formula").isna().all().all(), "more than the formula was shown"


def test_liverpool_compositions_are_those_of_the_protocol() -> None:
    try:
        data = liverpool.read_compositions()
    except DataError as error:
        pytest.skip(str(error))
    assert (len(data.rows), len(data.target)) == (465, 403)
    assert (data.target >= liverpool.GOOD).sum() == 151
    assert len(data.rows_of(np.ones(403, dtype=bool))) == 465


def test_liverpool_test_folds_reach_no_fit(
    everything: pd.DataFrame, watched: tuple[Fits, Calls]
) -> None:
    data = liverpool.read_compositions()
    run_models(liverpool.liverpool_plan(everything, Settings(), repeats=1))
    fits, calls = watched
    assert len(fits) == 5 * 2 + 5 * 2 + 5
    first = stratified_folds((data.target >= liverpool.GOOD).astype(float), 5, 0)
    grouped = paper_folds(data.groups, 5)
    folds = [first == i // 2 for i in range(10)]
    folds += [grouped == i // 2 for i in range(10)] + [grouped == i for i in range(5)]
    for i, (rows, test) in enumerate(zip(fits, folds, strict=True)):
        held = data.rows_of(test)
        known = {composition_key(parse_formula(f)) for f in rows["formula"]}
        assert not known & {composition_key(parse_formula(f)) for f in held["formula"]}
        assert len(calls[i][0]) == test.sum()
        if i >= 10:
            assert not papers(rows) & papers(held)
    assert all(len(rows) > 900 for rows in fits[0:10:2])


def test_garnet_test_folds_reach_no_fit(
    everything: pd.DataFrame, watched: tuple[Fits, Calls]
) -> None:
    data = garnets.read_classes()
    sigma = np.log10(data["sigma_unspecified_s_cm"])
    assert len(data) == 113
    assert ((sigma >= garnets.GOOD) == data["good"]).all()
    run_models(garnets.garnet_plan(everything, Settings()))
    fits, calls = watched
    assert len(fits) == 2 + garnets.FOLDS
    for rows in fits[:2]:
        assert not papers(rows) & papers(data)
    folds = paper_folds(data["paper_key"].to_numpy(dtype=object), garnets.FOLDS)
    for fold, rows in enumerate(fits[2:]):
        assert not papers(rows) & papers(data[folds == fold])
        assert len(papers(rows) & papers(data)) > 20, "the other folds are not learned from"
    shown = [known for _, known in calls]
    assert all(known is None for known in shown[1::2])
    assert all(set(known) == {"relative_density_pct"} for known in shown[::2])
    for asked, _ in calls:
        assert not set(asked.columns) & set(OUTCOME_FIELDS)


def test_a_family_left_out_is_left_out(
    literature: pd.DataFrame, watched: tuple[Fits, Calls]
) -> None:
    table = literature.iloc[::2]
    plan = family_plan(table, Settings(), fewest=60)
    results = [job() for job in plan.jobs]
    found = plan.collect(results).scores
    labels = [scores.subset for scores in found[1:]]
    assert "garnet" in labels
    assert len(found[0]) == sum(len(scores) for scores in found[1:])
    fits, _ = watched
    for i, label in enumerate(labels):
        held = table[table["family"] == label]
        for rows in fits[2 * i : 2 * i + 2]:
            assert not (rows["family"] == label).any()
            assert not set(rows["cv_group"]) & set(held["cv_group"])
    assert {OURS, BARE} < set(found[0].predictions)


def test_peers_learn_from_other_papers(
    literature: pd.DataFrame, tiny_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peers' folds are the outer folds of the model: no paper on both sides."""
    from ssbml.evaluation.nested import Scored, nested_scores, outer_folds

    table = literature.iloc[::4].reset_index(drop=True)
    seen: list[tuple[str, set[str], set[str]]] = []

    def peers(
        name: str, table: pd.DataFrame, found: Scored, known: Any, test: Any, seed: int
    ) -> dict[str, Any]:
        groups = found.records.group
        seen.append((name, set(groups[known]), set(groups[test])))
        return {"peer": np.zeros(int(test.sum()))}

    monkeypatch.setattr(held_out, "_peers", peers)
    found = held_out.held_out(table, tiny_settings, 2, Runner(n_jobs=1))
    assert len(seen) == 6
    assert not any(known & test for _, known, test in seen)
    folds = outer_folds(table["cv_group"].to_numpy(dtype=object), tiny_settings, 2)
    for name, _, test in seen[:2]:
        assert name == "conductivity_s_cm"
        assert len(set(folds[table["cv_group"].isin(test)])) == 1
    assert all(np.isfinite(s.predictions["peer"]).all() for s in found.scores.values())
    assert nested_scores is held_out.nested_scores


def test_blanks_hold_no_outcome(literature: pd.DataFrame) -> None:
    flags = held_out._blanks(literature)
    assert set(np.unique(flags)) == {0.0, 1.0}
    changed = literature.copy()
    changed[list(OUTCOME_FIELDS)] = None
    assert (held_out._blanks(changed) == flags).all()
