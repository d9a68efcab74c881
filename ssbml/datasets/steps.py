"""One heating step of a synthesis, and the gas that its words mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

StepKind = Literal["drying", "calcination", "sintering", "post_anneal", "melting", "unassigned"]
Basis = Literal["stated", "inferred", ""]

_GASES = {
    "air": "air",
    "ambient": "air",
    "oxygen": "O2",
    "o2": "O2",
    "argon": "Ar",
    "ar": "Ar",
    "nitrogen": "N2",
    "n2": "N2",
    "carbon dioxide": "CO2",
    "co2": "CO2",
    "vacuum": "vacuum",
}
_HYDROGEN = frozenset({"hydrogen", "h2"})


@dataclass(frozen=True, slots=True)
class Step:
    """One classified heating step.

    Attributes
    ----------
    kind : str
        ``drying``, ``calcination``, ``sintering``, ``post_anneal``, ``melting`` or ``unassigned``.
    basis : str
        ``stated`` when the verb says so, ``inferred`` from pressing or grinding around it, else
        empty.
    temperatures_c : tuple of float
        Temperatures in the text, °C.
    temperature_c : float or None
        The temperature when there is just one, or the hottest of a programme whose steps each have
        their time; None when the text names several for several samples, a range, or nothing.
    time_h : float or None
        Time at that temperature.
    gas : str or None
        Atmosphere, a value of the ``gas`` vocabulary.
    hot_pressed : bool
        Whether the verb of the heating is "pressed".
    """

    kind: StepKind
    basis: Basis
    temperatures_c: tuple[float, ...]
    temperature_c: float | None
    time_h: float | None
    gas: str | None
    hot_pressed: bool = False

    def text(self) -> str:
        """Return the step as in ``calcination_steps``: ``900C/6h/air``, blanks as ``?``."""
        if self.temperature_c is not None:
            heat = f"{self.temperature_c:.0f}C"
        else:
            heat = "-".join(f"{t:.0f}" for t in self.temperatures_c) + "C"
            heat = heat if self.temperatures_c else "?C"
        time = "?h" if self.time_h is None else f"{self.time_h:g}h"
        return f"{heat}/{time}/{self.gas or '?'}"


def gas_of(words: Sequence[str]) -> str | None:
    """Return the gas that the words of a text mean.

    Parameters
    ----------
    words : sequence of str
        Atmospheres as written; words that are no gas are ignored.

    Returns
    -------
    str or None
        A value of the ``gas`` vocabulary; None when no gas or several are named.
    """
    plain = {word.strip().lower() for word in words}
    gases = {_GASES[word] for word in plain if word in _GASES}
    if plain & _HYDROGEN:
        return "H2_Ar" if gases == {"Ar"} else None
    return gases.pop() if len(gases) == 1 else None
