"""Compare metrics for precedents: error of the mean of the five nearest samples of other papers.

Usage: ``python training/measure_precedents.py``. Models are fitted with the settings of the shipped
one on the public and embedded samples without the papers of a fold; neighbours of the embedded
samples of that fold are sought among the embedded samples of the same family and other papers.
"""

from __future__ import annotations

import warnings

import numpy as np

from ssbml.datasets.load import load_dataset
from ssbml.explanation.proximity import leaves_of, similarity
from ssbml.fitting.blends import fit_blend
from ssbml.fitting.records import conductivity_records, samples_of
from ssbml.fitting.settings import load_settings
from ssbml.location import shipped
from ssbml.splits import group_folds

LEARNED = "same leaf, all trees"
NEIGHBOURS = 5
FOLDS = 10


def split_counts(blend):
    total = np.zeros(len(blend.features))
    for member, share in zip(blend.members, blend.weights, strict=True):
        counts = np.bincount(member.feature[member.feature >= 0], minlength=len(total))
        total += share * counts / counts.sum()
    return total


def similarities(blend, queries, pool):
    """Similarity of queries to the pool by each metric, shapes (n, m)."""
    X = np.vstack([queries.matrix.select(blend.features), pool.matrix.select(blend.features)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        z = np.nan_to_num((X - np.nanmean(X, axis=0)) / (np.nanstd(X, axis=0) + 1e-9))
    n = len(queries)

    def near(weights):
        w = z * np.sqrt(weights)
        return -((w[:n, None, :] - w[None, n:, :]) ** 2).sum(axis=2)

    out = {"raw Euclid": near(np.ones(z.shape[1])), "weighted by splits": near(split_counts(blend))}
    left, right = leaves_of(blend, queries.matrix), leaves_of(blend, pool.matrix)
    trees = len(blend.members[0].roots)
    out[LEARNED] = similarity(left, right)
    out["same leaf, forest alone"] = similarity(left[:, :trees], right[:, :trees])
    out["same leaf, boosting alone"] = similarity(left[:, trees:], right[:, trees:])
    return out


def main() -> None:
    settings = load_settings(shipped("training") / "default.toml")
    samples = samples_of(load_dataset("full"))
    records = conductivity_records(samples)
    records = records.take(records.bound == 0)
    folds = group_folds(records.group, FOLDS, settings.seed)
    embedded = samples.table["source"].str.contains("literature").to_numpy()[records.rows]
    embedded &= ~records.placeholder
    family = np.array(records.family)
    errors: dict[str, list[float]] = {}
    closest: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        train = records.take(folds != fold)
        blend = fit_blend(train, settings.conductivity, settings.seed, n_jobs=1)
        for name in sorted(set(family[(folds == fold) & embedded])):
            at = np.flatnonzero((folds == fold) & embedded & (family == name))
            pool = np.flatnonzero((folds != fold) & embedded & (family == name))
            if len(pool) < NEIGHBOURS:
                continue
            queries, others = records.take(at), records.take(pool)
            median = np.median(others.target)
            found = similarities(blend, queries, others)
            for metric, alike in found.items():
                order = np.argsort(-alike, axis=1, kind="stable")[:, :NEIGHBOURS]
                guess = others.target[order].mean(axis=1)
                errors.setdefault(metric, []).extend(np.abs(guess - queries.target))
                if metric == LEARNED:
                    best = np.take_along_axis(alike, order[:, :1], axis=1)[:, 0]
                    first = np.abs(others.target[order[:, 0]] - queries.target)
                    closest.extend(zip(best, first, strict=True))
            errors.setdefault("model", []).extend(
                np.abs(blend.predict(queries.matrix) - queries.target)
            )
            errors.setdefault("family median", []).extend(np.abs(median - queries.target))
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    for metric, values in errors.items():
        print(f"{metric:26s} {np.mean(values):.3f} log10 S/cm, {len(values)} samples")
    best, error = np.array(closest).T
    for low in np.arange(0, 1, 0.1):
        high = low + 0.1
        rows = (best >= low) & (best < high + 1e-6)
        if rows.any():
            print(
                f"nearest at {low:.2f}-{high:.2f}: {rows.sum()} samples, {error[rows].mean():.2f}"
            )


if __name__ == "__main__":
    main()
