"""Host features: which ions sit on which site, lithium and vacancies, size mismatch, charge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ssbml.chemistry.charge import charge_imbalance, relative_imbalance, usual_charges
from ssbml.chemistry.elements import (
    FloatArray,
    element_index,
    element_table,
    shannon_radius_a,
)
from ssbml.chemistry.hosts import ANIONS, HOSTS, Host, Site
from ssbml.chemistry.labels import Labels
from ssbml.features.base import FeatureMatrix, from_columns
from ssbml.vocabulary import VOCABULARIES

_MAX_SITES = 3
_SITE_FEATURES = (
    "total",
    "vacancies",
    "mean_radius_a",
    "radius_spread_a",
    "radius_mismatch_a",
    "mean_charge",
    "mean_electronegativity",
    "host_ion_share",
    "n_ions",
)
_OXIDE_RADIUS_A = 1.40


@dataclass(frozen=True, slots=True)
class _SiteArrays:
    """A site as arrays over its ions."""

    columns: np.ndarray[tuple[int], np.dtype[np.intp]]
    radius: FloatArray
    charge: FloatArray
    known: NDArray[np.bool_]
    electronegativity: FloatArray
    host_radius: float
    capacity: float


@lru_cache(maxsize=64)
def _site_arrays(family: str, number: int) -> _SiteArrays:
    site: Site = HOSTS[family].sites[number]
    columns = np.array([element_index()[ion] for ion in site.ions])
    charge = usual_charges(site.charges)[columns]
    radius = np.array(
        [
            shannon_radius_a(ion, int(q), site.coordination)
            for ion, q in zip(site.ions, charge, strict=True)
        ]
    )
    return _SiteArrays(
        columns,
        radius,
        charge,
        np.array(~np.isnan(radius)),
        np.nan_to_num(element_table().electronegativity[columns]),
        float(radius[0]),
        site.capacity,
    )


def host_names() -> tuple[str, ...]:
    """Return the names of the host features."""
    general = ("li_per_formula", "li_per_anion", "charge_imbalance", "relative_charge_imbalance")
    sites = tuple(f"site{i}_{f}" for i in range(_MAX_SITES) for f in _SITE_FEATURES)
    return (*general, "tolerance_factor", "unplaced_share", *sites)


def host_features(compositions: FloatArray, families: Sequence[str]) -> FeatureMatrix:
    """Return the crystal-chemical features of compositions in their hosts.

    The formula unit is scaled to the anions of the host (garnet O12, NASICON O12, perovskite O3
    ...). Site 0 is the lithium site (perovskite: A), site 1 the next cation site, and so on; sites
    that a host lacks are NaN. Radii are Shannon's (Acta Cryst. A32 (1976) 751). The tolerance
    factor is Goldschmidt's, (rA + rO) / (sqrt(2) (rB + rO)), for perovskites only.

    Parameters
    ----------
    compositions : array, shape (n, n_elements)
        Amounts per formula as written.
    families : sequence of str
        Host family of each row.

    Returns
    -------
    FeatureMatrix
    """
    names = host_names()
    out = np.full((len(compositions), len(names)), np.nan)
    column = {name: i for i, name in enumerate(names)}
    labels = Labels.of(families)
    imbalance = charge_imbalance(compositions)
    out[:, column["relative_charge_imbalance"]] = relative_imbalance(compositions, imbalance)
    for family in labels.names:
        rows = np.flatnonzero(labels.equal(family))
        host = HOSTS[family]
        scaled, factor = _scaled(compositions[rows], host)
        out[rows, column["li_per_formula"]] = scaled[:, element_index()["Li"]]
        out[rows, column["li_per_anion"]] = scaled[:, element_index()["Li"]] / host.anions
        out[rows, column["charge_imbalance"]] = imbalance[rows] * factor
        placed = np.zeros(len(rows))
        for number in range(len(host.sites)):
            values = _site_values(scaled, _site_arrays(family, number))
            placed += values["total"]
            for name, cells in values.items():
                out[rows, column[f"site{number}_{name}"]] = cells
        cations = _sum_of(scaled, set(element_index()) - set(ANIONS))
        out[rows, column["unplaced_share"]] = 1.0 - placed / np.maximum(cations, 1e-12)
        if family == "perovskite":
            r_a = out[rows, column["site0_mean_radius_a"]]
            r_b = out[rows, column["site1_mean_radius_a"]]
            out[rows, column["tolerance_factor"]] = (r_a + _OXIDE_RADIUS_A) / (
                np.sqrt(2.0) * (r_b + _OXIDE_RADIUS_A)
            )
    return FeatureMatrix(names, out)


def family_features(families: Sequence[str]) -> FeatureMatrix:
    """Return one column a family, 1 where the recipe belongs to it, else 0."""
    labels = Labels.of(families)
    return from_columns(
        {f"family_{f}": labels.equal(f).astype(float) for f in VOCABULARIES["family"]}
    )


def _scaled(compositions: FloatArray, host: Host) -> tuple[FloatArray, FloatArray]:
    anions = _sum_of(compositions, ANIONS)
    factor = host.anions / np.where(anions > 0, anions, np.nan)
    return compositions * factor[:, None], factor


def _sum_of(compositions: FloatArray, symbols: Iterable[str]) -> FloatArray:
    """Return the sum of some elements, added in the order of the columns."""
    total = np.zeros(len(compositions))
    used: NDArray[np.bool_] = np.any(compositions > 0, axis=0)
    for column in sorted(element_index()[symbol] for symbol in symbols):
        if used[column]:
            total += compositions[:, column]
    return total


def _site_values(scaled: FloatArray, site: _SiteArrays) -> dict[str, FloatArray]:
    """Return the values of a site, adding ion by ion; ions that no row holds change nothing."""
    columns = {i: scaled[:, c] for i, c in enumerate(site.columns) if i == 0 or scaled[:, c].any()}
    zero = np.zeros(len(scaled))
    total, n_ions = zero.copy(), zero.copy()
    for amount in columns.values():
        total += amount
        n_ions += amount > 0
    whole = np.where(total > 0, total, np.nan)
    share = {i: amount / whole for i, amount in columns.items()}
    charge, electronegativity, weight, radius = (zero.copy() for _ in range(4))
    for i, part in share.items():
        charge += part * site.charge[i]
        electronegativity += part * site.electronegativity[i]
        if site.known[i]:
            weight += part
            radius += part * site.radius[i]
    weight = np.where(weight > 0, weight, np.nan)
    mean_radius = radius / weight
    spread = zero.copy()
    for i, part in share.items():
        if site.known[i]:
            spread += part * (site.radius[i] - mean_radius) ** 2
    return {
        "total": total,
        "vacancies": site.capacity - total,
        "mean_radius_a": mean_radius,
        "radius_spread_a": np.sqrt(spread / weight),
        "radius_mismatch_a": mean_radius - site.host_radius,
        "mean_charge": charge,
        "mean_electronegativity": electronegativity,
        "host_ion_share": share[0],
        "n_ions": n_ions,
    }
