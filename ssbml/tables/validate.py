"""A raw table to a valid recipe table, or the list of everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import CellError, coerce, is_missing, split_list
from ssbml.chemistry.amounts import amounts_of, plain_electrolytes
from ssbml.chemistry.families import families_of_amounts
from ssbml.chemistry.hosts import firing_limits
from ssbml.errors import Problem, TableError
from ssbml.fields import FIELDS, RECIPE_FIELDS, Field
from ssbml.vocabulary import closest

if TYPE_CHECKING:
    import pandas as pd

_KELVIN = 273.15
_NEVER_KELVIN_C = 500.0


@dataclass(frozen=True, slots=True)
class Validated:
    """The outcome of validating a raw table.

    Attributes
    ----------
    table : DataFrame
        The good rows, in order, with their index. Every checked column is present; numbers are
        float (NaN when blank), everything else is object (None when blank).
    problems : list of Problem
        Every bad cell, in row order.
    ignored : dict
        Unknown columns, each with the known name it resembles (or an empty string).
    positions : array
        0-based position of each good row in the raw table.
    """

    table: pd.DataFrame
    problems: list[Problem]
    ignored: dict[str, str]
    positions: np.ndarray[Any, np.dtype[np.intp]]


def validate(
    raw: pd.DataFrame,
    columns: Iterable[str] = RECIPE_FIELDS,
    *,
    first_row: int = 0,
) -> Validated:
    """Check every cell of a raw table.

    Parameters
    ----------
    raw : DataFrame
        Cells as read; only ``formula`` is required.
    columns : iterable of str
        Fields to check; other known fields are left out of the result.
    first_row : int, default 0
        Number of the first row in messages (2 for files, whose header is line 1).

    Returns
    -------
    Validated

    Raises
    ------
    TableError
        There is no ``formula`` column, or a column stands twice.
    """
    import pandas as pd

    names = [str(c) for c in raw.columns]
    twice = sorted({c for c in names if names.count(c) > 1})
    if twice:
        raise TableError(f"column {', '.join(twice)} stands more than once; keep one")
    if "formula" not in names:
        raise TableError(f"no column 'formula' (found: {', '.join(names[:8])})")
    found = _Problems(raw, first_row)
    checked: dict[str, Any] = {}
    for name in columns:
        field = FIELDS[name]
        checked[name] = (
            _check_column(field, raw.iloc[:, names.index(name)], found)
            if name in names
            else _blank(field, len(raw))
        )
    table = pd.DataFrame(checked, index=raw.index)
    good = ~found.bad
    _check_firing(table, raw, good, found)
    _check_additive(table, good, found)
    good = ~found.bad
    return Validated(
        table=table.loc[good] if not good.all() else table,
        problems=sorted(found.items, key=lambda p: p.row),
        ignored={c: closest(c, FIELDS) or "" for c in names if c not in FIELDS},
        positions=np.flatnonzero(good),
    )


class _Problems:
    """Collects bad cells and remembers which rows they spoil."""

    def __init__(self, raw: pd.DataFrame, first_row: int) -> None:
        self.items: list[Problem] = []
        self.bad = np.zeros(len(raw), dtype=bool)
        self._index = raw.index
        self._first_row = first_row

    def add(self, position: int, column: str, value: Any, error: CellError) -> None:
        self.bad[position] = True
        self.items.append(
            Problem(
                row=position + self._first_row,
                index=_plain(self._index[position]),
                column=column,
                value=_plain(value),
                reason=error.reason,
                suggestion=error.suggestion,
            )
        )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _blank(field: Field, n: int) -> np.ndarray[Any, np.dtype[Any]]:
    return np.full(n, np.nan) if field.kind == "number" else np.full(n, None, dtype=object)


def _check_column(
    field: Field, column: pd.Series[Any], found: _Problems
) -> np.ndarray[Any, np.dtype[Any]]:
    numbers = _fast_numbers(field, column)
    if numbers is not None:
        return numbers
    import pandas as pd

    out = _blank(field, len(column))
    if len(column) == 0:
        return out
    cells = column.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(cells, skipna=True) == "string":
        codes, values = pd.factorize(cells)
        different = list(values)
    else:
        codes, different = _told_apart(cells.tolist())
    results = _coerced(field, different)
    if (codes < 0).any():
        results.append(_coerced(field, [None])[0])
    for number, result in enumerate(results):
        if isinstance(result, CellError):
            bad = np.flatnonzero(codes == (number if number < len(different) else -1))
            for position in bad.tolist():
                found.add(position, field.name, cells[position], result)
            results[number] = None
    filled = np.array([np.nan if r is None else r for r in results]) if out.dtype == float else None
    if filled is not None:
        return np.asarray(filled[codes], dtype=float)
    chosen = np.empty(len(results), dtype=object)
    chosen[:] = results
    return chosen[codes]


def _told_apart(cells: list[Any]) -> tuple[np.ndarray[Any, np.dtype[np.intp]], list[Any]]:
    """Return the different cells and which of them stands in each row; 1, 1.0 and true differ."""
    seen: dict[Hashable, int] = {}
    different: list[Any] = []
    codes = np.empty(len(cells), dtype=np.intp)
    for position, value in enumerate(cells):
        key: Hashable = (type(value), tuple(value) if isinstance(value, list) else value)
        if key not in seen:
            seen[key] = len(different)
            different.append(value)
        codes[position] = seen[key]
    return codes, different


def _coerced(field: Field, values: list[Any]) -> list[Any]:
    """Return values in canonical form, or the CellError that each raises."""
    if field.kind != "formula":
        return [_attempt(lambda v=value: coerce(field, v)) for value in values]  # type: ignore[misc]
    texts = [value if isinstance(value, str) else "" for value in values]
    empty = CellError("the formula is empty", "for example Li7La3Zr2O12")
    out = []
    for value, sure in zip(values, plain_electrolytes(texts), strict=True):
        result = value if sure else _attempt(lambda v=value: coerce(field, v))  # type: ignore[misc]
        out.append(empty if result is None else result)
    return out


def _attempt(action: Callable[[], Any]) -> Any:
    """Return the result of ``action``, or the CellError it raises."""
    try:
        return action()
    except CellError as error:
        return error


def _fast_numbers(field: Field, column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[Any]] | None:
    """Return a float column that is in range as it stands, else None."""
    if field.kind != "number" or column.dtype.kind not in "fiu":
        return None
    values = column.to_numpy(dtype=float)
    known = values[~np.isnan(values)]
    low, high = field.low, field.high
    in_range = (low is None or (known >= low).all()) and (high is None or (known <= high).all())
    return values if in_range else None


def _check_firing(
    table: pd.DataFrame,
    raw: pd.DataFrame,
    good: np.ndarray[Any, np.dtype[np.bool_]],
    found: _Problems,
) -> None:
    """Reject temperatures beyond what family and method allow that would be right in kelvin.

    Hotter ones are kept: the prediction says that they lie outside the domain.
    """
    nothing = np.full(len(table), None, dtype=object)
    for name in ("sintering_temp_c", "sintering_peak_temp_c"):
        if name not in raw.columns or name not in table.columns:
            continue
        values = table[name].to_numpy(dtype=float)
        hot = np.flatnonzero(good & (values > _NEVER_KELVIN_C))
        formulas, families, methods, routes = (
            np.asarray(table.get(column, nothing), dtype=object)[hot].tolist()
            for column in ("formula", "family", "sintering_method", "route")
        )
        distinct = list(dict.fromkeys(f for f, k in zip(formulas, families, strict=True) if not k))
        looks = dict(zip(distinct, families_of_amounts(amounts_of(distinct)), strict=True))
        families = [k or looks[f] for f, k in zip(formulas, families, strict=True)]
        limits = firing_limits(families, methods, routes)
        for i in np.flatnonzero((values[hot] > limits) & (values[hot] - _KELVIN <= limits)):
            value, limit, method = values[hot[i]], limits[i], methods[i]
            how = f"{method} sintering" if method else "sintering (method not stated)"
            error = CellError(
                f"{how} of {families[i]} electrolytes is believed up to {limit:g} °C",
                f"was {value:g} K meant? write {value - _KELVIN:.0f}",
            )
            found.add(int(hot[i]), name, float(value), error)


def _check_additive(
    table: pd.DataFrame, good: np.ndarray[Any, np.dtype[np.bool_]], found: _Problems
) -> None:
    """Reject lists of additives and of amounts that are not parallel."""
    if "additive" not in table.columns:
        return
    for name in ("additive_wt_pct", "additive_mol_pct"):
        if name not in table.columns:
            continue
        for position in np.flatnonzero(good & table[name].notna().to_numpy()):
            value = table[name].iloc[position]
            additive = table["additive"].iloc[position]
            if is_missing(additive):
                continue
            amounts, aids = split_list(value), split_list(additive)
            if len(amounts) != len(aids) and aids != ("none",):
                error = CellError(
                    f"{len(amounts)} amounts for {len(aids)} additives ({additive})",
                    "write one amount for each, separated by ';'",
                )
                found.add(int(position), name, value, error)
