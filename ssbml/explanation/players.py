"""What a prediction is split over: the host, each dopant, and groups of recipe fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ssbml.cells import is_missing
from ssbml.chemistry.dopants import dopants_of, with_amounts
from ssbml.features.origin import CHEMISTRY_FIELDS, fields_read
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.request import KNOWN_FIELDS
from ssbml.wording import value_text

if TYPE_CHECKING:
    import pandas as pd

GROUPS: dict[str, tuple[str, ...]] = {
    "form": ("form",),
    "route": ("route", "precursors"),
    "powder": ("milling_method", "milling_time_h", "particle_size_um"),
    "calcination": (
        "calcination_temp_c",
        "calcination_time_h",
        "calcination_atmosphere",
        "calcination_steps",
    ),
    "pressing": ("pressing_method", "pressing_pressure_mpa", "green_density_pct"),
    "sintering method": ("sintering_method",),
    "sintering pressure": ("pressure_mpa",),
    "sintering temperature": ("sintering_temp_c", "sintering_peak_temp_c"),
    "sintering time": ("sintering_time_h", "sintering_peak_time_h"),
    "heating and cooling": ("heating_rate_c_min", "cooling"),
    "atmosphere": ("atmosphere",),
    "post-anneal": ("post_anneal_temp_c", "post_anneal_time_h", "post_anneal_atmosphere"),
    "mother powder": ("mother_powder",),
    "crucible": ("crucible",),
    "Li excess": ("li_excess_pct", "li_excess_basis"),
    "additive": ("additive", "additive_wt_pct", "additive_mol_pct"),
    "deposition": (
        "substrate",
        "substrate_temp_c",
        "deposition_atmosphere",
        "deposition_pressure_mbar",
    ),
    "thickness": ("thickness_um",),
    "measurement": ("stack_pressure_mpa", "electrode", "storage"),
    "measurement temperature": ("temperature_c",),
}
"""Recipe fields that are explained together, by the name of the driver."""

HOST, DOPANT, FIELD, KNOWN = "host", "dopant", "field", "known"
"""Kinds of drivers."""


@dataclass(frozen=True, slots=True)
class Player:
    """One driver of one recipe.

    Attributes
    ----------
    kind : str
        `DOPANT`, `FIELD` or `KNOWN`.
    name : str
        Element, name of a group of `GROUPS`, or measured outcome.
    fields : tuple of str
        Recipe fields behind it that the recipe states.
    value : str
        What the recipe says, for people.
    """

    kind: str
    name: str
    fields: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True)
class Roster:
    """The drivers of one recipe.

    Attributes
    ----------
    recipe : dict
        Stated fields.
    family : str
        Host family.
    parent : str
        The composition without its dopants.
    players : tuple of Player
        Drivers that can change a prediction.
    idle : tuple of Player
        Stated fields that no feature is made from.
    """

    recipe: dict[str, Any]
    family: str
    parent: str
    players: tuple[Player, ...]
    idle: tuple[Player, ...]

    def tables(self, masks: NDArray[np.bool_]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """Return coalitions as columns of a recipe table and of measured outcomes.

        A dopant that is absent is replaced by its host ion, lithium following by charge balance; an
        absent field is blank.

        Parameters
        ----------
        masks : bool array, shape (m, p)
            Coalitions of `players`.

        Returns
        -------
        columns, known : dict of str to list
            Every recipe column that is stated, ``family`` included, and every measured outcome.
        """
        columns: dict[str, list[Any]] = {
            name: [self.recipe[name]] * len(masks)
            for name in CHEMISTRY_FIELDS
            if name in self.recipe
        }
        columns["family"] = [self.family] * len(masks)
        columns["formula"] = self._formulas(masks)
        known: dict[str, list[Any]] = {}
        for number, player in enumerate(self.players):
            if player.kind == DOPANT:
                continue
            target = known if player.kind == KNOWN else columns
            for name in player.fields:
                cell = self.recipe[name]
                target[name] = [cell if here else None for here in masks[:, number]]
        return columns, known

    def _formulas(self, masks: NDArray[np.bool_]) -> list[str]:
        at = [i for i, player in enumerate(self.players) if player.kind == DOPANT]
        made: dict[tuple[bool, ...], str] = {(True,) * len(at): self.recipe["formula"]}
        out = []
        for mask in masks[:, at].tolist():
            key = tuple(mask)
            if key not in made:
                absent = {self.players[i].name: 0.0 for i, m in zip(at, mask, strict=True) if not m}
                made[key] = with_amounts(self.recipe["formula"], self.family, absent)
            out.append(made[key])
        return out


def roster_of(recipe: Mapping[str, Any], family: str, known: Mapping[str, Any]) -> Roster:
    """Return the drivers of a recipe.

    Parameters
    ----------
    recipe : mapping
        A row of a valid recipe table.
    family : str
        Host family.
    known : mapping
        Measured outcomes of the recipe, blanks allowed.

    Returns
    -------
    Roster
    """
    stated = {name: cell for name, cell in recipe.items() if not is_missing(cell)}
    measured = {n: known[n] for n in KNOWN_FIELDS if n in known and not is_missing(known[n])}
    separable = stated.get("formula_basis") != "placeholder"
    found = dopants_of(stated["formula"], family) if separable else ()
    players = [
        Player(DOPANT, d.element, ("formula",), f"{d.amount:.4g} for {d.host}") for d in found
    ]
    idle: list[Player] = []
    for name, fields in GROUPS.items():
        here = tuple(f for f in fields if f in stated)
        if here:
            player = Player(FIELD, name, here, _words(stated, here))
            (players if set(here) & fields_read() else idle).append(player)
    players += [
        Player(KNOWN, f"measured {name}", (name,), value_text(name, value))
        for name, value in measured.items()
    ]
    parent = stated["formula"]
    if found:
        parent = with_amounts(parent, family, {d.element: 0.0 for d in found})
    return Roster({**stated, **measured}, family, parent, tuple(players), tuple(idle))


def recipes_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the recipe columns of a table as one dict a row."""
    rows = table[[c for c in table.columns if c in RECIPE_FIELDS]].to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def blank_table(columns: Mapping[str, list[Any]], n: int) -> pd.DataFrame:
    """Return columns as a recipe table that has every recipe column.

    Parameters
    ----------
    columns : mapping of str to list
        Cells, length n; None is blank.
    n : int
        Rows.
    """
    import pandas as pd

    table: dict[str, NDArray[Any]] = {}
    for field in FIELDS.values():
        if field.role != "recipe":
            continue
        cells = columns.get(field.name, [None] * n)
        if field.kind == "number":
            table[field.name] = np.array(cells, dtype=float)
        else:
            table[field.name] = np.empty(n, dtype=object)
            table[field.name][:] = cells
    return pd.DataFrame(table)


def _words(recipe: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    return ", ".join(value_text(name, recipe[name]) for name in fields)
