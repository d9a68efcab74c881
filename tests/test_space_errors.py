"""What a search space cannot be: every mistake is named with its place and the nearest choice."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssbml.errors import SpaceError, SsbmlError
from ssbml.screening.space import SPACE_KEYS, SearchSpace

GARNET = "Li7La3Zr2O12"


def message_of(space: Any) -> str:
    with pytest.raises(SpaceError) as caught:
        SearchSpace.from_dict(space).candidates()
    return str(caught.value)


@pytest.mark.parametrize(
    ("space", "parts"),
    [
        ({"host": "Li7La3Zr2O11"}, ["host", "net charge of +2.00", "did you mean Li7La3Zr2O12?"]),
        ({"host": "LLZO"}, ["host = 'LLZO'", "Li7La3Zr2O12"]),
        ({"host": "LiTi2(PO4)33"}, ["host", "did you mean LiTi2(PO4)3?"]),
        ({"host": "LiCoO2"}, ["sites are not known", "write the sites out"]),
        ({"host": "NaCl"}, ["no lithium"]),
        ({"host": 7}, ["a formula is expected"]),
        ({}, ["a host is needed"]),
        ({"host": [GARNET, "Li6PS5Cl"]}, ["several families (garnet, argyrodite)"]),
        ({"host": {"sites": {"Li": {"Li": 7}}}}, ["no site holds an anion"]),
        ({"host": {"sites": {"Li": {"Li": 7}, "O": {"O": 12}}}}, ["net charge of -17.00"]),
        ({"host": {"formula": GARNET}}, ["'sites'"]),
        ({"hosts": GARNET}, ["hosts", "did you mean host?"]),
        ({"host": GARNET, "sites": {"Zr": {"Tz": [0.1]}}}, ["sites.Zr.Tz", "Ta"]),
        ({"host": GARNET, "sites": {"Zr": {"Fe4+": [0.1]}}}, ["Fe3+ or Fe2+", "force: true"]),
        ({"host": GARNET, "sites": {"Zr": {"He": [0.1]}}}, ["He has no usual charge"]),
        ({"host": GARNET, "sites": {"Zx": {"Ta": [0.1]}}}, ["no site 'Zx'", "Li, La, Zr, O"]),
        ({"host": GARNET, "sites": {"Zr": {"Sr": [0.1]}}},
         ["sites.Zr.Sr", "64% larger than Zr4+", "known on the La site", "force: true"]),
        ({"host": GARNET, "sites": {"Zr": {"Cl": [0.1]}}}, ["Cl- is an anion", "force: true"]),
        ({"host": GARNET, "sites": {"Zr": [0.1]}}, ["mapping of ions to amounts"]),
        ({"host": GARNET, "sites": "automatic"}, ["or auto"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": [0.1, "x"]}}}, ["sites.Zr.Ta[1] = 'x'"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": [0.1, math.nan]}}}, ["sites.Zr.Ta[1]", "finite"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": [-0.1]}}}, ["not negative"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": [2.5]}}}, ["only 2 Zr to replace"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": []}}}, ["an empty list"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": {"from": 0, "to": 1}}}}, ["step"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "stp": 0.1}}}},
         ["sites.Zr.Ta.stp", "did you mean step?"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": {"from": 1, "to": 0, "step": 0.1}}}},
         ["'from' is above 'to'", "from: 0, to: 1"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "step": 1e-9}}}},
         ["at most 10,000"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": {"from": 0, "to": 1, "points": 3,
                                                  "scale": "log"}}}}, ["starts above 0"]),
        ({"host": GARNET, "sites": {"Li": {"Al": [2.5, 3]}}},
         ["no candidate is left", "Li would be negative (2)", "use less"]),
        ({"host": GARNET, "sites": {"Zr": {"Sc": [1, 2]}}},
         ["no candidate is left", "Li above 7.5: not a garnet any more (2)"]),
        ({"host": GARNET, "sites": {"Zr": {"Ta": 0.1, "Nb": 0.1}}, "max_dopants": 1},
         ["more than 1 dopant", "write 0 among the amounts"]),
        ({"host": GARNET, "charge_balance": "Na"}, ["Li, La, Zr, O", "{vacancy: La}"]),
        ({"host": GARNET, "charge_balance": {"vacancy": "Ti"}}, ["no such site"]),
        ({"host": GARNET, "charge_balance": {"site": "La", "ion": "Nd"}}, ["the same charge"]),
        ({"host": GARNET, "sites": {"Li": {"Li": [6, 7]}}}, ["solved for"]),
        ({"host": GARNET, "tolerance_factor": [0.8, 1]}, ["only perovskites"]),
        ({"host": GARNET, "li_per_formula": [7, 6]}, ["above the second"]),
        ({"host": GARNET, "max_dopants": 1.5}, ["a whole number"]),
        ({"host": GARNET, "max_substitution": -1}, ["not negative"]),
        ({"host": GARNET, "budget": 0}, ["budget", "at least 1"]),
        ({"host": GARNET, "force": "yes"}, ["true and false"]),
        ({"host": GARNET, "weights": {"phase_purity": math.nan}}, ["weights.phase_purity"]),
        ({"host": GARNET, "objectives": {"cost": "minimize"}}, ["not a prediction"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(space: dict[str, Any], parts: list[str]) -> None:
    message = message_of(space)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("process", "parts"),
    [
        ({"sintering_tmp_c": 1100}, ["process.sintering_tmp_c", "did you mean sintering_temp_c?"]),
        ({"sintering_temp_c": [1100, 11000]}, ["process.sintering_temp_c[1]", "20 to 3000 °C"]),
        ({"sintering_temp_c": 1473}, ["was 1473 K meant? write 1200"]),
        ({"atmosphere": ["argon"]}, ["did you mean Ar?"]),
        ({"atmosphere": {"from": 1, "to": 2, "step": 1}}, ["no grid"]),
        ({"formula": GARNET}, ["follows from host and sites"]),
        ({"relative_density_pct": 95}, ["measured outcome"]),
        ({"calcination_temp_c": "sintering_temp_c - 200"}, ["not stated in this block"]),
        ({"calcination_temp_c": "sinterng_temp_c - 200", "sintering_temp_c": 1100},
         ["did you mean sintering_temp_c?"]),
        ({"calcination_temp_c": "sintering_temp_c - 2000", "sintering_temp_c": 1100},
         ["this gives -900", "20 to 1600"]),
        ({"calcination_temp_c": "sintering_temp_c + 1", "sintering_temp_c": "calcination_temp_c"},
         ["in a circle"]),
        ({"calcination_temp_c": "atmosphere - 1", "atmosphere": "air"}, ["no number to follow"]),
        ({"sintering_temp_c": "__import__('os').system('true')"}, ["a plain number"]),
        ({"sintering_temp_c": "sintering_temp_c / 0"}, ["a plain number"]),
        ({"additive": "Li3BO3; Al2O3", "additive_wt_pct": 1}, ["1 amounts for 2 additives"]),
        ([], ["list of blocks"]),
        ([{"sintering_temp_c": 1100}, 5], ["process[1]"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_process_is_named(process: Any, parts: list[str]) -> None:
    message = message_of({"host": GARNET, "process": process})
    for part in parts:
        assert part in message


def test_fixed_fields_have_one_value_and_stand_once() -> None:
    assert "one value" in message_of({"host": GARNET, "fixed": {"atmosphere": ["air", "O2"]}})
    both = {"host": GARNET, "fixed": {"atmosphere": "air"}, "process": {"atmosphere": "O2"}}
    assert "fixed as well" in message_of(both)


def test_force_takes_what_does_not_fit_and_says_so() -> None:
    space = SearchSpace.from_dict({"host": GARNET, "sites": {"Zr": {"Sr": [0.1]}}, "force": True})
    assert any("as forced" in w and "64% larger" in w for w in space.warnings)
    assert space.candidates().formulas.tolist() == ["Li7.2La3Zr1.9Sr0.1O12"]


def test_an_ion_new_to_a_site_is_taken_with_a_warning() -> None:
    space = SearchSpace.from_dict({"host": GARNET, "sites": {"Zr": {"Mg": [0.1]}}})
    assert any("Mg2+ is not known on the Zr site" in w for w in space.warnings)


def test_yaml_mistakes_carry_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "space.yaml"
    path.write_text(
        "host: Li7La3Zr2O12\n"
        "sites:\n"
        "  Zr: {Ta: [0, 0.2]}\n"
        "process:\n"
        "  - sintering_temp_c: 1100\n"
        "    atmosphere: [air,\n"
        "                 argon]\n"
    )
    with pytest.raises(SpaceError) as caught:
        SearchSpace.from_yaml(path)
    assert str(caught.value).startswith("space.yaml, line 7: process[0].atmosphere[1] = 'argon'")
    assert caught.value.line == 7
    assert caught.value.suggestion == "did you mean Ar?"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("host: Li7La3Zr2O12\nsites:\n  Zr:\n    Sr: 0.1\n", ["line 4: sites.Zr.Sr", "force"]),
        ("host: Li7La3Zr2O12\nobjectives:\n  cost: minimize\n", ["line 3: objectives.cost"]),
        ("host: Li7La3Zr2O12\nconstraints:\n  - in_domain\n  - phase_purity > 2\n",
         ["line 4: constraints[1]"]),
        ("host: Li7La3Zr2O12\nweights: {phase_purity: .nan}\n", ["line 2: weights.phase_purity"]),
        ("host: Li7La3Zr2O12\nsites:\n  Li: {Al: 3}\ncharge_balance: Li\n",
         ["line 4: charge_balance", "no candidate is left"]),
        ("host: a\nhost: b\n", ["line 2", "may stand once"]),
        ("host: [a\nsites: b\n", ["line 2", "not valid YAML"]),
        ("- host\n- sites\n", ["a mapping"]),
        ("host: !!python/object/apply:os.system ['true']\n", ["line 1: host", "no meaning"]),
        ("host: 2020-01-01\nsites: auto\n", ["line 1: host"]),
        ("", ["cannot read"]),
        ("missing.yaml", ["cannot read missing.yaml: No such file"]),
        ("[" * 5000 + "\n", ["not valid YAML"]),
    ],
)  # fmt: skip
def test_yaml_texts_are_checked(text: str, parts: list[str]) -> None:
    with pytest.raises(SpaceError) as caught:
        SearchSpace.from_yaml(text).candidates()
    for part in parts:
        assert part in str(caught.value)


def test_yaml_that_unfolds_without_end_is_refused() -> None:
    levels = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    levels += [
        f"{k}: &{k} [{','.join([f'*{p}'] * 9)}]" for p, k in zip("abcdef", "bcdefg", strict=True)
    ]
    with pytest.raises(SpaceError, match="unfolds without end"):
        SearchSpace.from_yaml("\n".join(levels))


def test_yaml_numbers_and_words_mean_what_they_look_like() -> None:
    space = SearchSpace.from_yaml(
        "host: Li7La3Zr2O12\n"
        "sites:\n  Zr: {Y: [0, 1e-1]}\n"
        "process: {sintering_method: none, mother_powder: [true, no]}\n"
    )
    found = space.candidates()
    assert found.formulas.tolist() == ["Li7La3Zr2O12", "Li7.1La3Zr1.9Y0.1O12"]
    assert found.processes["sintering_method"].tolist() == ["none", "none"]
    assert found.processes["mother_powder"].tolist() == [True, False]


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(SPACE_KEYS), values, max_size=6), st.booleans())
def test_nonsense_is_refused_in_words(space: dict[str, Any], with_host: bool) -> None:
    with suppress(SsbmlError):
        SearchSpace.from_dict({**space, **({"host": GARNET} if with_host else {})})
