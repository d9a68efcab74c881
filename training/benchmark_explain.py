"""Time warm explanations of published and example recipes, one at a time.

Usage: ``python training/benchmark_explain.py``. A warm explanation is one with a model that has
explained something before; 95 of 100 have to take less than half a second.
"""

from __future__ import annotations

from time import perf_counter, process_time

import numpy as np
import pandas as pd

import ssbml
from ssbml.explanation.explainer import Explainer
from ssbml.explanation.game import MAX_EXACT
from ssbml.fields import RECIPE_FIELDS
from ssbml.location import shipped

LIMIT_S = 0.5
EVERY = 8


def main() -> None:
    published = ssbml.load_dataset("literature")[list(RECIPE_FIELDS)].iloc[::EVERY]
    examples = pd.read_csv(shipped("datasets") / "examples" / "recipes.csv")
    model = ssbml.load_model()
    start = perf_counter()
    ssbml.explain(examples, model=model)
    print(f"cold, {len(examples)} recipes: {perf_counter() - start:.2f} s")
    explainer = Explainer.of(model)
    for name, recipes in (("published", published), ("examples", examples)):
        seconds, busy, drivers = [], [], []
        for i in range(len(recipes)):
            one = recipes.iloc[[i]]
            start, worked = perf_counter(), process_time()
            found = ssbml.explain(one, model=model)
            seconds.append(perf_counter() - start)
            busy.append(process_time() - worked)
            drivers.append(len(found.drivers) // 3 - 2)
        times = np.array(seconds)
        many = np.array(drivers) > MAX_EXACT
        print(
            f"{name}: {len(times)} recipes, median {np.median(times):.3f} s, 95 % under "
            f"{np.quantile(times, 0.95):.3f} s, {np.mean(times < LIMIT_S):.1%} below {LIMIT_S} s; "
            f"processor time 95 % under {np.quantile(busy, 0.95):.3f} s; {many.sum()} with more "
            f"than {MAX_EXACT} drivers"
        )
    start = perf_counter()
    explainer.index.nearest(model, model_table(published))
    print(f"precedents of {len(published)} recipes: {perf_counter() - start:.2f} s")


def model_table(recipes):
    from ssbml.tables.validate import validate

    return validate(recipes).table


if __name__ == "__main__":
    main()
