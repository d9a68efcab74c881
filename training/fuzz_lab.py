"""Fuzz the reading of lab files: no traceback, nothing accepted that the field table refuses.

Usage: python training/fuzz_lab.py [--cases 20000]

The cases are drawn by hypothesis; ``tests/test_lab_fuzz.py`` runs 500 of them.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import math
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ssbml.cells import CellError, coerce, is_missing
from ssbml.errors import TableError
from ssbml.fields import FIELDS, LAB_FIELDS, OUTCOME_FIELDS, Field
from ssbml.lab.corrected import write_corrected
from ssbml.lab.read import LabFile, read_lab

HEADERS = (
    *FIELDS, *LAB_FIELDS, "Composition", "Sintering T (°C)", "Sintering T (K)",
    "Firing time (min)", "sigma (mS/cm)", "σ / S cm⁻¹", "conductivity", "RD %", "Density (g/cc)",
    "Density", "Ea (meV)", "Ea (kJ/mol)", "Pressing pressure (bar)", "Pressing pressure (tons)",
    "Pressure", "Thickness (mm)", "Grain size (nm)", "Li excess (wt%)", "Additive (wt%)",
    "Heating rate (K/min)", "Atmosphere", "Comment", "problem", "# note", "", "conductivity_s_cm",
    "relative_density_pct_lower", "Dwell (days)", "T", "t", "batch", "Sintering T (parsec)",
    "=1+1", "💥", "a" * 300,
)  # fmt: skip

CELLS = (
    "", " ", "nan", "None", "none", "-", "n/a", "Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "LLZO",
    "Li₇La₃Zr₂O₁₂", "Li1.3Al0.3Ti1.7(PO4)3", "1150", "1150.5", "1,150", "0,5", "5,2e-4", "5e-4",
    "5.2×10⁻⁴", "1e999", "-1e999", "inf", "-inf", "NaN", "<1e-9", ">5", "~95", "95±1", "95-96",
    "1150 °C", "1423 K", "5 h", "300 min", "0.5 mS/cm", "5 bananas", "=1+1", "=cmd|' /C calc'!A0",
    "@SUM(A1)", "+1|x", "'=1", "#REF!", "true", "yes", "0", "1", "argon", "Ar", "O2", "air",
    "mars", "conventional", "hot pressing", "pellet", "cubic", "2; 3", "Li3BO3; Al2O3", "Li3BO3",
    "example", "2026-03-05", "05.03.2026", "１１５０", "٣", "𝟡", "1 150", "1'150", "0x10", "1_000",
    "()", "(((", "Li" * 500, "x" * 3000, "\x00", "\u202e", "Li7La3Zr2O12\n", "Li-7",
    "Li7La3Zr2O1e9",
)  # fmt: skip

TYPED = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(datetime.datetime(1900, 3, 1), datetime.datetime(2100, 1, 1)),
    st.times(),
    st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=400)),
)
NUMBERS = st.one_of(st.floats(1e-8, 1e4).map(lambda x: f"{x:.4g}"), st.integers(0, 3000).map(str))
TEXT = st.one_of(st.sampled_from(CELLS), NUMBERS, st.text(max_size=12))
HEADER = st.one_of(st.sampled_from(HEADERS), st.sampled_from(HEADERS), st.text(max_size=12))


FORMULAS = ("Li7La3Zr2O12", "Li6.4La3Zr1.4Ta0.6O12", "Li1.3Al0.3Ti1.7(PO4)3", "Li3PS4")
PLAIN = ("formula", "Composition")

Case = tuple[list[str], list[list[Any]], str, bool]


@st.composite
def lab_tables(draw: st.DrawFn) -> Case:
    """Draw header, rows, the type of the file, and whether doubts are looked for."""
    kind = draw(st.sampled_from(("csv", "csv", "csv", ";", "xlsx", "bytes")))
    names = draw(st.lists(HEADER, max_size=5, unique=draw(st.integers(0, 4)) > 0))
    if draw(st.integers(0, 9)):
        place = draw(st.integers(0, len(names)))
        names.insert(place, draw(st.sampled_from(PLAIN)))
    wild = st.one_of(TEXT, TYPED) if kind == "xlsx" else TEXT
    calm = st.one_of(st.just(""), NUMBERS)
    rows = []
    for _ in range(draw(st.integers(0, 4))):
        usual = draw(st.integers(0, 3)) > 0
        row = [
            draw(st.sampled_from(FORMULAS) if name in PLAIN else calm) if usual else draw(wild)
            for name in names
        ]
        rows.append(row if draw(st.integers(0, 9)) else [*row, draw(wild)])
    return names, rows, kind, draw(st.integers(0, 9)) == 0


def write_case(folder: Path, names: list[str], rows: list[list[Any]], kind: str) -> Path:
    """Write a drawn table as a file."""
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in (names, *rows):
            book.active.append([_storable(c) for c in row])
        book.save(folder / "lab.xlsx")
        return folder / "lab.xlsx"
    path = folder / "lab.csv"
    if kind == "bytes":
        text = "\n".join(",".join(map(str, row)) for row in (names, *rows))
        path.write_bytes(text.encode("utf-8", errors="replace"))
        return path
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream, delimiter="," if kind == "csv" else ";").writerows([names, *rows])
    return path


def _storable(value: Any) -> Any:
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:30000] if isinstance(value, str) else value


def check_case(
    folder: Path, names: list[str], rows: list[list[Any]], kind: str, doubts: bool
) -> str:
    """Read a drawn table; return what came of it.

    Raises
    ------
    AssertionError
        Something was accepted that must not be, or the copy does not read back.
    """
    path = write_case(folder, names, rows, kind)
    try:
        lab = read_lab(path, doubts=doubts)
    except TableError:
        return "file refused"
    nonsense = [*_nonsense(lab), *_lost(lab)]
    assert not nonsense, nonsense
    assert lab.report.lines()
    if len(lab.corrected) == 0:
        return "no rows"
    again = read_lab(write_corrected(lab, folder / f"copy{path.suffix}"), doubts=False)
    assert again.report.n_good == lab.report.n_good, (again.report.lines(), lab.report.lines())
    for name in (*OUTCOME_FIELDS, "formula", "sintering_temp_c"):
        stored, read = lab.table[name].tolist(), again.table[name].tolist()
        assert all(
            a == b or (is_missing(a) and is_missing(b)) for a, b in zip(stored, read, strict=True)
        )
    return "rows accepted" if len(lab.table) else "rows refused"


def _nonsense(lab: LabFile) -> list[str]:
    """Return accepted cells that the field table does not allow."""
    found: list[str] = []
    for name in lab.table.columns:
        field = FIELDS.get(name) or LAB_FIELDS[name]
        found += [
            f"{name} = {value!r}: {reason}"
            for value in lab.table[name].tolist()
            if not is_missing(value) and (reason := _refused(field, value))
        ]
    return found


def _refused(field: Field, value: Any) -> str:
    if field.kind == "number":
        assert field.low is not None
        assert field.high is not None
        inside = math.isfinite(value) and field.low <= value <= field.high
        return "" if inside else "out of range"
    if isinstance(value, str) and value.lstrip("'").startswith(("=", "@")):
        return "a spreadsheet formula"
    try:
        return "" if coerce(field, value) == value else "not in canonical form"
    except CellError as error:
        return error.reason


def _lost(lab: LabFile) -> list[str]:
    """Return rows that are neither accepted nor refused with a reason."""
    refused = {p.row for p in lab.report.problems}
    both = refused & set(lab.lines)
    n = len(refused) + len(lab.lines)
    lost = [] if n == lab.report.n_rows else [f"{lab.report.n_rows} rows, {n} accounted for"]
    return [*lost, *(f"row {row} is accepted and refused" for row in sorted(both))]


def fuzz(cases: int, seed: int | None = None) -> Counter[str]:
    """Run a number of drawn cases; return how often each outcome came up."""
    counts: Counter[str] = Counter()

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=seed is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(lab_tables())
    def run(case: Case) -> None:
        with tempfile.TemporaryDirectory(prefix="ssbml-fuzz-") as folder:
            counts[check_case(Path(folder), *case)] += 1

    (run if seed is None else hypothesis.seed(seed)(run))()
    return counts


def main() -> None:
    """Run the cases that the command line asks for."""
    parser = argparse.ArgumentParser(description="Fuzz the reading of lab files.")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, help="Other cases than those of every run.")
    arguments = parser.parse_args()
    start = time.monotonic()
    counts = fuzz(arguments.cases, arguments.seed)
    print(f"{sum(counts.values()):,} cases in {time.monotonic() - start:.0f} s: no traceback, no")
    print("accepted nonsense; " + ", ".join(f"{n:,} {what}" for what, n in counts.most_common()))


if __name__ == "__main__":
    main()
