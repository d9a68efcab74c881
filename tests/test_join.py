import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.formula import parse_formula
from ssbml.datasets.amounts import Target
from ssbml.datasets.join import join_synthesis
from ssbml.datasets.matching import TOLERANCE, difference, nearest_target
from ssbml.datasets.process import precursors_cover, process_of
from ssbml.datasets.public import read_public
from ssbml.datasets.registry import available, public_files
from ssbml.datasets.synthesis import Operation, SynthesisRecord
from ssbml.fields import FIELDS
from ssbml.tables.validate import validate

DOI = "10.1016/j.x.1"


def heat(token, *temperatures, hours=(), gas=()):
    return Operation("HeatingOperation", token, temperatures, False, tuple(hours), tuple(gas))


PRESS = Operation("ShapingOperation", "pressed")
GARNET = (
    heat("calcined", 900.0, hours=[6.0], gas=["air"]),
    PRESS,
    heat("sintered", 1150.0, hours=[12.0], gas=["oxygen"]),
)


def record(name, formula, operations=GARNET, precursors=("Li2CO3", "La2O3", "ZrO2", "Ta2O5"),
           variables=None, collection="solid_state", doi=DOI):  # fmt: skip
    elements = (
        {k: str(v) for k, v in parse_formula(formula).items()} if variables is None else formula
    )
    target = {
        "composition": [{"elements": elements, "amount": "1"}],
        "amounts_vars": variables or {},
        "elements_vars": {},
    }
    text = formula if isinstance(formula, str) else "series"
    return SynthesisRecord(
        name, doi, collection, text, tuple(precursors), tuple(operations), target
    )


def samples(*formulas, **columns):
    frame = pd.DataFrame({"formula": formulas, "doi": DOI.upper(), "evidence": "table 1"})
    frame["sample_id"] = [f"s:{i}" for i in range(len(frame))]
    frame["flags"] = None
    return frame.assign(**columns)


TA = "Li6.4La3Zr1.4Ta0.6O12"


def test_a_joined_row_gains_the_process_and_says_so():
    before = samples(TA)
    table, report = join_synthesis(before, [record("a:1", TA)])
    row = table.iloc[0]
    assert row["calcination_steps"] == "900C/6h/air"
    assert (row["calcination_temp_c"], row["calcination_time_h"]) == (900.0, 6.0)
    assert (row["sintering_temp_c"], row["sintering_time_h"], row["atmosphere"]) == (1150, 12, "O2")
    assert row["precursors"] == "Li2CO3; La2O3; ZrO2; Ta2O5"
    assert row["route"] == "solid_state"
    assert row["flags"] == "process_joined"
    assert row["evidence"].startswith("table 1; process joined from text-mined synthesis a:1")
    assert pd.isna(row["confidence"])
    assert (report.joined, report.confidence, report.outcomes) == (1, {"high": 1}, {"joined": 1})
    assert report.gained["sintering_temp_c"] == 1
    assert "sintering_temp_c" not in before.columns
    assert before["flags"].isna().all()


def test_index_and_order_are_kept():
    frame = samples("Li3N", TA, TA).set_axis([7, 3, 9])
    table, report = join_synthesis(frame, [record("a:1", TA)])
    assert table.index.tolist() == [7, 3, 9]
    assert table["sintering_temp_c"].notna().tolist() == [False, True, True]
    assert report.details["sample_id"].tolist() == ["s:1", "s:2"]


@pytest.mark.parametrize(
    ("formula", "near"),
    [
        (TA, True),
        ("Li12.8La6Zr2.8Ta1.2O24", True),
        ("Li6.41La3Zr1.41Ta0.59O12", True),
        ("Li6.4La3Zr1.4Ta0.6O11.99", True),
        ("Li6.5La3Zr1.5Ta0.5O12", False),
        ("Li6.4La3Zr1.4Nb0.6O12", False),
        ("Li6.4La3Zr1.4Ta0.6Al0.1O12", False),
        ("Li6.45La3Zr1.4Ta0.6O12", False),
    ],
)
def test_the_tolerance_is_per_element_and_formula_unit(formula, near):
    distance = difference(parse_formula(formula), parse_formula(TA))
    assert (distance <= TOLERANCE + 1e-9) is near


def test_a_listed_composition_comes_before_a_point_of_a_range():
    composition = parse_formula(TA)
    match = nearest_target(composition, [Target(composition, listed=False), Target(composition)])
    assert match is not None
    assert match.listed
    assert nearest_target(parse_formula("Li3N"), [Target(composition)]) is None


def test_another_paper_or_composition_is_not_joined():
    records = [record("a:1", TA, doi="10.1016/other"), record("a:2", "Li7La3Zr2O12")]
    table, report = join_synthesis(samples(TA, doi=[DOI]), records)
    assert report.outcomes == {"no target within the tolerance": 1}
    assert report.same_paper == 1
    assert table["sintering_temp_c"].isna().all()
    _, report = join_synthesis(samples(TA, doi=[None]), records)
    assert report.outcomes == {"no synthesis of the paper": 1}


def test_a_point_of_a_series_is_joined_with_medium_confidence():
    series = {"Li": "7-x", "La": "3", "Zr": "2-x", "Ta": "x", "O": "12"}
    variables = {"x": {"values": [0.2, 1.0], "min_value": 0.2, "max_value": 1.0}}
    records = [record("a:1", series, variables=variables)]
    table, report = join_synthesis(samples(TA, "Li5.8La3Zr0.8Ta1.2O12"), records)
    assert report.confidence == {"medium": 1}
    assert table["flags"].tolist() == ["process_joined; join_series", None]


def test_records_that_disagree_make_the_join_ambiguous():
    other = (heat("calcined", 900.0), PRESS, heat("sintered", 1200.0))
    records = [record("a:1", TA), record("a:2", TA, operations=other)]
    table, report = join_synthesis(samples(TA), records)
    assert table["confidence"].tolist() == ["low"]
    assert "join_ambiguous" in table["flags"][0]
    assert report.details["others"].tolist() == ["a:2"]


def test_the_same_recipe_twice_is_not_ambiguous_but_its_route_may_be():
    records = [record("a:1", TA), record("a:2", TA, collection="sol_gel")]
    table, report = join_synthesis(samples(TA), records)
    assert report.confidence == {"high": 1}
    assert pd.isna(table["route"][0])


def test_unassigned_heating_is_kept_apart():
    operations = (heat("heated", 900.0), Operation("Mixing", "reground"),
                  heat("heated", 980.0, hours=[5.0], gas=["argon"]))  # fmt: skip
    table, report = join_synthesis(samples(TA), [record("a:1", TA, operations=operations)])
    row = table.iloc[0]
    assert pd.isna(row["sintering_temp_c"])
    assert row["heating_unassigned_temp_c"] == 980.0
    assert (row["heating_unassigned_time_h"], row["heating_unassigned_atmosphere"]) == (5.0, "Ar")
    assert row["heating_unassigned_steps"] == "980C/5h/Ar"
    assert row["flags"] == "process_joined; calcination_inferred; sintering_unassigned"
    assert report.flags["sintering_unassigned"] == 1


def test_rows_that_state_their_own_heat_treatment_are_left_alone():
    frame = samples(TA, sintering_temp_c=[1000.0])
    table, report = join_synthesis(frame, [record("a:1", TA)])
    assert table["sintering_temp_c"].tolist() == [1000.0]
    assert table["flags"].isna().all()
    assert report.outcomes == {"the row states its own heat treatment": 1}


def test_precursors_that_lack_an_element_are_left_out():
    assert precursors_cover(("Li2CO3", "La2O3"), {"Li", "La", "O"})
    assert not precursors_cover(("Li2CO3", "La2O3"), {"Li", "La", "Ta", "O"})
    table, _ = join_synthesis(samples(TA), [record("a:1", TA, precursors=("Li2CO3", "La2O3"))])
    assert pd.isna(table["precursors"][0])
    assert table["sintering_temp_c"][0] == 1150


def test_a_temperature_beyond_the_family_is_left_out_and_flagged():
    hot = (heat("calcined", 900.0), PRESS, heat("sintered", 1900.0, hours=[2.0]))
    table, _ = join_synthesis(samples(TA), [record("a:1", TA, operations=hot)])
    assert pd.isna(table["sintering_temp_c"][0])
    assert "joined_temperature_too_high" in table["flags"][0]


def test_routes_of_melts_and_milled_powders():
    melt = (heat("melted", 1400.0), heat("annealed", 850.0, hours=[6.0]))
    glass = record("a:1", "Li1.5Al0.5Ge1.5(PO4)3", operations=melt)
    assert process_of(glass)[0]["route"] == "glass_crystallization"
    milled = (Operation("Mixing", "milled"),)
    assert process_of(record("a:2", "Li3PS4", operations=milled))[0]["route"] == "mechanochemical"
    assert process_of(record("a:3", TA, operations=milled))[0]["route"] == "solid_state"
    fired = record("a:3", "Li4P2S6", operations=(heat("heated", 500.0),), collection="sol_gel")
    assert "route" not in process_of(fired)[0]
    solution = (Operation("MixingOperation", "dissolved"), heat("calcined", 700.0))
    sol_gel = record("a:3", TA, operations=solution, collection="sol_gel")
    assert process_of(sol_gel)[0]["route"] == "sol_gel"
    pressed = (heat("calcined", 900.0), heat("pressed", 1050.0))
    assert process_of(record("a:4", TA, operations=pressed))[0]["sintering_method"] == "hot_press"


@pytest.mark.skipif(
    not all(available(name) for name in public_files()),
    reason="the public files are neither in SSBML_DATA nor in the cache",
)
def test_the_join_of_the_real_files():
    public = pd.concat([table for table, _ in read_public()], ignore_index=True)
    table, report = join_synthesis(public)
    assert report.samples == len(public) == len(table)
    assert report.joined >= 250
    assert report.gained["sintering_temp_c"] >= 150
    assert not validate(table, FIELDS).problems
    joined = table["flags"].fillna("").str.contains("process_joined")
    assert joined.sum() == report.joined
    unassigned = table["flags"].fillna("").str.contains("sintering_unassigned")
    assert table.loc[unassigned, "sintering_temp_c"].isna().all()
    assert table.loc[unassigned, "heating_unassigned_temp_c"].notna().all()
    untouched = public.columns.difference(["flags", "evidence", "confidence"])
    assert public.loc[~joined, untouched].equals(table.loc[~joined, untouched])
    outcomes = [name for name in public.columns if name.startswith("sigma_")]
    assert np.array_equal(
        public[outcomes].to_numpy(float), table[outcomes].to_numpy(float), equal_nan=True
    )
