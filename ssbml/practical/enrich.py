"""Everything an experimenter needs per recipe, as columns beside the prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.errors import RecipeError, WeighingError
from ssbml.features.assemble import families_of
from ssbml.fields import RECIPE_FIELDS
from ssbml.practical.batch import Batch
from ssbml.practical.cell import energy_wh_kg
from ssbml.practical.cost import element_cost
from ssbml.practical.density import theoretical_density
from ssbml.practical.lithium import lithium_stability
from ssbml.practical.published import PUBLISHED_COLUMNS, nearest_published
from ssbml.practical.resistance import TARGET_OHM_CM2, area_resistance
from ssbml.practical.shelf import Shelf
from ssbml.practical.weights import check_mass
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
    *PUBLISHED_COLUMNS,
)
"""Columns added by `enrich`: ``asr_ohm_cm2`` and ``thickest_um`` at 25 °C, ``cold`` at -10 °C,
``warm`` at 50 °C."""

_COLD_C, _ROOM_C, _WARM_C = -10.0, 25.0, 50.0


def enrich(
    ranked: pd.DataFrame,
    predictor: TablePredictor | None = None,
    *,
    batch_g: float = 10.0,
    thickness_um: float | None = None,
    shelf: Shelf | None = None,
) -> pd.DataFrame:
    """Add weights, cost, resistance, cell energy, Li stability and what was published nearby.

    Parameters
    ----------
    ranked : DataFrame
        Recipes with a ``formula`` column; other columns are kept, recipe columns are used.
    predictor : TablePredictor, optional
        What predicts conductivity over temperature; without it the columns of resistance and of
        the nearest published sample stay blank.
    batch_g : float, default 10
        Mass of product of a batch, g.
    thickness_um : float, optional
        Thickness for the resistance; each recipe's own when None.
    shelf : Shelf, optional
        Choice, purity and ignition loss of starting materials.

    Returns
    -------
    DataFrame
        ``ranked`` with `PRACTICAL_COLUMNS` behind it. What is not known is None or NaN and the
        notes say why.

    Raises
    ------
    RecipeError
        A recipe cannot be used.
    WeighingError
        ``batch_g`` is out of range, or the shelf names what no recipe needs.
    ValueError
        ``thickness_um`` is not above 0.
    """
    import pandas as pd

    if len(ranked) == 0:
        return ranked.assign(**{name: pd.Series(dtype=object) for name in PRACTICAL_COLUMNS})
    recipes = _recipes(ranked)
    batches = _batches(recipes, batch_g, shelf or Shelf())
    rows = [
        _chemistry_row(formula, family, batch)
        for formula, family, batch in zip(
            recipes["formula"], families_of(recipes), batches, strict=True
        )
    ]
    added = pd.DataFrame(rows, index=recipes.index)
    if predictor is not None:
        added = added.join(_resistance(recipes, predictor, thickness_um))
        added = added.join(nearest_published(recipes, predictor))
    added = added.reindex(columns=list(PRACTICAL_COLUMNS))
    added.index = ranked.index
    kept = ranked.drop(columns=[c for c in PRACTICAL_COLUMNS if c in ranked.columns])
    return pd.concat([kept, added], axis=1)


def _recipes(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the recipe columns, checked, numbered from 0."""
    raw = ranked[[c for c in RECIPE_FIELDS if c in ranked.columns]].reset_index(drop=True)
    checked = validate(raw)
    if checked.problems:
        raise RecipeError(checked.problems)
    return checked.table


def _batches(recipes: pd.DataFrame, batch_g: float, shelf: Shelf) -> list[Batch | WeighingError]:
    """Return the batch of each recipe, or why there is none."""
    check_mass(batch_g)
    found: list[Batch | WeighingError] = []
    for recipe in recipes.to_dict("records"):
        try:
            found.append(shelf.batch({str(k): v for k, v in recipe.items()}, batch_g))
        except WeighingError as error:
            found.append(error)
    shelf.check_used(batch for batch in found if isinstance(batch, Batch))
    return found


def _chemistry_row(formula: str, family: str, batch: Batch | WeighingError) -> dict[str, Any]:
    cost, density = element_cost(formula), theoretical_density(formula, family)
    stability = lithium_stability(formula, family)
    weighed = batch if isinstance(batch, Batch) else None
    energy = np.nan
    if density.g_cm3 is not None:
        energy = energy_wh_kg(density.g_cm3, CELL_THICKNESS_UM)
    return {
        "weights": weighed.text() if weighed else None,
        "weights_notes": "; ".join(weighed.notes) if weighed else str(batch),
        "element_cost_usd_kg": cost.usd_per_kg,
        "element_cost_unknown_share": cost.share_unknown,
        "critical_eu_2020": ", ".join(cost.critical_2020),
        "critical_eu_2024": ", ".join(cost.critical_2024),
        "theoretical_density_g_cm3": density.g_cm3,
        "cell_wh_kg": energy,
        "lithium_metal": stability.verdict,
        "lithium_metal_reason": stability.text(),
    }


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
