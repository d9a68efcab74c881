"""Stability against lithium metal, as far as the reviews state it."""

from __future__ import annotations

from dataclasses import dataclass

from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import Composition, parse_formula

_CSR = "Chem. Soc. Rev. 54 (2025) 8925"
_RCR = "Russ. Chem. Rev. 94 (2025) RCR5171"


@dataclass(frozen=True, slots=True)
class Window:
    """A published stability window.

    Attributes
    ----------
    name : str
        Material.
    low_v, high_v : float
        Limits against Li/Li+, V.
    how : str
        How it was found.
    source : str
        Review and section.
    """

    name: str
    low_v: float
    high_v: float
    how: str
    source: str


WINDOWS = {
    "LLZO": Window("LLZO", 0.05, 2.9, "calculated; 0-6 V in experiments", f"{_CSR} section 1.2.3"),
    "LLTO": Window("LLTO", 1.75, 3.7, "calculated", f"{_CSR} section 1.2.3"),
    "LATP": Window("LATP", 2.16, 4.31, "calculated", f"{_CSR} sections 1.2.3, 6.1.1"),
    "sulfide": Window("sulfides", 1.5, 2.7, "as stated", f"{_CSR} section 1.2"),
    "LiPON": Window("LiPON", 0.0, 5.0, "as stated; reduction at 0.69 V", f"{_CSR} section 4.1"),
}
"""Windows that the reviews state; everything else is unknown."""

_SULFIDES = ("argyrodite", "thio-lisicon", "sulfide-glass")
_NAMED_IN_LLZO = frozenset(
    {"Li", "La", "Zr", "O", "Al", "Ga", "Ta", "Y", "Sr", "Ba", "Ca", "Hf", "Mg"}
)


@dataclass(frozen=True, slots=True)
class LithiumStability:
    """What is stated about contact with lithium metal.

    Attributes
    ----------
    verdict : str
        ``stable``, ``doubtful``, ``not stable`` or ``unknown``.
    reason : str
        Why, with the source.
    window : Window or None
        Published stability window of the class.
    """

    verdict: str
    reason: str
    window: Window | None = None

    def text(self) -> str:
        """Return verdict, reason and window in one sentence."""
        if self.window is None:
            return f"{self.verdict}: {self.reason}"
        w = self.window
        return (
            f"{self.verdict}: {self.reason}; window of {w.name} {w.low_v:g}-{w.high_v:g} V, {w.how}"
        )


def lithium_stability(formula: str, family: str | None = None) -> LithiumStability:
    """Return what the reviews state about an electrolyte in contact with lithium metal.

    Ti4+ and Ge4+ are reduced, Nb in LLZO is reduced, LLZO and LiPON are stable
    [Chem. Soc. Rev. 54 (2025) 8925 sections 1.2.3, 5.3, 6.1.3]. What they do not state is unknown.

    Parameters
    ----------
    formula : str
        The electrolyte.
    family : str, optional
        Host family; read from the formula when None.

    Returns
    -------
    LithiumStability

    Examples
    --------
    >>> lithium_stability("Li1.3Al0.3Ti1.7(PO4)3").verdict
    'not stable'
    """
    composition = parse_formula(formula)
    name = family or family_of(formula)
    if name in _SULFIDES:
        return LithiumStability(
            "not stable",
            "the stated window of sulfides ends above 0 V, so lithium reduces them "
            f"({_CSR} section 1.2)",
            WINDOWS["sulfide"],
        )
    if "Ti" in composition:
        window = {"nasicon": WINDOWS["LATP"], "perovskite": WINDOWS["LLTO"]}.get(name)
        return LithiumStability(
            "not stable", f"Ti4+ is reduced by lithium ({_CSR} section 6.1.3)", window
        )
    if "Ge" in composition:
        return _germanium(name)
    if name == "garnet":
        return _garnet(composition)
    if name == "lipon":
        return LithiumStability(
            "stable", f"LiPON is stated to be stable ({_CSR} section 1.2.3)", WINDOWS["LiPON"]
        )
    return LithiumStability("unknown", f"the reviews state nothing about this {name} composition")


def _germanium(family: str) -> LithiumStability:
    reason = f"Ge4+ is reduced by lithium ({_CSR} section 6.1.3)"
    if family == "nasicon":
        reason += f"; {_RCR} section 2.1 calls LAGP stable at room temperature"
    return LithiumStability("not stable", reason)


def _garnet(composition: Composition) -> LithiumStability:
    if "Nb" in composition:
        return LithiumStability(
            "doubtful", f"Nb in LLZO is reduced by lithium ({_CSR} section 5.3)", WINDOWS["LLZO"]
        )
    if "Zr" not in composition:
        return LithiumStability("unknown", "the reviews state it for LLZO only")
    others = sorted(set(composition) - _NAMED_IN_LLZO)
    if others:
        return LithiumStability(
            "unknown",
            f"LLZO is stable ({_CSR} section 1.2.3), but nothing is stated about "
            f"{', '.join(others)} in it",
            WINDOWS["LLZO"],
        )
    return LithiumStability(
        "stable", f"LLZO is stated to be stable ({_CSR} section 1.2.3)", WINDOWS["LLZO"]
    )
