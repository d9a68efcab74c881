"""The page on search spaces names every key and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ssbml.chemistry.parents import HOST_ALIASES, HOST_FAMILIES
from ssbml.screening.size import MAX_COMBINATIONS, MAX_COMPOSITIONS, MAX_WAYS
from ssbml.screening.space import SPACE_KEYS, SearchSpace


@pytest.fixture(scope="module")
def page() -> str:
    path = Path(__file__).parents[1] / "docs" / "search_space.md"
    if not path.is_file():
        pytest.skip("the tests do not lie in a checkout")
    return path.read_text("utf-8")


def test_keys_are_those_of_the_page(page: str) -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", page, flags=re.MULTILINE)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == set(SPACE_KEYS)


def test_hosts_are_those_of_the_page(page: str) -> None:
    named = page.split("Hosts listed by name:")[1].split("Any other")[0]
    hosts = {h.strip(" .\n") for h in named.replace("\n", " ").split(",")}
    assert {HOST_ALIASES.get(h, h) for h in hosts} | {"Li3PO4", "Li3VO4"} == set(HOST_FAMILIES)


def test_the_example_and_the_numbers_of_the_page_hold(page: str) -> None:
    example = page.split("```yaml\n")[1].split("```")[0]
    assert SearchSpace.from_yaml(example).candidates().formulas.tolist() == ["Li7La3Zr2O12"]
    assert (MAX_COMBINATIONS, MAX_COMPOSITIONS, MAX_WAYS) == (50_000_000, 1_000_000, 250_000)
    llto = {"host": "La2/3-xLi3xTiO3", "sites": {"La": {"La": [0.53, 0.557]}}}
    lithium = SearchSpace.from_dict(llto).candidates().compositions[:, 2]
    assert lithium.round(2).tolist() == [0.41, 0.33]
