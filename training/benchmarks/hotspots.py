"""Where the time of a screening goes."""

from __future__ import annotations

import cProfile
import pstats
import time

from rows import screening

from ssbml.predictor import Predictor
from ssbml.screening.stream import stream

_PARTS = {
    "trees": ("pairwalk", "compiled", "paired", "trees", "blend"),
    "main phases (without their trees)": ("phases",),
    "composition and host features": ("assemble", "composition", "statistics", "host", "charge"),
    "domain": ("domain",),
    "intervals and probabilities": (
        "calibration",
        "probability",
        "describe",
        "targets",
        "interval",
        "purity",
        "activation",
        "tendencies",
    ),
    "ranking": ("score", "shortlist", "feasibility", "pareto", "desirability", "risk"),
    "pairing features": (
        "pairs",
        "base",
        "columns",
        "context",
        "job",
        "candidates",
        "batch",
        "labels",
    ),
}


def hotspots(model: Predictor, recipes: int) -> dict[str, float]:
    """Return the share of processor time of each part, NumPy's charged to who called it."""
    job = screening(model, recipes)
    stream(job, 0, recipes // 10, workers=1)
    profile = cProfile.Profile(time.process_time)
    profile.runcall(stream, job, 0, recipes, workers=1)
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    own = {key: row[2] for key, row in stats.items()}
    total = sum(own.values())
    shares = dict.fromkeys([*_PARTS, "rest"], 0.0)
    for key, seconds in own.items():
        callers = stats[key][4]
        part = _part(key[0])
        if part is not None or not callers:
            shares[part or "rest"] += seconds / total
            continue
        known = {c: row[2] for c, row in callers.items()}
        whole = sum(known.values()) or 1.0
        for caller, share in known.items():
            found = _part(_ancestor(stats, caller))
            shares[found or "rest"] += seconds / total * share / whole
    return shares


def _part(path: str) -> str | None:
    if "ssbml" not in path:
        return None
    module = path.rsplit("/", 1)[-1].removesuffix(".py")
    return next((name for name, modules in _PARTS.items() if module in modules), "rest")


def _ancestor(stats: dict, key: tuple) -> str:
    """Return the file of the nearest caller inside ssbml, following the busiest."""
    for _ in range(8):
        if "ssbml" in key[0] or not stats[key][4]:
            break
        key = max(stats[key][4].items(), key=lambda item: item[1][3])[0]
    return key[0]
