"""The next experiments: promising, informative, and unlike one another."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import centre_of, embed
from ssbml.errors import ModelError, SpaceError
from ssbml.features.assemble import assemble
from ssbml.fields import OUTCOME_FIELDS, RECIPE_FIELDS
from ssbml.models import load_model
from ssbml.predictor import Predictor
from ssbml.retraining.information import uncertainty
from ssbml.retraining.learning import PRIORS
from ssbml.screening.diverse import Unlikeness, spread_out
from ssbml.screening.run import as_space, screen
from ssbml.targets import CONDUCTIVITY, DENSITY, TARGETS
from ssbml.versions.choice import in_use
from ssbml.versions.names import DEFAULT, parse_reference
from ssbml.versions.versions import Version, get_version, versions_of

if TYPE_CHECKING:
    import pandas as pd

    from ssbml.screening.space import SearchSpace
    from ssbml.screening.stream import Progress

PROMISE = 0.5
"""Weight of promise against information."""

_POOL = 40
_LEAST_POOL = 200
_ID_LETTERS = 8


def suggest(
    space: SearchSpace | Mapping[str, Any] | str | Path,
    *,
    batch: int = 8,
    model: str | Path | Predictor | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Propose the next experiments of a search space.

    Of the recipes with the largest expected improvement over the best sample (the lab's own where
    the model knows one), each is worth the mean of two ranks: that improvement, and how little is
    known there (the lab's uncertainty, or the width of the interval without a lab). A batch is
    then spread out over chemistry and processing (`ssbml.screening.diverse.spread_out`).
    Suggestions that the lab has answered, in any version of the model's name, are not made again.

    Parameters
    ----------
    space : SearchSpace, mapping, str or Path
        As for `ssbml.screen`.
    batch : int, default 8
        How many experiments.
    model : str, Path or Predictor, optional
        As for `ssbml.screen`.
    seed : int, optional
        Of the sampling of a large space.
    progress : callable, optional
        Called with the number of recipes finished and of all.

    Returns
    -------
    DataFrame
        A lab file: ``suggestion_id``, the stated recipe columns, blank outcomes to fill in, and
        columns with ``#`` (predictions and reasons), which are ignored when it is read. Empty if
        no recipe meets the constraints.

    Raises
    ------
    SpaceError, ModelError
        As for `ssbml.screen`.
    """
    described = as_space(space, seed=seed)
    predictor = model if isinstance(model, Predictor) else load_model(model)
    version = _version_of(model)
    best = _best_of_lab(version) if version else {}
    wanted = {o.column for o in described.goals.objectives}
    incumbent = {k: v for k, v in best.items() if k in wanted} | described.goals.incumbent
    described = replace(described, goals=replace(described.goals, incumbent=incumbent))
    found = screen(
        described,
        top=max(_POOL * batch, _LEAST_POOL),
        model=predictor,
        risk="expected_improvement",
        diverse=False,
        progress=progress,
    )
    ranked = found.ranked
    if version and (done := _answered(version)):
        ranked = ranked[[_identity(ranked, i) not in done for i in range(len(ranked))]]
    if len(ranked) == 0:
        return _as_lab_file(ranked, [], [])
    promise, lesson = ranked["score"].to_numpy(dtype=float), _lesson(predictor, ranked)
    worth = PROMISE * _rank(promise) + (1.0 - PROMISE) * _rank(lesson)
    order = np.lexsort((np.arange(len(worth)), -worth))
    numbers = ranked.index.to_numpy(dtype=np.int64)[order]
    chosen = order[spread_out(numbers, worth[order], Unlikeness(found.candidates), batch)]
    reasons = [
        f"promise {_percent(promise, i)}, information {_percent(lesson, i)} of the shortlist"
        for i in chosen
    ]
    picked = ranked.iloc[chosen]
    return _as_lab_file(picked, [_identity(picked, i) for i in range(len(picked))], reasons)


def _lesson(predictor: Predictor, ranked: pd.DataFrame) -> FloatArray:
    """Return how little is known of each recipe, in decades of conductivity."""
    ends = [
        np.log10(ranked[f"{CONDUCTIVITY.name}{e}"].to_numpy(float)) for e in ("_lower", "_upper")
    ]
    width = (ends[1] - ends[0]) / 2.0
    correction = predictor.correction
    anchors = correction.anchors.get("conductivity") if correction else None
    if correction is None or anchors is None:
        return np.asarray(width)
    recipes = ranked[[c for c in RECIPE_FIELDS if c in ranked.columns]]
    matrix = assemble(_valid(recipes))
    places = embed(matrix, correction.centre if correction else centre_of(matrix))
    return uncertainty(places, anchors, PRIORS["conductivity"])


def _valid(recipes: pd.DataFrame) -> pd.DataFrame:
    from ssbml.tables.validate import validate

    checked = validate(recipes.reset_index(drop=True))
    if checked.problems:
        raise SpaceError((), None, checked.problems[0].sentence())
    return checked.table


def _version_of(model: str | Path | Predictor | None) -> Version | None:
    """Return the version of a lab that is named or in use."""
    if isinstance(model, (Path, Predictor)) or (model is not None and "/" in model):
        return None
    reference = in_use() if model is None else parse_reference(model)
    return None if reference.name == DEFAULT else get_version(reference)


def _best_of_lab(version: Version) -> dict[str, float]:
    """Return the best measured values that a version learned from."""
    rows = version.rows().drop(index=list(version.record["strategy"].get("left_out", [])))
    sigma = rows[["sigma_total_s_cm", "sigma_unspecified_s_cm"]].max(axis=1).max()
    density = rows["relative_density_pct"].max()
    found = {CONDUCTIVITY.name: sigma, DENSITY.name: density}
    return {name: float(value) for name, value in found.items() if value == value}


def _answered(version: Version) -> frozenset[str]:
    """Return the suggestions that rows of any version of a name have measured."""
    found: set[str] = set()
    for reference in versions_of(version.reference.name):
        with contextlib.suppress(ModelError):
            rows = get_version(reference).rows()
            measured = rows[list(OUTCOME_FIELDS)].notna().any(axis=1)
            found |= set(rows.loc[measured, "suggestion_id"].dropna())
    return frozenset(found)


def _rank(values: FloatArray) -> FloatArray:
    """Return ranks from 1/n to 1, equal for equals."""
    different, which = np.unique(np.round(values, 12), return_inverse=True)
    return np.asarray((which + 1.0) / len(different), dtype=float)


def _percent(values: FloatArray, i: int) -> str:
    return f"above {100.0 * float(np.mean(values < values[i])):.0f} %"


def _identity(picked: pd.DataFrame, i: int) -> str:
    """Return an identity that depends on the recipe alone."""
    cells = [
        f"{name}={picked[name].iloc[i]!r}"
        for name in RECIPE_FIELDS
        if name in picked.columns and picked[name].iloc[i] == picked[name].iloc[i]
    ]
    return "S-" + hashlib.sha256("|".join(cells).encode()).hexdigest()[:_ID_LETTERS]


def _as_lab_file(picked: pd.DataFrame, identities: list[str], reasons: list[str]) -> pd.DataFrame:
    import pandas as pd

    recipe = [c for c in RECIPE_FIELDS if c in picked.columns and picked[c].notna().any()]
    columns: dict[str, Any] = {"suggestion_id": identities}
    columns |= {name: picked[name].tolist() for name in recipe}
    blank = ("sigma_total_s_cm", "relative_density_pct", "phase_main", "phase_pure")
    columns |= {n: [None] * len(picked) for n in blank if n in OUTCOME_FIELDS}
    for name in TARGETS:
        for end in ("", "_lower", "_upper"):
            if f"{name}{end}" in picked.columns:
                columns[f"# predicted {name}{end}"] = picked[f"{name}{end}"].tolist()
    return pd.DataFrame({**columns, "# why": reasons})
