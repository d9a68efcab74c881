"""Ways of learning from a laboratory, compared on papers that the base has never seen.

Usage: python training/compare_strategies.py CACHE [--data full] [--seeds 5] [--deal 7]
           [-o table.json]

Laboratories, bases and halves are those of `held_out_labs.py`. Each strategy learns from one half
and predicts the other: intervals alone, the offset, offset and local correction, the base fitted
again with the lab's rows at the weight of published ones and at ten times it, and what nested
cross-validation chooses with refits on offer and without.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from held_out_labs import FOLDS, LEAST, arguments_of, changed, split
from lab_bases import base_of, folder_of, folds_of, reduced_settings

from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.load import load_dataset
from ssbml.fitting.records import samples_of
from ssbml.retraining.learning import PRIORS, enough_for_a_choice, learn
from ssbml.retraining.literature import literature_from
from ssbml.retraining.refitting import REFITS, Refits, refits_of
from ssbml.retraining.residuals import Residuals, lab_of
from ssbml.retraining.strategy import chosen_methods

CORRECTIONS = ("calibration", "offset", "local")
NESTED = ("chosen, corrections", "chosen, all")
KEYS = ("conductivity", "density")


def labs_of(cache: Path, data: str, deal: int) -> list[Refits]:
    """Return every paper with enough values, ready for refits of a base that has not seen it."""
    table = load_dataset(data)
    folds, cache = folds_of(table, FOLDS, deal), folder_of(cache, deal)
    papers = table["paper_key"].astype(str).to_numpy()
    out = []
    for fold in range(FOLDS):
        base = base_of(cache, table, folds, fold)
        rest = literature_from(base, table.loc[folds != fold], reduced_settings(), data)
        part = np.flatnonzero(folds == fold)
        for paper in np.unique(papers[part]):
            rows = table.iloc[part[papers[part] == paper]].reset_index()
            lab = lab_of(base, samples_of(rows))
            if any(len(lab.parts.get(key, ())) >= LEAST[key] for key in KEYS):
                out.append(refits_of(base, rest, lab))
    return out


def errors(refits: Refits, key: str, train: Residuals, test: Residuals) -> dict[str, float]:
    """Return the mean absolute error on unseen values of each strategy."""
    found = {}
    for method in CORRECTIONS:
        term, places = learn(key, train, method, PRIORS[key])
        found[method] = float(np.abs(test.error - term.shift(test.places, places)).mean())
    for method in REFITS:
        model = refits.model(key, method, np.unique(train.rows), quick=False)
        found[method] = float(np.abs(refits.lab.answered(model, key, test).error).mean())
    lab = replace(refits.lab, parts={key: train})
    for name, offered in zip(NESTED, (None, refits), strict=True):
        method = chosen_methods(lab, offered)[key]
        found[name] = found[method]
        found[f"{name}: {method}"] = 1.0
    found["enough"] = float(enough_for_a_choice(train))
    return found


def one_seed(labs: list[Refits], key: str, seed: int) -> list[dict[str, float] | None]:
    """Return the errors of each laboratory; None where a half would be empty."""
    out: list[dict[str, float] | None] = []
    for refits in labs:
        found = refits.lab.parts[key]
        inside = split(refits.lab, found, seed)
        usable = inside.any() and not inside.all()
        out.append(errors(refits, key, found.take(inside), found.take(~inside)) if usable else None)
    return out


def summary(seeds: list[list[dict[str, float] | None]]) -> dict[str, Any]:
    """Return medians over laboratories of errors averaged over seeds, with bootstrap intervals."""
    labs = [[part for part in lab if part is not None] for lab in zip(*seeds, strict=True)]
    labs = [lab for lab in labs if lab]
    draws = np.random.default_rng(0).integers(0, len(labs), (4000, len(labs)))
    enough = np.array([np.mean([part["enough"] for part in lab]) > 0.5 for lab in labs])
    before = mean_of(labs, "calibration")
    out: dict[str, Any] = {"labs": len(labs), "labs_with_ten_values": int(enough.sum())}
    for name in (*CORRECTIONS, *REFITS, *NESTED):
        after = mean_of(labs, name)
        change = after / before - 1.0
        out[name] = {
            "median_error": float(np.median(after)),
            **changed(change, draws),
            "median_change_ten_values": float(np.median(change[enough])) if enough.any() else None,
        }
    chosen: Counter[str] = Counter()
    for lab in labs:
        for part in lab:
            chosen.update(name for name in part if name.startswith("chosen") and ":" in name)
    return out | {"times_chosen": dict(sorted(chosen.items()))}


def mean_of(labs: list[list[dict[str, float]]], name: str) -> FloatArray:
    """Return the mean error of a strategy over the seeds of each laboratory."""
    return np.array([np.mean([part[name] for part in lab]) for lab in labs])


def main() -> None:
    """Print the table as JSON, and write it after each seed."""
    arguments = arguments_of("Compare ways of learning from a laboratory.")
    labs = labs_of(arguments.cache, arguments.data, arguments.deal)
    found: dict[str, list[Any]] = {key: [] for key in KEYS}
    table: dict[str, Any] = {}
    for seed in range(arguments.seeds):
        for key in KEYS:
            kept = [r for r in labs if len(r.lab.parts.get(key, ())) >= LEAST[key]]
            found[key].append(one_seed(kept, key, seed))
        table = {"seeds": seed + 1} | {key: summary(found[key]) for key in KEYS}
        if arguments.output:
            arguments.output.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
