"""All exceptions of ssbml, and the record that describes one rejected cell."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_SHOWN = 20
_VALUE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be used.

    Attributes
    ----------
    row : int
        Spreadsheet line (header = 1) for files, 0-based position otherwise.
    index : object
        Index label of the row in the table that was handed in.
    column : str
        Column name.
    value : object
        What stands in the cell.
    reason : str
        What is wrong and what is allowed.
    suggestion : str
        The nearest valid choice, or an empty string.
    """

    row: int
    index: Any
    column: str
    value: Any
    reason: str
    suggestion: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as a plain dict, as in ``result.attrs["rejected"]``."""
        return asdict(self)

    def sentence(self) -> str:
        """Return one line for people: where, got, expected, what to do."""
        line = f"row {self.row}, {self.column} = {shorten(self.value)}: {self.reason}"
        return f"{line} ({self.suggestion})" if self.suggestion else line


_TIMES = (datetime.date, datetime.time, datetime.timedelta)


def shorten(value: object) -> str:
    """Return ``repr(value)`` (dates as written), cut in the middle when it is long."""
    text = str(value) if isinstance(value, _TIMES) else repr(value)
    if len(text) <= _VALUE_CHARS:
        return text
    return f"{text[: _VALUE_CHARS - 20]}...{text[-10:]} ({len(text):,} characters)"


class SsbmlError(Exception):
    """Base class of every error that ssbml raises on purpose."""


class RecipeError(SsbmlError, ValueError):
    """One or more recipes cannot be used.

    Parameters
    ----------
    problems : sequence of Problem
        Every bad cell, in row order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        rows = len({p.row for p in self.problems})
        head = f"{rows} row{'s' if rows != 1 else ''} cannot be used:"
        lines = [f"  {p.sentence()}" for p in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"  ... and {len(self.problems) - _SHOWN:,} more problems")
        super().__init__("\n".join([head, *lines]))


class TableError(SsbmlError, ValueError):
    """A file or table cannot be read as recipes at all."""


class DataError(SsbmlError):
    """A data set is missing, altered or unreadable."""


class ModelError(SsbmlError):
    """A model cannot be found, opened or trusted."""


class SettingsError(SsbmlError, ValueError):
    """A settings file holds an unknown key or an impossible value."""


class WeighingError(SsbmlError, ValueError):
    """A batch cannot be weighed in from the given starting materials.

    Parameters
    ----------
    reason : str
        What is wrong.
    suggestion : str
        What to do, or an empty string.
    """

    def __init__(self, reason: str, suggestion: str = "") -> None:
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(f"{reason} ({suggestion})" if suggestion else reason)


class SpaceError(SsbmlError, ValueError):
    """A search space holds an unknown key, an impossible value, or no candidate at all.

    Parameters
    ----------
    path : sequence of str or int
        Keys and list positions that lead to the value.
    value : object
        What stands there.
    reason : str
        What is wrong and what is allowed.
    suggestion : str
        The nearest valid choice, or an empty string.
    source : str
        File name, or an empty string.
    line : int or None
        1-based line of the value in its text.
    """

    def __init__(
        self,
        path: Sequence[str | int],
        value: Any,
        reason: str,
        suggestion: str = "",
        *,
        source: str = "",
        line: int | None = None,
    ) -> None:
        self.path = tuple(path)
        self.value = value
        self.reason = reason
        self.suggestion = suggestion
        self.source = source
        self.line = line
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        place = ", ".join(p for p in (self.source, f"line {self.line}" if self.line else "") if p)
        key = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path).lstrip(".")
        shown = f"{key} = {shorten(self.value)}" if key and self.value is not None else key
        head = ": ".join(part for part in (place, shown) if part)
        line = f"{head}: {self.reason}" if head else self.reason
        return f"{line} ({self.suggestion})" if self.suggestion else line

    def located(self, source: str, line: int | None) -> SpaceError:
        """Return the same error with the file and line where the value stands."""
        return SpaceError(
            self.path, self.value, self.reason, self.suggestion, source=source, line=line
        )


class VaryError(SsbmlError, ValueError):
    """A sweep or an improvement asks for something that a recipe cannot be varied by."""
