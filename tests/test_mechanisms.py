"""Mechanisms are mentioned where a review says so, and nowhere else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ssbml.chemistry.elements import element_index
from ssbml.explanation.mechanisms import mechanism_of, rules
from ssbml.explanation.players import Roster, roster_of
from ssbml.fields import FIELDS
from ssbml.request import KNOWN_FIELDS
from ssbml.targets import TARGETS
from ssbml.vocabulary import VOCABULARIES

LLZTO, LATP = "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3"
SIGMA, DENSITY, PURITY = TARGETS
SOURCE = re.compile(
    r"(Chem\. Soc\. Rev\. 54 \(2025\) 8925|Russ\. Chem\. Rev\. 94 \(2025\) RCR5171) "
    r"sections? [\d.]+( and [\d.]+)?"
)


def test_every_rule_is_cited_and_spelt_right() -> None:
    assert len(rules()) >= 60
    for rule in rules():
        assert all(SOURCE.fullmatch(part) for part in rule.source.split("; ")), rule
        assert rule.property in TARGETS
        assert rule.family == "*" or rule.family in VOCABULARIES["family"]
        assert rule.field in FIELDS or rule.field in element_index()
        assert rule.low < rule.high
        field = FIELDS.get(rule.field)
        if field is not None and field.kind == "choice":
            assert set(rule.values) <= set(field.choices)
            assert rule.values
        for name, value in rule.only:
            known = element_index() if name == "with" else FIELDS[name].choices
            assert value in known
        assert rule.field not in KNOWN_FIELDS or rule.property == SIGMA


def case(recipe: dict[str, Any], family: str, known: dict[str, Any] | None = None) -> Roster:
    return roster_of(recipe, family, known or {})


def said(roster: Roster, name: str, column: str, change: float) -> str | None:
    (player,) = [p for p in roster.players if p.name == name]
    rule = mechanism_of(roster, player, column, change)
    return rule.mechanism if rule else None


@pytest.mark.parametrize(
    ("recipe", "family", "driver", "column", "change", "clue"),
    [
        ({"formula": LLZTO}, "garnet", "Ta", SIGMA, 0.5, "lithium vacancies"),
        ({"formula": LLZTO}, "garnet", "Ta", SIGMA, -0.5, None),
        ({"formula": LATP}, "nasicon", "Al", SIGMA, 0.5, None),
        ({"formula": LLZTO, "sintering_temp_c": 1280.0, "form": "pellet"}, "garnet",
         "sintering temperature", SIGMA, -0.2, "above 1250"),
        ({"formula": LLZTO, "sintering_temp_c": 1280.0, "form": "pellet"}, "garnet",
         "sintering temperature", SIGMA, 0.2, None),
        ({"formula": LATP, "sintering_temp_c": 1150.0, "form": "pellet"}, "nasicon",
         "sintering temperature", DENSITY, 2.0, None),
        ({"formula": LLZTO, "atmosphere": "O2"}, "garnet", "atmosphere", DENSITY, 1.0, "oxygen"),
        ({"formula": LATP, "atmosphere": "O2"}, "nasicon", "atmosphere", DENSITY, 1.0, None),
        ({"formula": LLZTO, "additive": "MgO; Li3BO3"}, "garnet", "additive", DENSITY, 1.0, "aid"),
        ({"formula": LLZTO, "additive": "none"}, "garnet", "additive", DENSITY, 1.0, None),
        ({"formula": LLZTO, "mother_powder": False}, "garnet", "mother powder", SIGMA, 1.0, None),
        ({"formula": LLZTO, "mother_powder": True}, "garnet", "mother powder", SIGMA, 1.0, "bed"),
        ({"formula": "Li1.5Al0.5Ge1.5P3O12", "sintering_temp_c": 800.0}, "nasicon",
         "sintering temperature", DENSITY, 2.0, None),
    ],
)  # fmt: skip
def test_rules_fire_where_they_hold(
    recipe: dict[str, Any], family: str, driver: str, column: str, change: float, clue: str | None
) -> None:
    found = said(case(recipe, family), driver, column, change)
    assert found is None if clue is None else clue in (found or "")


def test_measured_outcomes_have_mechanisms() -> None:
    roster = case({"formula": LLZTO}, "garnet", {"phase_main": "tetragonal"})
    assert "tetragonal" in (said(roster, "measured phase_main", SIGMA, -1.0) or "")
