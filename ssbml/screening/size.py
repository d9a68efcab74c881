"""How large a search space is, known before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from ssbml.errors import SpaceError

MAX_COMBINATIONS = 50_000_000
"""Recipes that are listed without asking: about half an hour of prediction on two cores."""

MAX_COMPOSITIONS = 1_000_000
"""Combinations of amounts that are listed at once: their matrix takes 0.8 GB."""

MAX_WAYS = 250_000
"""Ways of making that are listed at once: their table takes about 100 MB."""

MAX_SAMPLE = 1_000_000
"""Largest sample."""


@dataclass(frozen=True, slots=True)
class Size:
    """Combinations of a search space within its dopant count.

    Attributes
    ----------
    compositions : int
        Combinations of amounts, those included that turn out not to exist.
    ways : int
        Ways of making.
    """

    compositions: int
    ways: int

    @property
    def combinations(self) -> int:
        """Compositions times ways."""
        return self.compositions * self.ways

    def __str__(self) -> str:
        return (
            f"{shown(self.compositions)} combinations of amounts x {shown(self.ways)} ways of "
            f"making = {shown(self.combinations)} recipes"
        )

    def is_sampled(self, budget: int | None) -> bool:
        """Return whether the space is sampled rather than listed.

        Parameters
        ----------
        budget : int or None
            Recipes that the user is ready for.

        Raises
        ------
        SpaceError
            The space is too large and there is no budget, or the budget is too large for a sample.
        """
        small = self.compositions <= MAX_COMPOSITIONS and self.ways <= MAX_WAYS
        accepted = MAX_COMBINATIONS if budget is None else budget
        if small and self.combinations <= accepted:
            return False
        if budget is None:
            raise SpaceError(
                (),
                None,
                f"the space is too large to list: {self}, and a list holds at most "
                f"{MAX_COMBINATIONS:,} recipes of {MAX_COMPOSITIONS:,} combinations of amounts and "
                f"{MAX_WAYS:,} ways of making",
                "write for example budget: 100000 to sample it, max_dopants: 2, or coarser steps",
            )
        if budget > MAX_SAMPLE:
            raise SpaceError(
                ("budget",),
                budget,
                f"a sample holds at most {MAX_SAMPLE:,} recipes, and the space of {self} cannot be "
                "listed",
                f"write budget: {MAX_SAMPLE}, or coarser steps",
            )
        return True


def shown(number: int) -> str:
    """Return a count for people, as a power of ten when it is beyond reading.

    Examples
    --------
    >>> shown(1234567), shown(10**18 + 1)
    ('1,234,567', '1.0e18')
    """
    if number < 10**15:
        return f"{number:,}"
    digits = str(number)
    return f"{digits[0]}.{digits[1]}e{len(digits) - 1}"
