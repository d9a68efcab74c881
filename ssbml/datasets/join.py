"""Measured samples meet the syntheses of their papers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ssbml.cells import is_missing
from ssbml.chemistry.families import family_of
from ssbml.chemistry.formula import parse_formula
from ssbml.chemistry.hosts import firing_limit_c
from ssbml.datasets.compiled import joined
from ssbml.datasets.matching import Match, nearest_target
from ssbml.datasets.papers import normalise_doi
from ssbml.datasets.process import PROCESS_COLUMNS, precursors_cover, process_of
from ssbml.datasets.synthesis import SynthesisRecord, read_synthesis

if TYPE_CHECKING:
    import pandas as pd

DETAIL_COLUMNS = ("sample_id", "record_id", "distance", "listed", "confidence", "others")

_HEAT_STATED = (
    "calcination_temp_c", "calcination_time_h", "calcination_steps", "sintering_temp_c",
    "sintering_time_h", "atmosphere", "sintering_method", "substrate_temp_c",
)  # fmt: skip
_FIRST = ("precursors", "sintering_temp_c", "heating_unassigned_temp_c", "calcination_temp_c")


@dataclass(frozen=True, slots=True)
class JoinReport:
    """Outcome of a join.

    Attributes
    ----------
    samples : int
        Rows handed in.
    same_paper : int
        Rows whose paper has at least one synthesis record.
    joined : int
        Rows that gained a record.
    outcomes : mapping of str to int
        Rows per outcome: ``joined``, or why not.
    confidence : mapping of str to int
        Joined rows per confidence of the join: high (one process), medium (the composition is a
        point of a series whose values the text does not list), low (records that disagree).
    gained : mapping of str to int
        Rows that gained each column.
    flags : mapping of str to int
        Joined rows per flag of the process, such as ``sintering_inferred``.
    details : DataFrame
        One row per joined sample: sample_id, record_id, distance, listed, confidence, others (other
        records that fit).
    """

    samples: int
    same_paper: int
    joined: int
    outcomes: Mapping[str, int]
    confidence: Mapping[str, int]
    gained: Mapping[str, int]
    flags: Mapping[str, int]
    details: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Candidate:
    record: SynthesisRecord
    match: Match
    columns: dict[str, Any]
    flags: list[str]


def join_synthesis(
    samples: pd.DataFrame, records: Iterable[SynthesisRecord] | None = None
) -> tuple[pd.DataFrame, JoinReport]:
    """Attach calcination, sintering, precursors and route from the synthesis of the same paper.

    A record fits when its DOI is the sample's and one of its target compositions differs by at most
    0.02 atoms of any element per formula unit of the target as written. Rows that state a heat
    treatment themselves are left alone. Joined rows carry the flag ``process_joined``; several
    fitting records with different processes, or a composition that the text does not list, add
    ``join_ambiguous`` or ``join_series``, and the first lowers ``confidence`` to low. A heating
    step of which the text does not show whether it sintered the sample goes to
    ``heating_unassigned_temp_c`` (flag ``sintering_unassigned``), never to ``sintering_temp_c``.
    Precursors that lack an element of the sample are left out.

    Parameters
    ----------
    samples : DataFrame
        Rows with ``formula``, ``doi``, ``sample_id``, ``evidence``, ``flags``.
    records : iterable of SynthesisRecord, optional
        The syntheses; by default those of `ssbml.datasets.synthesis.read_synthesis`.

    Returns
    -------
    table : DataFrame
        A copy of ``samples``, same index and order, with the columns of ``PROCESS_COLUMNS``.
    report : JoinReport

    Raises
    ------
    DataError
        The collections cannot be had or are damaged.
    """
    by_paper = _by_paper(read_synthesis()[0] if records is None else records)
    table = _with_columns(samples)
    processes: dict[str, tuple[dict[str, Any], list[str]]] = {}
    outcomes: Counter[str] = Counter()
    same_paper = 0
    details: list[tuple[Any, ...]] = []
    changes: dict[Any, dict[str, Any]] = {}
    for label, cells in zip(table.index, table.to_dict("records"), strict=True):
        row = {str(name): cell for name, cell in cells.items()}
        found = by_paper.get(_paper(row), [])
        same_paper += bool(found)
        candidates = _candidates(row, found, processes)
        outcome = _outcome(row, found, candidates)
        outcomes[outcome] += 1
        if outcome != "joined":
            continue
        best, confidence = _best(candidates)
        changes[label] = _change(row, best, confidence)
        others = [c.record.record_id for c in candidates if c is not best]
        details.append(
            (row["sample_id"], best.record.record_id, best.match.distance, best.match.listed,
             confidence, "; ".join(others))
        )  # fmt: skip
    _apply(table, changes)
    return table, _report(table, changes, outcomes, same_paper, details)


def _by_paper(records: Iterable[SynthesisRecord]) -> dict[str, list[SynthesisRecord]]:
    papers: dict[str, list[SynthesisRecord]] = defaultdict(list)
    for record in records:
        papers[record.doi].append(record)
    return papers


def _paper(row: Mapping[str, Any]) -> str:
    doi = row.get("doi")
    return "" if is_missing(doi) else normalise_doi(str(doi)) or ""


def _with_columns(samples: pd.DataFrame) -> pd.DataFrame:
    table = samples.copy()
    for column in ("sample_id", "flags", "evidence", "confidence", *PROCESS_COLUMNS):
        if column not in table.columns:
            table[column] = None
    return table


def _candidates(
    row: Mapping[str, Any],
    records: Sequence[SynthesisRecord],
    processes: dict[str, tuple[dict[str, Any], list[str]]],
) -> list[_Candidate]:
    found: list[_Candidate] = []
    composition = parse_formula(row["formula"])
    for record in records:
        match = nearest_target(composition, record.targets)
        if match is None:
            continue
        if record.record_id not in processes:
            processes[record.record_id] = process_of(record)
        columns, flags = _believable(row["formula"], *processes[record.record_id])
        if not precursors_cover(record.precursors, composition):
            columns.pop("precursors", None)
        found.append(_Candidate(record, match, columns, flags))
    return found


def _believable(
    formula: str, columns: Mapping[str, Any], flags: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """Leave out a sintering temperature beyond what the family allows, and say so."""
    temperature = columns.get("sintering_temp_c")
    limit = firing_limit_c(family_of(formula), None, columns.get("route"))
    if temperature is None or temperature <= limit:
        return dict(columns), list(flags)
    kept = {name: value for name, value in columns.items() if name != "sintering_temp_c"}
    return kept, [*(f for f in flags if f != "sintering_inferred"), "joined_temperature_too_high"]


def _outcome(
    row: Mapping[str, Any],
    records: Sequence[SynthesisRecord],
    candidates: Sequence[_Candidate],
) -> str:
    if not records:
        return "no synthesis of the paper"
    if any(not is_missing(row.get(column)) for column in _HEAT_STATED):
        return "the row states its own heat treatment"
    if candidates:
        return "joined"
    if not any(record.targets for record in records):
        return "the target compositions cannot be resolved"
    return "no target within the tolerance"


def _best(candidates: Sequence[_Candidate]) -> tuple[_Candidate, str]:
    """Return the candidate to use and how sure the join is.

    Listed compositions come before points of a series, near before far (in steps of half the
    tolerance), records whose precursors bring every element before others, those with a firing
    before those without, fuller before emptier. The route stays blank when the records do not
    agree on it.
    """
    ranked = sorted(candidates, key=_rank)
    best = ranked[0]
    rivals = [c for c in ranked if c.match.listed == best.match.listed]
    if len({rival.columns.get("route") for rival in rivals}) > 1:
        best.columns.pop("route", None)
    if any(_contradict(best.columns, rival.columns) for rival in rivals):
        return best, "low"
    return best, "high" if best.match.listed else "medium"


def _rank(candidate: _Candidate) -> tuple[Any, ...]:
    match, columns = candidate.match, candidate.columns
    missing = tuple(column not in columns for column in _FIRST)
    return (not match.listed, round(match.distance, 2), *missing, -len(columns))


def _contradict(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether two processes give different values for the same column."""
    compared = [c for c in PROCESS_COLUMNS if c not in ("route", "precursors")]
    return any(c in first and c in second and first[c] != second[c] for c in compared)


def _change(row: Mapping[str, Any], best: _Candidate, confidence: str) -> dict[str, Any]:
    flags = ["" if is_missing(row["flags"]) else str(row["flags"]), "process_joined", *best.flags]
    if confidence == "low":
        flags.append("join_ambiguous")
    if not best.match.listed:
        flags.append("join_series")
    blank = {c: v for c, v in best.columns.items() if is_missing(row.get(c))}
    place = (
        f"process joined from text-mined synthesis {best.record.record_id} of the same paper "
        f"(target {best.record.target_text}, difference {best.match.distance:.3f})"
    )
    before = "" if is_missing(row["evidence"]) else f"{row['evidence']}; "
    change = {**blank, "flags": joined(f for f in flags if f), "evidence": before + place}
    if confidence == "low":
        change["confidence"] = "low"
    return change


def _apply(table: pd.DataFrame, changes: Mapping[Any, Mapping[str, Any]]) -> None:
    columns = sorted({column for change in changes.values() for column in change})
    for column in columns:
        values = table[column].astype(object)
        for label, change in changes.items():
            if column in change:
                values.at[label] = change[column]
        numeric = column.endswith(("_c", "_h"))
        table[column] = values.astype(float) if numeric else values


def _report(
    table: pd.DataFrame,
    changes: Mapping[Any, Mapping[str, Any]],
    outcomes: Counter[str],
    same_paper: int,
    details: Sequence[tuple[Any, ...]],
) -> JoinReport:
    import pandas as pd

    frame = pd.DataFrame(list(details), columns=list(DETAIL_COLUMNS))
    gained = Counter(c for change in changes.values() for c in change if c in PROCESS_COLUMNS)
    flags = Counter(
        flag
        for change in changes.values()
        for flag in str(change["flags"]).split("; ")
        if flag.startswith(("join", "sinter", "calcin", "several_t", "process"))
    )
    return JoinReport(
        samples=len(table),
        same_paper=same_paper,
        joined=len(changes),
        outcomes=dict(outcomes),
        confidence={str(k): int(v) for k, v in frame["confidence"].value_counts().items()},
        gained={column: gained[column] for column in PROCESS_COLUMNS if gained[column]},
        flags=dict(flags),
        details=frame,
    )
