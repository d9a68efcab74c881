"""Random spaces: every candidate is neutral, holds lithium, and over-fills no site.

Charges and positions are written out here once more, so that an error in the package's own tables
shows. Hosts are those listed by name, and hosts that a user types: doped compositions with rounded
amounts, and sites written out, neutral through lithium, a vacancy or another ion.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ssbml.chemistry.elements import element_table
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import SpaceError
from ssbml.screening.candidates import Candidates
from ssbml.screening.space import SearchSpace

CHARGES = {
    "Li": 1, "Na": 1, "Mg": 2, "Ca": 2, "Sr": 2, "Ba": 2, "Zn": 2, "Al": 3, "Ga": 3, "In": 3,
    "Sc": 3, "Y": 3, "La": 3, "Nd": 3, "Gd": 3, "Ho": 3, "Er": 3, "Si": 4, "Ti": 4, "Ge": 4,
    "Zr": 4, "Hf": 4, "Sn": 4, "Ce": 4, "P": 5, "V": 5, "Nb": 5, "Ta": 5, "Sb": 5, "W": 6,
    "Mo": 6, "Te": 6, "O": -2, "S": -2, "F": -1, "Cl": -1, "Br": -1, "I": -1,
}  # fmt: skip

PLACES: dict[str, dict[str, tuple[float, list[str]]]] = {
    "Li7La3Zr2O12": {
        "Li": (9, ["Al", "Ga", "Zn", "Mg"]),
        "La": (3, ["Sr", "Ba", "Ca", "Nd", "Ce", "Na"]),
        "Zr": (2, ["Ta", "Nb", "W", "Mo", "Te", "Sb", "Sn", "Hf", "Y", "Sc", "In"]),
    },
    "Li5La3Ta2O12": {"La": (3, ["Sr", "Ba", "Ca"]), "Ta": (2, ["Zr", "Nb", "Sn", "W"])},
    "Li5La3Nb2O12": {"La": (3, ["Sr", "Nd"]), "Nb": (2, ["Zr", "Y", "Te"])},
    "LiTi2(PO4)3": {"Ti": (2, ["Al", "Ga", "Ge", "Zr", "Nb", "Y"]), "P": (3, ["Si"])},
    "LiGe2(PO4)3": {"Ge": (2, ["Al", "Ga", "Ti", "Sn"]), "P": (3, ["Si"])},
    "LiZr2(PO4)3": {"Zr": (2, ["Y", "Ca", "Sc", "Ta", "Mg"]), "P": (3, ["Si"])},
    "La2/3-xLi3xTiO3": {"La": (1, ["Sr", "Ca", "Ba", "Nd"]), "Ti": (1, ["Al", "Nb", "Zr"])},
    "Li-Sr-Ta-Zr-O": {"Sr": (1, ["Ba", "Ca", "La"])},
    "Li4SiO4-Li3PO4": {"Si": (1, ["P", "Ge", "Al"])},
    "Li4GeO4-Li3VO4": {"Ge": (1, ["V", "P", "Si"]), "Li": (5, ["Zn"])},
    "Li6PS5Cl": {"S": (2, ["Br", "I"]), "P": (1, ["Si", "Ge", "Sn"])},
    "Li10GeP2S12": {"Ge": (3, ["Sn", "Si"]), "S": (12, ["Cl"])},
    "Li3YCl6": {"Y": (3, ["Zr", "Er", "In"]), "Cl": (6, ["Br", "I"])},
    "Li3InCl6": {"In": (3, ["Zr", "Sc", "Y"]), "Cl": (6, ["Br", "F"])},
}
HOST_IONS = {"Sr": 0.4375, "La": 0.55}
SHARED = {
    "La2/3-xLi3xTiO3": {"La": ["Li", "La"]}, "Li-Sr-Ta-Zr-O": {"Sr": ["Li", "Sr"]},
    "Li6PS5Cl": {}, "Li10GeP2S12": {"Ge": ["Ge", "P"]},
}  # fmt: skip

seen = {"candidates": 0, "spaces": 0, "full": 0, "refused": 0}


@st.composite
def spaces(draw: st.DrawFn) -> dict[str, Any]:
    host = draw(st.sampled_from(sorted(PLACES)))
    sites: dict[str, dict[str, list[float]]] = {}
    for site, (capacity, ions) in PLACES[host].items():
        chosen = draw(st.lists(st.sampled_from(ions), max_size=3, unique=True))
        most = min(capacity, HOST_IONS.get(site, 1.0)) * draw(st.sampled_from([0.1, 0.5, 0.9]))
        if chosen:
            amounts = st.lists(
                st.floats(0, most).map(lambda v: round(v, 4)), min_size=2, max_size=6
            )
            sites[site] = {ion: [0.0, *draw(amounts)] for ion in chosen}
    space: dict[str, Any] = {"host": host, "sites": sites}
    if draw(st.booleans()):
        space["max_dopants"] = draw(st.integers(1, 4))
    if draw(st.integers(0, 4)) == 0:
        space["budget"] = draw(st.integers(5, 200))
        space["seed"] = draw(st.integers(0, 9))
    return space


def charge_sums(found: Candidates) -> np.ndarray[Any, np.dtype[np.float64]]:
    charges = np.array([CHARGES.get(s, np.nan) for s in element_table().symbols])
    used = (found.compositions > 0).any(axis=0)
    return np.asarray(found.compositions[:, used] @ charges[used])


def check_sites(space: dict[str, Any], found: Candidates) -> None:
    column = {s: i for i, s in enumerate(element_table().symbols)}
    host = space["host"]
    if host == "Li6PS5Cl":
        free = found.compositions[:, [column[s] for s in ("S", "Cl", "Br", "I")]].sum(axis=1)
        assert np.allclose(free, 6.0)
        return
    for site, (capacity, _) in PLACES[host].items():
        own = SHARED.get(host, {}).get(site, [site])
        here = [column[s] for s in {*own, *space["sites"].get(site, {})}]
        assert found.compositions[:, here].sum(axis=1).max() <= capacity + 1e-9


@settings(max_examples=260)
@given(spaces())
def every_candidate_can_exist(space: dict[str, Any]) -> None:
    seen["spaces"] += 1
    read = SearchSpace.from_dict(space)
    try:
        found = read.candidates()
    except SpaceError as error:
        seen["refused"] += "no candidate is left" in str(error)
        return
    seen["full"] += 1
    seen["candidates"] += len(found)
    assert np.abs(charge_sums(found)).max() < 1e-6
    assert found.compositions.min() >= 0
    lithium = found.compositions[:, element_table().symbols.index("Li")]
    assert lithium.min() > 0
    if read.family == "garnet":
        assert lithium.max() <= 7.5 + 1e-9
    if read.family == "nasicon":
        assert lithium.max() <= 4 + 1e-9
    check_sites(space, found)
    assert len(set(found.formulas)) == len(found.formulas)
    for row in range(0, len(found.formulas), max(len(found.formulas) // 5, 1)):
        amounts = parse_formula(found.formulas[row])
        assert abs(sum(CHARGES[s] * a for s, a in amounts.items())) < 0.01
        exact = dict(zip(element_table().symbols, found.compositions[row], strict=True))
        assert all(abs(exact[s] - a) < 1e-6 for s, a in amounts.items())
    if "budget" not in space:
        products = read.hosts[0].combinations(None).size
        assert len(found) + sum(found.dropped.values()) == products


def test_every_candidate_of_random_spaces_can_exist() -> None:
    seen.update(dict.fromkeys(seen, 0))
    every_candidate_can_exist()
    assert seen["candidates"] >= 10_000, seen
    assert seen["refused"] < seen["spaces"] / 4, seen
    assert seen["full"] + seen["refused"] == seen["spaces"], seen


TYPED_SITES = {
    "garnet": {"Li": 9.0, "La": 3.0, "Zr": 2.0},
    "nasicon": {"Ti": 2.0, "P": 3.0},
    "perovskite": {"La": 1.0, "Ti": 1.0},
}
TYPED_IONS = {
    "garnet": {"Li": ["Ga"], "La": ["Sr", "Ba"], "Zr": ["Nb", "W", "Y"]},
    "nasicon": {"Ti": ["Ge", "Ga", "Nb"], "P": ["Si"]},
    "perovskite": {"La": ["Sr", "Nd"], "Ti": ["Zr", "Nb"]},
}
TYPED_MEMBERS = {
    "garnet": {"Li": ["Li", "Al", "Ga"], "La": ["La", "Sr", "Ba"],
               "Zr": ["Zr", "Ta", "Nb", "W", "Y"]},
    "nasicon": {"Ti": ["Ti", "Al", "Ge", "Ga", "Nb"], "P": ["P", "Si"]},
    "perovskite": {"La": ["Li", "La", "Sr", "Nd"], "Ti": ["Ti", "Zr", "Nb"]},
}  # fmt: skip


@st.composite
def typed_spaces(draw: st.DrawFn) -> tuple[str, dict[str, float], dict[str, Any]]:
    """Return family, the amounts that the host keeps of its own dopants, and the space."""
    family = draw(st.sampled_from(sorted(TYPED_IONS)))
    digits = draw(st.integers(2, 4))
    x, y = (round(draw(st.floats(0.05, top)), digits) for top in (0.1, 0.5))
    lithium = round(7 - 3 * x - y, digits)
    zr = round(2 - y, digits)
    host: Any = {
        "garnet": f"Li{lithium}Al{x}La3Zr{zr}Ta{y}O12",
        "nasicon": f"Li{round(1 + y, digits)}Al{y}Ti{round(2 - y, digits)}(PO4)3",
        "perovskite": f"Li{round(3 * x, digits)}La{round(2 / 3 - x, digits)}TiO3",
    }[family]
    if family == "garnet" and draw(st.booleans()):
        host = {"sites": {"Li": {"ions": {"Li": lithium, "Al": x}, "capacity": 9,
                                 "coordination": 4},
                          "La": {"La": 3}, "Zr": {"Zr": zr, "Ta": y}, "O": {"O": 12}},
                "family": "garnet"}  # fmt: skip
    balances: dict[str, list[Any]] = {
        "garnet": ["Li", {"vacancy": "La"}, {"site": "La", "ion": "Sr"}],
        "nasicon": ["Li", {"site": "Ti", "ion": "Ga"}],
        "perovskite": ["Li", {"vacancy": "La"}, {"site": "La", "ion": "Sr"}],
    }
    balance = draw(st.sampled_from(balances[family]))
    solved = balance.get("ion") if isinstance(balance, dict) else None
    sites: dict[str, dict[str, list[float]]] = {}
    for site, ions in TYPED_IONS[family].items():
        chosen = draw(st.lists(st.sampled_from(ions), max_size=2, unique=True))
        amounts = st.lists(st.floats(0, 0.3).map(lambda v: round(v, 4)), min_size=2, max_size=6)
        if found := {ion: [0.0, *draw(amounts)] for ion in chosen if ion != solved}:
            sites[site] = found
    kept = {"garnet": {"Al": x, "Ta": y}, "nasicon": {"Al": y}, "perovskite": {}}[family]
    return family, kept, {"host": host, "sites": sites, "charge_balance": balance}


@settings(max_examples=900)
@given(typed_spaces())
def every_candidate_of_a_typed_host_can_exist(
    drawn: tuple[str, dict[str, float], dict[str, Any]],
) -> None:
    family, kept, space = drawn
    seen["spaces"] += 1
    try:
        found = SearchSpace.from_dict(space | {"force": True}).candidates()
    except SpaceError as error:
        seen["refused"] += "no candidate is left" in str(error)
        return
    seen["full"] += 1
    seen["candidates"] += len(found)
    seen["solved otherwise"] += len(found) * (space["charge_balance"] != "Li")
    column = {s: i for i, s in enumerate(element_table().symbols)}
    assert np.abs(charge_sums(found)).max() < 1e-6
    assert found.compositions.min() >= 0
    assert found.compositions[:, column["Li"]].min() > 0
    for site, capacity in TYPED_SITES[family].items():
        here = [column[s] for s in TYPED_MEMBERS[family][site]]
        assert found.compositions[:, here].sum(axis=1).max() <= capacity + 1e-9
    for ion, amount in kept.items():
        assert np.allclose(found.compositions[:, column[ion]], amount, atol=1e-9), ion
    written = [parse_formula(f) for f in found.formulas[:: max(len(found.formulas) // 5, 1)]]
    for amounts in written:
        assert abs(sum(CHARGES[s] * a for s, a in amounts.items())) < 0.01


def test_every_candidate_of_typed_hosts_can_exist() -> None:
    seen.clear()
    seen.update(dict.fromkeys(("candidates", "spaces", "full", "refused", "solved otherwise"), 0))
    every_candidate_of_a_typed_host_can_exist()
    assert seen["candidates"] >= 10_000, seen
    assert seen["solved otherwise"] >= 1_000, seen
    assert seen["refused"] < seen["spaces"] / 3, seen
    assert seen["full"] + seen["refused"] == seen["spaces"], seen
