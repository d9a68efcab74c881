"""A batch sheet: what to put on the balance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Weighing:
    """One line of a batch sheet.

    Attributes
    ----------
    precursor : str
        Formula of the starting material.
    role : str
        ``precursor`` or ``sintering aid`` (added after calcination).
    moles : float
        Amount of the pure compound, lithium excess included.
    pure_g : float
        Mass of the pure compound, g.
    weigh_g : float
        Mass to put on the balance: purity and loss on ignition included, g.
    excess_g : float
        Part of ``pure_g`` that is lithium excess, g.
    """

    precursor: str
    role: str
    moles: float
    pure_g: float
    weigh_g: float
    excess_g: float = 0.0


@dataclass(frozen=True, slots=True)
class Batch:
    """What to weigh in for a batch.

    Attributes
    ----------
    formula : str
        The product.
    batch_g : float
        Mass of the fired, stoichiometric product, g.
    lines : tuple of Weighing
        Precursors, then sintering aids.
    li_excess_pct : float
        Lithium excess, %.
    li_excess_basis : str
        What the excess is a percentage of.
    worst_deviation : float
        Largest relative deviation of an element after re-adding the weights.
    notes : tuple of str
        Assumptions made.
    """

    formula: str
    batch_g: float
    lines: tuple[Weighing, ...]
    li_excess_pct: float = 0.0
    li_excess_basis: str = "li_precursor"
    worst_deviation: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def total_g(self) -> float:
        """Mass of everything weighed in before calcination, g."""
        return sum(line.weigh_g for line in self.lines if line.role == "precursor")

    def noted(self, *notes: str) -> Batch:
        """Return the same batch with further notes."""
        return replace(self, notes=(*self.notes, *notes))

    def text(self) -> str:
        """Return the weights on one line: ``Li2CO3 2.9340 g; La2O3 ...``."""
        return "; ".join(
            f"{line.precursor} {line.weigh_g:.4f} g"
            + (" (after calcination)" if line.role != "precursor" else "")
            for line in self.lines
        )
