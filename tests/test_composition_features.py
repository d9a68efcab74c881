"""Composition features equal matminer's and see neither multiples nor order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Composition

from ssbml.chemistry.elements import composition_matrix, element_table
from ssbml.chemistry.formula import parse_formula
from ssbml.features.composition import (
    DOPANTS,
    FRACTION_ELEMENTS,
    fraction_features,
    magpie_features,
    magpie_names,
    presence_features,
)


def matrix_of(*formulas: str) -> np.ndarray:
    return composition_matrix([parse_formula(f) for f in formulas])


@pytest.fixture(scope="module")
def magpie() -> ElementProperty:
    featurizer = ElementProperty.from_preset("magpie")
    featurizer.set_n_jobs(1)
    return featurizer


def test_equal_to_matminer_on_every_formula(
    literature: pd.DataFrame, magpie: ElementProperty
) -> None:
    formulas = sorted(literature["formula"].unique())
    compositions = [Composition(dict(parse_formula(f))) for f in formulas]
    theirs = magpie.featurize_many(compositions, ignore_errors=False, pbar=False)
    ours = magpie_features(matrix_of(*formulas))
    assert list(ours.names) == magpie.feature_labels()
    np.testing.assert_allclose(ours.values, np.array(theirs), rtol=0, atol=1e-9)


def test_equal_to_matminer_where_the_mode_is_a_tie(magpie: ElementProperty) -> None:
    formulas = ["LiCl", "LiLaTiO3", "Li2S2", "LiAlGa", "Li3InCl3"]
    theirs = [magpie.featurize(Composition(f)) for f in formulas]
    ours = magpie_features(matrix_of(*formulas)).values
    np.testing.assert_allclose(ours, np.array(theirs), rtol=0, atol=1e-9)


def test_names() -> None:
    assert len(magpie_names()) == 132
    assert magpie_names()[0] == "MagpieData minimum Number"
    assert len(element_table().symbols) == 103


def test_a_batch_equals_its_rows(literature: pd.DataFrame) -> None:
    formulas = literature["formula"].unique()[:40].tolist()
    batch = magpie_features(matrix_of(*formulas)).values
    single = np.vstack([magpie_features(matrix_of(f)).values for f in formulas])
    np.testing.assert_allclose(batch, single, rtol=0, atol=1e-9)


elements = st.sampled_from(["Li", "La", "Zr", "O", "P", "Ti", "Al", "S", "Cl", "Ta"])
compositions = st.dictionaries(elements, st.integers(1, 100).map(lambda n: n / 8), min_size=1)


@given(compositions, st.sampled_from([0.25, 2.0, 3.0, 8.0]), st.randoms(use_true_random=False))
def test_neither_multiples_nor_order_count(composition: dict, factor: float, random) -> None:  # type: ignore[no-untyped-def,type-arg]
    items = [(symbol, amount * factor) for symbol, amount in composition.items()]
    random.shuffle(items)
    one, other = composition_matrix([composition]), composition_matrix([dict(items)])
    for features in (magpie_features, fraction_features, presence_features):
        np.testing.assert_allclose(features(one).values, features(other).values, atol=1e-9)


def test_fractions_and_presence() -> None:
    fractions = fraction_features(matrix_of("Li7La3Zr2O12", "Li3PS4"))
    assert fractions.names == tuple(f"fraction_{e}" for e in FRACTION_ELEMENTS)
    row = dict(zip(fractions.names, fractions.values[0], strict=True))
    assert row["fraction_Li"] == pytest.approx(7 / 24)
    assert row["fraction_O"] == pytest.approx(0.5)
    np.testing.assert_allclose(fractions.values.sum(axis=1), 1.0)
    presence = presence_features(matrix_of("Li7La3Zr2O12", "Li3PS4"))
    assert presence.names == tuple(f"has_{e}" for e in DOPANTS)
    found = [n for n, v in zip(presence.names, presence.values[1], strict=True) if v]
    assert found == ["has_P", "has_S"]
