"""Subscripts that slipped out of place when a table was copied from a printed page."""

from __future__ import annotations

import itertools
import re

_NUMBER = re.compile(r"^\d*\.?\d+$")
_LEADING = re.compile(r"^(\d*\.?\d+)(\D.*)$")
_TRAILING = re.compile(r"^(.*[A-Za-z)\]])(\d*\.?\d+)$|^(.*[A-Za-z)\]]-)(\d+)$")
_AFTER_JOIN = re.compile(r"^(-)(\d+)$")
_OPEN_END = re.compile(r"[A-Za-z)\]]-?$")
_JOINS = ("-", "*", "·")
_MAX_READINGS = 64


def readings(fragment: str) -> list[str]:
    """Return every way to put slipped subscripts of one printed line back, likeliest first.

    A gap after an element or bracket shows where a subscript is missing; the numbers follow in the
    same order. ``Li La Zr O 7 3 2 12`` has four gaps and four numbers; ``Li PS Br 6 5`` has three
    gaps for two numbers, of which the last is only the space before the numbers.

    Parameters
    ----------
    fragment : str
        One line of a formula, with spaces.

    Returns
    -------
    list of str
        Formulas without spaces; the line itself when nothing slipped.

    Examples
    --------
    >>> readings("Li PS Br 6 5")[0]
    'Li6PS5Br'
    """
    tokens = fragment.split()
    if len(tokens) < 2:
        return ["".join(tokens)]
    if len(tokens) > 2 and tokens[-2].endswith("-") and tokens[-1].isdigit():
        tokens = [*tokens[:-2], tokens[-2] + tokens[-1]]
    line = _Line()
    for position, token in enumerate(tokens):
        line.take(token, first=position == 0)
    line.settle()
    parts = [[part] if isinstance(part, str) else part for part in line.parts]
    return [
        "".join(choice) for choice in itertools.islice(itertools.product(*parts), _MAX_READINGS)
    ]


class _Line:
    """Reads the tokens of a line: chunks with gaps behind them, then the numbers that slipped."""

    def __init__(self) -> None:
        self.parts: list[str | list[str]] = []
        self._chunks: list[str] = []
        self._numbers: list[str] = []
        self._attached: int | None = None
        self._after_join = False
        self._trailing_join = ""

    def take(self, token: str, *, first: bool) -> None:
        """Add one token."""
        leading = _LEADING.match(token)
        coefficient = first or self._after_join
        moved = _AFTER_JOIN.match(token) if self._gaps() else None
        if moved:
            self._trailing_join = moved.group(1)
            self._numbers.append(moved.group(2))
        elif _NUMBER.match(token) and not coefficient:
            self._numbers.append(token)
        elif leading and not coefficient and self._gaps():
            self._numbers.append(leading.group(1))
            self.settle()
            self._chunk(leading.group(2))
        else:
            self._chunk(token)
        self._after_join = token.endswith(_JOINS)

    def settle(self) -> None:
        """Give the numbers read so far to the gaps before them."""
        chunks, numbers, tail = self._chunks, self._numbers, self._trailing_join
        if not numbers:
            self.parts.append("".join(chunks) + tail)
        else:
            filled = self._slipped() + self._stayed()
            if self._attached is not None and len(numbers) == 1:
                filled.reverse()
            left = "".join(chunks) + "".join(numbers)
            self.parts.append([text + tail for text in filled or [left]])
        self._chunks, self._numbers, self._trailing_join = [], [], ""
        self._attached = None

    def _slipped(self) -> list[str]:
        """Return the readings in which every number belongs to a gap, in order."""
        choices = itertools.combinations(self._gaps(), len(self._numbers))
        return [_filled(self._chunks, dict(zip(c, self._numbers, strict=True))) for c in choices]

    def _stayed(self) -> list[str]:
        """Return the readings in which the number behind the last chunk stands where it belongs."""
        if self._attached is None:
            return []
        own = {self._attached: self._numbers[0]}
        others = [gap for gap in self._gaps() if gap != self._attached]
        rest = self._numbers[1:]
        choices = itertools.combinations(others, len(rest))
        return [
            _filled(self._chunks, own | dict(zip(choice, rest, strict=True))) for choice in choices
        ]

    def _gaps(self) -> list[int]:
        return [i for i, chunk in enumerate(self._chunks) if _OPEN_END.search(chunk)]

    def _chunk(self, token: str) -> None:
        if self._numbers:
            self.settle()
        trailing = _TRAILING.match(token)
        if trailing and self._gaps():
            self._chunks.append(trailing.group(1) or trailing.group(3))
            self._numbers.append(trailing.group(2) or trailing.group(4))
            self._attached = len(self._chunks) - 1 if trailing.group(1) else None
        else:
            self._chunks.append(token)


def _filled(chunks: list[str], behind: dict[int, str]) -> str:
    return "".join(_with_subscript(chunk, behind.get(i, "")) for i, chunk in enumerate(chunks))


def _with_subscript(chunk: str, number: str) -> str:
    if chunk.endswith("-"):
        return f"{chunk[:-1]}{number}-"
    return f"{chunk}{number}"
