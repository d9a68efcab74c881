"""Which ion replaces which, how much of it, and what is solved for neutrality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.parents import Parent, ParentSite
from ssbml.screening.combinations import Choice, Combinations


@dataclass(frozen=True, slots=True)
class Species:
    """An ion on a site.

    Attributes
    ----------
    element : str
        Element symbol.
    charge : int
        Its charge there.
    site : int
        Number of the site in the parent.
    amount : float
        Amount in the host, 0 for a dopant.
    replaces : int or None
        Number of the species whose place a dopant takes, one for one.
    """

    element: str
    charge: int
    site: int
    amount: float
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """Amounts that a species may take: zeros first, as they do not count as dopants."""

    species: int
    values: tuple[float, ...]
    is_dopant: bool

    @property
    def choice(self) -> Choice:
        """How many of the values count as a dopant."""
        counted = sum(v > 0 for v in self.values) if self.is_dopant else 0
        return Choice(len(self.values) - counted, counted)


@dataclass(frozen=True, slots=True)
class Substitutions:
    """Everything that may sit on the sites of one host.

    Attributes
    ----------
    parent : Parent
        The host.
    species : tuple of Species
        Host ions and dopants, in the order in which a formula is written.
    variables : tuple of Variable
        Species whose amounts are stated.
    balance : int
        Number of the species that is solved for.
    """

    parent: Parent
    species: tuple[Species, ...]
    variables: tuple[Variable, ...]
    balance: int

    def combinations(self, max_dopants: int | None) -> Combinations:
        """Return the combinations of amounts with at most so many dopants."""
        return Combinations(tuple(v.choice for v in self.variables), max_dopants)

    def stated(self, picked: np.ndarray[Any, np.dtype[np.int64]]) -> FloatArray:
        """Return the stated amounts of combinations, shape (n, number of variables)."""
        columns = [np.array(v.values)[picked[:, i]] for i, v in enumerate(self.variables)]
        return np.column_stack(columns) if columns else np.zeros((len(picked), 0))


class SpeciesTable:
    """Grows from the ions of a host by the dopants of a space.

    Attributes
    ----------
    parent : Parent
        The host.
    species : list of Species
        Host ions, then dopants.
    variables : list of Variable
        Species whose amounts are stated.
    """

    def __init__(self, parent: Parent) -> None:
        self.parent = parent
        self.species = [
            Species(ion, site.charge(ion), number, amount)
            for number, site in enumerate(parent.sites)
            for ion, amount in site.amounts.items()
        ]
        self.variables: list[Variable] = []

    def host(self, site: ParentSite, ion: str) -> int:
        """Return the number of a host ion."""
        number = self.parent.sites.index(site)
        return next(
            i
            for i, s in enumerate(self.species)
            if s.site == number and s.element == ion and s.replaces is None
        )

    def capacity(self, site: ParentSite, host: str) -> float:
        """Return how much of a dopant a host ion can make room for, per formula unit."""
        return site.capacity if host == "Li" else site.amounts[host]

    def set(self, site: ParentSite, host: str, values: tuple[float, ...]) -> None:
        """State the amounts of a host ion; what it leaves empty is vacant."""
        self.variables.append(Variable(self.host(site, host), values, is_dopant=False))

    def add(
        self, site: ParentSite, host: str, ion: str, charge: int, values: tuple[float, ...] | None
    ) -> int:
        """Add a dopant with its amounts (None when it is solved for); return its number."""
        number = self.parent.sites.index(site)
        self.species.append(Species(ion, charge, number, 0.0, self.host(site, host)))
        if values is not None:
            ordered = tuple(sorted(values, key=lambda v: v > 0))
            self.variables.append(Variable(len(self.species) - 1, ordered, is_dopant=True))
        return len(self.species) - 1

    def _rank(self, species: Species) -> tuple[int, bool, bool]:
        """Return where an ion is written: dopants last on their site, but Al before Ti in LATP."""
        before = self.parent.family == "nasicon" and self.parent.sites[species.site].name == "M"
        is_dopant = species.replaces is not None
        return species.site, species.element != "Li", is_dopant != before

    def ordered(self, balance: int) -> Substitutions:
        """Return the species site by site, lithium first, with all numbers following."""
        order = sorted(range(len(self.species)), key=lambda i: self._rank(self.species[i]))
        new = {old: i for i, old in enumerate(order)}
        species = tuple(
            Species(s.element, s.charge, s.site, s.amount, _renumbered(s.replaces, new))
            for s in (self.species[i] for i in order)
        )
        variables = tuple(Variable(new[v.species], v.values, v.is_dopant) for v in self.variables)
        return Substitutions(self.parent, species, variables, new[balance])


def _renumbered(number: int | None, new: Mapping[int, int]) -> int | None:
    return None if number is None else new[number]
