"""Cost, density, cell energy, lithium stability, resistance, and all of it beside a ranking."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ssbml.chemistry.formula import FormulaError, parse_formula
from ssbml.datasets.registry import available, fetch
from ssbml.errors import RecipeError, WeighingError
from ssbml.practical.cell import energy_wh_kg, thickness_limit_um
from ssbml.practical.cost import element_cost, market
from ssbml.practical.density import theoretical_density
from ssbml.practical.enrich import PRACTICAL_COLUMNS, enrich
from ssbml.practical.lithium import lithium_stability
from ssbml.practical.mass import molar_mass
from ssbml.practical.resistance import area_resistance, form_at_thickness
from ssbml.practical.shelf import Shelf
from ssbml.predictor import Predictor

LLZTO = "Li6.4La3Zr1.4Ta0.6O12"


@pytest.mark.parametrize(
    ("density", "thickness", "cathode", "printed"),
    [
        (5.07, 20, "NMC811", 340),
        (2.93, 20, "NMC811", 404),
        (5.07, 20, "LCO", 326),
        (2.93, 20, "LCO", 384),
        (5.07, 10, "LCO", 358),
        (5.07, 15, "NMC811", 357),
        (2.93, 15, "NMC811", 418),
        (2.93, 15, "LCO", 396),
    ],
)
def test_printed_energies_are_reproduced(
    density: float, thickness: float, cathode: str, printed: float
) -> None:
    assert abs(energy_wh_kg(density, thickness, cathode) - printed) < 1


@pytest.mark.parametrize(
    ("density", "target", "cathode", "printed"),
    [(5.07, 300, "LCO", 28), (2.93, 300, "LCO", 65), (5.07, 400, "NMC811", 4),
     (2.93, 400, "NMC811", 21)],
)  # fmt: skip
def test_printed_thickness_limits(
    density: float, target: float, cathode: str, printed: float
) -> None:
    limit = thickness_limit_um(density, target, cathode)
    assert limit is not None
    assert limit == pytest.approx(printed, abs=1.5)
    assert energy_wh_kg(density, limit, cathode) == pytest.approx(target)


def test_unreachable_energy_has_no_limit() -> None:
    assert thickness_limit_um(5.07, 900) is None


def test_cell_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="allowed are NMC811, LCO"):
        energy_wh_kg(5.07, 20, "LFP")
    with pytest.raises(ValueError, match="must be above 0"):
        energy_wh_kg(0, 20)


@pytest.mark.parametrize(
    ("formula", "density"),
    [("Li7La3Zr2O12", 5.1), (LLZTO, 5.5), ("Li5La3Ta2O12", 6.35), ("Li1.3Al0.3Ti1.7(PO4)3", 2.93),
     ("Li0.33La0.557TiO3", 5.01), ("Li6PS5Cl", 1.86)],
)  # fmt: skip
def test_theoretical_density_follows_the_composition(formula: str, density: float) -> None:
    assert theoretical_density(formula).g_cm3 == pytest.approx(density, abs=0.06)


@pytest.mark.parametrize("formula", ["Li3YCl6", "Li0.375Sr0.4375Hf0.25Ta0.75O3", "LiCeB3H12Cl"])
def test_density_without_a_published_cell_is_unknown(formula: str) -> None:
    found = theoretical_density(formula)
    assert found.g_cm3 is None
    assert "no unit cell" in found.basis


def test_density_does_not_depend_on_how_the_formula_is_written() -> None:
    assert theoretical_density("Li14La6Zr4O24").g_cm3 == pytest.approx(
        theoretical_density("Li7La3Zr2O12").g_cm3
    )


def test_density_against_published_cells() -> None:
    if not available("obelix/all.csv"):
        pytest.skip("the public file obelix/all.csv is not there; set SSBML_DATA or fetch it")
    cells = pd.read_csv(fetch("obelix/all.csv"))
    names = {"garnet": "garnet", "NASICON": "nasicon", "argyrodites": "argyrodite"}
    off: dict[str, list[float]] = {name: [] for name in names.values()}
    for row in cells.to_dict("records"):
        family = names.get(str(row["Family"]))
        usual = str(row["Space group"]).replace(" ", "") in ("Ia-3d", "R-3c", "F-43m")
        if family is None or not usual:
            continue
        formula = str(row["Reduced Composition"]).replace(" ", "")
        try:
            composition = parse_formula(formula)
        except FormulaError:
            continue
        density = theoretical_density(formula, family).g_cm3
        if density is None:
            continue
        volume = row["a"] * row["b"] * row["c"] * math.sin(math.radians(row["gamma"]))
        published = row["Z"] * molar_mass(composition) / (0.602214076 * volume)
        off[family].append(density / published - 1)
    for family, errors in off.items():
        sizes = np.abs(errors)
        assert len(sizes) > 30, family
        assert np.median(sizes) < 0.012, family
        assert np.quantile(sizes, 0.95) < 0.05, family


def test_tantalum_and_germanium_make_it_dear() -> None:
    llzo, llzto = element_cost("Li7La3Zr2O12"), element_cost(LLZTO)
    lagp = element_cost("Li1.5Al0.5Ge1.5(PO4)3")
    assert llzo.usd_per_kg is not None
    assert llzto.usd_per_kg is not None
    assert lagp.usd_per_kg is not None
    assert llzto.usd_per_kg > 2 * llzo.usd_per_kg
    assert (llzto.dearest, lagp.dearest) == ("Ta", "Ge")
    assert lagp.usd_per_kg > 200


def test_cost_of_llzo_by_hand() -> None:
    """Mass fractions of Li7La3Zr2O12 (M = 839.73): Li 0.0579, La 0.4962, Zr 0.2173, O 0.2286.
    0.0579*83.5 + 0.4962*4.85 + 0.2173*36.4 + 0.2286*0.154 = 4.83 + 2.41 + 7.91 + 0.04 = 15.18.
    """
    found = element_cost("Li7La3Zr2O12")
    assert found.usd_per_kg == pytest.approx(15.18, abs=0.03)
    assert found.low_usd_per_kg < found.usd_per_kg < found.high_usd_per_kg
    assert found.share_unknown == 0


def test_unknown_price_stays_unknown() -> None:
    found = element_cost("Li6La3PmO12")
    assert found.unknown == ("Pm",)
    assert 0.1 < found.share_unknown < 0.3


def test_critical_elements() -> None:
    found = element_cost("Li6.4La3Zr1.4Ta0.6O12")
    assert found.critical_2020 == found.critical_2024 == ("Li", "La", "Ta")
    assert element_cost("Li3InCl6").critical_2020 == ("Li", "In")
    assert element_cost("Li3InCl6").critical_2024 == ("Li",)


def test_lists_hold_what_the_review_names() -> None:
    named = ("Li", "Co", "La", "C", "Ge", "Ga", "Si", "Ta", "Ti", "V", "Mg")
    assert all(market()[symbol].eu_2020 for symbol in named)
    assert not market()["Zr"].eu_2020
    for entry in market().values():
        priced = entry.low_usd_kg is not None
        assert priced == (entry.year is not None) == bool(entry.price_source), entry.symbol


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("Li7La3Zr2O12", "stable"),
        (LLZTO, "stable"),
        ("Li6.5La3Zr1.5Nb0.5O12", "doubtful"),
        ("Li6.4La3Zr1.7W0.3O12", "unknown"),
        ("Li5La3Ta2O12", "unknown"),
        ("Li1.3Al0.3Ti1.7(PO4)3", "not stable"),
        ("Li1.5Al0.5Ge1.5(PO4)3", "not stable"),
        ("LiZr2(PO4)3", "unknown"),
        ("Li0.33La0.557TiO3", "not stable"),
        ("Li6PS5Cl", "not stable"),
        ("Li3.3PO3.8N0.2", "stable"),
        ("Li3YCl6", "unknown"),
    ],
)
def test_lithium_metal(formula: str, verdict: str) -> None:
    found = lithium_stability(formula)
    assert found.verdict == verdict
    assert "section" in found.text() or verdict == "unknown"


@pytest.mark.parametrize(
    ("form", "thickness", "expected"),
    [("pellet", 1000, "pellet"), (None, 100, "pellet"), ("pellet", 99, "tape"),
     ("pellet", 19, "film"), ("tape", 25, "tape"), ("tape", 5, "film"), ("film", 1, "film"),
     ("pellet", float("nan"), "pellet")],
)  # fmt: skip
def test_form_at_thickness(form: str | None, thickness: float, expected: str) -> None:
    assert form_at_thickness(form, thickness) == expected


class Constant:
    """Answers one conductivity per form and remembers what it was asked."""

    def __init__(self) -> None:
        self.sigma = {"pellet": 1e-3, "tape": 1e-4, "film": 1e-6}
        self.asked: list[pd.DataFrame] = []

    def predict_table(
        self, table: pd.DataFrame, *, coverage: float, known: Mapping[str, Any] | None
    ) -> pd.DataFrame:
        self.asked.append(table)
        sigma = np.array([self.sigma[f or "pellet"] for f in table["form"]])
        warmer = 2.0 ** ((table["temperature_c"].to_numpy() - 25) / 25)
        return pd.DataFrame(
            {
                "conductivity_s_cm": sigma * warmer,
                "conductivity_s_cm_lower": sigma * warmer / 10,
                "conductivity_s_cm_upper": sigma * warmer * 10,
                "in_domain": True,
            },
            index=table.index,
        )


def recipes(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"formula": LLZTO, **columns}, index=[0])


def test_resistance_is_thickness_over_conductivity() -> None:
    found = area_resistance(
        recipes(form="pellet", thickness_um=500.0), Constant(), temperatures_c=[25]
    )
    row = found.iloc[0]
    assert row["asr_ohm_cm2"] == pytest.approx(0.05 / 1e-3)
    assert row["asr_ohm_cm2_upper"] == pytest.approx(500)
    assert not row["meets_target"]
    assert math.isnan(row["thickest_um"]), "37.5 um of a pellet cannot be handled"


def test_thin_layer_of_a_pellet_recipe_is_predicted_anew() -> None:
    asked = Constant()
    found = area_resistance(
        recipes(form="pellet", route="solid_state"), asked, thickness_um=30, temperatures_c=[25]
    )
    row = found.iloc[0]
    assert asked.asked[0]["form"].tolist() == ["tape"]
    assert asked.asked[0]["thickness_um"].tolist() == [30.0]
    assert row["asr_ohm_cm2"] == pytest.approx(30e-4 / 1e-4), "not from the pellet value"
    assert "predicted anew as a tape" in row["asr_notes"]
    assert row["in_domain"]


def test_film_of_a_pellet_route_is_out_of_domain() -> None:
    table = recipes(form="pellet", route="solid_state")
    found = area_resistance(table, Constant(), thickness_um=5, temperatures_c=[25]).iloc[0]
    assert found["form"] == "film"
    assert not found["in_domain"]
    wet = recipes(form="pellet", route="sol_gel")
    assert area_resistance(wet, Constant(), thickness_um=5, temperatures_c=[25]).iloc[0][
        "in_domain"
    ]


def test_resistance_does_not_change_its_input() -> None:
    table = recipes(form="pellet")
    before = table.copy()
    area_resistance(table, Constant(), thickness_um=5)
    pd.testing.assert_frame_equal(table, before)


def test_enrich_keeps_what_it_is_given() -> None:
    ranked = pd.DataFrame(
        {"rank": [1, 2], "formula": [LLZTO, "Li3.3PO3.8N0.2"], "form": ["tape", "film"],
         "thickness_um": [25.0, 1.0], "li_excess_pct": [10.0, np.nan],
         "li_excess_basis": ["mol", None], "additive": ["Li3BO3", None],
         "additive_wt_pct": [1.0, np.nan], "conductivity_s_cm": [1e-4, 1e-6]},
        index=["a", "b"],
    )  # fmt: skip
    before = ranked.copy()
    found = enrich(ranked, Constant(), batch_g=20)
    pd.testing.assert_frame_equal(ranked, before)
    pd.testing.assert_frame_equal(found[ranked.columns], before)
    assert list(found.columns) == [*ranked.columns, *PRACTICAL_COLUMNS]
    assert found.loc["a", "weights"].startswith("Li2CO3 5.84")
    assert "Li3BO3 0.2000 g (after calcination)" in found.loc["a", "weights"]
    assert found.loc["b", "weights"] is None
    assert "no precursor of N" in found.loc["b", "weights_notes"]
    assert found.loc["a", "asr_meets_target"] == "no"
    assert found.loc["a", "asr_ohm_cm2_cold"] > found.loc["a", "asr_ohm_cm2"]
    assert found.loc["a", "cell_wh_kg"] == pytest.approx(energy_wh_kg(5.47, 20), abs=1)
    pd.testing.assert_frame_equal(enrich(found, Constant(), batch_g=20), found)


def test_enrich_works_without_a_predictor_and_on_nothing() -> None:
    found = enrich(recipes())
    assert found["asr_ohm_cm2"].isna().all()
    assert found["lithium_metal"].tolist() == ["stable"]
    assert list(enrich(recipes().iloc[:0]).columns) == ["formula", *PRACTICAL_COLUMNS]


def test_shelf_serves_the_recipes_that_need_it() -> None:
    table = pd.DataFrame({"formula": ["Li7La3Zr2O12", LLZTO], "li_excess_pct": [10.0, np.nan]})
    shelf = Shelf({"Li": "hydroxide_monohydrate", "Ta": "oxide"}, {"Ta2O5": 99.0})
    plain = enrich(table, shelf=Shelf({"Li": "hydroxide_monohydrate"}))
    found = enrich(table, shelf=shelf)
    assert found["weights"].str.startswith("LiOH·H2O").all()
    assert found["weights"][0] == plain["weights"][0]
    assert found["weights"][1] != plain["weights"][1]
    with pytest.raises(WeighingError, match="Nb2O5 has a purity"):
        enrich(table, shelf=Shelf({}, {"Nb2O5": 99.0}))


@pytest.mark.parametrize("aid", [{"additive": "Li3BO3"}, {"additive": "Li3BO3; MgO",
                                 "additive_mol_pct": "1; 2"}])  # fmt: skip
def test_aid_without_amount_is_said(aid: dict[str, str]) -> None:
    assert "Li3BO3" in enrich(recipes(**aid))["weights_notes"].iloc[0]


def test_aid_amount_may_be_a_plain_number() -> None:
    batch = Shelf().batch({"formula": LLZTO, "additive": "MgO", "additive_wt_pct": 5.0}, 10)
    assert batch.lines[-1].weigh_g == pytest.approx(0.5)


@pytest.mark.parametrize("given", [{"batch_g": -1.0}, {"batch_g": float("nan")}])
def test_enrich_refuses_an_impossible_batch(given: dict[str, float]) -> None:
    with pytest.raises(WeighingError, match="the batch is"):
        enrich(recipes(), **given)


def test_resistance_refuses_an_impossible_thickness() -> None:
    with pytest.raises(ValueError, match="above 0"):
        area_resistance(recipes(), Constant(), thickness_um=0)


def test_pellet_without_thickness_counts_with_a_usual_one() -> None:
    asked = Constant()
    found = area_resistance(recipes(form="pellet"), asked, temperatures_c=[25]).iloc[0]
    assert found["asr_ohm_cm2"] == pytest.approx(0.03 / 1e-3)
    assert "counted as 300 µm" in found["asr_notes"]
    assert asked.asked[0]["thickness_um"].isna().all(), "the model is not told a thickness"
    film = area_resistance(recipes(form="film"), Constant(), temperatures_c=[25]).iloc[0]
    assert math.isnan(film["asr_ohm_cm2"])


def test_enrich_says_which_recipe_is_bad() -> None:
    with pytest.raises(RecipeError, match="row 0, form"):
        enrich(recipes(form="brick"))


def test_enrich_names_the_nearest_published_sample(
    model: Predictor, literature: pd.DataFrame
) -> None:
    table = pd.DataFrame({"formula": [LLZTO, "Li3N"], "sintering_temp_c": [1150.0, np.nan]})
    near, far = (r for _, r in enrich(table, model).iterrows())
    assert near["nearest_published"].startswith("Li6.")
    fired = literature.loc[literature["sintering_temp_c"].notna(), ["formula", "sintering_temp_c"]]
    made = enrich(fired.head(8).reset_index(drop=True), model)["nearest_published_made_by"]
    assert made.str.contains("°C").sum() >= 4
    assert " S/cm" in near["nearest_published_got"]
    assert near["nearest_published_source"].startswith(("10.", "http"))
    assert far["nearest_published"] == "no published sample is close enough"
    assert far[["nearest_published_got", "nearest_published_source"]].isna().all()


def test_enrich_with_the_model(model: Predictor) -> None:
    found = enrich(recipes(form="tape", thickness_um=25.0, sintering_temp_c=1150.0), model)
    row = found.iloc[0]
    assert row["asr_ohm_cm2_lower"] <= row["asr_ohm_cm2"] <= row["asr_ohm_cm2_upper"]
    assert row["asr_ohm_cm2"] == pytest.approx(
        25e-4 / model.predict(recipes(form="tape", thickness_um=25.0, sintering_temp_c=1150.0))
        ["conductivity_s_cm"].iloc[0]
    )  # fmt: skip
