"""Records of one sample, merged into one row that keeps its conflicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.datasets.records import (
    Record,
    comparable,
    differing,
    equal_values,
    records,
    rounded_alike,
    shared_sigma_digits,
)
from ssbml.datasets.unions import Unions
from ssbml.fields import FIELDS, OUTCOME_FIELDS, RECIPE_FIELDS

if TYPE_CHECKING:
    import pandas as pd

_FOUND_IN_RANK = {"full_text": 0, "table": 1, "abstract": 2, "review": 3}
_CONFIDENCE_RANK = {"high": 0, "medium": 1, "low": 2}
_FORMULA_FIELDS = ("formula", "formula_basis", "dopant_note")
_IDENTITY = ("temperature_c", "form", "phase_main", "phase_pure", "storage")
_SPECIFIC = ("sintering_temp_c", "calcination_temp_c", "substrate_temp_c", "post_anneal_temp_c")
_FIGURE_SLACK = 0.12
_JOINED = ("evidence", "source", "flags", "conflicts")


def same_samples(
    frame: pd.DataFrame, known: Iterable[tuple[Hashable, Hashable]] = ()
) -> pd.Series[Any]:
    """Return, for every record, the label of the record that it is merged into.

    Records of the same paper are one sample when their compositions are equal (or one formula
    lacks its dopant), no stated condition or outcome differs, and they share a conductivity, a
    density or an activation energy, or are fired in the same stated way. Records of different data
    sets may differ in one condition of the recipe if they share a conductivity to two digits, or by
    12 % in the conductivity (read off a figure) if nothing else differs.

    Parameters
    ----------
    frame : DataFrame
        Samples with ``formula`` and ``paper_key``; the index is unique.
    known : iterable of pairs of labels, optional
        Records that are known to be one sample, whatever they state.

    Returns
    -------
    Series
        Labels of the best sourced record of each sample, on the index of ``frame``.
    """
    import pandas as pd

    rows = sorted(records(frame), key=lambda r: str(r.label))
    blocks: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        blocks[row.paper].append(row)
    unions = Unions(str(label) for label in frame.index)
    for block in blocks.values():
        for cluster in _clusters(block):
            for member in cluster:
                unions.join(str(cluster[0].label), str(member.label))
    for a, b in known:
        unions.join(str(a), str(b))
    rank = _quality(frame)
    best: dict[str, Hashable] = {}
    for label in sorted(frame.index, key=lambda x: rank[x]):
        best.setdefault(unions.first(str(label)), label)
    return pd.Series(
        [best[unions.first(str(label))] for label in frame.index], index=frame.index, dtype=object
    )


def merge_samples(
    frame: pd.DataFrame, known: Iterable[tuple[Hashable, Hashable]] = ()
) -> pd.DataFrame:
    """Return the samples of a table, records of the same sample merged.

    Parameters
    ----------
    frame : DataFrame
        Records with ``formula`` and ``paper_key``; the labels of the index are unique.
    known : iterable of pairs of labels, optional
        Records that are known to be one sample, whatever they state.

    Returns
    -------
    DataFrame
        One row per sample under the label of its best sourced record, in the order of ``frame``.
        Blanks are filled from the other records; where they differ the better sourced value stands
        and ``conflicts`` lists all values with their source; ``evidence`` holds all readings.
    """
    target = same_samples(frame, known)
    rank = _quality(frame)
    out = frame.copy()
    for column in _JOINED:
        if column not in out.columns:
            out[column] = None
    groups: dict[Hashable, list[Hashable]] = defaultdict(list)
    for label, best in target.items():
        groups[best].append(label)
    for best, labels in groups.items():
        if len(labels) > 1:
            ordered = sorted(labels, key=lambda label: rank[label])
            for column, value in _merged(frame.loc[ordered]).items():
                out.at[best, column] = value
    return out.loc[[label for label in frame.index if label in groups]]


def _quality(frame: pd.DataFrame) -> dict[Hashable, tuple[Any, ...]]:
    """Return a sort key for every label, best sourced first."""
    filled = frame.notna().sum(axis=1).tolist()
    columns: dict[str, list[Any]] = {
        c: frame[c].tolist() if c in frame else [None] * len(frame)
        for c in ("found_in", "confidence", "formula_basis")
    }
    return {
        label: (
            _FOUND_IN_RANK.get(columns["found_in"][i], 1),
            _CONFIDENCE_RANK.get(columns["confidence"][i], 1),
            columns["formula_basis"][i] == "placeholder",
            -filled[i],
            str(label),
        )
        for i, label in enumerate(frame.index)
    }


def _clusters(block: Sequence[Record]) -> list[list[Record]]:
    """Join the most alike pairs first; a record joins only if it fits every member."""
    fits: dict[tuple[Hashable, Hashable], tuple[int, int]] = {}
    for a, b in combinations(block, 2):
        conflicts = _fit(a, b)
        if conflicts is not None:
            fits[a.label, b.label] = (conflicts, -shared_sigma_digits(a, b))
    cluster = {r.label: [r] for r in block}
    order = sorted(fits.items(), key=lambda f: (f[1], str(f[0][0]), str(f[0][1])))
    for (a_label, b_label), _ in order:
        first, second = cluster[a_label], cluster[b_label]
        if first is second:
            continue
        if all((x.label, y.label) in fits or (y.label, x.label) in fits
               for x in first for y in second):  # fmt: skip
            first.extend(second)
            for member in second:
                cluster[member.label] = first
    return list({id(c): c for c in cluster.values()}.values())


def _fit(a: Record, b: Record) -> int | None:
    """Return the number of tolerated differences if two records may be one sample, else None."""
    if a.family != b.family:
        return None
    sigma = shared_sigma_digits(a, b)
    differences = differing(a, b)
    if sigma < 0:
        return 1 if not differences and _read_off_a_figure(a, b) else None
    if not comparable(a, b) or (a.composition != b.composition and sigma < 2):
        return None
    if differences:
        tolerated = a.source != b.source and len(differences) == 1 and sigma >= 2
        return 1 if tolerated and differences[0] not in _IDENTITY else None
    alike = sigma > 0 or any(
        n in a.values and n in b.values for n in ("relative_density_pct", "activation_energy_ev")
    )
    return 0 if alike or _fired_alike(a, b) else None


def _read_off_a_figure(a: Record, b: Record) -> bool:
    """Return whether two data sets give nearly the same conductivity of an exact composition."""
    if a.source == b.source or a.composition != b.composition or a.placeholder or b.placeholder:
        return False
    pairs = [(v, w) for k, v in a.sigma.items() for m, w in b.sigma.items()
             if k == m or "unspecified" in (k, m)]  # fmt: skip
    return bool(pairs) and all(abs(v - w) <= _FIGURE_SLACK * max(v, w) for v, w in pairs)


def _fired_alike(a: Record, b: Record) -> bool:
    """Return whether both state the same recipe, a temperature of it among others."""
    stated = [{n for n in r.values if n in RECIPE_FIELDS} for r in (a, b)]
    if a.note.casefold() != b.note.casefold():
        return False
    return stated[0] == stated[1] and len(stated[0]) > 1 and bool(stated[0] & set(_SPECIFIC))


def _merged(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the cells of one sample from its records, best sourced first."""
    cells = {c: rows[c].tolist() for c in rows.columns}
    out: dict[str, Any] = {}
    known = _formula_row(cells)
    conflicts = []
    for name, values in cells.items():
        if name in _FORMULA_FIELDS:
            out[name] = values[known]
        elif name not in _JOINED:
            stated = [(v, i) for i, v in enumerate(values) if not is_missing(v)]
            if stated:
                out[name] = stated[0][0]
                conflicts += _conflict(name, stated, cells)
    for name in _JOINED:
        if name in cells:
            parts = list(dict.fromkeys(str(v) for v in cells[name] if not is_missing(v)))
            out[name] = (" || " if name == "evidence" else "; ").join(parts) or None
    texts = [out.get("conflicts") or "", *conflicts]
    out["conflicts"] = "; ".join(dict.fromkeys(t for t in texts if t)) or None
    return out


def _formula_row(cells: dict[str, list[Any]]) -> int:
    """Return which record states the composition best."""
    bases = cells.get("formula_basis", [])
    return next((i for i, basis in enumerate(bases) if basis != "placeholder"), 0)


def _conflict(name: str, stated: list[tuple[Any, int]], cells: dict[str, list[Any]]) -> list[str]:
    """Return one text with all values and their sources if they differ."""
    if name not in (*RECIPE_FIELDS, *OUTCOME_FIELDS) or name == "family":
        return []
    first = stated[0][0]
    sigma = name.startswith("sigma_")
    same = rounded_alike if sigma else lambda a, b: equal_values(name, a, b)
    if FIELDS[name].kind in ("text", "list") or all(same(first, v) for v, _ in stated[1:]):
        return []
    told = [f"{_short(v)} ({_who(cells, i)})" for v, i in stated]
    return [f"{name}: {' | '.join(told)}"]


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _who(cells: dict[str, list[Any]], i: int) -> str:
    """Return what tells the source of a record from the others, else its DOI or address."""
    for name in ("source", "found_in"):
        told = cells.get(name, [])
        if len({str(v) for v in told}) > 1 and not is_missing(told[i]):
            return str(told[i])
    known = [cells[name][i] for name in ("doi", "url", "paper_key") if name in cells]
    return next((str(v) for v in known if not is_missing(v)), "source not stated")
