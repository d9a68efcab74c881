"""Inside or outside what the data support, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.domain import FRACTIONS, RANGED, Domain
from ssbml.errors import ModelError
from ssbml.features.assemble import assemble, families_of
from ssbml.fitting.domains import fit_domain
from ssbml.predictor import Predictor
from ssbml.tables.validate import validate

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"


def distances(domain: Domain, *recipes: dict[str, Any]) -> np.ndarray:
    table = validate(pd.DataFrame(list(recipes), dtype=object)).table
    return domain.distance(assemble(table), families_of(table))


@pytest.fixture(scope="module")
def domain(model: Predictor) -> Domain:
    return model.domain


def test_published_compositions_are_at_distance_zero(
    domain: Domain, literature: pd.DataFrame
) -> None:
    rows = literature[literature["formula_basis"] != "placeholder"][["formula", "family"]]
    table = validate(rows).table
    chemical = domain.distance(assemble(table), families_of(table))
    assert np.median(chemical) < 1e-3
    assert np.mean(chemical <= 1.0) > 0.97


@pytest.mark.parametrize(
    ("recipe", "inside"),
    [
        ({"formula": LLZTO, "sintering_temp_c": 1150, "sintering_time_h": 6}, True),
        ({"formula": LLZTO}, True),
        ({"formula": LLZTO, "temperature_c": -250}, False),
        ({"formula": "Li7La3Zr2O"}, False),
        ({"formula": "Li1La3Zr2O12F"}, False),
    ],
)
def test_inside_or_outside(domain: Domain, recipe: dict[str, Any], inside: bool) -> None:
    (distance,) = distances(domain, recipe)
    assert (distance <= 1.0) == inside
    assert np.isfinite(distance)


@pytest.fixture(scope="module")
def by_hand() -> Domain:
    """Nine tantalum garnets, fired between 1000 and 1200 °C."""
    formulas = [f"Li{7 - x / 10:g}La3Zr{2 - x / 10:g}Ta{x / 10:g}O12" for x in range(9)]
    fractions = assemble(pd.DataFrame({"formula": formulas})).select(FRACTIONS)
    ranges = np.full((len(RANGED), 2), np.nan)
    ranges[list(RANGED).index("sintering_temp_c")] = (1000.0, 1200.0)
    pooled = ranges.copy()
    pooled[list(RANGED).index("li_excess_pct")] = (0.0, 20.0)
    return Domain(
        np.array(["garnet"] * 9),
        fractions.astype(np.float32),
        {"garnet": 0.1, "*": 0.5},
        {"garnet": ranges, "*": pooled},
    )


@pytest.mark.parametrize(
    ("cells", "distance"),
    [
        ({"sintering_temp_c": 1100}, 0.0),
        ({"sintering_temp_c": 1200}, 0.0),
        ({"sintering_temp_c": 1275}, 0.5),
        ({"sintering_temp_c": 850}, 1.0),
        ({"sintering_temp_c": 700}, 2.0),
        ({"li_excess_pct": 20}, 0.0),
        ({"li_excess_pct": 100}, 2.0),
        ({"sintering_temp_c": 850, "li_excess_pct": 100}, 2.0),
    ],
)
def test_distance_beyond_the_range(
    by_hand: Domain, cells: dict[str, float], distance: float
) -> None:
    assert distances(by_hand, {"formula": LLZTO, **cells}) == pytest.approx([distance], abs=1e-5)


def test_chemical_distance_is_over_the_edge_of_the_family(by_hand: Domain) -> None:
    foreign = "Li6.4La3Zr1.4Nb0.6O12"
    swapped = 2 * 0.6 / 23.4
    assert distances(by_hand, {"formula": foreign}) == pytest.approx([swapped / 0.1], rel=1e-4)
    as_other = distances(by_hand, {"formula": foreign, "family": "halide"})
    assert as_other == pytest.approx([swapped / 0.5], rel=1e-4)


def test_distance_grows_with_the_imbalance(domain: Domain) -> None:
    imbalanced = [f"Li{x}La3Zr2O12" for x in (7, 8, 9, 10)]
    assert (np.diff(distances(domain, *({"formula": f} for f in imbalanced))) > 0).all()


def test_imbalance_counts_as_a_share_of_the_edge(domain: Domain) -> None:
    (distance,) = distances(domain, {"formula": "Li7La3Zr2O"})
    assert distance >= (22 / 24) / 0.05 - 1e-9


def test_blanks_are_no_distance(domain: Domain) -> None:
    table = validate(pd.DataFrame({"formula": [LLZTO]})).table
    beyond = domain.beyond_range(assemble(table), ["garnet"])
    assert beyond.shape == (1, len(RANGED))
    np.testing.assert_array_equal(beyond, 0.0)


def test_placeholders_are_at_the_edge(domain: Domain) -> None:
    (distance,) = distances(
        domain, {"formula": "Li7La3Zr2O12", "formula_basis": "placeholder", "dopant_note": "Ta"}
    )
    assert distance == 1.0


def test_only_shareable_rows_are_stored(literature: pd.DataFrame) -> None:
    table = literature[literature["formula_basis"] != "placeholder"]
    features, families = assemble(table), families_of(table)
    groups = table["cv_group"].to_numpy(dtype=object)
    shareable = np.arange(len(table)) % 2 == 0
    fitted = fit_domain(features, families, groups, shareable)
    stored = {tuple(np.round(row, 5)) for row in fitted.fractions}
    allowed = features.select(FRACTIONS)[shareable].astype(np.float32)
    assert stored <= {tuple(np.round(row, 5)) for row in allowed}


def test_edges_come_from_other_papers(literature: pd.DataFrame) -> None:
    table = literature[literature["family"] == "garnet"]
    features, families = assemble(table), families_of(table)
    one_paper = np.full(len(table), "p", dtype=object)
    with pytest.raises(ValueError, match="concatenate"):
        fit_domain(features, families, one_paper, np.ones(len(table), bool))


def test_stored_and_opened_again(domain: Domain) -> None:
    again = Domain.from_arrays(domain.to_arrays("d"), "d")
    recipes = [{"formula": LLZTO}, {"formula": "Li7La3Zr2O"}, {"formula": "Li6PS5Cl"}]
    np.testing.assert_array_equal(distances(again, *recipes), distances(domain, *recipes))


@pytest.mark.parametrize("name", ["d.families", "d.fractions", "d.edges", "d.ranges"])
def test_without_a_part_it_is_refused(domain: Domain, name: str) -> None:
    arrays = domain.to_arrays("d")
    del arrays[name]
    with pytest.raises(ModelError, match="no domain"):
        Domain.from_arrays(arrays, "d")


def test_of_another_shape_it_is_refused(domain: Domain) -> None:
    arrays = domain.to_arrays("d")
    arrays["d.fractions"] = arrays["d.fractions"][:, :-1]
    with pytest.raises(ModelError, match="damaged"):
        Domain.from_arrays(arrays, "d")
