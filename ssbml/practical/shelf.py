"""The starting materials of a laboratory, and batches of recipes made from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ssbml.cells import is_missing, split_list
from ssbml.chemistry.elements import element_index
from ssbml.chemistry.formula import parse_formula
from ssbml.errors import WeighingError
from ssbml.fields import RECIPE_FIELDS
from ssbml.practical.batch import Batch
from ssbml.practical.precursors import check_choice
from ssbml.practical.weights import check_assay, weigh_batch
from ssbml.recipe import Recipe
from ssbml.vocabulary import closest

_WET_ROUTES = ("sol_gel", "pechini", "combustion", "spray_pyrolysis", "coprecipitation")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a laboratory weighs in.

    Attributes
    ----------
    choice : mapping of str to str
        Element to kind of starting material or formula; used for recipes that hold the element and
        name no precursors.
    purity_pct : mapping of str to float
        Assay of a starting material, wt%.
    loss_on_ignition_pct : mapping of str to float
        What a starting material loses on drying or ignition beyond its formula, wt%.
    """

    choice: Mapping[str, str] = field(default_factory=dict)
    purity_pct: Mapping[str, float] = field(default_factory=dict)
    loss_on_ignition_pct: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_words(
        cls,
        choice: Iterable[str] = (),
        purity: Iterable[str] = (),
        loss_on_ignition: Iterable[str] = (),
    ) -> Shelf:
        """Return the shelf that words such as ``Li=hydroxide`` and ``La2O3=99.5`` describe.

        Parameters
        ----------
        choice : iterable of str
            Element and kind of starting material, or its formula.
        purity, loss_on_ignition : iterable of str
            Formula of a starting material and wt%.

        Raises
        ------
        WeighingError
            Words of another form, an unknown element, a starting material that it does not have,
            or a number out of range.

        Examples
        --------
        >>> Shelf.from_words(["Li=hydroxide"], ["La2O3=99.5"]).purity_pct
        {'La2O3': 99.5}
        """
        chosen = _pairs(choice, "Li=hydroxide")
        for element in chosen:
            if element not in element_index():
                like = closest(element, element_index())
                raise WeighingError(
                    f"'{element}' is no element", f"did you mean {like}?" if like else ""
                )
        check_choice(chosen)
        purities = _numbers(purity, "La2O3=99.5")
        losses = _numbers(loss_on_ignition, "La2O3=3")
        for name, value in purities.items():
            check_assay(name, purity_pct=value)
        for name, value in losses.items():
            check_assay(name, loss_on_ignition_pct=value)
        return cls(chosen, purities, losses)

    def batch(self, recipe: Mapping[str, Any], batch_g: float = 10.0) -> Batch:
        """Return what to weigh in for one recipe: its precursors, Li excess and sintering aids.

        Recipes that name no precursors take those of `choice`, wet routes nitrates where there are
        some, else `ssbml.practical.precursors.choose_precursors`.

        Parameters
        ----------
        recipe : mapping
            Recipe columns; other keys are not looked at, blanks may be None or NaN.
        batch_g : float, default 10
            Mass of product, g.

        Returns
        -------
        Batch
            ``notes`` name a sintering aid that cannot be weighed.

        Raises
        ------
        RecipeError
            The recipe cannot be used.
        WeighingError
            As for `ssbml.practical.weights.weigh_batch`.
        """
        stated = Recipe(**{k: v for k, v in recipe.items() if k in RECIPE_FIELDS})
        composition = parse_formula(stated["formula"])
        aids, notes = _aids(stated)
        options: dict[str, Any] = {
            "li_excess_pct": stated.get("li_excess_pct", 0.0),
            "li_excess_basis": stated.get("li_excess_basis"),
            "precursors": split_list(stated.get("precursors")),
            "choice": {e: kind for e, kind in self.choice.items() if e in composition},
            "prefer": "nitrate" if stated.get("route") in _WET_ROUTES else None,
            "aids_wt_pct": aids,
        }
        plain = weigh_batch(stated["formula"], batch_g, **options)
        names = {line.precursor for line in plain.lines if line.role == "precursor"}
        batch = weigh_batch(
            stated["formula"],
            batch_g,
            purity_pct={n: v for n, v in self.purity_pct.items() if n in names},
            loss_on_ignition_pct={n: v for n, v in self.loss_on_ignition_pct.items() if n in names},
            **options,
        )
        return batch.noted(*notes)

    def check_used(self, batches: Iterable[Batch]) -> None:
        """Raise if a purity or an ignition loss belongs to nothing that is weighed in.

        Raises
        ------
        WeighingError
            With the names and what is weighed in.
        """
        names = {line.precursor for batch in batches for line in batch.lines}
        stray = {*self.purity_pct, *self.loss_on_ignition_pct} - names
        if stray and names:
            raise WeighingError(
                f"{', '.join(sorted(stray))} has a purity or an ignition loss but is weighed in "
                f"for no recipe; weighed in are {', '.join(sorted(names))}"
            )


def _pairs(words: Iterable[str], example: str) -> dict[str, str]:
    """Return what stands before and after the equals sign of each word."""
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not (name and equals and value):
            raise WeighingError(f"'{word}' is no NAME=VALUE", f"write for example {example}")
        if name in found:
            raise WeighingError(f"{name} is given twice, as {found[name]} and {value}")
        found[name] = value
    return found


def _numbers(words: Iterable[str], example: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, text in _pairs(words, example).items():
        try:
            found[name] = float(text)
        except ValueError:
            raise WeighingError(
                f"'{text}' of {name} is no number", f"write for example {example}"
            ) from None
    return found


def _aids(recipe: Mapping[str, Any]) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the sintering aids with an amount in wt%, and a note about the others."""
    names = [n for n in split_list(recipe.get("additive")) if n != "none"]
    amounts = split_list(recipe.get("additive_wt_pct"))
    weighed = {n: float(a) for n, a in zip(names, amounts, strict=False) if not is_missing(a)}
    left = [n for n in names if n not in weighed]
    told = f"{', '.join(left)} is not weighed: its amount in wt% is not stated"
    return weighed, (told,) if left else ()
