"""Limits that compositions of a search space must keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.elements import FloatArray, shannon_radius_a
from ssbml.chemistry.parents import Parent
from ssbml.errors import SpaceError
from ssbml.features.host import host_features
from ssbml.screening.neutrality import SLACK, compositions_of
from ssbml.screening.scalars import KeyPath, count, finite
from ssbml.screening.substitutions import Substitutions

LIMIT_KEYS = (
    "max_dopants",
    "max_substitution",
    "max_radius_mismatch",
    "tolerance_factor",
    "li_per_formula",
)
"""Keys of a search space that this module reads."""

_Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a composition may not leave; None where nothing is asked.

    Attributes
    ----------
    max_dopants : int or None
        Dopants in one composition.
    max_substitution : float or None
        Sum of all dopant amounts per formula unit.
    max_radius_mismatch : float or None
        Largest difference of the mean ionic radius on any site from that of the host, as a share of
        the latter (Shannon radii).
    tolerance_factor : tuple of float or None
        Goldschmidt's tolerance factor, perovskites only.
    li_per_formula : tuple of float or None
        Li per formula unit.
    """

    max_dopants: int | None = None
    max_substitution: float | None = None
    max_radius_mismatch: float | None = None
    tolerance_factor: _Range | None = None
    li_per_formula: _Range | None = None

    @property
    def too_many(self) -> str:
        """The reason for which compositions of too many dopants are dropped."""
        return f"more than {self.max_dopants} dopant{'' if self.max_dopants == 1 else 's'}"

    def failures(
        self, substitutions: Substitutions, amounts: FloatArray
    ) -> list[tuple[str, NDArray[np.bool_]]]:
        """Return which rows leave which limit.

        Parameters
        ----------
        substitutions : Substitutions
            Host and dopants.
        amounts : array, shape (n, number of species)
            Amounts per formula unit.

        Returns
        -------
        list of (str, bool array of shape (n,))
            Reason and rows, in order of checking.
        """
        species = substitutions.species
        dopants = amounts[:, [i for i, s in enumerate(species) if s.replaces is not None]]
        found: list[tuple[str, NDArray[np.bool_]]] = []
        if self.max_dopants is not None:
            many = (dopants > 0).sum(axis=1) > self.max_dopants
            found.append((self.too_many, many))
        if self.max_substitution is not None:
            much = dopants.sum(axis=1) > self.max_substitution + SLACK
            found.append((f"substitution above {self.max_substitution:g} in total", much))
        if self.max_radius_mismatch is not None:
            apart = _mismatch(substitutions, amounts) > self.max_radius_mismatch + SLACK
            found.append((f"radius mismatch above {self.max_radius_mismatch:g}", apart))
        if self.li_per_formula is not None:
            lithium = amounts[:, [i for i, s in enumerate(species) if s.element == "Li"]]
            found.append(_outside("Li per formula", lithium.sum(axis=1), self.li_per_formula))
        if self.tolerance_factor is not None:
            features = host_features(
                compositions_of(substitutions, amounts),
                [substitutions.parent.family] * len(amounts),
            )
            factor = features.select(("tolerance_factor",))[:, 0]
            found.append(_outside("tolerance factor", factor, self.tolerance_factor))
        return found


def read_limits(space: Mapping[str, Any], parents: Sequence[Parent]) -> Limits:
    """Return the limits that a search space states.

    Raises
    ------
    SpaceError
        A limit of the wrong kind, a range the wrong way round, or a tolerance factor asked of
        something else than a perovskite.
    """
    if space.get("tolerance_factor") is not None:
        for parent in parents:
            if parent.family != "perovskite":
                raise SpaceError(
                    ("tolerance_factor",),
                    space["tolerance_factor"],
                    f"only perovskites have one, and {parent.formula} is of family {parent.family}",
                    "leave the key out",
                )
    dopants = space.get("max_dopants")
    if dopants is not None and dopants != 0:
        dopants = count(dopants, ("max_dopants",))
    return Limits(
        max_dopants=dopants,
        max_substitution=_amount(space, "max_substitution"),
        max_radius_mismatch=_amount(space, "max_radius_mismatch"),
        tolerance_factor=_range(space, "tolerance_factor"),
        li_per_formula=_range(space, "li_per_formula"),
    )


def _outside(name: str, values: FloatArray, limits: _Range) -> tuple[str, NDArray[np.bool_]]:
    low, high = limits
    inside = (values >= low - SLACK) & (values <= high + SLACK)
    return f"{name} outside {low:g} to {high:g}", ~inside


def _mismatch(substitutions: Substitutions, amounts: FloatArray) -> FloatArray:
    """Return the largest relative change of the mean radius on any site."""
    species, parent = substitutions.species, substitutions.parent
    worst = np.zeros(len(amounts))
    for number, site in enumerate(parent.sites):
        here = [i for i, s in enumerate(species) if s.site == number]
        radii = np.array(
            [
                shannon_radius_a(species[i].element, species[i].charge, site.coordination)
                for i in here
            ]
        )
        known = ~np.isnan(radii)
        columns = np.array(here)[known]
        host = np.array([species[i].amount for i in columns])
        if not host.sum() > 0:
            continue
        filled = amounts[:, columns]
        total = filled.sum(axis=1)
        mean = filled @ radii[known] / np.where(total > 0, total, np.nan)
        before = host @ radii[known] / host.sum()
        worst = np.fmax(worst, np.abs(mean / before - 1.0))
    return worst


def _amount(space: Mapping[str, Any], key: str) -> float | None:
    if space.get(key) is None:
        return None
    value = finite(space[key], (key,))
    if value < 0:
        raise SpaceError((key,), value, "a limit is not negative")
    return value


def _range(space: Mapping[str, Any], key: str) -> _Range | None:
    given = space.get(key)
    path: KeyPath = (key,)
    if given is None:
        return None
    if isinstance(given, Mapping) and set(given) == {"from", "to"}:
        given = [given["from"], given["to"]]
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise SpaceError(
            path, given, "two numbers are expected", "write [6, 7] or {from: 6, to: 7}"
        )
    low, high = (finite(v, path) for v in given)
    if low > high:
        raise SpaceError(path, given, "the first number is above the second")
    return low, high
