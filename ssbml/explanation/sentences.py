"""Split predictions in words."""

from __future__ import annotations

import numpy as np

from ssbml.datasets.counts import ENOUGH, FieldCounts
from ssbml.explanation.drivers import Split
from ssbml.explanation.mechanisms import mechanism_of
from ssbml.explanation.outputs import OUTPUTS, Output
from ssbml.explanation.players import DOPANT, Player, Roster
from ssbml.explanation.support import UNNAMED, published, support_words
from ssbml.explanation.table import counted_by

_NAMED = 4


def sentence(split: Split, counts: FieldCounts, columns: tuple[str, ...] = tuple(OUTPUTS)) -> str:
    """Return what drives a prediction, one sentence a property.

    Parameters
    ----------
    split : Split
        The split prediction.
    counts : FieldCounts
        Published samples that vary each field.
    columns : tuple of str, default all
        Properties, columns of the prediction table.
    """
    return " ".join(
        _sentence(split, counts, j, output)
        for j, output in enumerate(OUTPUTS.values())
        if output.column in columns
    )


def _sentence(split: Split, counts: FieldCounts, j: int, output: Output) -> str:
    start, host = float(split.start[j]), float(split.host[j])
    changes = split.contributions[:, j]
    order = [i for i in np.argsort(-np.abs(changes), kind="stable")]
    named = [i for i in order if abs(changes[i]) >= output.notable][:_NAMED]
    family = "" if split.roster.family == UNNAMED else f"{split.roster.family} "
    parts = [f"the {family}host {split.roster.parent} {output.effect(host)}"]
    parts += [
        _part(split.roster, split.roster.players[i], float(changes[i]), counts, output)
        for i in named
    ]
    rest = float(sum(changes[i] for i in order if i not in named))
    if len(named) < len(order):
        parts.append(f"all else {output.effect(rest)}")
    return (
        f"{output.word.capitalize()} {output.text(float(split.prediction[j]))}, from "
        f"{output.text(start)} of the average published sample: {'; '.join(parts)}."
    )


def _part(
    roster: Roster, player: Player, change: float, counts: FieldCounts, output: Output
) -> str:
    number = published(counts, roster.family, output.column, counted_by(player))
    rule = mechanism_of(roster, player, output.column, change)
    remarks = [f"consistent with {rule.mechanism}, {rule.source}"] if rule else []
    remarks += [support_words(number, roster.family)]
    if number >= ENOUGH:
        remarks[-1] = f"{number} published samples vary it"
    name = player.name if player.kind == DOPANT else f"{player.name} {player.value}"
    return f"{name} {output.effect(change)} ({'; '.join(remarks)})"
