"""Mechanisms that two reviews name, each with the condition under which it may be mentioned."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ssbml.cells import split_list
from ssbml.chemistry.formula import parse_formula
from ssbml.explanation.players import DOPANT, Player, Roster
from ssbml.fields import DEFAULT_FORM

_ANY = "*"
_UNSTATED = {"form": DEFAULT_FORM}


@dataclass(frozen=True, slots=True)
class Rule:
    """One mechanism.

    Attributes
    ----------
    field : str
        Recipe field, measured outcome or element symbol that drives.
    family : str
        Host family, or ``*``.
    property : str
        Column of the prediction table.
    sign : int
        Direction in which the review says that it acts: 1 up, -1 down.
    low, high : float
        Values of a number for which the review says so.
    values : tuple of str
        Values of a text; empty for any.
    only : tuple of (str, str)
        Further conditions: a recipe field and its value, or ``with`` and an element.
    mechanism, source : str
        What may be said, and the section of the review.
    """

    field: str
    family: str
    property: str
    sign: int
    low: float
    high: float
    values: tuple[str, ...]
    only: tuple[tuple[str, str], ...]
    mechanism: str
    source: str

    def fires(self, roster: Roster, player: Player, change: float) -> bool:
        """Return whether the mechanism may be mentioned for a contribution.

        Parameters
        ----------
        roster : Roster
            The recipe.
        player : Player
            The driver.
        change : float
            Its contribution to `property`.
        """
        if self.family not in (_ANY, roster.family) or change * self.sign <= 0:
            return False
        if player.kind == DOPANT:
            return player.name == self.field and self._holds(roster.recipe)
        if self.field not in player.fields:
            return False
        return self._fits(roster.recipe[self.field]) and self._holds(roster.recipe)

    def _fits(self, value: Any) -> bool:
        if isinstance(value, bool):
            return str(value).lower() in self.values
        if isinstance(value, str):
            return not self.values or bool(set(split_list(value)) & set(self.values))
        return self.low <= float(value) <= self.high

    def _holds(self, recipe: Mapping[str, Any]) -> bool:
        return all(
            value in parse_formula(recipe["formula"])
            if name == "with"
            else recipe.get(name, _UNSTATED.get(name)) == value
            for name, value in self.only
        )


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """Return all mechanisms, in the order of their table."""
    text = files("ssbml.explanation").joinpath("mechanisms.csv").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in csv.DictReader(text.splitlines()))


def mechanism_of(roster: Roster, player: Player, column: str, change: float) -> Rule | None:
    """Return the first mechanism that a contribution is consistent with, or None.

    Parameters
    ----------
    roster : Roster
        The recipe.
    player : Player
        The driver.
    column : str
        Column of the prediction table.
    change : float
        Contribution of the driver to it.
    """
    return next(
        (r for r in rules() if r.property == column and r.fires(roster, player, change)), None
    )


def _rule(row: Mapping[str, str]) -> Rule:
    conditions = (part.split("=", 1) for part in split_list(row["only"]))
    return Rule(
        field=row["field"],
        family=row["family"],
        property=row["property"],
        sign=1 if row["sign"] == "+" else -1,
        low=float(row["low"] or "-inf"),
        high=float(row["high"] or "inf"),
        values=split_list(row["values"]),
        only=tuple((name.strip(), value.strip()) for name, value in conditions),
        mechanism=row["mechanism"],
        source=row["source"],
    )
