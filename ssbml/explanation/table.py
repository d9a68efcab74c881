"""Split predictions as one long table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.datasets.counts import FieldCounts
from ssbml.explanation.drivers import Split
from ssbml.explanation.mechanisms import mechanism_of
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.players import DOPANT, HOST, Player
from ssbml.explanation.support import ON_HOST, UNUSED, published, support_words

if TYPE_CHECKING:
    import pandas as pd

DRIVER_COLUMNS = (
    "row",
    "property",
    "kind",
    "driver",
    "fields",
    "value",
    "contribution",
    "unit",
    "effect",
    "published_samples",
    "support",
    "mechanism",
    "source",
)
"""Columns of the table of drivers."""

START = "start"
"""Kind of the row that holds the average published sample."""


def drivers_table(splits: list[Split], counts: FieldCounts, index: pd.Index) -> pd.DataFrame:
    """Return split predictions as one long table.

    Parameters
    ----------
    splits : list of Split
        One a recipe, length n.
    counts : FieldCounts
        Published samples that vary each field.
    index : Index
        Labels of the recipes, length n.

    Returns
    -------
    DataFrame
        `DRIVER_COLUMNS`; per recipe and property first the average published sample, then the
        host, then the drivers by size. ``contribution`` adds up to the prediction in ``unit``:
        log10 S/cm, points of density, probability. ``published_samples`` is the number of published
        samples of the family that vary the driver (`pandas.NA` at the start), ``mechanism`` what a
        review says that the contribution is consistent with, an empty text if nothing.
    """
    import pandas as pd

    records: list[dict[str, Any]] = []
    labels: list[int] = []
    for row, split in enumerate(splits):
        for j, output in enumerate(OUTPUTS.values()):
            rows = _rows(split, j, output, counts)
            records += [{"row": row, "property": output.column, **r} for r in rows]
            labels += [row] * len(rows)
    frame = pd.DataFrame(records, columns=list(DRIVER_COLUMNS), index=index.take(labels))
    return frame.astype({"published_samples": "Int64", "row": "int64", "contribution": "float64"})


def _rows(split: Split, j: int, output: Output, counts: FieldCounts) -> list[dict[str, Any]]:
    roster = split.roster

    def line(kind: str, name: str, change: float, **more: Any) -> dict[str, Any]:
        blank = {"fields": "", "value": "", "support": "", "mechanism": "", "source": ""}
        told = {"contribution": change, "unit": output.unit, "effect": output.effect(change)}
        return {"kind": kind, "driver": name, **blank, **told, **more}

    start = float(split.start[j])
    family = published(counts, roster.family, output.column, ("formula",))
    rows = [
        line(START, "average published sample", start, effect=output.text(start)),
        line(
            HOST,
            f"host {roster.parent}",
            float(split.host[j]),
            fields="formula",
            value=roster.family,
            published_samples=family,
            support=support_words(family, roster.family, ON_HOST),
        ),
    ]
    changes = split.contributions[:, j]
    for i in np.argsort(-np.abs(changes), kind="stable"):
        player, change = roster.players[i], float(changes[i])
        number = published(counts, roster.family, output.column, counted_by(player))
        rule = mechanism_of(roster, player, output.column, change)
        notable = rule is not None and abs(change) >= output.notable
        rows.append(
            line(
                player.kind,
                player.name,
                change,
                fields="; ".join(player.fields),
                value=player.value,
                published_samples=number,
                support=support_words(number, roster.family),
                mechanism=f"consistent with {rule.mechanism}" if notable and rule else "",
                source=rule.source if notable and rule else "",
            )
        )
    rows += [
        line(p.kind, p.name, 0.0, fields="; ".join(p.fields), value=p.value, support=UNUSED)
        for p in roster.idle
    ]
    return rows


def counted_by(player: Player) -> tuple[str, ...]:
    """Return the keys under which published samples that vary a driver are counted."""
    return (player.name,) if player.kind == DOPANT else player.fields
