"""Subscripts that slipped out of place when a table was copied from a printed page."""

from __future__ import annotations

import itertools
import re

_NUMBER = re.compile(r"^\d*\.?\d+$")
_LEADING = re.compile(r"^(\d*\.?\d+)(\D.*)$")
_TRAILING = re.compile(r"^(.*[A-Za-z)\]])(\d*\.?\d+)$|^(.*[A-Za-z)\]]-)(\d+)$")
_AFTER_JOIN = re.compile(r"^(-)(\d+)$")
_OPEN_END = re.compile(r"[A-Za-z)\]]-?$")
_JOINS = frozenset("-*·")
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
    if len(tokens) > 2 and tokens[-2] == "-" and tokens[-1].isdigit():
        tokens = [*tokens[:-2], tokens[-2] + tokens[-1]]
    line = _Line()
    for position, token in enumerate(tokens):
        line.take(token, first=position == 0)
    line.settle()
    parts = [[part] if isinstance(part, str) else part for part in line.parts]
    return ["".join(choice) for choice in itertools.islice(itertools.product(*parts), _MAX_READINGS)]


class _Line:
    """Reads the tokens of a line: chunks with gaps behind them, then the numbers that slipped."""

    def __init__(self) -> None:
        self.parts: list[str | list[str]] = []
        self._chunks: list[str] = []
        self._numbers: list[str] = []
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
        self._after_join = token in _JOINS

    def settle(self) -> None:
        """Give the numbers read so far to the gaps before them."""
        gaps = self._gaps()
        chunks, numbers = self._chunks, self._numbers
        tail = self._trailing_join
        if not numbers:
            self.parts.append("".join(chunks) + tail)
        elif len(numbers) > len(gaps):
            self.parts.append("".join(chunks) + "".join(numbers) + tail)
        else:
            choices = itertools.combinations(gaps, len(numbers))
            self.parts.append([_filled(chunks, c, numbers) + tail for c in choices])
        self._chunks, self._numbers, self._trailing_join = [], [], ""

    def _gaps(self) -> list[int]:
        return [i for i, chunk in enumerate(self._chunks) if _OPEN_END.search(chunk)]

    def _chunk(self, token: str) -> None:
        if self._numbers:
            self.settle()
        trailing = _TRAILING.match(token)
        if trailing and self._gaps():
            self._chunks.append(trailing.group(1) or trailing.group(3))
            self._numbers.append(trailing.group(2) or trailing.group(4))
        else:
            self._chunks.append(token)


def _filled(chunks: list[str], gaps: tuple[int, ...], numbers: list[str]) -> str:
    behind = dict(zip(gaps, numbers, strict=True))
    return "".join(_with_subscript(chunk, behind.get(i, "")) for i, chunk in enumerate(chunks))


def _with_subscript(chunk: str, number: str) -> str:
    if chunk.endswith("-"):
        return f"{chunk[:-1]}{number}-"
    return f"{chunk}{number}"
