"""How much published data stand behind a driver or a suggestion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ssbml.datasets.counts import ALL_SAMPLES, ENOUGH, FieldCounts, field_counts
from ssbml.datasets.load import load_dataset
from ssbml.features.assemble import families_of

if TYPE_CHECKING:
    from ssbml.predictor import Predictor

MANIFEST_KEY = "field_counts"
"""Where a model's manifest may hold the counts of the samples that it was trained on."""

UNUSED = "not used by the model"
"""What is said of a stated field that no feature is made from."""

VARY, ON_HOST = "vary it", "on this host"
"""What published samples do."""

UNNAMED = "other"
"""The family of what belongs to no named host."""


def counts_for(predictor: Predictor) -> FieldCounts:
    """Return the counts of a model's training samples, else those of the embedded data set.

    Parameters
    ----------
    predictor : Predictor
        A model.

    Returns
    -------
    FieldCounts
        See `ssbml.datasets.counts.field_counts`.
    """
    stored: FieldCounts | None = predictor.manifest.get(MANIFEST_KEY)
    if stored:
        return stored
    samples = load_dataset("literature")
    return field_counts(samples, families_of(samples))


def published(counts: FieldCounts, family: str, name: str, keys: Iterable[str]) -> int:
    """Return how many samples of a family vary a field.

    Parameters
    ----------
    counts : FieldCounts
        Counts of published samples.
    family : str
        Host family.
    name : str
        Predicted property.
    keys : iterable of str
        Recipe fields or element symbols; the best supported one counts. ``formula`` stands for
        all samples of the family.

    Returns
    -------
    int
    """
    here = counts.get(family, {}).get(name, {})
    wanted = (ALL_SAMPLES if key == "formula" else key for key in keys)
    return max((here.get(key, 0) for key in wanted), default=0)


def support_words(number: int, family: str, verb: str = VARY) -> str:
    """Return what a number of published samples allows to say.

    Parameters
    ----------
    number : int
        Published samples.
    family : str
        Host family.
    verb : str, default "vary it"
        What they do: `VARY`, `ON_HOST`, or other words.

    Examples
    --------
    >>> support_words(3, "garnet")
    'not enough data to advise: 3 published garnet samples vary it'
    >>> support_words(25, "other", "on this host")
    '25 published samples outside the named host families'
    """
    samples = "sample" if number == 1 else "samples"
    told = "varies it" if number == 1 and verb == VARY else verb
    if family != UNNAMED:
        words = f"{number} published {family} {samples} {told}"
    else:
        words = f"{number} published {samples} outside the named host families"
        words += "" if verb == ON_HOST else f" {told}"
    return words if number >= ENOUGH else f"not enough data to advise: {words}"
