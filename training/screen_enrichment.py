"""Do known good garnets rank well? Enrichment of the best published LLZO in a screened space.

    python training/screen_enrichment.py [--data full] [--folds 4] [--cache MODELS] [--jobs N]

With a cache the models are kept by the hash of rows, settings and code, and a second run takes
seconds.

The space holds every published Li-La-Zr garnet pellet whose firing temperature and conductivity at
room temperature are stated. Every one of them is predicted by a model that was fitted without its
paper: papers (and copies of their samples) are kept together in folds, and each fold is scored by a
model of the rest. The best quartile of the measured conductivities is what a screening should find.

Poor neighbours stand around it:

published
    the other three quartiles, poor because they were measured to be;
colder, undoped, too hot
    in addition every sample made in a way that the literature warns of, unless it is made so
    already: 250 °C colder (LLZO stays porous below 1050 °C, Chem. Soc. Rev. 54 (2025) 8925 section
    2.1); without its dopants (tetragonal, section 2.1); 36 h at 1300 °C (La2Zr2O7 from Li loss,
    section 5.1.2). Nobody measured these; that they are poor is taken from the review.

What a user meets is the last space, published samples with all poor neighbours, in the order that
`ssbml.screen` gives by default: three properties, conservative ends of intervals, recipes outside
the domain of the model after all others. The candidates are numbered at random, so that ties favour
nobody.

The enrichment is the share of best-quartile samples in the top tenth of the ranked space over their
share in the whole space, with a 90 % interval from resampling papers.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from model_cache import fitted
from numpy.typing import NDArray

from ssbml.calibration import DEFAULT_COVERAGE
from ssbml.chemistry.formula import parse_formula
from ssbml.cli.console import print_frame, progress_bar
from ssbml.datasets.load import load_dataset
from ssbml.features.assemble import families_of
from ssbml.fields import RECIPE_FIELDS
from ssbml.fitting.settings import Settings
from ssbml.request import PREDICTION_COLUMNS
from ssbml.screening.goals import Goals, Objective
from ssbml.screening.score import Scorer
from ssbml.screening.shortlist import Limits, shortlist_of
from ssbml.splits import group_folds
from ssbml.tables.validate import validate
from ssbml.training import settings_of

UNDOPED = "Li7La3Zr2O12"
FIRED_C, COLDER_C, TOO_HOT_C, TOO_LONG_H = 800.0, 250.0, 1300.0, 36.0
PUBLISHED, DETUNED = "published", ("colder", "undoped", "too hot")
ROOM_C = (15.0, 35.0)
TOP_SHARE, BEST_SHARE = 0.1, 0.25
RESAMPLES = 500
SEED = 0
GOALS = {
    "default (three properties, lower)": Goals(),
    "conductivity, lower": Goals((Objective("conductivity_s_cm", "maximize"),)),
    "conductivity, mean": Goals((Objective("conductivity_s_cm", "maximize"),), risk="mean"),
}


def published_llzo(table: pd.DataFrame) -> pd.DataFrame:
    """Return Li-La-Zr garnet pellets with a firing temperature, and their ``measured`` S/cm."""
    sigma = table["sigma_total_s_cm"].fillna(table["sigma_unspecified_s_cm"])
    celsius = table["temperature_c"]
    elements = table["formula"].map(lambda formula: set(parse_formula(formula)))
    keep = (
        (np.array(families_of(table)) == "garnet")
        & elements.map({"Li", "La", "Zr", "O"}.issubset)
        & (table["formula_basis"] != "placeholder")
        & (table["form"].isna() | (table["form"] == "pellet"))
        & table["sintering_temp_c"].notna()
        & (sigma > 0)
        & (celsius.isna() | celsius.between(*ROOM_C))
    )
    return table.loc[keep].assign(measured=sigma[keep])


def detuned(recipes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return recipes made in each of the ways that the literature warns of."""
    fired = recipes.loc[recipes["sintering_temp_c"] >= FIRED_C]
    colder = fired.assign(sintering_temp_c=fired["sintering_temp_c"] - COLDER_C)
    undoped = recipes.loc[recipes["formula"] != UNDOPED].assign(formula=UNDOPED)
    hot = recipes.loc[recipes["sintering_temp_c"] < TOO_HOT_C].assign(
        sintering_temp_c=TOO_HOT_C, sintering_time_h=TOO_LONG_H
    )
    return {"colder": colder, "undoped": undoped, "too hot": hot}


def recipes_of(samples: pd.DataFrame) -> pd.DataFrame:
    """Return the recipe columns of samples as a valid table, measured at 25 °C."""
    return samples[list(RECIPE_FIELDS)].assign(temperature_c=np.nan, family="garnet")


def held_out_predictions(
    table: pd.DataFrame,
    llzo: pd.DataFrame,
    settings: Settings,
    n_folds: int,
    cache: Path | None,
    n_jobs: int,
) -> pd.DataFrame:
    """Return every recipe of the space with its predictions, papers left out of training."""
    groups = llzo["cv_group"].to_numpy(dtype=object)
    folds = group_folds(groups, n_folds, settings.seed)
    parts = []
    with progress_bar("models", n_folds) as step:
        for fold in range(n_folds):
            samples = llzo.loc[folds == fold]
            rest = table.loc[~table["cv_group"].isin(set(samples["cv_group"]))]
            predictor = fitted(cache, rest, settings, n_jobs)
            made = recipes_of(samples)
            for kind, recipes in {PUBLISHED: made, **detuned(made)}.items():
                valid = validate(recipes).table
                of = samples.loc[valid.index]
                parts.append(
                    valid[["formula", "sintering_temp_c", "sintering_time_h"]]
                    .assign(
                        kind=kind,
                        group=of["cv_group"],
                        measured=of["measured"] if kind == PUBLISHED else np.nan,
                    )
                    .join(predictor.predict_table(valid, coverage=DEFAULT_COVERAGE))
                )
            step(f"{len(rest):,} samples of other papers")
    return pd.concat(parts).sample(frac=1.0, random_state=SEED)


def top_of(part: pd.DataFrame, goals: Goals, count: int) -> NDArray[np.int64]:
    """Return the positions of the best so many recipes, as a screening ranks them."""
    columns = {name: part[name].to_numpy() for name in PREDICTION_COLUMNS}
    numbers = np.arange(len(part), dtype=np.int64)
    scorer = Scorer(goals, DEFAULT_COVERAGE)
    return shortlist_of(numbers, numbers, columns, scorer, Limits(count)).numbers


def enrichment(part: pd.DataFrame, best: NDArray[np.bool_], goals: Goals) -> tuple[float, int, int]:
    """Return enrichment in the top tenth, its size, and how many of it belong to the best."""
    count = max(round(TOP_SHARE * len(part)), 1)
    hits = int(best[top_of(part, goals, count)].sum())
    return float(hits / count / best.mean()), count, hits


def figures(space: pd.DataFrame) -> pd.DataFrame:
    """Return one row of figures per kind of neighbours and goals."""
    rows = []
    published = space["kind"] == PUBLISHED
    bar = space.loc[published, "measured"].quantile(1.0 - BEST_SHARE)
    spaces = {PUBLISHED: space[published]}
    for kind in DETUNED:
        spaces[f"+ {kind}"] = space[published | (space["kind"] == kind)]
    spaces["+ all of these"] = space
    for neighbours, part in spaces.items():
        best = (part["measured"] >= bar).to_numpy()
        for name, goals in GOALS.items():
            value, count, hits = enrichment(part, best, goals)
            low, high = np.quantile(_resampled(part, best, goals), [0.05, 0.95])
            rows.append(
                {
                    "neighbours": neighbours,
                    "ranked by": name,
                    "recipes": len(part),
                    "in domain": int(part["in_domain"].sum()),
                    "best quartile": int(best.sum()),
                    "top 10 %": count,
                    "hits": hits,
                    "enrichment": round(value, 2),
                    "90 % interval": f"{low:.1f} to {high:.1f}",
                    "largest possible": round(
                        min(1 / best.mean(), best.sum() / count / best.mean()), 2
                    ),
                }
            )
    return pd.DataFrame(rows)


def _resampled(part: pd.DataFrame, best: NDArray[np.bool_], goals: Goals) -> NDArray[np.float64]:
    generator = np.random.default_rng(SEED)
    names, inverse = np.unique(part["group"].astype(str), return_inverse=True)
    rows_of = [np.flatnonzero(inverse == i) for i in range(len(names))]
    out = np.full(RESAMPLES, np.nan)
    for i in range(RESAMPLES):
        rows = np.concatenate([rows_of[j] for j in generator.integers(0, len(names), len(names))])
        if best[rows].any():
            out[i] = enrichment(part.iloc[rows], best[rows], goals)[0]
    return out[~np.isnan(out)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", default="full")
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--cache", type=Path, help="folder in which models are kept")
    parser.add_argument("--jobs", type=int, default=-1, help="processes and threads of a fit")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--space", type=Path, help="also write the predicted recipes (CSV)")
    options = parser.parse_args()
    table = load_dataset(options.data)
    llzo = published_llzo(table)
    space = held_out_predictions(
        table, llzo, settings_of(None), options.folds, options.cache, options.jobs
    )
    found = figures(space)
    measured = llzo["measured"]
    print(
        f"{len(llzo)} published samples of {llzo['cv_group'].nunique()} paper groups, "
        f"{measured.min():.1e} to {measured.max():.1e} S/cm, "
        f"best quartile from {measured.quantile(1 - BEST_SHARE):.1e} S/cm"
    )
    print_frame(found)
    if options.space:
        space.to_csv(options.space, index_label="sample")
    if options.report:
        options.report.write_text(json.dumps(found.to_dict("records"), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
