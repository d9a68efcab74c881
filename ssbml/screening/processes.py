"""Ways of making a composition: blocks of fields that go together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ssbml.cells import CellError, coerce
from ssbml.errors import SpaceError
from ssbml.fields import FIELDS, RECIPE_FIELDS
from ssbml.recipe import check_field_name
from ssbml.screening.combinations import Combinations, IntArray, grid
from ssbml.screening.scalars import KeyPath
from ssbml.screening.values import Link, parse_link, spread

if TYPE_CHECKING:
    import pandas as pd

_FROM_HOST = ("formula", "formula_basis", "dopant_note", "family")
_MAX_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class ProcessBlock:
    """Fields that go together.

    Attributes
    ----------
    values : dict of str to list
        Allowed values of each field in canonical form, None where it is not stated.
    links : dict of str to Link
        Fields that follow others, in an order in which they can be worked out.
    path : tuple
        Where the block stands in the search space.
    """

    values: dict[str, list[Any]]
    links: dict[str, Link]
    path: KeyPath

    @property
    def combinations(self) -> Combinations:
        """All combinations of the values."""
        return grid([len(v) for v in self.values.values()])

    def columns(self, picked: IntArray) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        """Return the fields of combinations.

        Parameters
        ----------
        picked : int array, shape (n, number of fields)
            Number of the value of each field.

        Raises
        ------
        SpaceError
            A linked field leaves its range.
        """
        found: dict[str, np.ndarray[Any, np.dtype[Any]]] = {}
        for i, (name, values) in enumerate(self.values.items()):
            if FIELDS[name].kind == "number":
                cells = np.array([math.nan if v is None else v for v in values], dtype=float)
            else:
                cells = np.array(values, dtype=object)
            found[name] = cells[picked[:, i]]
        for name, link in self.links.items():
            found[name] = np.round(link.apply(found[link.field]), 10)
            self._check_linked(name, found[name])
        return found

    def _check_linked(self, name: str, cells: np.ndarray[Any, np.dtype[Any]]) -> None:
        for value in np.unique(cells[~np.isnan(cells)]):
            try:
                coerce(FIELDS[name], float(value))
            except CellError as error:
                link = self.links[name]
                raise SpaceError(
                    (*self.path, name),
                    f"{link.field} {link.op} {link.number:g}",
                    f"this gives {value:g}; {error.reason}",
                ) from None


@dataclass(frozen=True, slots=True)
class Processes:
    """All ways of making the compositions of a space.

    Attributes
    ----------
    blocks : tuple of ProcessBlock
    """

    blocks: tuple[ProcessBlock, ...]

    @property
    def size(self) -> int:
        """How many ways there are, however many."""
        return sum(block.combinations.size for block in self.blocks)

    @property
    def width(self) -> int:
        """Coordinates that a sampled way takes: one for the block, one for each of its fields."""
        return 1 + max(len(block.values) for block in self.blocks)

    def table(self) -> pd.DataFrame:
        """Return every way as a raw table, block after block, the last field changing fastest."""
        return _stacked(
            [
                block.columns(block.combinations.decode(np.arange(block.combinations.size)))
                for block in self.blocks
            ]
        )

    def path_of(self, number: int) -> KeyPath:
        """Return where the block of a listed way stands in the search space."""
        for block in self.blocks:
            number -= block.combinations.size
            if number < 0:
                return block.path
        return self.blocks[-1].path

    def sample(self, points: np.ndarray[Any, np.dtype[np.float64]]) -> IntArray:
        """Return ways at points of the unit cube.

        Parameters
        ----------
        points : array, shape (n, width)
            Coordinates in [0, 1).

        Returns
        -------
        int array, shape (n, width)
            Number of the block, then of the value of each of its fields; -1 where it has no more.
        """
        shares = np.cumsum([block.combinations.size / self.size for block in self.blocks])
        which = np.minimum(
            np.searchsorted(shares, points[:, 0], side="right"), len(self.blocks) - 1
        )
        picked = np.full((len(points), self.width), -1, dtype=np.int64)
        picked[:, 0] = which
        for number, block in enumerate(self.blocks):
            rows = np.flatnonzero(which == number)
            d = len(block.values)
            picked[rows, 1 : d + 1] = block.combinations.place(points[rows, 1 : d + 1])
        return picked

    def sampled_table(self, picked: IntArray) -> pd.DataFrame:
        """Return sampled ways (`sample`) as a raw table, in their order."""
        parts, rows = [], []
        for number, block in enumerate(self.blocks):
            here = np.flatnonzero(picked[:, 0] == number)
            parts.append(block.columns(picked[here, 1 : len(block.values) + 1]))
            rows.append(here)
        order = np.argsort(np.concatenate(rows), kind="stable")
        return _stacked(parts, [len(r) for r in rows]).iloc[order].reset_index(drop=True)


def read_processes(process: Any, fixed: Any) -> Processes:
    """Return the ways of making that a search space states.

    Parameters
    ----------
    process : mapping, list of mappings, or None
        Blocks of fields.
    fixed : mapping or None
        Fields with one value each, the same in all blocks.

    Raises
    ------
    SpaceError
        An unknown field, a value that cannot be, a grid of words, or a circular link.
    """
    if fixed is not None and not isinstance(fixed, Mapping):
        raise SpaceError(("fixed",), fixed, "a mapping of fields to values is expected")
    shared = dict(fixed or {})
    for name, value in shared.items():
        if name in FIELDS and FIELDS[name].kind == "list" and isinstance(value, (list, tuple)):
            shared[name] = "; ".join(str(part) for part in value)
        elif isinstance(value, (list, tuple, Mapping)):
            raise SpaceError(
                ("fixed", str(name)), value, "a fixed field has one value", "move it to process"
            )
    if process is None:
        process = {}
    single = isinstance(process, Mapping)
    if not single and (not isinstance(process, (list, tuple)) or not process):
        raise SpaceError(
            ("process",), process, "fields, or a list of blocks of fields, are expected"
        )
    given: Sequence[Any] = [process] if single else process
    if len(given) > _MAX_BLOCKS:
        raise SpaceError(("process",), None, f"at most {_MAX_BLOCKS} blocks are allowed")
    return Processes(
        tuple(
            _block(block, shared, ("process",) if single else ("process", i))
            for i, block in enumerate(given)
        )
    )


def _block(block: Any, shared: Mapping[str, Any], path: KeyPath) -> ProcessBlock:
    if not isinstance(block, Mapping):
        raise SpaceError(path, block, "a block is a mapping of fields to values")
    values: dict[str, list[Any]] = {}
    links: dict[str, Link] = {}
    for name, given, where in (
        *((str(n), g, ("fixed", str(n))) for n, g in shared.items()),
        *((str(n), g, (*path, str(n))) for n, g in block.items()),
    ):
        _check_name(name, given, where)
        if name in values or name in links:
            raise SpaceError(where, given, "this stands under fixed as well", "keep one of the two")
        link = parse_link(given) if FIELDS[name].kind == "number" else None
        if link is not None and (link.field in RECIPE_FIELDS or set("+-*/") & set(given)):
            _check_name(link.field, given, where)
            if FIELDS[link.field].kind != "number":
                raise SpaceError(where, given, f"{link.field} holds no number to follow")
            links[name] = link
        else:
            values[name] = _checked(name, given, where)
    return ProcessBlock(values, _ordered(links, values, path), path)


def _check_name(name: str, given: Any, path: KeyPath) -> None:
    if name in _FROM_HOST:
        raise SpaceError(path, given, f"{name} follows from host and sites", "leave it out here")
    try:
        check_field_name(name)
    except CellError as error:
        raise SpaceError(path, given, error.reason, error.suggestion) from None


def _checked(name: str, given: Any, path: KeyPath) -> list[Any]:
    if isinstance(given, Mapping) and FIELDS[name].kind not in ("number", "numbers"):
        raise SpaceError(
            path, dict(given), f"{name} is no number, so it has no grid", "write a list"
        )
    out: list[Any] = []
    for i, value in enumerate(spread(given, path)):
        where = (*path, i) if isinstance(given, (list, tuple)) else path
        try:
            cell = coerce(FIELDS[name], value)
        except CellError as error:
            raise SpaceError(where, value, error.reason, error.suggestion) from None
        if cell not in out:
            out.append(cell)
    return out


def _ordered(
    links: Mapping[str, Link], values: Mapping[str, Any], path: KeyPath
) -> dict[str, Link]:
    """Return links in an order in which each follows something already known."""
    known, ordered, waiting = set(values), {}, dict(links)
    while waiting:
        ready = [name for name, link in waiting.items() if link.field in known]
        if not ready:
            name, link = next(iter(waiting.items()))
            circular = link.field in links
            reason = (
                "the fields follow one another in a circle"
                if circular
                else f"{link.field} is not stated in this block"
            )
            raise SpaceError((*path, name), f"{link.field} {link.op} {link.number:g}", reason)
        for name in ready:
            ordered[name] = waiting.pop(name)
            known.add(name)
    return ordered


def _stacked(
    parts: Sequence[Mapping[str, np.ndarray[Any, np.dtype[Any]]]], lengths: Sequence[int] = ()
) -> pd.DataFrame:
    """Return blocks of columns as one table; fields that a block lacks are blank."""
    import pandas as pd

    names = list(dict.fromkeys(name for part in parts for name in part))
    sizes = lengths or [len(next(iter(part.values()), [None])) for part in parts]
    columns = {}
    for name in names:
        blank = math.nan if FIELDS[name].kind == "number" else None
        dtype = float if FIELDS[name].kind == "number" else object
        columns[name] = np.concatenate(
            [
                part.get(name, np.full(n, blank, dtype=dtype))
                for part, n in zip(parts, sizes, strict=True)
            ]
        )
    return pd.DataFrame(columns, index=pd.RangeIndex(sum(sizes)))
