"""A simulated campaign on published garnets: experiments needed to make one of the best.

Usage: python training/campaign.py CACHE [--seeds 100] [--deals 7 8 9]
           [--figure docs/figures/campaign.png]

The pool holds every published garnet with a conductivity near room temperature, predicted by a
model that has not seen its paper (`lab_bases.py`). A campaign starts with four drawn at random and
measures four at a time, learning in between, until it has made one of the best 5 %. Compared are
drawing at random, the highest predictions (greedy, it learns too), and `ssbml suggest`. Which
papers share a fold changes the figures more than which garnets start a campaign; so the papers are
dealt to folds several times (`lab_bases.py --deal`), and the means of each deal are printed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from held_out_labs import FOLDS
from lab_bases import SEED, base_of, folder_of, folds_of
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.correction import centre_of, embed, kernel
from ssbml.datasets.load import load_dataset
from ssbml.fitting.records import samples_of
from ssbml.retraining.information import uncertainty
from ssbml.retraining.learning import MIN_ROWS, PRIORS, fit_term
from ssbml.retraining.residuals import Residuals, lab_of
from ssbml.retraining.suggest import PROMISE

BATCH = 4
BEST_SHARE = 0.05
ROOM_C = (15.0, 35.0)
DEALS = tuple(range(7, 19))
STRATEGIES = ("random", "greedy", "suggest")
COLOURS = {"random": "#9aa5b1", "greedy": "#c2410c", "suggest": "#0b6e99"}
_NINETY = 1.645


def pool_of(cache: Path, data: str, deal: int = SEED) -> Residuals:
    """Return published garnets near room temperature beside the answers of unaware models."""
    table = load_dataset(data)
    folds, cache = folds_of(table, FOLDS, deal), folder_of(cache, deal)
    whole = samples_of(table)
    celsius = table["temperature_c"].fillna(25.0).to_numpy(dtype=float)
    room = (celsius >= ROOM_C[0]) & (celsius <= ROOM_C[1])
    garnet = np.array([family == "garnet" for family in whole.family]) & room
    centre = centre_of(whole.matrix.take(np.flatnonzero(garnet)))
    parts = []
    for fold in range(FOLDS):
        rows = table.loc[garnet & (folds == fold)].reset_index()
        lab = lab_of(base_of(cache, table, folds, fold), samples_of(rows))
        found = lab.parts["conductivity"]
        places = embed(lab.samples.matrix, centre)[found.rows]
        fields = {n: getattr(found, n) for n in found.__dataclass_fields__}
        parts.append(fields | {"places": places})
    joined = {n: np.concatenate([part[n] for part in parts]) for n in parts[0]}
    n = len(joined["truth"])
    return Residuals(**joined | dict.fromkeys(("group", "fold_group", "value"), np.arange(n)))


def campaign(pool: Residuals, strategy: str, seed: int) -> int:
    """Return how many experiments a campaign needs to make one of the best 5 %."""
    generator = np.random.default_rng(seed)
    best = pool.truth >= np.quantile(pool.truth, 1.0 - BEST_SHARE)
    order = generator.permutation(len(pool))
    done = order[:BATCH].tolist()
    while True:
        for count, i in enumerate(done, start=1):
            if best[i]:
                return count
        left = np.setdiff1d(order, done, assume_unique=True)
        if strategy == "random":
            done += order[len(done) : len(done) + BATCH].tolist()
        else:
            done += next_batch(pool, np.array(done), left, strategy).tolist()


def next_batch(
    pool: Residuals, done: NDArray[np.intp], left: NDArray[np.intp], strategy: str
) -> NDArray[np.intp]:
    """Return what to measure next, given what was measured."""
    prior = PRIORS["conductivity"]
    seen = pool.take(done)
    term, anchors = fit_term("local" if len(done) >= MIN_ROWS else "offset", seen, prior)
    rest = pool.take(left)
    point = rest.point + term.shift(rest.places, anchors)
    if strategy == "greedy":
        return left[np.argsort(-point, kind="stable")[:BATCH]]
    spread = (rest.high - rest.low) / (2.0 * _NINETY)
    promise = expected_gain(point, spread, float(seen.truth.max()))
    lesson = uncertainty(rest.places, anchors, prior)
    worth = PROMISE * ranks(promise) + (1.0 - PROMISE) * ranks(lesson)
    chosen = [int(np.argmax(worth))]
    while len(chosen) < min(BATCH, len(left)):
        unlike = 1.0 - kernel(rest.places, rest.places[chosen]).max(axis=1)
        unlike[chosen] = -1.0
        chosen.append(int(np.argmax(worth * unlike)))
    return left[np.array(chosen)]


def expected_gain(point: FloatArray, spread: FloatArray, bar: float) -> FloatArray:
    """Return the expected gain over the best so far of normal predictions, decades."""
    from scipy.stats import norm

    z = (point - bar) / spread
    return np.asarray(spread * (z * norm.cdf(z) + norm.pdf(z)), dtype=float)


def ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 1/n to 1, equal for equals."""
    different, which = np.unique(np.round(values, 12), return_inverse=True)
    return np.asarray((which + 1.0) / len(different), dtype=float)


def plot(needed: dict[str, NDArray[np.intp]], path: Path) -> None:
    """Plot the share of campaigns that have made one of the best, over experiments."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(6.4, 4.0))
    for name, counts in needed.items():
        x = np.sort(counts)
        share = np.arange(1, len(x) + 1) / len(x)
        said = f"{name} (median {np.median(x):g})"
        axes.step([0, *x, 100], [0, *share, 1], where="post", color=COLOURS[name], label=said)
    axes.set(xlim=(0, 80), ylim=(0, 1.02), xlabel="experiments",
             ylabel="share of campaigns with a top-5 % garnet")  # fmt: skip
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def main() -> None:
    """Run the campaigns, print the figures, and plot them."""
    parser = argparse.ArgumentParser(description="Simulate campaigns on published garnets.")
    parser.add_argument("cache", type=Path)
    parser.add_argument("--data", default="full")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--deals", type=int, nargs="+", default=DEALS, help="Draws of the folds.")
    parser.add_argument("--figure", type=Path, default=Path("docs/figures/campaign.png"))
    arguments = parser.parse_args()
    pools = [pool_of(arguments.cache, arguments.data, deal) for deal in arguments.deals]
    counts = {
        name: np.array(
            [[campaign(pool, name, seed) for seed in range(arguments.seeds)] for pool in pools]
        )
        for name in STRATEGIES
    }
    found: dict[str, Any] = {
        "garnets": len(pools[0]), "campaigns": arguments.seeds, "deals": list(arguments.deals)
    }  # fmt: skip
    for name, count in counts.items():
        found[name] = {
            "mean": float(count.mean()),
            "mean_95_over_deals": spread(count.mean(axis=1)),
            "median": float(np.median(count)),
            "mean_of_deals": count.mean(axis=1).round(1).tolist(),
            "mean_of_deals_95": [spread(row) for row in count],
        }
    print(json.dumps(found, indent=1))
    plot({name: count.ravel() for name, count in counts.items()}, arguments.figure)


def spread(counts: NDArray[np.intp] | FloatArray) -> list[float]:
    """Return the 95 % bootstrap interval of a mean."""
    draws = np.random.default_rng(0).choice(counts, (4000, len(counts))).mean(axis=1)
    return [float(end) for end in np.quantile(draws, [0.025, 0.975]).round(1)]


if __name__ == "__main__":
    main()
