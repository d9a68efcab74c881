"""Every composition of a search space that can exist, and how many cannot."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray
from ssbml.screening.combinations import IntArray
from ssbml.screening.distinct import as_rows, distinct_rows, take_rows
from ssbml.screening.formulas import DECIMALS, write_formulas
from ssbml.screening.limits import Limits
from ssbml.screening.neutrality import compositions_of, fill
from ssbml.screening.substitutions import Substitutions

_CHUNK = 65_536

TWICE = "the same composition twice"


@dataclass(slots=True)
class Tally:
    """How many combinations were dropped, by reason.

    Attributes
    ----------
    dropped : dict of str to int
    """

    dropped: dict[str, int] = field(default_factory=dict)

    def keep(
        self, failures: list[tuple[str, NDArray[np.bool_]]], n: int, each: int = 1
    ) -> NDArray[np.bool_]:
        """Return which of n rows fail on nothing, and count the others by their first failure.

        Parameters
        ----------
        failures : list of (str, bool array of shape (n,))
            Reasons and rows.
        n : int
            Number of rows.
        each : int, default 1
            Combinations that a row stands for.
        """
        kept = np.ones(n, dtype=bool)
        for reason, rows in failures:
            self.count(reason, int((rows & kept).sum()) * each)
            kept &= ~rows
        return kept

    def count(self, reason: str, n: int) -> None:
        """Count n combinations, if there are any."""
        if n:
            self.dropped[reason] = self.dropped.get(reason, 0) + n


def list_compositions(
    hosts: tuple[Substitutions, ...], limits: Limits, tally: Tally, each: int
) -> tuple[FloatArray, NDArray[np.object_]]:
    """Return all distinct compositions of hosts.

    Parameters
    ----------
    hosts : tuple of Substitutions
        What may sit on the sites of each host.
    limits : Limits
        What a composition may not leave.
    tally : Tally
        Counts what is dropped.
    each : int
        Candidates that a composition stands for.

    Returns
    -------
    matrix : array, shape (m, n_elements)
        Amounts per formula unit.
    formulas : array of str, shape (m,)
    """
    parts = []
    for host in hosts:
        combinations = host.combinations(limits.max_dopants)
        beyond = combinations.product - combinations.size
        tally.count(limits.too_many, beyond * each)
        amounts = [np.empty((0, len(host.species)))]
        for start in range(0, combinations.size, _CHUNK):
            numbers = np.arange(start, min(start + _CHUNK, combinations.size))
            stated = host.stated(combinations.decode(numbers))
            amounts.append(existing(host, stated, limits, tally, each)[0])
        matrix = compositions_of(host, np.concatenate(amounts))
        parts.append((matrix, write_formulas(host, matrix)))
    matrix = parts[0][0] if len(parts) == 1 else np.concatenate([m for m, _ in parts])
    formulas = np.concatenate([f for _, f in parts])
    first = first_of_each(hosts, matrix)
    if first is None:
        return matrix, formulas
    tally.count(TWICE, (len(matrix) - len(first)) * each)
    return take_rows(matrix, first), formulas[first]


def existing(
    host: Substitutions, stated: FloatArray, limits: Limits, tally: Tally, each: int = 1
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the amounts of the combinations that can exist, and which these are.

    Parameters
    ----------
    host : Substitutions
        What may sit on the sites.
    stated : array, shape (n, number of variables)
        Amounts of the variables.
    limits, tally, each
        As in `list_compositions`.

    Returns
    -------
    amounts : array, shape (kept, number of species)
    kept : bool array, shape (n,)
    """
    filled = fill(host, stated)
    possible = tally.keep(filled.failures, len(stated), each)
    amounts = filled.amounts[possible]
    within = tally.keep(limits.failures(host, amounts), len(amounts), each)
    possible[possible] = within
    return amounts[within], possible


def first_of_each(hosts: tuple[Substitutions, ...], matrix: FloatArray) -> IntArray | None:
    """Return the rows of a composition matrix that are new, in order; None when all must be.

    Rows can be equal when several hosts meet or when an element sits in two places.
    """
    elements = [s.element for s in hosts[0].species]
    if len(hosts) == 1 and len(set(elements)) == len(elements):
        return None
    return distinct_rows(as_rows(matrix, DECIMALS))[0]
