"""Amounts of every ion from the stated ones: displacement on sites, neutrality solved exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.chemistry.hosts import HOSTS
from ssbml.screening.substitutions import Substitutions

SLACK = 1e-9
"""Amounts per formula unit that count as nothing."""

LEAST_LITHIUM = 1e-3
"""Li per formula unit below which nothing is left to conduct."""

_DIGITS = 10
_BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filled:
    """Sites filled with ions.

    Attributes
    ----------
    amounts : array, shape (n, number of species)
        Amounts per formula unit; rows that cannot be may hold negative ones.
    failures : list of (str, bool array of shape (n,))
        What a row fails on, in order of checking.
    """

    amounts: FloatArray
    failures: list[tuple[str, _BoolArray]]


def fill(substitutions: Substitutions, stated: FloatArray) -> Filled:
    """Fill the sites of a host and solve for neutrality.

    A dopant takes the place of its host ion one for one; the ion that is solved for takes whatever
    amount makes the charges sum to zero, so that Al3+ on the Li site drives out three Li+ and
    leaves two places empty.

    Parameters
    ----------
    substitutions : Substitutions
        Host and dopants.
    stated : array, shape (n, number of variables)
        Amounts of the variables.

    Returns
    -------
    Filled
    """
    species, balance = substitutions.species, substitutions.balance
    amounts = np.tile(np.array([s.amount for s in species]), (len(stated), 1))
    fixed = {v.species for v in substitutions.variables if not v.is_dopant}
    for column, variable in enumerate(substitutions.variables):
        if variable.is_dopant:
            amounts[:, variable.species] += stated[:, column]
            host = species[variable.species].replaces
            if host is not None and host != balance and host not in fixed:
                amounts[:, host] -= stated[:, column]
        else:
            amounts[:, variable.species] = stated[:, column]
    charges = np.array([s.charge for s in species], dtype=float)
    amounts[:, balance] = 0.0
    step = charges[balance]
    host = species[balance].replaces
    if host is not None and host not in fixed:
        step -= charges[host]
    solved = -(amounts @ charges) / step
    amounts[:, balance] = solved
    if host is not None and host not in fixed:
        amounts[:, host] -= solved
    amounts = np.round(amounts, _DIGITS)
    amounts[np.abs(amounts) < SLACK] = 0.0
    return Filled(amounts, _failures(substitutions, amounts))


def _failures(substitutions: Substitutions, amounts: FloatArray) -> list[tuple[str, _BoolArray]]:
    species, parent = substitutions.species, substitutions.parent
    solved = species[substitutions.balance]
    found = [
        (
            f"cannot balance: {solved.element} would be negative",
            amounts[:, substitutions.balance] < 0,
        )
    ]
    for number, ion in enumerate(species):
        if number != substitutions.balance and ion.amount > 0:
            found.append((f"more dopants than {ion.element} to replace", amounts[:, number] < 0))
    for number, site in enumerate(parent.sites):
        here = [i for i, s in enumerate(species) if s.site == number]
        total = amounts[:, here].sum(axis=1)
        found.append((f"{site.main} site over-full", total > site.capacity + SLACK))
    lithium = amounts[:, [i for i, s in enumerate(species) if s.element == "Li"]].sum(axis=1)
    low, high = (limit * parent.units for limit in HOSTS[parent.family].lithium_range)
    found.append((f"Li above {high:g}: not {_a(parent.family)} any more", lithium > high + SLACK))
    least = max(low, LEAST_LITHIUM)
    found.append((f"Li below {least:g}: not {_a(parent.family)} any more", lithium < least - SLACK))
    return found


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def compositions_of(substitutions: Substitutions, amounts: FloatArray) -> FloatArray:
    """Return amounts of ions as a composition matrix, shape (n, n_elements).

    It is laid out column by column: the elements that do not occur take up no memory.
    """
    index = element_index()
    matrix = np.zeros((len(amounts), len(index)), order="F")
    for number, ion in enumerate(substitutions.species):
        matrix[:, index[ion.element]] += amounts[:, number]
    return matrix
