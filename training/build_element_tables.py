"""Write ssbml/chemistry/elements.csv and ions.csv from matminer and pymatgen.

Usage: ``python training/build_element_tables.py``. The tables let predictions run without importing
either library; a test compares them with the libraries.
"""

from __future__ import annotations

import csv
from pathlib import Path

from matminer.featurizers.composition import ElementProperty
from pymatgen.core import Element

TARGET = Path(__file__).resolve().parents[1] / "ssbml" / "chemistry"
COORDINATION = {
    "III": 3,
    "IV": 4,
    "IVPY": 4,
    "IVSQ": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}


def write_elements() -> None:
    featurizer = ElementProperty.from_preset("magpie")
    names = featurizer.features
    with (TARGET / "elements.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["symbol", "atomic_mass", "pauling_electronegativity", *names])
        for z in range(1, 104):
            element = Element.from_Z(z)
            x = element.X
            row = [featurizer.data_source.get_elemental_property(element, n) for n in names]
            writer.writerow(
                [
                    element.symbol,
                    repr(float(element.atomic_mass)),
                    "" if x != x else repr(float(x)),
                    *(repr(float(v)) for v in row),
                ]
            )


def write_ions() -> None:
    with (TARGET / "ions.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["symbol", "charge", "coordination", "shannon_radius_a"])
        for z in range(1, 104):
            element = Element.from_Z(z)
            shannon = element.data.get("Shannon radii") or {}
            for charge in sorted(filter(None, shannon), key=int):
                chosen: dict[int, float] = {}
                for label, spins in shannon[charge].items():
                    number = COORDINATION.get(label)
                    if number is None or label in ("IVPY", "IVSQ"):
                        continue
                    spin = "High Spin" if "High Spin" in spins else next(iter(spins))
                    chosen[number] = float(spins[spin]["ionic_radius"])
                for number, radius in sorted(chosen.items()):
                    writer.writerow([element.symbol, int(charge), number, repr(radius)])


if __name__ == "__main__":
    write_elements()
    write_ions()
