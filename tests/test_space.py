"""Search spaces: compositions worked out by hand, ways of making, limits, samples."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pymatgen.core import Composition, Element

from ssbml.chemistry.elements import composition_matrix
from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import ANIONS
from ssbml.errors import SpaceError
from ssbml.fields import RECIPE_FIELDS
from ssbml.location import shipped
from ssbml.screening.candidates import Candidates
from ssbml.screening.space import SearchSpace
from ssbml.tables.validate import validate

EXAMPLES = sorted((shipped("datasets") / "examples").glob("*.yaml"))


def candidates(host: Any, sites: Any = None, **rest: Any) -> Candidates:
    space = {"host": host, **rest}
    if sites is not None:
        space["sites"] = sites
    return SearchSpace.from_dict(space).candidates()


def same(formula: str, other: str) -> bool:
    matrix = composition_matrix([parse_formula(formula), parse_formula(other)])
    return bool(np.abs(matrix[0] - matrix[1]).max() < 5e-4)


@pytest.mark.parametrize(
    ("host", "sites", "expected"),
    [
        ("Li7La3Zr2O12", {}, "Li7La3Zr2O12"),
        ("Li7La3Zr2O12", {"Zr": {"Ta": 0.6}}, "Li6.4La3Zr1.4Ta0.6O12"),
        ("Li7La3Zr2O12", {"Li": {"Al": 0.25}}, "Li6.25Al0.25La3Zr2O12"),
        ("Li7La3Zr2O12", {"Li": {"Ga": 0.2}}, "Li6.4Ga0.2La3Zr2O12"),
        ("Li7La3Zr2O12", {"Zr": {"W": 0.2}}, "Li6.6La3Zr1.8W0.2O12"),
        ("Li7La3Zr2O12", {"Zr": {"Y": 0.2}}, "Li7.2La3Zr1.8Y0.2O12"),
        ("Li7La3Zr2O12", {"Zr": {"Sb": 0.4, "Bi": 0.1}}, "Li6.5La3Zr1.5Sb0.4Bi0.1O12"),
        ("Li7La3Zr2O12", {"La": {"Sr": 0.1}}, "Li7.1La2.9Sr0.1Zr2O12"),
        ("Li7La3Zr2O12", {"La": {"Ce": 0.2}}, "Li6.8La2.8Ce0.2Zr2O12"),
        ("Li5La3Ta2O12", {"La": {"Ba": 1}}, "Li6La2Ba1Ta2O12"),
        ("Li5La3Nb2O12", {"Nb": {"Zr": 2}}, "Li7La3Zr2O12"),
        ("LiTi2(PO4)3", {"Ti": {"Al": 0.3}}, "Li1.3Al0.3Ti1.7(PO4)3"),
        ("LiGe2(PO4)3", {"Ge": {"Al": 0.5}}, "Li1.5Al0.5Ge1.5(PO4)3"),
        ("LiTi2(PO4)3", {"Ti": {"Al": 0.3}, "P": {"Si": 0.2}}, "Li1.5Al0.3Ti1.7Si0.2P2.8O12"),
        ("LiZr2(PO4)3", {"Zr": {"Y": 0.1}}, "Li1.1Y0.1Zr1.9(PO4)3"),
        ("La2/3-xLi3xTiO3", {}, "Li0.33La0.5567TiO3"),
        ("La2/3-xLi3xTiO3", {"La": {"La": 0.5}}, "Li0.5La0.5TiO3"),
        ("Li0.33La0.557TiO3", {"La": {"Sr": 0.05}}, "Li0.38La0.5067Sr0.05TiO3"),
        ("Li-Sr-Ta-Zr-O", {"Ta": {"Nb": 0.25}}, "Li0.375Sr0.4375Ta0.5Nb0.25Zr0.25O3"),
        ("Li4SiO4-Li3PO4", {"Si": {"P": 0.5}}, "Li3.5Si0.5P0.5O4"),
        ("Li4GeO4-Li3VO4", {"Ge": {"V": 0.4}}, "Li3.6Ge0.6V0.4O4"),
        ("Li6PS5Cl", {"S": {"Cl": 0.5}}, "Li5.5PS4.5Cl1.5"),
        ("Li6PS5Cl", {"Cl": {"Br": 0.5}}, "Li6PS5Cl0.5Br0.5"),
        ("Li6PS5I", {"P": {"Si": 0.4}}, "Li6.4P0.6Si0.4S5I"),
        ("Li10GeP2S12", {"Ge": {"Sn": 1}}, "Li10SnP2S12"),
        ("Li10GeP2S12", {"P": {"Ge": 0.5}}, "Li10.5Ge1.5P1.5S12"),
        ("Li3YCl6", {"Y": {"Zr": 0.5}}, "Li2.5Y0.5Zr0.5Cl6"),
        ("Li3InCl6", {"Cl": {"Br": 3}}, "Li3InCl3Br3"),
        ("Li6.25Al0.25La3Zr2O12", {"Zr": {"Ta": 0.25}}, "Li6Al0.25La3Zr1.75Ta0.25O12"),
    ],
)  # fmt: skip
def test_lithium_follows_as_worked_out_by_hand(host: str, sites: Any, expected: str) -> None:
    (formula,) = candidates(host, sites).formulas
    assert same(formula, expected)


def test_formulas_are_written_as_people_write_them() -> None:
    assert candidates("Li7La3Zr2O12", {"Zr": {"Ta": 0.6}}).formulas == ["Li6.4La3Zr1.4Ta0.6O12"]
    assert candidates("Li7La3Zr2O12", {"Li": {"Al": 0.25}}).formulas == ["Li6.25Al0.25La3Zr2O12"]
    assert candidates("LiTi2(PO4)3", {"Ti": {"Al": 0.3}}).formulas == ["Li1.3Al0.3Ti1.7(PO4)3"]


@pytest.mark.parametrize(
    ("sites", "balance", "expected"),
    [
        ({"Zr": {"Ta": 0.3}}, {"vacancy": "La"}, "Li7La2.9Zr1.7Ta0.3O12"),
        ({"La": {"Sr": 0.3}}, {"vacancy": "O"}, "Li7La2.7Sr0.3Zr2O11.85"),
        ({"Zr": {"Ta": 0.5}}, {"site": "La", "ion": "Sr"}, "Li7La2.5Sr0.5Zr1.5Ta0.5O12"),
        ({"Li": {"Li": [6.4]}}, {"site": "Zr", "ion": "Ta"}, "Li6.4La3Zr1.4Ta0.6O12"),
    ],
)
def test_something_else_than_lithium_can_balance(sites: Any, balance: Any, expected: str) -> None:
    (formula,) = candidates("Li7La3Zr2O12", sites, charge_balance=balance).formulas
    assert same(formula, expected)


def test_a_host_can_be_written_out_site_by_site() -> None:
    host = {
        "sites": {
            "Li": {"ions": {"Li": 7}, "capacity": 9, "coordination": 4},
            "A": {"ions": {"La": 3}, "coordination": 8},
            "B": {"Zr": 2},
            "X": {"O": 12},
        }
    }
    found = candidates(host, {"B": {"Ta": 0.6}, "A": {"Sr": 0.1}})
    assert found.family == "garnet"
    assert same(found.formulas[0], "Li6.5La2.9Sr0.1Zr1.4Ta0.6O12")
    iron = {"sites": {"Li": {"Li": 1}, "M": {"Fe2+": 1}, "P": {"P": 1}, "O": {"O": 4}}}
    assert same(candidates(iron, {"M": {"Mg": 0.5}}).formulas[0], "LiFe0.5Mg0.5PO4")


def test_hosts_of_one_family_share_a_space_and_nothing_comes_twice() -> None:
    found = candidates(["LiTi2(PO4)3", "LiGe2(PO4)3"], {"Ti": {"Ge": [0, 1]}, "Ge": {"Ti": [0, 1]}})
    assert len(found.formulas) == 3
    assert found.dropped == {"the same composition twice": 1}


def test_garnets_are_noted_above_seven_and_dropped_above_seven_and_a_half() -> None:
    found = candidates("Li7La3Zr2O12", {"Zr": {"Y": [0, 0.2, 0.5, 0.6]}})
    assert found.formulas.tolist() == [
        "Li7La3Zr2O12", "Li7.2La3Zr1.8Y0.2O12", "Li7.5La3Zr1.5Y0.5O12",
    ]  # fmt: skip
    assert found.dropped == {"Li above 7.5: not a garnet any more": 1}
    notes = found.notes(np.arange(3))
    assert [bool(note) for note in notes] == [False, True, True]
    assert "more than 7 Li" in notes[1]


def test_every_limit_drops_and_counts() -> None:
    zr = {"Ta": [0, 0.2, 1.0], "Nb": [0, 0.2]}
    every = {"Zr": zr, "La": {"Sr": [0, 0.2]}}
    assert len(candidates("Li7La3Zr2O12", every)) == 12

    def left(**limits: Any) -> dict[str, int]:
        found = candidates("Li7La3Zr2O12", every, **limits)
        assert len(found) + sum(found.dropped.values()) == 12
        return found.dropped

    assert left(max_dopants=1) == {"more than 1 dopant": 7}
    assert left(max_substitution=0.4) == {"substitution above 0.4 in total": 5}
    assert left(li_per_formula=[6.5, 7]) == {"Li per formula outside 6.5 to 7": 5}
    # 1.2 Ta and Nb on Zr: 1 - (0.8 * 0.72 + 1.2 * 0.64) / (2 * 0.72) = 6.7 %
    assert left(max_radius_mismatch=0.06) == {"radius mismatch above 0.06": 2}


def test_tolerance_factor_of_perovskites() -> None:
    la = {"La": {"La": [0.5, 0.6], "Sr": [0, 0.1]}}
    every = candidates("La2/3-xLi3xTiO3", la)
    some = candidates("La2/3-xLi3xTiO3", la, tolerance_factor=[0.9, 2])
    assert len(some) < len(every)
    assert "tolerance factor outside 0.9 to 2" in some.dropped


def test_process_blocks_grids_and_links() -> None:
    found = candidates(
        "Li7La3Zr2O12",
        process=[
            {
                "sintering_method": "conventional",
                "sintering_temp_c": {"from": 1100, "to": 1200, "step": 50},
                "calcination_temp_c": "sintering_temp_c - 200",
                "atmosphere": ["air", "O2"],
            },
            {
                "sintering_method": "hot_press",
                "sintering_temp_c": 1050,
                "pressure_mpa": [20, 40],
                "atmosphere": "Ar",
            },
        ],
        fixed={"form": "pellet", "precursors": ["Li2CO3", "La2O3", "ZrO2"]},
    )
    table = found.table(np.arange(len(found)))
    assert len(table) == 8
    assert table["sintering_temp_c"].tolist() == [1100, 1100, 1150, 1150, 1200, 1200, 1050, 1050]
    conventional = table[table["sintering_method"] == "conventional"]
    assert (conventional["sintering_temp_c"] - conventional["calcination_temp_c"] == 200).all()
    assert conventional["pressure_mpa"].isna().all()
    assert table["precursors"].unique().tolist() == ["Li2CO3; La2O3; ZrO2"]
    assert set(table.columns) == set(RECIPE_FIELDS)
    assert not validate(table).problems


def test_an_amount_of_no_additive_is_not_a_recipe() -> None:
    found = candidates(
        "LiTi2(PO4)3",
        process={"additive": ["none", "Li3BO3"], "additive_wt_pct": [0, 1, 2]},
    )
    table = found.table(np.arange(len(found)))
    pairs = list(zip(table["additive"], table["additive_wt_pct"], strict=True))
    assert pairs == [("none", "0"), ("Li3BO3", "1"), ("Li3BO3", "2")]
    assert sum(found.dropped.values()) == 3


@pytest.mark.parametrize(
    ("process", "part"),
    [
        ({"sintering_method": "hot_press", "sintering_temp_c": 1100, "atmosphere": ["O2", "Ar"]},
         "1 of 2 ways: hot pressing or SPS in air or oxygen: a graphite die burns"),
        ({"sintering_method": "conventional", "sintering_temp_c": 1100, "atmosphere": "air",
          "crucible": "graphite"}, "a carbon crucible burns"),
        ({"sintering_temp_c": 1100, "crucible": "Au"}, "gold crucible melts"),
        ({"sintering_method": "conventional", "pressure_mpa": 50}, "pressed sintering only"),
        ({"sintering_method": "uhs", "sintering_time_h": 6}, "seconds, not hours"),
        ({"sintering_method": "conventional", "sintering_temp_c": 900, "calcination_temp_c": 1000},
         "calcined hotter than sintered"),
    ],
)  # fmt: skip
def test_odd_runs_are_kept_with_a_warning(process: dict[str, Any], part: str) -> None:
    space = SearchSpace.from_dict({"host": "Li7La3Zr2O12", "process": process})
    assert any(part in warning for warning in space.warnings)
    found = space.candidates()
    assert any(note for note in found.notes(np.arange(len(found))))


def test_many_ways_are_read_quickly() -> None:
    start = time.perf_counter()
    space = SearchSpace.from_dict(
        {
            "host": "Li7La3Zr2O12",
            "process": {
                "sintering_method": ["conventional", "hot_press"],
                "sintering_temp_c": {"from": 900, "to": 1300, "points": 100},
                "sintering_time_h": {"from": 1, "to": 24, "points": 40},
                "atmosphere": ["air", "O2", "Ar", "N2"],
                "additive": ["none", "Li3BO3"],
                "additive_wt_pct": [0, 1, 2],
            },
        }
    )
    assert len(space.candidates()) == 96_000
    assert time.perf_counter() - start < 10.0


def test_a_stated_die_that_does_not_burn_is_no_warning() -> None:
    process = {"sintering_method": "hot_press", "sintering_temp_c": 1100, "atmosphere": "O2"}
    die = {**process, "crucible": "Al2O3"}
    assert not SearchSpace.from_dict({"host": "Li7La3Zr2O12", "process": die}).warnings


def test_a_dict_may_hold_arrays_ranges_and_tuples() -> None:
    found = candidates(
        "Li7La3Zr2O12",
        {"Zr": {"Ta": np.array([0, 0.2, 0.4]), "Nb": (0, np.float64(0.1))}},
        process={"sintering_temp_c": range(1000, 1200, 100), "atmosphere": pd.Series(["Ar"])},
        max_dopants=np.int64(1),
    )
    assert len(found) == 4 * 2
    mapping = {"host": "Li7La3Zr2O12", "process": {"sintering_time_h": [object()]}}
    with pytest.raises(SpaceError, match="a number, a text"):
        SearchSpace.from_dict(mapping)


def test_sites_auto_proposes_ions_with_reasons() -> None:
    space = SearchSpace.from_dict({"host": "LiTi2(PO4)3", "sites": "auto", "max_dopants": 1})
    assert ("Ti", "Al") in {(p.site, p.ion) for p in space.proposals}
    assert all("Å" in p.reason for p in space.proposals)
    formulas = space.candidates().formulas.tolist()
    assert "Li1.2Al0.2Ti1.8(PO4)3" in formulas
    one = SearchSpace.from_dict({"host": "LiTi2(PO4)3", "sites": {"Ti": "auto"}, "max_dopants": 1})
    assert {p.site for p in one.proposals} == {"Ti"}


HUGE: dict[str, Any] = {
    "host": "Li7La3Zr2O12",
    "sites": {
        "La": {"Sr": {"from": 0, "to": 0.5, "step": 0.01}},
        "Zr": {
            ion: {"from": 0, "to": 0.5, "step": 0.01} for ion in ("Ta", "Nb", "W", "Sb", "Hf", "Y")
        },
    },
    "process": {"sintering_temp_c": {"from": 1000, "to": 1250, "step": 5}},
}


def test_a_space_of_a_million_millions_is_refused_at_once_and_sampled_with_a_budget() -> None:
    start = time.perf_counter()
    space = SearchSpace.from_dict(HUGE)
    assert space.size.combinations == 51**8 > 10**12
    with pytest.raises(SpaceError, match=r"too large to list.*budget: 100000"):
        space.candidates()
    assert time.perf_counter() - start < 2.0
    found = SearchSpace.from_dict({**HUGE, "budget": 3000, "seed": 7}).candidates()
    assert len(found) == 3000
    again = SearchSpace.from_dict({**HUGE, "budget": 3000, "seed": 7}).candidates()
    everything = np.arange(3000)
    assert found.table(everything).equals(again.table(everything))
    other = SearchSpace.from_dict({**HUGE, "budget": 3000, "seed": 8}).candidates()
    assert not found.table(everything).equals(other.table(everything))
    table = found.table(everything)
    assert not table.duplicated(["formula", "sintering_temp_c"]).any()
    counts = np.histogram(table["sintering_temp_c"], bins=5)[0]
    assert counts.min() > 500


def test_a_sample_keeps_the_dopant_limit_and_its_numbers() -> None:
    found = SearchSpace.from_dict({**HUGE, "budget": 500, "max_dopants": 2}).candidates()
    assert len(found) == 500
    some = np.array([499, 3, 3])
    table = found.table(some)
    assert table.index.tolist() == [499, 3, 3]
    composition, way = found.pairs(some)
    assert table["formula"].tolist() == found.formulas[composition].tolist()
    assert table["sintering_temp_c"].tolist() == (
        found.processes["sintering_temp_c"].to_numpy()[way].tolist()
    )
    for formula in found.formulas:
        assert len(set(parse_formula(formula)) - {"Li", "La", "Zr", "O"}) <= 2


def test_a_budget_above_the_size_lists_everything() -> None:
    space = {"host": "Li7La3Zr2O12", "sites": {"Zr": {"Ta": [0, 0.2, 0.4]}}, "budget": 10}
    found = SearchSpace.from_dict(space).candidates()
    assert found.chosen is None
    assert len(found) == 3


@pytest.mark.parametrize("path", EXAMPLES, ids=[p.stem for p in EXAMPLES])
def test_example_spaces_are_whole(path: Path) -> None:
    space = SearchSpace.from_yaml(path)
    assert space.warnings == ()
    found = space.candidates()
    products = [h.combinations(None).size for h in space.hosts]
    assert len(found) + sum(found.dropped.values()) == sum(products) * space.size.ways
    table = found.table(np.arange(0, len(found), max(len(found) // 500, 1)))
    checked = validate(table)
    assert not checked.problems
    pd.testing.assert_frame_equal(checked.table, table[checked.table.columns])
    assert not any(found.process_notes if found.process_notes is not None else ["missing"])


def test_example_spaces_have_the_sizes_they_promise() -> None:
    sizes = {p.stem: SearchSpace.from_yaml(p).size.combinations for p in EXAMPLES}
    assert len(sizes) >= 6
    assert 100_000 <= sizes["llzo_dopants"] < 110_000
    assert 1_000_000 <= sizes["llzo_million"] < 1_100_000


def test_pymatgen_finds_oxidation_states_that_balance() -> None:
    checked = 0
    for path in EXAMPLES:
        formulas = SearchSpace.from_yaml(path).candidates().formulas
        for formula in formulas[:: max(len(formulas) // 8, 1)]:
            amounts = parse_formula(formula)
            whole = {s: round(a * 20) for s, a in amounts.items()}
            if any(abs(w / 20 - amounts[s]) > 1e-9 for s, w in whole.items()):
                continue
            states = {s: (Element(s).common_oxidation_states[-1],) for s in whole}
            anions = {s: (Element(s).common_oxidation_states[0],) for s in whole if s in ANIONS}
            guesses = Composition(whole).oxi_state_guesses(oxi_states_override=states | anions)
            assert guesses, formula
            checked += 1
    assert checked >= 30
