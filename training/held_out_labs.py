"""Retraining measured on papers as laboratories that the base has never seen.

Usage: python training/held_out_labs.py CACHE [--data full] [--seeds 5] [--deal 7]
           [-o table.json]

Every paper with at least ten conductivities (three densities) is a laboratory. Its base is the
model of `lab_bases.py` without the paper's fold. Half of its compositions are learned from, the
other half is predicted; learning curves take 3, 5 and 10 samples. The ratios of the standard
deviations in `ssbml.retraining.learning.PRIORS` are chosen on one half of the laboratories and
reported on the other, both ways round; the shipped ones are reported beside them.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from lab_bases import FOLDS, SEED, base_of, folder_of, folds_of
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.datasets.load import load_dataset
from ssbml.fitting.records import samples_of
from ssbml.retraining.learning import PRIORS, Prior, fit_term, learn, left_out_errors
from ssbml.retraining.residuals import Lab, Residuals, lab_of
from ssbml.retraining.strategy import best_of_each

LEAST = {"conductivity": 10, "density": 3}
RATIOS = ((0.3, 0.6, 1.15, 2.0), (0.25, 0.5, 1.0, 1.7, 2.5))
"""Offset and local standard deviation over the scatter, as tried."""


@dataclass(frozen=True)
class Score:
    """Error of one laboratory's unseen rows before and after, its coverage before and after.

    ``own`` says whether the intervals after are the lab's own (1) or the base's (0).
    """

    before: float
    after: float
    inside: float
    inside_base: float
    own: float

    @property
    def change(self) -> float:
        """Relative change of the mean absolute error."""
        return self.after / self.before - 1.0


def labs_of(cache: Path, data: str, deal: int) -> dict[str, Lab]:
    """Return every paper with enough values, with the answers of a base that has not seen it."""
    table = load_dataset(data)
    folds, cache = folds_of(table, FOLDS, deal), folder_of(cache, deal)
    papers = table["paper_key"].astype(str).to_numpy()
    out = {}
    for fold in range(FOLDS):
        base = base_of(cache, table, folds, fold)
        part = np.flatnonzero(folds == fold)
        for paper in np.unique(papers[part]):
            rows = table.iloc[part[papers[part] == paper]].reset_index()
            lab = lab_of(base, samples_of(rows))
            if any(len(f) >= LEAST.get(key, len(f) + 1) for key, f in lab.parts.items()):
                out[str(paper)] = lab
    return out


def split(lab: Lab, found: Residuals, seed: int) -> NDArray[np.bool_]:
    """Return which values are learned from: those of half of the compositions."""
    formulas = lab.samples.table["formula"].to_numpy(dtype=object)[found.rows].astype(str)
    names = np.random.default_rng(seed).permutation(np.unique(formulas))
    return np.isin(formulas, names[: len(names) // 2])


def first(found: Residuals, inside: NDArray[np.bool_], count: int, seed: int) -> NDArray[np.intp]:
    """Return at most ``count`` drawn values of those that may be learned from."""
    return np.random.default_rng(seed).permutation(np.flatnonzero(inside))[:count]


def scored(key: str, train: Residuals, test: Residuals, prior: Prior, method: str) -> Score:
    """Return how a correction learned from some values does on others."""
    term, places = learn(key, train, method, prior)
    shift = term.shift(test.places, places)
    return Score(
        float(np.abs(test.error).mean()),
        float(np.abs(test.error - shift).mean()),
        float((test.exceeds(shift, term.widening) <= 1.0).mean()),
        float((test.exceeds(0.0) <= 1.0).mean()),
        float(term.widening != 1.0),
    )


def tuned(key: str, labs: list[tuple[Lab, Residuals]]) -> Prior:
    """Return the prior whose ratios give the least error on unseen halves of laboratories."""
    shipped = PRIORS[key]

    def loss(prior: Prior) -> float:
        total = []
        for lab, found in labs:
            inside = split(lab, found, 100)
            if not inside.any():
                continue
            term, places = fit_term("local", found.take(inside), prior)
            test = found.take(~inside)
            total.append(np.abs(test.error - term.shift(test.places, places)).mean())
        return float(np.mean(total))

    tried = [
        replace(shipped, offset=a * shipped.scatter, local=b * shipped.scatter)
        for a, b in product(*RATIOS)
    ]
    return min(tried, key=loss)


def run(
    key: str, labs: list[tuple[Lab, Residuals]], priors: list[Prior], seeds: int, count: int | None
) -> list[Score | None]:
    """Return the mean score of each laboratory over the seeds; None where it is too small."""
    out: list[Score | None] = []
    for (lab, found), prior in zip(labs, priors, strict=True):
        parts = []
        for seed in range(seeds):
            inside = split(lab, found, seed)
            if count is not None and inside.sum() < count:
                continue
            at = np.flatnonzero(inside) if count is None else first(found, inside, count, seed)
            if len(at) == 0 or inside.all():
                continue
            train = found.take(at)
            method = best_of_each({key: left_out_errors(train, prior)})[key]
            parts.append(scored(key, train, found.take(~inside), prior, method))
        names = Score.__dataclass_fields__
        mean = {name: float(np.mean([getattr(p, name) for p in parts])) for name in names if parts}
        out.append(Score(**mean) if parts else None)
    return out


def changed(change: FloatArray, draws: NDArray[np.int64]) -> dict[str, Any]:
    """Return the median change of the laboratories' errors, and how many get worse.

    The interval is that of the median over ``draws`` of laboratories.
    """
    medians = np.median(change[draws], axis=1)
    return {
        "median_change": float(np.median(change)),
        "median_change_95": np.quantile(medians, [0.025, 0.975]).round(3).tolist(),
        "worse_by_5_pct": float(np.mean(change > 0.05)),
    }


def summary(scores: list[Score | None], seed: int = 0) -> dict[str, Any]:
    """Return the figures of a set of laboratories, with bootstrap intervals over them."""
    kept = [s for s in scores if s is not None]
    if not kept:
        return {"labs": 0}
    change = np.array([s.change for s in kept])
    before, after = np.array([s.before for s in kept]), np.array([s.after for s in kept])
    draws = np.random.default_rng(seed).integers(0, len(kept), (4000, len(kept)))
    own = np.array([s.own > 0.5 for s in kept])
    inside = np.array([s.inside for s in kept])
    of_median = np.median(after[draws], axis=1) / np.median(before[draws], axis=1) - 1.0
    return {
        "labs": len(kept),
        **changed(change, draws),
        "median_error": [float(np.median(before)), float(np.median(after))],
        "change_of_median_error": float(np.median(after) / np.median(before) - 1.0),
        "change_of_median_error_95": np.quantile(of_median, [0.025, 0.975]).round(3).tolist(),
        "coverage": float(inside.mean()),
        "coverage_95": np.quantile(inside[draws].mean(axis=1), [0.025, 0.975]).round(3).tolist(),
        "coverage_base": float(np.mean([s.inside_base for s in kept])),
        "labs_with_own_intervals": int(own.sum()),
        "coverage_of_own_intervals": float(inside[own].mean()) if own.any() else None,
    }


def with_process(labs: list[tuple[Lab, Residuals]]) -> int:
    """Return how many laboratories state a sintering temperature for half of their values."""
    stated = [
        lab.samples.table["sintering_temp_c"].notna().to_numpy()[f.rows].mean() for lab, f in labs
    ]
    return int(np.sum(np.array(stated) >= 0.5))


def figures(key: str, labs: dict[str, Lab], seeds: int) -> dict[str, Any]:
    """Return the table of one property."""
    chosen = [
        (lab, lab.parts[key])
        for _, lab in sorted(labs.items())
        if key in lab.parts and len(lab.parts[key]) >= LEAST[key]
    ]
    half = np.random.default_rng(1).permutation(len(chosen)) % 2
    fitted = [
        tuned(key, [c for c, h in zip(chosen, half, strict=True) if h != side]) for side in (0, 1)
    ]
    crossed = [fitted[side] for side in half]
    shipped = [PRIORS[key]] * len(chosen)
    values: FloatArray = np.array([len(f) for _, f in chosen])
    out: dict[str, Any] = {
        "labs": len(chosen),
        "values": int(values.sum()),
        "labs_with_sintering_temperature": with_process(chosen),
        "ratios_chosen": [[p.offset / p.scatter, p.local / p.scatter] for p in fitted],
    }
    for name, priors in (("cross-fitted", crossed), ("shipped", shipped)):
        out[name] = {
            "half" if count is None else str(count): summary(run(key, chosen, priors, seeds, count))
            for count in (None, 3, 5, 10)
        }
    return out


def arguments_of(description: str) -> argparse.Namespace:
    """Return what was asked for on the command line: cache, data, seeds, deal, output."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--data", default="full")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--deal", type=int, default=SEED, help="Draw of the folds.")
    parser.add_argument("-o", "--output", type=Path)
    return parser.parse_args()


def main() -> None:
    """Print the table as JSON."""
    arguments = arguments_of("Measure retraining on held-out papers.")
    labs = labs_of(arguments.cache, arguments.data, arguments.deal)
    table = {key: figures(key, labs, arguments.seeds) for key in LEAST}
    text = json.dumps(table, indent=1)
    if arguments.output:
        arguments.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
