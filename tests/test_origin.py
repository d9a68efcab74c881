"""Every feature is traced to the recipe fields that change it, and to no other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ssbml.features.assemble import assemble
from ssbml.features.origin import fields_of, fields_read
from ssbml.fields import FIELDS, RECIPE_FIELDS

EVERYTHING = {
    "formula": "Li6.4La3Zr1.4Ta0.6O12",
    "form": "pellet",
    "route": "solid_state",
    "precursors": "Li2CO3; La2O3",
    "atmosphere": "O2",
    "calcination_atmosphere": "air",
    "post_anneal_atmosphere": "air",
    "deposition_atmosphere": "Ar",
    "sintering_method": "two_step",
    "pressing_method": "cip",
    "cooling": "quench",
    "mother_powder": True,
    "crucible": "Al2O3",
    "li_excess_basis": "wt",
    "additive": "Li3BO3",
    "additive_wt_pct": "2",
    "additive_mol_pct": "3",
    "storage": "air_exposed",
    "formula_basis": "placeholder",
    "dopant_note": "Nb-doped",
    "family": "perovskite",
}


def full_table(literature: pd.DataFrame) -> pd.DataFrame:
    """Published recipes, one that states everything, and one that states every number alone."""
    numbers = [n for n in RECIPE_FIELDS if FIELDS[n].kind == "number"]
    rows = [{**EVERYTHING, **dict.fromkeys(numbers, 50.0)}]
    rows += [{"formula": "Li7La3Zr2O12", n: 50.0} for n in numbers]
    rows.append({"formula": "Li7La3Zr2O12", "additive": "Li3BO3", "additive_wt_pct": "2"})
    extra = pd.DataFrame(rows, columns=list(RECIPE_FIELDS))
    table = pd.concat([literature[list(RECIPE_FIELDS)].iloc[::4], extra], ignore_index=True)
    return table.astype(dict.fromkeys(numbers, float))


@pytest.fixture(scope="module")
def moved(literature: pd.DataFrame) -> dict[str, set[str]]:
    """Features that change somewhere when a field is blanked (the formula: replaced)."""
    table = full_table(literature)
    before = assemble(table)
    out: dict[str, set[str]] = {}
    for field in RECIPE_FIELDS:
        other = table.copy()
        other[field] = np.nan if FIELDS[field].kind == "number" else None
        if field == "formula":
            other[field] = "Li3Y0.5In0.5Cl5Br1"
        after = assemble(other)
        same = (before.values == after.values) | (np.isnan(before.values) & np.isnan(after.values))
        out[field] = {n for n, s in zip(before.names, same.all(axis=0), strict=True) if not s}
    return out


def test_every_feature_is_traced(literature: pd.DataFrame) -> None:
    for name in assemble(literature.iloc[:2]).names:
        fields = fields_of(name)
        assert fields, name
        assert set(fields) <= set(RECIPE_FIELDS), name


def test_no_field_changes_a_feature_that_is_not_traced_to_it(moved: dict[str, set[str]]) -> None:
    for field, features in moved.items():
        untraced = {f for f in features if field not in fields_of(f)}
        assert not untraced, f"{field} changes {sorted(untraced)}"


def test_a_field_that_nothing_is_traced_to_changes_nothing(moved: dict[str, set[str]]) -> None:
    unread = set(RECIPE_FIELDS) - fields_read()
    assert {"electrode", "li_excess_basis", "milling_method"} <= unread
    assert all(not moved[field] for field in unread)
    assert all(moved[field] for field in fields_read())


def test_an_unknown_feature_is_refused() -> None:
    with pytest.raises(KeyError):
        fields_of("phase_of_the_moon")
