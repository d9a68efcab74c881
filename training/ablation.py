"""What each group of features is worth: cross-validated error without it, on development papers.

Writes ``training/ablation.csv``. About five minutes on two cores; needs the public data sets.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ssbml.evaluation.nested import Scored
from ssbml.evaluation.peers.bootstrap import paired_bootstrap
from ssbml.evaluation.report import conductivity_subsets
from ssbml.evaluation.report_set import development
from ssbml.features.process import making_names
from ssbml.fitting.blends import out_of_fold
from ssbml.fitting.records import conductivity_records, samples_of
from ssbml.fitting.settings import load_settings
from ssbml.splits import group_folds

HERE = Path(__file__).parent
SUBSETS = ("15-35 °C", "15-35 °C, firing temperature known", "15-35 °C, garnets")
FOLDS = 5

GROUPS: dict[str, tuple[str, ...]] = {
    "lithium balance": ("lithium_", "li_excess_pct", "mother_powder"),
    "distance to phase and sintering windows": ("above_", "_window_"),
    "thermal work": ("thermal_work",),
    "temperatures and times": ("_temp_c", "_time_h", "hottest_", "thermal_work", "above_"),
    "pressure and field assistance": ("pressure", "pressed", "fast_heating", "sintering_method_"),
    "atmosphere": ("po2_atm", "atmosphere_"),
    "sintering aids": ("additive", "aid_melting"),
    "film against pellet": ("form_", "thickness", "substrate", "vapour_route", "deposition"),
    "vacancies, Li content": ("site0_", "lithium_vacancies", "li_per_"),
    "radii and bottlenecks": ("radius", "tolerance_factor"),
    "Magpie statistics": ("MagpieData",),
    "element fractions": ("fraction_",),
    "presence of dopants": ("has_",),
}
"""Parts of feature names that a group takes away."""


def main() -> None:
    """Run all groups and write the table."""
    import ssbml

    settings = load_settings(HERE / "default.toml")
    samples = samples_of(development(ssbml.load_dataset("full")))
    records = conductivity_records(samples)
    folds = group_folds(records.group, FOLDS, settings.seed + 2)

    blank = Scored(records, records.target, records.target, {}, {}, np.zeros(len(records)))
    masks = conductivity_subsets(samples.table, blank)
    everything = records.matrix.names

    def error(names: tuple[str, ...]) -> np.ndarray:
        point, _ = out_of_fold(records, folds, settings.conductivity, settings.seed, names)
        return np.abs(point - records.target)

    whole = error(everything)
    making = set(making_names())
    cases = {name: tuple(n for n in everything if not any(p in n for p in parts))
             for name, parts in GROUPS.items()}  # fmt: skip
    cases["all processing"] = tuple(n for n in everything if n not in making)
    rows = []
    for name, names in cases.items():
        without = error(names)
        for subset in SUBSETS:
            mask = masks[subset]
            found = paired_bootstrap(without[mask], whole[mask], records.group[mask], settings.seed)
            rows.append(
                {
                    "left out": name,
                    "features": len(everything) - len(names),
                    "subset": subset,
                    "samples": int(mask.sum()),
                    "error with": whole[mask].mean(),
                    "error without": without[mask].mean(),
                    "worse by": found.difference,
                    "worse by, 95 % from": found.lower,
                    "worse by, 95 % to": found.upper,
                }
            )
        print(name, [round(r["worse by"], 3) for r in rows[-len(SUBSETS) :]], flush=True)
    pd.DataFrame(rows).round(4).to_csv(HERE / "ablation.csv", index=False)


if __name__ == "__main__":
    main()
