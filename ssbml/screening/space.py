"""A search space: hosts, dopants, ways of making, and what is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.chemistry.site_fit import Proposal
from ssbml.errors import SpaceError
from ssbml.screening.candidates import Candidates
from ssbml.screening.enumeration import Tally, list_compositions
from ssbml.screening.goals import GOAL_KEYS, Goals
from ssbml.screening.host_choice import read_hosts
from ssbml.screening.limits import LIMIT_KEYS, Limits, read_limits
from ssbml.screening.neutrality import SLACK
from ssbml.screening.processes import Processes, read_processes
from ssbml.screening.sampling import Sampler
from ssbml.screening.scalars import count, flag, plain
from ssbml.screening.sites import SiteReader
from ssbml.screening.size import MAX_WAYS, Size, shown
from ssbml.screening.substitutions import Substitutions
from ssbml.screening.ways import Ways, list_ways, valid_ways
from ssbml.screening.wishes import parse_goals
from ssbml.screening.yaml_text import Document, read_yaml
from ssbml.vocabulary import closest

SPACE_KEYS = (
    "host",
    "sites",
    "charge_balance",
    *LIMIT_KEYS,
    "process",
    "fixed",
    *GOAL_KEYS,
    "budget",
    "seed",
    "force",
)
"""Everything that a search space may state."""

GARNET_DOUBTFUL_LI = 7.0
"""Li per formula unit above which a garnet is doubtful."""

_SHOWN_REASONS = 6


@dataclass(frozen=True)
class SearchSpace:
    """Recipes to choose from, and what to look for among them.

    Made by `from_yaml` or `from_dict`.

    Attributes
    ----------
    hosts : tuple of Substitutions
        What may sit on the sites of each host, and what is solved for neutrality.
    processes : Processes
        The ways of making.
    limits : Limits
        What a composition may not leave.
    goals : Goals
        Objectives, constraints, attitude to risk.
    budget : int or None
        Recipes that are listed or sampled at most.
    seed : int
        Seed of the sampling.
    proposals : tuple of Proposal
        Ions that ``sites: auto`` proposed, with reasons.

    Examples
    --------
    >>> space = SearchSpace.from_dict(
    ...     {"host": "Li7La3Zr2O12", "sites": {"Zr": {"Ta": [0, 0.4]}},
    ...      "process": {"sintering_temp_c": {"from": 1100, "to": 1150, "step": 25}}})
    >>> print(space.size)
    2 combinations of amounts x 3 ways of making = 6 recipes
    >>> space.candidates().formulas.tolist()
    ['Li7La3Zr2O12', 'Li6.6La3Zr1.6Ta0.4O12']
    """

    hosts: tuple[Substitutions, ...]
    processes: Processes
    limits: Limits
    goals: Goals
    budget: int | None = None
    seed: int = 0
    proposals: tuple[Proposal, ...] = ()
    _remarks: tuple[str, ...] = ()
    _document: Document = field(default_factory=lambda: Document({}), repr=False)

    @classmethod
    def from_yaml(cls, given: str | Path) -> SearchSpace:
        """Return the search space in a YAML file or text.

        Parameters
        ----------
        given : str or Path
            A file, or the text itself.

        Raises
        ------
        SpaceError
            Naming file, line, key, value, what is allowed and the nearest valid choice.
        """
        return cls._from_document(read_yaml(given))

    @classmethod
    def from_dict(cls, space: Mapping[str, Any]) -> SearchSpace:
        """Return the search space in a mapping with the keys of the YAML form.

        Raises
        ------
        SpaceError
            Naming key, value, what is allowed and the nearest valid choice.
        """
        if not isinstance(space, Mapping):
            raise SpaceError((), None, "a search space is a mapping of keys to values")
        return cls._from_document(Document(plain(space)))

    @classmethod
    def _from_document(cls, document: Document) -> SearchSpace:
        try:
            return cls._read(document)
        except SpaceError as error:
            raise _located(error, document) from None

    @classmethod
    def _read(cls, document: Document) -> SearchSpace:
        space = document.data
        _check_keys(space)
        parents, remarks = read_hosts(space["host"])
        force = flag(space.get("force", False), ("force",))
        reader = SiteReader(parents, force, remarks, [])
        hosts = reader.read(space.get("sites"), space.get("charge_balance", "Li"))
        budget, seed = space.get("budget"), space.get("seed", 0)
        made = cls(
            hosts=hosts,
            processes=read_processes(space.get("process"), space.get("fixed")),
            limits=read_limits(space, parents),
            goals=parse_goals(space),
            budget=None if budget is None else count(budget, ("budget",)),
            seed=0 if seed == 0 else count(seed, ("seed",)),
            proposals=tuple(reader.proposals),
            _remarks=tuple(dict.fromkeys(reader.warnings)),
            _document=document,
        )
        if made.processes.size <= MAX_WAYS:
            _ = made._ways
        return made

    @cached_property
    def size(self) -> Size:
        """How large the space is; nothing is listed to know it."""
        sizes = [host.combinations(self.limits.max_dopants).size for host in self.hosts]
        return Size(sum(sizes), self.processes.size)

    @property
    def family(self) -> str:
        """Host family of all compositions."""
        return self.hosts[0].parent.family

    @property
    def proposed(self) -> tuple[str, ...]:
        """Why each ion that ``sites: auto`` proposed fits, in words."""
        return tuple(dict.fromkeys(proposal.reason for proposal in self.proposals))

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What to think twice about before anything runs."""
        if self.processes.size > MAX_WAYS:
            return self._remarks
        ways = self._ways
        return (
            *self._remarks,
            *(f"{n:,} of {len(ways.table):,} ways: {text}" for text, n in ways.doubtful.items()),
        )

    @cached_property
    def _ways(self) -> Ways:
        return list_ways(self.processes, self.hosts[0].parent)

    def candidates(self) -> Candidates:
        """Return the recipes that can exist, all of them or a sample within the budget.

        Raises
        ------
        SpaceError
            The space is too large to list and has no budget, or no candidate is left.
        """
        try:
            sampled = self.size.is_sampled(self.budget)
            found = self._sampled() if sampled else self._listed()
            if not len(found):
                raise self._nothing(found.dropped)
        except SpaceError as error:
            raise _located(error, self._document) from None
        return found

    def _listed(self) -> Candidates:
        ways = self._ways
        tally = Tally()
        products = sum(host.combinations(None).size for host in self.hosts)
        for reason, n in ways.dropped.items():
            tally.count(reason, n * products)
        matrix, formulas = list_compositions(self.hosts, self.limits, tally, len(ways.table))
        return Candidates(
            family=self.family,
            compositions=matrix,
            formulas=formulas,
            processes=ways.table,
            dropped=tally.dropped,
            composition_notes=self._lithium_notes(matrix),
            process_notes=ways.notes,
        )

    def _sampled(self) -> Candidates:
        tally = Tally()
        sampler = Sampler(self.hosts, self.limits, self.processes)
        sample = sampler.draw(self.budget or 0, self.seed, tally)
        ways = valid_ways(sample.ways, self.hosts[0].parent)
        return Candidates(
            family=self.family,
            compositions=sample.matrix,
            formulas=sample.formulas,
            processes=ways.table,
            dropped=tally.dropped,
            chosen=sample.composition * len(ways.table) + sample.way,
            composition_notes=self._lithium_notes(sample.matrix),
            process_notes=ways.notes,
        )

    def _lithium_notes(self, matrix: FloatArray) -> NDArray[np.object_]:
        notes = np.full(len(matrix), "", dtype=object)
        if self.family == "garnet":
            lithium = matrix[:, element_index()["Li"]] / self.hosts[0].parent.units
            notes[lithium > GARNET_DOUBTFUL_LI + SLACK] = (
                f"more than {GARNET_DOUBTFUL_LI:g} Li per formula unit is doubtful in a garnet"
            )
        return notes

    def _nothing(self, dropped: Mapping[str, int]) -> SpaceError:
        ranked = sorted(dropped.items(), key=lambda item: -item[1])[:_SHOWN_REASONS]
        reasons = "; ".join(f"{reason} ({shown(n)})" for reason, n in ranked)
        worst = ranked[0][0] if ranked else ""
        key = "charge_balance" if worst.startswith("cannot balance") else "sites"
        hint = next((text for start, text in _ADVICE.items() if worst.startswith(start)), "")
        return SpaceError((key,), None, f"no candidate is left; dropped were: {reasons}", hint)


_ADVICE = {
    "cannot balance": "use less of the dopants that take up charge, or solve for another ion",
    "more than": "write 0 among the amounts of every dopant, or allow more max_dopants",
    "Li above": "use less of the dopants of lower charge",
    "Li below": "use less of the dopants of higher charge",
}


def _check_keys(space: Mapping[str, Any]) -> None:
    for key in space:
        if key not in SPACE_KEYS:
            like = closest(str(key), SPACE_KEYS)
            raise SpaceError(
                (str(key),),
                None,
                f"a search space has no such key; known are {', '.join(SPACE_KEYS)}",
                f"did you mean {like}?" if like else "",
            )
    if space.get("host") is None:
        raise SpaceError(("host",), None, "a host is needed", "for example host: Li7La3Zr2O12")


def _located(error: SpaceError, document: Document) -> SpaceError:
    if error.line is not None or not document.lines:
        return error
    return error.located(document.source, document.line(error.path))
