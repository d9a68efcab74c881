"""A ranked table for the eye: few columns, units written out, intervals behind points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssbml.fields import RECIPE_FIELDS
from ssbml.wording import phrase, value_text

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = ("sintering_", "atmosphere", "pressure_")
_CHEMISTRY = ("formula", "family")


def digest(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return a ranked table in words.

    Parameters
    ----------
    ranked : DataFrame
        ``ScreenResult.ranked``, n rows.

    Returns
    -------
    DataFrame
        n rows of text: rank, recipe, what sets its processing apart, the three predictions with
        their intervals, group.
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "#": ranked["rank"].tolist(),
            "recipe": ranked["formula"].tolist(),
            "made by": steps(ranked),
            "σ (S/cm)": _spans(ranked, "conductivity_s_cm", ".1e", ".0e"),
            "density (%)": _spans(ranked, "relative_density_pct", ".0f", ".0f"),
            "P(pure)": _spans(ranked, "phase_purity", ".2f", ".1f"),
            "group": ranked["group"].tolist(),
        },
        index=ranked.index,
    )


def common(ranked: pd.DataFrame) -> str:
    """Return in words what all recipes of a ranked table share."""
    if len(ranked) == 0:
        return ""
    shared = [n for n in _processing(ranked) if not _varies(ranked[n])]
    return ", ".join(_step(n, ranked[n].iloc[0]) for n in shared if _stated(ranked[n].iloc[0]))


def steps(ranked: pd.DataFrame) -> list[str]:
    """Return for each recipe, in words, the processing that is not the same in all."""
    names = [n for n in _processing(ranked) if _varies(ranked[n])]
    rows = zip(*(ranked[n].tolist() for n in names), strict=True) if names else [()] * len(ranked)
    return [
        ", ".join(_step(n, v) for n, v in zip(names, row, strict=True) if _stated(v))
        for row in rows
    ]


def _processing(ranked: pd.DataFrame) -> list[str]:
    return [n for n in RECIPE_FIELDS if n in ranked.columns and n not in _CHEMISTRY]


def _varies(column: pd.Series[Any]) -> bool:
    return int(column.nunique(dropna=False)) > 1


def _stated(value: Any) -> bool:
    return value is not None and value == value


def _step(name: str, value: Any) -> str:
    return value_text(name, value) if name.startswith(_PLAIN) else phrase(name, value)


def _spans(ranked: pd.DataFrame, name: str, point: str, ends: str) -> list[str]:
    cells = zip(ranked[name], ranked[f"{name}_lower"], ranked[f"{name}_upper"], strict=True)
    texts = (f"{v:{point}} {low:{ends}}–{high:{ends}}" for v, low, high in cells)
    return [text.replace("e-0", "e-") for text in texts]
