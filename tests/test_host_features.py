"""Sites, lithium, vacancies, radii and tolerance factors, computed by hand beside the code."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.elements import composition_matrix, shannon_radius_a
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import parse_formula
from ssbml.features.assemble import assemble, families_of
from ssbml.features.host import family_features, host_features, host_names
from ssbml.tables.validate import validate
from ssbml.vocabulary import VOCABULARIES

LLZTO, LATP, LLTO = "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3", "Li0.33La0.557TiO3"


def host(formula: str, family: str | None = None) -> dict[str, float]:
    matrix = host_features(
        composition_matrix([parse_formula(formula)]), [family or family_of(formula)]
    )
    return dict(zip(matrix.names, matrix.values[0].tolist(), strict=True))


def test_garnet() -> None:
    found = host(LLZTO)
    r_zr, r_ta = shannon_radius_a("Zr", 4, 6), shannon_radius_a("Ta", 5, 6)
    assert (r_zr, r_ta) == (0.72, 0.64)
    mean = (1.4 * r_zr + 0.6 * r_ta) / 2.0
    assert found["li_per_formula"] == pytest.approx(6.4)
    assert found["li_per_anion"] == pytest.approx(6.4 / 12)
    assert found["charge_imbalance"] == pytest.approx(0.0, abs=1e-9)
    assert found["site0_total"] == pytest.approx(6.4)
    assert found["site0_vacancies"] == pytest.approx(9.0 - 6.4)
    assert found["site1_total"] == pytest.approx(3.0)
    assert found["site1_vacancies"] == pytest.approx(0.0)
    assert found["site1_mean_radius_a"] == pytest.approx(1.16)
    assert found["site2_total"] == pytest.approx(2.0)
    assert found["site2_mean_radius_a"] == pytest.approx(mean)
    assert found["site2_radius_mismatch_a"] == pytest.approx(mean - r_zr)
    assert found["site2_radius_spread_a"] == pytest.approx(np.sqrt(0.7 * 0.3) * (r_zr - r_ta))
    assert found["site2_mean_charge"] == pytest.approx(4.3)
    assert found["site2_mean_electronegativity"] == pytest.approx(0.7 * 1.33 + 0.3 * 1.5)
    assert found["site2_host_ion_share"] == pytest.approx(0.7)
    assert found["site2_n_ions"] == 2
    assert found["unplaced_share"] == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(found["tolerance_factor"])


def test_nasicon() -> None:
    found = host(LATP)
    assert found["li_per_formula"] == pytest.approx(1.3)
    assert found["site0_vacancies"] == pytest.approx(4 - 1.3)
    assert found["site1_total"] == pytest.approx(2.0)
    assert found["site1_mean_radius_a"] == pytest.approx((0.3 * 0.535 + 1.7 * 0.605) / 2)
    assert found["site2_total"] == pytest.approx(3.0)
    assert found["site2_mean_charge"] == pytest.approx(5.0)
    assert found["site2_n_ions"] == 1


def test_perovskite() -> None:
    found = host(LLTO)
    r_la, r_li = shannon_radius_a("La", 3, 12), shannon_radius_a("Li", 1, 12)
    a_total = 0.557 + 0.33
    r_a = (0.557 * r_la + 0.33 * r_li) / a_total
    expected = (r_a + 1.40) / (np.sqrt(2) * (0.605 + 1.40))
    assert found["site0_total"] == pytest.approx(a_total)
    assert found["site0_vacancies"] == pytest.approx(1 - a_total)
    assert found["site0_mean_radius_a"] == pytest.approx(r_a)
    assert found["site1_total"] == pytest.approx(1.0)
    assert found["tolerance_factor"] == pytest.approx(expected)
    assert found["li_per_formula"] == pytest.approx(0.33)
    assert np.isnan(found["site2_total"])


def test_the_formula_unit_does_not_count() -> None:
    one, other = host(LATP), host("Li2.6Al0.6Ti3.4(PO4)6")
    assert other == pytest.approx(one, nan_ok=True)


def test_imbalance_is_per_formula_unit() -> None:
    assert host("Li8La3Zr2O12")["charge_imbalance"] == pytest.approx(1.0)
    assert host("Li16La6Zr4O24")["charge_imbalance"] == pytest.approx(1.0)


def test_the_dopant_site_sets_its_charge() -> None:
    assert host("Li6La3ZrBiO12")["site2_mean_charge"] == pytest.approx(4.5)


def test_what_fits_no_site_is_told() -> None:
    assert host("Li7La3Zr2U0.5O12", "garnet")["unplaced_share"] == pytest.approx(0.5 / 12.5)


@pytest.mark.parametrize("family", VOCABULARIES["family"])
def test_every_family_gives_every_feature(family: str) -> None:
    found = host("Li7La3Zr2O12", family)
    assert tuple(found) == host_names()
    assert np.isfinite(found["li_per_formula"])


def test_family_columns() -> None:
    features = family_features(["garnet", "nasicon"])
    assert features.names == tuple(f"family_{f}" for f in VOCABULARIES["family"])
    np.testing.assert_array_equal(features.values.sum(axis=1), [1.0, 1.0])
    assert features.values[0, features.names.index("family_garnet")] == 1.0


def test_a_stated_family_wins() -> None:
    table = validate(
        pd.DataFrame({"formula": [LLZTO, LLZTO], "family": [None, "perovskite"]})
    ).table
    assert families_of(table) == ["garnet", "perovskite"]


def test_placeholders_are_blank_but_for_their_dopants() -> None:
    raw = pd.DataFrame(
        {
            "formula": ["Li7La3Zr2O12"] * 2,
            "formula_basis": ["placeholder", None],
            "dopant_note": ["Ta-doped, amount not stated", "Ta-doped"],
        }
    )
    features = assemble(validate(raw).table)
    row, plain = (dict(zip(features.names, v, strict=True)) for v in features.values)
    assert row["has_Ta"] == row["has_La"] == 1.0
    assert row["has_Nb"] == 0.0
    assert plain["has_Ta"] == 0.0
    assert np.isnan(
        [row["fraction_Li"], row["li_per_formula"], row["MagpieData mean Number"]]
    ).all()
    assert row["family_garnet"] == 1.0


def test_names_are_unique_and_order_is_kept(literature: pd.DataFrame) -> None:
    table = literature.iloc[:30]
    features = assemble(table)
    assert len(set(features.names)) == len(features.names)
    backwards = assemble(table.iloc[::-1])
    np.testing.assert_array_equal(features.values[::-1], backwards.values)


def test_no_bit_depends_on_multiples_or_on_the_rest_of_the_batch(literature: pd.DataFrame) -> None:
    formulas = [f for f in literature["formula"].unique() if "-" not in f][:60]

    def values(names: list[str]) -> np.ndarray:
        return assemble(pd.DataFrame({"formula": names})).values

    batch = values(formulas)
    np.testing.assert_array_equal(batch, np.vstack([values([f]) for f in formulas]))
    np.testing.assert_array_equal(batch, values([f"({f})3" for f in formulas]))
