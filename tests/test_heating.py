import pytest

from ssbml.datasets.heating import classify
from ssbml.datasets.steps import gas_of
from ssbml.datasets.synthesis import Operation


def heat(token, *temperatures, hours=(), gas=(), is_range=False):
    return Operation("HeatingOperation", token, temperatures, is_range, tuple(hours), tuple(gas))


MIX = Operation("Mixing", "mixed")
GRIND = Operation("Mixing", "reground")
PRESS = Operation("ShapingOperation", "pressed")
COOL = Operation("QuenchingOperation", "cooled")


def kinds(*operations):
    return [(step.kind, step.basis) for step in classify(operations)]


def test_the_verb_decides_where_it_speaks():
    steps = kinds(MIX, heat("calcined", 900.0), GRIND, PRESS, heat("sintered", 1100.0))
    assert steps == [("calcination", "stated"), ("sintering", "stated")]


def test_pressing_between_two_heatings_makes_the_last_a_sintering():
    steps = kinds(MIX, heat("heated", 700.0), GRIND, PRESS, heat("heated", 925.0))
    assert steps == [("calcination", "inferred"), ("sintering", "inferred")]


def test_without_pressing_the_last_heating_stays_unassigned():
    steps = kinds(MIX, heat("heated", 900.0), GRIND, heat("heated", 980.0))
    assert steps == [("calcination", "inferred"), ("unassigned", "")]


def test_a_single_heating_of_a_pressed_powder_stays_unassigned():
    assert kinds(MIX, PRESS, heat("fired", 950.0)) == [("unassigned", "")]


def test_a_cooler_heating_after_the_pellet_was_fired_is_no_sintering():
    operations = (heat("heated", 900.0), GRIND, PRESS, heat("reheated", 1000.0),
                  heat("heated", 800.0, gas=["nitrogen"]))  # fmt: skip
    assert kinds(*operations)[1:] == [("unassigned", ""), ("unassigned", "")]


def test_a_sintering_that_is_ground_and_fired_again_was_a_calcination():
    steps = kinds(heat("sintered", 1100.0), GRIND, PRESS, heat("sintered", 1300.0))
    assert steps == [("calcination", "inferred"), ("sintering", "stated")]


def test_grinding_after_the_last_firing_changes_nothing():
    steps = kinds(heat("heated", 750.0), GRIND, PRESS, heat("heated", 1100.0), GRIND)
    assert steps[-1] == ("sintering", "inferred")


@pytest.mark.parametrize("token", ["presintered", "pre-heated", "preheated", "decomposed"])
def test_steps_that_come_before_are_calcinations(token):
    steps = kinds(heat(token, 600.0), PRESS, heat("sintered", 1000.0))
    assert steps[0] == ("calcination", "inferred")


def test_hot_pressing_is_a_sintering_not_a_step_before():
    step = classify([heat("calcined", 1000.0), GRIND, heat("pressed", 1050.0)])[-1]
    assert (step.kind, step.hot_pressed) == ("sintering", True)


def test_drying():
    drying = Operation("DryingOperation", "dried", (300.0,))
    stirring = Operation("MixingOperation", "stirred", (80.0,))
    assert {k for k, _ in kinds(drying, stirring, heat("heated", 120.0))} == {"drying"}
    assert kinds(heat("sintered", 130.0)) == [("sintering", "stated")]


def test_a_precursor_heated_before_mixing_is_dried():
    steps = kinds(heat("heated", 900.0), MIX, heat("calcined", 800.0))
    assert steps == [("drying", ""), ("calcination", "stated")]


def test_an_anneal_after_sintering_is_a_post_anneal():
    steps = kinds(heat("calcined", 900.0), PRESS, heat("sintered", 1200.0), heat("annealed", 700.0))
    assert steps[-1] == ("post_anneal", "stated")


def test_heat_treatments_of_a_melted_batch_stay_unassigned():
    steps = kinds(
        heat("melted", 1400.0), COOL, PRESS, heat("annealed", 500.0), heat("sintered", 850.0)
    )
    assert [k for k, _ in steps] == ["melting", "unassigned", "unassigned"]


def test_two_recipes_in_one_text_leave_sintering_unassigned():
    steps = classify(
        [heat("calcined", 900.0), PRESS, heat("sintered", 1000.0), heat("calcined", 800.0),
         heat("sintered", 1300.0)]
    )  # fmt: skip
    assert [s.kind for s in steps] == ["calcination", "unassigned", "calcination", "unassigned"]
    assert max(s.temperature_c for s in steps if s.kind == "unassigned") == 1300.0


def test_heated_to_and_sintered_for_are_one_step():
    (step,) = classify([heat("heated", 1230.0), heat("sintered", hours=[6.0])])
    assert (step.kind, step.temperature_c, step.time_h) == ("sintering", 1230.0, 6.0)


def test_a_range_has_no_single_temperature():
    (step,) = classify([heat("sintered", 1400.0, 1460.0, is_range=True)])
    assert step.temperature_c is None
    assert step.text() == "1400-1460C/?h/?"


def test_a_programme_with_a_time_for_each_hold_counts_by_its_last():
    (step,) = classify([heat("sintered", 900.0, 1150.0, hours=[6.0, 12.0], gas=["air"])])
    assert (step.temperature_c, step.time_h, step.text()) == (1150.0, 12.0, "1150C/12h/air")


def test_several_temperatures_with_one_time_are_several_samples():
    (step,) = classify([heat("sintered", 1000.0, 1100.0, hours=[6.0])])
    assert (step.temperature_c, step.time_h) == (None, 6.0)


def test_gases():
    assert gas_of(["air", "air"]) == "air"
    assert gas_of(["Argon"]) == "Ar"
    assert gas_of(["hydrogen", "argon"]) == "H2_Ar"
    assert gas_of(["hydrogen"]) is None
    assert gas_of(["air", "argon"]) is None
    assert gas_of(["alumina"]) is None
