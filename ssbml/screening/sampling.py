"""Samples of spaces that are too large to list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, element_index
from ssbml.screening.combinations import IntArray
from ssbml.screening.distinct import as_rows, distinct_rows, take_rows
from ssbml.screening.enumeration import Tally, existing
from ssbml.screening.formulas import DECIMALS, write_formulas
from ssbml.screening.limits import Limits
from ssbml.screening.neutrality import compositions_of
from ssbml.screening.processes import Processes
from ssbml.screening.runs import contradictions
from ssbml.screening.substitutions import Substitutions

if TYPE_CHECKING:
    import pandas as pd

DRAWN_TWICE = "drawn twice"
_MAX_ROUNDS = 16
_FEWEST_A_ROUND = 2**8
_MOST_A_ROUND = 2**17


@dataclass(frozen=True, slots=True)
class Sample:
    """Pairs of a composition and a way of making it.

    Attributes
    ----------
    matrix : array, shape (m, n_elements)
        Distinct compositions, amounts per formula unit.
    formulas : array of str, shape (m,)
    ways : DataFrame
        k distinct ways, raw recipe columns.
    composition, way : int arrays, shape (n,)
        The pairs, none twice, in the order in which they were drawn.
    """

    matrix: FloatArray
    formulas: NDArray[np.object_]
    ways: pd.DataFrame
    composition: IntArray
    way: IntArray


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws evenly from a space.

    Every combination of amounts within the dopant count, with every way of making it, is as likely
    as any other. The points are those of a scrambled Sobol sequence (Sobol, USSR Comput. Math.
    Math. Phys. 7 (1967) 86; Owen, J. Complexity 14 (1998) 466), which leave smaller gaps than
    random ones.

    Attributes
    ----------
    hosts : tuple of Substitutions
        What may sit on the sites of each host.
    limits : Limits
        What a composition may not leave.
    processes : Processes
        The ways of making.
    """

    hosts: tuple[Substitutions, ...]
    limits: Limits
    processes: Processes

    def draw(self, budget: int, seed: int, tally: Tally) -> Sample:
        """Draw until a budget of pairs can exist, or most of what is drawn cannot.

        Parameters
        ----------
        budget : int
            Pairs wanted.
        seed : int
            Seed of the scrambling.
        tally : Tally
            Counts the draws that cannot exist, or came up before.
        """
        kept = np.empty((0, self._split + self.processes.width), dtype=np.int64)
        for points in _rounds(self._split + self.processes.width, budget, seed):
            picked = self._place(points)
            both = np.concatenate([kept, picked[self._possible(picked, tally)]])
            first, _ = distinct_rows(both)
            tally.count(DRAWN_TWICE, len(both) - len(first))
            kept = both[first]
            if len(kept) >= budget:
                break
        return self._sample(kept[:budget])

    @property
    def _split(self) -> int:
        """Columns of a pick that belong to the composition: the host, then its amounts."""
        return 1 + max(len(host.variables) for host in self.hosts)

    def _place(self, points: FloatArray) -> IntArray:
        sizes = [host.combinations(self.limits.max_dopants).size for host in self.hosts]
        edges = np.cumsum([size / sum(sizes) for size in sizes])
        which = np.searchsorted(edges, points[:, 0], side="right")
        picked = np.full(points.shape, -1, dtype=np.int64)
        picked[:, 0] = np.minimum(which, len(self.hosts) - 1)
        for number, host in enumerate(self.hosts):
            rows = np.flatnonzero(picked[:, 0] == number)
            combinations = host.combinations(self.limits.max_dopants)
            end = len(host.variables) + 1
            picked[rows, 1:end] = combinations.place(points[rows, 1:end])
        picked[:, self._split :] = self.processes.sample(points[:, self._split :])
        return picked

    def _possible(self, picked: IntArray, tally: Tally) -> NDArray[np.bool_]:
        ways = self.processes.sampled_table(picked[:, self._split :])
        kept = tally.keep(contradictions(ways), len(picked))
        for number, host in enumerate(self.hosts):
            rows = np.flatnonzero(kept & (picked[:, 0] == number))
            stated = host.stated(picked[rows, 1:])
            kept[rows] = existing(host, stated, self.limits, tally)[1]
        return kept

    def _sample(self, picked: IntArray) -> Sample:
        kinds, way = distinct_rows(picked[:, self._split :])
        made, which = distinct_rows(picked[:, : self._split])
        host_of = picked[made, 0]
        matrix = np.zeros((len(made), len(element_index())), order="F")
        formulas = np.empty(len(made), dtype=object)
        for number, host in enumerate(self.hosts):
            rows = np.flatnonzero(host_of == number)
            amounts, _ = existing(host, host.stated(picked[made[rows], 1:]), self.limits, Tally())
            part = compositions_of(host, amounts)
            used = np.flatnonzero((part > 0).any(axis=0))
            matrix[np.ix_(rows, used)] = part[:, used]
            formulas[rows] = write_formulas(host, part)
        first, same = distinct_rows(as_rows(matrix, DECIMALS))
        pairs = np.column_stack([same[which], way])
        pairs = pairs[distinct_rows(pairs)[0]]
        ways = self.processes.sampled_table(picked[kinds, self._split :])
        return Sample(take_rows(matrix, first), formulas[first], ways, pairs[:, 0], pairs[:, 1])


def _rounds(width: int, budget: int, seed: int) -> Iterator[FloatArray]:
    """Yield points in the powers of two for which a Sobol sequence is balanced."""
    from scipy.stats import qmc

    engine = qmc.Sobol(width, scramble=True, seed=seed)
    a_round = min(max(1 << (budget - 1).bit_length(), _FEWEST_A_ROUND), _MOST_A_ROUND)
    enough = -(-budget // a_round) * _MAX_ROUNDS
    for _ in range(enough):
        yield engine.random(a_round)
