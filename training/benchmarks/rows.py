"""The rows that are timed: garnets of every dopant amount, fired in many ways."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ssbml.predictor import Predictor
from ssbml.screening.job import Job, job_of
from ssbml.screening.score import Scorer
from ssbml.screening.space import SearchSpace

WAYS = 400
"""Ways of making a composition in the space of `screening`."""


def different_recipes(n: int) -> pd.DataFrame:
    """Return n recipes, no two of the same formula."""
    rng = np.random.default_rng(0)
    tantalum = 0.01 + 0.9 * np.arange(n) / n
    return pd.DataFrame(
        {
            "formula": [f"Li{7 - x:.6f}La3Zr{2 - x:.6f}Ta{x:.6f}O12" for x in tantalum],
            "form": "pellet",
            "route": "solid_state",
            "sintering_method": "conventional",
            "sintering_temp_c": rng.choice([1000.0, 1050.0, 1100.0, 1150.0], n),
            "sintering_time_h": rng.choice([1.0, 6.0, 12.0], n),
            "atmosphere": rng.choice(["air", "O2", "Ar"], n),
            "li_excess_pct": rng.choice([0.0, 10.0, 15.0], n),
        }
    )


def screening(model: Predictor, n: int) -> Job:
    """Return a screening of at least n recipes: n / 400 compositions, 400 ways of making each."""
    aluminium = [0.02 * i for i in range(10)] if n > 1000 * WAYS else [0]
    tantalum = max(-(-n // WAYS // len(aluminium)) - 1, 1)
    space = SearchSpace.from_dict(
        {
            "host": "Li7La3Zr2O12",
            "sites": {
                "Li": {"Al": aluminium},
                "Zr": {"Ta": {"from": 0, "to": 1, "step": 1 / tantalum}},
            },
            "process": {
                "sintering_temp_c": {"from": 1000, "to": 1225, "step": 25},
                "sintering_time_h": [1, 3, 6, 12],
                "atmosphere": ["air", "O2"],
                "li_excess_pct": [0, 5, 10, 15, 20],
            },
            "fixed": {
                "form": "pellet",
                "route": "solid_state",
                "sintering_method": "conventional",
            },
            "constraints": ["relative_density_pct >= 90", "in_domain"],
            "top": 1000,
        }
    )
    return job_of(space.candidates(), model, Scorer(space.goals, 0.9))
