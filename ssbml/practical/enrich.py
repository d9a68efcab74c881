"""Everything an experimenter needs per recipe, as columns beside the prediction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import is_missing, split_list
from ssbml.chemistry.formula import FormulaError
from ssbml.errors import RecipeError, WeighingError
from ssbml.features.assemble import families_of
from ssbml.fields import RECIPE_FIELDS
from ssbml.practical.batch import Batch
from ssbml.practical.cell import energy_wh_kg
from ssbml.practical.cost import element_cost
from ssbml.practical.density import theoretical_density
from ssbml.practical.lithium import lithium_stability
from ssbml.practical.resistance import TARGET_OHM_CM2, area_resistance
from ssbml.practical.weights import weigh_batch
from ssbml.request import TablePredictor
from ssbml.tables.validate import validate

if TYPE_CHECKING:
    import pandas as pd

CELL_THICKNESS_UM = 20.0
"""Separator of the cell energy: the thickness of the printed energies, µm."""

PRACTICAL_COLUMNS = (
    "weights",
    "weights_notes",
    "element_cost_usd_kg",
    "element_cost_unknown_share",
    "critical_eu_2020",
    "critical_eu_2024",
    "theoretical_density_g_cm3",
    "asr_form",
    "asr_thickness_um",
    "asr_ohm_cm2",
    "asr_ohm_cm2_lower",
    "asr_ohm_cm2_upper",
    "asr_ohm_cm2_cold",
    "asr_ohm_cm2_warm",
    "asr_meets_target",
    "thickest_um",
    "asr_in_domain",
    "asr_notes",
    "cell_wh_kg",
    "lithium_metal",
    "lithium_metal_reason",
)
"""Columns added by `enrich`: ``asr_ohm_cm2`` and ``thickest_um`` at 25 °C, ``cold`` at -10 °C,
``warm`` at 50 °C."""

_COLD_C, _ROOM_C, _WARM_C = -10.0, 25.0, 50.0
_WET_ROUTES = ("sol_gel", "pechini", "combustion", "spray_pyrolysis", "coprecipitation")


def enrich(
    ranked: pd.DataFrame,
    predictor: TablePredictor | None = None,
    *,
    batch_g: float = 10.0,
    thickness_um: float | None = None,
    **weighing: Any,
) -> pd.DataFrame:
    """Add weights, cost, resistance, cell energy and lithium stability to ranked recipes.

    Parameters
    ----------
    ranked : DataFrame
        Recipes with a ``formula`` column; other columns are kept, recipe columns are used.
    predictor : TablePredictor, optional
        What predicts conductivity over temperature; without it the resistance columns stay blank.
    batch_g : float, default 10
        Mass of product of a batch, g.
    thickness_um : float, optional
        Thickness for the resistance; each recipe's own when None.
    **weighing : object
        ``choice``, ``purity_pct`` and ``loss_on_ignition_pct`` of
        `ssbml.practical.weights.weigh_batch`.

    Returns
    -------
    DataFrame
        ``ranked`` with `PRACTICAL_COLUMNS` behind it. What is not known is None or NaN and the
        notes say why.

    Raises
    ------
    RecipeError
        A recipe cannot be used.
    """
    import pandas as pd

    if len(ranked) == 0:
        return ranked.assign(**{name: pd.Series(dtype=object) for name in PRACTICAL_COLUMNS})
    recipes = _recipes(ranked)
    rows = [
        _chemistry_row({str(k): v for k, v in recipe.items()}, family, batch_g, weighing)
        for recipe, family in zip(recipes.to_dict("records"), families_of(recipes), strict=True)
    ]
    added = pd.DataFrame(rows, index=recipes.index)
    if predictor is not None:
        added = added.join(_resistance(recipes, predictor, thickness_um))
    added = added.reindex(columns=list(PRACTICAL_COLUMNS))
    added.index = ranked.index
    kept = ranked.drop(columns=[c for c in PRACTICAL_COLUMNS if c in ranked.columns])
    return pd.concat([kept, added], axis=1)


def batch_of(recipe: Mapping[str, Any], batch_g: float = 10.0, **weighing: Any) -> Batch:
    """Return what to weigh in for one recipe: its precursors, Li excess and sintering aids.

    Parameters
    ----------
    recipe : mapping
        Recipe columns; blanks may be None or NaN.
    batch_g : float, default 10
        Mass of product, g.
    **weighing : object
        As for `ssbml.practical.weights.weigh_batch`.

    Returns
    -------
    Batch

    Raises
    ------
    WeighingError, FormulaError
        As for `ssbml.practical.weights.weigh_batch`.
    """
    stated = {k: v for k, v in recipe.items() if not is_missing(v)}
    wet = stated.get("route") in _WET_ROUTES
    return weigh_batch(
        stated["formula"],
        batch_g,
        li_excess_pct=float(stated.get("li_excess_pct", 0.0)),
        li_excess_basis=stated.get("li_excess_basis"),
        precursors=split_list(stated.get("precursors")),
        aids_wt_pct=_aids(stated),
        **{"prefer": "nitrate" if wet else None, **weighing},
    )


def _recipes(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the recipe columns, checked, numbered from 0."""
    raw = ranked[[c for c in RECIPE_FIELDS if c in ranked.columns]].reset_index(drop=True)
    checked = validate(raw)
    if checked.problems:
        raise RecipeError(checked.problems)
    return checked.table


def _aids(stated: Mapping[str, Any]) -> dict[str, float]:
    names = [n for n in split_list(stated.get("additive")) if n != "none"]
    amounts = split_list(stated.get("additive_wt_pct"))
    return {n: float(a) for n, a in zip(names, amounts, strict=False)}


def _chemistry_row(
    recipe: Mapping[str, Any], family: str, batch_g: float, weighing: Mapping[str, Any]
) -> dict[str, Any]:
    formula = recipe["formula"]
    cost, density = element_cost(formula), theoretical_density(formula, family)
    stability = lithium_stability(formula, family)
    weights, notes = _weights(recipe, batch_g, weighing)
    known = density.g_cm3 is not None
    return {
        "weights": weights,
        "weights_notes": notes,
        "element_cost_usd_kg": cost.usd_per_kg,
        "element_cost_unknown_share": cost.share_unknown,
        "critical_eu_2020": ", ".join(cost.critical_2020),
        "critical_eu_2024": ", ".join(cost.critical_2024),
        "theoretical_density_g_cm3": density.g_cm3,
        "cell_wh_kg": energy_wh_kg(density.g_cm3 or 0, CELL_THICKNESS_UM) if known else np.nan,
        "lithium_metal": stability.verdict,
        "lithium_metal_reason": stability.text(),
    }


def _weights(
    recipe: Mapping[str, Any], batch_g: float, weighing: Mapping[str, Any]
) -> tuple[str | None, str]:
    try:
        batch = batch_of(recipe, batch_g, **weighing)
    except (WeighingError, FormulaError) as error:
        return None, str(error)
    notes = list(batch.notes)
    if not is_missing(recipe.get("additive")) and recipe["additive"] != "none":
        aids = sum(line.role != "precursor" for line in batch.lines)
        if aids < len(split_list(recipe["additive"])):
            notes.append("a sintering aid without an amount in wt% is not weighed")
    return batch.text(), "; ".join(notes)


def _resistance(
    recipes: pd.DataFrame, predictor: TablePredictor, thickness_um: float | None
) -> pd.DataFrame:
    import pandas as pd

    found = area_resistance(
        recipes,
        predictor,
        thickness_um=thickness_um,
        temperatures_c=(_COLD_C, _ROOM_C, _WARM_C),
    )
    cold, room, warm = (found[found["temperature_c"] == t] for t in (_COLD_C, _ROOM_C, _WARM_C))
    meets = [
        _verdict(*values)
        for values in zip(cold["asr_ohm_cm2"], room["asr_ohm_cm2"], warm["asr_ohm_cm2"],
                          strict=True)
    ]  # fmt: skip
    return pd.DataFrame(
        {
            "asr_form": room["form"],
            "asr_thickness_um": room["thickness_um"],
            "asr_ohm_cm2": room["asr_ohm_cm2"],
            "asr_ohm_cm2_lower": room["asr_ohm_cm2_lower"],
            "asr_ohm_cm2_upper": room["asr_ohm_cm2_upper"],
            "asr_ohm_cm2_cold": cold["asr_ohm_cm2"],
            "asr_ohm_cm2_warm": warm["asr_ohm_cm2"],
            "asr_meets_target": meets,
            "thickest_um": room["thickest_um"],
            "asr_in_domain": room["in_domain"],
            "asr_notes": room["asr_notes"],
        },
        index=recipes.index,
    )


def _verdict(cold: float, room: float, warm: float) -> str | None:
    """Return over which part of the working range the target is met."""
    if cold != cold:
        return None
    if max(cold, room, warm) <= TARGET_OHM_CM2:
        return "-10 to 50 °C"
    if max(room, warm) <= TARGET_OHM_CM2:
        return "from 25 °C"
    return "at 50 °C" if warm <= TARGET_OHM_CM2 else "no"
