"""Headers as people write them to the fields and units that they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ssbml.errors import TableError
from ssbml.fields import FIELDS, LAB_FIELDS, Field
from ssbml.lab.aliases import alias_table
from ssbml.lab.units import Unit, fits, parse_unit, same_unit, unit_examples
from ssbml.vocabulary import closest

LAB_COLUMNS: dict[str, Field] = {**FIELDS, **LAB_FIELDS}
"""Every field that a lab file may have."""

PROBLEM_COLUMN = "problem"
"""Column of the corrected copy; ignored when that is read again."""

IGNORED = "# "
"""What stands before the name of a column that is to be ignored."""

PREDICTION = "a prediction, not a measurement"
"""Note of a column that ssbml wrote."""

_PREDICTED = frozenset({"conductivity_s_cm", "phase_purity", "phase_main_probability", "in_domain",
                        "domain_distance", "n_missing", "notes"})  # fmt: skip
_PREDICTED_ENDS = ("_lower", "_upper")
_BRACKETS = re.compile(r"^(.*\S)\s*[(\[{]([^()\[\]{}]+)[)\]}]\s*$")
_BREAKS = re.compile(r"[\s_\-–.:#,;/·()\[\]{}]+")
_LETTERS = {"T": "°C", "t": "h"}
_MOST_TAIL_WORDS = 3
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a lab file means.

    Attributes
    ----------
    position : int
        0-based position in the file.
    header : str
        As written; columns without a name are called after their letters.
    field : Field or None
        None for a column that is kept and ignored.
    unit : Unit or None
        Unit that the header states.
    note : str
        Why the column is ignored, or what was assumed; may be empty.
    """

    position: int
    header: str
    field: Field | None = None
    unit: Unit | None = None
    note: str = ""


def plain(text: str) -> str:
    """Return a header in the form of the alias table: lower case, single spaces, no Greek."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = folded.replace("σ", "sigma").replace("ς", "sigma").replace("ρ", "rho")
    return _BREAKS.sub(" ", folded).strip()


def letters(position: int) -> str:
    """Return the name that spreadsheets give to a column, such as ``AB`` for 27."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def read_headers(headers: Sequence[str], name: str) -> list[Column]:
    """Return what each column means.

    Parameters
    ----------
    headers : sequence of str
        First line of the file.
    name : str
        File name, for messages.

    Raises
    ------
    TableError
        There is no formula column, a header is ambiguous or states a unit that does not fit, or
        two columns mean the same field; every such header at once.
    """
    faults: list[str] = []
    columns: list[Column] = []
    for position, header in enumerate(headers):
        try:
            columns.append(_column(position, header, headers))
        except TableError as error:
            faults.append(str(error))
    owners: dict[str, list[str]] = {}
    for column in columns:
        if column.field is not None:
            owners.setdefault(column.field.name, []).append(f"'{column.header}'")
    faults += [
        f"columns {' and '.join(found)} both mean {field}; keep one, or put # before the name of "
        "the other to have it ignored"
        for field, found in owners.items()
        if len(found) > 1
    ]
    if faults:
        raise TableError(f"{name}: " + "; ".join(faults))
    if "formula" not in owners:
        shown = ", ".join(h for h in headers[:8] if h) + (", ..." if len(headers) > 8 else "")
        raise TableError(
            f"{name}: no column 'formula' (found: {shown or 'nothing'}); the first line must hold "
            "column names"
        )
    return columns


def _column(position: int, header: str, headers: Sequence[str]) -> Column:
    shown = " ".join(header.split())
    if not shown:
        return Column(position, f"(column {letters(position)})", note="it has no name")
    if len(shown) > _LONGEST:
        return Column(position, shown, note="its name is too long")
    if shown == PROBLEM_COLUMN:
        return Column(position, shown, note="the notes of an earlier check")
    if shown.startswith(IGNORED.strip()):
        return Column(position, shown, note="its name starts with #")
    if shown in _PREDICTED or shown.endswith(_PREDICTED_ENDS):
        return Column(position, shown, note=PREDICTION)
    if f"{shown}_lower" in headers:
        raise TableError(
            f"column '{shown}' stands beside '{shown}_lower' and so is a prediction; put the "
            "measured values into it and remove the columns _lower and _upper, or put # before "
            "its name"
        )
    if shown.casefold() in LAB_COLUMNS:
        return Column(position, shown, LAB_COLUMNS[shown.casefold()])
    return _understood(position, shown)


def _understood(position: int, header: str) -> Column:
    table = alias_table()
    unfit: list[tuple[Unit | None, str, tuple[str, ...]]] = []
    for name, unit_text in _splits(header):
        candidates = table.get(plain(name), ())
        if not candidates:
            continue
        unit = parse_unit(unit_text) if unit_text else None
        if unit_text and unit is None:
            unfit.append((None, unit_text, candidates))
            continue
        fields = [LAB_COLUMNS[c] for c in candidates]
        fitting = [f for f in fields if fits(unit, f)] if unit else fields
        if len(fitting) > 1:
            fitting = _narrowed(name, unit, fitting)
        if len(fitting) == 1:
            return _settled(position, header, fitting[0], unit, plain(name))
        if len(fitting) > 1:
            raise TableError(
                f"column '{header}' may mean {' or '.join(f.name for f in fitting)}; "
                "rename it to the one that is meant"
            )
        unfit.append((unit, unit_text, candidates))
    if unfit:
        raise TableError(_unfit(header, *unfit[0]))
    like = closest(plain(header).replace(" ", "_"), LAB_COLUMNS)
    return Column(position, header, note=f"not known, did you mean {like}?" if like else "")


def _narrowed(name: str, unit: Unit | None, fields: list[Field]) -> list[Field]:
    """Let T be a temperature and t a time, and a header without a unit words."""
    units = [_LETTERS[word] for word in re.split(r"[\s_]+", name) if word in _LETTERS]
    if units:
        return [f for f in fields if f.unit in units] or fields
    words = [f for f in fields if f.kind not in ("number", "numbers")]
    return words if unit is None and len(words) == 1 else fields


def _settled(position: int, header: str, field: Field, unit: Unit | None, name: str) -> Column:
    spelt = field.name.replace("_", " ")
    if unit is None and field.unit and field.kind == "number" and name != spelt:
        return Column(position, header, field, None, f"no unit in the name, read as {field.unit}")
    if unit is not None and name == spelt and field.unit and not same_unit(unit, field):
        raise TableError(f"column '{header}' states two units, {field.unit} and {unit.text}")
    return Column(position, header, field, unit)


def _unfit(header: str, unit: Unit | None, text: str, candidates: tuple[str, ...]) -> str:
    fields = [LAB_COLUMNS[c] for c in candidates]
    wanted = ", ".join(f"{f.name} ({unit_examples(f)})" if f.unit else f.name for f in fields)
    if unit is not None and unit.force:
        return (
            f"column '{header}': a press reading in {text} is a force; divide it by the area of "
            "the die and write the pressure in MPa"
        )
    return (
        f"column '{header}': '{text}' is no unit of {wanted}; rename it, or put # before the name "
        "to have it ignored"
    )


def _splits(header: str) -> Iterator[tuple[str, str]]:
    """Give every way to read a header as a name and a unit, the likeliest first."""
    yield header, ""
    bracket = _BRACKETS.match(header)
    if bracket:
        name, inside = bracket.groups()
        if parse_unit(inside) is None:
            yield f"{name} {inside}", ""
        yield name, inside
        return
    for mark in ("/", ","):
        for found in re.finditer(re.escape(mark), header):
            name, unit = header[: found.start()].strip(), header[found.end() :].strip()
            if name and parse_unit(unit) is not None:
                yield name, unit
    words = re.split(r"[\s_]+", header)
    for count in range(min(_MOST_TAIL_WORDS, len(words) - 1), 0, -1):
        unit = " ".join(words[-count:])
        if parse_unit(unit) is not None:
            yield " ".join(words[:-count]).removesuffix(" in"), unit
    glued = re.match(r"^(.*\w)\s*(%)$", header)
    if glued:
        yield glued.group(1), "%"
