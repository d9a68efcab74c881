"""One recipe: frozen, valid, hashable."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from ssbml.errors import RecipeError, SsbmlError
from ssbml.recipe import Recipe

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"


def test_holds_what_is_stated() -> None:
    recipe = Recipe(LLZTO, sintering_temp_c="1150", atmosphere="o2", form=None, route="")
    assert dict(recipe) == {"formula": LLZTO, "sintering_temp_c": 1150.0, "atmosphere": "O2"}
    assert recipe.get("form") is None
    assert "form" not in recipe
    assert len(recipe) == 3
    with pytest.raises(KeyError):
        recipe["form"]


def test_cannot_be_changed() -> None:
    recipe = Recipe(LLZTO)
    with pytest.raises(AttributeError, match="cannot be changed"):
        recipe.formula = "Li3PS4"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        recipe._values["formula"] = "Li3PS4"  # type: ignore[index]


def test_equal_whatever_the_order_of_fields() -> None:
    one = Recipe(LLZTO, form="pellet", atmosphere="Ar")
    two = Recipe(LLZTO, atmosphere="AR", form="Pellet")
    assert one == two
    assert hash(one) == hash(two)
    assert one != Recipe(LLZTO, form="pellet")
    assert {one: 1}[two] == 1


def test_shows_how_to_make_it_again() -> None:
    recipe = Recipe(LLZTO, sintering_temp_c=1150, atmosphere="O2", mother_powder=True)
    assert eval(repr(recipe), {"Recipe": Recipe}) == recipe
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert Recipe(**recipe) == recipe


@pytest.mark.parametrize(
    ("fields", "clue"),
    [
        ({"sintering_temp": 1150}, "no such recipe field (did you mean sintering_temp_c?)"),
        ({"relative_density_pct": 95}, "hand measured values over with known="),
        ({"doi": "10.1/x"}, "measured outcome or provenance"),
        ({"qqq": 1}, "there is no such recipe field"),
        ({"atmosphere": "argon"}, "did you mean Ar?"),
    ],
)
def test_bad_fields(fields: dict[str, Any], clue: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe(LLZTO, **fields)
    assert clue in str(caught.value)
    assert isinstance(caught.value, (SsbmlError, ValueError))


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe("LLZO", sintering_temp_c="hot", atmosphere="argon")
    assert [p.column for p in caught.value.problems] == [
        "formula",
        "sintering_temp_c",
        "atmosphere",
    ]


@pytest.mark.parametrize("formula", ["", None])
def test_formula_is_needed(formula: Any) -> None:
    with pytest.raises(RecipeError, match="the formula is empty"):
        Recipe(formula)
