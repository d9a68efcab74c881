"""Errors of activation energies, and of conductivities by temperature, on papers left out.

Usage: ``python training/measure_energy.py [--development]``. Ten folds of whole papers with the
settings of the shipped model; ``--development`` leaves the report set out, for choices. Prints the
tables of ``docs/temperature.md``.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from ssbml.activation import REFERENCE_C, log10_factor
from ssbml.datasets.load import load_dataset
from ssbml.describe import count_missing, describers
from ssbml.evaluation.markdown import markdown_table
from ssbml.evaluation.report_set import development
from ssbml.features.base import stacked
from ssbml.features.context import TEMPERATURE_COLUMN, as_total
from ssbml.fitting.blends import held_out
from ssbml.fitting.energy import at_reference, fit_energy
from ssbml.fitting.records import conductivity_records, samples_of
from ssbml.fitting.settings import load_settings
from ssbml.location import shipped
from ssbml.splits import group_folds

SPANS_C = ((-60, 15), (15, 35), (35, 60), (60, 100), (100, 150))
CONDUCTOR = -9.0
MIN_FAMILY = 15


def family_medians(values, family, folds):
    out = np.empty(len(values))
    for fold in np.unique(folds):
        for name in set(family[folds == fold]):
            seen = values[(folds != fold) & (family == name)]
            known = seen if len(seen) >= 3 else values[folds != fold]
            out[(folds == fold) & (family == name)] = np.median(known)
    return out


def conductivities(samples, folds, settings, energy):
    """Out-of-fold log10 conductivity at 25 °C of values, and of every sample as total."""
    records = conductivity_records(samples)
    celsius = samples.table["temperature_c"].to_numpy(dtype=float)
    at_25, cool = at_reference(records, celsius, energy.of_samples)
    records = replace(records, target=at_25).take(cool & (records.bound == 0))
    names = tuple(n for n in records.matrix.names if n != TEMPERATURE_COLUMN)
    at = folds[records.rows]
    chosen, seed = settings.conductivity, settings.seed
    asked = stacked(records.matrix, as_total(samples.matrix))
    asked_folds = np.concatenate([at, folds])
    found, _ = held_out(records, at, asked, asked_folds, chosen, seed, names, n_jobs=1)
    return records, found[: len(records)], found[len(records) :]


def energy_rows(energy, folds, expected):
    """Mean absolute error in eV by family and by what the model says of the conductivity."""
    import pandas as pd

    truth, guess = np.exp(energy.records.target), np.exp(energy.point)
    family = np.array(energy.records.family)
    base = family_medians(truth, family, folds[energy.records.rows])
    conducts = expected[energy.records.rows] >= CONDUCTOR
    written = ~energy.records.placeholder
    subsets = {"all": written, "predicted to conduct 1e-9 S/cm or more": written & conducts}
    subsets["without the family other"] = written & (family != "other")
    for name in sorted(set(family)):
        if (family == name).sum() >= MIN_FAMILY:
            subsets[name] = written & (family == name)
    return pd.DataFrame(
        {
            "subset": name,
            "energies": int(rows.sum()),
            "papers": len(set(energy.records.group[rows])),
            "model": np.abs(guess - truth)[rows].mean(),
            "median error": float(np.median(np.abs(guess - truth)[rows])),
            "family median": np.abs(base - truth)[rows].mean(),
        }
        for name, rows in subsets.items()
    )


def temperature_rows(samples, records, point, energy, folds):
    """Mean absolute error of log10 conductivity by temperature of measurement."""
    import pandas as pd

    celsius = np.nan_to_num(samples.table["temperature_c"].to_numpy(dtype=float), nan=REFERENCE_C)[
        records.rows
    ]
    truth = records.target + log10_factor(energy.of_samples[records.rows], celsius)
    unseen = energy.unseen[records.rows]
    guess = point + log10_factor(unseen, celsius)
    scored = ~records.placeholder
    rows = []
    for low, high in SPANS_C:
        inside = scored & (celsius >= low) & (celsius <= high)
        rows.append(
            {
                "°C": f"{low} to {high}",
                "values": int(inside.sum()),
                "papers": len(set(records.group[inside])),
                "error": np.abs(guess - truth)[inside].mean(),
                "bias": (guess - truth)[inside].mean(),
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    settings = load_settings(shipped("training") / "default.toml")
    table = load_dataset(settings.data)
    if "--development" in sys.argv[1:]:
        table = development(table)
    samples = samples_of(table)
    groups = samples.table["cv_group"].to_numpy(dtype=object)
    folds = group_folds(groups, settings.folds, settings.seed)
    nowhere = np.zeros(len(groups))
    describe = describers(list(samples.family), nowhere, count_missing(samples.table))
    energy = fit_energy(samples, folds, describe, seed=settings.seed, n_jobs=1)
    print(
        f"{np.abs(np.exp(energy.point) - np.exp(energy.records.target)).mean():.4f} eV", flush=True
    )
    records, point, everywhere = conductivities(samples, folds, settings, energy)
    print(markdown_table(energy_rows(energy, folds, everywhere)))
    print()
    print(markdown_table(temperature_rows(samples, records, point, energy, folds)))


if __name__ == "__main__":
    main()
