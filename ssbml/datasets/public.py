"""All public sources of measured samples, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssbml.datasets.garnets import read_garnets
from ssbml.datasets.laskowski import read_laskowski
from ssbml.datasets.liverpool import read_liverpool
from ssbml.datasets.obelix import read_obelix
from ssbml.datasets.report import ReadReport

if TYPE_CHECKING:
    import pandas as pd

READERS = {
    "obelix": read_obelix,
    "liverpool": read_liverpool,
    "laskowski": read_laskowski,
    "llzo_garnets": read_garnets,
}
"""Reader of each source of measured samples."""


def read_public() -> list[tuple[pd.DataFrame, ReadReport]]:
    """Return the rows and the report of every public source of measured samples.

    Copies of a sample in several sources are not merged here.

    Returns
    -------
    list of (DataFrame, ReadReport)
        In the order OBELiX, Liverpool, Laskowski, garnets.

    Raises
    ------
    DataError
        A file cannot be had or has changed.
    """
    return [read() for read in READERS.values()]
