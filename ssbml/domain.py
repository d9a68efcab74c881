"""Whether a recipe lies inside what the data support, and how far outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.charge import FAR_IMBALANCE
from ssbml.chemistry.elements import FloatArray
from ssbml.chemistry.labels import Labels
from ssbml.errors import ModelError
from ssbml.features.base import FeatureMatrix
from ssbml.features.composition import FRACTION_ELEMENTS

FRACTIONS = tuple(f"fraction_{e}" for e in FRACTION_ELEMENTS)
"""Columns in which chemical distance is measured."""

RANGED: dict[str, tuple[str, float]] = {
    "sintering_temp_c": ("sintering_temp_c", 150.0),
    "calcination_temp_c": ("calcination_temp_c", 200.0),
    "log10_sintering_time_h": ("sintering_time_h", 1.0),
    "inverse_temperature_1000_k": ("temperature_c", 0.5),
    "li_excess_pct": ("li_excess_pct", 40.0),
}
"""Feature, recipe field and the distance beyond the published range that counts as 1."""

HARM = ("decomposition", "lithium loss", "no reaction")
"""Columns of `firing_harm`."""

_RANGED_COLUMNS = (*RANGED, "fast_heating")
_HARM_COLUMNS = (
    "term_overfired",
    "lithium_loss",
    "mother_powder",
    "above_formation_c",
    "form_pellet",
    "sintering_method_conventional",
)
_OF_SLOW_FIRING = [
    i for i, name in enumerate(RANGED) if name in ("sintering_temp_c", "log10_sintering_time_h")
]
_HARMFUL_LOSS = 0.5
_HARMFUL_OVERFIRING = 0.8
_HARMFUL_COLD_C = 200.0
_COMPILED_FROM_ROWS = 400

MIN_ROWS = 8
"""Published compositions or values of a family below which all families together stand in."""

POOLED = "*"
"""Name of all families together."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Published compositions and processing ranges per family.

    Attributes
    ----------
    families : array of str, shape (m,)
        Family of each indexed composition.
    fractions : float32 array, shape (m, n_elements)
        Atomic fractions of the indexed compositions (redistributable sources only).
    edges : dict of str to float
        Chemical distance that counts as 1, per family and pooled (``*``), which none exceeds.
    ranges : dict of str to array, shape (n_ranged, 2)
        Published range of each column of `RANGED`, NaN where there is too little data.
    """

    families: NDArray[np.str_]
    fractions: NDArray[np.float32]
    edges: dict[str, float]
    ranges: dict[str, FloatArray]

    def distance(self, matrix: FeatureMatrix, families: Sequence[str]) -> FloatArray:
        """Return the domain distance of n recipes; 1 is the edge.

        The largest of: distance of the composition to the nearest published one of its family (sum
        of absolute differences of atomic fractions, elements that the features do not know counting
        in full, over the family's edge); distance of each processing value beyond the family's
        published range; charge imbalance over 5 % of the cation charge; harm done by the firing
        (`firing_harm`).

        Parameters
        ----------
        matrix : FeatureMatrix
            Features of the recipes.
        families : sequence of str
            Host family of each row.

        Returns
        -------
        array, shape (n,)
        """
        labels = Labels.of(families)
        composition = ("relative_charge_imbalance", *FRACTIONS)
        chemistry, rows, kinds = _distinct(matrix, composition, labels)
        imbalance = np.nan_to_num(chemistry[:, 0] / FAR_IMBALANCE)
        fractions = np.ascontiguousarray(chemistry[:, 1:])
        chemical = np.maximum(self._chemical(fractions, kinds), imbalance)[rows]
        firing, rows, kinds = _distinct(matrix, (*_RANGED_COLUMNS, *_HARM_COLUMNS), labels)
        n = len(_RANGED_COLUMNS)
        beyond = self._beyond(firing[:, :n], kinds).max(axis=1)
        harm = _harm(firing[:, n:]).max(axis=1)
        return np.asarray(np.maximum(chemical, np.maximum(beyond, harm)[rows]), dtype=float)

    def chemical_distance(self, matrix: FeatureMatrix, families: Sequence[str]) -> FloatArray:
        """Return the part of `distance` that the composition alone makes, without its charge.

        Returns
        -------
        array, shape (n,)
        """
        fractions = np.ascontiguousarray(matrix.select(FRACTIONS))
        return self._chemical(fractions, Labels.of(families))

    def beyond_range(self, matrix: FeatureMatrix, families: Sequence[str]) -> FloatArray:
        """Return how far each column of `RANGED` lies beyond the published range.

        Values inside the range give 0; 1 and more means outside the domain. Blanks give 0, and so
        do temperature and time of fast methods, which have ranges of their own.

        Returns
        -------
        array, shape (n, n_ranged)
        """
        return self._beyond(matrix.select(_RANGED_COLUMNS), Labels.of(families))

    def _beyond(self, columns: FloatArray, labels: Labels) -> FloatArray:
        """Return `beyond_range` of `_RANGED_COLUMNS`."""
        values, fast = columns[:, :-1], columns[:, -1] == 1.0
        scale = np.array([scale for _, scale in RANGED.values()])
        out = np.zeros(values.shape)
        for family, rows in labels.groups():
            limits = self.ranges.get(family, self.ranges[POOLED])
            limits = np.where(np.isnan(limits), self.ranges[POOLED], limits)
            excess = np.maximum(limits[:, 0] - values[rows], values[rows] - limits[:, 1])
            out[rows] = np.maximum(np.nan_to_num(excess, nan=0.0), 0.0) / scale
        out[np.ix_(fast, _OF_SLOW_FIRING)] = 0.0
        return out

    def _chemical(self, fractions: FloatArray, labels: Labels) -> FloatArray:
        out = np.zeros(len(fractions))
        for family, rows in labels.groups():
            members = self.fractions[self.families == family]
            if len(members) < MIN_ROWS:
                members, edge = self.fractions, self.edges[POOLED]
            else:
                edge = self.edges.get(family, self.edges[POOLED])
            unlisted = 1.0 - fractions[rows].sum(axis=1)
            out[rows] = (_nearest(fractions[rows], members) + unlisted) / edge
        return np.nan_to_num(out, nan=1.0)

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the domain as named arrays for an ``.npz`` file."""
        edges, ranges = sorted(self.edges), sorted(self.ranges)
        return {
            f"{prefix}.families": self.families,
            f"{prefix}.fractions": self.fractions,
            f"{prefix}.edge_names": np.array(edges, dtype=np.str_),
            f"{prefix}.edges": np.array([self.edges[e] for e in edges]),
            f"{prefix}.range_names": np.array(ranges, dtype=np.str_),
            f"{prefix}.ranges": np.stack([self.ranges[r] for r in ranges]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> Domain:
        """Return the domain stored under ``prefix``.

        Raises
        ------
        ModelError
            Something is missing or damaged.
        """
        names = ("families", "fractions", "edge_names", "edges", "range_names", "ranges")
        try:
            found = {name: arrays[f"{prefix}.{name}"] for name in names}
        except KeyError as error:
            raise ModelError(f"the model holds no domain {error}") from None
        fractions = found["fractions"]
        if fractions.ndim != 2 or fractions.shape[1] != len(FRACTIONS):
            raise ModelError("the domain of the model is damaged")
        return cls(
            found["families"],
            fractions,
            dict(zip(found["edge_names"].tolist(), found["edges"].tolist(), strict=True)),
            dict(zip(found["range_names"].tolist(), found["ranges"], strict=True)),
        )


def firing_harm(matrix: FeatureMatrix) -> FloatArray:
    """Return how much the firing harms the phase; 1 and more means outside the domain.

    Fired 80 °C and more above decomposition; half of the lithium expected to be lost and no mother
    powder to replace it (`ssbml.features.physics.lithium_loss`); a pellet fired conventionally
    200 °C and more below the temperature at which its phase forms
    (Chem. Soc. Rev. 54 (2025) 8925 sections 2.1 and 2.3).

    Parameters
    ----------
    matrix : FeatureMatrix
        Features of n recipes.

    Returns
    -------
    array, shape (n, 3)
        Columns as in `HARM`; 0 where the recipe does not say.
    """
    return _harm(matrix.select(_HARM_COLUMNS))


def _harm(columns: FloatArray) -> FloatArray:
    """Return `firing_harm` of `_HARM_COLUMNS`."""
    over, loss, buried, above, pellet, conventional = columns.T
    cold = (pellet == 1.0) & (conventional == 1.0)
    return np.column_stack(
        [
            over / _HARMFUL_OVERFIRING,
            np.where(buried == 1.0, 0.0, np.nan_to_num(loss)) / _HARMFUL_LOSS,
            np.where(cold, np.maximum(np.nan_to_num(-above), 0.0), 0.0) / _HARMFUL_COLD_C,
        ]
    )


def _distinct(
    matrix: FeatureMatrix, names: tuple[str, ...], labels: Labels
) -> tuple[FloatArray, NDArray[np.intp], Labels]:
    """Return some columns without repeats, the row of each recipe in them, and their labels."""
    if len(labels.names) != 1:
        return matrix.select(names), np.arange(len(matrix)), labels
    values, rows = matrix.distinct(names)
    return values, rows, Labels.repeated(labels.names[0], len(values))


def _nearest(queries: FloatArray, members: NDArray[np.float32]) -> FloatArray:
    """Return the distance to the nearest member, adding column by column in float32."""
    if len(queries) >= _COMPILED_FROM_ROWS:
        from ssbml.estimators.compiled import nearest

        return nearest(queries, members)
    gaps = np.zeros((len(queries), len(members)), dtype=np.float32)
    for query, member in zip(queries.T.astype(np.float32), members.T, strict=True):
        gaps += np.abs(query[:, None] - member)
    return np.asarray(gaps.min(axis=1), dtype=float)
