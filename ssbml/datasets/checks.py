"""Cross-checks of measured samples: what cannot be true together, what is out of line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import is_missing
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import composition_key, parse_formula

if TYPE_CHECKING:
    import pandas as pd

COMPOSITION_DECADES = 2.0
"""Distance from the median of the same composition from which a conductivity is doubted."""

CLASS_DECADES = 3.0
"""Distance from the median of the family, form and crystallinity, in decades."""

_LEAST_SAME_COMPOSITION = 3
_LEAST_SAME_CLASS = 8
_ROOM_C = (15.0, 35.0)
_PURE_LIMIT_WT_PCT = 3.0
_BULK_SLACK = 1.5
_DENSITY_SLACK_PCT = 3.0
_SIGMA = ("sigma_total_s_cm", "sigma_unspecified_s_cm", "sigma_bulk_s_cm")


def contradicts_itself(row: Mapping[str, Any] | pd.Series[Any]) -> list[tuple[str, str]]:
    """Return what cannot be true together in one row.

    Parameters
    ----------
    row : mapping
        Checked cells of one sample.

    Returns
    -------
    list of (str, str)
        Column, and what is wrong with it in words.
    """

    def number(name: str) -> float:
        value = row.get(name)
        return float("nan") if is_missing(value) else float(str(value))

    pure = row.get("phase_pure") is True
    traces = number("impurity_wt_pct") <= _PURE_LIMIT_WT_PCT
    impurities = not is_missing(row.get("impurities"))
    density = number("relative_density_pct")
    computed = 100 * number("density_g_cm3") / number("theoretical_density_g_cm3")
    tests = (
        (pure and impurities and not traces, "phase_pure", "true, but impurities are listed"),
        (
            pure and number("impurity_wt_pct") > _PURE_LIMIT_WT_PCT,
            "phase_pure",
            "true, but impurity_wt_pct is above the limit of about 2",
        ),
        (
            pure and number("phase_purity_pct") < 100 - _PURE_LIMIT_WT_PCT,
            "phase_pure",
            "true, but phase_purity_pct is below about 98",
        ),
        (
            number("sigma_total_s_cm") > _BULK_SLACK * number("sigma_bulk_s_cm"),
            "sigma_total_s_cm",
            "above the bulk conductivity",
        ),
        (
            number("sigma_min_s_cm") > number("sigma_max_s_cm"),
            "sigma_min_s_cm",
            "the lower bound is above the upper bound",
        ),
        (density > 100, "relative_density_pct", "above 100 %"),
        (
            abs(computed - density) > _DENSITY_SLACK_PCT,
            "relative_density_pct",
            f"density over theoretical density is {computed:.1f} %",
        ),
        (
            number("sintering_temp_c") > number("sintering_peak_temp_c"),
            "sintering_peak_temp_c",
            "the peak of a two-step firing is cooler than its hold",
        ),
    )
    return [(column, text) for wrong, column, text in tests if wrong]


def room_temperature_log_sigma(samples: pd.DataFrame) -> pd.Series[float]:
    """Return log10 of the conductivity in S/cm of samples measured at 15-35 °C.

    Parameters
    ----------
    samples : DataFrame
        A blank ``temperature_c`` counts as room temperature.

    Returns
    -------
    Series
        Total, else unspecified, else bulk conductivity; NaN elsewhere.
    """
    import pandas as pd

    value = pd.Series(np.nan, index=samples.index)
    for name in _SIGMA:
        if name in samples.columns:
            value = value.fillna(pd.to_numeric(samples[name]))
    if "temperature_c" in samples.columns:
        temperature = pd.to_numeric(samples["temperature_c"]).fillna(25.0)
        value = value.where(temperature.between(*_ROOM_C))
    return pd.Series(np.log10(value.to_numpy(dtype=float)), index=samples.index)


def sigma_outliers(
    samples: pd.DataFrame, reference: pd.DataFrame | None = None
) -> dict[Any, tuple[str, str]]:
    """Return the samples whose conductivity is far from that of their neighbours.

    Neighbours have the same composition, form and crystallinity (at least 3 of them: two decades),
    else the same family, form and crystallinity (at least 8: three decades). A value in mS/cm read
    as S/cm stands out by three decades.

    Parameters
    ----------
    samples : DataFrame
        Samples to look at.
    reference : DataFrame, optional
        Where the neighbours come from; default the samples themselves.

    Returns
    -------
    dict
        Index label to the column and what is wrong with it, in words.
    """
    known = _Neighbours(samples if reference is None else reference)
    own = 1 if reference is None else 0
    logs = room_temperature_log_sigma(samples)
    keys = _keys(samples)
    found: dict[Any, tuple[str, str]] = {}
    columns = _sigma_columns(samples)
    for label, log, row_keys, column in zip(samples.index, logs, keys, columns, strict=True):
        if np.isnan(log):
            continue
        around = known.around(row_keys, log, own)
        if around is None:
            continue
        median, n, what, limit = around
        if abs(log - median) >= limit:
            slip = " (mS/cm read as S/cm?)" if 2.0 < log - median < 4.0 else ""
            found[label] = (
                column,
                f"conductivity {10**log:.2g} S/cm is {10 ** abs(log - median):,.0f} times "
                f"{'above' if log > median else 'below'} the median of {n} neighbours "
                f"of the same {what}{slip}",
            )
    return found


def _sigma_columns(samples: pd.DataFrame) -> list[str]:
    """Return which column the conductivity of each sample comes from."""
    names = [n for n in _SIGMA if n in samples.columns]
    filled = samples[names].notna().to_numpy()
    return [next((n for n, f in zip(names, row, strict=True) if f), "") for row in filled]


class _Neighbours:
    """Conductivities by composition and by class."""

    def __init__(self, reference: pd.DataFrame) -> None:
        self._logs: dict[tuple[str, ...], list[float]] = {}
        logs = room_temperature_log_sigma(reference)
        for log, keys in zip(logs, _keys(reference), strict=True):
            if not np.isnan(log):
                for key in keys:
                    self._logs.setdefault(key, []).append(float(log))

    def around(
        self, keys: tuple[tuple[str, ...], ...], log: float, own: int
    ) -> tuple[float, int, str, float] | None:
        """Return median and number of the neighbours, what they share, and the limit."""
        kinds = (
            (_LEAST_SAME_COMPOSITION, "composition", COMPOSITION_DECADES),
            (_LEAST_SAME_CLASS, "class", CLASS_DECADES),
        )
        for key, (enough, what, limit) in zip(keys, kinds, strict=True):
            if key[1] == "other":
                continue
            others = list(self._logs.get(key, []))
            if own:
                others.remove(float(log))
            if len(others) >= enough:
                return float(np.median(others)), len(others), what, limit
        return None


def _keys(samples: pd.DataFrame) -> list[tuple[tuple[str, ...], ...]]:
    blank = [None] * len(samples)

    def column(name: str) -> list[Any]:
        return samples[name].tolist() if name in samples.columns else blank

    out: list[tuple[tuple[str, ...], ...]] = []
    for formula, family, form, phase in zip(
        column("formula"), column("family"), column("form"), column("phase_main"), strict=True
    ):
        kind = family or family_of(formula)
        shape = "film" if form == "film" else "bulk"
        state = phase if phase in ("amorphous", "tetragonal") else "crystalline"
        composition = composition_key(parse_formula(formula), 3)
        out.append((("c", composition, shape, state), ("f", kind, shape, state)))
    return out
